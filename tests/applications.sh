#!/bin/sh
# applications.sh: every shipped entry for applications and file sharing, held against traffic made for it byte by byte: it is alerted, it
# is named, and nobody else is.
#
#   sh tests/applications.sh [PROGRAM]       (default: ./punchwatch; in the project's folder)
set -eu
cd "$(dirname "$0")/.."
exec python3 tests/applications.py "${1:-./punchwatch}" signatures tests/applications/*.txt
