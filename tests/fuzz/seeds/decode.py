#!/usr/bin/env python3
"""decode.py -- writes the seeds in decode/: a frame or two of every link layer and tunnel, in the form decode_fuzz.c reads."""
import os
import struct

ROW = {1: 0, 0: 1, 9: 2, 101: 7, 104: 8, 108: 9, 113: 10, 276: 13}      # link_types[] of decode_fuzz.c


def hexa(text):
    return bytes.fromhex(text)


def frame(link, data, ms=1, more=0):
    return struct.pack(">BBBH", ROW[link], ms, more, len(data)) + data


def udp(payload, src=5000, dst=6000):
    return struct.pack(">HHHH", src, dst, 8 + len(payload), 0xabcd) + payload


def tcp(payload):
    return struct.pack(">HHIIHHHH", 5000, 443, 1, 2, 0x5018, 4096, 0xabcd, 0) + payload


def ip4(proto, data, ident=0x1234, frag=0, src="0a010203", dst="cb007109"):
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(data), ident, frag, 64, proto, 0) + hexa(src + dst) + data


def ip6(proto, data, src="20010db8000000000000000000000001", dst="20010db8000000000000000000000002"):
    return struct.pack(">IHBB", 0x60012345, len(data), proto, 64) + hexa(src + dst) + data


def ether(kind, data):
    return hexa("02aaaaaaaaaa02bbbbbbbbbb") + struct.pack(">H", kind) + data


BODY = bytes(range(0x80, 0xa0))
U4, U6, T4 = ip4(17, udp(BODY)), ip6(17, udp(BODY)), ip4(6, tcp(BODY))
E4, E6 = ether(0x0800, U4), ether(0x86dd, U6)
GRE = {
    "gre": hexa("00000800") + U4, "gre_all": hexa("b0000800abcd00000000000700000001") + U4, "gre_bridged": hexa("00006558") + E4,
    "pptp": hexa("3081880b003e00010000000100000002ff030021") + U4, "erspan1": hexa("000088be") + E4,
    "erspan2": hexa("100088be00000001102a000200000003") + E4,
    "erspan3": hexa("100022eb000000012000000212345678000000010000000000000000") + E6,
}
UDP = {
    "vxlan": (4789, hexa("0800000000002a00") + E4), "vxlan_gpe": (4790, hexa("0c00000200002a00") + U6),
    "geneve": (6081, hexa("0240655800002a000102800100000000") + E6),
    "gtp": (2152, hexa("34ff") + struct.pack(">H", 8 + len(U4)) + hexa("123456780000008501100100") + U4),
    "teredo": (3544, hexa("0001040211223344aabb010203040506070800") + hexa("000063bf3ffffdfe") + U6),
}
SEEDS = {
    "ethernet": frame(1, E4) + frame(1, E4) + frame(1, ether(0x0800, T4)) + frame(1, E6, 200),
    "vlans": frame(1, ether(0x88a8, hexa("006481000005" "0800") + U4)) + frame(1, ether(0x8926, hexa("0000003386dd") + U6)),
    "mpls": frame(1, ether(0x8847, hexa("0006404000064140") + U4)) + frame(1, ether(0x8847, hexa("0006414000000000") + E4)),
    "pppoe": frame(1, ether(0x8864, hexa("11000abc") + struct.pack(">H", 2 + len(U6)) + hexa("0057") + U6)),
    "backbone": frame(1, ether(0x88e7, hexa("001ebb44") + E4)) + frame(1, ether(0x894f, hexa("0fc2030300000000") + E4)),
    "snap": frame(1, ether(8 + len(U4), hexa("aaaa030000000800") + U4)),
    "null": frame(0, hexa("02000000") + U4) + frame(108, hexa("0000001c") + U6), "raw": frame(101, U4) + frame(101, U6),
    "ppp": frame(9, hexa("ff030021") + U4), "hdlc": frame(104, hexa("0f000800") + U4),
    "sll": frame(113, hexa("000000010006" "02bbbbbbbbbb0000" "0800") + U4), "sll2": frame(276, hexa("86dd" + "00" * 18) + U6),
    "ip": frame(101, ip4(4, U4)) + frame(101, ip4(41, U6)) + frame(101, ip6(4, U4)) + frame(101, ip6(97, hexa("3000") + E4)),
    "extensions": frame(101, ip6(0, hexa("2b00000000000000" "3300000000000000" "3c0400000000000100000002" + "00" * 12 +
                                         "1100000000000000") + udp(BODY))),
    "fragments4": b"".join(frame(101, ip4(17, part, frag=field)) for field, part in
                           ((0x2000, udp(BODY)[:16]), (0x2002, udp(BODY)[16:32]), (0x0003, udp(BODY)[24:]))),
    "fragments6": b"".join(frame(101, ip6(44, struct.pack(">BBHI", 17, 0, field, 7) + part)) for field, part in
                           ((0x0011, udp(BODY)[16:32]), (0x0020, udp(BODY)[32:]), (0x0001, udp(BODY)[:16]))),
    "icmp": frame(101, ip4(1, hexa("0303abcd00000000") + U4, src="c0000202", dst="0a010203")) +
            frame(101, ip6(58, hexa("0104abcd00000000") + U6, dst="20010db8000000000000000000000001")),
    "cut": frame(1, E4[:50], more=24) + frame(1, ether(0x0800, ip4(17, udp(BODY), frag=0x2000))[:60], more=14),
}
SEEDS.update((name, frame(101, ip4(47, data))) for name, data in GRE.items())
SEEDS.update((name, frame(101, ip4(17, udp(data, 49152, port)))) for name, (port, data) in UDP.items())

if __name__ == "__main__":
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "decode")
    os.makedirs(folder, exist_ok=True)
    for name, data in SEEDS.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)
