#!/usr/bin/python3
"""send.py -- sends the frames of a capture on an interface, with the pauses they had.

    send.py CAPTURE INTERFACE[,INTERFACE] [SPEED]

Classic pcap of Ethernet frames, as the laboratory makes them. Prints how many were sent.
With two interfaces, as a tap has them: what the sender of the first frame sends goes to the first, the rest to the second.
"""
import socket
import struct
import sys
import time

capture, interface, speed = sys.argv[1], sys.argv[2], float(sys.argv[3]) if len(sys.argv) > 3 else 1.0

with open(capture, "rb") as f:
    data = f.read()
order = {b"\xd4\xc3\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">"}[data[:4]]
frames, at = [], 24
while at < len(data):
    seconds, micros, here, there = struct.unpack_from(order + "IIII", data, at)
    if here != there:
        sys.exit("send.py: frame %d is cut: cannot be sent as it was" % (len(frames) + 1))
    frames.append((seconds + micros / 1e6, data[at + 16:at + 16 + here]))
    at += 16 + here

outs = []
for name in interface.split(","):
    outs.append(socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
    outs[-1].bind((name, 0))
started = time.monotonic()
for when, frame in frames:
    pause = (when - frames[0][0]) / speed - (time.monotonic() - started)
    if pause > 0:
        time.sleep(pause)
    outs[frame[6:12] != frames[0][1][6:12] and len(outs) > 1].send(frame)
print(len(frames))
