/* source.h -- a kind of capture: what capture.c needs of it. A new one is a new file and its constructor. */
#ifndef PW_SOURCE_H
#define PW_SOURCE_H

#include "capture.h"
#include "infile.h"
#include "outlet.h"

struct source_ops {
	enum capture_state (*read)(struct capture *, unsigned budget);
	void (*free)(struct capture *);
	/* May be NULL: */
	enum capture_state (*finish)(struct capture *);
	void (*shut)(struct capture *);
	void (*mend)(struct capture *);
	int (*fd)(const struct capture *);
	void (*progress)(const struct capture *, uint64_t *read_bytes, uint64_t *total_bytes);
	void (*count_drops)(struct capture *);
	uint32_t (*ring_bytes)(const struct capture *);
};

/* The first member of every source. */
struct capture {
	const struct source_ops *ops;
	struct outlet out;
	char error[WHY_TEXT];
};

#endif
