#!/bin/sh
# install-deps.sh: the Debian (or Ubuntu) packages that are needed, if they are missing.
#
#   sh tests/install-deps.sh build|test|deb|lab
#
#   build   what `make` needs
#   test    and what `make test` needs
#   deb     what `make deb` needs
#   lab     and what the lab needs, which makes captures with real programs
#
# Says nothing and needs no rights if nothing is missing. Servers that come with the packages are not started, and what
# keeps them from it is removed again.
set -eu

build='gcc make pkg-config libpcap-dev libndpi-dev libevent-dev libhiredis-dev libcjson-dev libyaml-dev zlib1g-dev
libzstd-dev libssl-dev libmaxminddb-dev libseccomp-dev'
test='libcmocka-dev redis-server openssl python3 iproute2 procps strace libcap2-bin util-linux'
deb='build-essential debhelper fakeroot lintian libcmocka-dev'
lab='iproute2 ethtool nftables conntrack procps tcpdump openssl chromium coturn stun-client libnice-dev dnsmasq-base
bind9-dnsutils nginx-light curl ngtcp2-client ngtcp2-server chrony snmp snmpd socat bsdutils ffmpeg dropbear-bin udhcpc janus baresip-core kamailio
miniupnpd miniupnpd-nftables miniupnpc natpmpc miredo miredo-server n2n nebula wireguard-go wireguard-tools dhtnode toxcore-utils
syncthing syncthing-relaysrv libtoxcore-dev iputils-ping
python3-libtorrent opentracker ngircd python3-irc linphone-cli iaxmodem osmo-mgw'
# Packages that bring a server (package:unit where the names differ), which would be started now and at every boot.
servers='redis-server coturn nginx-light:nginx chrony snmpd janus kamailio miniupnpd miredo miredo-server
n2n nebula toxcore-utils:tox-bootstrapd dhtnode syncthing-relaysrv:strelaysrv ngircd opentracker osmo-mgw'

case "$*" in
build)	wanted=$build ;;
test)	wanted="$build $test" ;;
deb)	wanted="$build $deb" ;;
lab)	wanted="$build $test $lab" ;;
*)	sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2
	exit 2 ;;
esac

say() {
	echo "install-deps: $*" >&2
}

if ! command -v dpkg-query >/dev/null; then
	say "this is not Debian: please see to it that you have the like of:" $wanted
	exit 0
fi

missing=
for package in $wanted; do
	case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
	*' installed') ;;
	*) missing="$missing $package" ;;
	esac
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
	as_root=sudo
	if ! command -v sudo >/dev/null; then
		say "missing:$missing"
		say "run as root: apt-get install$missing"
		exit 1
	fi
fi

log=$(mktemp)
policy=/usr/sbin/policy-rc.d
ours=
clean() {
	rm -f "$log"
	[ -z "$ours" ] || $as_root rm -f "$policy"
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say "installing$missing"
# Who installs a server asks this program whether to start it: 101 is no. One that is there already is the administrator's.
if [ ! -e "$policy" ]; then
	ours=yes
	printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
	$as_root chmod 755 "$policy"
fi

install() {
	$as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends \
	    -o Dpkg::Use-Pty=0 $missing >"$log" 2>&1
}
# The package lists may be missing or old: only then fetch them.
if ! install; then
	$as_root apt-get update -qq >>"$log" 2>&1 || say "apt-get update failed: trying with what is there"
	if ! install; then
		cat "$log" >&2
		say "could not install:$missing"
		exit 1
	fi
fi

# Nor at the next boot: only those that came just now.
for server in $servers; do
	case "$missing " in
	*" ${server%:*} "*)
		! command -v systemctl >/dev/null || $as_root systemctl --quiet disable --now "${server#*:}" 2>/dev/null || : ;;
	esac
done
