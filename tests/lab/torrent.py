#!/usr/bin/python3
"""torrent.py -- a BitTorrent client of the laboratory, with libtorrent.

    torrent.py seed|get|node FOLDER PORT [node=HOST:PORT] [tracker=URL] [peer=HOST:PORT] [encrypt] [tcp] [seconds=N]
    torrent.py hash FOLDER 0                      the torrent's info-hash

One file of random bytes, the same for all: "seed" has it, "get" gets it, and says `got it from HOST:PORT` of each peer that sent it something;
"node" only takes part in the hash table.
encrypt: connections that are encrypted, and nothing else; tcp: no uTP.
"""
import os
import random
import sys
import time

import libtorrent as lt

role, folder, port, options = sys.argv[1], sys.argv[2], int(sys.argv[3]), dict(o.partition("=")[::2] for o in sys.argv[4:])
os.makedirs(folder, exist_ok=True)
path = os.path.join(folder, "file")
data = random.Random(1).randbytes(120000)


def made():
    """The torrent, from the same bytes everywhere."""
    at = os.path.join(folder, "made")
    os.makedirs(at, exist_ok=True)
    with open(os.path.join(at, "file"), "wb") as f:
        f.write(data)
    files = lt.file_storage()
    lt.add_files(files, os.path.join(at, "file"))
    torrent = lt.create_torrent(files, 32768, lt.create_torrent.v1_only)
    if "tracker" in options:
        torrent.add_tracker(options["tracker"])
    lt.set_piece_hashes(torrent, at)
    return lt.torrent_info(lt.bencode(torrent.generate()))


if role == "hash":
    print(made().info_hash())
    sys.exit(0)
if role == "seed":
    with open(path, "wb") as f:
        f.write(data)
settings = {"listen_interfaces": "0.0.0.0:%d" % port, "enable_upnp": False, "enable_natpmp": False, "enable_lsd": "lsd" in options,
            "enable_dht": "node" in options, "upload_rate_limit": 60000, "dht_bootstrap_nodes": options.get("node", ""), "allow_multiple_connections_per_ip": True,
            "dht_restrict_routing_ips": False, "dht_restrict_search_ips": False, "dht_prefer_verified_node_ids": False,
            "alert_mask": lt.alert.category_t.error_notification | lt.alert.category_t.connect_notification}
if "encrypt" in options:
    settings.update(out_enc_policy=0, in_enc_policy=0, allowed_enc_level=2, prefer_rc4=True)
if "tcp" in options:
    settings.update(enable_outgoing_utp=False, enable_incoming_utp=False)
session = lt.session(settings)
if "node" in options:
    host, _, node_port = options["node"].partition(":")
    session.add_dht_node((host, int(node_port)))
handle = None
if role != "node":
    handle = session.add_torrent({"ti": made(), "save_path": folder})
    if "peer" in options:
        host, _, peer_port = options["peer"].partition(":")
        handle.connect_peer((host, int(peer_port)))
print("%s on %d" % (role, port), flush=True)
end = time.monotonic() + float(options.get("seconds", 60))
told, announced = set(), 0
while time.monotonic() < end:
    for alert in session.pop_alerts():
        print(alert.what(), alert.message(), flush=True)
    if handle is not None:
        if time.monotonic() - announced > 3:
            announced = time.monotonic()
            handle.force_reannounce()
            if "node" in options:
                handle.force_dht_announce()
        for peer in handle.get_peer_info():
            if peer.payload_down_speed > 0 or peer.total_download > 0:
                ends = "%s:%d" % peer.ip
                if ends not in told:
                    told.add(ends)
                    print("got it from", ends, flush=True)
        if role == "get" and handle.status().is_seeding:
            print("got all of it", flush=True)
            time.sleep(1)
            break
    time.sleep(0.2)
