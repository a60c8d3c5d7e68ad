/* bittorrent_peer.h -- what two BitTorrent peers say to each other over TCP or uTP: handshake (BEP 3), extensions (BEP 10), and the
 * hole-punch extension (BEP 55).
 */
#ifndef PW_BITTORRENT_PEER_H
#define PW_BITTORRENT_PEER_H

#include "bittorrent_dht.h"

enum {
	BT_HANDSHAKE_MOST = 68,
	BT_HANDSHAKE_LEAST = 48,	/* without the peer id, which may follow later */
	BT_MESSAGE_MOST = 4096,		/* longer ones are of no interest */
};

struct bt_handshake {
	struct cursor info_hash, peer_id;	/* peer_id: empty if it is not there */
};

/* Do these bytes begin a handshake, as far as they go? At least one is needed. */
bool bt_handshake_begins(const struct cursor *);
/* Take a handshake off the front. False: there is none, or not enough of it; nothing is taken. */
bool bt_handshake_take(struct bt_handshake *, struct cursor *);
/* Where one begins in these bytes; their length if nowhere. */
size_t bt_handshake_find(struct cursor);

/* What an end says of itself in the extension handshake. */
struct bt_extensions {
	struct cursor client;		/* "Transmission 3.00" */
	uint16_t port;			/* where it listens; 0: not said */
	uint8_t holepunch;		/* the number under which it wants hole-punch messages; 0: none */
};

enum bt_punch { PUNCH_NONE, PUNCH_RENDEZVOUS, PUNCH_CONNECT, PUNCH_ERROR };

/* One end's stream of messages, after its handshake. Zeroed: at its start. */
struct bt_walk {
	uint32_t skip;			/* bytes of a message that are still to come and of no interest */
	uint32_t seen;			/* bytes walked over */
};

enum bt_next { BT_NEXT_MORE, BT_NEXT_EXTENDED, BT_NEXT_LOST };

/* The next extended message: *number and its bytes. MORE: the rest is yet to come. LOST: these are no messages. */
enum bt_next bt_walk_next(struct bt_walk *, struct cursor *, uint8_t *number, struct cursor *body);

bool bt_extensions_parse(struct bt_extensions *, struct cursor body);
enum bt_punch bt_punch_parse(struct cursor body, struct endpoint *peer);
const char *bt_punch_name(enum bt_punch);

/* Eight characters of a peer id that name the client ("-TR3000-"); false if they do not. */
bool bt_client(struct cursor peer_id, struct cursor *name);

#endif
