#!/bin/bash
# package.sh [-r] [SUITE [TREE]] -- the README's commands and the Debian package, in a fresh Debian: built there, checked by lintian,
# installed in another fresh one, which is then booted (systemd in namespaces of its own) and captures a call; removed, purged.
#
#	sudo tests/lab/package.sh bookworm		about ten minutes, and three gigabytes for as long
#
#	-r	`make test` there, too (as `make demo`)
#	TREE	a fresh system that debootstrap made, instead of another; it is copied
#
# Needs root, debootstrap, python3. Packages come from where this machine has its own from (or PUNCHWATCH_MIRROR).
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
readme=no
if [ "${1:-}" = -r ]; then
	readme=yes
	shift
fi
SUITE=${1:-bookworm}
TREE=${2:-}
[ "$(id -u)" = 0 ] || { echo "package: needs root" >&2; exit 2; }
WORK=$(mktemp -d /var/tmp/punchwatch-package.XXXXXX)
INIT=
failed=0

down() {
	[ -z "$INIT" ] || kill -9 "$INIT" 2>/dev/null || :
	sleep 0.2
	rm -rf --one-file-system "$WORK"
}
trap down EXIT
trap 'exit 130' INT TERM

say() { echo "--- $*"; }
bad() { echo "FAIL package: $*"; failed=1; }
check() { # WHAT COMMAND...
	local what=$1
	shift
	"$@" >"$WORK/log" 2>&1 || { bad "$what"; tail -n 30 "$WORK/log"; }
}

# in_tree TREE COMMAND: there, with a /proc of its own. Nothing is mounted outside.
in_tree() {
	local tree=$1
	shift
	unshare --mount --pid --fork --kill-child sh -c 'mount -t proc proc "$1/proc" && shift && exec env -i HOME=/root TERM=dumb LANG=C.UTF-8 \
	    DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$@"' sh "$tree" "$tree" sh -c "$*"
}

# boot TREE: its systemd is process 1 of namespaces of its own, network included.
boot() {
	cat >"$WORK/boot" <<'EOF'
mount --make-rprivate / && mount --bind "$1" "$1" && cd "$1" || exit 1
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=755 tmpfs dev
for d in null zero full random urandom tty; do touch dev/$d; mount --bind /dev/$d dev/$d; done
ln -s /proc/self/fd dev/fd
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs tmpfs dev/shm
ip link set lo up
ip link add mon0 type veth peer name tx0 && ip link set mon0 up && ip link set tx0 up || exit 1
mkdir run/old && pivot_root . run/old && cd / && umount -l /run/old
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin /sbin/init --log-target=console --show-status=no </dev/null
EOF
	unshare --mount --pid --net --uts --ipc --cgroup --fork --kill-child sh "$WORK/boot" "$1" >"$WORK/boot.log" 2>&1 &
	local parent=$! i
	for i in $(seq 100); do
		INIT=$(pgrep -P "$parent" | head -n 1) || :
		[ -z "$INIT" ] || ! inside 'systemctl is-system-running --wait' >/dev/null 2>&1 || return 0
		sleep 0.2
	done
	inside 'systemctl --failed' || :
	[ -n "$INIT" ] && inside 'systemctl show-environment >/dev/null'
}
inside() {
	nsenter -t "$INIT" -m -p -n -u -i -C env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb DEBIAN_FRONTEND=noninteractive sh -c "$*"
}
wait_for() { # SECONDS COMMAND, inside
	local end=$((SECONDS + $1))
	until inside "$2" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.2
	done
}
active() { [ "$(inside 'systemctl is-active punchwatch' || :)" = "$1" ]; }

if [ -n "$TREE" ]; then
	cp -a "$TREE" "$WORK/fresh"
else
	mirror=${PUNCHWATCH_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Component: main' | head -n 1)}
	say "a fresh $SUITE"
	debootstrap "$SUITE" "$WORK/fresh" "$mirror" >"$WORK/log" 2>&1 || { tail -n 20 "$WORK/log"; exit 1; }
fi
cp -a "$WORK/fresh" "$WORK/build"

# With git and make alone, as the README says.
say "make demo, from a clone"
git clone -q "$ROOT" "$WORK/build/root/punchwatch"
in_tree "$WORK/build" 'apt-get update -qq && apt-get install -y -qq git make' >"$WORK/log" 2>&1 || { tail -n 20 "$WORK/log"; exit 1; }
in_tree "$WORK/build" 'cd /root/punchwatch && make demo' >"$WORK/log" 2>&1 || { tail -n 40 "$WORK/log"; exit 1; }
grep -q '^  hole-punch  *1 ' "$WORK/log" || bad "make demo finds no hole punch"
if [ $readme = yes ]; then
	say "make test"
	in_tree "$WORK/build" 'cd /root/punchwatch && make test' >"$WORK/log" 2>&1 || { grep -A 40 '^  FAIL' "$WORK/log" || tail -n 60 "$WORK/log"; failed=1; }
	grep -E '^ *skip|passed,' "$WORK/log"
fi

say "make deb, and lintian"
in_tree "$WORK/build" 'cd /root/punchwatch && make deb' >"$WORK/log" 2>&1 || { tail -n 40 "$WORK/log"; exit 1; }
tail -n 2 "$WORK/log"

say "installed"
mv "$WORK/fresh" "$WORK/site"
cp "$WORK"/build/root/punchwatch/build/deb/punchwatch_*.deb "$WORK/site/root/punchwatch.deb"
rm -rf "$WORK/build"
in_tree "$WORK/site" 'apt-get update -qq && apt-get install -y -qq man-db iproute2 /root/punchwatch.deb' >"$WORK/log" 2>&1 || { tail -n 20 "$WORK/log"; exit 1; }
check "the user is there" in_tree "$WORK/site" 'id punchwatch'
check "the configuration is right" in_tree "$WORK/site" 'punchwatch check -q'
check "manual pages" in_tree "$WORK/site" 'man punchwatch >/dev/null && man punchwatch.yaml >/dev/null'
check "dpkg finds nothing changed" in_tree "$WORK/site" 'test -z "$(dpkg --verify punchwatch)"'
check "not started before anybody said where to listen" in_tree "$WORK/site" 'test "$(systemctl is-enabled punchwatch)" = disabled'
cp "$ROOT/pcaps/rfc3489.pcap" "$ROOT/pcaps/tox.pcap" "$WORK/site/root/"
check "signatures name an application" in_tree "$WORK/site" 'punchwatch read -v --eve - /root/tox.pcap | grep -q "\"app\":\"Tox\""'

say "booted, and watching"
boot "$WORK/site" || { bad "systemd does not boot here"; tail -n 20 "$WORK/boot.log"; exit 1; }
inside "systemd-analyze security --offline=true --threshold=25 --no-pager /lib/systemd/system/punchwatch.service | tail -n 1" || bad "not hardened enough"
check "without an interface it says so, and is not tried again" inside '! systemctl start punchwatch && test "$(systemctl show -P NRestarts punchwatch)" = 0 &&
	journalctl -u punchwatch | grep -q interface'
inside 'sed -i "s/^OPTIONS=.*/OPTIONS=\"-i mon0 -v\"/" /etc/default/punchwatch; printf "\n# ours\n" >>/etc/punchwatch/punchwatch.yaml'
check "it starts, and is ready" inside 'systemctl enable --now punchwatch'
check "it is not root" inside 'test "$(ps -o user:32= -C punchwatch | sort -u)" = punchwatch'
check "it answers" inside 'punchwatch status'
nsenter -t "$INIT" -n python3 "$HERE/send.py" "$ROOT/pcaps/webrtc-direct.pcap" tx0 4 >"$WORK/log" 2>&1 || bad "no call could be sent: $(cat "$WORK/log")"
wait_for 20 'grep -rq "\"signature_id\":9100003" /var/log/punchwatch' || bad "the call was not found"
check "nothing but it may read the events" inside 'test -z "$(find /var/log/punchwatch /run/punchwatch -perm /007)"'

inside 'mkdir -p /run/systemd/system/punchwatch.service.d; printf "[Service]\nWatchdogSec=3\n" >/run/systemd/system/punchwatch.service.d/test.conf
	systemctl daemon-reload; systemctl restart punchwatch'
sleep 5
active active || bad "the watchdog ends a sensor that is well"
inside 'kill -STOP $(systemctl show -P MainPID punchwatch)'
wait_for 30 'test "$(systemctl show -P NRestarts punchwatch)" = 1 && systemctl is-active punchwatch' || bad "the watchdog does not start a sensor again that stands still"
inside 'rm -r /run/systemd/system/punchwatch.service.d; systemctl daemon-reload; systemctl restart punchwatch'
before=$(inside 'systemctl show -P MainPID punchwatch')
check "reload" inside 'systemctl reload punchwatch; sleep 1; systemctl is-active punchwatch'
check "a mistake is said by reload, and changes nothing" inside 'cp /etc/punchwatch/punchwatch.yaml /root/ && echo "sesion: {}" >>/etc/punchwatch/punchwatch.yaml
	! systemctl reload punchwatch && systemctl is-active punchwatch && journalctl -u punchwatch | grep -q sesion && mv /root/punchwatch.yaml /etc/punchwatch/'
[ "$before" = "$(inside 'systemctl show -P MainPID punchwatch')" ] || bad "reload started it anew"

say "upgraded, removed, purged"
check "installed again" inside 'apt-get install -y -qq --reinstall /root/punchwatch.deb'
check "the configuration stays as it was written" inside 'grep -q "^# ours" /etc/punchwatch/punchwatch.yaml'
wait_for 10 'systemctl is-active punchwatch' || bad "it does not run after an upgrade"
[ "$before" != "$(inside 'systemctl show -P MainPID punchwatch')" ] || bad "an upgrade leaves the old program running"
check "removed" inside 'apt-get remove -y -qq punchwatch'
check "it has ended" inside '! pgrep -x punchwatch'
check "events and configuration stay" inside 'test -s /etc/punchwatch/punchwatch.yaml -a -d /var/log/punchwatch'
check "purged" inside 'apt-get purge -y -qq punchwatch'
left=$(inside 'find / -xdev -path /root -prune -o -path "/var/cache/*" -prune -o -name "*punchwatch*" -print; find /run -name "*punchwatch*"')
[ -z "$left" ] || bad "purging leaves:" $left
[ $failed = 0 ] && say "package: all is well in $SUITE"
exit $failed
