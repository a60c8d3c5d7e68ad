#!/bin/sh
# install_test.sh [PROGRAM] -- `make install` into a folder: what is there, and that the program finds it; `make uninstall` takes it
# away again, but not what the administrator wrote; the manual pages say every option and every key; the service is hardened.
set -u
cd "$(dirname "$0")/.." || exit 2
program=${1:-./punchwatch}
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
failed=0
say() {
	echo "install: $*"
	failed=1
}
run() {
	"$@" >"$dir/log" 2>&1 || { say "$* ended with $?"; cat "$dir/log"; }
}

run make install DESTDIR="$dir/tree" prefix=/usr PROGRAM="$program"
t=$dir/tree
for f in usr/bin/punchwatch usr/share/man/man1/punchwatch.1 usr/share/man/man5/punchwatch.yaml.5 usr/share/doc/punchwatch/README.md \
    usr/share/punchwatch/networks.yaml usr/share/punchwatch/signatures/skype.yaml usr/share/punchwatch/crypto/nzism3.9.yaml \
    etc/punchwatch/punchwatch.yaml etc/punchwatch/policy.yaml etc/default/punchwatch usr/lib/systemd/system/punchwatch.service \
    usr/lib/sysusers.d/punchwatch.conf; do
	[ -s "$t/$f" ] || say "/$f was not installed"
done

# It finds what is installed beside it, not what it was built beside.
(cd / && "$t/usr/bin/punchwatch" check -v -c "$t/etc/punchwatch/punchwatch.yaml") >"$dir/out" 2>"$dir/err" || { say "check fails:"; cat "$dir/err"; }
for what in 'signatures: .*/usr/bin/../share/punchwatch/signatures' 'encryption profile: .*/usr/bin/../share/punchwatch/crypto/nzism3.9.yaml'; do
	grep -q "punchwatch: $what\$" "$dir/err" || say "not found by the installed program: $what"
done
grep -q '^  eve: "*/var/log/punchwatch/eve.json' "$dir/out" || say "the installed configuration writes no events"

# The pages: every key, every command, every option of each; and groff finds nothing wrong with them.
man1=$t/usr/share/man/man1/punchwatch.1 man5=$t/usr/share/man/man5/punchwatch.yaml.5
awk '/^ *[a-z_0-9]+:/ { match($0, /^ */); d = RLENGTH / 2; n = $1; sub(/:$/, "", n); s[d] = n; k = s[0]; for (i = 1; i <= d; i++) k = k "." s[i]
	if (NF > 1) print k }' "$dir/out" >"$dir/keys"
[ "$(wc -l <"$dir/keys")" -gt 40 ] || say "check prints only $(wc -l <"$dir/keys") keys"
while read -r key; do
	grep -qF "\\fB$key\\fR:" "$man5" || say "punchwatch.yaml(5) has no $key"
done <"$dir/keys"
for command in $("$program" --help | sed -n '/^commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p'); do
	grep -q "^.fBpunchwatch $command.fR" "$man1" || say "punchwatch(1) has no command $command"
	for option in $("$program" "$command" --help | sed -n 's/^  \(-[a-zA-Z], \|    \)\(--[a-z-]*\).*/\2/p'); do
		sed 's/\\-/-/g' "$man1" | grep -q "^.fB.*$option" || say "punchwatch(1) has no $option of $command"
	done
done
if command -v groff >/dev/null; then
	for page in "$man1" "$man5"; do
		groff -man -ww -Tutf8 -z "$page" >"$dir/log" 2>&1
		[ ! -s "$dir/log" ] || { say "groff about ${page##*/}:"; cat "$dir/log"; }
	done
fi

# 0 is best, 10 is a service that may do anything.
if command -v systemd-analyze >/dev/null && systemd-analyze security --help 2>/dev/null | grep -q -e --offline; then
	systemd-analyze security --offline=true --threshold=25 --no-pager "$t/usr/lib/systemd/system/punchwatch.service" >"$dir/log" 2>&1 ||
		{ say "the service is not hardened enough:"; tail -n 1 "$dir/log"; }
fi

# Installed again: what the administrator wrote stays. Taken away: likewise, and nothing else does.
echo 'session: {severity: 2}' >"$t/etc/punchwatch/punchwatch.yaml"
run make install DESTDIR="$dir/tree" prefix=/usr PROGRAM="$program"
grep -q 'severity: 2' "$t/etc/punchwatch/punchwatch.yaml" || say "install overwrote a configuration"
run make uninstall DESTDIR="$dir/tree" prefix=/usr
left=$(cd "$t" && find . ! -type d)
[ "$left" = ./etc/punchwatch/punchwatch.yaml ] || say "uninstall leaves:" $left
rm "$t/etc/punchwatch/punchwatch.yaml"
run make install DESTDIR="$dir/tree" prefix=/usr PROGRAM="$program"
run make uninstall DESTDIR="$dir/tree" prefix=/usr
left=$(cd "$t" && find . ! -type d)
[ -z "$left" ] || say "uninstall leaves:" $left
exit $failed
