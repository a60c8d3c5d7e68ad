#!/usr/bin/env python3
"""Write the seeds of skype_fuzz.c: an octet of options, then (flags, length, bytes)."""
import os
import random

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "skype")
RING = bytes.fromhex(
    "0071ee070c0dda03d86986bf6485f23bb0611e77bcfd0a738859b62f147522ab60514ee76ced3ae33849e69fc465521b"
    "10417e571cdd6a53e839160f7455828bc031aec7cccd9ac39829467f2445b2fb7021de377cbdca33481976efd435e26b"
    "20110ea72cadfaa3f809a65f842512dbd0013e17dc9d2a13a8f9d6cf3415424b80f16e878c8d5a8358e9063fe40572bb"
    "30e19ef73c7d8af308d936af94f5a22be0d1ce67ec6dba63b8c9661f44e5d29b90c1fed79c5dead368b9968ff4d5020b"
    "40b12e474c4d1a4318a9c6ffa4c5327bf0a15eb7fc3d4ab3c899f66f54b562eba0918e27ac2d7a23788926df04a5925b"
    "5081be975c1daa932879564fb495c2cb")
HELLO = bytes.fromhex("8046010301002d0000001000000500000400000a000009000064000062000008000003000006010080"
                      "0700c003008006004002008004" "0080")
ANSWER = bytes.fromhex("160301004a020000460301401be48602ade029e17774e544b9c99cb431315e02dd779d154a9609ba5da870201ca0"
                       "e4f64c6351ae2f8e4ee1e6766a0a88d5d8c55cae98c5e481f22a69bf9058000500")
LOGIN = bytes.fromhex("16030100eb42cdefe740d72f1dcb00")
OLD = bytes.fromhex("16030100cd41030009804004" "08c001")
STREAM, LOCAL = 1, 1
random.seed(1)


def noise(n):
    return bytes(random.randrange(256) for _ in range(n))


def write(name, options, packets):
    with open(os.path.join(HERE, name), "wb") as f:
        f.write(bytes([options]))
        for flags, body in packets:
            f.write(bytes([flags, len(body)]) + body)


def request(number, crc=b"abcd", n=26):
    return number.to_bytes(2, "big") + b"\x02" + noise(4) + crc + noise(n - 11)


def known(tail):
    first = noise(14)
    plain = noise(2) + RING[40:40 + tail]
    k = [0, 1, 0, 0, 0, 1, 0, 0, 0, 15]
    return first + bytes(p ^ (first[4 + i] ^ k[i] if i < 10 else 0x5a) for i, p in enumerate(plain))


os.makedirs(HERE, exist_ok=True)
write("repeated", 0, [(LOCAL, request(0x1697)), (LOCAL, request(0x1697)), (0, request(7, n=18))])
write("refused", 0, [(LOCAL, request(0x7f4e, b"zzzz", 18)), (0, bytes.fromhex("7f4e77c633640183b08656")),
                     (LOCAL, bytes.fromhex("7f4e630183b08656cb007101") + b"zzzz" + noise(7))])
write("media", 0, [(i & 1, i.to_bytes(2, "big") + bytes([0x0d | random.randrange(8) << 4]) + noise(20)) for i in range(300)])
write("fragment", 0, [(LOCAL, request(0x5678)), (0, bytes.fromhex("12344f56780102aabbccdd11223344ffff"))])
write("hello", STREAM, [(LOCAL, HELLO + RING[20:36]), (LOCAL, known(30)), (0, ANSWER)])
write("exchange", STREAM, [(LOCAL, noise(48) + RING[9:30]), (0, noise(48) + RING[200:204]), (LOCAL, noise(8))])
write("stream", STREAM, [(LOCAL, known(0)[:14]), (LOCAL, known(20)[14:]), (0, known(9))])
write("login", STREAM, [(LOCAL, b"\x16\x03\x01\0\0"), (0, b"\x17\x03\x01\0\0"), (LOCAL, LOGIN), (0, b"\x17\x03\x01\0\x01x")])
write("old", STREAM, [(LOCAL, OLD), (0, b"x")])
write("web", STREAM, [(LOCAL, b"GET /ui/0/4.2.0.169/en/getlatestversion?ver=4.2.0.169 HTTP/1.1\r\nUser-Agent: Skype\r\n\r\n"),
                      (0, b"HTTP/1.0 404 Not Found\r\n\r\n")])
