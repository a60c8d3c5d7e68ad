# names.sh -- what inside hosts are called.

# A host is given its address, says its name, and asks a STUN server.
scenario_dhcp_name() {
	net_up port port
	coturn_up
	start nata "$RUN/dnsmasq.log" dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user=root --log-dhcp --log-facility=- --no-ping \
	    --interface=lan0 --bind-interfaces --dhcp-range=10.10.0.11,10.10.0.11,1h --dhcp-leasefile="$RUN/leases" \
	    --pid-file="$RUN/dnsmasq.pid"
	wait_for 10 grep -q 'DHCP' "$RUN/dnsmasq.log" || fail "no DHCP server: $(cat "$RUN/dnsmasq.log")"
	capture inside
	in_ns a1 timeout 20 udhcpc -i eth0 -n -q -f -x hostname:pc-1234 -s /bin/true >"$RUN/udhcpc.log" 2>&1 || fail "$(cat "$RUN/udhcpc.log")"
	grep -q 'pc-1234' "$RUN/leases" || fail "no lease with a name: $(cat "$RUN/leases")"
	in_ns a1 timeout 2 turnutils_stunclient "$SRV" >"$RUN/stunclient.log" 2>&1 || true
	grep -q "UDP reflexive addr: $WAN_A:" "$RUN/stunclient.log" || fail "$(cat "$RUN/stunclient.log")"
	capture_end
	keep inside dhcp-name.pcap $HOME_A stun-discovery - - "$SRV:3478" "$(version udhcpc dnsmasq-base coturn)" \
	    "A host is given its address by DHCP, says that it is called pc-1234, and asks a STUN server."
}
