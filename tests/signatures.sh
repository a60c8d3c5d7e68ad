#!/bin/sh
# signatures.sh -- every signature's `seen`: its captures are replayed, and must show its application (or, of one that names none, its
# kind of alert), and no application but those whose signatures say that they are seen there.
#
#	signatures.sh [PROGRAM]
#
# The home networks come from pcaps/LIST where it has the capture.
set -u
here=$(cd "$(dirname "$0")" && pwd)
pcaps=$here/../pcaps
program=${1:-$here/../punchwatch}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
failed=0 checked=0
say() {
	echo "signatures: $*"
	failed=1
}

# sid, application or "-", kind, capture; of each capture of each signature.
"$program" check --show >"$work/all" || exit 1
awk -F': ' '
	function text(s) { gsub(/^"|"$/, "", s); gsub(/\\"/, "\"", s); return s }
	function flush(   n, i, names) {
		n = split(seen, names, /", "/)
		for (i = 1; i <= n; i++)
			printf "%s\t%s\t%s\t%s\n", sid, app == "" ? "-" : app, kind, names[i]
	}
	/^- sid: / { flush(); sid = $2; app = seen = ""; kind = "voip-app" }
	/^  app: / { app = text(substr($0, 8)) }
	/^  kind: / { kind = $2 }
	/^  seen: / { seen = substr($0, 11); sub(/"\]$/, "", seen) }
	END { flush() }
' "$work/all" >"$work/seen"

cut -f4 "$work/seen" | LC_ALL=C sort -u >"$work/captures"
while read -r capture; do
	if [ ! -f "$pcaps/$capture" ]; then
		say "$capture: no such capture in pcaps/; wanted by $(awk -F'\t' -v c="$capture" '$4 == c {print $1}' "$work/seen" | tr '\n' ' ')"
		continue
	fi
	home=$(awk -F'\t' -v c="$capture" '$1 == c { print $2 }' "$pcaps/LIST")
	"$program" read -q --eve - ${home:+--home "$home"} "$pcaps/$capture" >"$work/eve" 2>"$work/err" || say "$capture: $(cat "$work/err")"
	/usr/bin/python3 -c '
import json, sys
for line in sys.stdin:
    event = json.loads(line)
    if event["event_type"] == "alert":
        said = event["alert"]["context"]
        print(said["kind"], said.get("app", "-"), sep="\t")
' <"$work/eve" >"$work/alerts" || say "$capture: no events"
	awk -F'\t' -v capture="$capture" '
		alerts { kinds[$1] = 1; apps[$2] = 1; next }
		$4 == capture && $2 != "-" { may[$2] = 1; if (!($2 in apps)) print $1 ": " capture ": no alert names " $2 }
		$4 == capture && $2 == "-" && !($3 in kinds) { print $1 ": " capture ": there is no alert " $3 }
		END { for (a in apps) if (a != "-" && !(a in may)) print capture ": names " a ", and no signature says that it is seen there" }
	' alerts=1 "$work/alerts" alerts=0 "$work/seen" >"$work/wrong"
	[ ! -s "$work/wrong" ] || say "$(cat "$work/wrong")"
	checked=$((checked + 1))
done <"$work/captures"
echo "signatures: $(grep -c '^- sid' "$work/all") signatures, $checked captures replayed"
exit $failed
