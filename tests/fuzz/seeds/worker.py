#!/usr/bin/env python3
"""Write the seeds of worker_fuzz.c: lists of (time step, length / 2, raw IPv4 frame)."""
import os
import struct

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "worker")
A, B, C = b"\x0a\x00\x00\x01", b"\xcb\x00\x71\x09", b"\xc6\x33\x64\x05"


def ip(proto, src, dst, body):
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), 0, 0, 64, proto, 0) + src + dst + body


def udp(src, sport, dst, dport, body):
    return ip(17, src, dst, struct.pack(">HHHH", sport, dport, 8 + len(body), 0) + body)


def tcp(src, sport, dst, dport, flags, seq, ack, body=b""):
    return ip(6, src, dst, struct.pack(">HHIIBBHHH", sport, dport, seq, ack, 0x50, flags, 1000, 0, 0) + body)


def stun(kind, tid, attributes=b""):
    return struct.pack(">HHI", kind, len(attributes), 0x2112A442) + tid.to_bytes(12, "big") + attributes


def attribute(kind, body):
    return struct.pack(">HH", kind, len(body)) + body + b"\0" * (-len(body) % 4)


def write(name, frames):
    with open(os.path.join(HERE, name), "wb") as f:
        for step, frame in frames:
            frame += b"\0" * (len(frame) % 2)
            f.write(bytes((step, len(frame) // 2)) + frame)


mapped = attribute(0x20, b"\0\1\xe2\x5b\xe7\x21\xc0\x41")
user = attribute(6, b"abcd:efgh") + attribute(0x24, b"\x6e\0\1\xff")
peer = attribute(0x12, b"\0\1\x11\x12\xe7\x21\xc0\x41")
check, answer = stun(1, 7, user), stun(0x101, 7, mapped)
wrapped = stun(0x16, 9, peer + attribute(0x13, stun(1, 8, user)))

os.makedirs(HERE, exist_ok=True)
write("call", [(0, udp(A, 5000, B, 6000, check)), (1, udp(B, 6000, A, 5000, answer)), (1, udp(B, 6000, A, 5000, check)),
               (1, udp(A, 5000, B, 6000, answer))] + [(5, udp(A, 5000, B, 6000, b"\x80data")), (5, udp(B, 6000, A, 5000, b"\x80data"))] * 4)
write("relay", [(0, udp(A, 5000, B, 3478, stun(3, 1, attribute(0x19, b"\x11\0\0\0")))),
                (1, udp(B, 3478, A, 5000, stun(0x103, 1, attribute(0x16, b"\0\1\x22\x22\xe7\x21\xc0\x41") + mapped))),
                (1, udp(A, 5000, B, 3478, wrapped)), (1, udp(A, 5000, B, 3478, stun(9, 2, attribute(0xC, b"\x40\0\0\0") + peer))),
                (1, udp(B, 3478, A, 5000, stun(0x109, 2))), (1, udp(A, 5000, B, 3478, b"\x40\0\0\4abcd"))])
framed = struct.pack(">H", len(check)) + check
write("stream", [(0, tcp(A, 5000, B, 443, 2, 99, 0)), (1, tcp(B, 443, A, 5000, 0x12, 499, 100)), (1, tcp(A, 5000, B, 443, 0x10, 120, 500, framed[20:])),
                 (1, tcp(A, 5000, B, 443, 0x10, 110, 500, framed[10:30])), (1, tcp(A, 5000, B, 443, 0x10, 100, 500, framed[:15])),
                 (1, tcp(B, 443, A, 5000, 0x10, 500, 200, framed)), (1, tcp(A, 5000, B, 443, 0x10, 300, 500, framed)),
                 (1, tcp(B, 443, A, 5000, 0x10, 530, 400)), (1, tcp(A, 5000, B, 443, 0x11, 400, 500)), (1, tcp(B, 443, A, 5000, 0x11, 530, 401)),
                 (9, tcp(A, 5000, B, 443, 2, 9999, 0)), (1, tcp(B, 443, A, 5000, 4, 0, 10000))])
write("many", [(30, udp(A, 1000 + i, C if i % 3 else B, 6000, check)) for i in range(20)] + [(255, udp(A, 1, B, 2, b"x"))] * 8)
unreachable = ip(1, B, A, b"\3\3\0\0\0\0\0\0" + udp(A, 5000, B, 6000, check)[:28])
write("failed", [(0, udp(A, 5000, B, 6000, check)), (1, unreachable), (200, udp(A, 5000, B, 6000, check)), (1, unreachable)])
