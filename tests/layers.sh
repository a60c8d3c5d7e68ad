#!/bin/sh
# layers.sh: who may include what, as a packet and a fact travel. Prints every breach as file:line, and fails.
#
#   sh tests/layers.sh [ROOT]
#
# A row: files whose path begins so, and the beginnings of all that they may include (their own folder is always theirs).
# The first row that fits a file counts. A new stage is a new row; a wish to include more is a wish to change the design.
set -eu
cd "${1:-$(dirname "$0")/..}"

rules='
sensor/main.c               *
sensor/base/                -
sensor/facts/               sensor/base/
sensor/config/settings.h    sensor/base/
sensor/config/              sensor/base/
dissectors/dissector.h      sensor/base/ sensor/facts/
dissectors/dtls             sensor/base/ sensor/facts/ dissectors/dissector.h dissectors/tls_
dissectors/                 sensor/base/ sensor/facts/ dissectors/dissector.h dissectors/line.h dissectors/sdp_

sensor/capture/             sensor/base/ sensor/config/settings.h
sensor/decode/              sensor/base/ sensor/config/settings.h
sensor/flow/                sensor/base/ sensor/config/settings.h sensor/facts/ sensor/decode/decode.h
sensor/classify/            sensor/base/ sensor/config/settings.h sensor/facts/ sensor/flow/ dissectors/dissector.h sensor/signature/payload.h sensor/signature/signature.h
sensor/worker.              sensor/base/ sensor/config/settings.h sensor/facts/ sensor/decode/ sensor/flow/ sensor/classify/ sensor/worker.

sensor/event/               sensor/base/ sensor/config/settings.h sensor/facts/
sensor/signature/           sensor/base/ sensor/config/ sensor/facts/ sensor/event/
sensor/policy/              sensor/base/ sensor/config/ sensor/event/event.h
sensor/names/               sensor/base/ sensor/config/ sensor/facts/ sensor/event/event.h
sensor/crypto/              sensor/base/ sensor/config/ sensor/facts/ sensor/event/event_crypto.h
sensor/session/             sensor/base/ sensor/config/settings.h sensor/facts/ sensor/event/ sensor/signature/signature.h sensor/policy/judge.h sensor/crypto/judge.h sensor/names/names.h
sensor/output/              sensor/base/ sensor/config/settings.h sensor/event/ sensor/ring.h

sensor/control/             sensor/base/ sensor/config/settings.h sensor/event/event.h sensor/output/output.h
sensor/ring.                sensor/base/ sensor/ring.
sensor/edition.             sensor/config/settings.h sensor/edition.
sensor/crew                 sensor/base/ sensor/config/settings.h sensor/facts/ sensor/decode/share.h sensor/flow/guess.h sensor/worker.h sensor/ring.h sensor/edition.h sensor/confine.h sensor/crew
sensor/merge.               sensor/crew_parts.h
sensor/pipeline.            sensor/base/ sensor/confine.h sensor/edition.h sensor/config/settings.h sensor/capture/capture.h sensor/capture/weave.h sensor/worker.h sensor/crew.h sensor/session/ sensor/event/ sensor/policy/judge.h sensor/pipeline.
sensor/                     sensor/ dissectors/dissector.h
'

# Never, whatever the rows above allow: the correlator does not see a packet.
never='
sensor/session/             sensor/base/packet.h
sensor/event/               sensor/base/packet.h
sensor/output/              sensor/base/packet.h
sensor/                     sensor/main.h
'

# The headers of a library, and the files that may know it. Its types never appear in our headers.
libraries='
pcap                        sensor/capture/
ndpi                        sensor/classify/dpi_ndpi.c
yaml.h                      sensor/config/document.c
cjson/                      sensor/event/json.c
hiredis/                    sensor/output/redis
event2/                     sensor/output/ sensor/control/ sensor/engine.c
openssl/                    sensor/event/ sensor/output/tls.c dissectors/
maxminddb.h                 sensor/names/owners.c
seccomp.h                   sensor/confine.c
zlib.h                      sensor/capture/unpack.c dissectors/
zstd.h                      sensor/capture/unpack.c
'

# Words, and the files that may use them: atomics belong to the threads and what is between them; a dissector has no I/O,
# no heap and no clock.
atomics='sensor/base/meter.c sensor/names/names.c sensor/flow/guess.c sensor/crew.c sensor/crew_parts.h sensor/ring.c sensor/ring.h sensor/pipeline.c sensor/edition.c sensor/engine.c sensor/base/log.c sensor/capture/infile.c sensor/output/writer.c'

find sensor dissectors -name '*.[ch]' | LC_ALL=C sort | xargs awk -v rules="$rules" -v never="$never" -v libraries="$libraries" \
    -v atomics="$atomics" '
function load(text, who, what,   n, i, lines, at) {	# rows into who[1..n] and what[1..n]; returns n
	n = split(text, lines, "\n"); at = 0
	for (i = 1; i <= n; i++)
		if (match(lines[i], /[^ ]+/)) {
			at++
			who[at] = substr(lines[i], RSTART, RLENGTH)
			what[at] = substr(lines[i], RSTART + RLENGTH)
			sub(/^ +/, "", what[at])
		}
	return at
}
function begins(path, list,   n, i, words) {
	n = split(list, words, " ")
	for (i = 1; i <= n; i++)
		if (words[i] == "*" || index(path, words[i]) == 1)
			return 1
	return 0
}
function folder(path) { sub(/[^\/]*$/, "", path); return path }
function resolve(from, name,   path) {		# what a quoted include names, seen from its file
	path = folder(from) name
	while (sub(/(^|\/)\.\//, "/", path) || sub(/[^\/.]+\/\.\.\//, "", path))
		;
	return path
}
function family(path) { sub(/^dissectors\//, "", path); sub(/[_.].*$/, "", path); return "dissectors/" path }
function breach(text) { printf "%s:%d: %s\n", FILENAME, FNR, text; bad++ }

function own(from, to) {
	if (from ~ /^dissectors\//)		# stun.c and stun_wire.c are one; stun.c and turn.c are not
		return family(from) == family(to)
	return folder(from) != "sensor/" && folder(from) == folder(to) || folder(to) == folder(from) && begins(to, from)
}
function check_own(to,   i) {
	for (i = 1; i <= n_never; i++)
		if (index(FILENAME, never_who[i]) == 1 && begins(to, never_what[i]))
			return breach("includes " to ", which is never for " never_who[i])
	for (i = 1; i <= n_rules; i++)
		if (index(FILENAME, rule_who[i]) == 1) {
			if (!own(FILENAME, to) && !begins(to, rule_what[i]))
				breach("includes " to "; " rule_who[i] " may include: " rule_what[i])
			return
		}
	breach("belongs to no layer")
}
function check_library(name,   i) {
	for (i = 1; i <= n_libraries; i++)
		if (index(name, library_who[i]) == 1 || index(name, "lib" library_who[i]) == 1) {
			if (!begins(FILENAME, library_what[i]))
				breach("includes <" name ">, which is for " library_what[i])
			else if (FILENAME ~ /\.h$/)
				breach("a header of ours includes <" name ">")
			return
		}
}

BEGIN {
	n_rules = load(rules, rule_who, rule_what)
	n_never = load(never, never_who, never_what)
	n_libraries = load(libraries, library_who, library_what)
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, part, "\"")
	check_own(resolve(FILENAME, part[2]))
	next
}
/^[ \t]*#[ \t]*include[ \t]*</ {
	split($0, part, /[<>]/)
	check_library(part[2])
}
/_Atomic|__atomic_|__sync_|stdatomic\.h|[^a-z_]atomic_[a-z]/ && !begins(FILENAME, atomics) {
	breach("uses atomics, which are for " atomics)
}
/(^|[^a-zA-Z0-9_])(malloc|calloc|realloc|strdup|free|fopen|printf|fprintf|time|clock_gettime|gettimeofday|log_(error|warn|info|debug|say))\(/ && FILENAME ~ /^dissectors\// {
	breach("a dissector has no heap, no I/O, no clock and no log")
}
# What is declared at the left margin, is no function and is not const, is a global that changes.
/^([a-z_]|[ \t]+static )[^(]*[=;]/ && !/(^|[^a-z_])(const|typedef|extern|enum|_Static_assert)[^a-z_]/ && !/^(struct|union) [a-z0-9_]+( \{|;)/ && FILENAME ~ /^dissectors\// {
	breach("a dissector keeps no globals")
}
END {
	if (bad)
		printf "layers: %d breaches\n", bad
	exit bad > 0
}'
