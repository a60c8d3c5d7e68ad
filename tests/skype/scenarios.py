"""scenarios.py -- what no capture that we know holds: each a function that fills a capture, and what must be said of it.

What must be said: `want`, a dict. kind None: no alert at all. Else of the alerts of that kind, all together: severity (the most
urgent), path (of some), experimental (of the last), roles, seen, version, logged_in, port, own, peer, relay: what the last one has; flows:
how many flow events are called skype, and of these udp; evidence: facts that must be among it.
"""
from wire import *

HOST, PORT = "10.0.0.5", 13021
ME = (HOST, PORT)
NAT = "198.51.100.7"
SCENARIOS = {}


def scenario(**want):
    def keep(f):
        SCENARIOS[f.__name__] = (f, want)
        return f
    return keep


def node(i):
    """One of Microsoft's nodes."""
    return ("203.0.113.%d" % (i % 250 + 1), 40001 + i % 34)


def peer(i):
    return ("192.0.2.%d" % (i % 250 + 1), 1024 + i * 37 % 60000)


def bootstrap(c, n, start=0x9b90, me=ME):
    """Five probes a second, ids two apart."""
    for i in range(n):
        c.udp(me, node(i), request(start + 2 * i, rng.randrange(22, 38)))
        if i % 5 == 4:
            c.wait(1)
    return start + 2 * n


def ask_name(c, name, port):
    labels = b"".join(bytes([len(x)]) + x.encode() for x in name.split("."))
    c.udp((HOST, port), ("10.0.0.1", 53), struct.pack(">HHHHHH", port, 0x100, 1, 0, 0, 0) + labels + b"\0\0\1\0\1")


# --- datagrams ---

@scenario(kind="skype", severity=1, path="server", flows=4, udp=4, port=PORT, evidence=["skype.endpoint"], packet=4)
def four_probes(c):
    bootstrap(c, 4)


@scenario(kind=None)
def three_probes(c):
    bootstrap(c, 3)


@scenario(kind="skype", severity=3, experimental=True, path="direct", flows=1, udp=1, own=NAT, evidence=["skype.nak", "skype.resend"])
def refused(c):
    """The client does not know its public address, is told, and asks again."""
    asked = request(0x7f4e, 18)
    c.udp(ME, peer(1), asked)
    c.wait(0.1)
    nonce = noise(4)
    c.udp(peer(1), ME, nak(0x7f4e, NAT, nonce))
    c.udp(ME, peer(1), resend(asked, nonce, peer(1)[0]))
    c.wait(0.1)
    c.udp(peer(1), ME, request(0x1000, 18))


@scenario(kind="skype", severity=3, experimental=True, path="direct", flows=1, udp=1, evidence=["skype.nak"])
def refuses(c):
    """A peer that asks us, and takes itself for somebody else."""
    asked = request(0x0101, 40)
    c.udp(peer(2), ME, asked)
    nonce = noise(4)
    c.udp(ME, peer(2), nak(0x0101, peer(2)[0], nonce, 5))
    c.udp(peer(2), ME, resend(asked, nonce, NAT))


@scenario(kind="skype", severity=1, path="unknown", flows=1, udp=1, evidence=["skype.repeated"])
def unanswered(c):
    """The same request three times: id and checksum stay, the key is another one."""
    crc = noise(4)
    for wait in (2.05, 4.04, 0):
        c.udp(ME, peer(3), request(0x1697, 31, crc))
        c.wait(wait)


@scenario(kind="skype", severity=1, path="direct", flows=43, udp=43, port=PORT, peers_total=1, roles=["client"])
def accepted(c):
    """Bootstrap, and one node that answers; pings go on."""
    number = bootstrap(c, 42)
    c.udp(ME, peer(5), request(number, 18))
    c.wait(0.1)
    c.udp(peer(5), ME, request(0x4242, 18))
    for i in range(5):
        c.wait(5)
        c.udp(ME, peer(5), request(number + 2 + 2 * i, 18))
        c.udp(peer(5), ME, fragment(0x4300 + i, number + 2 + 2 * i) if i == 3 else keepalive(0x4300 + i))


# --- media ---

def talk(c, number, remote, out, back, n=400, begin=True):
    if begin:
        c.udp(ME, remote, request(number, 18))
        c.udp(remote, ME, request(0x5151, 18))
    for i in range(n):
        if out:
            c.udp(ME, remote, media(number + 2 * i, rng.randrange(*out)))
        if back:
            c.udp(remote, ME, media(0x5151 + 2 * i, rng.randrange(*back)))
        c.wait(0.02)


@scenario(kind="skype", severity=1, experimental=False, path="direct", port=PORT, seen=["call"], flows=5, udp=5,
          evidence=["skype.endpoint"])
def call(c):
    number = bootstrap(c, 4)
    talk(c, number, peer(9), (60, 75), (60, 75))


@scenario(kind="skype", severity=3, experimental=True, path="direct", seen=["call"], flows=1, udp=1, evidence=["skype.media"])
def call_only(c):
    """The capture begins in the middle of it."""
    talk(c, 0x7000, peer(9), (60, 75), (60, 75), begin=False)


@scenario(kind="skype", severity=1, path="direct", seen=["file sent"], flows=5, udp=5)
def file_sent(c):
    number = bootstrap(c, 4)
    talk(c, number, peer(9), (1000, 1200), (20, 30))


@scenario(kind="skype", severity=1, path="direct", seen=["file received"], flows=5, udp=5)
def file_received(c):
    number = bootstrap(c, 4)
    talk(c, number, peer(9), (20, 30), (1000, 1200))


@scenario(kind="skype", severity=1, seen=["media relayed"], flows=5, udp=5)
def one_way(c):
    number = bootstrap(c, 4)
    talk(c, number, peer(9), (60, 75), None)


@scenario(kind="skype", severity=1, seen=["call to a telephone"], flows=5, udp=5)
def telephone(c):
    bootstrap(c, 4)
    for _ in range(150):
        c.udp(ME, ("192.0.2.200", 12340), to_telephone(b"\x11\x22\x33\x44"))
        c.udp(("192.0.2.200", 12340), ME, to_telephone(b"\x55\x66\x77\x88"))
        c.wait(0.02)


# --- what a host does for others ---

def serve(c, n):
    for i in range(n):
        c.udp(peer(100 + i), ME, request(rng.randrange(65536), 26))
        c.udp(ME, peer(100 + i), request(0xc000 + 2 * i, 18))
        c.wait(1)


@scenario(kind="skype", severity=1, path="direct", roles=["client", "supernode"], flows=44, udp=44, port=PORT)
def supernode(c):
    bootstrap(c, 4)
    serve(c, 40)


@scenario(kind="skype", severity=1, path="direct", roles=["client", "supernode", "relay"], flows=44, udp=44)
def relay(c):
    """Media of one go to another."""
    bootstrap(c, 4)
    serve(c, 40)
    for i in range(200):
        body = media(0x7000 + 2 * i, 67)
        c.udp(peer(100), ME, body)
        c.udp(ME, peer(101), body)
        c.wait(0.02)


@scenario(kind="skype", severity=1, web=True, flows=6, udp=4)
def web_ports(c):
    """Its own users come in on the ports of the web; who asks for a page gets nothing."""
    bootstrap(c, 4)
    c.tcp(peer(20), (HOST, 443)).say(True, exchange(30)).say(False, exchange(20)).say(True, noise(8))
    c.tcp(peer(21), (HOST, 80)).say(True, exchange(0)).say(False, exchange(9))
    c.tcp(peer(22), (HOST, 80)).say(True, b"GET / HTTP/1.0\r\n\r\n").say(False, b"HTTP/1.0 404 Not Found\r\n\r\n").close()


# --- connections ---

@scenario(kind="skype", severity=1, path="direct", flows=1, udp=0, evidence=["skype.opening"])
def exchanged(c):
    c.tcp((HOST, 50001), peer(30)).say(True, exchange(15)).say(False, exchange(11)).say(True, noise(8))


@scenario(kind="skype", severity=1, path="server", flows=1, udp=0, evidence=["skype.opening"])
def fake_tls(c):
    c.tcp((HOST, 50002), ("203.0.113.1", 443)).say(True, tls_hello(), stream(20)).say(False, ANSWER)


@scenario(kind="skype", severity=1, path="direct", flows=1, udp=0)
def two_under_one_key(c):
    c.tcp((HOST, 50003), peer(31)).say(True, stream(30)).say(False, stream(12)).say(True, noise(17)).say(False, noise(14))


@scenario(kind="skype", severity=1, flows=1, udp=0)
def of_2006(c):
    """Fourteen bytes first, and the known bytes end in 01."""
    whole = stream(20, 1)
    c.tcp((HOST, 50004), peer(32)).say(True, whole[:14], whole[14:]).say(False, noise(14))


@scenario(kind="skype", severity=1, path="server", flows=1, udp=0, logged_in=True, evidence=["skype.opening"])
def logs_in(c):
    t = c.tcp((HOST, 50005), ("203.0.113.2", 443))
    t.say(True, b"\x16\x03\x01\0\0").say(False, b"\x17\x03\x01\0\0").say(True, b"\x16\x03\x01\0\0").say(True, login())
    t.say(False, bytes.fromhex("1703010010") + noise(16))


@scenario(kind="skype", severity=1, path="direct", flows=1, udp=0, logged_in=True)
def logs_in_through_a_node(c):
    t = c.tcp((HOST, 50006), peer(33))
    t.say(True, stream(20)).say(False, stream(20)).say(True, noise(14)).say(True, noise(20) + BLOB + noise(100)).say(False, noise(40))


@scenario(kind="skype", severity=3, experimental=True, flows=1, udp=0)
def logged_in_of_2006(c):
    c.tcp((HOST, 50007), ("203.0.113.2", 33033)).say(True, LOGIN_OLD + noise(190)).say(False, noise(60))


@scenario(kind="skype", severity=1, flows=8, udp=4)
def little_to_tell(c):
    """Connections that show too little by themselves, on a host that has it: before and after that is known."""
    c.tcp((HOST, 50010), ("203.0.113.3", 12350)).say(True, b"\x16\x03\x01\0\0")
    c.tcp((HOST, 50011), peer(34)).say(True, exchange(4))
    c.wait(1)
    bootstrap(c, 4)
    c.tcp((HOST, 50012), (node(2)[0], 443)).say(True, exchange(0))
    c.tcp((HOST, 50013), peer(35)).say(True, port80())


@scenario(kind="skype", severity=3, experimental=True, path="server", version="4.2.0.169", evidence=["skype.version"])
def checks_its_version(c):
    c.tcp((HOST, 50020), ("203.0.113.9", 80)).say(True, b"GET /ui/0/4.2.0.169/en/getlatestversion?ver=4.2.0.169&uhash=1 "
          b"HTTP/1.1\r\nUser-Agent: Skype\r\nHost: ui.skype.com\r\n\r\n").say(False, b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1")


@scenario(kind="skype", severity=1, version="7.7.0.335", port=PORT, mapped=True, flows=4, udp=4)
def named_and_mapped(c):
    ask_name(c, "335.0.7.7.3.rst6.r.skype.net", 40000)
    c.udp((HOST, 40001), ("10.0.0.1", 5351), struct.pack(">BBHHHI", 0, 1, 0, PORT, PORT, 3600))
    bootstrap(c, 4)


@scenario(kind="skype", severity=1, path="direct", version="7.7.0.335", port=PORT, logged_in=True, flows=84, udp=66,
          roles=["client"])
def installation(c):
    """A client's first two minutes."""
    ask_name(c, "335.0.7.7.3.rst6.r.skype.net", 40000)
    number = 0x9b90
    for i in range(60):
        c.udp(ME, node(i), request(number, rng.randrange(22, 38)))
        number += 2
        if i % 5 == 4:
            c.wait(1)
        if i % 10 == 0:		# high port first, then 443 of the same node
            c.tcp((HOST, 50100 + i), node(i)).say(True, exchange(rng.randrange(20, 60))).say(False, exchange(30)).close()
            c.wait(1.6)
            c.tcp((HOST, 50101 + i), (node(i)[0], 443)).say(True, tls_hello(), stream(20)).say(False, ANSWER).close()
    c.udp((HOST, 40001), ("10.0.0.1", 5351), struct.pack(">BBHHHI", 0, 1, 0, PORT, PORT, 3600))
    for i in range(5):
        t = c.tcp((HOST, 50200 + i), peer(50 + i)).say(True, stream(20)).say(False, stream(20)).say(True, noise(17))
        t.say(False, noise(14)).say(True, noise(700)).say(False, noise(1000))
    logs_in(c)
    for i in range(12):
        for k in range(6):
            c.udp(ME, peer(60 + k), request(number, 18))
            number += 2
        c.wait(5)


# --- through proxies ---

PROXY = ("198.51.100.80", 3128)
SOCKS = ("198.51.100.80", 1080)


def connect(c, port, to, name=None, proxy=PROXY):
    t = c.tcp((HOST, port), proxy)
    target = "%s:%d" % (name or to[0], to[1])
    t.say(True, ("CONNECT %s HTTP/1.0\r\nProxy-Connection: Keep-Alive\r\n\r\n" % target).encode())
    return t.say(False, b"HTTP/1.0 200 Connection established\r\n\r\n")


def socks(c, port, to):
    t = c.tcp((HOST, port), SOCKS)
    t.say(True, b"\x05\x01\x00").say(False, b"\x05\x00")
    t.say(True, b"\x05\x01\x00\x01" + socket.inet_aton(to[0]) + struct.pack(">H", to[1]))
    return t.say(False, b"\x05\x00\x00\x01" + socket.inet_aton("198.51.100.80") + b"\x9c\x40")


@scenario(kind="skype", severity=1, flows=3, udp=0, path="relay", relay="198.51.100.80:3128",
          target=["203.0.113.1:443", "192.0.2.42:2541"])
def http_proxy(c):
    connect(c, 50030, ("203.0.113.1", 443)).say(True, tls_hello()).say(False, ANSWER)
    connect(c, 50031, peer(40)).say(True, exchange(20)).say(False, exchange(30))
    connect(c, 50032, peer(41)).say(True, stream(20)).say(False, stream(20))


@scenario(kind="skype", severity=1, flows=1, udp=0, path="relay", relay="10.0.0.80:3128", target=["192.0.2.41:2504"])
def inside_proxy(c):
    """Both ends are inside, but it leads out."""
    connect(c, 50030, peer(40), proxy=("10.0.0.80", 3128)).say(True, exchange(20)).say(False, exchange(30))


@scenario(kind=None)
def stays_inside(c):
    connect(c, 50030, ("10.0.0.90", 2000), proxy=("10.0.0.80", 3128)).say(True, exchange(20)).say(False, exchange(30))


@scenario(kind="skype", severity=1, flows=1, udp=0, path="relay", relay="198.51.100.80:3128", target=["192.0.2.41:2504"])
def proxy_in_a_proxy(c):
    t = connect(c, 50030, ("198.51.100.81", 1080))
    t.say(True, b"\x05\x01\x02").say(False, b"\x05\x02").say(True, b"\x01\x01u\x01p").say(False, b"\x01\x00")
    t.say(True, b"\x05\x01\x00\x01" + socket.inet_aton(peer(40)[0]) + struct.pack(">H", peer(40)[1]))
    t.say(False, b"\x05\x00\x00\x01\0\0\0\0\0\0").say(True, exchange(20)).say(False, exchange(30))


@scenario(kind="skype", severity=1, flows=3, udp=0, path="relay", relay="198.51.100.80:1080", target=["192.0.2.41:2504"])
def socks_proxy(c):
    socks(c, 50033, ("203.0.113.1", 443)).say(True, tls_hello()).say(False, ANSWER)
    socks(c, 50034, peer(40)).say(True, exchange(20)).say(False, exchange(30))
    socks(c, 50035, peer(41)).say(True, stream(20)).say(False, stream(20))


def socks_udp(c, n, inner):
    """A relay's address is asked for over TCP; each datagram goes there behind a header."""
    t = c.tcp((HOST, 50036), SOCKS)
    t.say(True, b"\x05\x01\x00").say(False, b"\x05\x00")
    t.say(True, b"\x05\x03\x00\x01\0\0\0\0\0\0").say(False, b"\x05\x00\x00\x01" + socket.inet_aton(SOCKS[0]) + b"\x9c\x40")
    for i in range(n):
        to = node(i)
        c.udp(ME, (SOCKS[0], 40000), b"\0\0\0\x01" + socket.inet_aton(to[0]) + struct.pack(">H", to[1]) + inner(i))
        c.wait(0.2)


@scenario(kind="skype", severity=1, flows=1, udp=1, path="relay", relay="198.51.100.80:40000", evidence=["skype.endpoint"])
def socks_datagrams(c):
    socks_udp(c, 6, lambda i: request(0x9b90 + 2 * i, 26))


# --- hints, and what is something else ---

@scenario(kind=None)
def lone_requests(c):
    for i in range(40):
        c.udp((HOST, 20000 + i), peer(i), request(rng.randrange(65536)))


@scenario(kind=None)
def bootstrap_port(c):
    """Many to port 33033 from one socket, without the ladder."""
    for i in range(40):
        c.udp(ME, ("192.0.2.%d" % (i + 1), 33033), request(i * 4711, 26))


@scenario(kind=None)
def names_alone(c):
    ask_name(c, "335.0.7.7.3.rst6.r.skype.net", 40000)
    c.tcp((HOST, 50040), ("203.0.113.9", 80)).say(True, b"GET / HTTP/1.1\r\nHost: ui.skype.com\r\nUser-Agent: Skype 7.7\r\n\r\n")


@scenario(kind=None)
def all_hints(c):
    """Everything that proves nothing, on one host."""
    names_alone(c)
    bootstrap_port(c)
    c.tcp((HOST, 50041), ("203.0.113.3", 12350)).say(True, b"\x16\x03\x01\0\0")
    c.tcp((HOST, 50042), peer(34)).say(True, exchange(4))
    c.tcp((HOST, 50043), (peer(1)[0], 80)).say(True, port80())
    c.tcp(peer(22), (HOST, 80)).say(True, b"GET / HTTP/1.0\r\n\r\n").say(False, b"HTTP/1.0 404 Not Found\r\n\r\n").close()
    for _ in range(150):
        c.udp((HOST, 4444), ("192.0.2.200", 12340), to_telephone(b"\x11\x22\x33\x44"))
        c.udp(("192.0.2.200", 12340), (HOST, 4444), to_telephone(b"\x55\x66\x77\x88"))


@scenario(kind=None)
def from_outside_only(c):
    """What somebody sends to a host that is silent."""
    crc = noise(4)
    for i in range(10):
        c.udp(peer(i), ME, request(0x1000 + 2 * i, 26))
        c.udp(peer(i), ME, request(0x1000, 31, crc))


@scenario(kind=None)
def another_hello(c):
    """libwebrtc's, the same but for the challenge; Windows XP's."""
    c.tcp((HOST, 50050), ("203.0.113.1", 443)).say(True, HELLO + bytes.fromhex("1f170ca62f0078fc46552eb18339f1ea"))
    c.tcp((HOST, 50051), ("203.0.113.1", 443)).say(True, HELLO + noise(16)).say(False, noise(79))


@scenario(kind=None)
def management(c):
    """SNMP, whose first integer stands where a request has its function."""
    for i in range(30):
        body = bytes.fromhex("020100040670") + bytes.fromhex("75626c6963a019020404") + noise(3) + bytes.fromhex(
            "020100020100300b300906052b060102010500")
        body = bytes.fromhex("020100" "0406" "7075626c6963" "a019" "0204") + noise(4) + bytes.fromhex(
            "020100" "020100" "300b" "3009" "0605" "2b06010201" "0500")
        c.udp(ME, ("192.0.2.%d" % (i + 1), 161), bytes([0x30, len(body)]) + body)
