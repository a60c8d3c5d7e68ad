/* dhcp_make.h -- messages of DHCP for tests. */
#ifndef PW_DHCP_MAKE_H
#define PW_DHCP_MAKE_H

#include <stdint.h>
#include <string.h>

/* `options` in front of the end; returns the length. */
static inline size_t dhcp_make(uint8_t to[static 600], uint8_t op, uint32_t client, uint32_t given, const uint8_t *options, size_t n)
{
	static const uint8_t mac[] = {2, 0, 0x5e, 0x10, 0, 1}, cookie[] = {0x63, 0x82, 0x53, 0x63};

	memset(to, 0, 600);
	to[0] = op;
	to[1] = 1;
	to[2] = 6;
	for (unsigned i = 0; i < 4; i++) {
		to[12 + i] = (uint8_t)(client >> (24 - 8 * i));
		to[16 + i] = (uint8_t)(given >> (24 - 8 * i));
	}
	memcpy(to + 28, mac, 6);
	memcpy(to + 236, cookie, 4);
	memcpy(to + 240, options, n);
	to[240 + n] = 255;
	return 241 + n;
}

#endif
