/* ranges.h -- for tests: is a byte in a dissector's ranges, as the sensor looks them up? */
#ifndef PW_RANGES_H
#define PW_RANGES_H

#include "../../dissectors/dissector.h"

static inline bool in_ranges(const struct byte_range range[BEGINS_MAX], uint8_t b)
{
	bool any = true;

	for (unsigned i = 0; i < BEGINS_MAX; i++) {
		if (range[i].to != 0 && b >= range[i].from && b <= range[i].to)
			return true;
		any = any && range[i].to == 0;
	}
	return any;
}

static inline bool in_udp_ranges(const struct dissector *d, const struct cursor *datagram)
{
	return in_ranges(d->udp, cur_peek_u8(datagram, 0)) && in_ranges(d->udp_third, cur_peek_u8(datagram, 2));
}

#endif
