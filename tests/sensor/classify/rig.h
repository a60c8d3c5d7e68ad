/* rig.h -- a classify stage with made-up dissectors, and what it says. */
#ifndef PW_TEST_RIG_H
#define PW_TEST_RIG_H

#include "../../test.h"

#include "../../../sensor/classify/classify.h"
#include "../packets.h"

struct rig {
	struct settings settings;
	struct counts counts;
	const struct signatures *signatures;	/* borrowed; NULL unless a test sets it before rig_start() */
	struct classify *classify;
	struct said said;
};

/* Settings may be changed between rig_new() and rig_start(). */
static inline struct rig *rig_new(void)
{
	struct rig *r = calloc(1, sizeof *r);

	test_settings(&r->settings);
	return r;
}

static inline void rig_start(struct rig *r, const struct dissector *const *list)
{
	r->classify = classify_new(&r->settings, list, r->signatures, &r->counts, said_sink, &r->said);
}

static inline void rig_free(struct rig *r)
{
	classify_free(r->classify);
	free(r);
}

static inline void show(struct rig *r, struct packet p)
{
	classify_time(r->classify, p.ts_ns, p.number);
	classify_packets(r->classify, &p, 1);
	classify_deliver(r->classify);
}

/* What was said since the last time. */
#define assert_said(r, want) \
	do { \
		assert_string_equal((r)->said.text, want); \
		said_clear(&(r)->said); \
	} while (0)

#endif
