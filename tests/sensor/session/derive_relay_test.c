/* derive_relay_test.c -- what is sent bare on a relay's flow, and on others. */
#include "../../test.h"

#include "../../../sensor/session/derive_relay.h"

static struct facts in, out;
static void *flows;

/* One message of this flow; what is concluded from it: how many messages. */
static unsigned show(uint64_t flow_id, unsigned fact, const char *app, bool nested)
{
	const struct message *m;
	struct reading r;
	size_t at = 0;
	unsigned n = 0;

	facts_reset(&in);
	facts_reset(&out);
	in.header = (struct message){.flow_id = flow_id};
	facts_begin(&in);
	if (fact == FACT_TURN_ALLOCATED)
		fact_endpoint(&in, fact, &(struct endpoint){.port = 1});
	if (app == NULL)
		fact_flag(&in, FACT_TX_MATCHED);
	else
		fact_text(&in, FACT_FLOW_APP, app);
	assert_true(facts_next(&in, &at, &m));
	in.header.nested = nested;
	reading_of(&r, m);
	((struct message *)(uintptr_t)m)->nested = nested;
	out.base = FACT_OWN;
	relay_deriver.derive(flows, &r, 1, &out);
	for (at = 0; facts_next(&out, &at, &m);)
		n++;
	return n;
}

static void test_bare(void **state)
{
	struct hash_key key = {{1, 2, 3}};

	(void)state;
	flows = relay_deriver.create(&key);
	assert_int_equal(show(7, FACT_FLOW_APP, "quic", false), 0);	/* no relay's */
	assert_int_equal(show(7, FACT_TURN_ALLOCATED, NULL, false), 0);
	assert_int_equal(show(7, FACT_FLOW_APP, "turn", false), 0);
	assert_int_equal(show(7, FACT_FLOW_APP, "quic", true), 0);	/* wrapped: that is said otherwise */
	assert_int_equal(show(7, FACT_FLOW_APP, "quic", false), 1);
	assert_int_equal(show(8, FACT_FLOW_APP, "quic", false), 0);
	assert_int_equal(show(7 + 1024, FACT_TURN_ALLOCATED, NULL, false), 0);	/* takes the place */
	assert_int_equal(show(7, FACT_FLOW_APP, "quic", false), 0);
	relay_deriver.destroy(flows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_bare)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
