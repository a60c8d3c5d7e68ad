/* bittorrent_made.h -- for tests: BitTorrent's datagrams, byte by byte. */
#ifndef PW_BITTORRENT_MADE_H
#define PW_BITTORRENT_MADE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define BT_NODE "abcdefghij0123456789"
#define BT_HASH "mnopqrstuvwxyz123456"
#define BT_HASH_HEX "6d6e6f707172737475767778797a313233343536"
#define BT_SHAKE "\x13" "BitTorrent protocol" "\0\0\0\0\0\x10\0\0" BT_HASH "-UT1610-abcdefghijkl"

struct bt_made {
	uint8_t b[256];
	size_t n;
};

static inline struct bt_made bt_utp(unsigned type, unsigned connection, uint32_t us, unsigned sequence, unsigned acknowledged,
    const void *payload, size_t n)
{
	struct bt_made m = {.b = {(uint8_t)(type << 4 | 1), 0, (uint8_t)(connection >> 8), (uint8_t)connection, (uint8_t)(us >> 24),
	    (uint8_t)(us >> 16), (uint8_t)(us >> 8), (uint8_t)us, 0, 0, 0, 0, 0, 16, 0, 0, (uint8_t)(sequence >> 8),
	    (uint8_t)sequence, (uint8_t)(acknowledged >> 8), (uint8_t)acknowledged}, .n = 20 + n};

	if (n > 0)
		memcpy(m.b + 20, payload, n);
	return m;
}

#endif
