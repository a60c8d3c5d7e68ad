/* owners_test.c -- who owns which address, in the forms that MMDB files have. */
#include "../../test.h"
#include "mmdb_make.h"

#include "../../../sensor/names/owners.h"

#include <stdio.h>
#include <unistd.h>

static char files[NAMES_FILES][SETTING_PATH];

static struct owner find(const struct owners *o, const char *text)
{
	struct owner to = {.asn = 0};
	struct addr a;

	assert_true(addr_parse(text, &a));
	owners_find(o, &a, &to);
	return to;
}

static void test_files(void **state)
{
	static struct mmdb asn, country, flat;
	struct mistakes m = {.to = stderr};
	struct owners *o;
	struct owner to;

	(void)state;
	mmdb_asn(&asn, "203.0.113.0/24", 64500, "Example Hosting Ltd");
	mmdb_asn(&asn, "2001:db8:5::/48", 64501, "an organisation whose name is much longer than anybody would ever want to \xc3\xa9\xc3\xa9\xc3\xa9");
	mmdb_asn(&asn, "198.51.100.0/25", 64502, "123456789012345678901234567890123456789012345678901234567890" "12\xc3\xa9");
	mmdb_country(&country, "203.0.112.0/20", "NZ");
	mmdb_country(&country, "192.0.2.0/24", "NZL");
	mmdb_prefix(&flat, "192.0.2.0/24");
	mmdb_map(&flat, 3);
	mmdb_text(&flat, "asn");
	mmdb_text(&flat, "AS64503");
	mmdb_text(&flat, "as_name");
	mmdb_text(&flat, "Flat\x01 File");
	mmdb_text(&flat, "country_code");
	mmdb_text(&flat, "DE");
	mmdb_write(&asn, files[0]);
	mmdb_write(&country, files[1]);
	mmdb_write(&flat, files[2]);
	o = owners_new((const char (*)[SETTING_PATH])files, 3, &m);
	assert_non_null(o);
	to = find(o, "203.0.113.77");
	assert_int_equal(to.asn, 64500);
	assert_string_equal(to.org, "Example Hosting Ltd");
	assert_string_equal(to.country, "NZ");
	to = find(o, "203.0.112.1");
	assert_int_equal(to.asn, 0);
	assert_string_equal(to.org, "");
	assert_string_equal(to.country, "NZ");
	to = find(o, "2001:db8:5::1");
	assert_int_equal(to.asn, 64501);
	assert_int_equal(strlen(to.org), EVENT_NAME - 1);
	to = find(o, "198.51.100.1");
	assert_int_equal(strlen(to.org), 62);		/* no half of a character */
	to = find(o, "192.0.2.9");
	assert_int_equal(to.asn, 64503);
	assert_string_equal(to.org, "Flat File");
	assert_string_equal(to.country, "DE");
	to = find(o, "8.8.8.8");
	assert_int_equal(to.asn, 0);
	owners_free(o);
	owners_free(NULL);
}

static void test_mistakes(void **state)
{
	char said[1024] = "";
	FILE *f = fmemopen(said, sizeof said, "w");
	struct mistakes m = {.to = f};
	const char wrong[2][SETTING_PATH] = {"/nonexistent.mmdb", "/etc/passwd"};

	(void)state;
	assert_null(owners_new(wrong, 2, &m));
	fclose(f);
	assert_int_equal(m.n, 2);
	assert_non_null(strstr(said, "/nonexistent.mmdb: "));
	assert_non_null(strstr(said, "/etc/passwd: "));
}

/* A file that was damaged says something else, and no more. */
static void test_damaged(void **state)
{
	static uint8_t bytes[1 << 16];
	struct mistakes m = {.to = NULL};
	FILE *f = fopen(files[0], "rb");
	size_t n;

	(void)state;
	assert_non_null(f);
	n = fread(bytes, 1, sizeof bytes, f);
	fclose(f);
	for (size_t i = 0; i < n; i += 7) {
		struct owners *o;

		bytes[i] ^= 0x55;
		f = fopen(files[3], "wb");
		fwrite(bytes, 1, n, f);
		fclose(f);
		bytes[i] ^= 0x55;
		o = owners_new((const char (*)[SETTING_PATH])&files[3], 1, &m);
		if (o != NULL) {
			find(o, "203.0.113.77");
			find(o, "2001:db8:5::1");
		}
		owners_free(o);
	}
}

static int make(void **state)
{
	(void)state;
	for (unsigned i = 0; i < NAMES_FILES; i++) {
		snprintf(files[i], sizeof files[i], "/tmp/owners_test-%d-%u.mmdb", (int)getpid(), i);
		unlink(files[i]);
	}
	return 0;
}

static int clean(void **state)
{
	(void)state;
	for (unsigned i = 0; i < NAMES_FILES; i++)
		unlink(files[i]);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_files), cmocka_unit_test(test_mistakes), cmocka_unit_test(test_damaged)};

	return cmocka_run_group_tests(tests, make, clean);
}
