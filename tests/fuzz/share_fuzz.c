/* share_fuzz.c -- a frame that is shared out to one worker gives packets of that worker's alone, and no fragment; whoever gets a frame
 * that is for all counts it once.
 *
 * Link type (a row), bytes that the capture cut off, the frame.
 */
#include "../../sensor/decode/decode.h"
#include "../../sensor/decode/share.h"

#include <stdlib.h>
#include <string.h>

enum { WORKERS = 5 };

static void must(bool claim)
{
	if (!claim)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const uint16_t link_types[] = {1, 1, 101, 113, 276, 228, 229, 9};
	static const struct decode_settings settings = {.fragments = 4, .fragment_timeout_s = 1, .tunnel_depth = 3};
	static struct decoder *alone, *each[WORKERS];
	static struct counts counts, all;
	static struct frame frame = {.ts_ns = 1700000000000000000};
	static struct team team = {.n = WORKERS, .key = {{0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb}}};
	struct packet out[DECODE_MAX];
	unsigned found, mine = 0;
	int whose;

	if (alone == NULL) {
		alone = decoder_new(&settings, &counts);
		for (unsigned i = 0; i < WORKERS; i++)
			each[i] = decoder_new(&settings, &all);
	}
	if (n < 2)
		return 0;
	memset(&counts, 0, sizeof counts);
	memset(&all, 0, sizeof all);
	frame.ts_ns += 3600000000000;
	frame.number++;
	frame.link_type = link_types[bytes[0] % 8];
	frame.bytes = bytes + 2;
	frame.captured = (uint32_t)(n - 2);
	frame.length = frame.captured + bytes[1];
	whose = share_frame(&team, &frame);
	must(whose >= SHARE_ALL && whose < WORKERS);
	found = decode_frame(alone, &frame, out);
	for (unsigned i = 0; i < found && whose != SHARE_ALL; i++)
		must(team_owner(&team, &out[i].src.addr, &out[i].dst.addr) == (unsigned)whose);
	must(whose == SHARE_ALL || counts.n[COUNT_FRAG_SEEN] == 0);
	if (whose != SHARE_ALL)
		return 0;
	for (unsigned i = 0; i < WORKERS; i++) {
		team.me = i;
		mine += decode_common(each[i], &team, &frame, out);
	}
	must(mine == found);
	must(memcmp(&counts, &all, sizeof all) == 0);
	return 0;
}
