#!/bin/sh
# man1.sh PROGRAM -- punchwatch(1): the frame in punchwatch.1.in, filled with what the program says of itself.
set -eu
program=$1
here=$(dirname "$0")
version=$(sed -n 's/^#define PW_VERSION "\(.*\)"/\1/p' "$here/../../sensor/base/version.h")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
helps=
for command in $("$program" --help | sed -n '/^commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p'); do
	"$program" "$command" --help >"$tmp/$command"
	helps="$helps $tmp/$command"
done
[ -n "$helps" ] || { echo "man1: $program --help names no commands" >&2; exit 1; }
while IFS= read -r line; do
	case $line in
	@COMMANDS@) awk -v part=commands -f "$here/help.awk" $helps ;;
	@OPTIONS@) awk -v part=options -f "$here/help.awk" $helps ;;
	@EXAMPLES@) awk -v part=examples -f "$here/help.awk" $helps ;;
	*@VERSION@*) printf '%s\n' "$line" | sed "s/@VERSION@/$version/" ;;
	*) printf '%s\n' "$line" ;;
	esac
done <"$here/punchwatch.1.in"
