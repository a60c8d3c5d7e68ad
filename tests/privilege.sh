#!/bin/bash
# privilege.sh [PROGRAM] -- what a running sensor may do: another user, no capabilities, no new ones, and the thread that looks at packets
# makes no system call but those that it needs (strace). What it says to a user who may not capture, and that what it says is true.
#
# Needs root, strace and a network namespace of its own; without them it says so and skips (77).
set -eu
cd "$(dirname "$0")/.."
program=$(realpath "${1:-punchwatch}")

[ "$(id -u)" = 0 ] || { echo "privilege: skipped, needs root"; exit 77; }
command -v strace setpriv setcap >/dev/null || { echo "privilege: skipped, no strace, setpriv or setcap"; exit 77; }
if [ -z "${PRIVILEGE_INSIDE:-}" ]; then
	unshare -n true 2>/dev/null || { echo "privilege: skipped, no network namespaces here"; exit 77; }
	PRIVILEGE_INSIDE=yes exec unshare -n "$0" "$program"
fi
ip link set lo up
folder=$(mktemp -d)
pid=
clean() {
	[ -z "$pid" ] || kill "$pid" 2>/dev/null || :
	rm -rf "$folder"
}
trap clean EXIT
chmod 755 "$folder"
cp "$program" "$folder/punchwatch"
chmod 755 "$folder/punchwatch"
mkdir "$folder/eve"
chown 65534:65534 "$folder/eve"
fail() {
	echo "privilege: $*"
	exit 1
}

# --- a user who may not capture ---
as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}
rc=0
as_nobody "$folder/punchwatch" watch -q -s '' -i lo --set control.socket= >"$folder/out" 2>&1 || rc=$?
[ "$rc" = 3 ] || fail "without rights: exit code $rc, not 3"
advice="setcap cap_net_raw,cap_net_admin+ep $folder/punchwatch"
grep -qF "lo: no permission to capture: start it as root, or allow it once, as root: $advice" "$folder/out" ||
	{ cat "$folder/out"; fail "without rights: it does not say what to do"; }
if $advice 2>/dev/null; then		# not every file system has capabilities of files
	as_nobody timeout -s INT 2 "$folder/punchwatch" watch -q -s '' -i lo --set control.socket= >"$folder/out" 2>&1 || :
	! grep -q "no permission" "$folder/out" || fail "what it says does not help"
	setcap -r "$folder/punchwatch"
fi

# --- a running sensor ---
strace -f -qq -o "$folder/trace" -e trace=all "$folder/punchwatch" watch -q -i lo -j 2 --user nobody --eve "$folder/eve/eve.json" \
	--socket "$folder/control" --set control.http="unix:$folder/http" 2>"$folder/log" &
pid=$!
for i in $(seq 100); do
	[ -S "$folder/control" ] && "$program" status --socket "$folder/control" >"$folder/status" 2>/dev/null && break
	sleep 0.1
done
sensor=$(pgrep -P "$pid" -x punchwatch) || fail "it does not run: $(cat "$folder/log")"
for i in $(seq 50); do echo "hello $i" >/dev/udp/127.0.0.1/9 2>/dev/null || :; done
"$program" reload --socket "$folder/control" >"$folder/reload" || fail "reload: $(cat "$folder/reload")"
sleep 1.2
state() {
	awk -v what="$1:" '$1 == what { $1 = ""; print substr($0, 2) }' "/proc/$sensor/status"
}
[ "$(state Uid)" = "65534 65534 65534 65534" ] || fail "it runs as $(state Uid)"
for set in CapInh CapPrm CapEff CapBnd CapAmb; do
	[ "$(state $set)" = 0000000000000000 ] || fail "$set is $(state $set)"
done
[ "$(state NoNewPrivs)" = 1 ] || fail "new privileges are possible"
confined=0
for task in /proc/"$sensor"/task/*; do
	[ "$(basename "$task")" = "$sensor" ] || ! grep -q '^Seccomp:.2' "$task/status" || confined=$((confined + 1))
done
[ "$confined" -ge 4 ] || fail "only $confined threads are confined, not the one that reads, two workers and the one that correlates"
kill -TERM "$sensor"
wait "$pid" || fail "it ended with $?: $(cat "$folder/log")"
pid=

# --- what its confined threads called, from the moment on that they were ---
awk '
	{ call = $2; sub(/\(.*/, "", call) }
	$2 == "<..." { call = $3 }
	/seccomp\(SECCOMP_SET_MODE_FILTER, .*\) += 0$/ || (call == "seccomp" && / resumed>.* = 0$/ && asked[$1]) { confined[$1] = 1; next }
	/seccomp\(SECCOMP_SET_MODE_FILTER, .*\{len=.*unfinished/ { asked[$1] = 1; next }
	confined[$1] && call ~ /^[a-z_0-9]+$/ { n[call]++ }
	END { for (c in n) print n[c], c }
' "$folder/trace" | sort -rn >"$folder/calls"
[ -s "$folder/calls" ] || fail "strace shows no confined thread"
allowed=' read readv pread64 lseek close fstat newfstatat poll ppoll futex getsockopt setsockopt recvmsg munmap mremap brk madvise mmap mprotect
 write clock_gettime clock_nanosleep nanosleep gettimeofday time getpid gettid getrandom sched_yield sched_getaffinity rseq set_robust_list
 restart_syscall sigaltstack rt_sigprocmask rt_sigaction rt_sigreturn exit exit_group '
while read -r n call; do
	case $allowed in
	*" $call "*) ;;
	*) grep " $call(" "$folder/trace" | head -3; fail "a confined thread called $call, $n times" ;;
	esac
done <"$folder/calls"
! grep -q 'SIGSYS' "$folder/trace" || fail "something was killed"
grep -qr '"event_type":"stats"' "$folder/eve" || fail "no stats event"
echo "privilege: $confined confined; they called$(awk '{ printf " %s", $2 }' "$folder/calls")"
