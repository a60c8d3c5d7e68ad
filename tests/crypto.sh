#!/bin/sh
# crypto.sh [PROGRAM] -- handshakes made by OpenSSL, of every kind that it can make, and what both profiles say to them.
#
# A row: the options of tests/tools/handshake.c | seed2012's verdict and reasons | nzism3.9's.
set -eu
cd "$(dirname "$0")/.."
program=${1:-./punchwatch} maker=build/bench/handshake
[ -x "$program" ] && [ -x "$maker" ] || { echo "crypto: make all tools first"; exit 1; }
work=$(mktemp -d "${TMPDIR:-/tmp}/punchwatch-crypto.XXXXXX")
trap 'rm -rf "$work"' EXIT

EC="group P-384 sigalgs ECDSA+SHA384" RSA="key RSA:3072 group P-384 sigalgs RSA+SHA384"
NEW="version 1.3 group P-384"
failed=0 rows=0
row() {
	rows=$((rows + 1))
	# shellcheck disable=SC2086
	if ! "$maker" $1 >"$work/h.pcap" 2>"$work/err"; then
		echo "crypto: no handshake with $1: $(head -n 2 "$work/err" | tr '\n' ' ')"
		failed=$((failed + 1))
		return
	fi
	said "$1" seed2012 "$2"
	said "$1" nzism3.9 "$3"
}
said() {
	got=$("$program" explain --handshakes --crypto "config/crypto/$2.yaml" "$work/h.pcap" |
	    sed -n "s/^    $2: \(.*\); seen: .*/\1/p" | sed 's/ (CID [0-9, ]*)//' | paste -sd'|' -)
	[ "$got" = "$3" ] && return
	printf 'crypto: %s, by %s:\n  want %s\n  got  %s\n' "$1" "$2" "$3" "$got"
	failed=$((failed + 1))
}

# --- suites: TLS 1.2 and 1.3, with the strongest of all else ---
row "$EC cipher ECDHE-ECDSA-AES256-GCM-SHA384" "pass" "pass"
row "$RSA cipher ECDHE-RSA-AES256-GCM-SHA384" "pass" "pass"
row "$EC cipher ECDHE-ECDSA-AES256-SHA384" "pass" "pass"
row "$RSA cipher ECDHE-RSA-AES256-SHA384" "pass" "pass"
row "$EC cipher ECDHE-ECDSA-AES256-SHA" "fail: SHA-1" "fail: SHA-1"
row "$RSA cipher ECDHE-RSA-AES256-SHA" "fail: SHA-1" "fail: SHA-1"
row "$EC cipher ECDHE-ECDSA-AES128-GCM-SHA256" "fail: AES-128" "fail: AES-128, SHA-256"
row "$RSA cipher ECDHE-RSA-AES128-GCM-SHA256" "fail: AES-128" "fail: AES-128, SHA-256"
row "$RSA cipher ECDHE-RSA-CHACHA20-POLY1305" "fail: ChaCha20" "fail: ChaCha20, SHA-256"
row "$EC cipher ECDHE-ECDSA-CHACHA20-POLY1305" "fail: ChaCha20" "fail: ChaCha20, SHA-256"
row "key RSA:3072 cipher AES256-SHA" "fail: SHA-1, RSA key exchange" "fail: SHA-1"
row "key RSA:3072 cipher AES256-GCM-SHA384" "fail: RSA key exchange" "pass"
row "key RSA:2048 cipher AES256-GCM-SHA384" "fail: RSA key exchange" "fail: RSA-2048"
row "$NEW suites TLS_AES_256_GCM_SHA384" "unknown: hidden-in-1.3" "unknown: hidden-in-1.3"
row "$NEW suites TLS_AES_128_GCM_SHA256" "fail: AES-128" "fail: AES-128, SHA-256"
row "$NEW suites TLS_CHACHA20_POLY1305_SHA256" "fail: ChaCha20" "fail: ChaCha20, SHA-256"
row "$EC cipher ECDHE-ECDSA-CAMELLIA256-SHA384" "fail: Camellia-256" "fail: Camellia-256"
row "$EC cipher ECDHE-ECDSA-ARIA256-GCM-SHA384" "fail: ARIA-256" "fail: ARIA-256"
row "$EC cipher ECDHE-ECDSA-NULL-SHA" "fail: NULL, SHA-1" "fail: NULL, SHA-1"
row "cipher AECDH-AES256-SHA group P-384" "fail: SHA-1, anonymous key exchange" "fail: SHA-1, anonymous key exchange"

# --- groups ---
strong="cipher ECDHE-ECDSA-AES256-GCM-SHA384 sigalgs ECDSA+SHA384"
row "$strong group P-256:P-384" "pass" "fail: P-256"
row "$strong group P-521:P-384" "fail: P-521" "fail: P-521"
row "$strong group X25519:P-384" "fail: X25519" "fail: X25519"
row "$strong group X448:P-384" "fail: X448" "fail: X448"
row "version 1.3 suites TLS_AES_256_GCM_SHA384 group X25519" "fail: X25519" "fail: X25519"
row "version 1.3 suites TLS_AES_256_GCM_SHA384 group P-256" "unknown: hidden-in-1.3" "fail: P-256"
row "version 1.3 suites TLS_AES_256_GCM_SHA384 group ffdhe3072" "unknown: hidden-in-1.3" "unknown: hidden-in-1.3"
row "version 1.3 suites TLS_AES_256_GCM_SHA384 group ffdhe2048" "unknown: hidden-in-1.3" "fail: DH-2048"
row "key RSA:3072 sigalgs RSA+SHA384 cipher DHE-RSA-AES256-GCM-SHA384" "fail: DHE key exchange" "pass"

# --- certificates, and what signs the key exchange ---
row "group P-384 sigalgs ECDSA+SHA256 cipher ECDHE-ECDSA-AES256-GCM-SHA384" "pass" "fail: signature SHA-256"
row "key P-256 hash SHA256 group P-384:P-256 sigalgs ECDSA+SHA384 cipher ECDHE-ECDSA-AES256-GCM-SHA384" "pass" "fail: certificate P-256"
row "$EC hash SHA1 sigalgs ECDSA+SHA384:ECDSA+SHA1 cipher ECDHE-ECDSA-AES256-GCM-SHA384" "fail: certificate SHA-1" "fail: certificate SHA-1"
row "$EC hash SHA256 cipher ECDHE-ECDSA-AES256-GCM-SHA384" "pass" "pass"
row "key RSA:2048 group P-384 sigalgs RSA+SHA384 cipher ECDHE-RSA-AES256-GCM-SHA384" "pass" "pass"
row "key RSA:1024 group P-384 sigalgs RSA+SHA384 cipher ECDHE-RSA-AES256-GCM-SHA384" "pass" "fail: certificate RSA-1024"
row "key ED25519 group P-384 cipher ECDHE-ECDSA-AES256-GCM-SHA384" "fail: certificate Ed25519" "fail: certificate Ed25519"

# --- versions, resumption, one direction ---
row "version 1.1 $EC:ECDSA+SHA1 cipher ECDHE-ECDSA-AES256-SHA" "fail: SHA-1" "fail: TLS 1.1, SHA-1"
row "proto dtls version 1.0 $EC:ECDSA+SHA1 cipher ECDHE-ECDSA-AES256-SHA" "fail: SHA-1" "fail: DTLS 1.0, SHA-1"
row "$EC cipher ECDHE-ECDSA-AES256-GCM-SHA384 resume yes" "unknown: resumed" "unknown: resumed"
row "$NEW suites TLS_AES_256_GCM_SHA384 resume yes" "unknown: hidden-in-1.3, resumed" "unknown: hidden-in-1.3, resumed"
row "$EC cipher ECDHE-ECDSA-AES128-GCM-SHA256 resume yes" "fail: AES-128" "fail: AES-128, SHA-256"
for proto in tls dtls; do
	row "proto $proto $EC cipher ECDHE-ECDSA-AES256-GCM-SHA384" "pass" "pass"
	row "proto $proto $EC cipher ECDHE-ECDSA-AES256-GCM-SHA384 drop server" "unknown: offered-only" "unknown: offered-only"
	row "proto $proto $EC cipher ECDHE-ECDSA-AES256-GCM-SHA384 drop client" "pass" "pass"
done

# --- DTLS-SRTP: also in small fragments, and both ends with certificates ---
media="proto dtls mtu 300 client yes $EC cipher ECDHE-ECDSA-AES256-GCM-SHA384 srtp"
row "$media SRTP_AES128_CM_SHA1_80" "fail: SRTP AES-128, SRTP SHA-1" "fail: DTLS-SRTP not approved, SRTP AES-128, SRTP SHA-1"
row "$media SRTP_AES128_CM_SHA1_32" "fail: SRTP AES-128, SRTP SHA-1" "fail: DTLS-SRTP not approved, SRTP AES-128, SRTP SHA-1"
row "$media SRTP_AEAD_AES_128_GCM" "fail: SRTP AES-128" "fail: DTLS-SRTP not approved, SRTP AES-128"
row "$media SRTP_AEAD_AES_256_GCM" "pass" "fail: DTLS-SRTP not approved"

# --- it comes with the alert ---
# shellcheck disable=SC2086
"$maker" $media SRTP_AEAD_AES_256_GCM ice yes >"$work/call.pcap"
for profile in seed2012:pass nzism3.9:fail; do
	"$program" read -q --crypto "config/crypto/${profile%:*}.yaml" --eve - "$work/call.pcap" >"$work/call.json"
	grep '"event_type":"alert"' "$work/call.json" | grep '"kind":"hole-punch"' | grep "\"crypto\":{\"profile\":\"${profile%:*}\",\"protocol\":\"DTLS 1.2\"" |
	    grep -q "\"visible\":\"full\",\"result\":\"${profile#*:}\"" && continue
	echo "crypto: an alert without its verdict by ${profile%:*}:"
	cat "$work/call.json"
	failed=$((failed + 1))
done
echo "crypto: $rows handshakes, $failed wrong"
[ "$failed" -eq 0 ]
