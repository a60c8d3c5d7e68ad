#!/bin/sh
# eval.sh [--gate] -- score ./punchwatch against labelled captures: EVAL names the folder with score.py and score_lab.py.
#
# --gate: exit 1 if anything crashed, raised a false alarm, claimed a false path or named a wrong application, or if the recall of
# anything fell below what was reached before (FLOORS, LAB_FLOORS: raise them when more is reached).
set -u
cd "$(dirname "$0")/.." || exit 2
EVAL=${EVAL:-../shared/eval}
FLOORS='{"stun": 1, "turn": 1, "ice": 1, "stun flows": 1, "p2p_direct": 1, "p2p flows": 1, "app": 1, "voip_clientserver": 1, "p2p_filesharing": 1, "nat_traversal_other": 1}'
LAB_FLOORS='{"quiet": 1, "stun": 1, "attempt": 1, "relay": 1, "relay-any": 1, "no-direct": 1, "conference": 1, "calm": 1, "form": 1, "direct": 1, "traversal": 1, "app": 1}'
if [ ! -f "$EVAL/score.py" ]; then
	echo "no labelled captures at $EVAL (EVAL=FOLDER says where)"
	exit 77
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/punchwatch-eval.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
failed=0 gate=
[ "${1:-}" = --gate ] && gate='--gate 0'
# shellcheck disable=SC2086
/usr/bin/python3 "$EVAL/score.py" --json "$work/score" $gate || failed=1
# shellcheck disable=SC2086
/usr/bin/python3 "$EVAL/score_lab.py" --json "$work/lab" $gate || failed=1
[ -n "$gate" ] || exit $failed

# floors FIGURES HITS TOTALS FLOORS: each recall against its floor.
floors() {
	/usr/bin/python3 - "$@" <<'PY' || failed=1
import json, sys
figures, floors = json.load(open(sys.argv[1])), json.loads(sys.argv[4])
hits, totals = figures[sys.argv[2]], figures[sys.argv[3]]
low = {k: hits.get(k, 0) / totals[k] for k in floors if totals.get(k) and hits.get(k, 0) / totals[k] < floors[k]}
for name, reached in low.items():
    print(f"gate: {name} fell to {reached:.3f}, it was at least {floors[name]}")
sys.exit(bool(low))
PY
}
floors "$work/score" hits totals "$FLOORS"
floors "$work/lab" passed total "$LAB_FLOORS"
exit $failed
