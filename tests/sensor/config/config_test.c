/* config_test.c -- the schema, the defaults and config/punchwatch.yaml say the same; what is decided, and checked across keys. */
#include "../../test.h"

#include "../../../sensor/config/config.h"

#include <ctype.h>

static const char FILE_PATH[] = "config/punchwatch.yaml";	/* tests run in the project's folder */

static char *print(const struct settings *s)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	schema_print(&config_schema, s, f);
	fclose(f);
	return text;
}

static void the_file_gives_every_key_its_default(void **state)
{
	static struct settings defaults, loaded;
	struct mistakes m = {.to = stderr};
	unsigned lines[128];
	struct document *d = document_read(FILE_PATH, &m);
	struct binding b = {.schema = &config_schema, .to = &loaded, .document = d, .lines = lines, .mistakes = &m};
	char *a, *c;

	(void)state;
	assert_non_null(d);
	settings_defaults(&defaults);
	memset(&loaded, 0xee, sizeof loaded);	/* what no key sets would differ */
	assert_true(schema_bind(&b, document_root(d)));
	for (unsigned i = 0; i < config_schema.n; i++)
		if (!lines[i])
			fail_msg("%s is not in %s", config_schema.rows[i].key, FILE_PATH);
	document_free(d);
	a = print(&defaults);
	c = print(&loaded);
	assert_string_equal(a, c);
	free(a);
	free(c);
	assert_true(config_load(FILE_PATH, &loaded, NULL, &m));
}

/* The comment before each key or group of keys: none without one. */
static void the_file_explains_every_key(void **state)
{
	FILE *f = fopen(FILE_PATH, "r");
	char line[512], before[512] = "";
	unsigned number = 0;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof line, f)) {
		const char *at = line + strspn(line, " ");

		number++;
		if (strlen(line) > 121)
			fail_msg("%s:%u: longer than 120 characters", FILE_PATH, number);
		assert_null(strchr(line, '\t'));
		/* A key directly behind an empty line has nothing said about it, unless it opens a map. */
		if (isalpha((unsigned char)*at) && line[strlen(line) - 2] != ':' && before[0] == '\n')
			fail_msg("%s:%u: a key without a comment", FILE_PATH, number);
		strcpy(before, line);
	}
	fclose(f);
}

static void every_row_is_complete(void **state)
{
	(void)state;
	for (unsigned i = 0; i < config_schema.n; i++) {
		const struct schema_row *row = &config_schema.rows[i];

		assert_non_null(row->fallback);
		assert_true(row->about && strlen(row->about) > 10);
		assert_true(row->size > 0 && (size_t)row->offset + row->size <= sizeof (struct settings));
		if (row->kind == SCHEMA_UINT)
			assert_true(row->size == 1 || row->size == 2 || row->size == 4 || row->size == 8);
		for (unsigned j = 0; j < i; j++) {
			const struct schema_row *other = &config_schema.rows[j];

			assert_string_not_equal(row->key, other->key);
			assert_true(row->offset + row->size <= other->offset || other->offset + other->size <= row->offset);
		}
	}
}

static void the_defaults_of_the_design(void **state)
{
	static struct settings s;

	(void)state;
	settings_defaults(&s);
	assert_int_equal(s.capture.ring_bytes, 64 << 20);
	assert_int_equal(s.capture.snaplen_bytes, 262144);
	assert_int_equal(s.decode.duplicate_ms, 100);
	assert_int_equal(s.decode.fragment_timeout_s, 30);
	assert_int_equal(s.flow.flows, 262144);
	assert_int_equal(s.flow.udp_idle_s, 60);
	assert_int_equal(s.flow.tcp_idle_s, 300);
	assert_int_equal(s.flow.stream_pool_bytes, 64 << 20);
	assert_true(s.ndpi.enabled);
	assert_int_equal(s.session.settle_ms, 5000);
	assert_int_equal(s.session.update_s, 600);
	assert_int_equal(s.session.join_s, 120);
	assert_int_equal(s.session.severity, 3);
	assert_int_equal(s.eve.profile, PROFILE_8);
	assert_false(s.home.outside);
}

static bool load_text(const char *text, struct settings *s, char *said, size_t room)
{
	struct mistakes m = {.to = fmemopen(said, room, "w")};
	char path[] = "/tmp/punchwatch-config-XXXXXX", *at;
	int fd = mkstemp(path);
	bool ok;

	memset(said, 0, room);
	assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	settings_defaults(s);
	ok = config_load(path, s, NULL, &m);
	unlink(path);
	fclose(m.to);
	while ((at = strstr(said, path)) != NULL)	/* its name is another one every time */
		memmove(at, at + strlen(path), strlen(at + strlen(path)) + 1);
	return ok;
}

static void files_set_keys(void **state)
{
	static struct settings s;
	struct mistakes m = {0};
	char said[2000];

	(void)state;
	assert_true(load_text("placement: outside\neve: {profile: full}\nsession: {informational: true, severity: 2}\n", &s, said, sizeof said));
	assert_true(s.home.outside);
	assert_int_equal(s.eve.profile, PROFILE_FULL);
	assert_int_equal(s.session.severity, 2);
	assert_false(load_text("session:\n  severity: 4\n  settle: 11min\n", &s, said, sizeof said));
	assert_string_equal(said, ":2: session.severity: '4' is out of range: 1 to 3\n"
	    ":3: session.settle: '11min' is out of range: 0 to 10min\n");
	assert_false(config_load("/nowhere/punchwatch.yaml", &s, NULL, &m));
}

static void what_is_left_to_us_is_decided(void **state)
{
	static struct settings s;
	struct addr inside = addr_v4(0x0a000001);
	char why[SCHEMA_WHY];

	(void)state;
	settings_defaults(&s);
	settings_decide(&s, false, false);
	assert_false(s.home.configured);
	assert_true(prefixes_hold(&s.home.home, &inside));
	assert_true(s.session.informational);
	assert_false(s.session.detail);
	assert_true(strlen(s.eve.host) > 0);
	assert_string_not_equal(s.capture.user, "auto");

	settings_defaults(&s);
	settings_decide(&s, true, true);
	assert_false(s.session.informational);
	assert_true(s.session.detail);
	assert_true(strcmp(s.capture.user, "nobody") == 0 || strcmp(s.capture.user, "punchwatch") == 0);

	settings_defaults(&s);
	assert_null(schema_set(&config_schema, "home", "192.0.2.0/24", &s, why));
	assert_null(schema_set(&config_schema, "eve.host", "border-1", &s, why));
	assert_null(schema_set(&config_schema, "eve.profile", "full", &s, why));
	assert_null(schema_set(&config_schema, "session.informational", "yes", &s, why));
	assert_null(schema_set(&config_schema, "capture.user", "", &s, why));
	settings_decide(&s, true, false);
	assert_true(s.home.configured);
	assert_false(prefixes_hold(&s.home.home, &inside));
	assert_true(s.session.informational);
	assert_true(s.session.detail);
	assert_string_equal(s.eve.host, "border-1");
	assert_string_equal(s.capture.user, "");

	settings_defaults(&s);
	assert_null(schema_set(&config_schema, "session.informational", "no", &s, why));
	settings_decide(&s, false, false);
	assert_false(s.session.informational);
}

/* What cannot change while the sensor runs stays, and is named. */
static void some_settings_stay(void **state)
{
	static struct settings old, new;
	char *said = NULL;
	size_t n;
	FILE *to;

	(void)state;
	settings_defaults(&old);
	settings_decide(&old, true, false);
	new = old;
	to = open_memstream(&said, &n);
	assert_int_equal(settings_keep(&old, &new, to), 0);
	new.session.settle_ms = 1;
	new.flow.flows = 1000;
	strcpy(new.capture.interface[0], "eth9");
	new.capture.n_interfaces = 1;
	strcpy(new.output.eve, "/other");
	strcpy(new.names.hosts[0], "/names");
	new.names.n_hosts = 1;
	assert_true(addr_parse("10.0.0.0", &new.home.home.p[0].addr));
	new.home.home.p[0].bits = 105;
	assert_int_equal(settings_keep(&old, &new, to), 4);
	fclose(to);
	assert_non_null(strstr(said, "flow.flows: cannot change while the sensor runs"));
	assert_non_null(strstr(said, "capture.interfaces: "));
	assert_non_null(strstr(said, "output.eve: "));
	assert_non_null(strstr(said, "home: "));
	free(said);
	assert_int_equal(new.session.settle_ms, 1);
	assert_int_equal(new.names.n_hosts, 1);
	assert_int_equal(new.flow.flows, old.flow.flows);
	assert_int_equal(new.capture.n_interfaces, 0);
	assert_string_equal(new.output.eve, "");
	assert_int_equal(new.home.home.p[0].bits, old.home.home.p[0].bits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(some_settings_stay),
		cmocka_unit_test(the_file_gives_every_key_its_default),
		cmocka_unit_test(the_file_explains_every_key),
		cmocka_unit_test(every_row_is_complete),
		cmocka_unit_test(the_defaults_of_the_design),
		cmocka_unit_test(files_set_keys),
		cmocka_unit_test(what_is_left_to_us_is_decided),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
