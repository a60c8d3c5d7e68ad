#!/usr/bin/python3
"""punch.py -- a program that gets through two NATs by trying, with a protocol of its own.

  punch.py meet ADDRESS PORT                        the meeting place: tells each of two callers the other's addresses
  punch.py udp|tcp MEETING PORT OWN_ADDRESS OWN_PORT   one of the two

The meeting place is asked over TLS-less TCP from an ordinary port; NATs that keep ports make the mapped one known.
Prints "both ways N" and exits 0 if messages came from the other end.
"""
import os, socket, sys, time

MESSAGES = 40


def meet(address, port):
    server = socket.create_server((address, port))
    ends = []
    while len(ends) < 2:
        connection, (seen, _) = server.accept()
        own = connection.recv(100).decode().strip()      # "10.10.0.11 41001"
        ends.append((connection, f"{seen} {own}"))
    start = time.time() + 1.0
    for mine, other in ((ends[0], ends[1]), (ends[1], ends[0])):
        mine[0].sendall(f"{other[1]} {start}\n".encode())
        mine[0].close()


def other_end(meeting, port, own, own_port):
    with socket.create_connection((meeting, port)) as s:
        s.sendall(f"{own} {own_port}\n".encode())
        public, private, far_port, start = s.makefile().readline().split()
    time.sleep(max(0.0, float(start) - time.time()))
    return public, private, int(far_port)


def message(n):
    """Looks like nothing: random bytes of random length."""
    return os.urandom(24 + n % 40)


def udp(public, private, far_port, own, own_port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((own, own_port))
    s.settimeout(0.1)
    got, found = 0, None
    for n in range(60 + MESSAGES):
        for to in [found] if found and n > 5 else [(public, far_port), (private, far_port + 1)]:
            s.sendto(message(n), to)
        try:
            data, sender = s.recvfrom(2000)
            got += 1
            found = sender
        except TimeoutError:
            pass
        if got >= MESSAGES:
            break
    return got


def tcp(public, private, far_port, own, own_port):
    for _ in range(20):
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind((own, own_port))
        s.settimeout(5)
        try:
            s.connect((public, far_port))
        except OSError:
            s.close()
            time.sleep(0.2)
            continue
        got = 0
        for n in range(MESSAGES):
            s.sendall(message(n))
            got += len(s.recv(2000)) > 0
        return got
    return 0


def main():
    what, address, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if what == "meet":
        return meet(address, port)
    own, own_port = sys.argv[4], int(sys.argv[5])
    got = {"udp": udp, "tcp": tcp}[what](*other_end(address, port, own, own_port), own, own_port)
    print("both ways" if got >= MESSAGES / 2 else "failed", got)
    sys.exit(got < MESSAGES / 2)


main()
