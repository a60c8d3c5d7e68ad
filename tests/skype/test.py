#!/usr/bin/python3
"""test.py PROGRAM [NAME...] -- every scenario: made, read by the program, and what it said held against what it must say.
test.py --write NAME FILE -- the capture alone."""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from scenarios import SCENARIOS
from wire import Capture


def events_of(program, path):
    p = subprocess.run([program, "read", "-q", "--eve", "-", path], capture_output=True)
    if p.returncode != 0:
        return None, p.stderr.decode()[:200]
    return [json.loads(line) for line in p.stdout.splitlines()], ""


def faults(want, events):
    """What is wrong, as texts."""
    alerts = [e for e in events if e["event_type"] == "alert"]
    flows = [e for e in events if e["event_type"] == "flow" and e["app_proto"] == "skype"]
    if want["kind"] is None:
        return ["alert: %s, %s" % (a["alert"]["context"]["kind"], a["alert"]["context"]["summary"]) for a in alerts]
    mine = [a for a in alerts if a["alert"]["context"]["kind"] == want["kind"]]
    if not mine:
        return ["no alert"]
    contexts = [a["alert"]["context"] for a in mine]
    last, skype = contexts[-1], contexts[-1].get("skype", {})
    targets = {"%s:%d" % (p["ip"], p["port"]) for c in contexts for p in c.get("peers", [])}
    got = {
        "kind": want["kind"], "severity": min(a["alert"]["severity"] for a in mine), "packet": mine[0]["pcap_cnt"],
        "path": want.get("path") if want.get("path") in [c["path"] for c in contexts] else last["path"],
        "experimental": last["rule"]["experimental"], "roles": skype.get("roles"), "seen": skype.get("seen"),
        "version": skype.get("version"), "logged_in": skype.get("logged_in"), "port": skype.get("listen_port"),
        "own": skype.get("public_ip"), "web": skype.get("listens_on_web_ports"), "mapped": skype.get("listen_port_mapped"),
        "relay": "%s:%d" % (last["relay"]["ip"], last["relay"]["port"]) if "relay" in last else None,
        "peers_total": last.get("peers_total"), "flows": len({e["flow_id"] for e in flows}),
        "udp": len({e["flow_id"] for e in flows if e["proto"] == "UDP"}),
    }
    wrong = ["%s: %r, not %r" % (key, got[key], want[key]) for key in want if key in got and got[key] != want[key]]
    facts = {e["fact"] for c in contexts for e in c["evidence"]}
    wrong += ["no evidence: %s" % f for f in want.get("evidence", []) if f not in facts]
    wrong += ["not named: %s" % t for t in want.get("target", []) if t not in targets]
    if len(mine) > 12:
        wrong.append("%d alerts" % len(mine))
    if len({c["session"] for c in contexts}) != 1:
        wrong.append("several sessions")
    if last["app"] != "Skype":
        wrong.append("called %s" % last["app"])
    return wrong


def made(n, name):
    capture = Capture(n)
    SCENARIOS[name][0](capture)
    return capture


def main():
    if sys.argv[1] == "--write":
        made(list(SCENARIOS).index(sys.argv[2]), sys.argv[2]).write(sys.argv[3])
        return False
    program = os.path.abspath(sys.argv[1])
    only = sys.argv[2:] or SCENARIOS
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for n, name in enumerate(SCENARIOS):
            want = SCENARIOS[name][1]
            path = os.path.join(folder, name + ".pcap")
            if name not in only:
                continue
            made(n, name).write(path)
            events, error = events_of(program, path)
            wrong = [error] if events is None else faults(want, events)
            failed += bool(wrong)
            for text in wrong:
                print("%s: %s" % (name, text))
    print("skype: %d scenarios, %d failed" % (len(only), failed))
    return failed > 0


sys.exit(main())
