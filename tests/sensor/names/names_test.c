/* names_test.c -- the parts together: what is learnt, what files say, and files that change while they are used. */
#include "../../test.h"
#include "mmdb_make.h"

#include "../../../sensor/names/names.h"

#include <stdio.h>
#include <unistd.h>

static const uint64_t NOW = 1ULL << 62;
static char hosts[64], mmdb[64], networks[64];
static struct facts facts;

static struct addr ip(const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return a;
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* One address under a name of three labels, for a hundred seconds. */
static void answer(const char *name, struct addr far)
{
	uint8_t packed[256] = {0, 0, 0, 100, 1};
	size_t n = 5 + sizeof far.b;

	memcpy(packed + 5, far.b, sizeof far.b);
	for (unsigned i = 0; i < 3; i++) {
		size_t len = strcspn(name, ".");

		packed[n] = (uint8_t)len;
		memcpy(packed + n + 1, name, len);
		n += 1 + len;
		name += len + 1;
	}
	fact_bytes(&facts, FACT_DNS_ANSWER, cur_of(packed, n));
}

static const struct message *first(void)
{
	const struct message *m;
	size_t at = 0;

	assert_true(facts_next(&facts, &at, &m));
	return m;
}

static const char *host(struct names *n, const char *address)
{
	struct addr a = ip(address);

	return names_host(n, &a);
}

static void test_learnt(void **state)
{
	struct names_settings set = {.n_hosts = 0};
	struct mistakes m = {.to = stderr};
	struct names *n = names_new(&set, "", &m);
	struct addr a = ip("10.0.0.1"), far = ip("203.0.113.5"), other = ip("203.0.113.6");
	const uint8_t mac[6] = {2, 0, 0x5e, 0x10, 0, 1};

	(void)state;
	assert_non_null(n);
	facts_reset(&facts);
	facts.header = (struct message){.local = {.addr = a}};
	facts_begin(&facts);
	answer("www.example.org", far);
	names_learn(n, first(), NOW);
	assert_string_equal(names_answer(n, &a, &far, NOW), "www.example.org");
	assert_string_equal(names_answer(n, &a, &other, NOW), "");
	facts_reset(&facts);
	facts_begin(&facts);
	fact_flag(&facts, FACT_NAMING);
	fact_bytes(&facts, FACT_HOST_MAC, cur_of(mac, 6));
	fact_text(&facts, FACT_INSIDE_NAME, "pc-1");
	fact_endpoint(&facts, FACT_INSIDE_ADDRESS, &(struct endpoint){.addr = a});
	names_learn(n, first(), NOW);
	assert_string_equal(host(n, "10.0.0.1"), "pc-1");
	assert_string_equal(host(n, "10.0.0.2"), "");
	assert_string_equal(names_card(n, mac), "pc-1");
	assert_string_equal(host(n, "2001:db8::0:5eff:fe10:1"), "pc-1");	/* made of the Ethernet address */
	assert_string_equal(host(n, "2001:db8::0:5eff:fe10:2"), "");
	facts_reset(&facts);
	facts_begin(&facts);
	fact_flag(&facts, FACT_NAMING);
	fact_bytes(&facts, FACT_HOST_MAC, cur_of(mac, 5));		/* no Ethernet address */
	names_learn(n, first(), NOW);
	names_free(n);
	names_free(NULL);
}

/* Only certain name servers are believed. */
static void test_resolvers(void **state)
{
	static struct names_settings set = {.resolvers = {.n = 1}};
	struct mistakes m = {.to = stderr};
	struct addr a = ip("10.0.0.1"), far = ip("203.0.113.5");
	struct names *n;

	(void)state;
	set.resolvers.p[0] = (struct prefix){.addr = ip("192.0.2.53"), .bits = 128};
	set.live = true;
	n = names_new(&set, "", &m);
	assert_non_null(n);
	for (unsigned i = 0; i < 2; i++) {
		facts_reset(&facts);
		facts.header = (struct message){.local = {.addr = a}, .remote = {ip(i == 0 ? "203.0.113.53" : "192.0.2.53"), 53}};
		facts_begin(&facts);
		answer("www.example.org", far);
		names_learn(n, first(), NOW);
		assert_string_equal(names_answer(n, &a, &far, NOW), i == 0 ? "" : "www.example.org");
	}
	names_free(n);
}

static void test_owner(void **state)
{
	static struct mmdb db;
	struct names_settings set = {.n_mmdb = 1};
	struct mistakes m = {.to = stderr};
	struct addr a = ip("203.0.113.5"), b = ip("203.0.112.5");
	struct names *n;
	struct owner o;

	(void)state;
	mmdb_asn(&db, "203.0.113.0/24", 64500, "Example Ltd");
	mmdb_write(&db, mmdb);
	write_file(networks, "networks:\n  - name: Rented\n    scope: hosting\n    asn: [64500]\n");
	snprintf(set.mmdb[0], sizeof set.mmdb[0], "%s", mmdb);
	n = names_new(&set, networks, &m);
	assert_non_null(n);
	names_owner(n, &a, &o);
	assert_int_equal(o.asn, 64500);
	assert_string_equal(o.org, "Example Ltd");
	assert_string_equal(o.network, "Rented");
	assert_int_equal(o.scope, SCOPE_HOSTING);
	names_owner(n, &b, &o);
	assert_int_equal(o.asn, 0);
	assert_int_equal(o.scope, SCOPE_PUBLIC);
	names_free(n);
}

static void test_files_change(void **state)
{
	struct names_settings set = {.n_hosts = 1};
	struct mistakes m = {.to = stderr};
	struct names *n;

	(void)state;
	snprintf(set.hosts[0], sizeof set.hosts[0], "%s", hosts);
	write_file(hosts, "10.0.0.1,pc-1\n");
	n = names_new(&set, "", &m);
	assert_non_null(n);
	assert_string_equal(host(n, "10.0.0.1"), "pc-1");
	names_refresh(n);
	write_file(hosts, "10.0.0.1,renamed\n");
	names_refresh(n);
	assert_string_equal(host(n, "10.0.0.1"), "pc-1");	/* whoever reads has not come along yet */
	write_file(hosts, "10.0.0.1,renamed again\n");
	names_refresh(n);					/* waits for that */
	names_follow(n);
	assert_string_equal(host(n, "10.0.0.1"), "renamed");
	names_refresh(n);
	names_follow(n);
	assert_string_equal(host(n, "10.0.0.1"), "renamedagain");
	unlink(hosts);						/* gone: nothing changes */
	names_refresh(n);
	names_follow(n);
	assert_string_equal(host(n, "10.0.0.1"), "renamedagain");
	write_file(hosts, "10.0.0.1,back\n");
	names_refresh(n);
	names_follow(n);
	assert_string_equal(host(n, "10.0.0.1"), "back");
	names_free(n);
}

static void test_mistakes(void **state)
{
	struct names_settings set = {.n_hosts = 1};
	struct mistakes m = {.to = NULL};

	(void)state;
	snprintf(set.hosts[0], sizeof set.hosts[0], "/nonexistent");
	assert_null(names_new(&set, "", &m));
	set.n_hosts = 0;
	assert_null(names_new(&set, "/nonexistent", &m));
	assert_int_equal(m.n, 2);
}

static int make(void **state)
{
	(void)state;
	snprintf(hosts, sizeof hosts, "/tmp/names_test-%d.csv", (int)getpid());
	snprintf(mmdb, sizeof mmdb, "/tmp/names_test-%d.mmdb", (int)getpid());
	snprintf(networks, sizeof networks, "/tmp/names_test-%d.yaml", (int)getpid());
	return 0;
}

static int clean(void **state)
{
	(void)state;
	unlink(hosts);
	unlink(mmdb);
	unlink(networks);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_learnt), cmocka_unit_test(test_resolvers), cmocka_unit_test(test_owner), cmocka_unit_test(test_files_change), cmocka_unit_test(test_mistakes),
	};

	return cmocka_run_group_tests(tests, make, clean);
}
