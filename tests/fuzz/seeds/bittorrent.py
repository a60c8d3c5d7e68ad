#!/usr/bin/env python3
"""bittorrent.py FOLDER -- seeds for bittorrent_fuzz: each kind of flow, byte by byte."""
import os, struct, sys

node, torrent = b"abcdefghij0123456789", b"mnopqrstuvwxyz123456"
shake = b"\x13BitTorrent protocol" + b"\0\0\0\0\0\x10\0\0" + torrent + b"-UT1610-abcdefghijkl"
ext = b"d1:md12:ut_holepunchi4ee1:pi6881e1:v3:x 1e"
extended = struct.pack(">IBB", len(ext) + 2, 20, 0) + ext
punch = struct.pack(">IBBBB4sH", 10, 20, 4, 1, 0, bytes([203, 0, 113, 9]), 6881)
noise = bytes((i * 73 + i * i * 31 + (i >> 3) * 11) & 255 for i in range(200))


def find(t):
    return b"d1:ad2:id20:" + node + b"6:target20:" + torrent + b"e1:q9:find_node1:t2:" + t + b"1:y1:qe"


def get(t):
    return b"d1:ad2:id20:" + node + b"9:info_hash20:" + torrent + b"e1:q9:get_peers1:t2:" + t + b"1:v4:LT011:y1:qe"


def answer(t):
    return b"d1:rd2:id20:" + node + b"5:token1:x6:valuesl6:abcdef6:ghijklee1:t2:" + t + b"1:y1:re"


def utp(kind, conn, us, seq, ack, payload=b""):
    return struct.pack(">BBHIIIHH", kind << 4 | 1, 0, conn, us, 0, 1 << 20, seq, ack) + payload


connect = struct.pack(">QII", 0x41727101980, 0, 0x01020304)
connected = struct.pack(">IIQ", 0, 0x01020304, 0x0908070605040302)
announce = struct.pack(">QII20s20s42x", 0x0908070605040302, 1, 5, torrent, b"-TR3000-abcdefghijkl")
peers = struct.pack(">IIIII4sH", 1, 5, 1800, 0, 1, bytes([203, 0, 113, 1]), 6881)
search = b"BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: 6881\r\nInfohash: " + torrent.hex().encode() + b"\r\n\r\n\r\n"
http = b"GET /announce?info_hash=%e4%BE" + torrent[:18] + b"&peer_id=-DE13F0-VnpZRF8ZP9iv&port=63448 HTTP/1.1\r\n"
LOCAL, GAP = 1, 2
seeds = {
    "dht": (0, [(LOCAL, find(b"aa")), (0, answer(b"aa")), (LOCAL, get(b"ab")), (0, answer(b"ab")), (0, find(b"zz"))]),
    "utp": (0, [(LOCAL, utp(4, 500, 1000, 1, 0)), (0, utp(2, 500, 9000, 800, 1)), (LOCAL, utp(0, 501, 2000, 2, 800, shake)),
                (0, utp(0, 500, 9900, 801, 2, shake)), (LOCAL, utp(0, 501, 2900, 3, 801, extended)), (0, utp(0, 500, 9990, 802, 3, punch))]),
    "tracker": (0, [(LOCAL, connect), (0, connected), (LOCAL, announce), (0, peers)]),
    "search": (0, [(LOCAL, search)]),
    "tcp": (1, [(LOCAL, shake), (0, shake), (LOCAL, extended), (0, extended), (0, punch)]),
    "key": (1, [(LOCAL, noise), (0, noise), (0, shake)]),
    "http": (1, [(LOCAL, http)]),
    "midst": (1, [(LOCAL | GAP, struct.pack(">IBIII", 13, 6, 72, 0x14000, 0x4000))]),
}
os.makedirs(sys.argv[1], exist_ok=True)
for name, (options, packets) in seeds.items():
    with open(os.path.join(sys.argv[1], name), "wb") as f:
        f.write(bytes([options]) + b"".join(bytes([flags, len(data)]) + data for flags, data in packets))
