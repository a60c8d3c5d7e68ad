/* mgcp.c -- MGCP (RFC 3435): a call agent commands its gateways and telephones, in text over UDP. */
#include "dissector.h"
#include "../sensor/base/hash.h"
#include "sdp_say.h"

#include <netinet/in.h>

enum { GIVE_UP = 16, PENDING = 8, SAYINGS = 32, LINE_MAX = 512, TX_MOST = 999999999 };

enum mgcp_fact {
	MGCP_FACT_COMMAND = FACT_OWN,
	MGCP_FACT_ENDPOINT,
	MGCP_FACT_ANSWER,
	MGCP_FACT_END
};

static const struct fact_def fact_defs[MGCP_FACT_END - FACT_OWN] = {
	{"mgcp.command", FACT_BYTES, "a command: CRCX, MDCX, DLCX, RQNT, NTFY, AUEP, AUCX, RSIP, EPCF"},
	{"mgcp.endpoint", FACT_BYTES, "which line of which gateway it is for"},
	{"mgcp.answer", FACT_UINT, "code of an answer to a command that was seen: 100 to 999"},
};

struct mgcp_state {
	uint32_t pending[2][PENDING];	/* transactions of commands, by from_local; 0: none */
	uint8_t next[2];
	uint8_t sayings;
	bool said_app;
};

static bool is_command(const struct cursor *word)
{
	static const char *const commands[] = {"CRCX", "MDCX", "DLCX", "RQNT", "NTFY", "AUEP", "AUCX", "RSIP", "EPCF", "MESG"};

	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (line_is(word, commands[i]))
			return true;
	return false;
}

static bool transaction(struct cursor *line, uint32_t *id)
{
	struct cursor word = line_word(line, " ");

	return line_number(&word, TX_MOST, id) && word.left == 0 && *id != 0;
}

static void begin(struct mgcp_state *st, const struct input *in, struct facts *f)
{
	facts_begin(f);
	if (!st->said_app && !in->nested)
		fact_text(f, FACT_FLOW_APP, "mgcp");
	st->said_app = true;
	fact_text(f, FACT_TELEPHONY, "mgcp");
}

/* Connections are described by who has them; the call's identifier stands in C: (3.2.2.2). */
static void describe(struct cursor c, struct facts *f)
{
	static const struct endpoint nobody = {.port = 0};
	uint64_t call = HASH_START;
	struct sdp sdp;
	struct cursor rest = c;

	for (unsigned n = 0; rest.left > 0 && n < SDP_LINES; n++) {
		struct cursor line = line_take(&rest);

		if (line_begins(&line, "C:"))
			call = line_hash(HASH_START, line);
	}
	if (sdp_parse(&sdp, c))
		sdp_say(f, &sdp, "mgcp", call, &nobody, cur_of("", 0));
}

/* "RSIP 262662134 *@vg224 MGCP 1.0" (3.2.1): the version makes sure. */
static bool command(struct mgcp_state *st, const struct input *in, struct cursor line, struct facts *f)
{
	struct cursor verb = line_word(&line, " "), endpoint;
	uint32_t id;

	if (!is_command(&verb) || !transaction(&line, &id))
		return false;
	endpoint = line_word(&line, " ");
	if (endpoint.left == 0 || !line_is_clean(endpoint) || !line_begins(&line, "MGCP "))
		return false;
	cur_skip(&line, strlen("MGCP "));
	if (cur_peek_u8(&line, 0) < '0' || cur_peek_u8(&line, 0) > '1' || cur_peek_u8(&line, 1) != '.')
		return false;
	st->pending[in->from_local][st->next[in->from_local]] = id;
	st->next[in->from_local] = (uint8_t)((st->next[in->from_local] + 1) % PENDING);
	if (st->sayings < SAYINGS) {
		st->sayings++;
		begin(st, in, f);
		fact_bytes(f, MGCP_FACT_COMMAND, verb);
		fact_bytes(f, MGCP_FACT_ENDPOINT, endpoint);
	}
	return true;
}

/* "200 262662134 OK" (3.3): to a command of the other end. */
static bool answer(struct mgcp_state *st, const struct input *in, struct cursor line, struct facts *f)
{
	struct cursor word = line_word(&line, " ");
	uint32_t code, id;
	bool known = false;

	if (!line_number(&word, 999, &code) || word.left > 0 || !transaction(&line, &id))
		return false;
	for (unsigned i = 0; i < PENDING; i++)
		known |= st->pending[!in->from_local][i] == id;
	if (!known)
		return false;
	if (st->sayings < SAYINGS) {
		st->sayings++;
		begin(st, in, f);
		fact_uint(f, MGCP_FACT_ANSWER, code);
	}
	return true;
}

/* Four letters, or three digits, and a space. */
static bool first(const struct cursor *c)
{
	uint8_t a = cur_peek_u8(c, 0);

	if (a >= '1' && a <= '9')
		return cur_peek_u8(c, 3) == ' ' && cur_peek_u8(c, 4) >= '0' && cur_peek_u8(c, 4) <= '9';
	return ((a >= 'A' && a <= 'R') || (a >= 'a' && a <= 'r')) && cur_peek_u8(c, 4) == ' ' && cur_peek_u8(c, 5) >= '0' &&
	    cur_peek_u8(c, 5) <= '9';
}

static enum verdict dissect(struct input *in, void *state, struct facts *f)
{
	struct mgcp_state *st = state;
	struct cursor c = in->bytes, line = line_take(&c);

	if (!first(&in->bytes) || line.left > LINE_MAX)
		return V_NO;
	if (!command(st, in, line, f) && !answer(st, in, line, f))
		return V_NO;
	describe(c, f);
	return V_YES;
}

const struct dissector mgcp_dissector = {
	.name = "mgcp",
	.facts = fact_defs,
	.n_facts = sizeof fact_defs / sizeof fact_defs[0],
	.ip_proto = IPPROTO_UDP,
	.give_up = GIVE_UP,
	.state_size = sizeof(struct mgcp_state),
	.first = first,
	.udp = {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}},
	.dissect = dissect,
};
