/* community_id_test.c -- the specification's own examples, and what must not matter. */
#include "../../test.h"

#include "../../../sensor/event/community_id.h"

#include <openssl/evp.h>

struct vector {
	uint8_t proto;
	const char *a;
	uint16_t a_port;
	const char *b;
	uint16_t b_port;
	uint16_t seed;
	const char *id;
	bool one_way;
};

static const struct vector vectors[] = {
	{17, "192.168.1.52", 54585, "8.8.8.8", 53, 0, "1:d/FP5EW3wiY1vCndhwleRRKHowQ=", false},
	{17, "192.168.1.52", 54585, "8.8.8.8", 53, 1, "1:Q9We8WO3piVF8yEQBNJF4uiSVrI=", false},
	{6, "128.232.110.120", 34855, "66.35.250.204", 80, 0, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=", false},
	{6, "2001:470:e5bf:dead:4957:2174:e82c:4887", 63943, "2607:f8b0:400c:c03::1a", 25, 0,
		"1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=", false},
	{132, "192.168.170.8", 7, "192.168.170.56", 7, 0, "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=", false},
	{46, "10.1.12.1", 0, "10.1.12.2", 0, 0, "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw=", false},
	{1, "192.168.0.89", 8, "192.168.0.1", 0, 0, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=", false},
	{1, "10.0.0.1", 11, "10.0.0.2", 0, 0, "1:YHxtAirCG//0OzkcVAukqKQN9xM=", true},
	{58, "fe80::200:86ff:fe05:80da", 133, "ff02::2", 0, 0, "1:hO+sN4H+MG5MY/8hIrXPqc4ZQz0=", false},
	{58, "fe80::200:86ff:fe05:80da", 135, "fe80::260:97ff:fe07:69ea", 0, 0, "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=", false},
	{6, "192.168.0.254", 56162, "192.168.0.254", 3306, 1, "1:IJQHtzXv/tXud3FtXIufkDsfEd4=", false},
	{6, "172.26.0.39", 35958, "172.217.14.206", 443, 7, "1:IwiTNfuO7aCaamMijl+7/X9uLx0=", false},
};

static void specified_ids(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		const struct vector *v = &vectors[i];
		struct endpoint a = {.port = v->a_port}, b = {.port = v->b_port};
		char id[COMMUNITY_ID_TEXT];

		assert_true(addr_parse(v->a, &a.addr) && addr_parse(v->b, &b.addr));
		assert_true(community_id(EVP_sha1(), &a, &b, v->proto, v->seed, id));
		assert_string_equal(id, v->id);
		if (v->one_way || v->proto == 1 || v->proto == 58)
			continue;
		assert_true(community_id(EVP_sha1(), &b, &a, v->proto, v->seed, id));
		assert_string_equal(id, v->id);
	}
}

/* The echo's answer: type 0, from the other end. */
static void icmp_answers_belong_to_their_request(void **state)
{
	struct endpoint a = {.port = 0}, b = {.port = 0};
	char id[COMMUNITY_ID_TEXT];

	(void)state;
	assert_true(addr_parse("192.168.0.1", &a.addr) && addr_parse("192.168.0.89", &b.addr));
	assert_true(community_id(EVP_sha1(), &a, &b, 1, 0, id));
	assert_string_equal(id, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
	a.port = 134;
	assert_true(addr_parse("ff02::2", &a.addr) && addr_parse("fe80::200:86ff:fe05:80da", &b.addr));
	assert_true(community_id(EVP_sha1(), &a, &b, 58, 0, id));
	assert_string_equal(id, "1:hO+sN4H+MG5MY/8hIrXPqc4ZQz0=");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(specified_ids),
		cmocka_unit_test(icmp_answers_belong_to_their_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
