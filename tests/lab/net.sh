# net.sh -- the laboratory's network: an organisation and a stranger, each behind a NAT, and servers between them.
#
#   a1, a2 --- [nata] ====== (wan) ====== [natb] --- b1
#    LAN A       |             |             |      LAN B
#            capture         srv (STUN, TURN, DNS, HTTPS)
#
#   LAN A  10.10.0.0/24  2001:db8:a::/64     outside NAT A  198.51.100.2
#   LAN B  10.20.0.0/24  2001:db8:b::/64     outside NAT B  203.0.113.130
#   srv    203.0.113.10, .11   2001:db8:5::10
#
# "====" is a cable with a length (wire.c). Each name here is a network namespace with the prefix pwlab-; all of them, and
# every process in them, end with net_down, which also runs when the script is interrupted or fails.

NET_NAME=${PUNCHWATCH_LAB_NAME:-pwlab}	# two laboratories at once have two names
NET_A="a1 a2"		# hosts of LAN A and LAN B; a scenario may want more
NET_B="b1"
WAN_A=198.51.100.2
WAN_B=203.0.113.130
SRV=203.0.113.10
SRV2=203.0.113.11
SRV6=2001:db8:5::10
HOME_A=10.10.0.0/24
HOME_A6=10.10.0.0/24,2001:db8:a::/64
HOME_OUTSIDE=198.51.100.2/32

# space NAME: the namespace of this host of ours.
space() { printf '%s-%s' "$NET_NAME" "$1"; }

# in_ns NAME COMMAND...: run in one of our namespaces.
in_ns() {
	local ns=$1
	shift
	ip netns exec "$(space "$ns")" "$@"
}

# start NAME LOG COMMAND...: the same, in the background; ends with the network.
start() {
	local ns=$1 log=$2
	shift 2
	ip netns exec "$(space "$ns")" "$@" >"$log" 2>&1 </dev/null &
	STARTED=$!
}

# link NAME IF NAME IF: a veth pair whose ends do their own checksums and segmentation, as a real wire shows them.
link() {
	ip link add "$2" netns "$(space "$1")" type veth peer name "$4" netns "$(space "$3")"
	for end in "$1 $2" "$3 $4"; do
		set -- $end
		in_ns "$1" ethtool -K "$2" tso off gso off gro off tx off >/dev/null
		in_ns "$1" ip link set "$2" up
	done
}

# addr NAME IF V4/LEN [V6/LEN]
addr() {
	in_ns "$1" ip addr add "$3" dev "$2"
	if [ "$NET_V6" = 1 ] && [ -n "${4:-}" ]; then
		in_ns "$1" ip -6 addr add "$4" dev "$2" nodad
	fi
}

# route NAME PREFIX VIA
route() {
	case $2:$NET_V6 in
	*:*:0) ;;
	*) in_ns "$1" ip route add "$2" via "$3" ;;
	esac
}

# nat NAME KIND: port keeps the inside port where it can (endpoint-independent mapping as long as ports don't clash);
# symmetric draws a new port for every conversation. Both let in only what was asked for, and drop the rest unanswered, as
# routers for homes and offices do. IPv6 is not translated, only guarded.
nat() {
	local how=
	[ "$2" != symmetric ] || how="random,fully-random"
	in_ns "$1" nft -f - <<-RULES
		table ip nat {
			chain out {
				type nat hook postrouting priority srcnat
				oifname "wan0" masquerade $how
			}
		}
		table inet guard {
			chain input {
				type filter hook input priority filter
				iifname "wan0" ct state new meta l4proto { tcp, udp } drop
			}
			chain forward {
				type filter hook forward priority filter; policy drop
				ct state established,related accept
				iifname "lan0" accept
			}
		}
	RULES
}

# net_up NAT_A NAT_B [v6]: everything fresh. KIND as in nat().
net_up() {
	local ns
	NET_V6=0
	[ "${3:-}" != v6 ] || NET_V6=1
	net_down
	for ns in $NET_A nata wire wan srv natb $NET_B; do
		ip netns add "$(space "$ns")"
		in_ns "$ns" sysctl -qw net.ipv6.conf.all.disable_ipv6=$((1 - NET_V6)) \
		    net.ipv6.conf.default.disable_ipv6=$((1 - NET_V6)) net.ipv6.conf.default.accept_ra=0
		in_ns "$ns" ip link set lo up
		mkdir -p "/etc/netns/$(space "$ns")"
		printf 'nameserver %s\noptions timeout:1 attempts:1\n' "$SRV" >"/etc/netns/$(space "$ns")/resolv.conf"
	done
	in_ns wire sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
	for ns in nata natb wan; do
		in_ns "$ns" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	done

	lan a 10.10.0 2001:db8:a $NET_A
	lan b 10.20.0 2001:db8:b $NET_B
	cable a 198.51.100 1 2 10 "$1"
	cable b 203.0.113 129 130 15 "$2"

	link srv eth0 wan ws
	addr srv eth0 203.0.113.10/28 2001:db8:5::10/64
	addr srv eth0 203.0.113.11/28
	addr wan ws 203.0.113.1/28 2001:db8:5::1/64
	route srv default 203.0.113.1
	route srv ::/0 2001:db8:5::1
	# Nobody in the Internet has, or knows, private addresses.
	in_ns wan ip route add blackhole 10.0.0.0/8
}

# lan SIDE V4 V6 HOST...: a switch in the NAT's namespace, and hosts at it.
lan() {
	local side=$1 v4=$2 v6=$3 nat=nat$1 n=11 host
	shift 3
	in_ns "$nat" ip link add lan0 type bridge
	in_ns "$nat" ip link set lan0 up
	addr "$nat" lan0 "$v4.1/24" "$v6::1/64"
	for host; do
		link "$host" eth0 "$nat" "p-$host"
		in_ns "$nat" ip link set "p-$host" master lan0
		in_ns "$host" ip link set eth0 down
		in_ns "$host" ip link set eth0 address "02:00:00:00:0$side:$n"
		in_ns "$host" ip link set eth0 up
		addr "$host" eth0 "$v4.$n/24" "$v6::$n/64"
		route "$host" default "$v4.1"
		route "$host" ::/0 "$v6::1"
		n=$((n + 1))
	done
}

# cable SIDE NET ROUTER NAT MILLISECONDS KIND: the NAT's way to the Internet.
cable() {
	local side=$1 net=$2 router=$3 own=$4 delay=$5 kind=$6 nat=nat$1
	link "$nat" wan0 wire "$side-in"
	link wire "$side-out" wan "w$side"
	start wire "$WORK/wire-$side.log" "$WORK/wire" "$delay" "$side-in" "$side-out"
	addr "$nat" wan0 "$net.$own/30" "2001:db8:f$side::2/64"
	addr wan "w$side" "$net.$router/30" "2001:db8:f$side::1/64"
	route "$nat" default "$net.$router"
	route "$nat" ::/0 "2001:db8:f$side::1"
	route wan "2001:db8:$side::/64" "2001:db8:f$side::2"
	nat "$nat" "$kind"
}

# net_down: end every process in our namespaces, then the namespaces. Safe to call at any time.
net_down() {
	local ns pids tries
	for ns in $(ip netns list | awk -v p="$NET_NAME-" 'index($1, p) == 1 { print $1 }'); do
		pids=$(ip netns pids "$ns")
		[ -z "$pids" ] || kill $pids 2>/dev/null || :
		for tries in 1 2 3 4 5 6 7 8 9 10; do
			pids=$(ip netns pids "$ns")
			[ -n "$pids" ] || break
			sleep 0.1
			[ "$tries" -lt 8 ] || kill -9 $pids 2>/dev/null || :
		done
		ip netns del "$ns" || :
		rm -rf "/etc/netns/$ns"
	done
	rmdir /etc/netns 2>/dev/null || :
	wait 2>/dev/null || :
}
