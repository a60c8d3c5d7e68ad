#!/bin/bash
# lab.sh -- makes the captures of pcaps/: real programs, behind real NATs, in network namespaces of its own.
#
#	lab.sh [-n] [SCENARIO...]	all without a name; -n keeps the results in the working folder only
#	lab.sh -l			what there is
#
# A scenario is a function scenario_NAME in scenarios/*.sh. It brings the network up, captures, runs programs, and then asks
# those programs what happened. Only if their own words agree with what the capture is meant to show is it kept; the peer and
# the path in pcaps/LIST are those words too, so that the sensor is never measured against itself. Needs root.
set -u
export LC_ALL=C
HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
PCAPS=$ROOT/pcaps
WORK=${PUNCHWATCH_LAB_WORK:-${TMPDIR:-/tmp}/punchwatch-lab}
KEEP=1
RUNNING=
. "$HERE/net.sh"
for f in "$HERE"/scenarios/*.sh; do
	. "$f"
done

say() { printf 'lab: %s\n' "$*" >&2; }

# fail WHAT...: the scenario did not show what it should; nothing is kept.
fail() {
	say "$SCENARIO: $*"
	exit 1
}

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.1
	done
}

# capture POINT...: inside is NAT A's LAN side, outside its WAN side. One file each.
capture() {
	local point ifname
	for point; do
		ifname=lan0
		[ "$point" != outside ] || ifname=wan0
		start nata "$RUN/tcpdump-$point.log" tcpdump -Z root -i "$ifname" -s 0 -B 8192 -U -w "$RUN/$point.pcap"
		wait_for 10 grep -q 'listening on' "$RUN/tcpdump-$point.log" || fail "tcpdump does not start"
		CAPTURES="${CAPTURES:-} $point:$STARTED"
	done
}

# capture_end: let the last packets arrive, then close the files. The kernel hands packets to tcpdump at most a second late.
capture_end() {
	local c
	sleep 1.5
	for c in $CAPTURES; do
		kill -INT "${c#*:}"
		wait "${c#*:}" || :
		grep -q '^0 packets dropped by kernel' "$RUN/tcpdump-${c%%:*}.log" || fail "tcpdump dropped packets"
	done
	CAPTURES=
}

# keep POINT FILE HOME KINDS PATH LOCAL PEER PROGRAMS SHOWS: the capture is good. KINDS: the alert that must be there, then
# others that may, by comma; "none" if it must stay silent. PATH, LOCAL, PEER: what the alert of the first kind must say, "-"
# where nothing is asked.
keep() {
	local point=$1 file=$2 packets
	shift 2
	packets=$(tcpdump -r "$RUN/$point.pcap" 2>/dev/null | wc -l)
	[ "$packets" -gt 0 ] || fail "$point capture is empty"
	printf '%s\t' "$file" "$1" "$2" "$3" "$4" "$5" "$packets" "$(date -u +%F)" "$6" >"$RUN/$file.entry"
	printf '%s\n' "$7" >>"$RUN/$file.entry"
	say "$SCENARIO: $file, $packets packets: $2 $3 $4 -> $5"
	[ "$KEEP" = 1 ] || return 0
	cp "$RUN/$point.pcap" "$PCAPS/$file"
	{
		grep -v "^$file	" "$PCAPS/LIST" 2>/dev/null || :
		cat "$RUN/$file.entry"
	} | sort >"$WORK/LIST.new"
	mv "$WORK/LIST.new" "$PCAPS/LIST"
}

# version PACKAGE...: "coturn 4.6.1-1, ..."
version() {
	dpkg-query -W -f '${Package} ${Version}, ' "$@" | sed 's/, $//'
}

# nat_peers PROTOCOL [FAMILY]: conversations that NAT A saw answered, in conntrack's words (not ours): inside end, remote end
# as the inside sees it, and the NAT's own end towards it.
nat_peers() {
	in_ns nata conntrack -L -f "${2:-ipv4}" -p "$1" 2>/dev/null | awk '
		function end(a, p) { return (a ~ /:/ ? "[" a "]" : a) ":" p }
		/UNREPLIED/ { next }
		{
			split("", ends); n = 0
			for (i = 1; i <= NF; i++)
				if ($i ~ /^(src|dst|sport|dport)=/)
					ends[++n] = substr($i, index($i, "=") + 1)
			print end(ends[1], ends[3]), end(ends[2], ends[4]), end(ends[6], ends[8])
		}' | sort -u
}

run() {
	SCENARIO=$1
	RUN=$WORK/$1
	rm -rf "$RUN"
	mkdir -p "$RUN"
	# In the background, so that a signal is acted upon at once, and not in a condition: there, `set -e` would mean nothing.
	(
		set -e
		trap net_down EXIT
		"scenario_${1//-/_}"
	) &
	RUNNING=$!
	wait "$RUNNING"
}

stop() {
	[ -z "$RUNNING" ] || { kill "$RUNNING"; wait "$RUNNING"; } 2>/dev/null
	net_down
	exit 130
}

scenarios() {
	declare -F | sed -n 's/^declare -f scenario_//p' | tr _ -
}

prepare() {
	[ "$(id -u)" = 0 ] || { say "needs root, for network namespaces"; exit 1; }
	mkdir -p "$WORK" "$PCAPS"
	${CC:-cc} -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -O2 -o "$WORK/wire" "$HERE/wire.c" || exit 1
	${CC:-cc} -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -O2 -o "$WORK/nice_call" "$HERE/nice_call.c" \
	    $(pkg-config --cflags --libs nice) || exit 1
	${CC:-cc} -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -O2 -o "$WORK/tox_call" "$HERE/tox_call.c" -ltoxcore || exit 1
	[ -f "$WORK/cert.pem" ] || openssl req -x509 -newkey rsa:2048 -nodes -keyout "$WORK/key.pem" -out "$WORK/cert.pem" \
	    -days 30 -subj /CN=meet.example.org 2>/dev/null || exit 1
}

while getopts nl opt; do
	case $opt in
	n) KEEP=0 ;;
	l) scenarios; exit 0 ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
trap stop INT TERM
prepare
failed=
for s in ${*:-$(scenarios)}; do
	run "$s"
	test $? = 0 || failed="$failed $s"
done
[ "$KEEP" = 1 ] && bash "$HERE/readme.sh" "$PCAPS"
[ -z "$failed" ] || { say "not kept:$failed"; exit 1; }
