/* bittorrent_dht.h -- one datagram of BitTorrent's distributed hash table: KRPC (BEP 5, 32, 44, 51). */
#ifndef PW_BITTORRENT_DHT_H
#define PW_BITTORRENT_DHT_H

#include "../sensor/base/addr.h"
#include "../sensor/base/cursor.h"

enum { BT_ID = 20 };		/* bytes of node ids and of info-hashes */

enum krpc_kind { KRPC_NONE, KRPC_QUERY, KRPC_ANSWER, KRPC_ERROR };

/* Borrows the datagram. */
struct krpc {
	enum krpc_kind kind;
	bool cut;			/* only its beginning is there: kind is sure, nothing else is known */
	struct cursor method;		/* query: "ping", "find_node", "get_peers", "announce_peer", ... */
	struct cursor transaction;
	struct cursor id;		/* of the node that speaks */
	struct cursor info_hash;	/* query: what it asks about */
	struct cursor values;		/* answer: the list of peers, as it stands */
	struct cursor client;		/* "LT", "UT", ... and a version */
};

/* Can this datagram be one? */
bool krpc_begins(const struct cursor *);
/* KRPC_NONE if it is none. `cut`: the datagram was captured short. */
enum krpc_kind krpc_parse(struct krpc *, struct cursor datagram, bool cut);
/* The next string of `values` (*list starts as a copy of it); false at the end. */
bool krpc_value(struct cursor *list, struct cursor *one);

/* 4 + 2 or 16 + 2 bytes: an address and a port, as trackers, tables and extensions write them. */
bool bt_compact(struct cursor, struct endpoint *);

#endif
