#!/usr/bin/env python3
"""traversal.py -- seeds for traversal_fuzz and upnp_fuzz: exchanges written byte by byte, as the unit tests have them."""
import os

HERE = os.path.dirname(os.path.abspath(__file__))
OUT, LONG = 1, 8
N2N, NEBULA, PORTMAP, TEREDO, TOX, UPNP, WIREGUARD, ZEROTIER, ZOOM = range(9)


def write(folder, name, first, packets):
    out = bytes([first])
    for way, data in packets:
        data = data if isinstance(data, bytes) else bytes.fromhex(data)
        eights = len(data) > 255
        data = data[:len(data) // 8 * 8] if eights else data
        out += bytes([way | (LONG if eights else 0), len(data) // 8 if eights else len(data)]) + data
    os.makedirs(os.path.join(HERE, folder), exist_ok=True)
    with open(os.path.join(HERE, folder, name), "wb") as f:
        f.write(out)


def bytes_like(n, seed):
    return bytes((i * 167 + seed * 59 + (i * i) % 251) & 255 for i in range(n))


def main():
    name1 = "6167656e63790000c0aceaec587f0000"
    rest1 = "7a4855f38940d6b6ef91a9ac" + "02" + "00" * 19 + "0200d63b" + "00" * 16 + "01000000"
    write("traversal", "n2n-1", N2N, [(OUT, "01010000" + name1 + rest1), (0, "01040001" + name1 + rest1), (0, "01030000" + name1 + rest1)])
    name3 = "6167656e6379" + "00" * 14
    write("traversal", "n2n-3", N2N, [(OUT, "03020005" + name3 + "00112233"), (0, "03020066" + name3 + "00112233")])
    body = "00112233445566778899aabbccddeeff" * 2
    write("traversal", "nebula", NEBULA, [(OUT, "1000000000000000" + "0000000000000001" + body), (0, "100000000a0b0c0d0000000000000002" + body),
          (OUT, "110000000a0b0c0d0000000000000003" + body), (0, "110000000a0b0c0d0000000000000003" + body)])
    write("traversal", "lighthouse", NEBULA, [(OUT, "1000000000000000" + "0000000000000001" + body), (OUT, "130000000a0b0c0d0000000000000003" + body)])
    write("traversal", "natpmp", PORTMAP, [(OUT, "0000"), (0, "0080000000000021c6336402"), (OUT, "000100001f909c4000000e10"),
          (0, "00810000000000211f909c4100000e10"), (OUT, "000200001f909c4000000000")])
    v4 = "00000000000000000000ffff"
    nonce = "0102030405060708090a0b0c"
    write("traversal", "pcp", PORTMAP, [(OUT, "0201000000001c20" + v4 + "0a0a000b" + nonce + "060000001f909c40" + v4 + "00000000"),
          (0, "0281000000001c2000000001" + "00" * 12 + nonce + "060000001f909c41" + v4 + "c6336402"),
          (OUT, "0202000000001c20" + v4 + "0a0a000b" + nonce + "110000001f900000" + v4 + "00000000" + "88b80000" + v4 + "cb007182")])
    ours, theirs = "20010000cb00710500243cc039cc9bf5", "20010000cb00710538124b2c34ff8e7d"
    link = "fe800000000000000000ffffffffffff"
    auth = "000100006210612186ce109b00"
    write("traversal", "teredo", TEREDO, [(OUT, auth + "6000000000083aff" + link + "ff020000000000000000000000000002" + "85007d3700000000"),
          (0, auth + "00003cc039cc9bf5" + "6000000000103aff" + "fe800000000000008000f22734ff8efa" + link + "8600954c" + "00" * 12),
          (OUT, "6000000000003b00" + ours + theirs), (0, "6000000000003b00" + theirs + ours)])
    key = bytes_like(32, 3)
    write("traversal", "tox", TOX, [(OUT, b"\x02" + key + bytes_like(80, 7)), (OUT, b"\x00" + key + bytes_like(49, 8)),
          (0, b"\x1b" + bytes_like(40, 9)), (0, b"\x1b" + bytes_like(41, 10)), (0, b"\x1b" + bytes_like(42, 11))])
    search = b"M-SEARCH * HTTP/1.1\r\nST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\n\r\n"
    found = b"HTTP/1.1 200 OK\r\nST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\nLOCATION: http://10.0.0.1/r.xml\r\n\r\n"
    write("traversal", "ssdp", UPNP, [(OUT, search), (0, found)])
    begin = b"\1\0\0\0\7\0\0\0" + bytes_like(124, 1) + bytes(16)
    write("traversal", "wireguard", WIREGUARD, [(OUT, begin), (0, b"\2\0\0\0\x09\0\0\0\7\0\0\0" + bytes_like(80, 2)), (OUT, b"\4\0\0\0" + bytes_like(28, 3))])
    write("traversal", "wireguard-crossing", WIREGUARD, [(OUT, begin), (0, begin)])
    us, them = "8056c2e21c", "1d71939404"

    def hello(to, by):
        return "1122334455667788" + to + by + "00a1a2a3a4a5a6a7a8010d010e00020000019a3f5c1d22" + by + "00" + body * 2 + "00"

    write("traversal", "zerotier", ZEROTIER, [(OUT, hello(them, us)), (0, hello(us, them)), (OUT, hello("62f865ae71", us))])
    call = b"\0\0\0\x24AF065D88-AA9B-4A81-80A4-B85CD341B921\0\0\0\0"
    write("traversal", "zoom", ZOOM, [(OUT, bytes.fromhex("1f0201000800010004004e150ef80000000700000063b6a50000000d") + b"192.168.1.226" + call),
          (0, bytes.fromhex("1f020100040001000800e2a5c16e00000008000000639899" "0000000d") + b"192.168.1.128" + call)])
    inner = b"<NewExternalPort>40000</NewExternalPort><NewProtocol>UDP</NewProtocol><NewInternalClient>10.0.0.1</NewInternalClient>"
    ask = b"POST /c HTTP/1.1\r\nSOAPAction: \"urn:schemas-upnp-org:service:WANIPConnection:1#AddPortMapping\"\r\nContent-Length: %d\r\n\r\n" % len(inner)
    write("upnp", "mapping", 1, [(OUT, b"GET /r.xml HTTP/1.1\r\n\r\n"), (0, b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"), (OUT, ask[:200]),
          (OUT, ask[200:] + inner), (0, b"HTTP/1.1 500 E\r\nContent-Length: 26\r\n\r\n<errorCode>718</errorCode>")])


main()
