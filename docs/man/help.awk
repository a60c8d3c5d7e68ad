# help.awk -- what `punchwatch COMMAND --help` prints, of every command, as parts of a manual page: -v part=commands, options
# or examples. The help is made from the program's own tables, so the page says what the program does.

function roff(text) {
	gsub(/\\/, "\\e", text)
	gsub(/-/, "\\-", text)
	if (text ~ /^[.']/)
		text = "\\&" text
	return text
}
function flush_option() {
	if (option == "")
		return
	if (!(option in about)) {
		order[++n] = option
		about[option] = text
	}
	of[option] = of[option] (of[option] == "" ? "" : ", ") command
	option = text = ""
}
function flush_paragraph() {
	if (paragraph != "")
		print roff(paragraph)
	paragraph = ""
}

FNR == 1 {
	flush_option()
	flush_paragraph()
	files++
	where = "about"
	command = $2
	sub(/:$/, "", command)
	sub(/^punchwatch [a-z]*: /, "")
	first = $0
	next
}
/^usage: / {
	if (part == "commands") {
		usage = $0
		sub(/^usage: punchwatch [a-z]* ?/, "", usage)
		print ".TP"
		print "\\fBpunchwatch " command "\\fR " roff(usage)
		sub(/^./, toupper(substr(first, 1, 1)), first)
		print roff(first) "."
	}
	where = "more"
	next
}
/^options:$/ { flush_paragraph(); where = "options"; next }
/^examples:$/ { flush_option(); where = "examples"; next }
/^exit codes:$/ { where = "" }
where == "about" && NF { first = first " " $0 }
where == "more" && part == "commands" && NF { paragraph = paragraph (paragraph == "" ? "" : " ") $0 }
where == "options" {
	if ($0 == "")
		next
	if (substr($0, 1, 28) ~ /^ +-/) {
		flush_option()
		option = substr($0, 1, 28)
		rest = substr($0, 29)
		if (option ~ /[^ ]$/) {		# it is longer than its column: alone in its line
			option = $0
			rest = ""
		}
		gsub(/^ +| +$/, "", option)
		text = rest
	} else {
		sub(/^ +/, "")
		text = text (text == "" ? "" : " ") $0
	}
}
where == "examples" && part == "examples" && NF { print roff($0) }

END {
	flush_option()
	if (part != "options")
		exit
	for (i = 1; i <= n; i++) {
		option = order[i]
		print ".TP"
		name = roff(option)
		if (match(option, /[ \[][^-]*$/) && option !~ /^-., --[a-z-]*$/) {
			name = "\\fB" roff(substr(option, 1, RSTART - 1)) "\\fR\\fI" roff(substr(option, RSTART)) "\\fR"
		} else
			name = "\\fB" name "\\fR"
		print name
		sub(/^./, toupper(substr(about[option], 1, 1)), about[option])
		print roff(about[option]) (about[option] ~ /[.?!]$/ ? "" : ".")
		if (split(of[option], all, ", ") < files)
			print "(" of[option] ")"
	}
}
