#!/bin/sh
# same.sh [CAPTURE...] -- what must not change the alerts: a second run, a capture split into five files, every packet twice (as a
# SPAN port delivers it), two and four workers. Classic pcap files; default: all of pcaps/.
set -u
cd "$(dirname "$0")/.." || exit 2
P=${PUNCHWATCH:-./punchwatch}
work=$(mktemp -d "${TMPDIR:-/tmp}/punchwatch-same.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- pcaps/*.pcap
failed=0 n=0

# What an analyst would see: alerts without packet numbers, times, and what is counted of bytes and packets (a copy moves them).
alerts() {
	grep '"event_type":"alert"' "$1" | sed -E 's/"(pcap_cnt|duration_s|bytes_out|bytes_in|packets_out|packets_in|rate_out|rate_in|pkts_toserver|pkts_toclient|bytes_toserver|bytes_toclient)":[0-9.]+//g; s/"timestamp":"[^"]*"//; s/since [0-9:]+//g; s/"flow_id":[0-9]+//' | sort
}
check() { # what capture expected got
	n=$((n + 1))
	if ! cmp -s "$3" "$4"; then
		echo "$2: $1 gives other alerts"
		diff "$3" "$4" | cut -c1-400 | head -10
		failed=$((failed + 1))
	fi
}
for f in "$@"; do
	$P read -q --eve - "$f" >"$work/once" 2>/dev/null
	$P read -q --eve - "$f" >"$work/again" 2>/dev/null
	check "a second run" "$f" "$work/once" "$work/again"
	for j in 2 4; do
		$P read -j $j -q --eve - "$f" >"$work/workers" 2>/dev/null
		check "-j $j" "$f" "$work/once" "$work/workers"
	done
	build/bench/mangle split 5 "$f" "$work/part" || continue
	$P read -q --eve - "$work/part.0" "$work/part.1" "$work/part.2" "$work/part.3" "$work/part.4" >"$work/parts" 2>/dev/null
	check "five files" "$f" "$work/once" "$work/parts"
	build/bench/mangle double "$f" "$work/double.pcap"
	$P read -q --eve - "$work/double.pcap" >"$work/twice" 2>/dev/null
	alerts "$work/once" >"$work/a"
	alerts "$work/twice" >"$work/b"
	check "every packet twice" "$f" "$work/a" "$work/b"
done
echo "$n comparisons, $failed differ"
[ "$failed" -eq 0 ] && [ "$n" -gt 0 ]
