/* dissector_test.c -- the ranges of dissector.h, by which it is looked up who could be meant, leave out nothing: what passes a dissector's
 * cheap test, and what it says is its own, begins with a byte of its ranges.
 *
 * Over all datagrams and streams of pcaps/, over what the fuzz targets' seeds hold, over those with other first bytes, over random bytes.
 */
#include "../../dissectors/dissector.h"
#include "../../sensor/capture/capture.h"
#include "../../sensor/classify/classify.h"
#include "../../sensor/decode/decode.h"
#include "../test.h"
#include "../sensor/packets.h"
#include "ranges.h"

#include <glob.h>
#include <netinet/in.h>
#include <stdio.h>

enum { MANY = 64, SWEPT = 24, SEED_BYTES = 4096 };

static const uint8_t *subject_bytes;	/* what is looked at, for a message */
static size_t subject_n;

static void fail_for(const struct dissector *d, const char *what)
{
	fprintf(stderr, "%s: %s:", d->name, what);
	for (size_t i = 0; i < subject_n && i < 32; i++)
		fprintf(stderr, " %02x", subject_bytes[i]);
	fprintf(stderr, " (of %zu bytes)\n", subject_n);
	fail_msg("%s", d->name);
}

static bool passes(const struct dissector *d, const uint8_t *bytes, size_t n)
{
	struct cursor c = cur_of(bytes, n);

	subject_bytes = bytes;
	subject_n = n;
	if (!d->first(&c))
		return false;
	if (!in_udp_ranges(d, &c))
		fail_for(d, "passes `first`, but is not in the ranges");
	return true;
}

/* --- the cheap test --- */

static unsigned passed[MANY];

/* One datagram, and where it is somebody's, the same with other first bytes. */
static void try_datagram(const uint8_t *bytes, size_t n)
{
	uint8_t copy[SEED_BYTES];

	for (unsigned k = 0; dissectors[k] != NULL; k++) {
		const struct dissector *d = dissectors[k];

		if (d->first == NULL || !passes(d, bytes, n))
			continue;
		if (passed[k]++ >= SWEPT || n < 3 || n > sizeof copy)
			continue;
		memcpy(copy, bytes, n);
		for (unsigned pair = 0; pair < 1 << 16; pair++) {
			copy[0] = (uint8_t)pair;
			copy[2] = (uint8_t)(pair >> 8);
			passes(d, copy, n);
		}
	}
}

static void try_frames(void *ctx, const struct frame *frames, unsigned n)
{
	struct packet packets[DECODE_MAX];

	for (unsigned i = 0; i < n; i++) {
		unsigned got = decode_frame(ctx, &frames[i], packets);

		for (unsigned k = 0; k < got; k++)
			if (packets[k].ip_proto == IPPROTO_UDP)
				try_datagram(packets[k].payload.at, packets[k].payload.left);
	}
}

static struct capture *captures(struct counts *counts, glob_t *files)
{
	struct capture *c;

	assert_int_equal(glob("pcaps/*.pcap", 0, NULL, files), 0);	/* tests run where the Makefile is */
	c = capture_open_files((const char *const *)files->gl_pathv, (unsigned)files->gl_pathc, "", counts);
	assert_non_null(c);
	return c;
}

static void in_captures(void **state)
{
	struct decode_settings s = {.fragments = 10, .fragment_timeout_s = 30, .tunnel_depth = 4};
	struct counts counts = {{0}};
	struct decoder *decoder = decoder_new(&s, &counts);
	glob_t files;
	struct capture *c = captures(&counts, &files);
	unsigned n;

	(void)state;
	while (capture_read(c, 1000, try_frames, decoder, &n) == CAPTURE_MORE)
		;
	assert_true(counts.n[COUNT_PACKETS] > 10000);
	capture_free(c);
	decoder_free(decoder);
	globfree(&files);
}

/* Each seed is packets with lengths and flags before them: whatever stands anywhere, to its end or as long as the byte before says. */
static void in_seeds(void **state)
{
	static uint8_t bytes[SEED_BYTES];
	glob_t files;

	(void)state;
	assert_int_equal(glob("tests/fuzz/seeds/*/*", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		FILE *f = fopen(files.gl_pathv[i], "re");
		size_t n;

		assert_non_null(f);
		n = fread(bytes, 1, sizeof bytes, f);
		fclose(f);
		for (size_t at = 1; at < n; at++) {
			try_datagram(bytes + at, n - at);
			for (size_t len = bytes[at - 1]; len <= n - at && len > 0; len *= 8)
				try_datagram(bytes + at, len);
		}
	}
	globfree(&files);
	for (unsigned k = 0; dissectors[k] != NULL; k++)
		if (dissectors[k]->first != NULL && passed[k] == 0)
			fail_msg("%s: nothing here passes its `first`: add a seed", dissectors[k]->name);
}

static void in_random_bytes(void **state)
{
	uint64_t x = 88172645463325252ULL;
	uint8_t bytes[256];

	(void)state;
	for (unsigned i = 0; i < 200000; i++) {
		for (size_t b = 0; b < sizeof bytes; b += 8) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			memcpy(bytes + b, &x, 8);
		}
		for (unsigned k = 0; dissectors[k] != NULL; k++)
			if (dissectors[k]->first != NULL)
				passes(dissectors[k], bytes, (x >> 20) % sizeof bytes);
	}
}

/* --- what is claimed, when everybody is asked about everything --- */

/* Before a dissector's own state: how this conversation began. */
struct began {
	_Alignas(8) bool known;		/* as states are */
	bool cut;			/* its beginning was not seen */
	bool fits;			/* it said that a stream of its own may begin so */
	uint8_t first;
};

static unsigned claimed[MANY][2];	/* datagrams, streams */

static enum verdict watched(unsigned k, struct input *in, void *state, struct facts *facts)
{
	const struct dissector *d = dissectors[k];
	struct began *b = state;
	struct cursor was = in->bytes;
	bool follows = b->known && d->follows != FOLLOWS_NO;
	enum verdict v;

	if (!in->stream && d->follows != FOLLOWS_NO && !follows && d->first != NULL && !d->first(&was))
		return V_NO;		/* it trusts to be shown only what begins well */
	if (!b->known && was.left > 0)
		*b = (struct began){.known = true, .cut = in->gap, .fits = !in->stream || d->begins == NULL || d->begins(in),
		    .first = cur_peek_u8(&was, 0)};
	v = d->dissect(in, b + 1, facts);
	subject_bytes = was.at;
	subject_n = was.left;
	if (!in->stream && v != V_NO && !follows && !in_udp_ranges(d, &was))
		fail_for(d, "takes a datagram that is not in its ranges");
	if (in->stream && (v == V_YES || v == V_DONE) && b->known && !b->cut && !in_ranges(d->tcp, b->first))
		fail_for(d, "takes a stream that does not begin with a byte of its ranges");
	if (in->stream && (v == V_YES || v == V_DONE) && b->known && !b->cut && !b->fits)
		fail_for(d, "takes a stream that did not begin as it said that its own do");
	if (in->stream && (v == V_YES || v == V_DONE) && b->cut && d->from_start)
		fail_for(d, "takes a stream whose beginning was not seen, and said that it never does");
	claimed[k][in->stream] += v == V_YES || v == V_DONE;
	return v;
}

/* A dissector's function knows no more than its state: so each has one of its own that knows its number. */
#define EACH_8(F, n) F(n##0) F(n##1) F(n##2) F(n##3) F(n##4) F(n##5) F(n##6) F(n##7)
#define EACH(F) EACH_8(F, 00) EACH_8(F, 01) EACH_8(F, 02) EACH_8(F, 03) EACH_8(F, 04) EACH_8(F, 05) EACH_8(F, 06) EACH_8(F, 07)
#define WATCH(n) static enum verdict watch_##n(struct input *in, void *s, struct facts *f) { return watched(n, in, s, f); }
EACH(WATCH)
#define NAME(n) watch_##n,
static enum verdict (*const watch[MANY])(struct input *, void *, struct facts *) = {EACH(NAME)};

static struct dissector open_to_all[MANY];
static const struct dissector *everybody[MANY + 1];

static void ignore(void *ctx, const struct facts *facts)
{
	(void)ctx;
	(void)facts;
}

struct looked {
	struct decoder *decoder;
	struct classify *classify;
};

static void look_frames(void *ctx, const struct frame *frames, unsigned n)
{
	struct looked *l = ctx;
	struct packet packets[DECODE_MAX];

	for (unsigned i = 0; i < n; i++) {
		classify_packets(l->classify, packets, decode_frame(l->decoder, &frames[i], packets));
		classify_deliver(l->classify);
	}
}

static void nobody_claims_what_it_would_not_be_shown(void **state)
{
	static struct settings s;
	struct counts counts = {{0}};
	struct looked l;
	glob_t files;
	struct capture *c = captures(&counts, &files);
	unsigned n, streams = 0, datagrams = 0;

	(void)state;
	for (unsigned k = 0; dissectors[k] != NULL; k++) {
		struct dissector *d = &open_to_all[k];

		assert_true(k < MANY);
		*d = *dissectors[k];
		d->state_size = (uint16_t)(d->state_size + sizeof(struct began));
		memset(d->udp, 0, sizeof d->udp);
		memset(d->udp_third, 0, sizeof d->udp_third);
		memset(d->tcp, 0, sizeof d->tcp);
		d->first = NULL;
		d->begins = NULL;
		d->from_start = false;
		d->dissect = watch[k];
		everybody[k] = d;
	}
	test_settings(&s);
	s.decode = (struct decode_settings){.fragments = 10, .fragment_timeout_s = 30, .tunnel_depth = 4};
	s.flow.states = 100000;
	l.decoder = decoder_new(&s.decode, &counts);
	l.classify = classify_new(&s, everybody, NULL, &counts, ignore, NULL);
	while (capture_read(c, 1000, look_frames, &l, &n) == CAPTURE_MORE)
		;
	classify_finish(l.classify);
	for (unsigned k = 0; dissectors[k] != NULL; k++) {
		datagrams += claimed[k][0] > 0;
		streams += claimed[k][1] > 0;
	}
	assert_true(datagrams > 15 && streams > 5);
	classify_free(l.classify);
	decoder_free(l.decoder);
	capture_free(c);
	globfree(&files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_captures),
		cmocka_unit_test(in_seeds),
		cmocka_unit_test(in_random_bytes),
		cmocka_unit_test(nobody_claims_what_it_would_not_be_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
