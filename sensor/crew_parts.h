/* crew_parts.h -- inside the crew: what crew.c and merge.c know of each other. */
#ifndef PW_CREW_PARTS_H
#define PW_CREW_PARTS_H

#include "base/meter.h"
#include "base/team.h"
#include "base/ticks.h"
#include "crew.h"
#include "edition.h"
#include "ring.h"
#include "worker.h"

#include <pthread.h>
#include <stdatomic.h>

/* In a worker's ring: a lot is a row of items, which is read ahead of itself because it is one, and then the frames' bytes. */
enum item_kind { ITEM_FRAME, ITEM_COMMON, ITEM_TICK, ITEM_ADVANCE, ITEM_LAST };

struct item {
	uint64_t ts_ns, number;
	struct team_clock clock;
	uint32_t captured, length;
	uint16_t link_type, interface;
	uint8_t kind;
	uint8_t pad[3];
	uint32_t at;		/* among the bytes */
};

struct lot {
	uint64_t upto;		/* number of the last frame that was read before the lot went */
	uint32_t items;
	uint32_t used;		/* of the bytes */
	struct item item[];	/* room for LOT_ITEMS; the bytes follow */
};

/* In the correlator's rings. Places never go back in one. */
enum saying_kind { SAYING_FACTS, SAYING_MARK, SAYING_TIME, SAYING_END };

struct saying {
	struct facts_place place;	/* FACTS: theirs; else: nothing that comes before this will follow */
	uint64_t now_ns;		/* TIME */
	uint32_t kind, used;		/* FACTS: so many bytes follow */
};

struct member {
	struct crew *crew;
	struct worker *worker;
	struct ring *lots, *said;
	struct seat *seat;		/* NULL: nothing changes */
	struct meter *meter;
	unsigned lots_taken;
	uint64_t times;			/* so often time has gone on without a frame: makes places that grow */
	pthread_t thread;
	bool runs;
	struct team team;
	struct counts counts;
	/* the reader's */
	struct lot *lot;		/* being filled, in the ring; NULL: none */
	size_t lot_room;
	uint64_t told;			/* upto, of the last lot */
	/* where it is: 4 x frame number + packet of the frame */
	_Alignas(64) _Atomic uint64_t at;
};

struct crew {
	unsigned n;
	struct guesses *guesses;
	struct settings settings;	/* one worker's */
	struct hash_key key;
	/* the reader's */
	struct ticks ticks;
	struct team_clock clock;
	uint64_t window_ns;		/* in which duplicates are looked for */
	uint64_t last_ns, last_number;
	bool finished;
	unsigned waiting;		/* frames in lots that have not gone */
	struct member member[];
};

#endif
