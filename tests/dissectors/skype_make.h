/* skype_make.h -- Skype's bytes for the tests, made after what is known of them, and one flow that they are shown on. */
#ifndef PW_SKYPE_MAKE_H
#define PW_SKYPE_MAKE_H

#include "../test.h"

#include "../../dissectors/skype_say.h"

#include <netinet/in.h>
#include <stdio.h>

extern const struct dissector skype_dissector;

enum { OUT = true, IN = false };

/* The padding: slices of it, from any place, round and round. */
#define RING \
	"0071ee070c0dda03d86986bf6485f23bb0611e77bcfd0a738859b62f147522ab60514ee76ced3ae33849e69fc465521b" \
	"10417e571cdd6a53e839160f7455828bc031aec7cccd9ac39829467f2445b2fb7021de377cbdca33481976efd435e26b" \
	"20110ea72cadfaa3f809a65f842512dbd0013e17dc9d2a13a8f9d6cf3415424b80f16e878c8d5a8358e9063fe40572bb" \
	"30e19ef73c7d8af308d936af94f5a22be0d1ce67ec6dba63b8c9661f44e5d29b90c1fed79c5dead368b9968ff4d5020b" \
	"40b12e474c4d1a4318a9c6ffa4c5327bf0a15eb7fc3d4ab3c899f66f54b562eba0918e27ac2d7a23788926df04a5925b" \
	"5081be975c1daa932879564fb495c2cb"

#define TLS_HELLO \
	"8046010301002d0000001000000500000400000a00000900006400006200000800000300000601008007" \
	"00c003008006004002008004" "0080"
#define TLS_ANSWER \
	"160301004a020000460301401be48602ade029e17774e544b9c99cb431315e02dd779d154a9609ba5da870201ca0e4f64c6351ae2f8e4ee1e6" \
	"766a0a88d5d8c55cae98c5e481f22a69bf9058000500"
#define LOGIN "16030100eb42cdefe740d72f1dcb00112233445566778899"
#define LOGIN_OLD "16030100cd410300098040" "0408c0010022446688"

struct made {
	uint8_t b[4096];
	size_t n;
};

static uint64_t seed = 1;

/* Ciphertext: as good as random, the same every time. */
static inline uint8_t noise(void)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint8_t)(seed >> 56);
}

static inline void put(struct made *m, uint64_t v, unsigned bytes)
{
	while (bytes-- > 0)
		m->b[m->n++] = (uint8_t)(v >> 8 * bytes);
}

static inline void put_noise(struct made *m, size_t n)
{
	while (n-- > 0)
		m->b[m->n++] = noise();
}

static inline void put_hex(struct made *m, const char *hex)
{
	m->n += unhex(hex, m->b + m->n, sizeof m->b - m->n);
}

static inline void put_ring(struct made *m, unsigned from, size_t n)
{
	uint8_t ring[256];

	assert_int_equal(unhex(RING, ring, sizeof ring), sizeof ring);
	while (n-- > 0)
		m->b[m->n++] = ring[from++ % 256];
}

/* --- datagrams --- */

static inline struct made request(unsigned id, uint32_t crc, size_t len)
{
	struct made m = {.n = 0};

	put(&m, id, 2);
	put(&m, 0x02, 1);
	put_noise(&m, 4);
	put(&m, crc, 4);
	put_noise(&m, len - m.n);
	return m;
}

static inline struct made nak(unsigned id, unsigned function, uint32_t told, uint32_t nonce)
{
	struct made m = {.n = 0};

	put(&m, id, 2);
	put(&m, function, 1);
	put(&m, told, 4);
	put(&m, nonce, 4);
	return m;
}

static inline struct made resend(unsigned id, uint32_t nonce, uint32_t to, uint32_t crc, size_t request_len)
{
	struct made m = {.n = 0};

	put(&m, id, 2);
	put(&m, 0x63, 1);
	put(&m, 1, 1);
	put(&m, nonce, 4);
	put(&m, to, 4);
	put(&m, crc, 4);
	put_noise(&m, request_len + 5 - m.n);
	return m;
}

static inline struct made media(unsigned id, size_t len)
{
	struct made m = {.n = 0};

	put(&m, id, 2);
	put(&m, 0x0dU | (noise() & 0x70U), 1);
	put_noise(&m, len - m.n);
	return m;
}

/* --- streams --- */

static inline struct made hello(unsigned from)
{
	struct made m = {.n = 0};

	put_hex(&m, TLS_HELLO);
	put_ring(&m, from, 16);
	return m;
}

static inline struct made exchange(unsigned from, size_t ring)
{
	struct made m = {.n = 0};

	put_noise(&m, 48);
	put_ring(&m, from, ring);
	return m;
}

/* The known ten bytes, and two bytes with a slice of the ring, under the same key. */
static inline struct made stream(unsigned last, unsigned from, size_t ring)
{
	uint8_t known[10] = {0, 1, 0, 0, 0, 1, 0, 0, 0, (uint8_t)last};
	struct made m = {.n = 0}, plain = {.n = 0};
	size_t at = 4;

	put_noise(&m, 14);
	put_noise(&plain, 2);
	put_ring(&plain, from, ring);
	for (size_t i = 0; i < plain.n; i++, at++) {
		uint8_t key = i < 10 ? m.b[at] ^ known[i] : noise();

		m.b[m.n++] = plain.b[i] ^ key;
	}
	return m;
}

/* --- one flow --- */

static struct facts facts;
static _Alignas(8) uint8_t memory[2048];
static uint64_t now_ns, packet_number;
static enum verdict verdict;
static struct endpoint ends[2];		/* by from_local: who sends */
static char said_text[1024];

static inline int setup(void **state)
{
	(void)state;
	memset(memory, 0, sizeof memory);
	assert_true(skype_dissector.state_size <= sizeof memory);
	now_ns = 1700000000000000000;
	packet_number = 0;
	ends[OUT] = (struct endpoint){addr_v4(0x0a000005), 13021};
	ends[IN] = (struct endpoint){addr_v4(0xcb007105), 40021};
	seed = 1;
	facts_reset(&facts);
	facts.base = FACT_OWN;
	return 0;
}

/* What was said: facts of all messages, by the dissector's own names. */
static inline const char *said(void)
{
	const struct message *m;
	size_t at = 0, n = 0;

	said_text[0] = '\0';
	while (facts_next(&facts, &at, &m)) {
		struct fact f;
		size_t in = 0;

		while (message_next(m, &in, &f)) {
			const char *name = f.id < FACT_OWN ? fact_def(f.id)->name : skype_dissector.facts[f.id - FACT_OWN].name;
			char value[FACT_BYTES_MAX + 1] = "", e[ENDPOINT_TEXT];

			if (f.type == FACT_UINT)
				snprintf(value, sizeof value, "=%llu", (unsigned long long)f.uint);
			else if (f.type == FACT_ENDPOINT)
				snprintf(value, sizeof value, "=%s", endpoint_text(&f.endpoint, e));
			else if (f.type == FACT_BYTES)
				snprintf(value, sizeof value, "=%.*s", (int)f.bytes.left, (const char *)f.bytes.at);
			n += (size_t)snprintf(said_text + n, sizeof said_text - n, "%s%s%s", n > 0 ? " " : "", name, value);
		}
	}
	return said_text;
}

static inline bool says(const char *what)
{
	return strstr(said(), what) != NULL;
}

/* At the edge of a page. *left: what was not consumed. */
static inline enum verdict show(const struct made *made, bool from_local, bool is_stream, bool gap, size_t *left)
{
	uint8_t *edge = edge_copy(made->b, made->n);
	struct packet p = {.ip_proto = is_stream ? IPPROTO_TCP : IPPROTO_UDP, .src = ends[from_local], .dst = ends[!from_local],
	    .payload = cur_of(edge, made->n), .payload_len = (uint32_t)made->n, .ts_ns = now_ns += 20000000,
	    .number = ++packet_number};
	struct input in = {.packet = &p, .from_local = from_local, .bytes = p.payload, .stream = is_stream, .gap = gap};
	size_t mark;

	facts_reset(&facts);
	facts.header = (struct message){.ts_ns = now_ns, .packet = packet_number, .from_local = from_local};
	mark = facts_mark(&facts);
	verdict = skype_dissector.dissect(&in, memory, &facts);
	if (verdict == V_NO)
		facts_rewind(&facts, mark);
	if (left != NULL)
		*left = in.bytes.left;
	edge_free(edge, made->n);
	return verdict;
}

static inline enum verdict datagram(struct made m, bool from_local)
{
	return show(&m, from_local, false, false, NULL);
}

#endif
