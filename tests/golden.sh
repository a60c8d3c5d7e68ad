#!/bin/bash
# golden.sh -- every capture of golden/LIST through `punchwatch read`, twice over:
#
#   what it says	against golden/NAME.out, line by line (update with -u; then read the diff)
#   what is true	against pcaps/LIST, the words of the programs that are in the capture (-u does not touch it)
#
#	golden.sh [-u] [PROGRAM]
#
# golden/LIST: name, capture (in pcaps/), options of `read`; the home networks come from pcaps/LIST where it has the capture.
set -u
HERE=$(cd "$(dirname "$0")" && pwd)
PCAPS=$HERE/../pcaps
UPDATE=0
[ "${1:-}" != -u ] || { UPDATE=1; shift; }
PROGRAM=${1:-$HERE/../punchwatch}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
passed=0 failed=0

# lines OPTION...: what the program says, as short lines.
lines() {
	"$PROGRAM" read -q --eve - "$@" >"$WORK/eve" 2>"$WORK/stderr" || { echo "exit status $?"; cat "$WORK/stderr"; }
	/usr/bin/python3 "$HERE/eve_lines.py" <"$WORK/eve" 2>&1
}

# untrue CAPTURE FILE: prints what the lines in FILE have against the truth; nothing if they agree. The first kind must be
# there with its path, local end and peer: who the alert is about if the path is direct or relayed, or the
# far end's relay; one of the servers asked. Other kinds may be there if the truth names them too or if they are
# informational; where it is "none", no kind at all.
untrue() {
	awk -v capture="$1" '
		function one_of(list, x) { return index("," list ",", "," x ",") > 0 }
		BEGIN { FS = "\t"; informational = "stun-discovery,conference,voip-server" }
		NR == FNR {
			if ($1 == capture) {
				all = kind = $3; path = $4; here = $5; peer = $6
				sub(/,.*/, "", kind)
			}
			next
		}
		{
			split($0, w, " ")
			if (w[1] == "hole-punch" || w[1] == "conference")
				there = w[4] == peer || index(w[4], peer ",") == 1
			else if (w[1] == "stun-discovery" || w[1] == "voip-server")
				there = one_of(w[6], peer)
			else
				there = w[4] == peer || index(w[4], peer ",") == 1 || w[5] == peer
			if (w[1] == kind && (path == "-" || w[2] == path) && (here == "-" || w[3] == here) && (peer == "-" || there))
				found = 1
			if (kind == "none" || !(one_of(all, w[1]) || one_of(informational, w[1])))
				print "must not be there: " $0
		}
		END { if (kind != "" && kind != "none" && !found) print "missing: " kind, path, here, peer }
	' "$PCAPS/LIST" "$2"
}

while read -r name capture options; do
	case $name in ''|'#'*) continue ;; esac
	home=$(awk -F'\t' -v c="$capture" '$1 == c { print $2 }' "$PCAPS/LIST")
	lines ${home:+--home "$home"} $options "$PCAPS/$capture" >"$WORK/out"
	[ "$UPDATE" = 0 ] || cp "$WORK/out" "$HERE/golden/$name.out"
	bad=
	diff -u --label "expected: golden/$name.out" --label now "$HERE/golden/$name.out" "$WORK/out" >"$WORK/diff" 2>&1 || bad=1
	untrue "$capture" "$WORK/out" >"$WORK/untrue"
	[ ! -s "$WORK/untrue" ] || bad=1
	if [ -n "$bad" ]; then
		failed=$((failed + 1))
		echo "FAIL $name"
		cat "$WORK/diff" "$WORK/untrue"
	else
		passed=$((passed + 1))
	fi
done <"$HERE/golden/LIST"
echo "golden: $passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
