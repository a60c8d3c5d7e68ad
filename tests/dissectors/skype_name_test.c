/* skype_name_test.c -- the version in a name that is asked for. */
#include "skype_make.h"

static struct made question(const char *name, bool with_option)
{
	struct made m = {.n = 0};

	put_hex(&m, with_option ? "123401000001000000000001" : "123401000001000000000000");
	while (*name != '\0') {
		size_t n = strcspn(name, ".");

		m.b[m.n++] = (uint8_t)n;
		memcpy(m.b + m.n, name, n);
		m.n += n;
		name += n + (name[n] == '.');
	}
	put_hex(&m, "0000010001");
	if (with_option)
		put_hex(&m, "0000291000000000000000");
	return m;
}

static bool version_of(struct made m, char to[static SKYPE_VERSION])
{
	uint8_t *edge = edge_copy(m.b, m.n);
	struct cursor c = cur_of(edge, m.n);
	bool is = skype_name(c, to);

	edge_free(edge, m.n);
	return is;
}

static void names(void **state)
{
	static const char *const no[] = {"www.skype.net", "r.skype.net", "335.0.7.7.3.r.skype.net", "335.0.7.7.rst6.r.skype.net",
	    "335.0.7.x.3.rst6.r.skype.net", "335.0.7.7.3.rst6.r.skype.net.example", "9999999.0.7.7.3.rst6.r.skype.net", ""};
	char version[SKYPE_VERSION];

	(void)state;
	assert_true(version_of(question("335.0.7.7.3.rst6.r.skype.net", false), version));
	assert_string_equal(version, "7.7.0.335");
	assert_true(version_of(question("99999.99999.99999.99999.3.RST.r.sKype.NET", true), version) == false);
	assert_true(version_of(question("99999.99999.99999.99999.3.rst.R.sKype.NET", true), version));
	assert_string_equal(version, "99999.99999.99999.99999");
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		assert_false(version_of(question(no[i], i % 2), version));
}

static void truncated(void **state)
{
	struct made m = question("335.0.7.7.3.rst6.r.skype.net", true);
	char version[SKYPE_VERSION];

	(void)state;
	for (size_t n = m.n; n-- > 0;) {
		struct made cut = m;

		cut.n = n;
		version_of(cut, version);
		cut = m;
		cut.b[n] ^= 0x55;
		version_of(cut, version);
	}
}

static void said_once(void **state)
{
	struct made m = question("335.0.7.7.3.rst6.r.skype.net", false);

	(void)state;
	assert_true(skype_dissector.first(&(struct cursor){.at = m.b, .left = m.n}));
	ends[IN].port = 53;
	assert_int_equal(datagram(m, OUT), V_MORE);
	assert_string_equal(said(), "flow.border skype.named=7.7.0.335");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(names, setup), cmocka_unit_test_setup(truncated, setup), cmocka_unit_test_setup(said_once, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
