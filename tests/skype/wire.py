"""wire.py -- Skype's bytes, made after what is known of them, and captures made of them.

Biondi, Desclaux 2006; Desclaux, Kortchinsky 2006; Ehlert, Petgang 2006; Baset, Schulzrinne 2006; Bonfiglio et al. 2007; Adami et
al. 2009; Tstat. Nothing is encrypted for real: ciphertext is noise, of which the same seed always makes the same.
"""
import random
import socket
import struct

RING = bytes.fromhex(
    "0071ee070c0dda03d86986bf6485f23bb0611e77bcfd0a738859b62f147522ab60514ee76ced3ae33849e69fc465521b"
    "10417e571cdd6a53e839160f7455828bc031aec7cccd9ac39829467f2445b2fb7021de377cbdca33481976efd435e26b"
    "20110ea72cadfaa3f809a65f842512dbd0013e17dc9d2a13a8f9d6cf3415424b80f16e878c8d5a8358e9063fe40572bb"
    "30e19ef73c7d8af308d936af94f5a22be0d1ce67ec6dba63b8c9661f44e5d29b90c1fed79c5dead368b9968ff4d5020b"
    "40b12e474c4d1a4318a9c6ffa4c5327bf0a15eb7fc3d4ab3c899f66f54b562eba0918e27ac2d7a23788926df04a5925b"
    "5081be975c1daa932879564fb495c2cb")
HELLO = bytes.fromhex("8046010301002d0000001000000500000400000a00000900006400006200000800000300000601008007"
                      "00c0030080060040020080040080")
ANSWER = bytes.fromhex("160301004a020000460301401be48602ade029e17774e544b9c99cb431315e02dd779d154a9609ba5da870201ca0"
                       "e4f64c6351ae2f8e4ee1e6766a0a88d5d8c55cae98c5e481f22a69bf9058000500")
BLOB = bytes.fromhex("42cdefe740d72f1d")
LOGIN_OLD = bytes.fromhex("16030100cd410300098040040" "8c001")
KNOWN = bytes.fromhex("0001000000010000000f")

rng = random.Random()


def noise(n):
    return bytes(rng.randrange(256) for _ in range(n))


def ring(n, at=None):
    at = rng.randrange(256) if at is None else at
    return (RING * (2 + n // 256))[at:at + n]


# --- datagrams ---

def request(number, n=26, crc=None):
    """02: id, function, IV, CRC, ciphertext."""
    return struct.pack(">HB", number & 0xffff, 2) + noise(4) + (crc or noise(4)) + noise(n - 11)


def nak(number, told, nonce, function=7):
    return struct.pack(">HB", number & 0xffff, function | rng.randrange(8) << 4) + socket.inet_aton(told) + nonce


def resend(asked, nonce, to):
    """The request once more: its id and checksum, the refusal's nonce, five bytes longer."""
    return asked[:2] + bytes([3 | rng.randrange(8) << 4, 1]) + nonce + socket.inet_aton(to) + asked[7:11] + noise(len(asked) - 11)


def media(number, n):
    return struct.pack(">HB", number & 0xffff, 0x0d | rng.randrange(8) << 4) + noise(n - 3)


def keepalive(number):
    return media(number, 3)


def fragment(number, reply_to):
    return struct.pack(">HBHBB", number, 0x0f | rng.randrange(8) << 4, reply_to, 1, 2) + noise(40)


def to_telephone(word):
    return word + noise(rng.randrange(20, 80))


# --- connections ---

def tls_hello():
    return HELLO + ring(16)


def exchange(n):
    return noise(48) + ring(n)


def stream(tail, last=0x0f):
    """Ten known bytes, then two and a slice of the ring, under one and the same key."""
    first = noise(14)
    plain = noise(2) + ring(tail)
    known = KNOWN[:9] + bytes([last])
    return first + bytes(p ^ (first[4 + i] ^ known[i] if i < 10 else rng.randrange(256)) for i, p in enumerate(plain))


def port80():
    """The high nibbles of two stretches are the same."""
    first = noise(14)
    return first + bytes(b ^ rng.randrange(1, 16) for b in first[4:]) + noise(8)


def login():
    return bytes.fromhex("16030100eb") + BLOB + b"\xcb" + noise(226)


# --- captures ---

class Capture:
    """Frames with their times; TCP connections that know their sequence numbers."""

    def __init__(self, seed):
        rng.seed(seed)
        self.now = 1431969600.0
        self.frames = []

    def wait(self, seconds):
        self.now += seconds

    def ip(self, proto, src, dst, body):
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), len(self.frames) & 0xffff, 0, 64, proto, 0)
        mac = bytes.fromhex("020000000001") if src.startswith("10.") else bytes.fromhex("020000000002")
        other = bytes.fromhex("020000000001") if dst.startswith("10.") else bytes.fromhex("020000000002")
        self.frames.append((self.now, other + mac + b"\x08\0" + head + socket.inet_aton(src) + socket.inet_aton(dst) + body))
        self.now += 0.0005

    def udp(self, src, dst, body):
        self.ip(17, src[0], dst[0], struct.pack(">HHHH", src[1], dst[1], 8 + len(body), 0) + body)

    def tcp(self, src, dst):
        return Connection(self, src, dst)

    def write(self, path):
        with open(path, "wb") as f:
            f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
            for at, frame in self.frames:
                f.write(struct.pack("<IIII", int(at), int(at * 1e6) % 1000000, len(frame), len(frame)) + frame)


class Connection:
    """Opened at once; a is the client. say(True, ...) is the client's."""

    def __init__(self, capture, a, b, answered=True):
        self.c, self.ends = capture, (b, a)
        self.seq = [rng.randrange(1 << 32), rng.randrange(1 << 32)]
        self.segment(True, 0x02)
        self.seq[1] += 1
        if answered:
            self.segment(False, 0x12)
            self.seq[0] += 1
            self.segment(True, 0x10)

    def segment(self, client, flags, body=b""):
        src, dst = self.ends[client], self.ends[not client]
        self.c.ip(6, src[0], dst[0], struct.pack(">HHIIBBHHH", src[1], dst[1], self.seq[client] & 0xffffffff,
                  self.seq[not client] & 0xffffffff if flags & 0x10 else 0, 0x50, flags, 8192, 0, 0) + body)

    def say(self, client, *bodies):
        for body in bodies:
            self.segment(client, 0x18, body)
            self.seq[client] += len(body)
        self.segment(not client, 0x10)
        self.c.wait(0.05)
        return self

    def close(self):
        self.segment(True, 0x11)
        self.seq[1] += 1
        self.segment(False, 0x11)
        self.seq[0] += 1
        self.segment(True, 0x10)
