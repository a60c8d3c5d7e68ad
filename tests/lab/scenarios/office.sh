# office.sh -- an office day in ten minutes: many browsers behind one NAT, meetings, widgets, and what must stand out of it.

OFFICE_HOSTS="a1 a2 a3 a4 a5 a6 a7 a8 a9 a10 a11 a12 a13"
OFFICE_STRANGERS="b1 b2 b3 b4"
TURN_TCP_SERVER="{\"urls\":\"turn:$SRV:3478?transport=tcp\",\"username\":\"lab\",\"credential\":\"lab\"}"

# query NAME VALUE...: as a page's address has them.
query() {
	/usr/bin/python3 -c 'import sys, urllib.parse as u; print(u.urlencode(list(zip(sys.argv[1::2], sys.argv[2::2]))))' "$@"
}

# reported NAME...: all of these have told.
reported() {
	local name
	for name; do
		[ -f "$RUN/report.$name" ] || return 1
	done
}

# wave SECONDS NAME...: wait for these, and end their browsers.
wave() {
	local limit=$1 name
	shift
	wait_for "$limit" reported "$@" || fail "no report from one of $*: $(ls "$RUN" | grep report | tr '\n' ' ')"
	sleep 1
	for name; do
		[ -z "$(ip netns pids "$(space "$name")")" ] || kill $(ip netns pids "$(space "$name")") 2>/dev/null || :
	done
}

# met HOST TRANSPORT: the meeting had media, by the browser's own word, directly (udp) or over a relay.
met() {
	told "$1" '^state connected' && told "$1" '^rtp-in audio [1-9]' || fail "$1 did not meet: $(cat "$RUN/report.$1")"
	case $2 in
	direct) told "$1" '^local (host|srflx|prflx) udp' || fail "$1: $(grep ^local "$RUN/report.$1")" ;;
	*) told "$1" "^local relay udp .* $2\$" || fail "$1: $(grep ^local "$RUN/report.$1")" ;;
	esac
}

# tunnel HOST: a page over QUIC, through a relay that is meant for meetings.
tunnel() {
	mkdir -p "$RUN/www" "$RUN/got"
	head -c 90000 /dev/urandom | base64 >"$RUN/www/index.html"
	start srv "$RUN/quic.log" gtlsserver -q -d "$RUN/www" "$SRV2" 8443 "$WORK/key.pem" "$WORK/cert.pem"
	start "$1" "$RUN/tunnel.log" /usr/bin/python3 "$HERE/tunnel.py" "$SRV" 3478 lab lab "$SRV2" 8443 7000
	wait_for 10 grep -q ready "$RUN/tunnel.log" || fail "no tunnel: $(cat "$RUN/tunnel.log")"
	in_ns "$1" timeout 30 gtlsclient -q --exit-on-all-streams-close --timeout=5s --download="$RUN/got" 127.0.0.1 7000 \
	    https://hidden.example.org/index.html >"$RUN/quic-client.log" 2>&1 || fail "no page through the tunnel: $(tail -2 "$RUN/quic-client.log")"
	cmp "$RUN/www/index.html" "$RUN/got/index.html" || fail "another page came through the tunnel"
}

# office_truth: what must stand out, by the words of those who did it: kind, host, peer's port.
office_truth() {
	local n
	for n in 1 2 3 4; do
		printf 'hole-punch\t%s\t%s\t%s\n' "10.10.0.$((17 + n))" "$WAN_B" "$(field "a$((7 + n))" remote 5)"
	done
	printf 'relay-tunnel\t10.10.0.22\t%s\t8443\n' "$SRV2"
}

scenario_office_day() {
	local n host
	NET_A=$OFFICE_HOSTS NET_B=$OFFICE_STRANGERS net_up port port
	coturn_up
	meeting_up
	janus_up
	capture inside

	say "meetings: directly, by a relay over UDP, by a relay over TCP; two in a row"
	for host in a1 a2 a3; do
		page $host $host "conference.html?$(query me $host servers "[$STUN_SERVER]" seconds 2 times 2)"
	done
	wave 120 a1 a2 a3
	for host in a4 a5; do
		page $host $host "conference.html?$(query me $host servers "[$TURN_SERVER]" policy relay seconds 2 times 2)"
	done
	page a6 a6 "conference.html?$(query me a6 servers "[$TURN_TCP_SERVER]" policy relay seconds 2 times 2)"
	wave 120 a4 a5 a6

	say "chat widgets"
	page a7 a7 "widget.html?$(query me a7 servers "[$STUN_SERVER]" times 3)"
	page a13 a13 "widget.html?$(query me a13 servers "[$STUN_SERVER]" times 2)"
	wave 90 a7 a13

	say "four direct calls"
	for n in 1 2 3 4; do
		browser "b$n" "b$n" "a$((7 + n))" "$STUN_SERVER" all audio 2
		browser "a$((7 + n))" "a$((7 + n))" "b$n" "$STUN_SERVER" all audio 2
		[ $((n % 2)) = 1 ] || wave 120 "a$((6 + n))" "b$((n - 1))" "a$((7 + n))" "b$n"
	done

	say "a tunnel"
	tunnel a12

	say "the meetings of the afternoon"
	rm -f "$RUN/report.a1" "$RUN/report.a4"
	page a1 a1 "conference.html?$(query me a1 servers "[$STUN_SERVER]" seconds 2)"
	page a4 a4 "conference.html?$(query me a4 servers "[$TURN_SERVER]" policy relay seconds 2)"
	wave 90 a1 a4
	capture_end

	for host in a1 a2 a3; do
		met $host direct
	done
	met a4 udp
	met a5 udp
	met a6 tcp
	told a7 '^learnt [1-9]' && told a13 '^learnt [1-9]' || fail "the widgets learnt nothing"
	for n in 1 2 3 4; do
		told "a$((7 + n))" '^state connected' && told "a$((7 + n))" '^rtp-in audio [1-9]' || fail "call $n: $(cat "$RUN/report.a$((7 + n))")"
		told "a$((7 + n))" '^local (host|srflx|prflx) udp' && told "a$((7 + n))" '^remote (host|srflx|prflx) udp' ||
		    fail "call $n is not direct: $(grep -E '^(local|remote)' "$RUN/report.a$((7 + n))")"
	done
	office_truth >"$RUN/truth"
	/usr/bin/python3 "$HERE/office_check.py" "$ROOT/punchwatch" "$RUN/inside.pcap" "$RUN/truth" || fail "the sensor sees another day"
	keep inside office-day.pcap $HOME_A hole-punch,relay-tunnel,turn-relay,conference,hole-punch-attempt direct - - \
	    "$(version chromium janus coturn ngtcp2-client ngtcp2-server)" \
	    "An office day: eleven meetings with a conference server (directly, over TURN by UDP and TCP), chat widgets, four direct calls, one tunnel."
}
