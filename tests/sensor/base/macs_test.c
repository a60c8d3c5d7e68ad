/* macs_test.c -- whose Ethernet address is a host's own. */
#include "../../test.h"

#include "../../../sensor/base/macs.h"
#include "../packets.h"

static const uint8_t host[6] = {2, 0, 0, 0, 0, 1}, router[6] = {2, 0, 0, 0, 0, 2};

static void learn(struct macs *m, const uint8_t mac[6], const char *address, bool inside)
{
	struct addr a = ip_of(address);

	macs_learn(m, mac, &a, inside);
}

static void test_outside_address(void **state)
{
	struct macs *m = macs_new();

	(void)state;
	learn(m, host, "10.0.0.1", true);
	learn(m, router, "10.0.0.254", true);
	assert_true(macs_host(m, host));
	assert_true(macs_host(m, router));
	learn(m, router, "203.0.113.1", false);
	assert_false(macs_host(m, router));
	assert_true(macs_host(m, host));
	macs_free(m);
}

static void test_many_addresses(void **state)
{
	struct macs *m = macs_new();

	(void)state;
	for (unsigned i = 0; i < 5; i++) {	/* three of each family, again and again */
		learn(m, host, "10.0.0.1", true);
		learn(m, host, "10.0.0.2", true);
		learn(m, host, "10.0.0.3", true);
		learn(m, host, "fe80::1", true);
		learn(m, host, "fd00::1", true);
		learn(m, host, "fd00::2", true);
	}
	assert_true(macs_host(m, host));
	learn(m, host, "10.0.0.4", true);
	assert_false(macs_host(m, host));
	macs_free(m);
}

static void test_no_address(void **state)
{
	static const uint8_t group[6] = {1, 0, 0x5e, 0, 0, 1}, none[6] = {0};
	struct macs *m = macs_new();

	(void)state;
	assert_false(macs_host(m, group));
	assert_false(macs_host(m, none));
	macs_free(m);
}

/* A host without an address yet, or with those of its link, is still a host, whatever `home` says. */
static void test_link_addresses(void **state)
{
	static const char *const addresses[] = {"0.0.0.0", "::", "169.254.1.2", "fe80::1", "fe80::2", "fe80::3", "febf::4"};
	static const uint8_t mac[6] = {2, 0, 0x5e, 0x10, 0, 9};
	struct macs *m = macs_new();

	(void)state;
	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
		learn(m, mac, addresses[i], false);
		assert_true(macs_host(m, mac));
	}
	learn(m, mac, "fec0::1", false);
	assert_false(macs_host(m, mac));
	macs_free(m);
}

/* Made-up addresses push out others, but never make a router a host while it goes on being seen. */
static void test_bounded(void **state)
{
	struct macs *m = macs_new();

	(void)state;
	for (unsigned i = 0; i < 100000; i++) {
		const uint8_t mac[6] = {2, 1, 0, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};

		learn(m, router, "203.0.113.1", false);
		learn(m, mac, "10.9.9.9", true);
		assert_false(macs_host(m, router));
	}
	macs_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outside_address),
		cmocka_unit_test(test_many_addresses),
		cmocka_unit_test(test_no_address),
		cmocka_unit_test(test_link_addresses),
		cmocka_unit_test(test_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
