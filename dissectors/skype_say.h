/* skype_say.h -- the facts of the Skype dissector, and what its parts remember of one flow. */
#ifndef PW_SKYPE_SAY_H
#define PW_SKYPE_SAY_H

#include "dissector.h"
#include "skype_wire.h"

enum skype_fact {
	SKYPE_FACT_REQUEST = FACT_OWN,
	SKYPE_FACT_ID,
	SKYPE_FACT_IV,
	SKYPE_FACT_LEN,
	SKYPE_FACT_BACK,
	SKYPE_FACT_REPEATED,
	SKYPE_FACT_NAK,
	SKYPE_FACT_PUBLIC,
	SKYPE_FACT_RESEND,
	SKYPE_FACT_FRAGMENT,
	SKYPE_FACT_SIGNALLING,
	SKYPE_FACT_MEDIA,
	SKYPE_FACT_MEDIA_PACKETS,
	SKYPE_FACT_OPENING,
	SKYPE_FACT_RING,
	SKYPE_FACT_LOGIN,
	SKYPE_FACT_LOGGED_IN,
	SKYPE_FACT_VERSION,
	SKYPE_FACT_AGENT,
	SKYPE_FACT_LISTENER,
	SKYPE_FACT_NAMED,
	SKYPE_FACT_END
};

/* --- datagrams --- */

enum { SKYPE_BODY = 24, SKYPE_ASKS = 2, SKYPE_NESTED_MOST = 64 };

enum skype_media {
	SKYPE_NO_MEDIA,
	SKYPE_CALL,
	SKYPE_FILE_OUT, SKYPE_FILE_IN,		/* mostly from the inside end, mostly to it */
	SKYPE_RELAYED_OUT, SKYPE_RELAYED_IN,	/* one way only: the other takes another way */
};

/* A request that may come again, or be answered. */
struct skype_ask {
	uint32_t iv, crc;
	uint16_t id, len;		/* len 0: none */
	uint8_t body[SKYPE_BODY];
};

struct skype_udp {
	struct skype_ask ask[2][SKYPE_ASKS];	/* by from_local */
	uint64_t media_bytes[2], media_last_ns;
	uint32_t media_packets[2], others, fitting;
	uint32_t nonce, nak_crc;	/* of the NAK seen last, and of the request that it refused */
	uint16_t nak_id, nak_len;
	uint16_t media_id;		/* of the media packet before */
	uint16_t moved;			/* how often it was another one */
	uint8_t variants;		/* bits 4 to 6 of media packets, a bit for each value */
	uint8_t next[2];		/* of ask[] */
	uint8_t nested_said;
	uint8_t media;			/* enum skype_media, as it was said */
	uint8_t doublings;
	bool nak, nak_from_local;
	bool said[2];			/* a request, by from_local */
	bool said_back, said_fragment, said_signalling, said_app;
};

enum verdict skype_datagram(struct input *, struct skype_udp *, struct facts *);

/* --- names --- */

enum { SKYPE_VERSION = 24 };

/* A question for "335.0.7.7.3.rst6.r.skype.net": the client's version backwards, and a number for its platform. The first is the
 * cheap test. */
bool skype_is_name(const struct cursor *);
bool skype_name(struct cursor, char version[static SKYPE_VERSION]);

/* --- streams --- */

struct skype_way {
	uint8_t messages;
	bool waiting;			/* what came first is not all here */
	bool short_ring;		/* an exchange with a slice too short to tell */
	bool stream;			/* one was said */
	uint16_t first_len;		/* of the message: bytes that came at once */
};

struct skype_tcp {
	struct skype_way way[2];	/* by from_local */
	bool ours;			/* something proved it */
	bool hello;			/* 16 03 01 00 00, */
	bool hello_from_local;		/* who said it, or the login */
	bool login, logged_in;
	bool http;			/* a request came first */
	bool said_app;
};

/* Could a connection begin with this stretch? */
bool skype_begins(const struct input *);
enum verdict skype_stretch(struct input *, struct skype_tcp *, struct facts *);

/* --- HTTP --- */

struct skype_web {
	struct cursor agent;		/* User-Agent that names it; empty: none */
	struct cursor version;		/* that was asked for, in a check for a newer one */
	bool check;
};

/* A request's head, from its first byte on, as far as it is here. False: nothing of Skype. */
bool skype_web(struct skype_web *, struct cursor head);
bool skype_is_web(const struct cursor *);	/* it begins as a request does, as far as it is here */
/* What its listener answers to any request: a status line and nothing else. */
bool skype_is_listener(const struct cursor *);

#endif
