# tunnel.sh -- what hides in a media relay: QUIC, TLS and SSH, in every way that a relay carries bytes.

# page_over_quic OPTION...: a page over QUIC, through a relay that is meant for calls.
page_over_quic() {
	mkdir -p "$RUN/www" "$RUN/got"
	head -c 30000 /dev/urandom | base64 >"$RUN/www/index.html"
	start srv "$RUN/quic.log" gtlsserver -q -d "$RUN/www" "$SRV2" 8443 "$WORK/key.pem" "$WORK/cert.pem"
	wait_for 10 server_listens 8443 || fail "no QUIC server: $(cat "$RUN/quic.log")"
	start a1 "$RUN/tunnel.log" /usr/bin/python3 "$HERE/tunnel.py" "$@" "$SRV" 3478 lab lab "$SRV2" 8443 7000
	wait_for 10 grep -q ready "$RUN/tunnel.log" || fail "no tunnel: $(cat "$RUN/tunnel.log")"
	in_ns a1 timeout 30 gtlsclient -q --exit-on-all-streams-close --download "$RUN/got" 127.0.0.1 7000 \
	    https://hidden.example.org/index.html >"$RUN/quic-client.log" 2>&1 || fail "no page through the tunnel: $(tail -2 "$RUN/quic-client.log")"
	cmp "$RUN/www/index.html" "$RUN/got/index.html" || fail "another page came through the tunnel"
	wait_for 20 grep -q '^out' "$RUN/tunnel.log" || fail "the tunnel does not end"
}

server_listens() { in_ns srv ss -Hlun "sport = :$1" | grep -q . || in_ns srv ss -Hltn "sport = :$1" | grep -q .; }

quic_tunnel() {	# FILE ABOUT OPTION...
	local file=$1 about=$2
	shift 2
	net_up port port
	coturn_up
	capture inside
	page_over_quic "$@"
	capture_end
	keep inside "$file" $HOME_A relay-tunnel,turn-relay relay - "$SRV2:8443" "$(version coturn), $(version ngtcp2-client)" "$about"
}

scenario_tunnel_quic() {
	quic_tunnel tunnel-quic.pcap "A page over QUIC through a TURN relay, in ChannelData over UDP."
}

scenario_tunnel_quic_indication() {
	quic_tunnel tunnel-quic-indication.pcap "The same in Send and Data indications." --indications
}

scenario_tunnel_quic_tcp() {
	quic_tunnel tunnel-quic-tcp.pcap "The same with TCP to the relay: ChannelData in a stream." --tcp
}

# stream_tunnel PORT: a TCP connection to that port, through the relay.
stream_tunnel() {
	wait_for 10 server_listens "$1" || fail "nobody listens on port $1"
	start a1 "$RUN/tunnel.log" /usr/bin/python3 "$HERE/tunnel.py" --stream "$SRV" 3478 lab lab "$SRV2" "$1" 7000
	wait_for 10 grep -q ready "$RUN/tunnel.log" || fail "no tunnel: $(cat "$RUN/tunnel.log")"
}

scenario_tunnel_tls() {
	net_up port port
	coturn_up
	mkdir -p "$RUN/www"
	head -c 5000 /dev/urandom | base64 >"$RUN/www/index.html"
	start srv "$RUN/tls.log" sh -c "cd '$RUN/www' && exec openssl s_server -quiet -WWW -accept $SRV2:8443 -key '$WORK/key.pem' -cert '$WORK/cert.pem'"
	capture inside
	stream_tunnel 8443
	in_ns a1 timeout 30 curl -sk --http1.0 --connect-to hidden.example.org:8443:127.0.0.1:7000 -o "$RUN/got.html" \
	    https://hidden.example.org:8443/index.html || :
	cmp "$RUN/www/index.html" "$RUN/got.html" || fail "no page through the tunnel: $(cat "$RUN/tunnel.log")"
	wait_for 20 grep -q '^out' "$RUN/tunnel.log" || fail "the tunnel does not end"
	capture_end
	keep inside tunnel-tls.pcap $HOME_A relay-tunnel,turn-relay relay - - "$(version coturn), $(version openssl)" \
	    "A page over TLS through a TURN relay's TCP allocation (RFC 6062): Connect, ConnectionBind, the peer's stream."
}

scenario_tunnel_ssh() {
	net_up port port
	coturn_up
	dropbearkey -t ed25519 -f "$RUN/host.key" >/dev/null 2>&1
	dropbearkey -t ed25519 -f "$RUN/user.key" >"$RUN/user.pub" 2>/dev/null
	start srv "$RUN/ssh.log" dropbear -F -E -r "$RUN/host.key" -p "$SRV2:2222" -P "$RUN/dropbear.pid"
	capture inside
	stream_tunnel 2222
	# Whether it lets us in does not matter: the exchange of keys and a login that is refused are what is to be seen.
	in_ns a1 timeout 20 dbclient -y -y -i "$RUN/user.key" -p 7000 nobody@127.0.0.1 true >"$RUN/ssh-client.log" 2>&1 </dev/null || :
	grep -qi 'auth\|permission\|exited' "$RUN/ssh-client.log" "$RUN/ssh.log" || fail "no SSH through the tunnel: $(tail -2 "$RUN/ssh-client.log")"
	wait_for 20 grep -q '^out' "$RUN/tunnel.log" || fail "the tunnel does not end"
	capture_end
	keep inside tunnel-ssh.pcap $HOME_A relay-tunnel,turn-relay relay - - "$(version coturn), $(version dropbear-bin)" \
	    "SSH through a TURN relay's TCP allocation."
}
