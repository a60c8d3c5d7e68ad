#!/bin/sh
# skype_test.sh -- Skype's scenarios, made byte by byte, through the program; then an installation's first minutes, with its ids from
# every start, and with half of its packets lost.
#
#	skype_test.sh [PROGRAM]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=${1:-$here/../punchwatch}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
/usr/bin/python3 "$here/skype/test.py" "$program"
/usr/bin/python3 "$here/skype/test.py" --write installation "$work/installation.pcap"
/usr/bin/python3 "$here/skype/check.py" "$program" "$work/installation.pcap" --tcp 18
