#!/bin/sh
# bench.sh -- what a packet costs, beside ndpiReader in the same run. `make bench`.
#
# CPU is user and system time of the whole process, less the same command's on a capture of almost nothing (its start-up);
# the runs of the contenders alternate, the median of RUNS is printed. Instructions are callgrind's, on a tenth of the workload.
# Memory a flow is the growth of the peak resident set over start-up, by all flows of the capture, if these are many.
#   RUNS=3 SCALE=1 INSTRUCTIONS=1 WORKLOADS="border churn bulk calls" SIGNATURES=auto sh tests/bench/bench.sh
# SIGNATURES names another folder of them (tests/tools/signatures.sh makes 10,000), or none ("").
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
RUNS=${RUNS:-3} SCALE=${SCALE:-1} INSTRUCTIONS=${INSTRUCTIONS:-1} WORKLOADS=${WORKLOADS:-border churn bulk calls} SIGNATURES=${SIGNATURES-auto}
gen=$top/build/bench/gen measure=$top/build/bench/measure
work=$(mktemp -d "${TMPDIR:-/tmp}/punchwatch-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
ndpi=$(command -v ndpiReader || true)
[ -n "$ndpi" ] || echo "ndpiReader is not installed (package libndpi-bin): no peer to compare with" >&2

run() { # contender capture -> "cpu rss wall exit"
	case $1 in
	punchwatch) "$measure" "$work/r" "$top/punchwatch" read -q -s "$SIGNATURES" --eve /dev/null "$2" >/dev/null 2>"$work/err" ;;
	ndpiReader) "$measure" "$work/r" "$ndpi" -q -i "$2" >/dev/null 2>"$work/err" ;;
	esac
	read -r cpu rss wall rc <"$work/r"
	[ "$rc" = 0 ] || { echo "$1 on $2: exit $rc" >&2; cat "$work/err" >&2; exit 1; }
	echo "$cpu $rss $wall"
}
median() { sort -n | awk '{v[NR]=$1} END {print v[int((NR + 1) / 2)]}'; }
instructions() { # contender capture
	case $1 in
	punchwatch) set -- "$top/punchwatch" read -q -s "$SIGNATURES" --eve /dev/null "$2" ;;
	ndpiReader) set -- "$ndpi" -q -i "$2" ;;
	esac
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null | awk '/Collected/ {print $4}'
}
flows_of() { case $1 in border) echo 120000 ;; churn) echo 1000000 ;; bulk) echo 64 ;; calls) echo 3000 ;; esac; }

contenders="punchwatch${ndpi:+ ndpiReader}"
"$gen" churn 1 >"$work/none.pcap" 2>/dev/null
for c in $contenders; do
	for i in $(seq "$RUNS"); do run "$c" "$work/none.pcap"; done >"$work/start.$c"
	[ "$INSTRUCTIONS" = 0 ] || instructions "$c" "$work/none.pcap" >"$work/start_ir.$c"
done
printf '%-8s %-11s %9s %9s %8s %9s %9s %9s\n' workload contender packets 'CPU s' 'Mpkt/s' 'ins/pkt' 'RSS MiB' 'B/flow'
for w in $WORKLOADS; do
	flows=$(awk "BEGIN {print int($(flows_of "$w") * $SCALE)}")
	packets=$("$gen" "$w" "$flows" 2>&1 >"$work/w.pcap" | awk '{print $4}')
	small=$("$gen" "$w" $((flows / 10 + 1)) 2>&1 >"$work/s.pcap" | awk '{print $4}')
	for c in $contenders; do : >"$work/$w.$c"; done
	for i in $(seq "$RUNS"); do for c in $contenders; do run "$c" "$work/w.pcap" >>"$work/$w.$c"; done; done
	for c in $contenders; do
		cpu0=$(cut -d' ' -f1 "$work/start.$c" | median) rss0=$(cut -d' ' -f2 "$work/start.$c" | median)
		cpu=$(cut -d' ' -f1 "$work/$w.$c" | median) rss=$(cut -d' ' -f2 "$work/$w.$c" | median)
		ir=-
		if [ "$INSTRUCTIONS" != 0 ]; then
			ir=$(awk "BEGIN {printf \"%d\", ($(instructions "$c" "$work/s.pcap") - $(cat "$work/start_ir.$c")) / $small}")
		fi
		awk "BEGIN {c = $cpu - $cpu0; if (c < 0.001) c = 0.001; printf \"%-8s %-11s %9d %9.2f %8.2f %9s %9.1f %9s\n\", \"$w\", \"$c\", $packets, c, $packets / c / 1e6, \"$ir\", $rss / 1024, $flows < 1000 ? \"-\" : int(($rss - $rss0) * 1024 / $flows)}"
		eval "cpu_$c=\$(awk 'BEGIN {print $cpu - $cpu0}')"
	done
	[ -z "$ndpi" ] || awk "BEGIN {printf \"%-8s punchwatch is %.1f times as fast as ndpiReader\n\", \"$w\", $cpu_ndpiReader / ($cpu_punchwatch > 0.001 ? $cpu_punchwatch : 0.001)}"
done
