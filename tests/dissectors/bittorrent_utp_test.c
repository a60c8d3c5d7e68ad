/* bittorrent_utp_test.c -- uTP: what proves a flow, and what does not. */
#include "../../dissectors/bittorrent_utp.h"
#include "../test.h"

enum { OUT = true, IN = false };

static struct utp_flow flow;
static uint64_t now_us;

struct made { uint8_t b[64]; size_t n; };

static struct made packet(unsigned type, unsigned connection, uint32_t us, unsigned sequence, unsigned acknowledged, unsigned payload)
{
	struct made m = {.b = {(uint8_t)(type << 4 | 1), 0, (uint8_t)(connection >> 8), (uint8_t)connection, (uint8_t)(us >> 24),
	    (uint8_t)(us >> 16), (uint8_t)(us >> 8), (uint8_t)us, 0, 0, 0, type == UTP_SYN ? 0 : 9, 0, 16, 0, 0,
	    (uint8_t)(sequence >> 8), (uint8_t)sequence, (uint8_t)(acknowledged >> 8), (uint8_t)acknowledged}, .n = 20 + payload};

	return m;
}

static bool show(struct made m, bool from_local, uint32_t after_us)
{
	uint8_t *edge = edge_copy(m.b, m.n);
	struct utp_header h;
	bool proves;

	now_us += after_us;
	proves = utp_parse(&h, cur_of(edge, m.n)) && utp_proves(&flow, &h, from_local, now_us * 1000);
	edge_free(edge, m.n);
	return proves;
}

static int setup(void **state)
{
	(void)state;
	memset(&flow, 0, sizeof flow);
	now_us = 1000000;
	return 0;
}

static void an_opening_that_is_answered(void **state)
{
	(void)state;
	assert_false(show(packet(UTP_SYN, 0x7579, 1000, 0x821a, 0, 0), OUT, 0));
	assert_false(show(packet(UTP_SYN, 0x7579, 4000, 0x821a, 0, 0), OUT, 3000));
	assert_true(show(packet(UTP_STATE, 0x7579, 77000, 0x26c4, 0x821a, 0), IN, 1000));
	assert_false(show(packet(UTP_DATA, 0x757a, 8000, 0x821b, 0x26c4, 30), OUT, 1000));	/* proven once */
}

static void an_opening_with_another_answer(void **state)
{
	(void)state;
	show(packet(UTP_SYN, 0x7579, 1000, 0x821a, 0, 0), OUT, 0);
	assert_false(show(packet(UTP_STATE, 0x7578, 77000, 0x26c4, 0x821a, 0), IN, 1000));
	assert_false(show(packet(UTP_STATE, 0x7579, 78000, 0x26c4, 0x821b, 0), IN, 1000));
	assert_false(show(packet(UTP_RESET, 0x7579, 79000, 0x26c4, 0x821a, 0), IN, 1000));
	assert_false(show(packet(UTP_STATE, 0x7579, 80000, 0x26c4, 0x821a, 0), OUT, 1000));	/* from the same end */
}

static void a_connection_that_goes_on(void **state)
{
	(void)state;
	assert_false(show(packet(UTP_DATA, 501, 10000, 40, 900, 30), OUT, 0));
	assert_false(show(packet(UTP_STATE, 500, 70000, 901, 40, 0), IN, 5000));
	assert_false(show(packet(UTP_DATA, 501, 30000, 41, 900, 30), OUT, 15000));
	assert_true(show(packet(UTP_STATE, 500, 90000, 901, 41, 0), IN, 5000));
}

static void what_does_not_go_on(void **state)
{
	(void)state;
	for (unsigned fault = 0; fault < 4; fault++) {
		setup(state);
		for (unsigned i = 0; i < 20; i++) {
			unsigned other = fault == 0 ? 501 : 500;			/* both ends' identifiers the same */
			unsigned acknowledged = fault == 1 ? 9000 : 40 + i;		/* of what was never sent */
			uint32_t clock = fault == 2 ? 7 : 10000 + 10000 * i;		/* that stands still */

			assert_false(show(packet(UTP_DATA, 501, clock, 40 + i, 900, 30), OUT, 5000));
			if (fault < 3)							/* or one end alone */
				assert_false(show(packet(UTP_STATE, other, 60000 + 10000 * i, 901, acknowledged, 0), IN, 5000));
		}
	}
}

static void what_is_no_header(void **state)
{
	struct made m = packet(UTP_DATA, 1, 1, 1, 1, 0);
	struct utp_header h;

	(void)state;
	assert_false(utp_parse(&h, cur_of(m.b, m.n)));			/* data without data */
	m = packet(UTP_STATE, 1, 0, 1, 1, 0);
	assert_false(utp_parse(&h, cur_of(m.b, m.n)));			/* no time */
	m = packet(UTP_STATE, 1, 1, 1, 1, 0);
	for (size_t i = 0; i < m.n; i++)
		assert_false(utp_parse(&h, cur_of(m.b, i)));
	m.b[0] = 0x51;
	assert_false(utp_parse(&h, cur_of(m.b, m.n)));
	m.b[0] = 0x22;
	assert_false(utp_parse(&h, cur_of(m.b, m.n)));
}

static void extensions(void **state)
{
	struct made m = packet(UTP_STATE, 1, 1, 1, 1, 6);
	struct utp_header h;

	(void)state;
	m.b[1] = 1;		/* selective acknowledgement of 4 bytes */
	m.b[20] = 0;
	m.b[21] = 4;
	assert_true(utp_parse(&h, cur_of(m.b, m.n)));
	m.b[21] = 5;
	assert_false(utp_parse(&h, cur_of(m.b, m.n)));
	m.b[20] = 1;		/* a chain that never ends */
	m.b[21] = 0;
	m.b[22] = m.b[24] = 1;
	assert_false(utp_parse(&h, cur_of(m.b, m.n)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(an_opening_that_is_answered, setup), cmocka_unit_test_setup(an_opening_with_another_answer, setup),
		cmocka_unit_test_setup(a_connection_that_goes_on, setup), cmocka_unit_test_setup(what_does_not_go_on, setup),
		cmocka_unit_test_setup(what_is_no_header, setup), cmocka_unit_test_setup(extensions, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
