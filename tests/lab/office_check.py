#!/usr/bin/python3
"""office_check.py -- does the sensor see the office day as it was?

    office_check.py PROGRAM CAPTURE TRUTH

TRUTH, by those who did it: kind, inside host, far end, its port ("-": any), one a line by tab. With the meetings' service approved
exactly these are severity 1, and nothing is severity 2. Without approval no host has two alerts of one kind within an hour, and what
was held back is counted in the summary. Prints what it found; exit 1 if it is otherwise.
"""
import sys

sys.path.pop(0)		# signal.py beside this file is not the module
import collections
import datetime
import json
import os
import subprocess

program, capture, truth = sys.argv[1:]
here = os.path.dirname(os.path.abspath(__file__))
faults = []


def alerts(policy):
    command = [program, "read", "-q", "--eve", "-", "--home", "10.10.0.0/24", "--policy", os.path.join(here, policy), capture]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit("office_check: %s: exit %d: %s" % (" ".join(command), run.returncode, run.stderr))
    events = [json.loads(line) for line in run.stdout.splitlines()]
    return [e for e in events if e["event_type"] == "alert"]


def far_ends(said):
    ends = [said.get("peer")] + said.get("peers", [])
    return {(end["ip"], str(end["port"])) for end in ends if end}


wanted = [line.rstrip("\n").split("\t") for line in open(truth)]
found = alerts("office.yaml")
print("approved: %d alerts, severity %s" % (len(found), dict(sorted(collections.Counter(e["alert"]["severity"] for e in found).items()))))
urgent = [e for e in found if e["alert"]["severity"] == 1]
for kind, host, ip, port in wanted:
    fits = [e for e in urgent if e["alert"]["context"]["kind"] == kind and e["alert"]["context"]["local"]["ip"] == host and
            any(end[0] == ip and port in ("-", end[1]) for end in far_ends(e["alert"]["context"]))]
    if not fits:
        faults.append("missing: %s of %s with %s:%s" % (kind, host, ip, port))
    urgent = [e for e in urgent if e not in fits[:1]]
for e in urgent + [e for e in found if e["alert"]["severity"] == 2]:
    faults.append("severity %d: %s" % (e["alert"]["severity"], e["alert"]["context"]["summary"]))
for e in found:
    if e["alert"]["context"].get("policy", {}).get("classification") != "RESTRICTED":
        faults.append("no classification: %s" % e["alert"]["context"]["summary"])

found = alerts("office-unapproved.yaml")
print("unapproved: %d alerts, severity %s" % (len(found), dict(sorted(collections.Counter(e["alert"]["severity"] for e in found).items()))))
times = collections.defaultdict(list)
for e in found:
    said = e["alert"]["context"]
    times[said["local"]["ip"], said["kind"]].append(datetime.datetime.fromisoformat(e["timestamp"][:26]))
for (host, kind), at in sorted(times.items()):
    at.sort()
    for before, after in zip(at, at[1:]):
        if after - before < datetime.timedelta(hours=1):
            faults.append("%s: two alerts of %s within an hour: %s, %s" % (host, kind, before, after))
hosts = {e["alert"]["context"]["local"]["ip"] for e in found}
print("unapproved: %d hosts" % len(hosts))
print("\n".join(faults) or "as it was")
sys.exit(1 if faults else 0)
