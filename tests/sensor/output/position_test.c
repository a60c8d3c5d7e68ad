/* position_test.c -- the file that a sink's position is in: written in turn, and what a crash leaves is not believed. */
#include "../../test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../../sensor/output/position.h"

static const struct position some = {{1764102791123, 57, 123456}, 1764102791123, 57, 1000, 2000, 1764102790000};

static void printed_and_read(void **state)
{
	char slot[POSITION_SLOT];
	struct position p;
	uint64_t number;

	(void)state;
	position_print(&some, 9, slot);
	assert_true(position_parse(slot, &p, &number));
	assert_int_equal(number, 9);
	assert_memory_equal(&p, &some, sizeof p);
	position_print(&(struct position){{UINT64_MAX / 11, UINT64_MAX / 11, UINT64_MAX / 11}, UINT64_MAX / 11, UINT64_MAX / 11, UINT64_MAX / 11,
	    UINT64_MAX / 11, UINT64_MAX / 11}, UINT64_MAX / 11, slot);
	assert_true(position_parse(slot, &p, &number));
}

static void every_flipped_byte_is_seen(void **state)
{
	char slot[POSITION_SLOT];
	struct position p;
	uint64_t number;

	(void)state;
	position_print(&some, 9, slot);
	for (unsigned i = 0; i < POSITION_SLOT; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			slot[i] ^= (char)(1 << bit);
			assert_false(position_parse(slot, &p, &number));
			slot[i] ^= (char)(1 << bit);
		}
	for (unsigned i = 0; i < POSITION_SLOT; i++) {	/* cut, zeros behind */
		char cut[POSITION_SLOT] = {0};

		memcpy(cut, slot, i);
		assert_false(position_parse(cut, &p, &number));
	}
}

static void a_torn_slot_leaves_the_other(void **state)
{
	char path[] = "/tmp/punchwatch-test-XXXXXX";
	struct position_file f;
	struct position p = some, q;
	bool found;
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(position_open(&f, path, &q, &found), 0);
	assert_false(found);
	for (unsigned i = 0; i < 5; i++) {
		p.at.record = i;
		assert_int_equal(position_write(&f, &p), 0);
	}
	assert_int_equal(position_sync(&f), 0);
	position_close(&f);
	assert_int_equal(position_open(&f, path, &q, &found), 0);
	assert_true(found);
	assert_int_equal(q.at.record, 4);
	assert_int_equal(pwrite(fd, "oops", 4, (off_t)(f.number % 2 * POSITION_SLOT + 20)), 4);
	position_close(&f);
	assert_int_equal(position_open(&f, path, &q, &found), 0);
	assert_true(found);
	assert_int_equal(q.at.record, 3);
	assert_int_equal(ftruncate(fd, 0), 0);
	position_close(&f);
	assert_int_equal(position_open(&f, path, &q, &found), 0);
	assert_false(found);
	position_close(&f);
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(printed_and_read), cmocka_unit_test(every_flipped_byte_is_seen), cmocka_unit_test(a_torn_slot_leaves_the_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
