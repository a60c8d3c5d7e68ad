#!/bin/bash
# live.sh -- the sensor on a mirrored port, as at a border: captures are sent through a switch port whose traffic is mirrored
# (tc mirred) to the interface that `punchwatch watch` listens on. What it says must be what `read` says of the same capture.
#
#	live.sh [PROGRAM]		needs root and network namespaces: without, it says so and is skipped
#
#   sender tx0 ---- port0 [switch] span0 ---- mon0 [monitor: punchwatch watch -i mon0]
#                     |      mirror ^
#                     +-------------+
set -u
HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
PROGRAM=${1:-$ROOT/punchwatch}
PCAPS=$ROOT/pcaps
WORK=$(mktemp -d)
chmod 777 "$WORK"	# the sensor that has given up root writes there
SPACES="pwlab-live-sender pwlab-live-switch pwlab-live-monitor"
WATCH=
LISTEN=		# other interfaces than mon0, and how many workers
passed=0 failed=0

down() {
	local ns
	[ -z "$WATCH" ] || kill "$WATCH" 2>/dev/null
	for ns in $SPACES; do
		ip netns del "$ns" 2>/dev/null
	done
	rm -rf "$WORK"
}

skip() {
	echo "live: skipped: $*"
	exit 77
}

ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "FAIL live: $*"; }
check() { # WHAT COMMAND...
	local what=$1
	shift
	if "$@"; then ok; else bad "$what"; fi
}

# wait_for SECONDS COMMAND...
wait_for() {
	local end=$((SECONDS + $1))
	shift
	until "$@" 2>/dev/null; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.1
	done
}

up() {
	local ns
	for ns in $SPACES; do
		ip netns del "$ns" 2>/dev/null
		ip netns add "$ns" 2>/dev/null || skip "cannot make a network namespace here"
		ip netns exec "$ns" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
	done
	set -- $SPACES
	ip link add tx0 netns "$1" type veth peer name port0 netns "$2" &&
	ip link add span0 netns "$2" type veth peer name mon0 netns "$3" &&
	ip -n "$1" link set tx0 up && ip -n "$2" link set port0 up && ip -n "$2" link set span0 up && ip -n "$3" link set mon0 up &&
	tc -n "$2" qdisc add dev port0 ingress &&
	tc -n "$2" filter add dev port0 parent ffff: protocol all u32 match u32 0 0 action mirred egress mirror dev span0 ||
	    skip "this kernel has no mirroring (veth, tc mirred)"
}

# watch_start NAME [OPTION...]
watch_start() {
	local name=$1
	shift
	rm -f "$WORK/$name".*
	ip netns exec pwlab-live-monitor "$PROGRAM" watch ${LISTEN:--i mon0} --informational "$@" --eve "$WORK/$name.eve" \
	    >"$WORK/$name.out" 2>"$WORK/$name.err" </dev/null &
	WATCH=$!
	wait_for 10 listening || bad "$name: watch does not start: $(cat "$WORK/$name.err")"
}

# listening: a packet socket is open in the monitor's namespace.
listening() { [ "$(ip netns exec pwlab-live-monitor cat /proc/net/packet | wc -l)" -gt 1 ]; }

# watch_stop NAME SIGNAL: it must end within three seconds, with exit code 0.
watch_stop() {
	local name=$1 started=$SECONDS
	kill "-$2" "$WATCH"
	wait_for 10 ended "$WATCH" || { bad "$name: does not end on SIG$2"; kill -9 "$WATCH"; }
	[ $((SECONDS - started)) -le 3 ] || bad "$name: took $((SECONDS - started)) s to end on SIG$2"
	wait "$WATCH"
	check "$name: exit code after SIG$2" [ $? = 0 ]
	WATCH=
}

ended() { ! kill -0 "$1" || grep -q '^State:.*Z' "/proc/$1/status"; }

sent() { ip netns exec pwlab-live-sender /usr/bin/python3 "$HERE/send.py" "$@" tx0; }

lines() { /usr/bin/python3 "$ROOT/tests/eve_lines.py" -e <"$1"; }

# played CAPTURE SIGNAL: sent once while it is watched, and stopped right after the last frame: those last frames are still in
# the kernel's ring then, and count.
played() {
	local capture=$1 signal=$2 home frames
	home=$(awk -F'\t' -v c="$capture" '$1 == c { print $2 }' "$PCAPS/LIST")
	rm -f "$WORK"/read.*
	"$PROGRAM" read -q --home "$home" --eve "$WORK/read.eve" "$PCAPS/$capture" || bad "$capture: read fails"
	watch_start watch --home "$home"
	frames=$(sent "$PCAPS/$capture")
	watch_stop watch "$signal"
	lines "$WORK/read.eve" >"$WORK/read.lines"
	lines "$WORK/watch.eve" >"$WORK/watch.lines"
	check "$capture: watch and read say the same" diff -u --label read --label watch "$WORK/read.lines" "$WORK/watch.lines"
	check "$capture: $frames frames sent, but: $(grep packets "$WORK/watch.out")" counted "$frames" "$WORK/watch.out"
	check "$capture: drops: $(grep drops "$WORK/watch.out")" no_drops "$WORK/watch.out"
	echo "live: $capture: $frames frames, $(grep -c '^[a-z]' "$WORK/watch.lines") alerts, SIG$signal"
}

counted() { tr -d ",'" <"$2" | grep -Eq "^$1 packets"; }
no_drops() { ! grep -Eq 'kernel_drops|interface_drops' "$1"; }

# tapped CAPTURE OPTION...: a tap has an output for each direction. What comes from the first sender goes to one interface, the rest to
# the other; two workers.
tapped() {
	local capture=$1 home frames
	shift
	home=$(awk -F'\t' -v c="$capture" '$1 == c { print $2 }' "$PCAPS/LIST")
	rm -f "$WORK"/read.*
	"$PROGRAM" read -q --home "$home" --eve "$WORK/read.eve" "$PCAPS/$capture" || bad "$capture: read fails"
	LISTEN="-i tapa1 -i tapb1 $*"
	watch_start tap --home "$home"
	sleep 0.3
	frames=$(ip netns exec pwlab-live-sender /usr/bin/python3 "$HERE/send.py" "$PCAPS/$capture" tapa0,tapb0)
	watch_stop tap TERM
	LISTEN=
	lines "$WORK/read.eve" >"$WORK/read.lines"
	lines "$WORK/tap.eve" >"$WORK/watch.lines"
	check "$capture: a tap $*: watch and read say the same" diff -u --label read --label watch "$WORK/read.lines" "$WORK/watch.lines"
	check "$capture: $frames frames sent, but: $(grep packets "$WORK/tap.out")" counted "$frames" "$WORK/tap.out"
	check "$capture: drops: $(grep drops "$WORK/tap.out")" no_drops "$WORK/tap.out"
	echo "live: $capture on a tap, $*: $frames frames, $(grep -c '^[a-z]' "$WORK/watch.lines") alerts"
}

# fast WORKERS: an office's traffic as fast as this machine can send it: nothing is dropped, and the alerts are those of `read`.
fast() {
	local sent
	[ -x "$ROOT/build/bench/blast" ] && [ -x "$ROOT/build/bench/gen" ] || { echo "live: fast: skipped: make tools first"; return; }
	[ -s "$WORK/border.pcap" ] || "$ROOT/build/bench/gen" border 10000 >"$WORK/border.pcap" 2>/dev/null
	[ -s "$WORK/border.lines" ] || "$PROGRAM" read -q --eve - "$WORK/border.pcap" | who >"$WORK/border.lines"
	LISTEN="-i tapa1 -j $1"
	watch_start fast
	sent=$(ip netns exec pwlab-live-sender "$ROOT/build/bench/blast" "$WORK/border.pcap" tapa0)
	watch_stop fast INT
	LISTEN=
	who <"$WORK/fast.eve" >"$WORK/watch.lines"
	check "fast, -j $1: watch and read say the same" diff -u --label read --label watch "$WORK/border.lines" "$WORK/watch.lines"
	check "fast, -j $1: $sent frames sent, but: $(grep packets "$WORK/fast.out")" counted "${sent% *}" "$WORK/fast.out"
	check "fast, -j $1: drops: $(grep drops "$WORK/fast.out")" no_drops "$WORK/fast.out"
	echo "live: fast, -j $1: ${sent% *} frames, ${sent#* } a second, $(wc -l <"$WORK/watch.lines") alerts"
}

# What each alert is, and between whom; when depends on how fast it came.
who() { /usr/bin/python3 "$ROOT/tests/eve_lines.py" | awk '{ print $1, $2, $3, $4 }' | sort; }

# One of two interfaces is deleted and made anew: the other goes on, and what comes to the new one is seen.
replaced() {
	local n
	LISTEN="-i tapa1 -i tapb1 -j 2"
	watch_start replaced --home 10.10.0.0/24
	sleep 0.5	# both are open
	ip -n pwlab-live-sender link del tapb0
	wait_for 5 grep -q 'tapb1: is gone' "$WORK/replaced.err" || bad "replaced: it does not say that the interface is gone"
	ip netns exec pwlab-live-sender /usr/bin/python3 "$HERE/send.py" "$PCAPS/stun-binding.pcap" tapa0 >/dev/null
	check "replaced: the other interface goes on" wait_for 15 grep -q '"kind":"stun-discovery"' "$WORK/replaced.eve"
	tap b
	wait_for 5 grep -q 'tapb1: is another interface now' "$WORK/replaced.err" || bad "replaced: the new one is not watched: $(cat "$WORK/replaced.err")"
	ip netns exec pwlab-live-sender /usr/bin/python3 "$HERE/send.py" "$PCAPS/stun-nat-behaviour.pcap" tapb0 >"$WORK/n"
	watch_stop replaced INT
	LISTEN=
	n=$(ip netns exec pwlab-live-sender true; grep packets "$WORK/replaced.out" | head -1)
	check "replaced: frames of the new interface are missing: $n" [ "$(echo "$n" | tr -d ",'" | awk '{print $1}')" -gt "$(cat "$WORK/n")" ]
	echo "live: an interface that is replaced"
}

# tap a|b: a wire from the sender to the monitor, past the switch.
tap() {
	ip link add "tap${1}0" netns pwlab-live-sender type veth peer name "tap${1}1" netns pwlab-live-monitor &&
	ip -n pwlab-live-sender link set "tap${1}0" up && ip -n pwlab-live-monitor link set "tap${1}1" up
}

# Nothing comes at all: it must neither hang nor wait for a packet in order to stop.
idle() {
	watch_start idle --home 10.0.0.0/8
	sleep 2
	watch_stop idle INT
	check "idle: says nothing" [ "$(lines "$WORK/idle.eve" | wc -l)" = 0 ]
	echo "live: idle interface"
}

# Time goes on without traffic: the alert of a lone question comes while nothing more is heard.
quiet_after() {
	watch_start quiet --home 10.10.0.0/24
	sent "$PCAPS/stun-binding.pcap" >/dev/null
	check "the alert comes in the silence after it" wait_for 15 grep -q '"kind":"stun-discovery"' "$WORK/quiet.eve"
	watch_stop quiet TERM
	echo "live: alert while the interface is silent"
}

[ -x "$PROGRAM" ] || { echo "live: no program at $PROGRAM: make it first" >&2; exit 1; }
[ "$(id -u)" = 0 ] || skip "needs root, for network namespaces"
command -v ip >/dev/null && command -v tc >/dev/null || skip "no ip or tc (package iproute2)"
trap down EXIT
trap 'exit 130' INT TERM
up
idle
quiet_after
played webrtc-direct.pcap INT
played webrtc-relay.pcap TERM
played nice-tcp.pcap INT
played stun-nat-behaviour.pcap TERM
played benign-web.pcap INT
LISTEN="-i mon0 -j 2"
played webrtc-relay.pcap TERM
LISTEN=
tap a && tap b || skip "no more veth"
tapped webrtc-direct.pcap -j 2
tapped stun-nat-behaviour.pcap -j 1
ip -n pwlab-live-sender link set tapa0 mtu 9000 && ip -n pwlab-live-monitor link set tapa1 mtu 9000
fast 1
fast 2
replaced
echo "live: $passed passed, $failed failed"
[ "$failed" = 0 ]
