# sip.sh -- telephones: baresip at both ends, a kamailio between them that only carries the signalling.

# sip_server_up [ADDRESS]
sip_server_up() {
	local at=${1:-$SRV2}
	cat >"$RUN/kamailio.cfg" <<-'CONF'
		fork=no
		log_stderror=yes
		debug=2
		auto_aliases=no
		loadmodule "kex.so"
		loadmodule "tm.so"
		loadmodule "sl.so"
		loadmodule "rr.so"
		loadmodule "pv.so"
		loadmodule "usrloc.so"
		loadmodule "registrar.so"
		loadmodule "textops.so"
		loadmodule "siputils.so"
		loadmodule "nathelper.so"
		modparam("registrar|nathelper", "received_avp", "$avp(received)")

		request_route {
			force_rport();
			if (is_method("REGISTER")) {
				fix_nated_register();
				save("location");
				exit;
			}
			fix_nated_contact();
			if (has_totag()) {
				loose_route();
				t_relay();
				exit;
			}
			record_route();
			if (!lookup("location")) {
				sl_send_reply("404", "Not here");
				exit;
			}
			t_relay();
		}
		onreply_route {
			fix_nated_contact();
		}
	CONF
	# SIP over UDP to the second address, so that it is not mistaken for the STUN server's.
	start srv "$RUN/kamailio.log" kamailio -DD -E -f "$RUN/kamailio.cfg" -l "udp:$at:5060" -Y "$RUN" -P "$RUN/kamailio.pid"
	wait_for 10 sip_listens "$at" || fail "kamailio does not start"
}

sip_listens() { in_ns srv ss -Hlun "src $1:5060" | grep -q 5060; }

# phone HOST NAME [ARGUMENT...]: registers; answers by itself; its voice is a file. The media find their way with ICE.
phone() {
	local host=$1 name=$2
	shift 2
	phone_with "$host" "$name" "$SRV2" "medianat=ice;stunserver=stun:$SRV:3478" "stun ice" "$@"
}

# phone_with HOST NAME SERVER PARAMETERS MODULES [ARGUMENT...]: the same, with parameters of its account and further modules.
phone_with() {
	local host=$1 name=$2 server=$3 parameters=$4 modules=$5 m
	shift 5
	mkdir -p "$RUN/phone-$name"
	{
		echo "module_path /usr/lib/baresip/modules"
		for m in g711 aufile aubridge $modules; do
			echo "module $m.so"
		done
		cat <<-CONF
			module_tmp account.so
			module_app menu.so
			audio_source aufile,$RUN/voice.wav
			audio_player aubridge,void
			audio_alert aubridge,void
			ausrc_channels 1
		CONF
		case $server in *:*) echo "prefer_ipv6 yes" ;; esac
	} >"$RUN/phone-$name/config"
	echo "<sip:$name@$server>;auth_pass=lab;answermode=auto;regint=60;audio_codecs=PCMU;$parameters" >"$RUN/phone-$name/accounts"
	touch "$RUN/phone-$name/contacts"
	[ -f "$RUN/voice.wav" ] ||
	    ffmpeg -nostdin -loglevel error -y -f lavfi -i sine=440:duration=20 -ar 8000 -ac 1 -c:a pcm_s16le "$RUN/voice.wav"
	start "$host" "$RUN/phone-$name.log" stdbuf -o0 baresip -f "$RUN/phone-$name" -v "$@"
}

registered() { wait_for 15 grep -aq '200 OK' "$RUN/phone-$1.log" || fail "$1 is not registered: $(tail -3 "$RUN/phone-$1.log")"; }

scenario_sip_ice() {
	local peer
	net_up port port
	coturn_up
	sip_server_up
	capture inside
	phone b1 bob -t 25
	registered bob
	phone a1 alice -t 8 -e "/dial sip:bob@$SRV2"
	wait "$STARTED" || :
	grep -q 'Call established' "$RUN/phone-alice.log" || fail "no call: $(tail -5 "$RUN/phone-alice.log")"
	# The pair that ICE chose for the voice (the other component is RTCP), and what the NAT has of it.
	peer=$(sed -n 's/.*\* *{comp=1}.*<---> [a-z]*:\([0-9.:]*\).*/\1/p' "$RUN/phone-alice.log" | head -1)
	conversation_with "${peer:?}"
	grep -aq "incoming rtp for 'audio' established, receiving from $peer" "$RUN/phone-alice.log" || fail "alice hears nothing"
	grep -aq "incoming rtp for 'audio' established, receiving from $WAN_A:" "$RUN/phone-bob.log" || fail "bob hears nothing"
	capture_end
	keep inside sip-ice.pcap $HOME_A hole-punch direct "$CALL_LOCAL" "$CALL_PEER" "$(version baresip-core kamailio coturn)" \
	    "Two SIP telephones with ICE: signalling through a server, the voice (RTP, G.711) directly."
}

# Over IPv6 nothing is translated: each telephone knows its address, and what it sends opens its own firewall. No STUN.
sip_call6() {
	local file=$1 parameters=$2 modules=$3 shows=$4 packages=$5 server="[$SRV6]"
	net_up port port v6
	in_ns a1 ip -4 addr flush dev eth0	# or the voice takes it
	in_ns b1 ip -4 addr flush dev eth0
	sip_server_up "$server"
	capture inside
	phone_with b1 bob "$server" "$parameters" "$modules" -t 25
	registered bob
	phone_with a1 alice "$server" "$parameters" "$modules" -t 8 -e "/dial sip:bob@$server"
	wait "$STARTED" || :
	grep -aq 'Call established' "$RUN/phone-alice.log" || fail "no call: $(tail -5 "$RUN/phone-alice.log")"
	grep -aq "incoming rtp for 'audio' established, receiving from \[2001:db8:b::11\]:" "$RUN/phone-alice.log" || fail "alice hears nothing"
	grep -aq "incoming rtp for 'audio' established, receiving from \[2001:db8:a::11\]:" "$RUN/phone-bob.log" || fail "bob hears nothing"
	CALL_PEER=$(sed -n 's/.*receiving from \(\[2001:db8:b::11\]:[0-9]*\).*/\1/p' "$RUN/phone-alice.log" | head -1)
	CALL_LOCAL=$(sed -n 's/.*receiving from \(\[2001:db8:a::11\]:[0-9]*\).*/\1/p' "$RUN/phone-bob.log" | head -1)
	capture_end
	keep inside "$file" $HOME_A6 p2p-media,voip-server direct "${CALL_LOCAL:?}" "${CALL_PEER:?}" "$(version $packages)" "$shows"
}

scenario_sip_direct6() {
	sip_call6 sip-direct6.pcap "" "" \
	    "Two SIP telephones over IPv6: signalling through a proxy, the voice (RTP, G.711, in the clear) directly, without STUN." \
	    "baresip-core kamailio"
}

scenario_sip_sdes() {
	sip_call6 sip-sdes.pcap "mediaenc=srtp-mand" "srtp" \
	    "The same with SRTP, its keys in the signalling (SDES), which anybody on the way can read." "baresip-core kamailio"
}

# A telephone and a bridge at the server's own address: the voice goes to the server.
scenario_sip_server() {
	net_up port port
	sip_server_up
	capture inside
	phone_with srv bridge "$SRV2" "" "echo" -t 25
	registered bridge
	phone_with a1 alice "$SRV2" "" "" -t 8 -e "/dial sip:bridge@$SRV2"
	wait "$STARTED" || :
	grep -aq 'Call established' "$RUN/phone-alice.log" || fail "no call: $(tail -5 "$RUN/phone-alice.log")"
	grep -aq "incoming rtp for 'audio' established, receiving from $WAN_A:" "$RUN/phone-bridge.log" || grep -aq "incoming rtp" "$RUN/phone-bridge.log" ||
	    fail "the bridge hears nothing"
	capture_end
	keep inside sip-server.pcap $HOME_A voip-server server - "$SRV2:5060" "$(version baresip-core kamailio)" \
	    "A SIP telephone calls a service at the address of its SIP server: the voice goes to that server."
}
