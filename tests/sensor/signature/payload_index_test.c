/* payload_index_test.c -- what a worker is told of first bytes: never no where a line holds; and what is refused, as every flow would fit. */
#include "made.h"

#include "../../../sensor/signature/compile.h"
#include "../../../sensor/signature/evaluate.h"
#include "../../../sensor/signature/payload.h"

enum travel { UDP, TCP, NESTED };

/* By the expression alone. */
static bool holds_for(const struct program *p, uint32_t expr, enum travel how, struct cursor bytes, uint32_t len)
{
	struct facts *f = message_new();
	bool is;

	facts_reset(f);
	f->header.ip_proto = how == TCP ? IPPROTO_TCP : IPPROTO_UDP;
	f->header.nested = how == NESTED;
	facts_begin(f);
	fact_bytes(f, FACT_PAYLOAD, bytes.left > PAYLOAD_BYTES ? cur_take(&bytes, PAYLOAD_BYTES) : bytes);
	if (how != TCP)
		fact_uint(f, FACT_PAYLOAD_LEN, len);
	is = evaluate(p, expr, message_of(f));
	free(f);
	return is;
}

struct row {
	const char *when, *hex;
	enum fit datagram, stream;
};

static void what_fits(void **state)
{
	static const struct row rows[] = {
		{"payload ^= 0x0102", "010203", FIT_YES, FIT_YES}, {"payload ^= 0x0102", "01", FIT_NO, FIT_MORE},
		{"payload ^= 0x0102", "02", FIT_NO, FIT_NO}, {"payload == 0x0102", "0102", FIT_YES, FIT_YES},
		{"payload == 0x0102", "010203", FIT_NO, FIT_YES}, {"payload[1:2] == 0x0102", "ff0102", FIT_YES, FIT_YES},
		{"payload[1:2] == 0x0102", "ff0103", FIT_NO, FIT_NO}, {"payload[1:2] == 0x0102", "ff01", FIT_NO, FIT_MORE},
		{"payload[0:2] & 0xf0ff == 0x4001", "4f01", FIT_YES, FIT_YES}, {"payload[0:2] & 0xf0ff == 0x4001", "5f01", FIT_NO, FIT_NO},
		{"payload.len == 3", "010203", FIT_YES, FIT_NO}, {"payload.len == 3", "0102", FIT_NO, FIT_NO},
		{"payload.len == 3 and payload[0:1] & 0x80 == 0x80", "800000", FIT_YES, FIT_NO},
		{"payload.len == 3 and payload[0:1] & 0x80 == 0x80", "000000", FIT_NO, FIT_NO},
		{"be16(payload, 1) == 258", "ff0102", FIT_YES, FIT_YES}, {"le16(payload, 1) + 1 == 258", "ff0101", FIT_YES, FIT_YES},
		{"be8(payload, 0) in (1, 7) and payload.len < 3", "0700", FIT_YES, FIT_NO},
		{"be8(payload, 0) in (1, 7) and payload.len < 3", "070000", FIT_NO, FIT_NO},
		{"payload ~ \"ABC*\"", "6142633030", FIT_YES, FIT_YES}, {"payload ~ \"ABC*\"", "6142", FIT_NO, FIT_MORE},
		{"payload in (0x01, 0x0203) or payload[3:2] == 0xffff", "0203", FIT_YES, FIT_YES},
		{"payload in (0x01, 0x0203) or payload[3:2] == 0xffff", "040404ffff", FIT_YES, FIT_YES},
		{"proto == \"tcp\" and payload ^= 0x0102", "0102", FIT_NO, FIT_YES},
		{"proto == \"udp\" and payload ^= 0x0102", "0102", FIT_YES, FIT_NO},
		{"payload and (payload ^= 0x01 or payload.len == 2)", "0202", FIT_YES, FIT_NO},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct signatures *set = set_of((const char *const[]){rows[i].when, NULL});
		uint8_t bytes[64], *edge;
		size_t n = unhex(rows[i].hex, bytes, sizeof bytes);

		edge = edge_copy(bytes, n);
		if (payload_fits_datagram(set, cur_of(edge, n), (uint32_t)n, false) != rows[i].datagram ||
		    payload_fits_stream(set, cur_of(edge, n)) != rows[i].stream)
			fail_msg("%s, %s: datagram %d, stream %d", rows[i].when, rows[i].hex,
			    payload_fits_datagram(set, cur_of(edge, n), (uint32_t)n, false), payload_fits_stream(set, cur_of(edge, n)));
		edge_free(edge, n);
		signatures_free(set);
	}
}

static void what_is_refused(void **state)
{
	static const char *const rows[][2] = {
		{"payload", "too many payloads fit"}, {"payload.len", "too many payloads fit"}, {"payload.len > 5", "too many payloads fit"},
		{"payload[0:1] & 0xc0 == 0x80", "too many payloads fit"}, {"payload != 0x01", "too many payloads fit"},
		{"payload ~ \"*abcdefgh*\"", "too many payloads fit"}, {"payload ^= 0x01 or payload[5:1] != 0x02", "too many payloads fit"},
		{"payload ^= 0x0102 and stun.query", "it never holds: nothing but payload.len is in a message with `payload`"},
		{"be16(payload, 0) == payload.len", "too many payloads fit"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *text = entries((const char *const[]){rows[i][0], NULL}), *said = mistakes_of(text);

		if (strstr(said, rows[i][1]) == NULL)
			fail_msg("%s: %s", rows[i][0], said);
		free(text);
		free(said);
	}
}

/* Nothing of a flow's bytes is wanted: nobody looks. */
static void what_is_wanted(void **state)
{
	struct signatures *set = set_of((const char *const[]){"payload ^= 0x0102 and proto == \"udp\"", NULL});

	(void)state;
	assert_true(payload_wanted(set, IPPROTO_UDP, false));
	assert_false(payload_wanted(set, IPPROTO_TCP, false));
	assert_false(payload_wanted(set, IPPROTO_UDP, true));
	assert_false(payload_wanted(NULL, IPPROTO_UDP, false));
	signatures_free(set);
}

/* Expressions and bytes at random, of a small alphabet so that they often meet. */
static uint32_t draw(uint64_t *seed, uint32_t most)
{
	*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(*seed >> 33) % most;
}

static void draw_test(uint64_t *seed, char *to, size_t room)
{
	unsigned a = draw(seed, 3), b = draw(seed, 3), at = draw(seed, 4);

	switch (draw(seed, 10)) {
	case 0: snprintf(to, room, "payload ^= 0x%02x%02x", a, b); break;
	case 1: snprintf(to, room, "payload[%u:2] == 0x%02x%02x", at, a, b); break;
	case 2: snprintf(to, room, "payload[%u:1] & 0x01 == 0x%02x", at, a & 1); break;
	case 3: snprintf(to, room, "payload.len == %u", 2 + at); break;
	case 4: snprintf(to, room, "be16(payload, %u) in (%u..%u, 513)", at, a, a + 300 * b); break;
	case 5: snprintf(to, room, "be8(payload, %u) == payload.len - %u", at, a + 2); break;
	case 6: snprintf(to, room, "payload != 0x%02x%02x", a, b); break;
	case 8: snprintf(to, room, "%snested", a == 0 ? "not " : ""); break;
	case 7: snprintf(to, room, "payload.len %s %u", a == 0 ? "<" : a == 1 ? ">=" : "!=", 2 + at); break;
	default: snprintf(to, room, "payload in (0x%02x, 0x%02x%02x) or proto == \"%s\"", a, b, a, at < 2 ? "udp" : "tcp"); break;
	}
}

static void never_no_where_a_line_holds(void **state)
{
	uint64_t seed = 7;
	unsigned taken = 0, held = 0;

	(void)state;
	for (unsigned round = 0; round < 4000; round++) {
		char a[128], b[128], c[128], when[512], *text;
		struct program program = {0};
		char why[COMPILE_WHY];
		uint32_t expr;
		struct mistakes m = {0};
		struct signatures *set;

		draw_test(&seed, a, sizeof a);
		draw_test(&seed, b, sizeof b);
		draw_test(&seed, c, sizeof c);
		snprintf(when, sizeof when, "%s(%s) %s (%s) %s %s(%s)", draw(&seed, 4) == 0 ? "not " : "", a, draw(&seed, 2) ? "and" : "or", b,
		    draw(&seed, 3) ? "and" : "or", draw(&seed, 4) == 0 ? "not " : "", c);
		text = entries((const char *const[]){when, NULL});
		set = signatures_parse("test", text, strlen(text), &m);
		free(text);
		if (set == NULL)
			continue;
		taken++;
		assert_null(compile(&program, when, &expr, why));
		for (unsigned i = 0; i < 200; i++) {
			uint8_t bytes[6];
			unsigned n = 1 + draw(&seed, 6);
			enum travel how = (enum travel)draw(&seed, 3);
			bool datagram = how != TCP, is;
			enum fit fit;

			for (unsigned k = 0; k < n; k++)
				bytes[k] = (uint8_t)draw(&seed, 3);
			is = holds_for(&program, expr, how, cur_of(bytes, n), n);
			fit = datagram ? payload_fits_datagram(set, cur_of(bytes, n), n, how == NESTED) : payload_fits_stream(set, cur_of(bytes, n));
			held += is;
			if (is && fit != FIT_YES)
				fail_msg("%s holds for %u bytes %02x%02x%02x, and is not looked at", when, n, bytes[0], bytes[1], bytes[2]);
			for (unsigned k = 1; k < n && is && !datagram; k++)
				if (payload_fits_stream(set, cur_of(bytes, k)) == FIT_NO)
					fail_msg("%s holds for %u bytes, and %u of them do not wait", when, n, k);
		}
		program_free(&program);
		signatures_free(set);
	}
	assert_true(taken > 500 && held > 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fits), cmocka_unit_test(what_is_refused), cmocka_unit_test(what_is_wanted),
		cmocka_unit_test(never_no_where_a_line_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
