#!/bin/bash
# readers.sh [PROGRAM] -- what docs/readers.md says of rsyslog: it reads list, stream and channel of a real Redis into a file with
# config/readers/rsyslog.conf, and what arrives is what was said, byte for byte; also what was said while it was away.
#
# Needs redis-server, rsyslogd and its module imhiredis (Debian 13: rsyslog-hiredis): without them it says so and skips (77).
set -u
HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
PROGRAM=${1:-$ROOT/punchwatch}
CONF=$ROOT/config/readers/rsyslog.conf
CAPTURES="$ROOT/pcaps/webrtc-direct.pcap $ROOT/pcaps/turn-tcp.pcap $ROOT/pcaps/bittorrent.pcap"
DIR=$(mktemp -d)
PORT=$((20000 + $$ % 20000))
REDIS= SYSLOG=
failed=0

down() {
	[ -z "$SYSLOG" ] || kill "$SYSLOG" 2>/dev/null
	[ -z "$REDIS" ] || kill "$REDIS" 2>/dev/null
	rm -rf "$DIR"
}
trap down EXIT
trap 'exit 130' INT TERM
skip() {
	echo "readers: skipped: $*"
	exit 77
}
bad() {
	echo "FAIL readers: $*"
	failed=1
}
wait_for() { # SECONDS COMMAND...
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.1
	done
}
redis() { redis-cli -p "$PORT" "$@"; }

command -v redis-server >/dev/null || skip "there is no redis-server"
command -v rsyslogd >/dev/null || skip "there is no rsyslogd"
ls /usr/lib/*/rsyslog/imhiredis.so >/dev/null 2>&1 || skip "rsyslog has no imhiredis (Debian 13: rsyslog-hiredis)"

redis-server --port "$PORT" --bind 127.0.0.1 --save '' --appendonly no --dir "$DIR" >"$DIR/redis.log" 2>&1 &
REDIS=$!
wait_for 10 redis ping || { bad "redis-server does not start"; exit 1; }
"$PROGRAM" read -q --eve - $CAPTURES >"$DIR/said" 2>"$DIR/err" || bad "read: $(cat "$DIR/err")"
lines=$(wc -l <"$DIR/said")

# start MODE: the recipe, with the one input of this mode, and our port and files.
start() {
	awk -v mode="$1" '/^input\(/ { on = 1; skip = index($0, "mode=\"" mode "\"") == 0 } !on || !skip { print } /\)$/ { on = 0 }' "$CONF" |
	    sed "s|port=\"6379\"|port=\"$PORT\"|; s|/var/log/punchwatch-eve.json|$DIR/heard|" >"$DIR/rsyslog.conf"
	[ "$(grep -c '^input' "$DIR/rsyslog.conf")" = 1 ] || bad "$CONF has no input for $1"
	rsyslogd -n -f "$DIR/rsyslog.conf" -i "$DIR/rsyslog.pid" >"$DIR/rsyslog.log" 2>&1 &
	SYSLOG=$!
}
stop() {
	kill "$SYSLOG"
	wait "$SYSLOG" 2>/dev/null
	SYSLOG=
}
say() { # MODE: the captures' events to Redis
	"$PROGRAM" read -q --redis "redis://127.0.0.1:$PORT/0?mode=$1&key=punchwatch" $CAPTURES >"$DIR/err" 2>&1 || bad "$1: $(cat "$DIR/err")"
}
all_heard() { # TIMES
	[ "$(wc -l <"$DIR/heard" 2>/dev/null)" = $((lines * $1)) ]
}
compare() { # WHAT TIMES
	wait_for 15 all_heard "$2"
	for i in $(seq "$2"); do cat "$DIR/said"; done | cmp -s - "$DIR/heard" && echo "readers: $1: $((lines * $2)) events, byte for byte" ||
		{ bad "$1: $(wc -l <"$DIR/heard" 2>/dev/null) of $((lines * $2)) events, or not the same"; cat "$DIR/rsyslog.log"; }
	rm -f "$DIR/heard"
	redis flushall >/dev/null
}

say list			# rsyslog is away
start queue
wait_for 15 all_heard 1
say list
compare list 2
stop

say stream
start stream
wait_for 15 all_heard 1
stop
say stream
start stream
compare stream 2
stop

start subscribe
wait_for 10 sh -c "redis-cli -p $PORT pubsub numsub punchwatch | grep -qx 1" || bad "rsyslog does not subscribe"
say channel
compare channel 1
stop
[ $failed = 0 ]
