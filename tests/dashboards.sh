#!/bin/sh
# dashboards.sh -- dashboards and rules ask for metrics that the sensor has, and are files that can be read.
set -u
cd "$(dirname "$0")/.." || exit 2
failed=0
names=$(
	sed -n 's/.*C([A-Z0-9_]*, "\([a-z0-9_.]*\)".*/punchwatch_\1_total/p' sensor/base/count.h | tr . _
	sed -n 's/.*\(head\|gauge\|counter\)(to, "\([a-z_]*\)".*/punchwatch_\2/p; s/^[ \t]*{"\([a-z_]*\)", "\(gauge\|counter\)".*/punchwatch_\1/p' sensor/control/metrics.c
)
[ "$(echo "$names" | wc -l)" -gt 80 ] || { echo "dashboards: only $(echo "$names" | wc -l) metrics were found in the sources"; exit 1; }
for file in config/dashboards/*; do
	asked=$(grep -v '^#' "$file" | grep -o 'punchwatch_[a-z_]*' | sort -u)
	[ -n "$asked" ] || { echo "$file asks for nothing"; failed=1; }
	for name in $asked; do
		echo "$names" | grep -qx "$name" || { echo "$file: there is no metric $name"; failed=1; }
	done
done
if command -v python3 >/dev/null; then
	for file in config/dashboards/*.json; do
		python3 -m json.tool "$file" >/dev/null || failed=1
	done
fi
exit $failed
