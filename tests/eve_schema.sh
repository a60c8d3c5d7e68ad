#!/bin/sh
# eve_schema.sh [EVE_TEST] -- events of every kind, in every profile, against Suricata's own JSON schemas.
#
# The schemas are Suricata's and not part of this project: PUNCHWATCH_SCHEMAS names their folder (suricata-VERSION.json,
# from Suricata's etc/schema.json). Without them, or without python3-jsonschema, it says so and skips (77).
set -e
cd "$(dirname "$0")/.."
maker=${1:-$(ls -t build/*/tests/sensor/event/eve_test 2>/dev/null | head -n 1)}	# the newest, of whatever build
schemas=${PUNCHWATCH_SCHEMAS:-../shared/schemas}

[ -x "$maker" ] || { echo "eve_schema: there is no eve_test yet: make unit first"; exit 1; }
ls "$schemas"/suricata-*.json >/dev/null 2>&1 || { echo "eve_schema: skipped, no schemas in $schemas (PUNCHWATCH_SCHEMAS)"; exit 77; }
/usr/bin/python3 -c 'import jsonschema' 2>/dev/null || { echo "eve_schema: skipped, no python3-jsonschema"; exit 77; }

for profile in 7 8 full; do
	"$maker" --print $profile | /usr/bin/python3 -c '
import glob, json, os, re, sys
import jsonschema

folder, profile = sys.argv[1:]
files = sorted(glob.glob(os.path.join(folder, "suricata-*.json")))
if profile != "7":		# alert.context came with Suricata 8
    files = [f for f in files if not os.path.basename(f).startswith("suricata-7")]
schemas = {os.path.basename(f): json.load(open(f)) for f in files}
checks = {n: jsonschema.validators.validator_for(s)(s) for n, s in schemas.items()}


def unique(pairs):
    assert len({k for k, _ in pairs}) == len(pairs), "a key twice"
    assert all(not isinstance(v, int) or abs(v) <= 2**53 for _, v in pairs), "an integer beyond 2^53"
    return dict(pairs)


kinds, faults, events = set(), 0, 0
for line in sys.stdin:
    event = json.loads(line, object_pairs_hook=unique)
    assert len(line.encode()) <= 8192 and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+0000", event["timestamp"])
    if profile == "full" and event["event_type"] in ("stun", "p2p_session"):
        continue		# types of our own
    if profile == "full" and event["event_type"] == "stats":
        assert event["stats"].pop("punchwatch")["capture"]["packets"]
    events += 1
    if "alert" in event:
        kinds.add(event["alert"]["signature_id"])
    for name, check in checks.items():
        for error in check.iter_errors(event):
            faults += 1
            print(f"profile {profile}, {name}: {list(error.absolute_path)}: {error.message[:200]}")
print(f"profile {profile}: {events} events of {len(kinds)} kinds, {faults} faults, against {len(checks)} schemas")
sys.exit(1 if faults or not events or not checks or len(kinds) < 12 else 0)
' "$schemas" $profile
done
