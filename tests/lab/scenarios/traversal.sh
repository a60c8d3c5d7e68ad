# traversal.sh -- holes made without STUN: what gateways are asked for, tunnels, networks of hosts, and programs that just try.

# spoke_with PROTOCOL PREFIX: the one conversation that NAT A saw answered. Sets CALL_LOCAL, CALL_PEER, CALL_MAPPED.
spoke_with() {
	local seen
	seen=$(nat_peers "$1" | grep -F " $2")
	[ "$(wc -l <<<"$seen")" = 1 ] || fail "not one conversation with $2: $seen"
	read -r CALL_LOCAL CALL_PEER CALL_MAPPED <<<"$seen"
}

# hears HOST ADDRESS LOG: does a ping get there? The first ones make the path.
hears() {
	in_ns "$1" ping -c 8 -i 0.5 -W 2 "$2" >"$3" 2>&1 || :
	grep -Eq ' [1-8] received' "$3" || fail "$1 does not hear $2: $(tail -3 "$3")"
}

# --- the gateway is asked ---

scenario_port_mapping() {
	net_up port port
	# miniupnpd maps nothing on an address for documentation; nobody has 192.0.1.0/24 either.
	cat >"$RUN/miniupnpd.conf" <<-CONF
		ext_ifname=wan0
		ext_ip=192.0.1.2
		listening_ip=lan0
		enable_natpmp=yes
		enable_upnp=yes
		secure_mode=no
		port=5000
		upnp_table_name=upnp
		upnp_nat_table_name=upnp
		lease_file=$RUN/leases
		uuid=00000000-0000-0000-0000-000000000000
		allow 1024-65535 0.0.0.0/0 1024-65535
	CONF
	in_ns nata nft -f - <<-'RULES'
		table inet upnp {
			chain forward { type filter hook forward priority 0; policy accept; }
			chain miniupnpd { }
			chain prerouting { type nat hook prerouting priority -100; }
			chain postrouting { type nat hook postrouting priority 90; }
			chain prerouting_miniupnpd { }
			chain postrouting_miniupnpd { }
		}
	RULES
	start nata "$RUN/miniupnpd.log" miniupnpd -d -f "$RUN/miniupnpd.conf" -P "$RUN/miniupnpd.pid"
	sleep 1
	capture inside
	in_ns a1 natpmpc -g 10.10.0.1 -a 40000 8080 udp 3600 >"$RUN/natpmpc.log" 2>&1 || :
	in_ns a1 upnpc -m eth0 -e "a program of the lab" -a 10.10.0.11 8081 40001 TCP 600 >"$RUN/upnpc.log" 2>&1 || :
	grep -q 'Mapped public port' "$RUN/natpmpc.log" || fail "$(tail -3 "$RUN/natpmpc.log"; tail -5 "$RUN/miniupnpd.log")"
	grep -q 'is redirected to' "$RUN/upnpc.log" || fail "$(tail -3 "$RUN/upnpc.log")"
	capture_end
	keep inside port-mapping.pcap $HOME_A nat-traversal server - - "$(version miniupnpd natpmpc miniupnpc)" \
	    "A host asks its gateway for ports: with NAT-PMP for UDP, with UPnP-IGD (search, description, SOAP) for TCP; both are given."
}

# --- Teredo ---

# miredo HOST NAME: a client; its packets go to the server and to other clients.
miredo_up() {
	printf 'RelayType client\nServerAddress %s\nServerAddress2 %s\nInterfaceName teredo\n' "$SRV" "$SRV2" >"$RUN/miredo.$1"
	in_ns "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0
	start "$1" "$RUN/miredo-$1.log" miredo -f -u nobody -p "$RUN/miredo-$1.pid" -c "$RUN/miredo.$1"
}

teredo_address() {
	in_ns "$1" ip -6 -o addr show dev teredo 2>/dev/null | awk '$4 ~ /^2001:0?:/ { sub("/.*", "", $4); print $4 }'
}

has_teredo() { [ -n "$(teredo_address "$1")" ]; }

scenario_teredo() {
	local there
	net_up port port
	printf 'ServerBindAddress %s\nServerBindAddress2 %s\n' "$SRV" "$SRV2" >"$RUN/server.conf"
	in_ns srv sysctl -qw net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0
	start srv "$RUN/server.log" miredo-server -f -u nobody -p "$RUN/server.pid" -c "$RUN/server.conf"
	sleep 1
	capture inside outside
	miredo_up a1
	miredo_up b1
	wait_for 40 has_teredo a1 && wait_for 20 has_teredo b1 || fail "no Teredo address: $(tail -3 "$RUN/miredo-b1.log")"
	there=$(teredo_address b1)
	in_ns a1 ping -6 -c 8 -i 0.5 "$there" >"$RUN/ping.log" 2>&1 || :
	grep -Eq ' [1-8] received' "$RUN/ping.log" || fail "$(tail -3 "$RUN/ping.log")"
	spoke_with udp "$WAN_B:"
	capture_end
	keep inside teredo.pcap $HOME_A nat-traversal direct "$CALL_LOCAL" "$CALL_PEER" "$(version miredo miredo-server)" \
	    "Two Teredo clients: qualification with the server, bubbles, then IPv6 directly between them."
	keep outside teredo.outside.pcap $HOME_OUTSIDE nat-traversal direct "$CALL_MAPPED" "$CALL_PEER" "$(version miredo miredo-server)" \
	    "The same on the WAN side."
}

# --- networks of hosts ---

scenario_n2n() {
	net_up port port
	start srv "$RUN/supernode.log" supernode -l 7654
	sleep 0.5
	capture inside
	start a1 "$RUN/edge-a.log" edge -d edge0 -a 10.99.0.1 -c lab -k secret -l "$SRV:7654" -u 0 -g 0 -m 02:00:00:99:00:01
	start b1 "$RUN/edge-b.log" edge -d edge0 -a 10.99.0.2 -c lab -k secret -l "$SRV:7654" -u 0 -g 0 -m 02:00:00:99:00:02
	sleep 3
	hears a1 10.99.0.2 "$RUN/ping.log"
	spoke_with udp "$WAN_B:"
	capture_end
	keep inside n2n.pcap $HOME_A nat-traversal direct "$CALL_LOCAL" "$CALL_PEER" "$(version n2n)" \
	    "n2n (version 1): two edges register with a supernode, then talk directly."
}

# nebula_up HOST NAME ADDRESS LIGHTHOUSE?
nebula_up() {
	cat >"$RUN/$2.yaml" <<-CONF
		pki: {ca: $RUN/ca.crt, cert: $RUN/$2.crt, key: $RUN/$2.key}
		static_host_map: {"192.168.98.1": ["$SRV:4242"]}
		lighthouse: {am_lighthouse: $3, interval: 10$([ "$3" = true ] || echo ', hosts: ["192.168.98.1"]')}
		listen: {host: 0.0.0.0, port: $4}
		punchy: {punch: true, respond: true, delay: 1s}
		tun: {dev: nebula1}
		firewall: {outbound: [{port: any, proto: any, host: any}], inbound: [{port: any, proto: any, host: any}]}
	CONF
	start "$1" "$RUN/nebula-$2.log" nebula -config "$RUN/$2.yaml"
}

scenario_nebula() {
	local n=1 name
	net_up port port
	(cd "$RUN" && nebula-cert ca -name lab -duration 24h)
	for name in light a b; do
		(cd "$RUN" && nebula-cert sign -name $name -ip 192.168.98.$n/24)
		n=$((n + 1))
	done
	nebula_up srv light true 4242
	sleep 1
	capture inside
	nebula_up a1 a false 0
	nebula_up b1 b false 0
	sleep 3
	hears a1 192.168.98.3 "$RUN/ping.log"
	spoke_with udp "$WAN_B:"
	capture_end
	keep inside nebula.pcap $HOME_A nat-traversal direct "$CALL_LOCAL" "$CALL_PEER" "$(version nebula)" \
	    "Nebula: two hosts learn of each other from a lighthouse, then talk directly."
}

# wireguard_up HOST ADDRESS OWN OTHER PORT [ENDPOINT]
wireguard_up() {
	umask 077
	[ -f "$RUN/$3.key" ] || wg genkey >"$RUN/$3.key"
	[ -f "$RUN/$4.key" ] || wg genkey >"$RUN/$4.key"
	start "$1" "$RUN/wireguard-$3.log" env WG_I_PREFER_BUGGY_USERSPACE_TO_POLISHED_KMOD=1 wireguard-go -f "wg$3"
	wait_for 5 in_ns "$1" ip link show "wg$3" || fail "$(tail -2 "$RUN/wireguard-$3.log")"
	in_ns "$1" ip addr add "$2/24" dev "wg$3"
	in_ns "$1" ip link set "wg$3" up
	in_ns "$1" wg set "wg$3" private-key "$RUN/$3.key" $([ "$5" = 0 ] || echo listen-port "$5") \
	    peer "$(wg pubkey <"$RUN/$4.key")" allowed-ips 10.97.0.0/24 ${6:+endpoint $6 persistent-keepalive 1}
}

scenario_wireguard() {
	net_up port port
	capture inside
	# The organisation's side first: its call does not get through NAT B, the other one's does, and then both are open.
	wireguard_up a1 10.97.0.1 a b 40001 "$WAN_B:40002"
	sleep 2
	wireguard_up b1 10.97.0.2 b a 40002 "$WAN_A:40001"
	sleep 1
	hears a1 10.97.0.2 "$RUN/ping.log"
	spoke_with udp "$WAN_B:"
	capture_end
	keep inside wireguard.pcap $HOME_A nat-traversal direct "$CALL_LOCAL" "$CALL_PEER" "$(version wireguard-go wireguard-tools)" \
	    "WireGuard between two hosts behind NATs that were told of each other: both call, the calls cross."
}

scenario_benign_vpn() {
	net_up port port
	wireguard_up srv 10.97.0.1 s c 51820
	capture inside
	wireguard_up a1 10.97.0.2 c s 0 "$SRV:51820"
	hears a1 10.97.0.1 "$RUN/ping.log"
	capture_end
	benign benign-vpn.pcap "$(version wireguard-go wireguard-tools)" "WireGuard from a client to its server: a VPN, and no traversal."
}

scenario_opendht() {
	net_up port port
	start srv "$RUN/dht-srv.log" sh -c 'sleep 60 | dhtnode -p 4222'
	sleep 1
	capture inside
	start a1 "$RUN/dht-a.log" sh -c "(sleep 4; echo 'p 0123456789abcdef0123456789abcdef01234567 hello'; sleep 8; echo q) | dhtnode -p 4222 -b $SRV:4222"
	start b1 "$RUN/dht-b.log" sh -c "(sleep 7; echo 'g 0123456789abcdef0123456789abcdef01234567'; sleep 6; echo q) | dhtnode -p 4222 -b $SRV:4222"
	sleep 15
	grep -q 'Get: completed' "$RUN/dht-b.log" || say "b says: $(tail -5 "$RUN/dht-b.log")"
	spoke_with udp "$SRV:"
	capture_end
	keep inside opendht.pcap $HOME_A nat-traversal - "$CALL_LOCAL" - "$(version dhtnode)" \
	    "OpenDHT, the hash table that Jami calls by: nodes find each other, a value is put and found."
}

# syncthing_up HOST NAME OTHER LISTEN ADDRESS_OF_OTHER: without discovery; what it listens on, and where the other one is.
syncthing_up() {
	local home=$RUN/$2
	sed -i -e "s#<listenAddress>.*<#<listenAddress>$4<#" \
	    -e 's#<\(globalAnnounce\|localAnnounce\|nat\|crashReporting\)Enabled>true#<\1Enabled>false#' -e 's#<stunServer>default#<stunServer>127.0.0.1:1#' \
	    -e 's#<reconnectionIntervalS>60#<reconnectionIntervalS>5#' -e 's#<gui enabled="true"#<gui enabled="false"#' \
	    -e "s#^\( *\)<gui#\1<device id=\"$(cat "$RUN/$3.id")\" name=\"$3\" compression=\"metadata\"><address>$5</address></device>\n\1<gui#" "$home/config.xml"
	start "$1" "$RUN/syncthing-$2.log" env HOME="$home" STNOUPGRADE=1 STNODEFAULTFOLDER=1 syncthing serve --home="$home" --no-browser --no-restart
}

syncthing_make() {
	local name
	for name in a b; do
		syncthing generate --home="$RUN/$name" --no-default-folder --skip-port-probing >"$RUN/generate-$name.log" 2>&1
		syncthing --home="$RUN/$name" --device-id >"$RUN/$name.id" 2>/dev/null || sed -n 's/.*Device ID: //p' "$RUN/generate-$name.log" >"$RUN/$name.id"
	done
}

scenario_syncthing() {
	net_up port port
	syncthing_make
	capture inside
	syncthing_up a1 a b quic://0.0.0.0:22000 "quic://$WAN_B:22000"
	syncthing_up b1 b a quic://0.0.0.0:22000 "quic://$WAN_A:22000"
	wait_for 40 grep -q 'Established secure connection' "$RUN/syncthing-a.log" || fail "$(tail -3 "$RUN/syncthing-a.log")"
	sleep 1
	capture_end
	grep -q 'Established secure connection.*quic' "$RUN/syncthing-a.log" || fail "not over QUIC: $(grep Established "$RUN/syncthing-a.log")"
	keep inside syncthing.pcap $HOME_A nat-traversal direct - "$WAN_B:22000" "$(version syncthing)" \
	    "Syncthing: two hosts that know each other's public addresses call each other over QUIC until it gets through."
}

scenario_syncthing_relay() {
	local id
	net_up symmetric symmetric
	syncthing_make
	mkdir -p "$RUN/relay"
	start srv "$RUN/relay.log" strelaysrv -keys "$RUN/relay" -listen "$SRV:22067" -pools "" -status-srv ""
	wait_for 10 grep -q 'id=' "$RUN/relay.log" || fail "$(tail -2 "$RUN/relay.log")"
	id=$(grep -o 'id=[A-Z0-9-]*' "$RUN/relay.log" | head -n 1)
	capture inside
	syncthing_up a1 a b "relay://$SRV:22067/?$id" "relay://$SRV:22067/?$id"
	syncthing_up b1 b a "relay://$SRV:22067/?$id" "relay://$SRV:22067/?$id"
	wait_for 40 grep -q 'Established secure connection' "$RUN/syncthing-a.log" || fail "$(tail -3 "$RUN/syncthing-a.log")"
	sleep 1
	capture_end
	keep inside syncthing-relay.pcap $HOME_A nat-traversal relay - - "$(version syncthing syncthing-relaysrv)" \
	    "Syncthing through its relay: the session is joined in the clear, what runs in it is TLS."
}

# --- Tox ---

scenario_tox() {
	local key
	net_up port port
	cat >"$RUN/bootstrap.conf" <<-CONF
		port = 33445
		keys_file_path = "$RUN/bootstrap.keys"
		pid_file_path = "$RUN/bootstrap.pid"
		enable_ipv6 = false
		enable_ipv4_fallback = true
		enable_lan_discovery = false
		enable_tcp_relay = false
		enable_motd = false
	CONF
	start srv "$RUN/bootstrap.log" tox-bootstrapd --config "$RUN/bootstrap.conf" --log-backend stdout --foreground
	wait_for 10 grep -q 'Public Key: ' "$RUN/bootstrap.log" || fail "$(tail -3 "$RUN/bootstrap.log")"
	key=$(sed -n 's/.*Public Key: //p' "$RUN/bootstrap.log" | head -n 1)
	capture inside
	start b1 "$RUN/report.b" "$WORK/tox_call" called "$RUN/key.b" "$RUN/key.a" "$SRV" 33445 "$key"
	start a1 "$RUN/report.a" "$WORK/tox_call" caller "$RUN/key.a" "$RUN/key.b" "$SRV" 33445 "$key"
	wait "$STARTED" || fail "the caller says: $(tail -3 "$RUN/report.a")"
	grep -q '^connected udp' "$RUN/report.a" || fail "not over UDP: $(cat "$RUN/report.a")"
	spoke_with udp "$WAN_B:"
	capture_end
	keep inside tox.pcap $HOME_A nat-traversal direct "$CALL_LOCAL" "$CALL_PEER" "$(version libtoxcore2 toxcore-utils)" \
	    "Two Tox clients find each other in the hash table, connect directly and send messages."
}

# --- programs that just try ---

scenario_punch_udp() {
	net_up port port
	start srv "$RUN/meet.log" /usr/bin/python3 "$HERE/punch.py" meet "$SRV" 8443
	sleep 0.5
	capture inside
	start b1 "$RUN/report.b" /usr/bin/python3 "$HERE/punch.py" udp "$SRV" 8443 10.20.0.11 41002
	start a1 "$RUN/report.a" /usr/bin/python3 "$HERE/punch.py" udp "$SRV" 8443 10.10.0.11 41001
	wait "$STARTED" || fail "$(tail -3 "$RUN/report.a")"
	grep -q '^both ways' "$RUN/report.a" || fail "$(cat "$RUN/report.a")"
	spoke_with udp "$WAN_B:"
	capture_end
	keep inside punch-udp.pcap $HOME_A nat-traversal direct "$CALL_LOCAL" "$CALL_PEER" "$(version python3)" \
	    "A program of its own kind: it tries the other side's public and private address at once until one answers, and talks there."
}

scenario_punch_tcp() {
	net_up port port
	start srv "$RUN/meet.log" /usr/bin/python3 "$HERE/punch.py" meet "$SRV" 8443
	sleep 0.5
	capture inside
	start b1 "$RUN/report.b" /usr/bin/python3 "$HERE/punch.py" tcp "$SRV" 8443 10.20.0.11 41002
	start a1 "$RUN/report.a" /usr/bin/python3 "$HERE/punch.py" tcp "$SRV" 8443 10.10.0.11 41001
	wait "$STARTED" || fail "$(tail -3 "$RUN/report.a")"
	grep -q '^both ways' "$RUN/report.a" || fail "$(cat "$RUN/report.a")"
	spoke_with tcp "$WAN_B:"
	capture_end
	keep inside punch-tcp.pcap $HOME_A nat-traversal direct "$CALL_LOCAL" "$CALL_PEER" "$(version python3)" \
	    "Two programs connect to each other over TCP at the same moment: their SYNs cross (simultaneous open)."
}
