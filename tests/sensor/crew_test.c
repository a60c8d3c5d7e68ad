/* crew_test.c -- several workers say what one says, in the same order: mixed traffic, with fragments and tunnels, flows that end,
 * ends that have to be guessed, stamps that jump; time that goes on without frames; a crew that is never used. Run under
 * ThreadSanitizer, too. */
#include "../test.h"

#include "../../sensor/crew.h"
#include "../../sensor/worker.h"
#include "../../sensor/config/config.h"
#include "decode/frames.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { FRAMES = 6000, TIMES = 100000, SAID_MOST = 1 << 24 };

static struct settings settings;
static struct frame frames[FRAMES];

/* Everything that was said, byte for byte. */
struct heard {
	size_t n;
	uint8_t *bytes;
};

static void hear(void *ctx, const struct facts *f)
{
	struct heard *h = ctx;

	assert_true(h->n + f->used <= SAID_MOST);
	memcpy(h->bytes + h->n, f->bytes, f->used);
	h->n += f->used;
}

static uint32_t random_state;

static uint32_t draw(uint32_t most)
{
	random_state = random_state * 1664525 + 1013904223;
	return (random_state >> 8) % most;
}

static void stun(struct bytes *f)
{
	f->n = 0;
	front_hex(f, draw(2) ? "0001 0000 2112a442 0102030405060708090a0b0c" : "0101 000c 2112a442 0102030405060708090a0b0c 0020 0008 0001 e242 e776c043");
}

/* The first or the second half of a datagram: three hosts have some on the way. */
static void of_fragments(struct bytes *f)
{
	bool second = draw(2) != 0;

	payload(f, 40);
	if (!second)
		udp(f, 5000, 6000);
	ip4(f, IPPROTO_UDP, draw(2) ? "10.0.0.1" : "198.51.100.1", "203.0.113.1");
	set_u16(f, 6, second ? 6 : 0x2000);
	set_u16(f, 4, draw(2));
	if (!second)
		set_u16(f, 24, 88);
}

static void make_frame(struct bytes *f)
{
	char a[64], b[64];
	bool guess = draw(6) == 0;
	unsigned port = 5000 + draw(4);

	snprintf(a, sizeof a, guess ? "198.51.100.%u" : "10.0.0.%u", 1 + draw(20));
	snprintf(b, sizeof b, "203.0.113.%u", 1 + draw(20));
	if (draw(2))
		stun(f);
	else
		payload(f, 30 + draw(60));
	if (draw(5) == 0)
		tcp(f, port, 443, draw(1000), draw(1000), draw(2) ? TCP_ACK : TCP_SYN);
	else if (draw(2))
		udp(f, port, 3478);
	else
		udp(f, 3478, port);
	if (f->b[2] == 0x01 && f->b[3] == 0xbb)
		ip4(f, IPPROTO_TCP, a, b);
	else if (f->b[0] == 0x0d)
		ip4(f, IPPROTO_UDP, b, a);
	else
		ip4(f, IPPROTO_UDP, a, b);
	switch (draw(12)) {
	case 0:
	case 1:
		of_fragments(f);
		break;
	case 2:
		front_hex(f, "0000 0800");
		ip4(f, IPPROTO_GRE, tunnel_a, tunnel_b);
		break;
	case 3:
		front_hex(f, "0303 0000 00000000");
		ip4(f, IPPROTO_ICMP, tunnel_b, f->b[8 + 9] == IPPROTO_UDP ? a : b);
		break;
	}
	ether(f, 0x0800);
	f->b[5] = (uint8_t)draw(6);
	f->b[11] = (uint8_t)draw(6);
}

static void make_frames(uint32_t seed)
{
	uint64_t now_ns = 1700000000000000000;

	random_state = seed;
	for (unsigned i = 0; i < FRAMES; i++) {
		struct bytes f;
		uint8_t *copy;

		make_frame(&f);
		copy = malloc(f.n);
		memcpy(copy, f.b, f.n);
		now_ns += draw(100) == 0 ? 20000000000 : draw(30) * 1000000;
		if (draw(2000) == 0)
			now_ns += 7200000000000;
		frames[i] = (struct frame){.ts_ns = now_ns - draw(3) * 400000, .number = i + 1, .bytes = copy, .captured = (uint32_t)f.n,
		    .length = (uint32_t)f.n, .link_type = 1, .interface = 0};
	}
}

static void free_frames(void)
{
	for (unsigned i = 0; i < FRAMES; i++)
		free((void *)(uintptr_t)frames[i].bytes);
}

static struct counts alone(struct heard *h)
{
	struct counts counts = {{0}};
	struct worker *w = worker_new(&settings, NULL, &counts, hear, h);

	for (unsigned i = 0; i < FRAMES; i += 20)
		worker_frames(w, frames + i, 20);
	worker_finish(w);
	worker_free(w);
	return counts;
}

static void *reader(void *arg)
{
	for (unsigned i = 0; i < FRAMES; i += 20)
		crew_frames(arg, frames + i, 20);
	crew_finish(arg);
	return NULL;
}

static struct counts together(struct heard *h, unsigned n)
{
	struct counts counts = {{0}};
	static struct facts said;
	enum crew_said what;
	struct crew *c;
	pthread_t thread;
	uint64_t now_ns;

	settings.workers = n;
	c = crew_new(&settings, NULL);
	assert_non_null(c);
	assert_int_equal(pthread_create(&thread, NULL, reader, c), 0);
	while ((what = crew_next(c, &said, &now_ns)) != CREW_END) {
		if (what == CREW_FACTS)
			hear(h, &said);
	}
	pthread_join(thread, NULL);
	crew_counts(c, &counts);
	crew_free(c);
	return counts;
}

static void set_up(void)
{
	settings_defaults(&settings);
	settings_decide(&settings, false, false);
	settings.flow.udp_idle_s = 40;
	settings.flow.tcp_idle_s = 60;
	settings.flow.udp_new_idle_s = 15;
}

/* Ethernet addresses are told by each who learns of them, so more is said of them by several; it is the correlator that judges. */
static size_t without_cards(struct heard *h)
{
	size_t kept = 0, at = 0;

	while (at < h->n) {
		const struct message *m = (const struct message *)(const void *)(h->bytes + at);
		size_t n = sizeof *m + m->len_bytes, i = 0;
		struct fact fact;
		bool card = message_next(m, &i, &fact) && fact.id == FACT_CARD;

		if (!card && !message_has(m, FACT_FLOW_NEW)) {
			memmove(h->bytes + kept, h->bytes + at, n);
			kept += n;
		}
		at += n;
	}
	return kept;
}

static void test_same(void **state)
{
	struct heard one = {.bytes = malloc(SAID_MOST)}, many = {.bytes = malloc(SAID_MOST)};

	(void)state;
	set_up();
	for (uint32_t seed = 1; seed <= 2; seed++) {
		struct counts a, b;

		make_frames(seed);
		one.n = 0;
		a = alone(&one);
		one.n = without_cards(&one);
		assert_true(one.n > 100000);
		assert_true(a.n[COUNT_FLOW_GUESSED] > 10 && a.n[COUNT_FRAG_WHOLE] > 2 && a.n[COUNT_CLOCK_JUMP] > 0);
		for (unsigned n = 2; n <= 5; n++) {
			many.n = 0;
			b = together(&many, n);
			many.n = without_cards(&many);
			assert_int_equal(many.n, one.n);
			assert_memory_equal(many.bytes, one.bytes, one.n);
			assert_memory_equal(&b, &a, sizeof a);
		}
		free_frames();
	}
	free(one.bytes);
	free(many.bytes);
}

static void *idle_reader(void *arg)
{
	crew_frames(arg, frames, 40);
	for (unsigned i = 1; i <= TIMES; i++)
		crew_advance(arg, frames[39].ts_ns + i * 50000000000);
	crew_frames(arg, frames + 40, 1);
	crew_flush(arg);
	crew_finish(arg);
	return NULL;
}

static void test_time_goes_on(void **state)
{
	static struct facts said;
	unsigned times = 0, messages = 0;
	bool before = false;
	enum crew_said what;
	pthread_t thread;
	uint64_t now_ns;
	struct crew *c;

	(void)state;
	set_up();
	make_frames(3);
	settings.workers = 3;
	c = crew_new(&settings, NULL);
	assert_int_equal(pthread_create(&thread, NULL, idle_reader, c), 0);
	while ((what = crew_next(c, &said, &now_ns)) != CREW_END) {
		if (what == CREW_TIME) {
			times++;
			before = messages > 0;
			assert_true(now_ns == frames[39].ts_ns + times * 50000000000);
		} else if (what == CREW_FACTS) {
			messages++;
		}
	}
	pthread_join(thread, NULL);
	assert_int_equal(times, TIMES);
	assert_true(before);
	crew_free(c);
	free_frames();
}

static void test_never_used(void **state)
{
	(void)state;
	set_up();
	settings.workers = 4;
	crew_free(crew_new(&settings, NULL));
	crew_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_same), cmocka_unit_test(test_time_goes_on), cmocka_unit_test(test_never_used)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
