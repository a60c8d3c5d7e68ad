#!/bin/sh
# cli_test.sh: the program as a person meets it: help, exit codes, and mistakes that say where and what.
#
#   sh tests/cli_test.sh [PROGRAM]       (default: ./punchwatch; in the project's folder)
set -eu
program=${1:-./punchwatch}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0

# run CODE ARGUMENT...: the exit code must be CODE; output is in $dir/out and $dir/err
run() {
	wanted=$1
	shift
	"$program" "$@" >"$dir/out" 2>"$dir/err" </dev/null && code=0 || code=$?
	[ "$code" = "$wanted" ] && return
	echo "cli_test: punchwatch $*: exit code $code, wanted $wanted"
	sed 's/^/    /' "$dir/err"
	failed=1
}
# says FILE TEXT: this line is in out or err
says() {
	grep -Fqx -- "$2" "$dir/$1" && return
	echo "cli_test: not in $1: $2"
	sed 's/^/    /' "$dir/$1"
	failed=1
}
silent() {
	[ -s "$dir/$1" ] || return 0
	echo "cli_test: $1 should be empty:"
	sed 's/^/    /' "$dir/$1"
	failed=1
}

run 0 --help
says out 'usage: punchwatch COMMAND [options] ...'
silent err
for command in read watch explain check status reload; do
	run 0 $command --help
	says out 'options:'
	silent err
done
run 0 --version
run 2
silent out
run 2 raed x
says err 'punchwatch: raed: unknown command; did you mean read?'
run 2 read --serverity 1 x
says err 'punchwatch: --serverity: unknown option; did you mean --severity?'
silent out

# Every mistake of a file, each at its line.
cat >"$dir/bad.yaml" <<'YAML'
home: [10.0.0.0/8, 300.1.2.3]
capture:
  rign: 64MiB
  retire: 100
placement: above
ndpi:
  enabled: perhaps
  flows: 1
  flows: 64
YAML
run 2 check -c "$dir/bad.yaml"
silent out
says err "$dir/bad.yaml:1: home: '300.1.2.3' is not a network: write it like 192.0.2.0/24, 2001:db8::/32 or private"
says err "$dir/bad.yaml:3: capture.rign: unknown key; did you mean capture.ring?"
says err "$dir/bad.yaml:4: capture.retire: '100' needs a unit: ms, s, min, h or d"
says err "$dir/bad.yaml:5: placement: 'above' is not one of inside, outside"
says err "$dir/bad.yaml:7: ndpi.enabled: 'perhaps' is not true or false"
says err "$dir/bad.yaml:8: ndpi.flows: '1' is out of range: 16 to 67108864"
says err "$dir/bad.yaml:9: ndpi.flows: given twice, first in line 8"
[ "$(wc -l <"$dir/err")" = 7 ] || { echo "cli_test: more or less than 7 mistakes"; failed=1; }
run 2 read -c "$dir/bad.yaml" x
run 2 watch -i lo -c "$dir/bad.yaml"

printf 'capture:\n\tring: 1MiB\n' >"$dir/tab.yaml"
run 2 check -c "$dir/tab.yaml"
says err "$dir/tab.yaml:2: a tab indents this line: YAML wants spaces"
run 2 check -c "$dir/nowhere.yaml"
says err "$dir/nowhere.yaml: cannot be read: No such file or directory"

# What check prints loads again, as the same.
run 0 check -c config/punchwatch.yaml
silent err
cp "$dir/out" "$dir/first.yaml"
run 0 check -c "$dir/first.yaml"
cmp -s "$dir/out" "$dir/first.yaml" || { echo "cli_test: what check prints does not load as the same"; failed=1; }
run 0 check -q -c config/punchwatch.yaml
silent out
run 0 check --set flow.flows=1000 -c config/punchwatch.yaml
says out '  flows: 1000'
run 0 check --facts
says out 'common to all:'

# A profile that is not there: told at its line, with what there is.
printf 'crypto:\n  profile: seed2021\n' >"$dir/profile.yaml"
run 2 check -c "$dir/profile.yaml"
says err "$dir/profile.yaml:2: crypto.profile: there is no profile 'seed2021'; did you mean seed2012? There are nzism3.9, seed2012"
run 2 read --crypto none pcaps/stun-binding.pcap
grep -Fq "punchwatch: --crypto: there is no profile 'none'; there are nzism3.9, seed2012" "$dir/err" || { echo "cli_test: --crypto none: $(cat "$dir/err")"; failed=1; }

# Signatures: the folder that is named, every mistake in it, and what was understood.
mkdir "$dir/signatures"
cat >"$dir/signatures/b.yaml" <<'YAML'
- app: Example
  sid: 9190001
  title: Example call
  evidence:
    - {when: 'host ~ "*.example.org"', weight: 50}
YAML
cat >"$dir/signatures/a.yaml" <<'YAML'
- app: Other
  sid: 9190002
  title: Other call
  evidence:
    - {when: 'stun.sofware ^= "Other"', weight: 50}
YAML
echo 'no signature: - [' >"$dir/signatures/README"
run 2 check -s "$dir/signatures"
silent out
says err "$dir/signatures/a.yaml:5: evidence[0].when: at character 1: unknown fact stun.sofware; did you mean stun.software?"
[ "$(wc -l <"$dir/err")" = 1 ] || { echo "cli_test: signatures: more than one mistake"; failed=1; }
for command in read explain; do
	run 2 $command -s "$dir/signatures" pcaps/rfc3489.pcap
	silent out
done
sed -i 's/sofware/software/' "$dir/signatures/a.yaml"
run 0 check -s "$dir/signatures"
says out '# 2 signatures with 2 lines; --show prints them'
run 0 check -s "$dir/signatures" --show
cp "$dir/out" "$dir/shown"
[ "$(grep '^- sid' "$dir/out" | tr '\n' ' ')" = '- sid: 9190002 - sid: 9190001 ' ] || { echo "cli_test: --show: not in the order of files"; failed=1; }
rm "$dir/signatures/"*.yaml
cp "$dir/shown" "$dir/signatures/shown.yaml"
run 0 check -s "$dir/signatures" --show
cmp -s "$dir/out" "$dir/shown" || { echo "cli_test: what --show prints does not load as the same"; failed=1; }
for pattern in 9190001 example 'ex*'; do
	run 0 check -s "$dir/signatures" --show="$pattern"
	[ "$(grep '^- sid' "$dir/out")" = '- sid: 9190001' ] || { echo "cli_test: --show=$pattern shows something else"; failed=1; }
done
run 2 check -s "$dir/signatures" --show=nothing
run 2 check -s "$dir/nowhere"
says err "$dir/nowhere: cannot be read: No such file or directory"
run 0 check -s ''
says out '# no signatures'
mkdir "$dir/alone"
cp "$program" "$dir/alone/punchwatch"
"$dir/alone/punchwatch" read -q pcaps/rfc3489.pcap >"$dir/out" 2>"$dir/err"
if [ -d /usr/local/share/punchwatch/signatures ] || [ -d /usr/share/punchwatch/signatures ]; then
	silent err
else
	says err 'punchwatch: warning: no signatures were found: applications are not named (-s DIR says where they are)'
fi

# What a signature is written from: each line that stands there can be an expression.
run 0 explain --messages pcaps/tox.pcap
{
	echo "- {sid: 9190001, app: A, title: t, evidence: [{when: stun.query, weight: 50}"
	sed -n "s/^ \{27\}\(.*\)/\1/p" "$dir/out" | grep -v payload | sort -u | head -60 | sed "s/'/''/g; s/.*/, {when: '&', weight: 1}/"
	echo "]}"
} >"$dir/signatures/shown.yaml"
run 0 check -s "$dir/signatures"
grep -q '^# 1 signatures with [1-9][0-9]* lines' "$dir/out" || { echo "cli_test: explain --messages says too little"; failed=1; }

# Limits that are too high for the machine: said, and no crash.
for key in flow.flows session.legs; do
	(ulimit -v 1500000; exec "$program" read -q --set $key=67108864 pcaps/rfc3489.pcap) >"$dir/out" 2>"$dir/err" && code=0 || code=$?
	[ "$code" = 2 ] || { echo "cli_test: $key too high: exit code $code, wanted 2"; failed=1; }
	silent out
	grep -q '^punchwatch: error: no memory for .*: if a limit in the configuration is very high, lower it$' "$dir/err" ||
	    { echo "cli_test: $key too high: $(cat "$dir/err")"; failed=1; }
done

# A call between two global addresses is found without being told who is inside, and it is said that this was guessed.
for f in webrtc-direct6 webrtc-direct.outside; do
	run 0 read pcaps/$f.pcap
	grep -q '^  hole-punch  .* 1  1 ' "$dir/out" || { echo "cli_test: no hole punch in $f without --home"; failed=1; }
	grep -q 'inside was guessed' "$dir/out" || { echo "cli_test: the guess is not told of $f"; failed=1; }
done
run 0 read --home 192.0.2.0/24 pcaps/webrtc-direct.pcap
grep -q '^  flow.transit ' "$dir/out" || { echo "cli_test: flows of nobody inside are not counted"; failed=1; }

# Names of hosts and networks.
printf '10.10.0.11,pc-11\n' >"$dir/hosts.csv"
printf 'networks:\n  - {name: Rented, scope: hosting, prefixes: [203.0.113.0/24]}\n' >"$dir/networks.yaml"
run 0 read --set names.hosts="$dir/hosts.csv" --set names.networks="$dir/networks.yaml" -q --eve - pcaps/webrtc-direct.pcap
grep -q '"severity":2.*10.10.0.11:[0-9]* (pc-11) has a direct path .*the far end is hosted (Rented).*"host":{"name":"pc-11"' "$dir/out" ||
    { echo "cli_test: hosts and networks are not named"; failed=1; }
run 0 read -q --eve - pcaps/dhcp-name.pcap
grep -q '(pc-1234) asked .*"host":{"name":"pc-1234","mac":"02:00:00:00:0a:11"}' "$dir/out" ||
    { echo "cli_test: what DHCP shows does not name the host"; failed=1; }
printf 'networks:\n  - {name: Rented}\n' >"$dir/networks.yaml"
run 2 read --set names.networks="$dir/networks.yaml" pcaps/webrtc-direct.pcap
says err "$dir/networks.yaml:2: networks[0].scope: is missing"
run 2 read --set names.hosts=/nonexistent pcaps/webrtc-direct.pcap
says err '/nonexistent: No such file or directory'

# Asking a sensor that is not there; and where others could ask one.
run 3 status --socket "$dir/nobody"
says err "punchwatch: error: no sensor answers on $dir/nobody: No such file or directory: is it running? --socket PATH, or control.socket in its configuration, says where"
run 3 reload --socket "$dir/nobody"
run 2 watch -i eth0 --set control.http=0.0.0.0:9177
says err 'punchwatch: --set control.http: is no loopback address: others could ask, too. 127.0.0.1:9177 is one'
run 2 status --home 10.0.0.0/8
says err 'punchwatch: --home: is no option of status, but of read watch explain check'

# Counters at the end of a capture file, if asked for.
run 0 read -q --eve - --set stats.read=true pcaps/rfc3489.pcap
[ "$(grep -c '"event_type":"stats"' "$dir/out")" = 1 ] && tail -n 1 "$dir/out" | grep -q '"kernel_packets":' ||
    { echo "cli_test: stats.read gives no stats event at the end"; failed=1; }
run 0 read -q --eve - pcaps/rfc3489.pcap
! grep -q '"event_type":"stats"' "$dir/out" || { echo "cli_test: a stats event that nobody asked for"; failed=1; }

# What is not read to its end, and what cannot be said.
head -c 20000 pcaps/webrtc-direct.pcap >"$dir/cut.pcap"
for command in read explain; do
	run 1 $command "$dir/cut.pcap"
	[ "$(wc -l <"$dir/err")" = 1 ] || { echo "cli_test: $command: not one line on a cut file"; cat "$dir/err"; failed=1; }
	"$program" $command pcaps/rfc3489.pcap >/dev/full 2>"$dir/err" && code=0 || code=$?
	[ "$code" = 1 ] || { echo "cli_test: $command on a full disk: exit code $code"; failed=1; }
	says err 'punchwatch: error: standard output: No space left on device'
done

exit $failed
