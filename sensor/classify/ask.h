/* ask.h -- a packet's bytes are shown to the dissectors, and what they say becomes facts of the flow.
 *
 * Datagrams: every dissector whose cheap test of the first bytes passes is asked, each time: a multiplexed socket may turn to
 * another protocol at any moment. Streams: the ones that have not said V_NO are asked for each stretch. What a V_NO said is
 * forgotten. The flow is introduced (FLOW_NEW) before the first thing that is said about it.
 */
#ifndef PW_ASK_H
#define PW_ASK_H

#include "../base/macs.h"
#include "../flow/stream.h"
#include "../flow/table.h"
#include "holds.h"
#include "opening.h"

struct asker;

/* Signatures (may be NULL) are borrowed: what they want of a flow's first bytes; openings: these are said of every flow. `deliver` is called when the batch of facts should be emptied. */
struct asker *asker_new(const struct flow_settings *, const struct dissector *const *list, const struct signatures *, bool openings,
    struct table *, struct macs *, struct facts *, struct counts *, void (*deliver)(void *ctx), void *ctx);
/* Others from now on. */
void asker_use(struct asker *, const struct signatures *);
void asker_free(struct asker *);

/* A datagram with payload. True: a dissector claimed it, and it is no application data. */
bool ask_datagram(struct asker *, struct flow *, const struct packet *, unsigned from);
/* Any TCP packet. Counts the flow's data, as far as no dissector does. */
void ask_segment(struct asker *, struct flow *, const struct packet *, unsigned from);

/* Set facts->header for the flow, and introduce it if nothing was said about it yet. p: NULL at its end. */
void ask_speak(struct asker *, struct flow *, const struct packet *p, unsigned from, uint64_t ts_ns, uint64_t number);
/* The flow is over: states and stream are given back, undecided segments were data. */
/* Will anything of the flow but its totals be needed for this packet? */
bool ask_needs(const struct flow *, const struct packet *);
/* Have the memory fetched that the flow's dissectors will ask for. */
void ask_fetch(const struct asker *, const struct flow *, const struct packet *);
void ask_end(struct asker *, struct flow *);

#endif
