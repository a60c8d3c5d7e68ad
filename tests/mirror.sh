#!/bin/sh
# mirror.sh -- tests mirror the tree: sensor/x/y.c has tests/sensor/x/y_test.c, or stands here with where it is tested.
#
#	sh tests/mirror.sh [ROOT]
set -eu
cd "${1:-$(dirname "$0")/..}"

# A row: the file, and the test (in tests/) that is its own although it is named otherwise.
elsewhere='
sensor/base/count.c             sensor/summary_test.c
sensor/base/hash.c              sensor/session/store_test.c
sensor/base/log.c               cli_test.sh
dissectors/skype.c              dissectors/skype_udp_test.c
sensor/event/eve_media.c        sensor/event/eve_test.c
sensor/event/eve_parts.c        sensor/event/eve_test.c
sensor/event/eve_policy.c       sensor/event/eve_test.c
sensor/event/eve_crypto.c       sensor/event/eve_test.c
sensor/event/eve_profile7.c     sensor/event/eve_test.c
sensor/event/eve_skype.c        sensor/event/eve_test.c
sensor/event/eve_stun.c         sensor/event/eve_test.c
sensor/event/eve_stats.c        sensor/event/eve_test.c
sensor/dry_run.c                policy.sh
sensor/main.c                   cli_test.sh
sensor/option_table.c           sensor/options_test.c
sensor/output/dial.c            sensor/output/redis_test.c
sensor/output/line_datagram.c   sensor/output/line_stream_test.c
sensor/output/redis_batch.c     sensor/output/redis_test.c
sensor/output/segment.c         sensor/output/journal_test.c
sensor/output/writer.c          sensor/output/output_test.c
sensor/policy_file.c            policy.sh
sensor/crypto_file.c            crypto.sh
sensor/handshakes.c             crypto.sh
sensor/merge.c                  sensor/crew_test.c
sensor/pipeline.c               sensor/engine_test.c
sensor/read.c                   golden.sh
sensor/reload.c                 sensor/renewal_test.c
sensor/watch.c                  lab/live.sh
sensor/signature/compile.c      sensor/signature/load_test.c
sensor/signature/compile_value.c sensor/signature/load_test.c
sensor/signature/entry.c        sensor/signature/load_test.c
sensor/signature/lexer.c        sensor/signature/load_test.c
sensor/signature/print.c        sensor/signature/evaluate_test.c
sensor/signature/program.c      sensor/signature/evaluate_test.c
sensor/signature/index.c        sensor/signature/signature_test.c
sensor/signature/pattern.c      sensor/signature/payload_index_test.c
sensor/signature_folder.c       cli_test.sh
sensor/beside.c                 cli_test.sh
sensor/name_files.c             cli_test.sh
sensor/names/hosts_file.c       sensor/names/hosts_test.c
sensor/vocabulary.c             sensor/check_test.c
sensor/session/correlator.c     sensor/session/scenario_test.c
sensor/session/derive.c         sensor/session/scenario_test.c
sensor/session/detail.c         sensor/session/scenario_test.c
sensor/session/finding.c        sensor/session/scenario_test.c
sensor/session/outside.c        sensor/session/scenario_test.c
sensor/session/reading.c        sensor/session/scenario_test.c
sensor/session/derive_skype_memory.c sensor/session/derive_skype_test.c
sensor/session/report.c         sensor/session/scenario_test.c
sensor/session/role.c           sensor/session/scenario_test.c
sensor/session/session.c        sensor/session/scenario_test.c
sensor/session/socket.c         sensor/session/scenario_test.c
sensor/session/skype.c          skype_test.sh
sensor/session/step.c           sensor/session/scenario_test.c
sensor/session/timeline.c       sensor/explain_test.c
sensor/session/verdict.c        sensor/session/scenario_test.c
sensor/session/worth.c          sensor/session/scenario_test.c
'
failed=0
say() {
	echo "mirror: $*"
	failed=1
}
for f in $(find sensor dissectors -name '*.c' | LC_ALL=C sort); do
	own=tests/${f%.c}_test.c
	row=$(echo "$elsewhere" | awk -v f="$f" '$1 == f { print $2 }')
	if [ -f "$own" ]; then
		[ -z "$row" ] || say "$f has a test of its own: its row can go"
	elif [ -z "$row" ]; then
		say "$f has no $own"
	elif [ ! -f "tests/$row" ]; then
		say "$f: there is no tests/$row"
	fi
done
for f in $(echo "$elsewhere" | awk '{ print $1 }'); do
	[ -f "$f" ] || say "$f is gone: its row can go, too"
done
for t in $(find tests/sensor tests/dissectors -name '*_test.c' | LC_ALL=C sort); do
	f=${t#tests/}
	[ -f "${f%_test.c}.c" ] || [ -f "${f%_test.c}.h" ] || echo "$elsewhere" | grep -q " $f\$" || say "$t tests no file"
done
exit $failed
