#!/bin/sh
# docs.sh -- what the README says is what is there: every folder of its map exists and every folder that holds files is in its map; every make
# target and kind it names exists.
set -u
cd "$(dirname "$0")/.." || exit 2
failed=0
say() {
	echo "README.md: $*"
	failed=1
}
for d in $(sed -n 's/^| `\([a-z/_]*\/\)` |.*/\1/p' README.md); do
	[ -d "$d" ] || say "names $d, which is not there"
done
for d in */ sensor/*/; do
	case $d in build/) continue ;; esac
	grep -qF "| \`$d\` |" README.md || say "does not name $d"
done
for t in $(grep -o '`make [a-z-]*' README.md | sed 's/`make //' | sort -u) $(sed -n 's/^make \([a-z-]*\).*/\1/p' README.md); do
	grep -q "^$t:" Makefile packaging/*.mk || say "names make $t, which is no target"
done
for row in $(sed -n 's/^| `\([a-z0-9-]*\)` | \(9100[0-9]*\) |.*/\1:\2/p' README.md); do
	grep -q "\"${row%:*}\", *${row#*:}" sensor/event/event.c || say "kind ${row%:*} has another sid"
done
for kind in $(sed -n 's/^\t\[KIND_[A-Z0-9_]*\] = {"\([a-z0-9-]*\)".*/\1/p' sensor/event/event.c); do
	[ "$kind" = none ] || grep -q "^| \`$kind\` |" README.md || say "does not name the kind $kind"
done
exit $failed
