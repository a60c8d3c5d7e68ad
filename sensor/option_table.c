/* option_table.c -- see option_table.h. To add an option that sets a key of the configuration: one row. */
#include "option_table.h"

#include <stddef.h>

const struct command_def command_defs[] = {
	[COMMAND_READ] = {
		.name = "read", .operands = "FILE...", .takes_files = true,
		.about = "find peer-to-peer calls in capture files",
		.more =
"Reads pcap and pcapng, also compressed (.gz, .zst); - is standard input. Several files are one capture, in the order given. "
"On a terminal a table says at the end what was found; events go where --eve and --redis say.",
		.examples =
"  punchwatch read call.pcap                        what is in it, as a table\n"
"  punchwatch read --eve - call.pcap | jq .alert    the alerts, as JSON\n"
"  punchwatch read --home 10.0.0.0/8,192.0.2.0/24 monday.pcap.zst tuesday.pcap.zst\n"
"  tcpdump -w - -i eth0 udp | punchwatch read --eve alerts.json -\n",
	},
	[COMMAND_WATCH] = {
		.name = "watch", .operands = "-i IFACE [-i IFACE]...",
		.about = "find them live, on mirror (SPAN) ports, until a signal",
		.more =
"Needs root (or CAP_NET_RAW) to open the interfaces, and gives it up before the first packet is looked at. "
"SIGINT and SIGTERM finish cleanly. Say with --home which networks are inside: without it the private space is taken.",
		.examples =
"  punchwatch watch -i eth1 --home 10.0.0.0/8 --eve /var/log/punchwatch/eve.json\n"
"  punchwatch watch -i eth1 -i eth2 --redis 'redis://127.0.0.1/0?key=suricata&mode=list'\n"
"  punchwatch watch -c " CONFIG_FILE "\n",
	},
	[COMMAND_EXPLAIN] = {
		.name = "explain", .operands = "FILE...", .takes_files = true,
		.about = "show each session of a capture with its facts and their weights, as a timeline",
		.more =
"For the analyst who wants to know why: what was seen, in which packet, and what it counts. With -v every message, with all its attributes. "
"With --messages the same of all flows, whether they belong to a session or not.",
		.examples =
"  punchwatch explain call.pcap\n"
"  punchwatch explain -v call.pcap | less\n"
"  punchwatch explain --handshakes --crypto seed2012 call.pcap\n"
"  punchwatch explain --messages unknown.pcap   to write a signature from\n",
	},
	[COMMAND_CHECK] = {
		.name = "check", .operands = "[--dry-run FILE...]",
		.about = "check configuration, signatures and policy: every mistake, with file and line",
		.more =
"Without a mistake it prints the configuration as it understood it, as a file that loads again (-q: prints nothing); with --show, "
"signatures; with --rules, the policy. Passwords are not printed. With --dry-run capture files are read, and each rule of the policy "
"says what it would have changed.",
		.examples =
"  punchwatch check -c punchwatch.yaml        is it right, and what does it mean?\n"
"  punchwatch check --set flow.flows=1000000  the same, with one key changed\n"
"  punchwatch check -s my-signatures --show   are they right, and what do they mean?\n"
"  punchwatch check --policy site.yaml --rules   the same of the policy\n"
"  punchwatch check --policy site.yaml --dry-run monday.pcap   what would it change?\n"
"  punchwatch check --facts                   all facts that can be seen in traffic\n",
	},
	[COMMAND_STATUS] = {
		.name = "status", .operands = "",
		.about = "ask a running sensor how it is",
		.more =
"Prints what it sees, what it found, where its events are, and, if it is not ready, why. Exit code 0: ready; 1: not ready; 3: no sensor "
"answers. Ask as root, or as the user that it runs as.",
		.examples =
"  punchwatch status\n"
"  punchwatch status --socket /run/punchwatch/second.sock\n",
	},
	[COMMAND_RELOAD] = {
		.name = "reload", .operands = "",
		.about = "tell a running sensor to read configuration, signatures, policy and names again",
		.more =
"They are checked first: with a mistake everything stays as it was, and each mistake is said (exit code 2). No packet and no session is lost. "
"What cannot be changed while it runs is named. The same as sending it SIGHUP.",
		.examples =
"  punchwatch check && punchwatch reload\n",
	},
};

#define FOR_RUN (FOR_READ | FOR_WATCH)

const struct option_def option_defs[] = {
	{'i', "interface", OPTION_ADD, FOR_WATCH | FOR_CHECK, "IFACE", NULL, "capture.interfaces",
	    "listen there; again for more (instead of capture.interfaces)"},
	{0, "home", OPTION_KEY, FOR_ALL, "NET,...", NULL, "home", NULL},
	{0, "placement", OPTION_KEY, FOR_ALL, "SIDE", NULL, "placement", NULL},
	{'s', "signatures", OPTION_KEY, FOR_ALL, "DIR", NULL, "signatures", NULL},
	{0, "policy", OPTION_KEY, FOR_ALL, "FILE", NULL, "policy.file", NULL},
	{0, "crypto", OPTION_KEY, FOR_ALL, "NAME", NULL, "crypto.profile", NULL},
	{'f', "filter", OPTION_KEY, FOR_ALL, "BPF", NULL, "capture.filter", NULL},
	{0, "eve", OPTION_KEY, FOR_RUN | FOR_CHECK, "FILE", NULL, "output.eve", NULL},
	{0, "eve-profile", OPTION_KEY, FOR_RUN | FOR_CHECK, "7|8|full", NULL, "eve.profile", NULL},
	{0, "redis", OPTION_KEY, FOR_RUN | FOR_CHECK, "URI", NULL, "output.redis", NULL},
	{0, "severity", OPTION_KEY, FOR_RUN | FOR_CHECK, "N", NULL, "session.severity", NULL},
	{0, "informational", OPTION_KEY, FOR_ALL, "yes|no", "yes", "session.informational", NULL},
	{0, "no-ndpi", OPTION_KEY, FOR_ALL, NULL, "no", "ndpi.enabled", "do not use nDPI"},
	{0, "ring", OPTION_KEY, FOR_WATCH | FOR_CHECK, "SIZE", NULL, "capture.ring", NULL},
	{0, "user", OPTION_KEY, FOR_WATCH | FOR_CHECK, "USER", NULL, "capture.user", NULL},
	{0, "socket", OPTION_KEY, FOR_WATCH | FOR_CHECK | FOR_ASK, "PATH", NULL, "control.socket", NULL},
	{'j', "workers", OPTION_KEY, FOR_RUN | FOR_CHECK, "N", NULL, "workers", NULL},
	{0, "show", OPTION_SHOW, FOR_CHECK, "GLOB", "*", NULL,
	    "print the signatures, or those whose number, application or file fits, as a file that loads again"},
	{0, "handshakes", OPTION_HANDSHAKES, FOR_EXPLAIN, NULL, NULL, NULL,
	    "instead: every TLS and DTLS handshake, and what the profile makes of it"},
	{0, "rules", OPTION_RULES, FOR_CHECK, NULL, NULL, NULL, "print the policy, as a file that loads again"},
	{0, "dry-run", OPTION_DRY_RUN, FOR_CHECK, NULL, NULL, NULL, "read captures: what would the policy have changed?"},
	{0, "messages", OPTION_MESSAGES, FOR_EXPLAIN, NULL, NULL, NULL,
	    "what was seen in each flow, message by message, with its first bytes: what signatures are written from"},
	{0, "facts", OPTION_FACTS, FOR_CHECK, NULL, NULL, NULL, "list all facts: name, type and meaning"},
	{'c', "config", OPTION_CONFIG, FOR_EVERY, "FILE", NULL, NULL,
	    "configuration (default: " CONFIG_FILE " if it exists)"},
	{0, "set", OPTION_SET, FOR_EVERY, "KEY=VALUE", NULL, NULL, "set any key of the configuration"},
	{'q', "quiet", OPTION_QUIET, FOR_EVERY, NULL, NULL, NULL, "say only what went wrong"},
	{'v', "verbose", OPTION_VERBOSE, FOR_EVERY, NULL, NULL, NULL, "say more"},
	{'h', "help", OPTION_HELP, FOR_EVERY, NULL, NULL, NULL, "this text"},
	{0, "version", OPTION_VERSION, FOR_EVERY, NULL, NULL, NULL, "which version this is"},
};

const unsigned n_commands = sizeof command_defs / sizeof *command_defs;
const unsigned n_options = sizeof option_defs / sizeof *option_defs;
