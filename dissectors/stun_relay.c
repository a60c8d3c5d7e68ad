/* stun_relay.c -- see stun_relay.h. */
#include "stun_relay.h"

enum { SAY_EVERY_NS = 1000000000 };

const struct endpoint stun_nobody = {.addr = {{[10] = 0xff, [11] = 0xff}}};

void stun_relay_bind(struct stun_relay *r, uint16_t channel, const struct endpoint *peer)
{
	unsigned i;

	for (i = 0; i < STUN_CHANNELS; i++)
		if (r->channel[i].number == channel)
			break;
	if (i == STUN_CHANNELS) {
		i = r->next_channel;
		r->next_channel = (uint8_t)((i + 1) % STUN_CHANNELS);
	}
	r->channel[i].number = channel;
	r->channel[i].peer = *peer;
}

const struct endpoint *stun_relay_channel(const struct stun_relay *r, uint16_t channel)
{
	for (unsigned i = 0; i < STUN_CHANNELS; i++)
		if (r->channel[i].number == channel)
			return &r->channel[i].peer;
	return &stun_nobody;
}

static int find(const struct stun_relay *r, const struct endpoint *peer)
{
	for (int i = 0; i < STUN_PEERS; i++)
		if (r->peer[i].used && endpoint_equal(&r->peer[i].peer, peer))
			return i;
	return -1;
}

bool stun_relay_is_new(const struct stun_relay *r, bool from_local, const struct endpoint *peer)
{
	int i = find(r, peer);

	return i < 0 || r->peer[i].packets[from_local] == 0;
}

static struct stun_relayed *room_for(struct stun_relay *r, const struct endpoint *peer)
{
	struct stun_relayed *p = &r->peer[0];

	for (unsigned i = 0; i < STUN_PEERS; i++) {
		if (!r->peer[i].used) {
			p = &r->peer[i];
			break;
		}
		if (r->peer[i].last_ns < p->last_ns)
			p = &r->peer[i];
	}
	*p = (struct stun_relayed){.peer = *peer, .used = true};
	return p;
}

/* True if the totals are worth saying now. */
static bool add(struct stun_relayed *p, bool from_local, size_t bytes, uint64_t ts_ns)
{
	p->packets[from_local]++;
	p->bytes[from_local] += bytes;
	p->last_ns = ts_ns;
	if (p->packets[from_local] > 2 && ts_ns < p->said_ns + SAY_EVERY_NS)
		return false;
	p->said_ns = ts_ns;
	return true;
}

static void say(const struct stun_relayed *p, struct facts *f, bool relayed)
{
	facts_begin(f);
	if (relayed)
		fact_endpoint(f, FACT_PEER, &p->peer);
	fact_uint(f, FACT_DATA_OUT_PACKETS, p->packets[true]);
	fact_uint(f, FACT_DATA_OUT_BYTES, p->bytes[true]);
	fact_uint(f, FACT_DATA_IN_PACKETS, p->packets[false]);
	fact_uint(f, FACT_DATA_IN_BYTES, p->bytes[false]);
}

struct stun_relayed *stun_relay_data(struct stun_relay *r, struct facts *f, bool from_local, const struct endpoint *peer, size_t bytes,
    uint64_t ts_ns)
{
	struct stun_relayed *p;
	int i;

	if (bytes == 0)
		return NULL;
	i = find(r, peer);
	p = i >= 0 ? &r->peer[i] : room_for(r, peer);
	if (add(p, from_local, bytes, ts_ns))
		say(p, f, true);
	return p;
}

void stun_direct_data(struct stun_relayed *p, struct facts *f, bool from_local, size_t bytes, uint64_t ts_ns)
{
	if (bytes > 0 && add(p, from_local, bytes, ts_ns))
		say(p, f, false);
}
