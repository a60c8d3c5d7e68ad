#!/bin/sh
# run.sh SECONDS TARGET_fuzz.c... -- run each fuzz target for SECONDS, starting from its seeds; a finding ends with exit 1 and
# is kept under build/fuzz/findings/.
set -u
seconds=$1
shift
failed=0
for source in "$@"; do
	name=$(basename "$source" _fuzz.c)
	corpus=build/fuzz/corpus/$name found=build/fuzz/findings/$name
	mkdir -p "$corpus" "$found"
	seeds=tests/fuzz/seeds/$name
	[ "$name" = config ] && seeds=config	# the shipped file is the best there is
	[ -d "$seeds" ] || seeds=
	[ "$name" = signature ] && seeds="$seeds signatures"
	log=build/fuzz/$name.log
	# shellcheck disable=SC2086
	if build/fuzz/tests/fuzz/${name}_fuzz -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -artifact_prefix="$found/" -print_final_stats=1 \
	    "$corpus" $seeds >"$log" 2>&1; then
		runs=$(awk '/number_of_executed_units/ {print $2}' "$log")
		cov=$(grep -o 'cov: [0-9]*' "$log" | tail -n 1)
		echo "  clean  $name: $runs runs in $seconds s, $cov"
	else
		failed=$((failed + 1))
		echo "  FOUND  $name: see $found and $log"
		tail -n 25 "$log" | sed 's/^/         /'
	fi
done
[ "$failed" -eq 0 ]
