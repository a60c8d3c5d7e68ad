/* ticks.h -- when time is looked at: not for each packet, but for the first frame of each 67 ms of packet time.
 *
 * What is due is due at a frame's place in the capture, whoever looks at that frame: so several workers end flows where one
 * does. A stamp that is a little early (up to a minute) changes nothing; what that is worth table.h decides.
 */
#ifndef PW_TICKS_H
#define PW_TICKS_H

#include <stdbool.h>
#include <stdint.h>

#define TICKS_EVERY_NS (UINT64_C(1) << 26)
#define TICKS_BACK_NS (60 * UINT64_C(1000000000))

struct ticks {
	uint64_t last_ns;	/* stamp of the frame that ticked last */
	bool started;
};

/* Does this frame's stamp tick? */
static inline bool ticks_at(struct ticks *t, uint64_t ts_ns)
{
	uint64_t since = ts_ns - t->last_ns;

	if ((since < TICKS_EVERY_NS || since > UINT64_MAX - TICKS_BACK_NS) && t->started)
		return false;
	t->started = true;
	t->last_ns = ts_ns;
	return true;
}

#endif
