/* sip_wire.h -- one SIP message (RFC 3261): its first line, the headers that are of use, and where its body is. */
#ifndef PW_SIP_WIRE_H
#define PW_SIP_WIRE_H

#include "line.h"

enum {
	SIP_LINE_MAX = 2048,		/* of a first line */
	SIP_HEADER_MAX = 16384, SIP_BODY_MAX = 32768, SIP_HEADERS = 128,
};

struct sip_message {
	struct cursor method;		/* a request's; empty: it is an answer */
	uint32_t status;		/* 100 to 699; 0: it is a request */
	struct cursor call_id, from, to, agent;	/* from, to: URIs, without name and parameters */
	struct cursor cseq_method;
	uint32_t cseq;
	struct endpoint contact;	/* port 0, address unspecified: none, or a name */
	bool has_via, has_length;
	bool proxied;			/* somebody between its sender and who we see handed it on: several Via, or Record-Route */
	uint32_t length;		/* Content-Length */
	size_t header_bytes;		/* up to the body */
	struct cursor body;		/* what there is of it */
};

enum sip_start {
	SIP_NO,
	SIP_PERHAPS,			/* its beginning fits, but the line is not whole */
	SIP_REQUEST,
	SIP_ANSWER,
};

/* What do these bytes begin with? */
enum sip_start sip_begins(const struct cursor *);

/* A message from its first line on. False: it is none, or lacks what every message has (Via, Call-ID, CSeq, From, To: three of
 * these at least). With its header whole; the body may be cut. */
bool sip_parse(struct sip_message *, struct cursor);

#endif
