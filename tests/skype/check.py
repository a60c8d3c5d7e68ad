#!/usr/bin/python3
"""check.py PROGRAM CAPTURE [--tcp N] -- a capture (Ethernet, IPv4) of one Skype client, from all sides:

  whole     every UDP flow of its listen port, and no other, closes as skype; so do N connections (told, if N is not given);
            the first alert's packet is no later than the client's fourth probe
  shifted   with all message ids moved to 32 starts, evenly spread: every UDP flow again
  lossy     half of all packets dropped at random, 40 times: the client is found

The client is the socket that sends what has the form of a request to most ends. Exit 1 if something is missing.
"""
import json
import os
import random
import struct
import subprocess
import sys
import tempfile

STARTS, SEEDS = 32, 40


def read(path):
    """(record header, frame), ... and the file's header."""
    data = open(path, "rb").read()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    at, frames = 24, []
    while at + 16 <= len(data):
        n = struct.unpack(order + "I", data[at + 8:at + 12])[0]
        frames.append((data[at:at + 16], bytearray(data[at + 16:at + 16 + n])))
        at += 16 + n
    return data[:24], frames


def write(path, head, frames):
    with open(path, "wb") as f:
        f.write(head + b"".join(h + bytes(frame) for h, frame in frames))


def udp(frame):
    """(source, destination, where the payload begins), or None."""
    if frame[12:14] != b"\x08\x00" or frame[23] != 17:
        return None
    at = 14 + (frame[14] & 15) * 4
    ends = [(".".join(map(str, frame[i:i + 4])), struct.unpack(">H", frame[p:p + 2])[0]) for i, p in ((26, at), (30, at + 2))]
    return ends[0], ends[1], at + 8


def is_request(frame, at):
    return len(frame) >= at + 18 and frame[at + 2] == 2


def client_of(frames):
    """The socket, the ends that it talks to, and the number of its fourth probe."""
    asked = {}
    for number, (_, frame) in enumerate(frames, 1):
        u = udp(frame)
        if u and is_request(frame, u[2]):
            asked.setdefault(u[0], {}).setdefault(u[1], number)
    me = max(asked, key=lambda k: len(asked[k]))
    ends = set()
    for _, frame in frames:
        u = udp(frame)
        if u and me in u[:2] and not any(e[0].startswith(("224.", "239.", "255.")) for e in u[:2]):
            ends.add(u[1] if u[0] == me else u[0])
    return me, ends, sorted(asked[me].values())[3]


def run(program, path):
    p = subprocess.run([program, "read", "-q", "--eve", "-", path], capture_output=True)
    events = [json.loads(line) for line in p.stdout.splitlines()]
    alerts = [e for e in events if e["event_type"] == "alert" and e["alert"]["context"]["kind"] == "skype"]
    flows = [e for e in events if e["event_type"] == "flow" and e["app_proto"] == "skype"]
    return alerts, flows


def ends_of(flows, me):
    return {(e["dest_ip"], e["dest_port"]) for e in flows if e["proto"] == "UDP" and (e["src_ip"], e["src_port"]) == me}


def shifted(frames, me, by):
    out = []
    for h, frame in frames:
        u = udp(frame)
        if u and me in u[:2] and u[2] + 2 <= len(frame):
            frame = bytearray(frame)
            number = (struct.unpack(">H", frame[u[2]:u[2] + 2])[0] + by) & 0xffff
            frame[u[2]:u[2] + 2] = struct.pack(">H", number)
        out.append((h, frame))
    return out


def main():
    program, path = os.path.abspath(sys.argv[1]), sys.argv[2]
    tcp = int(sys.argv[sys.argv.index("--tcp") + 1]) if "--tcp" in sys.argv else None
    head, frames = read(path)
    me, ends, fourth = client_of(frames)
    alerts, flows = run(program, path)
    found = ends_of(flows, me)
    others = [e for e in flows if e["proto"] == "UDP" and (e["src_ip"], e["src_port"]) != me]
    connections = {(e["src_ip"], e["src_port"], e["dest_ip"], e["dest_port"]) for e in flows if e["proto"] == "TCP"}
    first = min((a["pcap_cnt"] for a in alerts), default=None)
    ok = found == ends and not others and first is not None and first <= fourth and tcp in (None, len(connections))
    print("client %s:%d" % me)
    print("whole: %d of %d UDP flows, %d others, %d connections; first alert at packet %s, fourth probe %d"
          % (len(found & ends), len(ends), len(others), len(connections), first, fourth))
    with tempfile.TemporaryDirectory() as folder:
        made = os.path.join(folder, "made.pcap")
        all_found = late = 0
        for i in range(STARTS):
            write(made, head, shifted(frames, me, i * 65536 // STARTS))
            alerts, flows = run(program, made)
            all_found += len(ends_of(flows, me) & ends)
            late += min((a["pcap_cnt"] for a in alerts), default=fourth + 1) > fourth
        print("shifted: %d of %d UDP flows from %d starts, %d late" % (all_found, STARTS * len(ends), STARTS, late))
        ok = ok and all_found == STARTS * len(ends) and late == 0
        found = 0
        for seed in range(SEEDS):
            rng = random.Random(seed)
            write(made, head, [x for x in frames if rng.random() < 0.5])
            alerts, _ = run(program, made)
            found += any(a["src_ip"] == me[0] for a in alerts)
        print("lossy: found in %d of %d" % (found, SEEDS))
        ok = ok and found == SEEDS
    return not ok


sys.exit(main())
