/* edonkey_tags_test.c -- tags of every type, cut and bent. */
#include "../../dissectors/edonkey_tags.h"
#include "../test.h"

static const uint8_t all[] = {
	2, 1, 0, 1, 3, 0, 'e', 'M', 'l',		/* text, name of one byte */
	3, 1, 0, 0x11, 0x3c, 0, 0, 0,			/* number */
	0x83, 0xfb, 1, 2, 3, 4,				/* the same, short name */
	0x88, 0x20, 1, 2, 0x89, 0x21, 5, 0x84, 0x22, 0, 0, 0x80, 0x3f, 0x8b, 0x23, 1, 2, 3, 4, 5, 6, 7, 8,
	0x91, 0x01, 'a', 0x93, 0x01, 'a', 'b', 'c',	/* text whose length is in the type */
	0x87, 0x30, 2, 0, 0, 0, 9, 9, 0x8a, 0x31, 1, 7, 0x85, 0x32, 1,
	1, 4, 0, 'n', 'a', 'm', 'e', 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
};

enum { N = 13 };

static void every_type(void **state)
{
	struct cursor c = cur_of(all, sizeof all);

	(void)state;
	assert_true(ed_tags(&c, N));
	assert_int_equal(c.left, 0);
	c = cur_of(all, sizeof all);
	assert_false(ed_tags(&c, N + 1));
	c = cur_of(all, sizeof all);
	assert_true(ed_tags(&c, 0));
	assert_false(ed_tags(&c, EDONKEY_TAGS_MOST + 1));
}

static void cut_and_bent(void **state)
{
	uint8_t copy[sizeof all];

	(void)state;
	for (size_t i = 0; i < sizeof all; i++) {
		uint8_t *edge = edge_copy(all, i);
		struct cursor c = cur_of(edge, i);

		assert_false(ed_tags(&c, N));
		edge_free(edge, i);
		memcpy(copy, all, sizeof all);
		copy[i] ^= 0xff;
		edge = edge_copy(copy, sizeof copy);
		c = cur_of(edge, sizeof copy);
		ed_tags(&c, N);
		edge_free(edge, sizeof copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_type), cmocka_unit_test(cut_and_bent)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
