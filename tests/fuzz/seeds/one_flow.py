#!/usr/bin/env python3
"""one_flow.py -- seeds for the targets made of one_flow_fuzz.h: the first packets of flows in a capture.

usage: one_flow.py CAPTURE NAME [PORT [PACKETS]]   writes tests/fuzz/seeds/NAME/CAPTURE-N

Classic pcap, Ethernet, IPv4. Flows with PORT only, if it is given; the first packet's sender counts as the inside end.
"""
import os, struct, sys

FROM_LOCAL, LONG = 1, 8
STREAM = 1


def packets(path):
    data = open(path, "rb").read()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    at = 24
    while at + 16 <= len(data):
        n = struct.unpack(order + "I", data[at + 8:at + 12])[0]
        yield data[at + 16:at + 16 + n]
        at += 16 + n


def flows(path, port):
    found = {}
    for frame in packets(path):
        if frame[12:14] != b"\x08\x00":
            continue
        ip = frame[14:]
        header = (ip[0] & 15) * 4
        total = struct.unpack(">H", ip[2:4])[0]
        if ip[9] not in (6, 17):
            continue
        l4 = ip[header:total]
        ports = struct.unpack(">HH", l4[:4])
        payload = l4[8:] if ip[9] == 17 else l4[(l4[12] >> 4) * 4:]
        if not payload or (port and port not in ports):
            continue
        a, b = (ip[12:16], ports[0]), (ip[16:20], ports[1])
        flow = found.setdefault((ip[9], *sorted((a, b))), (a, ip[9], []))
        flow[2].append((a == flow[0], payload))
    return found.values()


def seed(flow, most):
    out = bytes([STREAM if flow[1] == 6 else 0])
    for local, payload in flow[2][:most]:
        eights = len(payload) > 255
        n = min(len(payload) // 8, 255) if eights else len(payload)
        out += bytes([(FROM_LOCAL if local else 0) | (LONG if eights else 0), n]) + payload[:n * 8 if eights else n]
    return out


def main():
    capture, name = sys.argv[1:3]
    port = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    most = int(sys.argv[4]) if len(sys.argv) > 4 else 12
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    os.makedirs(folder, exist_ok=True)
    stem = os.path.splitext(os.path.basename(capture))[0]
    for number, flow in enumerate(flows(capture, port)):
        with open(os.path.join(folder, f"{stem}-{number}"), "wb") as f:
            f.write(seed(flow, most))


main()
