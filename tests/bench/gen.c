/* gen.c -- traffic out of nothing: the same capture from the same seed, for bench, soak and false-alarm tests.
 *
 *   gen WORKLOAD FLOWS [SEED] > out.pcap
 *
 * Every flow is an actor with a step; a heap of actors ordered by time makes one time-ordered capture, so that it can
 * be piped: nothing is kept but the actors alive at one time.
 */
#include "packet.h"

#include <stdlib.h>
#include <string.h>

struct actor {
	uint64_t at_us, id;
	int (*act)(struct actor *, FILE *);	/* one step; 0 when it is over */
	struct side inside, outside, server;
	struct random random;
	uint32_t step, steps, size;
};

enum { FLAG_FIN = 1, FLAG_SYN = 2, FLAG_RST = 4, FLAG_PUSH = 8, FLAG_ACK = 16 };

/* --- actors --- */

static void say(struct actor *a, FILE *out, int outwards, const uint8_t *payload, uint32_t n)
{
	frame_udp(out, a->at_us, outwards ? &a->inside : &a->outside, outwards ? &a->outside : &a->inside, payload, n);
}

static int act_dns(struct actor *a, FILE *out)
{
	uint8_t b[120] = {0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 'w', 'w', 'w', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 3, 'c', 'o', 'm', 0, 0, 1, 0, 1};

	a->outside.port = 53;
	memcpy(b, &a->id, 2);
	if (a->step == 1) {
		b[2] = 0x81;
		b[3] = 0x80;
		b[7] = 1;
		memcpy(b + 33, "\xc0\x0c\0\1\0\1\0\0\1\x2c\0\4\x5d\xb8\xd8\x22", 16);
	}
	say(a, out, a->step == 0, b, a->step == 0 ? 33 : 49);
	a->at_us += 12000;
	return ++a->step < 2;
}

static int act_snmp(struct actor *a, FILE *out)
{
	static const uint8_t get[] = "\x30\x26\x02\x01\x01\x04\x06public\xa0\x19\x02\x01\x01\x02\x01\x00\x02\x01\x00\x30\x0e\x30\x0c\x06\x08\x2b\x06\x01\x02\x01\x01\x05\x00\x05\x00";

	a->outside.port = 161;
	say(a, out, a->step % 2 == 0, get, sizeof get - 1);
	a->at_us += 30000;
	return ++a->step < 4;
}

static int act_quic(struct actor *a, FILE *out)
{
	uint8_t b[1200];

	a->outside.port = 443;
	random_fill(&a->random, b, sizeof b);
	if (a->step < 2)
		memcpy(b, "\xc3\0\0\0\1\x08", 6);
	else	/* a short header, 0x40..0x7f: looks like ChannelData's first byte */
		b[0] = (uint8_t)(0x40 | (b[0] & 0x3f));
	say(a, out, a->step % 2 == 0, b, a->step < 2 ? 1200 : 60 + random_below(&a->random, 1100));
	a->at_us += 10000;
	return ++a->step < 8;
}

static void fill_rtp(struct actor *a, uint8_t *b, uint32_t n, uint32_t seq, uint32_t ssrc)
{
	random_fill(&a->random, b, n);
	memcpy(b, "\x80\x6f", 2);
	b[2] = (uint8_t)(seq >> 8);
	b[3] = (uint8_t)seq;
	for (int i = 0; i < 4; i++) {
		b[4 + i] = (uint8_t)(seq * 960 >> (24 - 8 * i));
		b[8 + i] = (uint8_t)(ssrc >> (24 - 8 * i));
	}
}

static int act_rtp(struct actor *a, FILE *out)
{
	uint8_t b[172];

	fill_rtp(a, b, sizeof b, a->step / 2, (uint32_t)a->id * 2 + a->step % 2);
	say(a, out, a->step % 2 == 0, b, sizeof b);
	a->at_us += 10000;
	return ++a->step < 12;
}

static int act_random(struct actor *a, FILE *out)
{
	uint8_t b[1200];
	uint32_t n = 1 + random_below(&a->random, a->step % 2 ? 1200 : 160);

	random_fill(&a->random, b, n);
	say(a, out, a->step % 2 == 0, b, n);
	a->at_us += 15000;
	return ++a->step < 6;
}

/* A handshake, then six segments of random bytes, by turns, all of one size a connection. */
static int act_random_tcp(struct actor *a, FILE *out)
{
	uint8_t b[1200];
	uint32_t k = a->step - 3, outwards = a->step < 3 ? a->step != 1 : k % 2 == 0;
	uint32_t own = k / 2, other = outwards ? k / 2 : k / 2 + 1;
	const struct side *from = outwards ? &a->inside : &a->outside, *to = outwards ? &a->outside : &a->inside;

	if (a->step == 0)
		a->size = 1 + random_below(&a->random, sizeof b);
	if (a->step < 3) {
		frame_tcp(out, a->at_us, from, to, a->step == 0 ? FLAG_SYN : a->step == 1 ? FLAG_SYN | FLAG_ACK : FLAG_ACK,
		    a->step == 1 ? 5000 : 1000 + (a->step == 2), a->step == 0 ? 0 : a->step == 1 ? 1001 : 5001, NULL, 0);
	} else {
		random_fill(&a->random, b, a->size);
		frame_tcp(out, a->at_us, from, to, FLAG_PUSH | FLAG_ACK, (outwards ? 1001 : 5001) + own * a->size,
		    (outwards ? 5001 : 1001) + other * a->size, b, a->size);
	}
	a->at_us += 8000;
	return ++a->step < 9;
}

static int act_scan(struct actor *a, FILE *out)
{
	if (a->step == 0)
		frame_tcp(out, a->at_us, &a->outside, &a->inside, FLAG_SYN, 1000, 0, NULL, 0);
	else
		frame_tcp(out, a->at_us, &a->inside, &a->outside, FLAG_RST | FLAG_ACK, 0, 1001, NULL, 0);
	a->at_us += 500;
	return ++a->step < 2;
}

/* Handshake, a ClientHello, an answer, `steps` segments of `size` bytes, end. */
static int act_tcp(struct actor *a, FILE *out)
{
	static uint8_t hello[] = "\x16\x03\x01\x00\x45\x01\x00\x00\x41\x03\x03" "0123456789abcdef0123456789abcdef" "\x00\x00\x02\x13\x01\x01\x00\x00\x16\x00\x00\x00\x12\x00\x10\x00\x00\x0dwww.example.x";
	static uint8_t data[1448];
	uint32_t here = 1000, there = 5000, n = sizeof hello - 1, done = a->step > 4 ? (a->step - 5) * a->size : 0;

	a->outside.port = 443;
	switch (a->step) {
	case 0: frame_tcp(out, a->at_us, &a->inside, &a->outside, FLAG_SYN, here, 0, NULL, 0); break;
	case 1: frame_tcp(out, a->at_us, &a->outside, &a->inside, FLAG_SYN | FLAG_ACK, there, here + 1, NULL, 0); break;
	case 2: frame_tcp(out, a->at_us, &a->inside, &a->outside, FLAG_ACK, here + 1, there + 1, NULL, 0); break;
	case 3: frame_tcp(out, a->at_us, &a->inside, &a->outside, FLAG_PUSH | FLAG_ACK, here + 1, there + 1, hello, n); break;
	case 4: frame_tcp(out, a->at_us, &a->outside, &a->inside, FLAG_ACK, there + 1, here + 1 + n, NULL, 0); break;
	default:
		if (a->step < 5 + a->steps) {
			memcpy(data, "\x17\x03\x03\x05\xa3", 5);
			frame_tcp(out, a->at_us, &a->outside, &a->inside, FLAG_PUSH | FLAG_ACK, there + 1 + done, here + 1 + n, data, a->size);
		} else {
			frame_tcp(out, a->at_us, a->step % 2 ? &a->inside : &a->outside, a->step % 2 ? &a->outside : &a->inside,
			    FLAG_FIN | FLAG_ACK, a->step % 2 ? here + 1 + n : there + 1 + a->steps * a->size, 0, NULL, 0);
		}
	}
	a->at_us += a->steps > 100 ? 200 : 8000;
	return ++a->step < 7 + a->steps;
}

/* One STUN message of a call. kind: the type; what it carries follows from it. */
static void stun_say(struct actor *a, FILE *out, const struct side *from, const struct side *to, uint16_t type, uint32_t tid, const struct side *address)
{
	struct random r = {a->id * 1000003 + tid};
	uint8_t id[12], tie[8];
	struct stun m;
	char user[24];

	random_fill(&r, id, sizeof id);
	random_fill(&r, tie, sizeof tie);
	stun_start(&m, type, id);
	if (type == 0x0001 && address != NULL) {	/* a check */
		int outwards = from == &a->inside;

		snprintf(user, sizeof user, outwards ? "b%06x:a%06x" : "a%06x:b%06x", (unsigned)(a->id & 0xffffff), (unsigned)(a->id & 0xffffff));
		stun_attr(&m, 0x0006, user, 15);
		stun_attr(&m, outwards ? 0x802a : 0x8029, tie, 8);
		if (outwards && tid >= 40)
			stun_attr(&m, 0x0025, "", 0);
		stun_u32(&m, 0x0024, 0x6e7f1eff);
	} else if (type == 0x0101) {
		stun_xor_address(&m, 0x0020, address);
	} else if (type == 0x0003) {
		stun_u32(&m, 0x0019, 17u << 24);
	} else if (type == 0x0113) {
		stun_attr(&m, 0x0009, "\0\0\4\1Unauthorized", 16);
		stun_attr(&m, 0x0014, "example.org", 11);
		stun_attr(&m, 0x0015, "0123456789", 10);
	} else if (type == 0x0103) {
		stun_xor_address(&m, 0x0016, &(struct side){a->server.ip, (uint16_t)(49152 + a->id % 16000)});
		stun_xor_address(&m, 0x0020, address);
		stun_u32(&m, 0x000d, 600);
	} else if (type == 0x0008 || type == 0x0009) {
		if (type == 0x0009)
			stun_u32(&m, 0x000c, 0x40000000);
		stun_xor_address(&m, 0x0012, address);
	}
	stun_close(&m, &r, address != NULL && type != 0x0103, 1);
	frame_udp(out, a->at_us, from, to, m.b, m.n);
}

/* Discovery, checks both ways, nomination, then media: 50 packets a second each way. */
static int act_call_direct(struct actor *a, FILE *out)
{
	uint8_t b[172];

	switch (a->step) {
	case 0: stun_say(a, out, &a->inside, &a->server, 0x0001, 1, NULL); break;
	case 1: stun_say(a, out, &a->server, &a->inside, 0x0101, 1, &a->inside); break;
	case 2: stun_say(a, out, &a->inside, &a->outside, 0x0001, 20, &a->outside); break;
	case 3: stun_say(a, out, &a->outside, &a->inside, 0x0001, 30, &a->inside); break;
	case 4: stun_say(a, out, &a->inside, &a->outside, 0x0101, 30, &a->outside); break;
	case 5: stun_say(a, out, &a->outside, &a->inside, 0x0101, 20, &a->inside); break;
	case 6: stun_say(a, out, &a->inside, &a->outside, 0x0001, 40, &a->outside); break;
	case 7: stun_say(a, out, &a->outside, &a->inside, 0x0101, 40, &a->inside); break;
	default:
		fill_rtp(a, b, sizeof b, a->step / 2, (uint32_t)a->id * 2 + a->step % 2);
		say(a, out, a->step % 2 == 0, b, sizeof b);
	}
	a->at_us += a->step < 8 ? 25000 : 10000;
	return ++a->step < 8 + a->steps;
}

static int act_call_relay(struct actor *a, FILE *out)
{
	uint8_t b[176];

	switch (a->step) {
	case 0: stun_say(a, out, &a->inside, &a->server, 0x0003, 1, NULL); break;
	case 1: stun_say(a, out, &a->server, &a->inside, 0x0113, 1, NULL); break;
	case 2: stun_say(a, out, &a->inside, &a->server, 0x0003, 2, &a->outside); break;
	case 3: stun_say(a, out, &a->server, &a->inside, 0x0103, 2, &a->inside); break;
	case 4: stun_say(a, out, &a->inside, &a->server, 0x0008, 3, &a->outside); break;
	case 5: stun_say(a, out, &a->server, &a->inside, 0x0108, 3, NULL); break;
	case 6: stun_say(a, out, &a->inside, &a->server, 0x0009, 4, &a->outside); break;
	case 7: stun_say(a, out, &a->server, &a->inside, 0x0109, 4, NULL); break;
	default:
		fill_rtp(a, b + 4, sizeof b - 4, a->step / 2, (uint32_t)a->id * 2 + a->step % 2);
		memcpy(b, "\x40\0\0\xac", 4);
		frame_udp(out, a->at_us, a->step % 2 ? &a->server : &a->inside, a->step % 2 ? &a->inside : &a->server, b, sizeof b);
	}
	a->at_us += a->step < 8 ? 25000 : 10000;
	return ++a->step < 8 + a->steps;
}

/* --- workloads: what share of the flows is what --- */

struct share {
	unsigned percent;
	int (*act)(struct actor *, FILE *);
	uint32_t steps, size;
};

static const struct workload {
	const char *name, *about;
	uint32_t gap_us;		/* between the starts of two flows */
	struct share shares[8];		/* ends with percent 0 */
} workloads[] = {
	{"border", "what an office does: web, DNS, QUIC, some calls", 600,
	    {{44, act_tcp, 14, 1400}, {30, act_dns, 0, 0}, {12, act_quic, 0, 0}, {10, act_scan, 0, 0}, {2, act_rtp, 0, 0}, {2, act_call_direct, 200, 0}}},
	{"churn", "very many short flows", 100, {{50, act_dns, 0, 0}, {30, act_scan, 0, 0}, {20, act_tcp, 1, 300}}},
	{"bulk", "few long flows of full packets", 50000, {{100, act_tcp, 12000, 1448}}},
	{"calls", "calls: 80 % direct, 20 % relayed", 15000, {{80, act_call_direct, 600, 0}, {20, act_call_relay, 600, 0}}},
	{"random", "UDP flows of random bytes: nothing to find", 30, {{100, act_random, 0, 0}}},
	{"random-tcp", "TCP connections of random bytes: nothing to find", 30, {{100, act_random_tcp, 0, 0}}},
	{"shapes", "DNS, QUIC, RTP and SNMP: nothing to find", 30, {{25, act_dns, 0, 0}, {25, act_quic, 0, 0}, {25, act_rtp, 0, 0}, {25, act_snmp, 0, 0}}},
	{"flood", "short flows, and one direct call among them", 20, {{60, act_dns, 0, 0}, {40, act_scan, 0, 0}}},
};

static struct actor *make_actor(const struct workload *w, uint64_t id, uint64_t seed)
{
	struct actor *a = calloc(1, sizeof *a);
	const struct share *s = w->shares;
	uint32_t dice;

	if (a == NULL)
		exit(1);
	a->id = id;
	a->random.s = seed * 0x100000001b3u + id;
	dice = random_below(&a->random, 100);
	while (dice >= s->percent) {
		dice -= s->percent;
		s++;
	}
	a->act = s->act;
	a->steps = s->steps;
	a->size = s->size;
	a->at_us = id * w->gap_us;
	a->inside = (struct side){0x0a000000u | (uint32_t)(id * 2654435761u >> 12 & 0xffff) | 0x10000u, (uint16_t)(1024 + id % 64000)};
	a->outside = (struct side){0xcb007100u ^ (random_u32(&a->random) & 0x3fffffu) << 3, (uint16_t)(1024 + random_below(&a->random, 64000))};
	a->server = (struct side){0xc6336405u, 3478};
	return a;
}

/* --- the heap --- */

static struct actor **heap;
static size_t heap_n, heap_room;

static int before(const struct actor *a, const struct actor *b)
{
	return a->at_us != b->at_us ? a->at_us < b->at_us : a->id < b->id;
}

static void heap_down(size_t i)
{
	struct actor *a = heap[i];

	for (size_t c; (c = 2 * i + 1) < heap_n; i = c) {
		if (c + 1 < heap_n && before(heap[c + 1], heap[c]))
			c++;
		if (!before(heap[c], a))
			break;
		heap[i] = heap[c];
	}
	heap[i] = a;
}

static void heap_add(struct actor *a)
{
	size_t i = heap_n++;

	if (heap_n > heap_room && (heap = realloc(heap, (heap_room = heap_n * 2) * sizeof *heap)) == NULL)
		exit(1);
	for (; i > 0 && before(a, heap[(i - 1) / 2]); i = (i - 1) / 2)
		heap[i] = heap[(i - 1) / 2];
	heap[i] = a;
}

static void step_first(FILE *out)
{
	struct actor *a = heap[0];

	if (!a->act(a, out)) {
		free(a);
		heap[0] = heap[--heap_n];
	}
	if (heap_n > 0)
		heap_down(0);
}

int main(int argc, char **argv)
{
	const struct workload *w = NULL;
	uint64_t flows, seed;

	for (size_t i = 0; argc > 2 && i < sizeof workloads / sizeof *workloads; i++)
		if (strcmp(argv[1], workloads[i].name) == 0)
			w = &workloads[i];
	if (w == NULL) {
		fprintf(stderr, "usage: gen WORKLOAD FLOWS [SEED] > out.pcap\n");
		for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++)
			fprintf(stderr, "  %-8s %s\n", workloads[i].name, workloads[i].about);
		return 2;
	}
	flows = strtoull(argv[2], NULL, 10);
	seed = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
	setvbuf(stdout, NULL, _IOFBF, 1 << 20);
	capture_header(stdout);
	for (uint64_t id = 0; id < flows || heap_n > 0;) {
		if (id < flows && (heap_n == 0 || id * w->gap_us <= heap[0]->at_us)) {
			struct actor *a = make_actor(w, id, seed);

			if (strcmp(w->name, "flood") == 0 && id == flows / 2) {
				a->act = act_call_direct;
				a->steps = 400;
			}
			heap_add(a);
			id++;
		} else {
			step_first(stdout);
		}
	}
	fprintf(stderr, "gen: %llu flows, %llu packets\n", (unsigned long long)flows, (unsigned long long)frames_written());
	return fflush(stdout) != 0;
}
