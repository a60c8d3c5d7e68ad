/* made.h -- capture files made byte by byte, and what was read from them. */
#ifndef PW_MADE_H
#define PW_MADE_H

#include <stdio.h>

#include "../../../sensor/capture/format.h"
#include "../../test.h"

/* ---- writing */

struct made {
	size_t n, block;		/* bytes; where the open pcapng block starts */
	bool big;			/* byte order */
	uint8_t b[1 << 19];
};

static inline void put(struct made *m, const void *bytes, size_t n)
{
	assert_true(m->n + n <= sizeof m->b);
	if (n > 0)
		memcpy(m->b + m->n, bytes, n);
	m->n += n;
}

/* The low `size` bytes of v in the file's byte order. */
static inline void put_uint(struct made *m, uint64_t v, unsigned size)
{
	for (unsigned i = 0; i < size; i++) {
		uint8_t byte = (uint8_t)(v >> 8 * (m->big ? size - 1 - i : i));

		put(m, &byte, 1);
	}
}

static inline void put16(struct made *m, uint64_t v) { put_uint(m, v, 2); }
static inline void put32(struct made *m, uint64_t v) { put_uint(m, v, 4); }
static inline void put64(struct made *m, uint64_t v) { put_uint(m, v, 8); }

static inline void put_pcap_header(struct made *m, uint32_t magic, uint32_t link_type)
{
	put32(m, magic);
	put16(m, 2);
	put16(m, 4);
	put32(m, 0);
	put32(m, 0);
	put32(m, 65535);
	put32(m, link_type);
}

static inline void put_pcap_record(struct made *m, uint32_t s, uint32_t fraction, const void *bytes, uint32_t n)
{
	put32(m, s);
	put32(m, fraction);
	put32(m, n);
	put32(m, n);
	put(m, bytes, n);
}

static inline void block_begin(struct made *m, uint32_t type)
{
	m->block = m->n;
	put32(m, type);
	put32(m, 0);
}

static inline void block_end(struct made *m)
{
	uint32_t len;
	size_t end;

	while (m->n % 4 != 0)
		put(m, "", 1);
	len = (uint32_t)(m->n + 4 - m->block);
	put32(m, len);
	end = m->n;
	m->n = m->block + 4;
	put32(m, len);
	m->n = end;
}

static inline void put_option(struct made *m, uint16_t code, const void *value, uint16_t n)
{
	put16(m, code);
	put16(m, n);
	put(m, value, n);
	while (m->n % 4 != 0)
		put(m, "", 1);
}

static inline void put_section(struct made *m, bool big)
{
	m->big = big;
	block_begin(m, 0x0a0d0d0a);
	put32(m, 0x1a2b3c4d);
	put16(m, 1);
	put16(m, 0);
	put64(m, UINT64_MAX);
	block_end(m);
}

/* Leaves the block open for options. */
static inline void begin_interface(struct made *m, uint16_t link_type, uint32_t snaplen)
{
	block_begin(m, 1);
	put16(m, link_type);
	put16(m, 0);
	put32(m, snaplen);
}

static inline void put_interface(struct made *m, uint16_t link_type, const char *name)
{
	begin_interface(m, link_type, 0);
	if (name != NULL)
		put_option(m, 2, name, (uint16_t)strlen(name));
	block_end(m);
}

static inline void put_packet(struct made *m, uint32_t interface, uint64_t ticks, const void *bytes, uint32_t n, uint32_t length)
{
	block_begin(m, 6);
	put32(m, interface);
	put32(m, ticks >> 32);
	put32(m, ticks & UINT32_MAX);
	put32(m, n);
	put32(m, length);
	put(m, bytes, n);
	block_end(m);
}

/* ---- reading */

struct seen {
	unsigned n;
	struct frame frame[64];
	uint8_t first[64][16];		/* bytes of each */
	uint64_t sum;			/* of all bytes: touches every one */
};

static inline void see_one(struct seen *s, const struct frame *f)
{
	for (uint32_t i = 0; i < f->captured; i++)
		s->sum += f->bytes[i];
	if (s->n < 64) {
		s->frame[s->n] = *f;
		if (f->captured > 0)
			memcpy(s->first[s->n], f->bytes, f->captured < 16 ? f->captured : 16);
	}
	s->n++;
}

static inline void see(void *seen, const struct frame *f, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		see_one(seen, f + i);
}

struct reading {
	struct seen seen;
	struct counts counts;
	struct outlet out;
	char why[WHY_TEXT];
};

/* CAPTURE_FAILED if it cannot even be opened. */
static inline enum capture_state read_bytes(const struct format *format, const void *bytes, size_t n, struct reading *r)
{
	struct infile *in = infile_of_memory(bytes, n);
	enum capture_state state = CAPTURE_FAILED;
	void *reader;

	assert_non_null(in);
	memset(&r->seen, 0, sizeof r->seen);
	memset(&r->counts, 0, sizeof r->counts);
	r->why[0] = '\0';
	outlet_init(&r->out, "", NULL, &r->counts);
	r->out.handler = see;
	r->out.ctx = &r->seen;
	reader = format->open(in, &r->out, r->why);
	if (reader != NULL) {
		do
			state = format->read(reader, 7, r->why);
		while (state == CAPTURE_MORE);
		format->close(reader);	/* hands on what waits */
	}
	infile_close(in);
	return state;
}

/* ---- files */

static inline void write_file(const char *path, const void *bytes, size_t n)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* What the program writes to fd 2 between the two is caught, so that a test can look at it and the output stays clean. What cmocka
 * says meanwhile is not: from the first call on it has an fd of its own. */
static inline int stderr_catch(void)
{
	char path[] = "/tmp/pw-stderr-XXXXXX";
	int saved = dup(STDERR_FILENO), fd = mkstemp(path);

	assert_true(saved >= 0 && fd >= 0);
	if (fileno(stderr) == STDERR_FILENO) {
		stderr = fdopen(dup(STDERR_FILENO), "w");
		setvbuf(stderr, NULL, _IONBF, 0);
	}
	unlink(path);
	dup2(fd, STDERR_FILENO);
	close(fd);
	return saved;
}

static inline const char *stderr_release(int saved)
{
	static char text[8192];
	ssize_t n = pread(STDERR_FILENO, text, sizeof text - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	dup2(saved, STDERR_FILENO);
	close(saved);
	return text;
}

/* Not inline: gcc would follow `text` into freed or impossible places and warn. */
__attribute__((unused, noinline)) static bool text_has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

#define assert_has(text, part) \
	do { \
		if (!text_has(text, part)) \
			fail_msg("\"%s\" is not in \"%s\"", part, text); \
	} while (0)

#endif
