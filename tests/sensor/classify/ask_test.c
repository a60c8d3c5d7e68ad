/* ask_test.c -- how dissectors are asked: datagrams, streams, patience, exclusiveness, what is wrapped. */
#include "rig.h"

#define IN "10.0.0.1"
#define OUT "203.0.113.9"

static unsigned asked;

/* --- dissectors for datagrams --- */

/* "Y..." is mine, with a fact; "D..." the same, and that is all; "S..." is mine, nothing to say; "M..." wait; "N..." says something and
 * takes it back; "W<x>" wraps a datagram x, "B<x>" has one beside it. Counts what it was asked in its state. */
static enum verdict letters(struct input *in, void *state, struct facts *facts)
{
	uint32_t *n = state;
	uint8_t what = cur_u8(&in->bytes);
	struct endpoint peer = {ip_of("198.51.100.5"), 77};

	asked++;
	++*n;
	if (what != 'S') {
		facts_begin(facts);
		fact_bytes(facts, FACT_SOFTWARE, in->bytes);
		fact_uint(facts, FACT_ICE_PRIORITY, *n);
	}
	if (what == 'W')
		fact_inner(facts, in->bytes, &peer);
	if (what == 'B')
		fact_beside(facts, in->bytes);
	if (what == 'M')
		return V_MORE;
	if (what == 'D')
		return V_DONE;
	return what == 'N' ? V_NO : V_YES;
}

static bool is_letter(const struct cursor *c)
{
	return cur_peek_u8(c, 0) >= 'A' && cur_peek_u8(c, 0) <= 'Z';
}

static const struct dissector letters_dissector = {
	.name = "letters", .ip_proto = IPPROTO_UDP, .give_up = 2, .state_size = 4, .first = is_letter, .dissect = letters,
};

/* "!..." is its own, and nobody else's from then on. */
static enum verdict owner(struct input *in, void *state, struct facts *facts)
{
	(void)state;
	if (cur_u8(&in->bytes) != '!')
		return V_NO;
	facts_begin(facts);
	fact_flag(facts, FACT_TURN_TRAFFIC);
	return V_YES;
}

static const struct dissector owner_dissector = {
	.name = "owner", .ip_proto = IPPROTO_UDP, .exclusive = true, .dissect = owner,
};

static const struct dissector glancer = {
	.name = "glancer", .ip_proto = IPPROTO_UDP, .give_up = 2, .state_size = 4, .glance = true, .first = is_letter, .dissect = letters,
};

static const struct dissector bystander = {
	.name = "bystander", .ip_proto = IPPROTO_UDP, .give_up = 2, .state_size = 4, .aside = true, .first = is_letter, .dissect = letters,
};

static const struct dissector *const glancer_list[] = {&glancer, NULL};
static const struct dissector *const bystander_list[] = {&bystander, NULL};
/* Only for what a flow begins with; then for everything, until its V_NO. */
static const struct dissector follower = {
	.name = "follower", .ip_proto = IPPROTO_UDP, .give_up = 2, .state_size = 4, .opening = 3, .follows = FOLLOWS_ALL, .first = is_letter,
	.dissect = letters,
};

static const struct dissector local_one = {
	.name = "local", .ip_proto = IPPROTO_UDP, .port = 2000, .state_size = 4, .dissect = letters,
};

static const struct dissector *const local_list[] = {&local_one, NULL};
static const struct dissector *const follower_list[] = {&follower, NULL};
static const struct dissector *const udp_list[] = {&letters_dissector, &owner_dissector, NULL};

static struct rig *udp_rig(void)
{
	struct rig *r = rig_new();

	asked = 0;
	rig_start(r, udp_list);
	return r;
}

static void test_said_and_taken_back(void **state)
{
	struct rig *r = udp_rig();

	(void)state;
	show(r, udp(0, IN, 1000, OUT, 2000, "nobody's"));
	show(r, udp(MS, IN, 1000, OUT, 2000, "Nothing"));
	assert_int_equal(asked, 1);
	assert_said(r, "");
	show(r, udp(2 * MS, OUT, 2000, IN, 1000, "Yes"));
	assert_said(r,
	    "0.002 10.0.0.1:1000 < 203.0.113.9:2000: flow.new flow.interface == 0\n"
	    "0.002 10.0.0.1:1000 < 203.0.113.9:2000: stun.software == \"es\" ice.priority == 1\n"
	    "0.002 10.0.0.1:1000 < 203.0.113.9:2000: data.out_packets == 2 data.out_bytes == 15 data.in_packets == 0 "
	    "data.in_bytes == 0 flow.packets_out == 2 flow.packets_in == 1 flow.bytes_out == 99 flow.bytes_in == 45 "
	    "flow.last_ns == 1700000000002000000\n");
	show(r, udp(3 * MS, IN, 1000, OUT, 2000, "Yet"));	/* its state was kept */
	assert_said(r, "0.003 10.0.0.1:1000 > 203.0.113.9:2000: stun.software == \"et\" ice.priority == 2\n");
	show(r, udp(4 * MS, IN, 1000, OUT, 2000, "Nope"));	/* no longer its own: data, and the state stays */
	show(r, udp(5 * MS, IN, 1000, OUT, 2000, "Ynd"));
	assert_said(r, "0.005 10.0.0.1:1000 > 203.0.113.9:2000: stun.software == \"nd\" ice.priority == 4\n");
	rig_free(r);
}

/* Claimed without a word: no message, but not data either. */
static void test_silent_claim(void **state)
{
	struct rig *r = udp_rig();

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		show(r, udp(i * MS, IN, 1000, OUT, 2000, "S"));
		show(r, udp(i * MS, OUT, 2000, IN, 1000, "S"));
	}
	assert_said(r, "");
	show(r, udp(9 * MS, IN, 1000, OUT, 2000, "Y"));
	assert_int_equal(said_count(&r->said, "data."), 0);
	assert_int_equal(said_count(&r->said, "ice.priority == 11"), 1);
	rig_free(r);
}

static void test_opening(void **state)
{
	struct rig *r = rig_new();

	(void)state;
	asked = 0;
	rig_start(r, follower_list);
	for (unsigned i = 0; i < 3; i++)
		show(r, udp(0, IN, 1000, OUT, 2000, "nobody's"));
	show(r, udp(0, IN, 1000, OUT, 2000, "Y"));
	assert_int_equal(asked, 0);			/* the fourth of its flow */
	show(r, udp(0, IN, 1001, OUT, 2000, "nobody's"));
	show(r, udp(0, OUT, 2000, IN, 1001, "N"));
	show(r, udp(0, IN, 1001, OUT, 2000, "Y"));
	assert_int_equal(asked, 2);
	rig_free(r);
}

static void test_port(void **state)
{
	struct rig *r = rig_new();

	(void)state;
	asked = 0;
	rig_start(r, local_list);
	show(r, udp(0, IN, 1000, OUT, 2001, "Y"));
	assert_int_equal(asked, 0);
	show(r, udp(0, IN, 1000, OUT, 2000, "Y"));
	show(r, udp(0, IN, 2000, OUT, 1000, "Y"));
	assert_int_equal(asked, 2);
	rig_free(r);
}

static void test_follows(void **state)
{
	struct rig *r = rig_new();

	(void)state;
	asked = 0;
	rig_start(r, follower_list);
	for (unsigned i = 0; i < 300; i++)
		show(r, udp(0, IN, 1000, OUT, 2000, "M"));
	assert_int_equal(asked, 300);			/* it waits as long as it likes */
	show(r, udp(0, IN, 1000, OUT, 2000, "small"));	/* without the cheap test */
	assert_int_equal(asked, 301);
	show(r, udp(0, IN, 1000, OUT, 2000, "N"));
	show(r, udp(0, IN, 1000, OUT, 2000, "Y"));
	assert_int_equal(asked, 302);			/* over, and the opening is past */
	rig_free(r);
}

static void test_patience(void **state)
{
	struct rig *r = udp_rig();

	(void)state;
	show(r, udp(0, IN, 1000, OUT, 2000, "M1"));
	show(r, udp(0, IN, 1000, OUT, 2000, "M2"));
	assert_int_equal(said_count(&r->said, "stun.software"), 2);	/* facts count with V_MORE */
	show(r, udp(0, IN, 1000, OUT, 2000, "M3"));
	show(r, udp(0, IN, 1000, OUT, 2000, "Y4"));			/* it has given up on this flow */
	assert_int_equal(said_count(&r->said, "stun.software"), 2);
	assert_int_equal(asked, 3);
	said_clear(&r->said);
	show(r, udp(0, IN, 1001, OUT, 2000, "M1"));
	show(r, udp(0, IN, 1001, OUT, 2000, "Y2"));			/* once mine, always mine */
	for (unsigned i = 0; i < 5; i++)
		show(r, udp(0, IN, 1001, OUT, 2000, "M3"));
	assert_int_equal(said_count(&r->said, "stun.software"), 7);
	rig_free(r);
}

/* What travels in a message beside what it says, and is no relay's: as if it had come by itself. In a relay's message it is
 * nested as that is; and there is an end to it. */
static void test_beside(void **state)
{
	struct rig *r = udp_rig();

	(void)state;
	show(r, udp(0, IN, 1000, OUT, 2000, "BY1"));
	show(r, udp(MS, IN, 1000, OUT, 2000, "WBY2"));
	show(r, udp(2 * MS, IN, 1000, OUT, 2000, "BBY3"));
	show(r, udp(3 * MS, IN, 1000, OUT, 2000, "WBWY4"));
	assert_said(r,
	    "0.000 10.0.0.1:1000 > 203.0.113.9:2000: flow.new flow.interface == 0\n"
	    "0.000 10.0.0.1:1000 > 203.0.113.9:2000: stun.software == \"Y1\" ice.priority == 1\n"
	    "0.000 10.0.0.1:1000 > 203.0.113.9:2000: stun.software == \"1\" ice.priority == 2\n"
	    "0.001 10.0.0.1:1000 > 203.0.113.9:2000: stun.software == \"BY2\" ice.priority == 3\n"
	    "0.001 10.0.0.1:1000 > 203.0.113.9:2000 nested: peer == 198.51.100.5:77 stun.software == \"Y2\" ice.priority == 1\n"
	    "0.001 10.0.0.1:1000 > 203.0.113.9:2000 nested: peer == 198.51.100.5:77 stun.software == \"2\" ice.priority == 2\n"
	    "0.002 10.0.0.1:1000 > 203.0.113.9:2000: stun.software == \"BY3\" ice.priority == 4\n"
	    "0.002 10.0.0.1:1000 > 203.0.113.9:2000: stun.software == \"Y3\" ice.priority == 5\n"
	    "0.003 10.0.0.1:1000 > 203.0.113.9:2000: stun.software == \"BWY4\" ice.priority == 6\n"
	    "0.003 10.0.0.1:1000 > 203.0.113.9:2000 nested: peer == 198.51.100.5:77 stun.software == \"WY4\" ice.priority == 3\n"
	    "0.003 10.0.0.1:1000 > 203.0.113.9:2000 nested: peer == 198.51.100.5:77 stun.software == \"Y4\" ice.priority == 4\n");
	rig_free(r);
}

static void test_exclusive(void **state)
{
	struct rig *r = udp_rig();

	(void)state;
	show(r, udp(0, IN, 1000, OUT, 2000, "Y1"));
	show(r, udp(0, IN, 1000, OUT, 2000, "!"));
	assert_int_equal(asked, 1);
	show(r, udp(0, IN, 1000, OUT, 2000, "Y2"));
	assert_int_equal(asked, 1);
	assert_int_equal(said_count(&r->said, "turn.traffic"), 1);
	rig_free(r);
}

static void test_wrapped(void **state)
{
	struct rig *r = udp_rig();

	(void)state;
	show(r, udp(0, IN, 1000, OUT, 2000, "WY1"));
	show(r, udp(MS, IN, 1000, OUT, 2000, "WWY2"));		/* wrapped twice: once is enough */
	show(r, udp(2 * MS, IN, 1000, OUT, 2000, "WN3"));
	show(r, udp(3 * MS, IN, 1000, OUT, 2000, "Y4"));
	assert_said(r,
	    "0.000 10.0.0.1:1000 > 203.0.113.9:2000: flow.new flow.interface == 0\n"
	    "0.000 10.0.0.1:1000 > 203.0.113.9:2000: stun.software == \"Y1\" ice.priority == 1\n"
	    "0.000 10.0.0.1:1000 > 203.0.113.9:2000 nested: peer == 198.51.100.5:77 stun.software == \"1\" ice.priority == 1\n"
	    "0.001 10.0.0.1:1000 > 203.0.113.9:2000: stun.software == \"WY2\" ice.priority == 2\n"
	    "0.001 10.0.0.1:1000 > 203.0.113.9:2000 nested: peer == 198.51.100.5:77 stun.software == \"Y2\" ice.priority == 2\n"
	    "0.002 10.0.0.1:1000 > 203.0.113.9:2000: stun.software == \"N3\" ice.priority == 3\n"
	    "0.003 10.0.0.1:1000 > 203.0.113.9:2000: stun.software == \"4\" ice.priority == 4\n");
	rig_free(r);
}

/* Nothing more is to be learnt: it is not asked again, neither about the flow nor, by itself, about what is wrapped. */
static void test_done(void **state)
{
	struct rig *r = udp_rig();

	(void)state;
	show(r, udp(0, IN, 1000, OUT, 2000, "WDx"));
	show(r, udp(0, IN, 1000, OUT, 2000, "WYx"));
	assert_int_equal(said_count(&r->said, "nested"), 1);
	assert_int_equal(said_count(&r->said, "ice.priority"), 3);
	show(r, udp(0, IN, 1000, OUT, 2000, "D"));
	assert_int_equal(said_count(&r->said, "ice.priority == 3"), 1);
	show(r, udp(0, IN, 1000, OUT, 2000, "Y"));
	show(r, udp(0, IN, 1000, OUT, 2000, "WY"));
	assert_int_equal(said_count(&r->said, "ice.priority"), 4);
	assert_int_equal(asked, 4);
	show(r, udp(0, IN, 1001, OUT, 2000, "Y"));		/* another flow */
	assert_int_equal(said_count(&r->said, "ice.priority == 1"), 3);
	rig_free(r);
}

/* What is only glanced at is data still. */
static void test_glance(void **state)
{
	struct rig *r = rig_new();

	(void)state;
	rig_start(r, glancer_list);
	show(r, udp(0, IN, 1000, OUT, 2000, "Y"));
	show(r, udp(0, OUT, 2000, IN, 1000, "Y"));
	assert_int_equal(said_count(&r->said, "flow.new"), 1);
	assert_int_equal(said_count(&r->said, "data.out_packets == 1 data.out_bytes == 1 data.in_packets == 1"), 1);
	rig_free(r);
}

/* What is said aside makes no flow worth speaking of. */
static void test_aside(void **state)
{
	struct rig *r = rig_new();

	(void)state;
	rig_start(r, bystander_list);
	show(r, udp(0, IN, 1000, OUT, 2000, "Yes"));
	assert_said(r, "0.000 10.0.0.1:1000 > 203.0.113.9:2000: stun.software == \"es\" ice.priority == 1\n");
	classify_finish(r->classify);
	assert_said(r, "");
	rig_free(r);
}

/* States are few: the flow that used its own longest ago loses them, and is asked afresh. */
static void test_states_run_out(void **state)
{
	struct rig *r = rig_new();

	(void)state;
	r->settings.flow.states = 3;
	rig_start(r, udp_list);
	for (uint16_t port = 1; port <= 3; port++)
		show(r, udp(port * MS, IN, port, OUT, 2000, "Y"));
	show(r, udp(2 * SECOND, IN, 1, OUT, 2000, "Y"));
	assert_int_equal(r->counts.n[COUNT_STATE_NO_ROOM], 0);
	show(r, udp(2 * SECOND, IN, 4, OUT, 2000, "Y"));
	assert_int_equal(r->counts.n[COUNT_STATE_NO_ROOM], 1);
	said_clear(&r->said);
	show(r, udp(2 * SECOND, IN, 1, OUT, 2000, "Y"));
	assert_int_equal(said_count(&r->said, "ice.priority == 3"), 1);
	show(r, udp(2 * SECOND, IN, 3, OUT, 2000, "Y"));
	assert_int_equal(said_count(&r->said, "ice.priority == 2"), 1);
	said_clear(&r->said);
	show(r, udp(2 * SECOND, IN, 2, OUT, 2000, "Y"));	/* the one that had to go */
	assert_int_equal(said_count(&r->said, "ice.priority == 1"), 1);
	assert_int_equal(said_count(&r->said, "flow.new"), 0);
	rig_free(r);
}

static void test_one_state(void **state)
{
	struct rig *r = rig_new();

	(void)state;
	r->settings.flow.states = 1;
	rig_start(r, udp_list);
	for (unsigned i = 0; i < 10; i++) {
		show(r, udp(0, IN, 1000, OUT, 2000, "WY"));	/* wants two: nesting has its own */
		show(r, udp(0, IN, 1001, OUT, 2000, "WY"));
	}
	assert_int_equal(said_count(&r->said, "ice.priority"), 40);
	rig_free(r);
}

/* --- dissectors for streams --- */

/* Lines. "?" at the start of a stream: not mine; "..." needs more than there is. Says each line, gaps, ends. */
static enum verdict lines(struct input *in, void *state, struct facts *facts)
{
	uint32_t *n = state;

	if (in->gap) {
		facts_begin(facts);
		fact_flag(facts, FACT_STUN_MALFORMED);
	}
	while (in->bytes.left > 0 && !facts_tight(facts)) {
		size_t len = 0;
		struct cursor line;

		if (cur_peek_u8(&in->bytes, 0) == '?')
			return V_NO;
		while (len < in->bytes.left && cur_peek_u8(&in->bytes, len) != '\n')
			len++;
		if (len == in->bytes.left)
			break;
		line = cur_take(&in->bytes, len);
		cur_skip(&in->bytes, 1);
		++*n;
		if (cur_peek_u8(&line, 0) == 'W') {
			struct endpoint peer = {ip_of("198.51.100.5"), 77};

			cur_skip(&line, 1);
			fact_inner(facts, line, &peer);
			if (facts->n_inner == INNER_MAX)
				return V_YES;
			continue;
		}
		facts_begin(facts);
		fact_bytes(facts, FACT_SOFTWARE, line);
	}
	if (in->ended) {
		facts_begin(facts);
		fact_uint(facts, FACT_ICE_PRIORITY, *n);
	}
	return *n > 0 ? V_YES : V_MORE;
}

static const struct dissector lines_dissector = {
	.name = "lines", .ip_proto = IPPROTO_TCP, .give_up = 5, .state_size = 4, .dissect = lines,
};

/* Four bytes at a time, as long as they are digits. */
static enum verdict fours(struct input *in, void *state, struct facts *facts)
{
	(void)state;
	while (in->bytes.left >= 4) {
		if (cur_peek_u8(&in->bytes, 0) < '0' || cur_peek_u8(&in->bytes, 0) > '9')
			return V_NO;
		facts_begin(facts);
		fact_bytes(facts, FACT_REALM, cur_take(&in->bytes, 4));
	}
	return V_YES;
}

static const struct dissector fours_dissector = {
	.name = "fours", .ip_proto = IPPROTO_TCP, .dissect = fours,
};

/* Streams that begin with "!" are its own, and nobody else's from then on. */
static enum verdict shouts(struct input *in, void *state, struct facts *facts)
{
	bool *mine = state;

	*mine = *mine || cur_peek_u8(&in->bytes, 0) == '!';
	if (!*mine)
		return V_NO;
	cur_skip(&in->bytes, in->bytes.left);
	facts_begin(facts);
	fact_flag(facts, FACT_TURN_TRAFFIC);
	return V_YES;
}

static const struct dissector shouts_dissector = {
	.name = "shouts", .ip_proto = IPPROTO_TCP, .exclusive = true, .state_size = sizeof(bool), .dissect = shouts,
};

static const struct dissector *const shouts_list[] = {&lines_dissector, &shouts_dissector, NULL};
static const struct dissector *const tcp_list[] = {&lines_dissector, NULL};

/* "open" is a request, "go" the answer behind which somebody else speaks. */
static enum verdict gate(struct input *in, void *state, struct facts *facts)
{
	bool *opened = state;

	(void)facts;
	if (in->from_local && !*opened && cur_starts(&in->bytes, "open\n", 5)) {
		cur_skip(&in->bytes, 5);
		*opened = true;
		return V_MORE;
	}
	if (in->from_local && *opened)
		return V_MORE;		/* too early */
	if (!*opened || !cur_starts(&in->bytes, "go\n", 3))
		return V_NO;
	cur_skip(&in->bytes, 3);
	in->tunnel = true;
	in->tunnel_to = (struct endpoint){ip_of("198.51.100.5"), 77};
	return V_YES;
}

static const struct dissector gate_dissector = {
	.name = "gate", .ip_proto = IPPROTO_TCP, .give_up = 99, .glance = true, .state_size = 4, .dissect = gate,
};

static const struct dissector *const gate_list[] = {&lines_dissector, &gate_dissector, NULL};
static const struct dissector *const both_list[] = {&fours_dissector, &lines_dissector, NULL};
static const struct dissector *const mixed_list[] = {&letters_dissector, &lines_dissector, NULL};

static struct packet out(uint8_t flags, uint32_t seq, const char *text)
{
	return tcp(0, IN, 1000, OUT, 80, flags, seq, 500, text);
}

static struct packet in(uint8_t flags, uint32_t seq, const char *text)
{
	return tcp(0, OUT, 80, IN, 1000, flags, seq, 100, text);
}

static void test_stream(void **state)
{
	struct rig *r = rig_new();

	(void)state;
	rig_start(r, tcp_list);
	show(r, out(TCP_SYN, 99, ""));
	show(r, in(TCP_SYN | TCP_ACK, 499, ""));
	show(r, out(TCP_ACK, 105, "lo\nthe"));		/* early */
	show(r, out(TCP_ACK, 100, "Hel"));		/* nothing whole yet: V_MORE */
	show(r, out(TCP_ACK, 103, "lo"));
	assert_int_equal(said_count(&r->said, "flow.new"), 1);
	assert_int_equal(said_count(&r->said, "stun.software == \"Hellolo\""), 1);
	show(r, in(TCP_ACK | TCP_FIN, 500, "ok\n"));
	show(r, out(TCP_ACK | TCP_FIN, 111, "re\n"));
	assert_int_equal(said_count(&r->said, "< 203.0.113.9:80: stun.software == \"ok\""), 1);
	assert_int_equal(said_count(&r->said, "> 203.0.113.9:80: stun.software == \"there\""), 1);
	assert_int_equal(said_count(&r->said, "ice.priority == 2"), 1);	/* "ok" and then the end of it */
	assert_int_equal(said_count(&r->said, "ice.priority == 3"), 1);
	assert_int_equal(said_count(&r->said, "stun.malformed"), 0);
	assert_int_equal(said_count(&r->said, "data.out_packets"), 0);	/* the dissector speaks for it */
	rig_free(r);
}

/* Says how often it was asked, and whether the beginning was missed. */
static enum verdict hashes(struct input *in, void *state, struct facts *facts)
{
	uint8_t *n = state;

	facts_begin(facts);
	fact_uint(facts, FACT_ICE_PRIORITY, ++*n + (in->gap ? 100 : 0));
	cur_skip(&in->bytes, in->bytes.left);
	return V_YES;
}

static bool hash_begins(const struct input *in)
{
	return cur_peek_u8(&in->bytes, 0) == '#';
}

static const struct dissector hashes_dissector = {
	.name = "hashes", .ip_proto = IPPROTO_TCP, .state_size = 1, .begins = hash_begins, .dissect = hashes,
}, careful_dissector = {
	.name = "careful", .ip_proto = IPPROTO_TCP, .state_size = 1, .begins = hash_begins, .from_start = true, .dissect = hashes,
};

static void test_stream_begins(void **state)
{
	static const struct dissector *const list[] = {&hashes_dissector, NULL}, *const careful[] = {&careful_dissector, NULL};
	struct rig *r = rig_new();

	(void)state;
	/* From its beginning: asked for that alone, and then for all. */
	rig_start(r, list);
	show(r, out(TCP_SYN, 99, ""));
	show(r, in(TCP_SYN | TCP_ACK, 499, ""));
	show(r, out(TCP_ACK, 100, "#1"));
	show(r, in(TCP_ACK, 500, "ok"));
	assert_int_equal(said_count(&r->said, "ice.priority == 1"), 1);
	assert_int_equal(said_count(&r->said, "ice.priority == 2"), 1);
	rig_free(r);
	r = rig_new();
	rig_start(r, list);
	show(r, out(TCP_SYN, 99, ""));
	show(r, out(TCP_ACK, 100, "no"));
	show(r, out(TCP_ACK, 102, "#1"));
	assert_int_equal(said_count(&r->said, "ice.priority"), 0);
	rig_free(r);
	/* Picked up in the middle: the first stretches, of either end. */
	r = rig_new();
	rig_start(r, list);
	show(r, out(TCP_ACK, 100, "no"));
	show(r, in(TCP_ACK, 500, "no"));
	show(r, out(TCP_ACK, 102, "no"));
	show(r, in(TCP_ACK, 502, "#1"));
	show(r, out(TCP_ACK, 104, "so"));
	assert_int_equal(said_count(&r->said, "ice.priority == 101"), 1);
	assert_int_equal(said_count(&r->said, "ice.priority == 2"), 1);
	rig_free(r);
	r = rig_new();
	rig_start(r, list);
	for (unsigned i = 0; i < 4; i++)
		show(r, out(TCP_ACK, 100 + 2 * i, "no"));
	show(r, out(TCP_ACK, 108, "#1"));
	assert_int_equal(said_count(&r->said, "ice.priority"), 0);
	rig_free(r);
	r = rig_new();
	rig_start(r, careful);
	show(r, out(TCP_ACK, 100, "#1"));
	assert_int_equal(said_count(&r->said, "ice.priority"), 0);
	rig_free(r);
}

static void test_stream_exclusive(void **state)
{
	struct rig *r = rig_new();

	(void)state;
	rig_start(r, shouts_list);
	show(r, out(TCP_SYN, 99, ""));
	show(r, out(TCP_ACK, 100, "!\n"));
	assert_int_equal(said_count(&r->said, "stun.software"), 1);	/* asked before it */
	show(r, out(TCP_ACK, 102, "again\n"));
	show(r, in(TCP_ACK, 500, "back\n"));
	assert_int_equal(said_count(&r->said, "stun.software"), 1);
	assert_int_equal(said_count(&r->said, "turn.traffic"), 3);
	rig_free(r);
}

static void test_stream_not_mine(void **state)
{
	struct rig *r = rig_new();

	(void)state;
	rig_start(r, tcp_list);
	show(r, out(TCP_SYN, 99, ""));
	show(r, out(TCP_ACK, 100, "wai"));
	show(r, out(TCP_ACK, 103, "t"));
	show(r, in(TCP_ACK, 500, "?"));
	show(r, out(TCP_ACK, 104, "\nmine\n"));
	assert_said(r, "");
	rig_free(r);
}

/* Behind a proxy's answer all is new: what the stretch has more of, what the other end said too early, what comes. */
static void test_tunnel(void **state)
{
	struct rig *r = rig_new();

	(void)state;
	rig_start(r, gate_list);
	show(r, out(TCP_SYN, 99, ""));
	show(r, in(TCP_SYN | TCP_ACK, 499, ""));
	show(r, out(TCP_ACK, 100, "open\nearly\n"));
	assert_int_equal(said_count(&r->said, "proxy.target"), 0);
	said_clear(&r->said);
	show(r, in(TCP_ACK, 500, "go\ninside\n"));
	assert_int_equal(said_count(&r->said, "stun.software == \"go\""), 1);	/* as it was shown before */
	assert_int_equal(said_count(&r->said, "< 203.0.113.9:80: proxy.target == 198.51.100.5:77 stun.software == \"inside\""), 1);
	assert_int_equal(said_count(&r->said, "> 203.0.113.9:80: proxy.target == 198.51.100.5:77 stun.software == \"early\""), 1);
	said_clear(&r->said);
	show(r, out(TCP_ACK, 111, "more\n"));
	assert_int_equal(said_count(&r->said, "> 203.0.113.9:80: proxy.target == 198.51.100.5:77 stun.software == \"more\""), 1);
	assert_int_equal(said_count(&r->said, "early"), 0);
	show(r, out(TCP_RST, 116, ""));
	rig_free(r);
}

/* So many in one another, no more. */
static void test_tunnels(void **state)
{
	struct rig *r = rig_new();
	uint32_t a = 100, b = 500;

	(void)state;
	rig_start(r, gate_list);
	show(r, out(TCP_SYN, 99, ""));
	show(r, in(TCP_SYN | TCP_ACK, 499, ""));
	for (unsigned i = 0; i < 20; i++) {
		show(r, out(TCP_ACK, a, "open\n"));
		show(r, in(TCP_ACK, b, "go\n"));
		a += 5;
		b += 3;
	}
	assert_true(said_count(&r->said, "open") >= 20);
	rig_free(r);
}

/* Undecided segments turn out to be data, or not. */
static void test_stream_data(void **state)
{
	struct rig *r = rig_new();

	(void)state;
	rig_start(r, tcp_list);
	show(r, out(TCP_SYN, 99, ""));
	show(r, out(TCP_ACK, 100, "wai"));
	show(r, out(TCP_ACK, 103, "t\n"));
	classify_finish(r->classify);
	assert_int_equal(said_count(&r->said, "flow.end == \"shutdown\" data.out_packets == 0 data.out_bytes == 0"), 1);
	rig_free(r);
}

static void test_two_readers(void **state)
{
	struct rig *r = rig_new();

	(void)state;
	rig_start(r, both_list);
	show(r, out(TCP_SYN, 99, ""));
	show(r, out(TCP_ACK, 100, "12345"));
	show(r, out(TCP_ACK, 105, "6\n"));
	show(r, out(TCP_ACK, 107, "89ab\n"));
	assert_int_equal(said_count(&r->said, "stun.realm == \"1234\""), 1);
	assert_int_equal(said_count(&r->said, "stun.software == \"123456\""), 1);
	assert_int_equal(said_count(&r->said, "stun.realm == \"89ab\""), 0);
	assert_int_equal(said_count(&r->said, "stun.realm == \"56\\n8\""), 1);
	assert_int_equal(said_count(&r->said, "stun.software == \"89ab\""), 1);
	assert_int_equal(said_count(&r->said, "stun.software"), 2);
	rig_free(r);
}

/* More wrapped datagrams in one stretch than there is room for: asked again until all are out. */
static void test_stream_wraps_many(void **state)
{
	struct rig *r = rig_new();
	char text[200] = "";

	(void)state;
	rig_start(r, mixed_list);
	for (unsigned i = 0; i < 20; i++)
		strcat(text, "WYx\n");
	show(r, out(TCP_SYN, 99, ""));
	show(r, out(TCP_ACK, 100, text));
	assert_int_equal(said_count(&r->said, "nested: peer == 198.51.100.5:77 stun.software == \"x\""), 20);
	assert_int_equal(r->counts.n[COUNT_FACTS_NO_ROOM], 0);
	rig_free(r);
}

/* More than a batch holds, in one stretch. */
static void test_stream_says_much(void **state)
{
	struct rig *r = rig_new();
	char text[4001] = "";

	(void)state;
	rig_start(r, mixed_list);
	for (unsigned i = 0; i < 2000; i++)
		memcpy(text + 2 * i, "a\n", 2);
	show(r, out(TCP_SYN, 99, ""));
	show(r, out(TCP_ACK, 100, text));
	assert_int_equal(said_count(&r->said, "stun.software == \"a\""), 2000);
	assert_int_equal(r->counts.n[COUNT_FACTS_NO_ROOM], 0);
	assert_true(r->said.batches > 2);
	rig_free(r);
}

static void test_stream_gap(void **state)
{
	struct rig *r = rig_new();

	(void)state;
	rig_start(r, tcp_list);
	show(r, out(TCP_ACK, 100, "a\n"));		/* picked up in the middle */
	assert_int_equal(said_count(&r->said, "stun.malformed"), 1);
	show(r, out(TCP_ACK, 110, "b\n"));
	assert_int_equal(said_count(&r->said, "\"b\""), 0);
	show(r, tcp(0, OUT, 80, IN, 1000, TCP_ACK, 500, 112, ""));
	assert_int_equal(said_count(&r->said, "> 203.0.113.9:80: stun.software == \"b\""), 1);
	assert_int_equal(said_count(&r->said, "stun.malformed"), 2);
	assert_int_equal(r->counts.n[COUNT_STREAM_GAP], 1);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_said_and_taken_back),
		cmocka_unit_test(test_silent_claim),
		cmocka_unit_test(test_opening),
		cmocka_unit_test(test_port),
		cmocka_unit_test(test_follows),
		cmocka_unit_test(test_patience),
		cmocka_unit_test(test_exclusive),
		cmocka_unit_test(test_wrapped),
		cmocka_unit_test(test_beside),
		cmocka_unit_test(test_done),
		cmocka_unit_test(test_glance),
		cmocka_unit_test(test_aside),
		cmocka_unit_test(test_states_run_out),
		cmocka_unit_test(test_one_state),
		cmocka_unit_test(test_stream), cmocka_unit_test(test_stream_begins),
		cmocka_unit_test(test_stream_exclusive),
		cmocka_unit_test(test_stream_not_mine),
		cmocka_unit_test(test_tunnel),
		cmocka_unit_test(test_tunnels),
		cmocka_unit_test(test_stream_data),
		cmocka_unit_test(test_two_readers),
		cmocka_unit_test(test_stream_wraps_many),
		cmocka_unit_test(test_stream_says_much),
		cmocka_unit_test(test_stream_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
