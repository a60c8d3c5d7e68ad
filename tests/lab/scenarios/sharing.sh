# sharing.sh -- files from host to host: BitTorrent, and IRC's DCC.

# torrent HOST LOG ARGUMENT...: a BitTorrent client; torrent.py says what.
torrent() {
	local host=$1 log=$2
	shift 2
	start "$host" "$RUN/$log" /usr/bin/python3 -P "$HERE/torrent.py" "$@"
}

got_from() { grep -qx "got it from $1" "$RUN/$2"; }

scenario_bittorrent() {
	net_up port port
	torrent srv node.log node "$RUN/node" 6881 "node=$SRV:6881" seconds=90
	wait_for 10 grep -q '^node on' "$RUN/node.log" || fail "$(tail -qn 3 "$RUN/node.log")"
	capture inside outside
	torrent b1 seed.log seed "$RUN/seed" 6881 "node=$SRV:6881" seconds=60
	torrent a1 get.log get "$RUN/get" 51413 "node=$SRV:6881" seconds=50
	wait_for 60 grep -q '^got all of it' "$RUN/get.log" || fail "$(tail -qn 3 "$RUN/get.log" "$RUN/seed.log")"
	got_from "$WAN_B:6881" get.log || fail "it came from somebody else: $(grep '^got it' "$RUN/get.log")"
	capture_end
	keep inside bittorrent.pcap $HOME_A p2p-filesharing direct 10.10.0.11:51413 "$WAN_B:6881" "$(version python3-libtorrent)" \
	    "BitTorrent behind NATs: the hash table names the peer, uTP from both ends punches the way, the file comes."
	keep outside bittorrent.outside.pcap $HOME_OUTSIDE p2p-filesharing direct "$WAN_A:51413" "$WAN_B:6881" "$(version python3-libtorrent)" \
	    "The same on the WAN side."
}

# Nothing but encrypted connections over TCP: the peer is only known from the tracker.
scenario_bittorrent_encrypted() {
	net_up port port
	# The tracker's package serves nobody but those it is told of.
	/usr/bin/python3 -P "$HERE/torrent.py" hash "$RUN/hash" 0 >"$RUN/known"
	start srv "$RUN/tracker.log" opentracker -w "$RUN/known" -i "$SRV" -p 6969 -P 6969 -u nobody
	torrent srv seed.log seed "$RUN/seed" 51000 "tracker=udp://$SRV:6969/announce" encrypt tcp seconds=60
	wait_for 10 grep -q '^seed on' "$RUN/seed.log" || fail "$(tail -qn 3 "$RUN/seed.log")"
	sleep 2
	capture inside
	torrent a1 get.log get "$RUN/get" 51413 "tracker=udp://$SRV:6969/announce" encrypt tcp seconds=50
	wait_for 60 grep -q '^got all of it' "$RUN/get.log" || fail "$(tail -qn 3 "$RUN/get.log" "$RUN/seed.log")"
	got_from "$SRV:51000" get.log || fail "it came from somebody else: $(grep '^got it' "$RUN/get.log")"
	capture_end
	keep inside bittorrent-encrypted.pcap $HOME_A p2p-filesharing direct - "$SRV:51000" "$(version python3-libtorrent opentracker)" \
	    "BitTorrent, encrypted connections alone: a tracker over UDP names the peer, whose bytes look like nothing."
}

scenario_irc_dcc() {
	local sender receiver
	net_up port port
	cat >"$RUN/ngircd.conf" <<-CONF
		[Global]
		Name = irc.example
		Info = laboratory
		Listen = $SRV
		ServerUID = root
		ServerGID = root
		[Options]
		DNS = no
		Ident = no
		PAM = no
	CONF
	start srv "$RUN/ngircd.log" ngircd -n -f "$RUN/ngircd.conf"
	wait_for 10 in_ns srv bash -c "exec 3<>/dev/tcp/$SRV/6667" || fail "$(tail -qn 3 "$RUN/ngircd.log")"
	head -c 60000 /dev/urandom >"$RUN/file.bin"
	capture inside
	start a1 "$RUN/receiver.log" /usr/bin/python3 -P "$HERE/dcc.py" receive "$SRV" inside "$RUN/received"
	wait_for 10 grep -q '^ready' "$RUN/receiver.log" || fail "$(tail -qn 3 "$RUN/receiver.log")"
	start srv "$RUN/sender.log" /usr/bin/python3 -P "$HERE/dcc.py" send "$SRV" outside "$RUN/file.bin" inside "$SRV2"
	wait_for 30 grep -q '^all of it' "$RUN/receiver.log" || fail "$(tail -qn 3 "$RUN/receiver.log" "$RUN/sender.log")"
	cmp -s "$RUN/file.bin" "$RUN/received" || fail "another file came"
	sender=$(awk '/^waits on/ { print $3 }' "$RUN/sender.log")
	capture_end
	keep inside irc-dcc.pcap $HOME_A p2p-filesharing direct - "$sender" "$(version ngircd python3-irc)" \
	    "IRC: a user outside offers a file, which comes directly from his host."
}
