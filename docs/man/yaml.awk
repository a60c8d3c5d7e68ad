# yaml.awk -- config/punchwatch.yaml as a manual page. Its comments are paragraphs; what is indented in them stays as it is; a line
# of dashes with a title begins a section; a comment belongs to the keys right below it.

function roff(text) {
	gsub(/\\/, "\\e", text)
	gsub(/-/, "\\-", text)
	while (match(text, /`[^`]*`/))
		text = substr(text, 1, RSTART - 1) "\\fB" substr(text, RSTART + 1, RLENGTH - 2) "\\fR" substr(text, RSTART + RLENGTH)
	if (text ~ /^[.']/)
		text = "\\&" text
	return text
}
function say(line) {
	body = body line "\n"
}
function flush(   i) {
	gsub(GAP, keys > 0 ? ".IP" : ".PP", body)	# a gap below keys stays indented
	if (keys > 0) {
		for (i = 1; i <= keys; i++) {
			printf "%s\n\\fB%s\\fR: %s\n", i == 1 ? ".TP" : ".TQ", roff(key[i]), roff(value[i])
		}
		printf "%s", body
	} else if (body != "") {
		printf "%s%s", started ? ".PP\n" : "", body
	}
	if (keys > 0 || body != "")
		started = 1
	keys = 0
	body = ""
	verbatim = 0
}
function comment(text) {
	if (text ~ /^   /) {		# stands as it is
		if (!verbatim)
			say((body == "" ? "" : GAP "\n") ".RS 2\n.EX")
		verbatim = 1
		say(roff(substr(text, 4)))
		return
	}
	if (verbatim)
		say(".EE\n.RE")
	verbatim = 0
	sub(/^ /, "", text)
	if (text == "")
		gap = 1
	else {
		if (gap && body != "")
			say(GAP)
		gap = 0
		say(roff(text))
	}
}

BEGIN {
	GAP = "\001"
	printf ".\\\" made from config/punchwatch.yaml\n.TH PUNCHWATCH.YAML 5 \"\" \"punchwatch %s\" \"File Formats\"\n", version
	print ".SH NAME\npunchwatch.yaml \\- configuration of the network sensor punchwatch"
	print ".SH DESCRIPTION"
}
NR == 1 { next }			# names the file
/^# --- .* -+$/ {
	flush()
	title = $0
	sub(/^# --- /, "", title)
	sub(/ -+$/, "", title)
	print ".SH \"" toupper(title) "\""
	started = 0
	next
}
/^ *#/ {
	if (keys > 0)
		flush()
	text = $0
	match(text, /^ */)
	sub(/^ *#/, "", text)
	comment(text)
	next
}
/^ *$/ {
	if (verbatim)
		say(".EE\n.RE")
	verbatim = gap = 0
	flush()
	next
}
/^ *[a-z_]+:/ {
	match($0, /^ */)
	depth = RLENGTH / 2
	name = $1
	sub(/:$/, "", name)
	rest = $0
	sub(/^ *[a-z_]+: */, "", rest)
	if (rest == "") {		# a map: its keys follow
		section[depth] = name
		flush()
		next
	}
	full = ""
	for (i = 0; i < depth; i++)
		full = full section[i] "."
	if (verbatim)
		say(".EE\n.RE")
	verbatim = gap = 0
	key[++keys] = full name
	value[keys] = rest
	next
}
{
	printf "yaml.awk: line %d is not understood: %s\n", NR, $0 > "/dev/stderr"
	failed = 1
	exit 1
}
END {
	if (failed)
		exit 1
	flush()
	print ".SH FILES\n.TP\n.I /etc/punchwatch/punchwatch.yaml\nWhat is read if no other file is named."
	print ".SH SEE ALSO\n.BR punchwatch (1)"
}
