#!/bin/sh
# quiet.sh [FLOWS] -- traffic with nothing to find must give no alert: FLOWS (default 50,000) UDP flows of random bytes, as many TCP connections, and as many of
# DNS, QUIC, RTP and SNMP shapes. `sh tests/quiet.sh 1000000` is the full measure.
set -u
cd "$(dirname "$0")/.." || exit 2
P=${PUNCHWATCH:-./punchwatch}
flows=${1:-50000}
failed=0
for workload in random random-tcp shapes; do
	if ! build/bench/gen $workload 10 7 >/dev/null 2>&1; then
		echo "quiet: build/bench/gen makes no $workload: make tools"
		exit 2
	fi
	alerts=$(build/bench/gen $workload "$flows" 7 2>/dev/null | $P read -q --eve - - | grep -c '"event_type":"alert"')
	echo "$workload: $flows flows, $alerts alerts"
	[ "$alerts" -eq 0 ] || failed=1
done
exit $failed
