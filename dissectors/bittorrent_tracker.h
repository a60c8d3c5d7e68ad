/* bittorrent_tracker.h -- how a BitTorrent client finds others: trackers over UDP (BEP 15) and HTTP (BEP 3, 23), web seeds, and the
 * search in its own network (BEP 14).
 */
#ifndef PW_BITTORRENT_TRACKER_H
#define PW_BITTORRENT_TRACKER_H

#include "bittorrent_dht.h"

enum udp_tracker_kind { TRACKER_NONE, TRACKER_CONNECT, TRACKER_ANNOUNCE, TRACKER_SCRAPE, TRACKER_ANSWER };

struct udp_tracker {			/* what is remembered of a flow; zeroed: nothing */
	uint64_t connection;		/* given by the tracker */
	uint32_t transaction;		/* of the last request */
	uint8_t asked;			/* enum udp_tracker_kind of the last request */
	bool from_local;		/* who asks */
	bool connected;
};

struct udp_tracker_message {
	enum udp_tracker_kind kind;
	struct cursor info_hash, peer_id;	/* announce */
	struct cursor peers;			/* answer: address and port each, peer_size bytes */
	size_t peer_size;
};

/* The next datagram of a flow. */
enum udp_tracker_kind udp_tracker_next(struct udp_tracker *, struct udp_tracker_message *, struct cursor, bool from_local,
    bool v6);
bool udp_tracker_connects(const struct cursor *);	/* a request to connect: all that a flow can begin with */

/* An HTTP request whose target names a torrent. */
struct bt_http {
	const char *what;		/* "announce", "scrape", "webseed"; NULL: none of these */
	uint8_t info_hash[BT_ID];
	uint16_t port;			/* where the client listens; 0: not said */
};

bool bt_http_begins(const struct cursor *);
/* What the first line of the request says; false while the line is not there as a whole. */
bool bt_http_parse(struct bt_http *, struct cursor);

/* Local search: a datagram to a multicast group. */
struct bt_search {
	struct cursor info_hash;	/* in hexadecimal; the first one */
	uint16_t port;
};

bool bt_search_begins(const struct cursor *);
bool bt_search_parse(struct bt_search *, struct cursor);

#endif
