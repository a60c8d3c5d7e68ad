/* check_test.c -- what `punchwatch check` prints: a configuration that loads again, or every fact. */
#include "../test.h"

#include "../../dissectors/dissector.h"
#include "../../sensor/check.h"
#include "../../sensor/config/config.h"
#include "../../sensor/session/derive.h"
#include "../../sensor/vocabulary.h"

static char said[65536];

static int check(const struct options *o)
{
	int code, out = dup(1);
	FILE *to = tmpfile();

	assert_non_null(to);
	fflush(stdout);
	dup2(fileno(to), 1);
	code = check_run(o);
	dup2(out, 1);
	close(out);
	rewind(to);
	said[fread(said, 1, sizeof said - 1, to)] = '\0';
	fclose(to);
	return code;
}

static void what_it_prints_loads_again(void **state)
{
	static struct options o;
	static struct settings again;
	struct mistakes m = {.to = stderr};
	struct document *d;
	struct binding b = {.schema = &config_schema, .to = &again, .mistakes = &m};
	char why[SCHEMA_WHY];

	(void)state;
	settings_defaults(&o.settings);
	assert_null(schema_set(&config_schema, "output.redis", "redis://u:secret@h", &o.settings, why));
	assert_null(schema_set(&config_schema, "home", "2001:db8::/32,private", &o.settings, why));
	assert_int_equal(check(&o), EXIT_OK);
	assert_null(strstr(said, "secret"));
	settings_defaults(&again);
	d = document_parse("printed", said, strlen(said), &m);
	assert_non_null(d);
	b.document = d;
	assert_true(schema_bind(&b, document_root(d)));
	document_free(d);
	assert_string_equal(again.output.redis, "redis://u:***@h");
	strcpy(again.output.redis, o.settings.output.redis);
	assert_memory_equal(&again, &o.settings, sizeof again);
	o.quiet = true;
	assert_int_equal(check(&o), EXIT_OK);
	assert_string_equal(said, "");
}

static void every_fact_is_listed(void **state)
{
	static struct options o = {.facts = true};

	(void)state;
	assert_int_equal(check(&o), EXIT_OK);
	for (unsigned i = 0; i < FACT_CORE_N; i++)
		assert_non_null(strstr(said, fact_def(i)->name));
	for (const struct dissector *const *d = dissectors; *d; d++)
		for (unsigned i = 0; i < (*d)->n_facts; i++)
			assert_non_null(strstr(said, (*d)->facts[i].name));
	for (unsigned i = 0; derivers[i] != NULL; i++)
		for (unsigned k = 0; k < derivers[i]->n_facts; k++)
			assert_non_null(strstr(said, derivers[i]->facts[k].name));
}

/* Each has one number, whoever asks for it first. */
static void every_fact_has_its_number(void **state)
{
	(void)state;
	vocabulary_register();
	vocabulary_register();
	for (const struct dissector *const *d = dissectors; *d; d++)
		for (unsigned i = 0; i < (*d)->n_facts; i++)
			assert_int_equal(fact_find((*d)->facts[i].name), fact_find((*d)->facts[0].name) + (int)i);
	for (unsigned i = 0; derivers[i] != NULL; i++)
		for (unsigned k = 0; k < derivers[i]->n_facts; k++)
			assert_int_equal(fact_find(derivers[i]->facts[k].name), fact_find(derivers[i]->facts[0].name) + (int)k);
}

static void a_full_disk_is_not_silent(void **state)
{
	static struct options o = {.facts = true};
	int out = dup(1);
	FILE *full = fopen("/dev/full", "w");
	int code;

	(void)state;
	assert_non_null(full);
	fflush(stdout);
	dup2(fileno(full), 1);
	code = check_run(&o);
	dup2(out, 1);
	close(out);
	fclose(full);
	clearerr(stdout);
	assert_int_equal(code, EXIT_LOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_it_prints_loads_again),
		cmocka_unit_test(every_fact_is_listed),
		cmocka_unit_test(every_fact_has_its_number),
		cmocka_unit_test(a_full_disk_is_not_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
