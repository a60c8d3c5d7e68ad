/* leases_test.c -- names, Ethernet addresses and addresses, as DHCP tells them bit by bit. */
#include "../../test.h"

#include "../../../sensor/names/leases.h"

#include <stdio.h>

static struct addr ip(const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return a;
}

static void say(struct leases *l, uint8_t card, const char *name, const char *address, bool given)
{
	uint8_t mac[6] = {2, 0, 0, 0, 0, card};
	struct addr a;

	if (address != NULL)
		a = ip(address);
	leases_add(l, mac, cur_of(name, strlen(name)), address != NULL ? &a : NULL, given);
}

/* By the client. */
static void add(struct leases *l, uint8_t card, const char *name, const char *address)
{
	say(l, card, name, address, false);
}

static const char *by_card(struct leases *l, uint8_t card)
{
	uint8_t mac[6] = {2, 0, 0, 0, 0, card};
	const char *name = leases_by_card(l, mac);

	return name != NULL ? name : "";
}

static const char *by_address(struct leases *l, const char *address)
{
	struct addr a = ip(address);
	const char *name = leases_by_address(l, &a);

	return name != NULL ? name : "";
}

static void test_learnt(void **state)
{
	struct leases *l = leases_new();

	(void)state;
	add(l, 1, "pc-1", NULL);			/* asked */
	assert_string_equal(by_card(l, 1), "pc-1");
	assert_string_equal(by_address(l, "10.0.0.1"), "");
	add(l, 1, "", "10.0.0.1");			/* granted */
	assert_string_equal(by_address(l, "10.0.0.1"), "pc-1");
	add(l, 2, "", "10.0.0.2");			/* has no name */
	assert_string_equal(by_address(l, "10.0.0.2"), "");
	assert_string_equal(by_card(l, 2), "");
	add(l, 2, "pc-2", "10.0.0.1");			/* the address goes to another */
	assert_string_equal(by_address(l, "10.0.0.1"), "pc-2");
	assert_string_equal(by_address(l, "10.0.0.2"), "pc-2");
	add(l, 2, "renamed", NULL);
	assert_string_equal(by_address(l, "10.0.0.1"), "renamed");
	assert_string_equal(by_card(l, 3), "");
	leases_free(l);
	leases_free(NULL);
}

/* What the server says stands against what anybody says of somebody. */
static void test_given(void **state)
{
	struct leases *l = leases_new();

	(void)state;
	add(l, 1, "pc-1", NULL);
	say(l, 1, "", "10.0.0.1", true);
	assert_string_equal(by_address(l, "10.0.0.1"), "pc-1");
	add(l, 2, "other", "10.0.0.1");			/* claims the address */
	assert_string_equal(by_address(l, "10.0.0.1"), "pc-1");
	add(l, 1, "evil", "10.0.0.1");			/* claims to be called something else */
	assert_string_equal(by_address(l, "10.0.0.1"), "pc-1");
	assert_string_equal(by_card(l, 1), "pc-1");
	add(l, 1, "pc-1-renamed", NULL);		/* asks again, */
	say(l, 1, "", "10.0.0.1", true);		/* and the server agrees */
	assert_string_equal(by_card(l, 1), "pc-1-renamed");
	say(l, 1, "from-the-server", NULL, true);
	assert_string_equal(by_card(l, 1), "from-the-server");
	say(l, 2, "", "10.0.0.1", true);		/* now it is another one's */
	assert_string_equal(by_address(l, "10.0.0.1"), "other");
	/* However many claim something, most of what the server gave stays. */
	for (unsigned i = 0; i < 100; i++)
		say(l, (uint8_t)i, "host", NULL, true);
	for (unsigned i = 0; i < 50000; i++) {
		uint8_t mac[6] = {6, 0, 0, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};

		leases_add(l, mac, cur_of("x", 1), NULL, false);
	}
	for (unsigned i = 0; i < 100; i++)
		assert_string_equal(by_card(l, (uint8_t)i), "host");
	leases_free(l);
}

static void test_flood(void **state)
{
	struct leases *l = leases_new();
	unsigned left = 0;

	(void)state;
	for (unsigned i = 0; i < 50000; i++) {
		uint8_t mac[6] = {2, 0, 0, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};
		struct addr a = addr_v4(0x0a000000 + i);

		leases_add(l, mac, cur_of("x", 1), &a, false);
	}
	for (unsigned i = 0; i < 50000; i++) {
		struct addr a = addr_v4(0x0a000000 + i);

		left += leases_by_address(l, &a) != NULL;
	}
	assert_true(left > 4000 && left <= 8192);
	assert_string_equal(by_address(l, "10.0.195.79"), "x");		/* the last one */
	leases_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_learnt), cmocka_unit_test(test_given), cmocka_unit_test(test_flood)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
