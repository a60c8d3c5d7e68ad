#!/bin/bash
# soak.sh -- everything that can go wrong between the journal and Redis, against a real redis-server: nothing made may be missing at the far
# end, and in a stream nothing may be there twice. Compared by content.
#
#	tests/soak.sh [-n ALERTS] [-k KILLS] [SCENARIO...]
#	tests/soak.sh [-n ALERTS] throughput		how fast it is when nothing goes wrong
#
# Each scenario runs with a stream and with a list. In a list, what was on its way when something broke may be there twice: at most
# one batch a fault, and no more than was counted. Needs root for one of them (a full disk).
set -u
cd "$(dirname "$0")/.." || exit 2
DELIVER=$PWD/build/bench/deliver
ALERTS=20000 KILLS=5 BATCH=1000
while getopts n:k: o; do
	case $o in
	n) ALERTS=$OPTARG ;;
	k) KILLS=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
command -v redis-server >/dev/null || { echo "skipped: there is no redis-server (Debian package redis-server)"; exit 77; }
[ -x "$DELIVER" ] || { echo "soak: make tools makes $DELIVER"; exit 2; }

SECONDS_LONG=$(( ALERTS / 40000 + 3 ))
RATE=$(( ALERTS / SECONDS_LONG ))
WORK=$(mktemp -d /tmp/punchwatch-soak-XXXXXX)
SOCKET=$WORK/redis.sock
SERVER= RUN= failed=0 total=0
cleanup() {
	[ -z "$RUN" ] || kill -9 "$RUN" 2>/dev/null
	[ -z "$SERVER" ] || kill -9 "$SERVER" 2>/dev/null
	umount "$WORK/disk" 2>/dev/null
	rm -rf "$WORK"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

redis() { redis-cli -s "$SOCKET" "$@"; }
server_start() {
	redis-server --port 0 --unixsocket "$SOCKET" --save '' --appendonly no --dir "$WORK" --daemonize no "$@" >"$WORK/redis.log" 2>&1 &
	SERVER=$!
	for _ in $(seq 500); do
		[ "$(redis ping 2>/dev/null)" = PONG ] && return
		sleep 0.02
	done
	echo "soak: redis-server does not start"
	exit 2
}
server_kill() {
	kill -9 "$SERVER" 2>/dev/null
	wait "$SERVER" 2>/dev/null
	SERVER=
	rm -f "$SOCKET"
}
address() { echo "redis+unix://$SOCKET?key=k&mode=$MODE&batch=$BATCH"; }
# run FIRST COUNT [OPTION...]: in the background
run() {
	local first=$1 count=$2
	shift 2
	"$DELIVER" run -f "$first" -n "$count" "$@" "$JOURNAL/eve.json" "$(address)" >>"$WORK/out" 2>>"$WORK/err" &
	RUN=$!
}
run_all() { run 1 "$ALERTS" -r "$RATE" -w 60; }
finish() {
	wait "$RUN"
	RUN=
}
later() { sleep "$(awk -v most="$1" -v seed="$(od -An -N4 -tu4 /dev/urandom)" 'BEGIN { srand(seed); print rand() * most }')"; }

down_all_along() {
	run 1 "$ALERTS" -w 0
	finish
	server_start
	run 1 0 -w 60
	finish
	FAULTS=1
}
client_kills() {
	server_start
	run_all
	for _ in 1 2 3 4 5; do
		later $(( SECONDS_LONG / 3 ))
		redis client kill type normal skipme yes >/dev/null
	done
	finish
	FAULTS=5
}
restart_saved() {
	server_start
	run_all
	sleep $(( SECONDS_LONG / 3 ))
	redis shutdown save 2>/dev/null
	wait "$SERVER" 2>/dev/null
	sleep 2
	server_start
	finish
	FAULTS=1
}
# What Redis answered and then forgot, only a stream can tell.
last_second_lost() {
	[ "$MODE" = stream ] || return 1
	server_start
	run_all
	sleep $(( SECONDS_LONG / 3 ))
	redis save >/dev/null
	sleep 1
	server_kill
	sleep 1
	server_start
	finish
	FAULTS=1
}
stall() {
	server_start
	run_all
	sleep $(( SECONDS_LONG / 3 ))
	kill -STOP "$SERVER"
	sleep 5
	kill -CONT "$SERVER"
	finish
	FAULTS=5		# connections that were given up: the kernel accepts them, and the first one's batch is what may be twice
}
out_of_memory() {
	server_start
	run_all
	sleep $(( SECONDS_LONG / 3 ))
	redis config set maxmemory 2mb >/dev/null
	sleep 2
	redis config set maxmemory 0 >/dev/null
	finish
	FAULTS=1
}
disk_full() {
	local left
	mkdir -p "$WORK/disk"
	mount -t tmpfs -o size=$(( ALERTS * 1700 / 1024 + 32768 ))k tmpfs "$WORK/disk" 2>/dev/null || return 1
	JOURNAL=$WORK/disk/journal
	server_start
	run_all
	sleep $(( SECONDS_LONG / 3 ))
	left=$(df --output=avail -k "$WORK/disk" | tail -1)
	fallocate -l "${left}k" "$WORK/disk/filler" 2>/dev/null || head -c "${left}k" /dev/zero >"$WORK/disk/filler" 2>/dev/null
	sleep 5
	rm "$WORK/disk/filler"
	finish
	FAULTS=1
}
# Killed at random moments; each next run makes the next alerts, and the last one only delivers. What was not in the journal at a kill is
# not made.
killed() {
	local i part=$(( ALERTS / KILLS ))
	server_start
	for i in $(seq 0 $(( KILLS - 1 ))); do
		run $(( i * part + 1 )) "$part" -r $(( RATE * 2 )) -w 60
		later 1
		kill -9 "$RUN" 2>/dev/null
		wait "$RUN" 2>/dev/null
	done
	run $(( ALERTS + 1 )) 0 -w 60
	finish
	FAULTS=$KILLS
}

number() { sed -n "s/.*$1 \([0-9]*\).*/\1/p" <<<"$2"; }
scenario() {
	local name=$1 verdict="" result twice again
	JOURNAL=$WORK/journal
	: >"$WORK/out"
	: >"$WORK/err"
	rm -f "$WORK/dump.rdb"
	if ! "$name"; then
		[ "$MODE" = list ] && [ "$name" = last_second_lost ] || echo "soak: $name, $MODE: skipped (it takes root)"
		[ -z "$SERVER" ] || server_kill
		return
	fi
	total=$((total + 1))
	result=$("$DELIVER" compare "$JOURNAL/eve.json" "$SOCKET" k "$MODE") || verdict=" MISSING"
	twice=$(number twice "$result")
	# What a run that was killed left on its way, the next one says at its start.
	again=$(awk 'FILENAME ~ /out$/ { for (i = 1; i < NF; i++) if ($i == "again") n += $(i + 1) }
	    /events were on their way/ { for (i = 1; i < NF; i++) if ($(i + 1) == "events") m += $i } END { print (n > m ? n : m) + 0 }' "$WORK/out" "$WORK/err")
	[ "$MODE" = list ] || [ "${twice:-1}" = 0 ] || verdict="$verdict TWICE"
	[ "$MODE" = stream ] || [ "${twice:-1}" -le $(( FAULTS * BATCH )) ] || verdict="$verdict TOO OFTEN TWICE"
	[ "${twice:-1}" -le "$again" ] || verdict="$verdict NOT COUNTED"
	[ "$name" = killed ] || [ "$(number journal "$result")" = "$ALERTS" ] || verdict="$verdict NOT MADE"
	case $name in		# did it happen at all?
	last_second_lost) grep -q "Redis has lost what came after" "$WORK/err" || verdict="$verdict NOTHING WAS LOST" ;;
	out_of_memory) grep -q "refused: OOM" "$WORK/err" || verdict="$verdict NOTHING WAS REFUSED" ;;
	disk_full) grep -q "No space left" "$WORK/err" || verdict="$verdict IT WAS NOT FULL" ;;
	esac
	echo "soak: $name, $MODE: $result; counted as sent again $again${verdict:+: FAILED:$verdict}"
	if [ -n "$verdict" ]; then
		failed=$((failed + 1))
		tail -n 5 "$WORK/out" "$WORK/err"
	fi
	server_kill
	umount "$WORK/disk" 2>/dev/null
	rm -rf "$WORK/journal" "$WORK/dump.rdb"
}

# From events to Redis's answer, through a Unix socket, the journal on the disk; beside what the libraries alone do.
throughput() {
	local mode
	server_start
	echo "throughput, alerts a second, $ALERTS of them:"
	"$DELIVER" json "$ALERTS" | awk '{ printf "  JSON alone (cJSON), %d bytes each %19d\n", $2, $1 }'
	"$DELIVER" redis "$ALERTS" "$SOCKET" | awk '{ printf "  Redis alone (hiredis, RPUSH of 1000) %15d\n", $1 }'
	for mode in list stream channel; do
		MODE=$mode
		redis flushall >/dev/null
		"$DELIVER" run -b -n "$ALERTS" -w 60 "$WORK/journal/eve.json" "$(address)" 2>/dev/null |
		    awk -v mode="$mode" '{ printf "  delivered, journal included: %-8s %15d\n", mode, $1 }'
		rm -rf "$WORK/journal"
	done
	server_kill
}
if [ "${1:-}" = throughput ]; then
	throughput
	exit 0
fi

for MODE in stream list; do
	for s in ${*:-down_all_along client_kills restart_saved last_second_lost stall out_of_memory disk_full killed}; do
		scenario "$s"
	done
done
echo "soak: $total scenarios of $ALERTS alerts, $failed failed"
[ "$failed" = 0 ]
