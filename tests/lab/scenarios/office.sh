# office.sh -- an office day in ten minutes: many browsers behind one NAT, meetings, widgets, and what must stand out of it.

# Of each kind of host so many; OFFICE=3 makes a larger office (and a larger capture: -n keeps it in the working folder).
OFFICE=${OFFICE:-1}
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

# wave NAME...: wait for these, and end their browsers.
wave() {
	local name
	wait_for 120 reported "$@" || fail "no report from one of $*: $(cd "$RUN" && echo report.*)"
	sleep 1
	for name; do
		[ -z "$(ip netns pids "$(space "$name")")" ] || kill $(ip netns pids "$(space "$name")") 2>/dev/null || :
	done
}

# in_waves COMMAND NAME...: COMMAND for each, three at a time.
in_waves() {
	local command=$1 together= name
	shift
	for name; do
		$command "$name"
		together="$together $name"
		[ "$(wc -w <<<"$together")" -lt 3 ] || { wave $together; together=; }
	done
	[ -z "$together" ] || wave $together
}

meeting() { page "$1" "$1" "conference.html?$(query me "$1" servers "[$STUN_SERVER]" seconds 2 times 2)"; }
meeting_udp() { page "$1" "$1" "conference.html?$(query me "$1" servers "[$TURN_SERVER]" policy relay seconds 2 times 2)"; }
meeting_tcp() { page "$1" "$1" "conference.html?$(query me "$1" servers "[$TURN_TCP_SERVER]" policy relay seconds 2 times 2)"; }
widget() { page "$1" "$1" "widget.html?$(query me "$1" servers "[$STUN_SERVER]" times 3)"; }

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

# names FIRST NUMBER: a5 a6 a7
names() { seq -f 'a%.0f' "$1" $(($1 + $2 - 1)) | tr '\n' ' '; }

# address_of a7: its own
address_of() { echo "10.10.0.$((10 + ${1#a}))"; }

scenario_office_day() {
	local n host direct udp tcp widgets calls hidden
	direct=$(names 1 $((3 * OFFICE)))
	udp=$(names $((1 + 3 * OFFICE)) $((2 * OFFICE)))
	tcp=$(names $((1 + 5 * OFFICE)) "$OFFICE")
	widgets=$(names $((1 + 6 * OFFICE)) $((2 * OFFICE)))
	calls=$(names $((1 + 8 * OFFICE)) 4)
	hidden=$(names $((5 + 8 * OFFICE)) 1)
	NET_A="$direct $udp $tcp $widgets $calls $hidden" NET_B="b1 b2 b3 b4" net_up port port
	coturn_up
	meeting_up
	janus_up
	capture inside

	say "meetings: directly, by a relay over UDP, by a relay over TCP; two in a row"
	in_waves meeting $direct
	in_waves meeting_udp $udp
	in_waves meeting_tcp $tcp
	for host in $direct; do
		met $host direct
	done
	for host in $udp; do
		met $host udp
	done
	for host in $tcp; do
		met $host tcp
	done

	say "chat widgets"
	in_waves widget $widgets
	for host in $widgets; do
		told $host '^learnt [1-9]' || fail "the widget of $host learnt nothing"
	done

	say "four direct calls"
	n=1
	for host in $calls; do
		browser "b$n" "b$n" $host "$STUN_SERVER" all audio 2
		browser $host $host "b$n" "$STUN_SERVER" all audio 2
		wave $host "b$n"
		told $host '^state connected' && told $host '^rtp-in audio [1-9]' || fail "call $n: $(cat "$RUN/report.$host")"
		told $host '^local (host|srflx|prflx) udp' && told $host '^remote (host|srflx|prflx) udp' ||
		    fail "call $n is not direct: $(grep -E '^(local|remote)' "$RUN/report.$host")"
		# What must stand out, by the words of those who did it: kind, host, far end, its port.
		printf 'hole-punch\t%s\t%s\t%s\n' "$(address_of $host)" "$WAN_B" "$(field $host remote 5)" >>"$RUN/truth"
		n=$((n + 1))
	done

	say "a tunnel"
	tunnel $hidden
	printf 'relay-tunnel\t%s\t%s\t8443\n' "$(address_of $hidden)" "$SRV2" >>"$RUN/truth"

	say "the meetings of the afternoon"
	(cd "$RUN" && rm report.a1 "report.${udp%% *}")
	in_waves meeting a1
	in_waves meeting_udp ${udp%% *}
	met a1 direct
	met ${udp%% *} udp
	capture_end

	/usr/bin/python3 "$HERE/office_check.py" "$ROOT/punchwatch" "$RUN/inside.pcap" "$RUN/truth" >&2 || fail "the sensor sees another day"
	[ "$KEEP" = 0 ] || cp "$RUN/truth" "$HERE/office.truth"
	read -r _ host _ n <"$RUN/truth"
	keep inside office-day.pcap $HOME_A hole-punch,relay-tunnel,turn-relay,conference,hole-punch-attempt direct - "$WAN_B:$n" \
	    "$(version chromium janus coturn ngtcp2-client ngtcp2-server)" \
	    "An office day: meetings with a conference server (directly, over TURN by UDP and by TCP), chat widgets, four direct calls, one tunnel."
}
