# webrtc.sh -- two browsers that call each other through a page.

STUN_SERVER="{\"urls\":\"stun:$SRV:3478\"}"
STUN_SERVER6="{\"urls\":\"stun:[$SRV6]:3478\"}"
TURN_SERVER="{\"urls\":\"turn:$SRV:3478?transport=udp\",\"username\":\"lab\",\"credential\":\"lab\"}"

# meeting_up: DNS and the page's server.
meeting_up() {
	local address=$SRV
	[ "$NET_V6" != 1 ] || address=$SRV6
	names_up
	start srv "$RUN/signal.log" /usr/bin/python3 "$HERE/signal.py" "$address" 443 "$WORK/cert.pem" "$WORK/key.pem" "$RUN" "$HERE"
	wait_for 10 grep -q ready "$RUN/signal.log" || fail "the signalling server does not start"
}

# names_up: a name server that knows only our own names.
names_up() {
	start srv "$RUN/dnsmasq.log" dnsmasq --keep-in-foreground --no-resolv --no-hosts --conf-file=/dev/null \
	    --user=root --pid-file= --listen-address="$SRV" --bind-interfaces --log-facility=- \
	    --host-record="meet.example.org,$([ "$NET_V6" = 1 ] && echo "$SRV6" || echo "$SRV")" \
	    --host-record="stun.example.org,$SRV" --host-record="www.example.org,$SRV2" \
	    --address=/example.net/203.0.113.11
	wait_for 10 grep -q started "$RUN/dnsmasq.log" || fail "dnsmasq does not start"
}

# browser HOST ME PEER SERVERS [POLICY [MEDIA [SECONDS]]]: one side of a call.
browser() {
	page "$1" "$2" "call.html?$(/usr/bin/python3 -c 'import sys, urllib.parse as u; print(u.urlencode(dict(zip(
	    ["me", "peer", "servers", "policy", "media", "seconds"], sys.argv[1:]))))' \
	    "$2" "$3" "[$4]" "${5:-all}" "${6:-audio}" "${7:-4}")"
}

# page HOST ME PAGE: a browser that opens it.
page() {
	mkdir -p "$RUN/profile-$2"
	start "$1" "$RUN/chromium-$2.log" env HOME="$RUN/profile-$2" chromium --headless --no-sandbox --disable-gpu --disable-quic \
	    --no-first-run --disable-background-networking --disable-component-update --disable-sync --disable-extensions \
	    --user-data-dir="$RUN/profile-$2" --ignore-certificate-errors \
	    --disable-features=WebRtcHideLocalIpsWithMdns,MediaRouter,DialMediaRouteProvider,OptimizationHints \
	    --use-fake-device-for-media-stream --use-fake-ui-for-media-stream --autoplay-policy=no-user-gesture-required \
	    "https://meet.example.org/$3"
}

# reports SECONDS: both sides have told; show it.
reports() {
	wait_for "$1" test -f "$RUN/report.a" -a -f "$RUN/report.b" || fail "no report from $(
	    [ -f "$RUN/report.a" ] || echo a) $([ -f "$RUN/report.b" ] || echo b)"
	sleep 1
}

# told ME PATTERN: does the report have this line?
told() { grep -Eq "$2" "$RUN/report.$1"; }

# field ME LINE N: N-th word of the report's line.
field() { awk -v l="$2" -v n="$3" '$1 == l { print $n; exit }' "$RUN/report.$1"; }

# talked: both ends are connected and media and messages came through.
talked() {
	local s
	for s in a b; do
		told "$s" '^state connected' || fail "$s is not connected: $(cat "$RUN/report.$s")"
		told "$s" '^echoes [1-9]' || fail "$s got no echo on the data channel"
		told "$s" '^rtp-in audio [1-9]' || fail "$s heard nothing"
	done
}

# punched: no relay in the selected pairs.
punched() {
	local s
	for s in a b; do
		told "$s" '^local (host|srflx|prflx) udp' || fail "$s: $(grep ^local "$RUN/report.$s")"
		told "$s" '^remote (host|srflx|prflx) udp' || fail "$s: $(grep ^remote "$RUN/report.$s")"
	done
}

# conversation_with PREFIX [FAMILY]: what NAT A saw of the call. Sets CALL_LOCAL, CALL_PEER, CALL_MAPPED.
conversation_with() {
	local seen
	seen=$(nat_peers udp "${2:-ipv4}" | grep -F " $1")
	[ "$(wc -l <<<"$seen")" = 1 ] || fail "not one conversation with $1: $seen"
	read -r CALL_LOCAL CALL_PEER CALL_MAPPED <<<"$seen"
}

endpoint() {
	case $1 in
	*:*) printf '[%s]:%s\n' "$1" "$2" ;;
	*) printf '%s:%s\n' "$1" "$2" ;;
	esac
}

scenario_webrtc_direct() {
	net_up port port
	coturn_up
	meeting_up
	capture inside outside
	browser b1 b a "$STUN_SERVER"
	browser a1 a b "$STUN_SERVER"
	reports 90
	talked
	punched
	conversation_with "$WAN_B:"
	capture_end
	keep inside webrtc-direct.pcap $HOME_A hole-punch direct "$CALL_LOCAL" "$CALL_PEER" "$(version chromium coturn)" \
	    "Two browsers call each other (audio, data channel) through two port-preserving NATs; STUN from coturn. LAN side of NAT A."
	keep outside webrtc-direct.outside.pcap $HOME_OUTSIDE hole-punch direct "$CALL_MAPPED" "$CALL_PEER" \
	    "$(version chromium coturn)" "The same call on the WAN side of NAT A: the inside host is the NAT."
}

scenario_webrtc_direct6() {
	net_up port port v6
	coturn_up
	meeting_up
	capture inside
	browser b1 b a "$STUN_SERVER6" all audio,video 3
	browser a1 a b "$STUN_SERVER6" all audio,video 3
	reports 90
	talked
	punched
	conversation_with "[2001:db8:b::" ipv6
	told a '^remote [a-z]* udp 2001:db8:b::' || fail "not over IPv6: $(grep ^remote "$RUN/report.a")"
	capture_end
	keep inside webrtc-direct6.pcap $HOME_A6 hole-punch direct "$CALL_LOCAL" "$CALL_PEER" "$(version chromium coturn)" \
	    "The same over IPv6, audio and video: no translation, but two stateful firewalls to punch."
}

scenario_webrtc_relay() {
	net_up symmetric symmetric
	coturn_up
	meeting_up
	capture inside
	browser b1 b a "$STUN_SERVER"
	browser a1 a b "$STUN_SERVER,$TURN_SERVER"
	reports 90
	talked
	told a '^local relay' || fail "no relay used: $(cat "$RUN/report.a")"
	# The browser does not tell a stranger's address, but its port; there is only one stranger.
	told a "^remote (srflx udp $WAN_B|prflx udp hidden) " || fail "not to the other side: $(grep ^remote "$RUN/report.a")"
	capture_end
	keep inside webrtc-relay.pcap $HOME_A turn-relay,hole-punch-attempt relay - "$WAN_B:$(field a remote 5)" "$(version chromium coturn)" \
	    "Two symmetric NATs: direct checks fail, the call runs over the caller's TURN allocation (UDP, coturn)."
}

scenario_webrtc_far_relay() {
	net_up symmetric symmetric
	coturn_up
	meeting_up
	capture inside
	browser b1 b a "$STUN_SERVER,$TURN_SERVER" relay
	browser a1 a b "$STUN_SERVER,$TURN_SERVER" all
	reports 90
	talked
	told b '^local relay' || fail "b does not relay"
	told a '^local (host|srflx|prflx)' || fail "a relays too: $(grep ^local "$RUN/report.a")"
	told a "^remote relay udp $SRV" || fail "not b's relay: $(grep ^remote "$RUN/report.a")"
	capture_end
	keep inside webrtc-far-relay.pcap $HOME_A turn-relay relay - "$(endpoint "$SRV" "$(field a remote 5)")" \
	    "$(version chromium coturn)" \
	    "Only the other side relays: the inside host sends plain checks and media to an address of a TURN server."
}

scenario_webrtc_failed() {
	net_up symmetric symmetric
	coturn_up
	meeting_up
	capture inside outside
	browser b1 b a "$STUN_SERVER"
	browser a1 a b "$STUN_SERVER"
	reports 150
	told a '^state failed' || fail "it did not fail: $(cat "$RUN/report.a")"
	capture_end
	keep inside webrtc-failed.pcap $HOME_A hole-punch-attempt - - - "$(version chromium coturn)" \
	    "Two symmetric NATs and STUN only: every check goes unanswered, the call fails."
	keep outside webrtc-failed.outside.pcap $HOME_OUTSIDE hole-punch-attempt - - - "$(version chromium coturn)" \
	    "The same on the WAN side, where the other side's checks are seen that NAT A drops."
}

scenario_webrtc_lan() {
	net_up port port
	coturn_up
	meeting_up
	capture inside
	browser a2 b a "$STUN_SERVER" all audio 2
	browser a1 a b "$STUN_SERVER" all audio 2
	reports 90
	talked
	told a '^remote (host|prflx) udp 10.10.0.12' || fail "not in the LAN: $(grep ^remote "$RUN/report.a")"
	capture_end
	keep inside webrtc-lan.pcap $HOME_A stun-discovery - - - "$(version chromium coturn)" \
	    "Two browsers in the same LAN: both ask the STUN server outside, the call stays inside."
}

# janus_up: a conference server that speaks ICE-lite: it answers checks and sends none.
janus_up() {
	local lib=/usr/lib/x86_64-linux-gnu/janus
	mkdir -p "$RUN/janus/none" "$RUN/janus/plugins" "$RUN/janus/transports"
	ln -s "$lib"/plugins/libjanus_echotest.so* "$RUN/janus/plugins/"
	ln -s "$lib"/transports/libjanus_http.so* "$RUN/janus/transports/"
	cat >"$RUN/janus/janus.jcfg" <<-CONF
		general: {
			configs_folder = "$RUN/janus"
			plugins_folder = "$RUN/janus/plugins"
			transports_folder = "$RUN/janus/transports"
			events_folder = "$RUN/janus/none"
			loggers_folder = "$RUN/janus/none"
			debug_level = 4
		}
		media: { rtp_port_range = "20000-20100" }
		nat: { ice_lite = true }
	CONF
	printf 'general: { http = true\n port = 8088\n https = false }\n' >"$RUN/janus/janus.transport.http.jcfg"
	start srv "$RUN/janus.log" janus -F "$RUN/janus" -C "$RUN/janus/janus.jcfg"
	wait_for 10 in_ns srv curl -sf http://127.0.0.1:8088/janus/info || fail "janus does not start"
}

scenario_webrtc_conference() {
	net_up port port
	coturn_up
	meeting_up
	janus_up
	capture inside
	page a1 a "conference.html?servers=$(/usr/bin/python3 -c \
	    'import sys, urllib.parse as u; print(u.quote(sys.argv[1]))' "[$STUN_SERVER]")"
	wait_for 90 test -f "$RUN/report.a" || fail "no report"
	sleep 2
	told a '^state connected' && told a '^rtp-in audio [1-9]' || fail "not connected: $(cat "$RUN/report.a")"
	told a '^remote (host|prflx) udp 203.0.113.1[01]' || fail "not the conference server"
	capture_end
	keep inside webrtc-conference.pcap $HOME_A conference conference - "$(endpoint "$(field a remote 4)" "$(field a remote 5)")" \
	    "$(version chromium janus coturn)" \
	    "A browser in a conference of a Janus server (ICE-lite): it answers the checks, sends none, and echoes the media."
}
