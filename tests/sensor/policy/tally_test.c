/* tally_test.c -- rows are found again, and the longest unseen goes when there is no room. */
#include "../../test.h"

#include "../../../sensor/policy/tally.h"

static struct tally_key key_of(unsigned i)
{
	struct tally_key key = {.rule = 7};

	memcpy(key.host.b, &i, sizeof i);
	return key;
}

static void found_again(void **state)
{
	struct hash_key hash = {{1, 2, 3}};
	struct tally *t = tally_new(64, &hash);
	struct tally_key a = key_of(1), b = key_of(2);
	struct tally_row *row;
	size_t at = 0, n = 0;

	(void)state;
	row = tally_find(t, &a, 0);
	assert_int_equal(row->seen, 0);
	row->seen = 5;
	assert_int_equal(tally_find(t, &b, 10)->seen, 0);
	assert_int_equal(tally_find(t, &a, 20)->seen, 5);
	while (tally_next(t, &at) != NULL)
		n++;
	assert_int_equal(n, 2);
	tally_free(t);
	tally_free(NULL);
}

static void the_longest_unseen_goes(void **state)
{
	struct hash_key hash = {{1, 2, 3}};
	struct tally *t = tally_new(8, &hash);		/* one set of eight */
	struct tally_key key;

	(void)state;
	for (unsigned i = 0; i < 8; i++) {
		key = key_of(i);
		tally_find(t, &key, 100 + i)->seen = i + 1;
	}
	key = key_of(0);
	assert_int_equal(tally_find(t, &key, 200)->seen, 1);
	key = key_of(8);
	assert_int_equal(tally_find(t, &key, 201)->seen, 0);	/* in the place of 1 */
	key = key_of(0);
	assert_int_equal(tally_find(t, &key, 202)->seen, 1);
	key = key_of(2);
	assert_int_equal(tally_find(t, &key, 203)->seen, 3);
	key = key_of(1);
	assert_int_equal(tally_find(t, &key, 204)->seen, 0);
	tally_free(t);
}

static void many(void **state)
{
	struct hash_key hash = {{0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb}};
	struct tally *t = tally_new(1024, &hash);
	unsigned kept = 0;

	(void)state;
	for (unsigned i = 0; i < 100000; i++) {
		struct tally_key key = key_of(i);

		tally_find(t, &key, i)->seen = i;
	}
	for (unsigned i = 99500; i < 100000; i++) {
		struct tally_key key = key_of(i);

		kept += tally_find(t, &key, 100000)->seen == i;
	}
	assert_true(kept > 400);
	tally_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_again),
		cmocka_unit_test(the_longest_unseen_goes),
		cmocka_unit_test(many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
