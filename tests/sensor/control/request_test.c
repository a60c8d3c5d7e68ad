/* request_test.c -- three words, whole and alone; every truncation of them, every flipped byte. */
#include "../../../sensor/control/request.h"
#include "../../test.h"

static enum request parse(const char *text, size_t n, bool ended)
{
	uint8_t *bytes = edge_copy(text, n);
	enum request r = request_parse((const char *)bytes, n, ended);

	edge_free(bytes, n);
	return r;
}

static void words(void **state)
{
	(void)state;
	assert_int_equal(parse("status\n", 7, false), REQUEST_STATUS);
	assert_int_equal(parse("metrics\n", 8, true), REQUEST_METRICS);
	assert_int_equal(parse("reload\n", 7, false), REQUEST_RELOAD);
	assert_int_equal(parse("", 0, false), REQUEST_MORE);
	assert_int_equal(parse("", 0, true), REQUEST_BAD);
	assert_int_equal(parse("\n", 1, false), REQUEST_BAD);
	assert_int_equal(parse("status\r\n", 8, false), REQUEST_BAD);
	assert_int_equal(parse("status\nreload\n", 14, false), REQUEST_BAD);
	assert_int_equal(parse("status\0\n", 8, false), REQUEST_BAD);
	assert_int_equal(parse("statusstatusstatusstatusstatusst", 32, false), REQUEST_BAD);
	assert_int_equal(parse("statusstatusstatusstatusstatuss", 31, false), REQUEST_MORE);
}

static void truncated_and_flipped(void **state)
{
	static const char *const all[] = {"status\n", "metrics\n", "reload\n"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		size_t n = strlen(all[i]);

		for (size_t k = 0; k < n; k++) {
			char flipped[16];

			assert_int_equal(parse(all[i], k, false), REQUEST_MORE);
			assert_int_equal(parse(all[i], k, true), REQUEST_BAD);
			for (unsigned bit = 0; bit < 8; bit++) {
				memcpy(flipped, all[i], n);
				flipped[k] = (char)(flipped[k] ^ (1 << bit));
				assert_true(parse(flipped, n, false) <= REQUEST_BAD);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(truncated_and_flipped),
	};

	return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
