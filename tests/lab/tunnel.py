#!/usr/bin/python3
"""tunnel.py -- hides a conversation in a media relay: a TURN client (RFC 8656, 6062) that carries bytes of its own.

    tunnel.py [--tcp] [--indications | --stream] RELAY PORT USER PASSWORD PEER PEERPORT LOCALPORT

Allocates on the relay, and passes on what comes to 127.0.0.1:LOCALPORT, and back: datagrams, in a channel to the peer; with
--indications in Send and Data; with --stream a TCP connection to the peer, through the relay (RFC 6062). --tcp: speaks to the relay over
TCP. Says "ready" when it does, and at the end how much went each way. Ends after eight seconds without traffic.
"""
import argparse
import hashlib
import hmac
import os
import select
import socket
import struct
import sys
import time

arguments = argparse.ArgumentParser()
arguments.add_argument("--tcp", action="store_true")
arguments.add_argument("--indications", action="store_true")
arguments.add_argument("--stream", action="store_true")
for name in "relay port user password peer peer_port local_port".split():
    arguments.add_argument(name)
a = arguments.parse_args()
COOKIE = 0x2112A442
ALLOCATE, SEND, PERMIT, CHANNEL_BIND, CONNECT, CONNECTION_BIND = 0x0003, 0x0016, 0x0008, 0x0009, 0x000A, 0x000B
DATA_INDICATION, CHANNEL = 0x0017, 0x4000
USERNAME, INTEGRITY, ERROR, NUMBER, XOR_PEER, DATA = 0x06, 0x08, 0x09, 0x0C, 0x12, 0x13
REALM, NONCE, TRANSPORT, CONNECTION = 0x14, 0x15, 0x19, 0x2A
QUIET = 8


def attribute(kind, value):
    return struct.pack("!HH", kind, len(value)) + value + bytes(-len(value) % 4)


def message(kind, attributes, key=None):
    body, tid = b"".join(attributes), os.urandom(12)
    if key is None:
        return struct.pack("!HHI", kind, len(body), COOKIE) + tid + body
    head = struct.pack("!HHI", kind, len(body) + 24, COOKIE) + tid
    return head + body + attribute(INTEGRITY, hmac.new(key, head + body, hashlib.sha1).digest())


def attributes_of(data):
    found, at = {}, 20
    while at + 4 <= len(data):
        kind, n = struct.unpack_from("!HH", data, at)
        found[kind] = data[at + 4:at + 4 + n]
        at += 4 + n + -n % 4
    return found


class Udp:
    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect((a.relay, int(a.port)))
        self.send = self.socket.send

    def receive(self, wait):
        """What has come: messages and ChannelData, each by itself."""
        return [self.socket.recv(2000)] if select.select([self.socket], [], [], wait)[0] else []


class Tcp:
    def __init__(self):
        self.socket = socket.create_connection((a.relay, int(a.port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def send(self, data):
        self.socket.sendall(data + bytes(-len(data) % 4))

    def receive(self, wait, one=False):
        if select.select([self.socket], [], [], wait)[0]:
            self.rest += self.socket.recv(1 << 16)
        units = []
        while len(self.rest) >= 4 and not (one and units):
            kind, n = struct.unpack_from("!HH", self.rest)
            n = n + 4 if kind >= 0x4000 else n + 20
            if len(self.rest) < n + -n % 4:
                break
            units.append(self.rest[:n])
            self.rest = self.rest[n + -n % 4:]
        return units


def ask(relay, data, **more):
    """Sent until it is answered; the answer's type and attributes."""
    for _ in range(7):
        relay.send(data)
        until = time.monotonic() + 1
        while time.monotonic() < until:
            for answer in relay.receive(0.1, **more):
                if answer[8:20] == data[8:20]:
                    return struct.unpack_from("!H", answer)[0], attributes_of(answer)
    sys.exit("no answer from the relay")


def sure(relay, kind, attributes, **more):
    answer, said = ask(relay, message(kind, attributes + who, key), **more)
    if answer != kind | 0x0100:
        sys.exit("0x%04x refused: %r" % (kind, said.get(ERROR)))
    return said


relay = Tcp() if a.tcp or a.stream else Udp()
transport = attribute(TRANSPORT, bytes([6 if a.stream else 17, 0, 0, 0]))
kind, said = ask(relay, message(ALLOCATE, [transport]))
if ERROR not in said or REALM not in said:
    sys.exit("the relay does not ask who we are")
key = hashlib.md5(b":".join([a.user.encode(), said[REALM], a.password.encode()])).digest()
who = [attribute(USERNAME, a.user.encode()), attribute(REALM, said[REALM]), attribute(NONCE, said[NONCE])]
sure(relay, ALLOCATE, [transport])
address = struct.unpack("!I", socket.inet_aton(a.peer))[0]
to = attribute(XOR_PEER, struct.pack("!BBHI", 0, 1, int(a.peer_port) ^ COOKIE >> 16, address ^ COOKIE))
out = back = 0


def datagrams():
    global out, back
    if a.indications:
        sure(relay, PERMIT, [to])
    else:
        sure(relay, CHANNEL_BIND, [attribute(NUMBER, struct.pack("!HH", CHANNEL, 0)), to])
    local = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    local.bind(("127.0.0.1", int(a.local_port)))
    client, last = None, time.monotonic()
    print("ready", flush=True)
    while time.monotonic() - last < QUIET:
        for s in select.select([relay.socket, local], [], [], 1)[0]:
            last = time.monotonic()
            if s is local:
                data, client = local.recvfrom(2000)
                relay.send(message(SEND, [to, attribute(DATA, data)]) if a.indications else
                           struct.pack("!HH", CHANNEL, len(data)) + data)
                out += len(data)
                continue
            for unit in relay.receive(0):
                number, n = struct.unpack_from("!HH", unit)
                data = attributes_of(unit).get(DATA) if number == DATA_INDICATION else unit[4:4 + n] if number == CHANNEL else None
                if data and client:
                    local.sendto(data, client)
                    back += len(data)


def stream():
    global out, back
    local = socket.create_server(("127.0.0.1", int(a.local_port)))
    print("ready", flush=True)
    client = local.accept()[0]
    connection = attribute(CONNECTION, sure(relay, CONNECT, [to])[CONNECTION])
    data = Tcp()
    sure(data, CONNECTION_BIND, [connection], one=True)
    client.sendall(data.rest)		# whoever speaks first there may have spoken already
    back += len(data.rest)
    while True:
        ready = select.select([data.socket, client], [], [], QUIET)[0]
        for s in ready:
            got = s.recv(1 << 16)
            if not got:
                return
            if s is client:
                data.socket.sendall(got)
                out += len(got)
            else:
                client.sendall(got)
                back += len(got)
        if not ready:
            return


try:
    stream() if a.stream else datagrams()
except ConnectionError:
    pass
print("out", out, "back", back)
