#!/usr/bin/python3
"""tunnel.py -- hides a conversation in a media relay: a TURN client (RFC 8656) that carries datagrams of its own.

    tunnel.py RELAY PORT USER PASSWORD PEER PEERPORT LOCALPORT

Allocates on the relay (UDP), binds a channel to the peer, and passes on what comes to 127.0.0.1:LOCALPORT, and back. Says "ready"
when it does, and at the end how much went each way. Ends after eight seconds without traffic.
"""
import hashlib
import hmac
import os
import select
import socket
import struct
import sys
import time

relay, port, user, password, peer, peer_port, local_port = sys.argv[1:]
COOKIE = 0x2112A442
ALLOCATE, CHANNEL_BIND, CHANNEL = 0x0003, 0x0009, 0x4000
USERNAME, INTEGRITY, ERROR, XOR_PEER, REALM, NONCE, TRANSPORT, NUMBER = 0x06, 0x08, 0x09, 0x12, 0x14, 0x15, 0x19, 0x0C
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.connect((relay, int(port)))
server.settimeout(1)


def attribute(kind, value):
    return struct.pack("!HH", kind, len(value)) + value + bytes(-len(value) % 4)


def message(kind, attributes, key=None):
    body, tid = b"".join(attributes), os.urandom(12)
    if key is None:
        return struct.pack("!HHI", kind, len(body), COOKIE) + tid + body
    head = struct.pack("!HHI", kind, len(body) + 24, COOKIE) + tid
    return head + body + attribute(INTEGRITY, hmac.new(key, head + body, hashlib.sha1).digest())


def ask(data):
    """Sent until it is answered; the answer's type and attributes."""
    for _ in range(7):
        server.send(data)
        try:
            answer = server.recv(2000)
        except socket.timeout:
            continue
        if answer[8:20] == data[8:20]:
            found, at = {}, 20
            while at + 4 <= len(answer):
                kind, n = struct.unpack_from("!HH", answer, at)
                found[kind] = answer[at + 4:at + 4 + n]
                at += 4 + n + -n % 4
            return struct.unpack_from("!H", answer)[0], found
    sys.exit("no answer from the relay")


transport = attribute(TRANSPORT, bytes([17, 0, 0, 0]))
kind, said = ask(message(ALLOCATE, [transport]))
if ERROR not in said or REALM not in said:
    sys.exit("the relay does not ask who we are")
key = hashlib.md5(b":".join([user.encode(), said[REALM], password.encode()])).digest()
who = [attribute(USERNAME, user.encode()), attribute(REALM, said[REALM]), attribute(NONCE, said[NONCE])]
kind, said = ask(message(ALLOCATE, [transport] + who, key))
if kind != ALLOCATE | 0x0100:
    sys.exit("no allocation: %r" % said.get(ERROR))
address = struct.unpack("!I", socket.inet_aton(peer))[0]
to = struct.pack("!BBHI", 0, 1, int(peer_port) ^ COOKIE >> 16, address ^ COOKIE)
kind, said = ask(message(CHANNEL_BIND, [attribute(NUMBER, struct.pack("!HH", CHANNEL, 0)), attribute(XOR_PEER, to)] + who, key))
if kind != CHANNEL_BIND | 0x0100:
    sys.exit("no channel: %r" % said.get(ERROR))

local = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
local.bind(("127.0.0.1", int(local_port)))
client, out, back, last = None, 0, 0, time.monotonic()
print("ready", flush=True)
while time.monotonic() - last < 8:
    for s in select.select([server, local], [], [], 1)[0]:
        last = time.monotonic()
        if s is local:
            data, client = local.recvfrom(2000)
            server.send(struct.pack("!HH", CHANNEL, len(data)) + data)
            out += len(data)
        else:
            data = server.recv(2000)
            number, n = struct.unpack_from("!HH", data)
            if number == CHANNEL and client:
                local.sendto(data[4:4 + n], client)
                back += n
print("out", out, "back", back)
