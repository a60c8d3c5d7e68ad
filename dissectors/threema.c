/* threema.c -- Threema's own connection to its servers, on port 5222: everything is encrypted, but lengths tell.
 *
 * Turns: the client's hello of 48 bytes, the server's of 80, the client's login of 144 and more, the server's 32; then frames either way,
 * each behind its length in two bytes, least first. The turns alone are too little: frames must fit, several in a row.
 */
#include "dissector.h"

#include <netinet/in.h>

enum {
	PORT = 5222,
	GIVE_UP = 64,
	CLIENT_HELLO = 48, SERVER_HELLO = 80, LOGIN_LEAST = 144, LOGIN_MOST = 400, LOGIN_ANSWER = 32,
	FRAME_LEAST = 20, FRAME_MOST = 8192,	/* sixteen bytes of authenticator and four of what it is */
	ENOUGH = 3,			/* frames that end with their stretch */
};

enum { THREEMA_SESSION = FACT_OWN };

static const struct fact_def fact_defs[] = {
	{"threema.session", FACT_FLAG, "a client is logged in: turns and frames have Threema's lengths"},
};

enum phase { HELLO, HELLO_ANSWER, LOGIN, FRAMES };

struct state {
	uint16_t login;			/* bytes */
	uint8_t phase, frames;
	bool client, known, answered;	/* client: who, by from_local */
};

/* All that one turn may bring, taken at once; it must be this much. */
static enum verdict turn(struct state *s, struct cursor *c, size_t bytes)
{
	if (c->left > bytes)
		return V_NO;
	if (c->left < bytes)
		return V_MORE;
	cur_skip(c, bytes);
	s->phase++;
	return V_MORE;
}

/* The login's length depends on the client: it ends where the server answers. */
static enum verdict login(struct state *s, struct cursor *c)
{
	s->login = (uint16_t)(s->login + (c->left <= LOGIN_MOST ? c->left : LOGIN_MOST));
	cur_skip(c, c->left);
	return s->login <= LOGIN_MOST ? V_MORE : V_NO;
}

static enum verdict frames(struct state *s, struct cursor *c, struct facts *facts)
{
	bool fit = false;

	while (c->left >= 2) {
		uint16_t len = __builtin_bswap16(cur_peek_u16(c, 0));

		if (len < FRAME_LEAST || len > FRAME_MOST)
			return V_NO;
		if (c->left < 2 + (size_t)len)
			return V_MORE;
		cur_skip(c, 2 + (size_t)len);
		fit = c->left == 0;
	}
	s->frames = (uint8_t)(s->frames + fit);
	if (s->frames < ENOUGH)
		return V_MORE;
	facts_begin(facts);
	fact_text(facts, FACT_FLOW_APP, "threema");
	fact_flag(facts, THREEMA_SESSION);
	return V_DONE;
}

static enum verdict from_client(struct state *s, struct cursor *c, struct facts *facts)
{
	if (s->phase == HELLO)
		return turn(s, c, CLIENT_HELLO);
	if (s->phase == LOGIN && !s->answered)
		return login(s, c);
	return s->phase == FRAMES ? frames(s, c, facts) : V_NO;
}

static enum verdict from_server(struct state *s, struct cursor *c, struct facts *facts)
{
	if (s->phase == HELLO_ANSWER)
		return turn(s, c, SERVER_HELLO);
	if (s->phase == LOGIN && s->login >= LOGIN_LEAST) {
		if (c->left < LOGIN_ANSWER)
			return V_MORE;
		cur_skip(c, LOGIN_ANSWER);
		s->answered = true;
		s->phase = FRAMES;
		return c->left > 0 ? frames(s, c, facts) : V_MORE;
	}
	return s->phase == FRAMES ? frames(s, c, facts) : V_NO;
}

static bool begins(const struct input *in)
{
	return (in->packet->src.port == PORT || in->packet->dst.port == PORT) && in->bytes.left <= CLIENT_HELLO;
}

static enum verdict dissect(struct input *in, void *state, struct facts *facts)
{
	struct state *s = state;

	if (in->gap)
		return V_NO;
	if (in->bytes.left == 0)
		return V_MORE;
	if (!s->known) {
		s->client = in->from_local;
		s->known = true;
	}
	return in->from_local == s->client ? from_client(s, &in->bytes, facts) : from_server(s, &in->bytes, facts);
}

const struct dissector threema_dissector = {
	.name = "threema",
	.facts = fact_defs,
	.n_facts = sizeof fact_defs / sizeof fact_defs[0],
	.ip_proto = IPPROTO_TCP,
	.give_up = GIVE_UP,
	.state_size = sizeof(struct state),
	.begins = begins,
	.from_start = true,
	.dissect = dissect,
};
