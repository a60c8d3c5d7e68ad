#!/bin/sh
# skype_test.sh -- Skype's scenarios, made byte by byte, through the program; then a made bootstrap from every start of the ids, and with
# half of its packets lost.
#
#	skype_test.sh [PROGRAM]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=${1:-$here/../punchwatch}
/usr/bin/python3 "$here/skype/test.py" "$program"
