#!/usr/bin/env python3
"""Write the seeds of proxy_fuzz.c: an octet of options, then (flags, length, bytes)."""
import os

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "proxy")
STREAM, LOCAL = 1, 1


def write(name, options, packets):
    with open(os.path.join(HERE, name), "wb") as f:
        f.write(bytes([options]))
        for flags, body in packets:
            body = bytes.fromhex(body) if isinstance(body, str) else body
            f.write(bytes([flags, len(body)]) + body)


os.makedirs(HERE, exist_ok=True)
write("connect", STREAM, [(LOCAL, b"CONNECT 203.0.113.5:443 HTTP/1.1\r\nHost: x\r\n\r\n"), (0, b"HTTP/1.1 200 OK\r\n\r\nx")])
write("again", STREAM, [(LOCAL, b"CONNECT [2001:db8::1]:443 HTTP/1.1\r\n\r\n"), (0, b"HTTP/1.1 407 No\r\n\r\nno"),
                        (LOCAL, b"CONNECT a.example:443 HTTP/1.1\r\n\r\n"), (0, b"HTTP/1.1 200 OK\r\n\r\n")])
write("socks4", STREAM, [(LOCAL, "040101bbcb007105626f6200"), (0, "005a000000000000")])
write("socks4a", STREAM, [(LOCAL, "0401005000000001" "00612e6578616d706c6500"), (0, "005a000000000000")])
write("socks5", STREAM, [(LOCAL, "05020002"), (0, "0502"), (LOCAL, "0103626f6206736563726574"), (0, "0100"),
                         (LOCAL, "0501000309612e6578616d706c650050"), (0, "05000001000000000000")])
write("associate", STREAM, [(LOCAL, "050100"), (0, "0500"), (LOCAL, "05030001000000000000"), (0, "05000001c63364509c40")])
write("datagrams", 0, [(LOCAL, "00000001cb0071059c41616263"), (0, "0000000309612e6578616d706c65005061"),
                       (0, "0000000420010db8000000000000000000000001005061")])
