#!/bin/sh
# policy.sh: a site's policy as a person meets it: what alerts say with one, what is held back and where that is said, what a dry
# run tells, and mistakes.
#
#   sh tests/policy.sh [PROGRAM]       (default: ./punchwatch; in the project's folder)
set -eu
program=${1:-./punchwatch}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0

wrong() {
	echo "policy: $*"
	failed=1
}
# run CODE ARGUMENT...: the exit code must be CODE; output is in $dir/out and $dir/err
run() {
	wanted=$1
	shift
	"$program" "$@" >"$dir/out" 2>"$dir/err" </dev/null && code=0 || code=$?
	[ "$code" = "$wanted" ] || { wrong "punchwatch $*: exit code $code, wanted $wanted"; sed 's/^/    /' "$dir/err"; }
}
has() { grep -Fq -- "$2" "$dir/$1" || { wrong "not in $1: $2"; sed 's/^/    /' "$dir/$1" | cut -c1-300; }; }
hasnt() { ! grep -Fq -- "$2" "$dir/$1" || wrong "in $1: $2"; }
# alerts N KIND: so many of this kind are in out
alerts() {
	n=$(grep -c "\"event_type\":\"alert\".*\"kind\":\"$2\"" "$dir/out" || :)
	[ "$n" = "$1" ] || wrong "$n alerts of kind $2, wanted $1"
}

# The shipped file, and one beside the configuration that names it.
run 0 check -q --policy config/policy.yaml
hasnt err policy.yaml
cat >"$dir/site.yaml" <<'YAML'
networks:
  - {name: corporate, nets: [10.10.0.0/24], classification: RESTRICTED}
approved:
  - {name: Meetings, kinds: [turn-relay, conference], peers: [203.0.113.10/31], owner: IT, ticket: CHG-7}
exceptions:
  - {name: Sister office, kinds: [hole-punch], peers: [203.0.113.130], expires: 2026-12-31, owner: Liaison, reason: treaty}
YAML
printf 'policy: {file: site.yaml}\n' >"$dir/main.yaml"
run 0 read -q --eve - -c "$dir/main.yaml" pcaps/webrtc-direct.pcap
alerts 1 hole-punch
has out '"severity":3,"signature":"PUNCHWATCH P2P hole punched'
has out '"policy":{"zone":"corporate","classification":"RESTRICTED","exception":{"name":"Sister office","owner":"Liaison","expires":"2026-12-31"},"controls":[{"cid":1555,"compliance":"SHOULD NOT"},{"cid":2090,"compliance":"MUST"},{"cid":3728,"compliance":"SHOULD"}]}'
has out '"nzism_cid":["1555","2090","3728"]'
run 0 read -q --eve - --eve-profile 7 -c "$dir/main.yaml" pcaps/webrtc-direct.pcap
has out '"policy_exception":["Sister office"]'
run 0 explain -c "$dir/main.yaml" pcaps/webrtc-direct.pcap
has out '  in the network corporate, RESTRICTED'
has out '  controls: CID 1555 SHOULD NOT, CID 2090 MUST, CID 3728 SHOULD'
has out '  allowed by: Sister office, Liaison'
run 0 read -c "$dir/main.yaml" pcaps/webrtc-relay.pcap
has out '  Meetings                        1  made informational (approved)'
run 0 read -q --eve - -c "$dir/main.yaml" --informational=no pcaps/webrtc-relay.pcap
alerts 0 turn-relay
run 0 read -c "$dir/main.yaml" --informational=no pcaps/webrtc-relay.pcap
has out '  policy.unreported  '

# An expired one holds no longer; packet time decides, and it is warned of.
sed 's/2026-12-31/2026-11-22/' "$dir/site.yaml" >"$dir/old.yaml"
run 0 read -q --eve - --policy "$dir/old.yaml" pcaps/webrtc-direct.pcap
has err "$dir/old.yaml:6: exceptions[0] 'Sister office' expired on 2026-11-22: it holds no longer; ask Liaison"
has out '"severity":1,"signature":"PUNCHWATCH P2P hole punched'
has out '"expired_exception":{"name":"Sister office"'
sed 's/2026-12-31/2026-11-23/' "$dir/site.yaml" >"$dir/last.yaml"
run 0 read -q --eve - --policy "$dir/last.yaml" pcaps/webrtc-direct.pcap
has out '"severity":3,"signature":"PUNCHWATCH P2P hole punched'
run 0 check -q --policy "$dir/old.yaml"
has err 'it holds no longer'

# Held back: counted, said in the summary, and in the next alert.
cat >"$dir/less.yaml" <<'YAML'
suppress:
  - {name: Lab, sids: [9100001], inside: [10.10.0.12]}
limit: {count: 1, severity: 3, period: 10s}
YAML
run 0 read -q --eve - --policy "$dir/less.yaml" pcaps/rfc3489.pcap pcaps/stun-binding.pcap pcaps/stun-nat-behaviour.pcap pcaps/stun-nat-symmetric.pcap
alerts 2 stun-discovery
has out '"policy":{"limited":'
run 0 read --policy "$dir/less.yaml" pcaps/rfc3489.pcap pcaps/stun-binding.pcap
has out '  policy.limited '
has out 'Held back by limits, of       alerts'
run 0 read -v --eve "$dir/eve" -q --policy "$dir/less.yaml" pcaps/rfc3489.pcap pcaps/stun-binding.pcap
run 0 read --eve "$dir/eve" --policy "$dir/less.yaml" pcaps/webrtc-lan.pcap
has out '  Lab  '

# A dry run: each rule with what it would have changed, and what remains. As exit codes are for read.
run 0 check --dry-run --policy "$dir/old.yaml" pcaps/webrtc-direct.pcap pcaps/webrtc-relay.pcap
has out "$dir/old.yaml: 3 alerts without it, 3 with it"
has out 'approved[0] Meetings (line 4)'
has out '  made informational: 1, 1 of them else severity 1 or 2'
has out '  2 -> 3  turn-relay'
has out '  would cover 1, but had expired'
has out '3 alerts remain'
run 0 check --dry-run --policy "$dir/less.yaml" pcaps/rfc3489.pcap pcaps/stun-binding.pcap
has out '  held back: '
run 2 check --dry-run pcaps/webrtc-direct.pcap
has err '--dry-run of which policy?'
run 2 check --dry-run --policy "$dir/less.yaml"
run 3 check --dry-run --policy "$dir/less.yaml" "$dir/nowhere.pcap"
head -c 20000 pcaps/webrtc-direct.pcap >"$dir/cut.pcap"
run 1 check --dry-run --policy "$dir/less.yaml" "$dir/cut.pcap"
run 2 check --policy "$dir/less.yaml" pcaps/webrtc-direct.pcap

# What is printed loads again, as the same.
run 0 check --rules --policy "$dir/site.yaml"
cp "$dir/out" "$dir/first.yaml"
run 0 check --rules --policy "$dir/first.yaml"
cmp -s "$dir/out" "$dir/first.yaml" || wrong "what check --rules prints does not load as the same"
run 2 check --rules

# Mistakes end the program before anything is read, each at its line.
printf 'networks:\n  - {name: a, nets: [10.0.0.0/33]}\napproved:\n  - {name: b, kinds: [hole-punch], apps: [Zoom]}\n' >"$dir/bad.yaml"
run 2 read --policy "$dir/bad.yaml" pcaps/webrtc-direct.pcap
has err "$dir/bad.yaml:2: networks[0].nets: '10.0.0.0/33' is not a network"
has err "$dir/bad.yaml:4: approved[0].kinds: an approved service has no hole-punch: write an exception that names it"
[ ! -s "$dir/out" ] || wrong "it went on"
run 2 watch -i lo --policy "$dir/nowhere.yaml"
has err "$dir/nowhere.yaml: cannot be read"

# What no signature has is warned of, with what may have been meant; the sensor goes on.
cat >"$dir/names.yaml" <<'YAML'
controls:
  - {cid: 900001, compliance: MUST NOT, app: Skpye}
suppress:
  - {name: a, apps: [whatsapp, Watsapp, Our Own Thing]}
  - {name: b, sids: [9100001, 9910003, 9140000, 1]}
YAML
run 0 check -q --policy "$dir/names.yaml"
has err "$dir/names.yaml:2: controls[0].app: no signature here names 'Skpye': this fits nothing; did you mean Skype?"
has err "$dir/names.yaml:4: suppress[0].apps: no signature here names 'Watsapp': this fits nothing; did you mean WhatsApp?"
has err "$dir/names.yaml:4: suppress[0].apps: no signature here names 'Our Own Thing': this fits nothing"
has err "$dir/names.yaml:5: suppress[1].sids: no kind of alert and no signature here has the number 9910003: this fits nothing; did you mean 9110003 (Zoom meeting or call)?"
[ "$(wc -l <"$dir/err")" = 5 ] || wrong "it warns of more: $(cat "$dir/err")"
run 0 read -q --policy "$dir/names.yaml" pcaps/stun-binding.pcap
has err "did you mean WhatsApp?"

# No policy, no change.
run 0 read -q --eve - pcaps/webrtc-direct.pcap
cp "$dir/out" "$dir/without"
run 0 read -q --eve - --policy config/policy.yaml pcaps/webrtc-direct.pcap
cmp -s "$dir/out" "$dir/without" || wrong "the shipped policy changes alerts"

# The office day that the lab made, with the meetings' service approved and without.
/usr/bin/python3 tests/lab/office_check.py "$program" pcaps/office-day.pcap tests/lab/office.truth >"$dir/out" ||
    wrong "the office day: $(cat "$dir/out")"

[ "$failed" = 1 ] || echo "policy: all as it should be"
exit $failed
