#!/bin/sh
# service_config.sh CONFIG -- the configuration as a service starts with it: every key at its default, but events go to a file.
set -eu
sed 's|^  eve: ""$|  eve: /var/log/punchwatch/eve.json|' "$1" | awk '
	{ print }
	$0 == "  eve: /var/log/punchwatch/eve.json" { n++ }
	END { exit n != 1 }' || { echo "service_config: $1 has no line output.eve" >&2; exit 1; }
