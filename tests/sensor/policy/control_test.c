/* control_test.c -- which controls a kind touches, by classification. */
#include "../../test.h"

#include "../../../sensor/policy/control.h"

static unsigned applying(enum classification class, enum kind kind, const char *app, uint32_t cids[16])
{
	unsigned n = 0;

	for (unsigned i = 0; i < n_nzism_controls; i++)
		if (control_applies(&nzism_controls[i], class, kind, app))
			cids[n++] = nzism_controls[i].cid;
	return n;
}

static void by_classification(void **state)
{
	uint32_t cids[16];

	(void)state;
	assert_int_equal(applying(CLASS_RESTRICTED, KIND_HOLE_PUNCH, "", cids), 3);
	assert_int_equal(cids[0], 1555);
	assert_int_equal(cids[1], 2090);
	assert_int_equal(cids[2], 3728);
	assert_int_equal(applying(CLASS_SECRET, KIND_HOLE_PUNCH, "", cids), 4);
	assert_int_equal(cids[1], 2089);
	assert_int_equal(cids[3], 3770);
	assert_int_equal(applying(CLASS_UNCLASSIFIED, KIND_P2P_FILESHARING, "BitTorrent", cids), 3);
	assert_int_equal(cids[1], 1558);
	assert_int_equal(cids[2], 2092);
	assert_int_equal(applying(CLASS_TOP_SECRET, KIND_STUN_DISCOVERY, "", cids), 0);
	assert_int_equal(applying(CLASS_TOP_SECRET, KIND_HOLE_PUNCH_ATTEMPT, "", cids), 1);
	assert_int_equal(applying(CLASS_UNCLASSIFIED, KIND_NAT_TRAVERSAL, "teredo", cids), 3);
	assert_int_equal(cids[2], 4012);
	assert_int_equal(applying(CLASS_UNCLASSIFIED, KIND_NAT_TRAVERSAL, "Tailscale", cids), 2);
	assert_int_equal(applying(CLASS_NONE, KIND_HOLE_PUNCH, "", cids), 0);
}

static void never_more_than_an_event_holds(void **state)
{
	uint32_t cids[16];

	(void)state;
	for (unsigned class = 0; class < CLASS_N; class++)
		for (unsigned kind = 0; kind < KIND_N; kind++)
			assert_true(applying((enum classification)class, (enum kind)kind, "Teredo", cids) <= EVENT_CONTROLS);
}

/* What a kind says it breaks is what the table says of it, whatever the classification. */
static void agrees_with_the_kinds(void **state)
{
	(void)state;
	for (unsigned kind = 1; kind < KIND_N; kind++) {
		bool peer_to_peer = strstr(kinds[kind].cids, "1555") != NULL, files = strstr(kinds[kind].cids, "1558") != NULL;

		assert_int_equal(control_applies(&nzism_controls[0], CLASS_UNCLASSIFIED, (enum kind)kind, ""), peer_to_peer);
		assert_int_equal(control_applies(&nzism_controls[1], CLASS_UNCLASSIFIED, (enum kind)kind, ""), files);
	}
}

static void severity_by_classification(void **state)
{
	(void)state;
	for (enum classification class = CLASS_NONE; class <= CLASS_RESTRICTED; class++)
		for (unsigned kind = 1; kind < KIND_N; kind++)
			assert_int_equal(classification_severity(class, (enum kind)kind, kinds[kind].severity), kinds[kind].severity);
	assert_int_equal(classification_severity(CLASS_RESTRICTED, KIND_HOLE_PUNCH, 1), 1);
	assert_int_equal(classification_severity(CLASS_SECRET, KIND_HOLE_PUNCH, 1), 1);
	assert_int_equal(classification_severity(CLASS_SECRET, KIND_HOLE_PUNCH, 2), 1);	/* a hosted far end */
	assert_int_equal(classification_severity(CLASS_CONFIDENTIAL, KIND_TURN_RELAY, 2), 1);
	assert_int_equal(classification_severity(CLASS_TOP_SECRET, KIND_CONFERENCE, 3), 2);
	assert_int_equal(classification_severity(CLASS_TOP_SECRET, KIND_HOLE_PUNCH_ATTEMPT, 3), 2);
	assert_int_equal(classification_severity(CLASS_TOP_SECRET, KIND_STUN_DISCOVERY, 3), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_classification),
		cmocka_unit_test(never_more_than_an_event_holds),
		cmocka_unit_test(agrees_with_the_kinds),
		cmocka_unit_test(severity_by_classification),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
