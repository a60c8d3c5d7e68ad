/* stun_say.h -- from one parsed message to facts: what kind of message it is, what it tells, whose dialect it is. */
#ifndef PW_STUN_SAY_H
#define PW_STUN_SAY_H

#include "../sensor/facts/facts.h"
#include "stun_attr.h"
#include "stun_tx.h"

/* The dissector's own facts, for signatures. */
enum stun_fact {
	STUN_FACT_TYPE = FACT_OWN,
	STUN_FACT_METHOD,
	STUN_FACT_CLASS,
	STUN_FACT_LENGTH,
	STUN_FACT_TRAILING,
	STUN_FACT_UNPADDED,
	STUN_FACT_FRAMING,
	STUN_FACT_ATTR,
	STUN_FACT_ATTR_ORDER,
	STUN_FACT_ATTR_UNKNOWN,
	STUN_FACT_ID_BASE64,
	STUN_FACT_INTEGRITY,
	STUN_FACT_USERNAME_LENGTHS,
	STUN_FACT_TRANSPORT,
	STUN_FACT_NETWORK_COST,
	STUN_FACT_MS_APP,
	STUN_FACT_MS_VERSION,
	STUN_FACT_MS_IMPLEMENTATION,
	STUN_FACT_META_TOKEN_BYTES,
	STUN_FACT_RELAY_BULK,
	STUN_FACT_RELAY_STREAM,
	STUN_FACT_END
};

extern const struct fact_def stun_fact_defs[STUN_FACT_END - FACT_OWN];

/* What the flow knows about a message that stands in no attribute. */
struct stun_context {
	struct cursor datagram;		/* that the message was parsed from */
	const char *framing;		/* how it was framed, or NULL */
	enum stun_match match;		/* answers */
	bool repeated;			/* the request or answer was seen before */
	enum stun_kind kind;		/* of a request; of an answer: its request's, or what it looks like */
	uint64_t rtt_us;
	bool shared;			/* it came through a relay that many share */
	const char *app;		/* FACT_FLOW_APP, or NULL if that was said before */
	const struct endpoint *relay;	/* the address that the request said it wants on the relay (Meta), or NULL */
};

/* What a request is for; for an answer, what the request must have been for by its looks. */
enum stun_kind stun_kind(const struct stun_message *);

/* Does this message belong to the conversation of a client with its relay? */
bool stun_is_turn(const struct stun_message *);

/* The peers behind the relay that a message names: fills up to `room`, returns how many. */
unsigned stun_peers(const struct stun_message *, struct endpoint *to, unsigned room);

/* Say everything about a message: one message of facts (facts_begin was called for it). */
void stun_say(struct facts *, const struct stun_message *, const struct stun_context *);

/* Only the message as text, for facts->detail: stun_say() does it by itself. */
void stun_say_detail(struct facts *, const struct stun_message *);

/* Whose dialect the bytes of this message show; NULL if they show none. */
const char *stun_dialect(const struct stun_message *);

#endif
