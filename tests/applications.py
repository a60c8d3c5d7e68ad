#!/usr/bin/env python3
"""applications.py PROGRAM SIGNATURES FILE... -- conversations written byte by byte, read as captures: each must be alerted and named as it
says, and nobody else may be named. Every entry of the signature files whose names begin with one of the words after `covers` in a
FILE must have a conversation.

A FILE:  == title             what follows is one conversation, one capture
         alert SID            this entry must alert ...
         name APP             ... and some alert must bear this name; `quiet`: there must be no alert
         names SID            the entry that this conversation is for, where another kind of alert is made of it
         stun                 the inside end asks a STUN server first: an alert that names can be attached to
         udp LOCAL REMOTE     a flow; tcp the same; what follows belongs to the last one
         > BYTES   < BYTES    a datagram or segment out, or in: hexadecimal, "text" (C's escapes), 00*20 (twenty times), ?20 (twenty
                              bytes that look random)
         hello NAME           a TLS ClientHello to this host, out
         relay LOCAL          the inside end is given an address and a channel by a relay; > and < travel in that channel
         again TIMES          the last datagram so many times more
         wait SECONDS
"""
import ast, json, os, random, re, struct, subprocess, sys, tempfile

INSIDE, STUN = "10.0.0.1", ("203.0.113.250", 3478)


class Capture:
    def __init__(self):
        self.out = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)]
        self.us, self.flows = 0, {}

    def packet(self, proto, src, dst, payload, extra=b""):
        ip = lambda a: bytes(int(x) for x in a.split("."))
        head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(extra) + len(payload), 0, 0, 64, proto, 0, ip(src[0]), ip(dst[0]))
        total = sum(struct.unpack(">10H", head))
        while total >> 16:
            total = (total & 0xFFFF) + (total >> 16)
        head = head[:10] + struct.pack(">H", total ^ 0xFFFF) + head[12:]
        data = head + extra + payload
        self.us += 5000
        self.out.append(struct.pack("<IIII", 1700000000 + self.us // 1000000, self.us % 1000000, len(data), len(data)) + data)

    def udp(self, src, dst, payload):
        self.packet(17, src, dst, payload, struct.pack(">HHHH", src[1], dst[1], 8 + len(payload), 0))

    def tcp(self, src, dst, payload, flags=0x18):
        seq = self.flows.setdefault((src, dst), 1000)
        ack = self.flows.setdefault((dst, src), 1000)
        self.packet(6, src, dst, payload, struct.pack(">HHIIBBHHH", src[1], dst[1], seq, ack, 0x50, flags, 65535, 0, 0))
        self.flows[src, dst] = seq + len(payload) + (flags & 2 != 0)

    def open(self, src, dst):
        self.tcp(src, dst, b"", 0x02)
        self.tcp(dst, src, b"", 0x12)
        self.tcp(src, dst, b"", 0x10)

    def stun(self, local):
        tid = bytes(range(12))
        self.udp(local, STUN, struct.pack(">HHI", 1, 0, 0x2112A442) + tid)
        self.udp(STUN, local, struct.pack(">HHI", 0x101, 12, 0x2112A442) + tid +
                 struct.pack(">HHBBHI", 0x20, 8, 0, 1, local[1] ^ 0x2112, 0xC6336401 ^ 0x2112A442))


    def relay(self, local):
        head = lambda kind, n, tid: struct.pack(">HHI", kind, n, 0x2112A442) + bytes([tid] * 12)
        peer = struct.pack(">HHBBHI", 0x12, 8, 0, 1, 8443 ^ 0x2112, 0xC6336409 ^ 0x2112A442)
        self.udp(local, STUN, head(3, 8, 1) + bytes.fromhex("0019000411000000"))
        self.udp(STUN, local, head(0x103, 20, 1) + struct.pack(">HHBBHI", 0x16, 8, 0, 1, 49152 ^ 0x2112, 0xCB7100FA ^ 0x2112A442) +
                 bytes.fromhex("000d000400000258"))
        self.udp(local, STUN, head(9, 20, 2) + bytes.fromhex("000c000440000000") + peer)
        self.udp(STUN, local, head(0x109, 0, 2))


def channel(data):
    return struct.pack(">HH", 0x4000, len(data)) + data


def hello(name):
    name = name.encode()
    sni = struct.pack(">HHHBH", 0, len(name) + 5, len(name) + 3, 0, len(name)) + name
    extensions = sni + bytes.fromhex("000a00040002001d") + bytes.fromhex("000d000400020403") + bytes.fromhex("002b0003020304")
    body = b"\3\3" + bytes(range(32)) + b"\0" + bytes.fromhex("000213010100") + struct.pack(">H", len(extensions)) + extensions
    return struct.pack(">BHHBBH", 0x16, 0x301, len(body) + 4, 1, 0, len(body)) + body


noise = random.Random(1)
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\S+')


def unfold(text):
    made = b""
    for token in TOKEN.findall(text):
        times = 1
        if re.fullmatch(r"\?\d+", token):
            made += noise.randbytes(int(token[1:]))
            continue
        if "*" in token and not token.startswith('"'):
            token, times = token.split("*")
        made += (ast.literal_eval("b" + token) if token.startswith('"') else bytes.fromhex(token)) * int(times)
    return made


def endpoint(text):
    host, _, port = text.rpartition(":")
    return host, int(port)


def conversations(path):
    title = None
    for number, line in enumerate(open(path), 1):
        line = line.strip()
        if line.startswith("=="):
            title = line[2:].strip()
            yield number, title, "begin", ""
        elif line and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            yield number, title, word, rest.strip()


def read_all(path):
    """[(title, wanted, capture)], and the files that are covered"""
    all_of_them, covers = [], []
    proto = local = remote = last = None
    wrap = lambda data: data
    for number, title, word, rest in conversations(path):
        if word == "covers":
            covers += rest.split()
            continue
        if word == "begin":
            all_of_them.append((title, {"alert": set(), "name": set(), "names": set(), "quiet": False}, Capture()))
            continue
        wanted, capture = all_of_them[-1][1:]
        try:
            if word in ("alert", "name", "names"):
                wanted[word].add(rest)
            elif word == "quiet":
                wanted["quiet"] = True
            elif word == "relay":
                proto, local, remote, wrap = "udp", endpoint(rest), STUN, channel
                capture.relay(local)
            elif word in ("udp", "tcp"):
                proto, (local, remote) = word, map(endpoint, rest.split())
                wrap = lambda data: data
                if proto == "tcp":
                    capture.open(local, remote)
            elif word == "stun":
                capture.stun(endpoint(rest))
            elif word == "wait":
                capture.us += int(float(rest) * 1000000)
            elif word in (">", "<", "hello", "again"):
                last, times = (last, int(rest)) if word == "again" else ((word, rest), 1)
                for _ in range(times):
                    data = hello(last[1]) if last[0] == "hello" else unfold(last[1])
                    ends = (remote, local) if last[0] == "<" else (local, remote)
                    getattr(capture, proto)(*ends, wrap(data))
            else:
                raise ValueError(f"unknown word {word}")
        except (ValueError, SyntaxError) as e:
            sys.exit(f"{path}:{number}: {e}")
    return all_of_them, covers


def entries(folder, words):
    """sid -> (app, does it alert) of the entries of files whose names begin with one of the words"""
    found, sid, app = {}, None, None
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".yaml") or not any(name.startswith(w) for w in words):
            continue
        for line in open(os.path.join(folder, name)):
            entry = re.match(r"(- |  )(\w+): *(.*)", line)
            if line.startswith("- "):
                sid = app = None
            if entry and entry[2] == "app":
                app = entry[3]
            if entry and entry[2] == "sid":
                sid = entry[3]
            if sid and app:
                found.setdefault(sid, [app.strip("'\""), False])
                found[sid][1] |= bool(entry) and entry[2] == "alert"
    return found


def main():
    program, signatures, files = sys.argv[1], sys.argv[2], sys.argv[3:]
    failed = count = 0
    alerted, named, covers = set(), set(), []
    with tempfile.TemporaryDirectory() as folder:
        for path in files:
            all_of_them, words = read_all(path)
            covers += words
            for title, wanted, capture in all_of_them:
                count += 1
                pcap = os.path.join(folder, "capture.pcap")
                with open(pcap, "wb") as f:
                    f.write(b"".join(capture.out))
                run = subprocess.run([program, "read", "-q", "-s", signatures, "--home", "10.0.0.0/8", "--eve", "-", pcap], capture_output=True, text=True)
                events = [json.loads(l) for l in run.stdout.splitlines()]
                contexts = [e["alert"]["context"] for e in events if e["event_type"] == "alert"]
                apps = {c["app"] for c in contexts if "app" in c}
                sids = {str(c["rule"]["sid"]) for c in contexts if "rule" in c}
                wrong = []
                if run.returncode != 0:
                    wrong.append(f"exit {run.returncode}: {run.stderr.strip()}")
                if wanted["quiet"] and contexts:
                    wrong.append(f"is not quiet: {[c['summary'] for c in contexts]}")
                if not wanted["quiet"] and apps != wanted["name"]:
                    wrong.append(f"is called {sorted(apps)}, not {sorted(wanted['name'])}")
                if sids != wanted["alert"]:
                    wrong.append(f"is alerted by {sorted(sids)}, not by {sorted(wanted['alert'])}")
                alerted |= sids | wanted["names"]
                named |= apps
                for w in wrong:
                    failed += 1
                    print(f"applications: {path}: {title}: {w}")
    for sid, (app, alerts) in entries(signatures, covers).items():
        if sid not in alerted and (alerts or app not in named):
            failed += 1
            print(f"applications: no conversation for {sid}, {app}")
    print(f"applications: {count} conversations, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
