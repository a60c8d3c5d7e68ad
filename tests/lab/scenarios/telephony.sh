# telephony.sh -- telephones and servers that do not speak plain SIP: keys in the media (ZRTP), IAX2, MGCP.

# lin HOST NAME: a linphone that registers over IPv6, answers by itself and takes files for its sound; commands go to $RUN/lin-NAME.in.
lin() {
	local host=$1 name=$2 dir=$RUN/lin-$2
	mkdir -p "$dir/.local/share/linphone"
	cat >"$dir/linphonerc" <<-CONF
		[sip]
		use_ipv6=1
		sip_port=5060
		sip_tcp_port=-1
		sip_tls_port=-1
		media_encryption=zrtp
		media_encryption_mandatory=0
		default_proxy=0
		[net]
		firewall_policy=0
		[sound]
		playback_dev_id=files
		[video]
		enabled=0
		capture=0
		display=0
		[proxy_0]
		reg_proxy=<sip:[$SRV6]>
		reg_identity=sip:$name@[$SRV6]
		reg_sendregister=1
		reg_expires=60
	CONF
	mkfifo "$dir/in"
	HOME=$dir start_fed "$host" "$dir/in" "$RUN/lin-$name.log" stdbuf -o0 linphonec -a -c "$dir/linphonerc" -d 5
}

# start_fed HOST FIFO LOG COMMAND...: start(), with a pipe for its commands, which stays open.
start_fed() {
	local ns=$1 fifo=$2 log=$3
	shift 3
	ip netns exec "$(space "$ns")" "$@" >"$log" 2>&1 <>"$fifo" &
	STARTED=$!
}

scenario_zrtp() {
	net_up port port v6
	in_ns a1 ip -4 addr flush dev eth0
	in_ns b1 ip -4 addr flush dev eth0
	sip_server_up "[$SRV6]"
	capture inside
	lin b1 bob
	lin a1 alice
	ffmpeg -nostdin -loglevel error -y -f lavfi -i sine=440:duration=20 -ar 8000 -ac 1 -c:a pcm_s16le "$RUN/voice.wav"
	echo "soundcard use files" >"$RUN/lin-bob/in"
	echo "soundcard use files" >"$RUN/lin-alice/in"
	wait_for 15 grep -aq 'Register refresher .200.' "$RUN/lin-bob.log" || fail "bob is not registered"
	sleep 2
	echo "call sip:bob@[$SRV6]" >"$RUN/lin-alice/in"
	wait_for 15 grep -aq 'All streams are encrypted, key exchanged using ZRTP' "$RUN/lin-alice.log" || fail "no keys: $(tail -5 "$RUN/lin-alice.log")"
	echo "play $RUN/voice.wav" >"$RUN/lin-alice/in"
	echo "play $RUN/voice.wav" >"$RUN/lin-bob/in"
	sleep 8
	echo "terminate all" >"$RUN/lin-alice/in"
	sleep 1
	capture_end
	keep inside zrtp.pcap $HOME_A6 p2p-media,voip-server,stun-discovery direct '[2001:db8:a::11]:7078' '[2001:db8:b::11]:7078' \
	    "$(version linphone-cli kamailio)" \
	    "Two telephones that agree upon keys in the path of their media (ZRTP), over IPv6, without STUN."
}

# --- IAX2 ---

# modem HOST NAME PEER: an iaxmodem whose calls go to PEER; its line is $RUN/modem-NAME.
modem() {
	local host=$1 name=$2 peer=$3
	cat >"/etc/iaxmodem/$SCENARIO-$name" <<-CONF
		device $RUN/modem-$name
		owner root:root
		mode 660
		port 4569
		refresh 0
		server $peer
		peername $name
		secret lab
		cidname $name
		cidnumber 100
		codec alaw
	CONF
	start "$host" "$RUN/modem-$name.log" iaxmodem "$SCENARIO-$name"
}

# at NAME COMMAND: to a modem, as a terminal would.
at() { printf '%s\r' "$2" >"$RUN/modem-$1"; }

scenario_iax2() {
	net_up port port
	mkdir -p /etc/iaxmodem
	capture inside
	# The called one is at a public address, as a server would be.
	modem srv far 127.0.0.1
	modem a1 near "$SRV"
	wait_for 10 test -e "$RUN/modem-far" || fail "no modem: $(tail -3 "$RUN/modem-far.log")"
	wait_for 10 test -e "$RUN/modem-near" || fail "no modem: $(tail -3 "$RUN/modem-near.log")"
	cat "$RUN/modem-far" >"$RUN/far.said" &
	cat "$RUN/modem-near" >"$RUN/near.said" &
	sleep 1
	at far "ATS0=1"
	sleep 1
	at near "ATD5551234"
	sleep 12
	at near "ATH"
	sleep 2
	rm -f "/etc/iaxmodem/$SCENARIO-near" "/etc/iaxmodem/$SCENARIO-far"
	grep -aq RING "$RUN/far.said" || fail "it does not ring: $(tail -3 "$RUN/modem-near.log")"
	capture_end
	keep inside iax2.pcap $HOME_A voip-server server - "$SRV:4569" "$(version iaxmodem)" \
	    "A software modem calls another one over IAX2: signalling and voice on one port, without encryption."
}

# --- MGCP ---

# A call agent of a few lines; the gateway is a real one, and its answers are the proof.
scenario_mgcp() {
	net_up port port
	cat >"$RUN/mgw.cfg" <<-CONF
		mgcp
		 domain gateway.example
		 bind ip $SRV
		 bind port 2427
		 rtp port-range 4002 4098
		 rtp bind-ip $SRV
		 number endpoints 4
	CONF
	start srv "$RUN/mgw.log" osmo-mgw -c "$RUN/mgw.cfg"
	wait_for 10 mgw_listens || fail "osmo-mgw does not start: $(tail -3 "$RUN/mgw.log")"
	capture inside
	in_ns a1 python3 - "$SRV" >"$RUN/agent.log" 2>&1 <<-'AGENT'
		import socket, sys
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.bind(("10.10.0.11", 2727))
		s.settimeout(5)
		number = 100
		def command(verb, endpoint, lines=(), sdp=""):
		    global number
		    number += 1
		    lines = [f"{verb} {number} {endpoint} MGCP 1.0", *lines]
		    s.sendto(("\r\n".join(lines) + "\r\n" + (sdp and "\r\n" + sdp)).encode(), (sys.argv[1], 2427))
		    answer = s.recv(2000).decode()
		    print(answer)
		    return answer
		end = "rtpbridge/1@gateway.example"
		sdp = "v=0\r\no=- 1 1 IN IP4 10.10.0.11\r\ns=-\r\nc=IN IP4 10.10.0.11\r\nt=0 0\r\nm=audio 5002 RTP/AVP 0\r\n"
		made = command("CRCX", end, ["C: 7", "L: p:20, a:PCMU", "M: recvonly"])
		connection = [l[3:] for l in made.splitlines() if l.startswith("I: ")][0]
		command("MDCX", end, ["C: 7", "I: " + connection, "M: sendrecv"], sdp)
		command("DLCX", end, ["C: 7", "I: " + connection])
	AGENT
	[ "$(grep -c '^2[05]0 ' "$RUN/agent.log")" = 3 ] || fail "not three answers: $(tail -5 "$RUN/agent.log")"
	capture_end
	keep inside mgcp.pcap $HOME_A voip-server server - "$SRV:2427" "$(version osmo-mgw python3)" \
	    "A call agent makes, changes and ends a connection at a media gateway (MGCP)."
}

mgw_listens() { in_ns srv ss -Hlun "src $SRV:2427" | grep -q 2427; }
