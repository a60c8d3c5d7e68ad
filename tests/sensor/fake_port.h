/* fake_port.h -- a mirror port that needs no rights: frames made here, as fast as they are taken, and then silence. A host asks a STUN
 * server and is answered, each from an address of its own: so many sessions as there are hosts.
 */
#ifndef FAKE_PORT_H
#define FAKE_PORT_H

#include "../../sensor/capture/source.h"
#include "../test.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <time.h>

struct fake_port {
	struct capture capture;
	int fd;				/* readable while there are frames */
	unsigned hosts;
	atomic_uint at;			/* frames so far: two a host */
	unsigned each_ms;		/* so many frames a millisecond, about; 0: as fast as it goes */
	uint64_t began_ns;
	uint8_t frame[128];
};

static inline uint64_t fake_port_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline void fake_port_put16(uint8_t *to, unsigned v)
{
	to[0] = (uint8_t)(v >> 8);
	to[1] = (uint8_t)v;
}

/* The query of host n, or its answer. */
static inline void fake_port_frame(struct fake_port *p, struct frame *f)
{
	unsigned host = p->at / 2, answer = p->at % 2;
	uint8_t *b = p->frame;
	size_t n = unhex(answer ? "0101000c2112a442 0102030405060708090a0b0c 00200008 0001 e242 e7 76 c0 43" :
	    "000100002112a442 0102030405060708090a0b0c", b + 42, sizeof p->frame - 42);
	const uint8_t inside[4] = {10, (uint8_t)(1 + (host >> 16)), (uint8_t)(host >> 8), (uint8_t)host}, outside[4] = {203, 0, 113, 3};

	memcpy(b, (const uint8_t[]){2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0}, 16);
	memset(b + 16, 0, 26);
	fake_port_put16(b + 16, (unsigned)n + 28);
	fake_port_put16(b + 18, p->at);
	b[22] = 64;
	b[23] = 17;
	memcpy(b + 26, answer ? outside : inside, 4);
	memcpy(b + 30, answer ? inside : outside, 4);
	fake_port_put16(b + 34, answer ? 3478 : 50000);
	fake_port_put16(b + 36, answer ? 50000 : 3478);
	fake_port_put16(b + 38, (unsigned)n + 8);
	*f = (struct frame){.ts_ns = fake_port_now(), .bytes = b, .captured = (uint32_t)n + 42, .length = (uint32_t)n + 42, .link_type = 1};
}

static inline enum capture_state fake_port_read(struct capture *c, unsigned budget)
{
	struct fake_port *p = (struct fake_port *)c;
	uint64_t due = p->hosts * 2ull;
	struct frame f;

	if (p->each_ms > 0)
		due = (fake_port_now() - p->began_ns) / 1000000 * p->each_ms;
	for (unsigned i = 0; i < budget && p->at < p->hosts * 2 && p->at < due; i++, p->at++) {
		fake_port_frame(p, &f);
		outlet_frame(&c->out, &f);
		outlet_settle(&c->out);
	}
	return CAPTURE_MORE;
}

static inline int fake_port_fd(const struct capture *c)
{
	return ((const struct fake_port *)c)->fd;
}

static inline void fake_port_free(struct capture *c)
{
	close(((struct fake_port *)c)->fd);
	free(c);
}

/* From any thread: everything has been taken. */
static inline bool fake_port_done(const struct capture *c)
{
	const struct fake_port *p = (const struct fake_port *)c;

	return p->at == p->hosts * 2;
}

static inline struct capture *fake_port_new(unsigned hosts, unsigned each_ms, struct counts *counts)
{
	static const struct source_ops ops = {.read = fake_port_read, .free = fake_port_free, .fd = fake_port_fd};
	struct fake_port *p = calloc(1, sizeof *p);

	p->capture.ops = &ops;
	p->hosts = hosts;
	p->each_ms = each_ms;
	p->began_ns = fake_port_now();
	p->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	outlet_init(&p->capture.out, "fake0", NULL, counts);
	return &p->capture;
}

#endif
