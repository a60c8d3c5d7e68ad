#!/usr/bin/env python3
"""Writes the seeds of pcapng_fuzz into the folder pcapng beside this script: a few small files that between them have every block,
both byte orders, every magic of classic pcap, and gzip. (zstd.seed is the same capture through zstd(1).)"""
import gzip, os, struct, subprocess

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pcapng")
UDP = bytes.fromhex(
    "020000000001" "020000000002" "0800"
    "4500003000000000" "40110000" "0a000001" "0a000002"
    "13880d96001c0000"
    "000100002112a442" "000102030405060708090a0b")


def block(order, kind, body):
    body += b"\0" * (-len(body) % 4)
    n = len(body) + 12
    return struct.pack(order + "II", kind, n) + body + struct.pack(order + "I", n)


def option(order, code, value):
    return struct.pack(order + "HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def section(order):
    return block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))


def interface(order, link_type, snaplen, *options):
    return block(order, 1, struct.pack(order + "HHI", link_type, 0, snaplen) + b"".join(option(order, c, v) for c, v in options))


def enhanced(order, number, ticks, data):
    return block(order, 6, struct.pack(order + "IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(data), len(data)) + data)


def everything(order):
    return (section(order)
            + interface(order, 1, 0, (2, b"eth0"), (9, b"\x09"), (14, struct.pack(order + "q", -5)), (0, b""))
            + interface(order, 101, 40, (9, b"\x8a"))
            + enhanced(order, 0, 1700000000 * 10**9, UDP)
            + enhanced(order, 1, 1700000000 << 10, UDP[14:])
            + block(order, 3, struct.pack(order + "I", len(UDP)) + UDP)
            + block(order, 2, struct.pack(order + "HHIIII", 1, 0, 1, 2, len(UDP), len(UDP)) + UDP)
            + block(order, 4, b"\0\0\0\0")
            + block(order, 0xBAD, b"\1\2\3\4 whatever")
            + block(order, 5, struct.pack(order + "III", 0, 1, 2) + option(order, 5, b"\1" * 8) + option(order, 7, b"\2" * 8)))


def classic(order, magic, more=b""):
    return (struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65535, 1)
            + struct.pack(order + "IIII", 1700000000, 5, len(UDP), len(UDP)) + more + UDP)


def main():
    os.makedirs(FOLDER, exist_ok=True)
    seeds = {
        "little": everything("<"), "big": everything(">"), "both": everything("<") + everything(">"),
        "cut": everything("<")[:-7], "gzip": gzip.compress(everything(">"), mtime=0),
        "pcap-us": classic("<", 0xA1B2C3D4), "pcap-ns": classic(">", 0xA1B23C4D), "pcap-modified": classic("<", 0xA1B2CD34, b"\0" * 8),
    }
    seeds["zstd"] = subprocess.run(["zstd", "-q", "-c"], input=seeds["little"], stdout=subprocess.PIPE, check=True).stdout
    for name, data in seeds.items():
        with open(os.path.join(FOLDER, name), "wb") as f:
            f.write(data)


main()
