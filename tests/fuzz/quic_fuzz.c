/* quic_fuzz.c -- the dissector on one flow; and, as nobody guesses a key, the same with frames that are protected here.
 *
 * Input: packets: one byte of flags, two of length, the bytes. They are a datagram as it stands, or the frames of an Initial.
 */
#include "../../dissectors/dissector.h"
#include "../../dissectors/quic_hello.h"
#include "../dissectors/quic_make.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

extern const struct dissector quic_dissector;

enum { FROM_LOCAL = 1, NESTED = 2, FRAMES = 4, VERSION_2 = 8, OTHER_KEYS = 16 };

static struct facts facts;
static _Alignas(16) uint8_t state[2][8192];

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct cursor c = cur_of(bytes, n);
	struct packet p = {.ts_ns = 1};
	struct quic_hello hello;

	quic_hello(c, &hello);
	memset(state, 0, sizeof state);
	facts.base = FACT_OWN;
	while (c.left > 3) {
		uint8_t flags = cur_u8(&c);
		size_t len = cur_u16(&c);
		struct cursor data = cur_take(&c, len < c.left ? len : c.left);
		struct bytes frames = {.n = 0};
		struct input in = {.packet = &p, .from_local = flags & FROM_LOCAL, .bytes = data, .nested = flags & NESTED};
		enum verdict v;

		if ((flags & FRAMES) != 0 && data.left < 2000) {
			put(&frames, data.at, data.left);
			frames = initial_of(flags & VERSION_2 ? 0x6b3343cf : 1, flags & OTHER_KEYS ? "12345678" : "87654321", 0, frames);
			in.bytes = cur_of(frames.b, frames.n);
		}
		p.payload = in.bytes;
		facts_reset(&facts);
		facts.header = (struct message){.nested = in.nested};
		if (!quic_dissector.first(&in.bytes))
			continue;
		v = quic_dissector.dissect(&in, state[in.nested], &facts);
		if (v == V_DONE)
			memset(state[in.nested], 0, sizeof state[0]);
		if (facts.cut || facts.n_inner > 0)
			abort();
	}
	return 0;
}
