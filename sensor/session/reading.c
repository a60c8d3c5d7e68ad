/* reading.c -- see reading.h. */
#include "reading.h"

static void read_uint(struct reading *r, unsigned id, uint64_t v)
{
	switch (id) {
	case FACT_FLOW_PACKETS_OUT: r->flow_packets[OUT] = v; break;
	case FACT_FLOW_PACKETS_IN: r->flow_packets[IN] = v; break;
	case FACT_FLOW_BYTES_OUT: r->flow_bytes[OUT] = v; break;
	case FACT_FLOW_BYTES_IN: r->flow_bytes[IN] = v; break;
	case FACT_FLOW_LAST_NS: r->flow_last_ns = v; break;
	case FACT_FLOW_INTERFACE: r->interface = v; break;
	case FACT_FLOW_UNREACHABLE: r->unreachable = v; break;
	case FACT_HOST_VLAN: r->vlan = v; break;
	case FACT_DATA_OUT_PACKETS: r->data_packets[OUT] = v; break;
	case FACT_DATA_OUT_BYTES: r->data_bytes[OUT] = v; break;
	case FACT_DATA_IN_PACKETS: r->data_packets[IN] = v; break;
	case FACT_DATA_IN_BYTES: r->data_bytes[IN] = v; break;
	case FACT_STUN_ERROR: r->error = v; break;
	case FACT_TURN_REFUSED: r->refused = v; break;
	default: break;
	}
}

static void read_endpoint(struct reading *r, unsigned id, const struct endpoint *e)
{
	switch (id) {
	case FACT_STUN_MAPPED: r->mapped = *e; break;
	case FACT_STUN_OTHER: r->other = *e; break;
	case FACT_TURN_ALLOCATED: r->allocated = *e; break;
	case FACT_PEER: r->peer = *e; break;
	case FACT_PROXY_TARGET: r->target = *e; break;
	case FACT_TURN_PEER:
		if (r->n_peers < READING_PEERS)
			r->peers[r->n_peers++] = *e;
		break;
	default: break;
	}
}

static void read_bytes(struct reading *r, unsigned id, struct cursor c)
{
	switch (id) {
	case FACT_FLOW_END: r->ended = c; break;
	case FACT_FLOW_APP: r->app = c; break;
	case FACT_HOST_MAC: r->mac = c; break;
	case FACT_ICE_USERNAME: r->username = c; break;
	case FACT_SOFTWARE: r->software = c; break;
	case FACT_REALM: r->realm = c; break;
	case FACT_DIALECT: r->dialect = c; break;
	default: break;
	}
}

void reading_of(struct reading *r, const struct message *m)
{
	struct fact f;
	size_t at = 0;

	memset(r, 0, sizeof *r);
	r->m = m;
	while (message_next(m, &at, &f)) {
		if (f.id >= FACT_CORE_N) {
			if (f.id < FACTS_MAX)
				r->own[f.id / 64] |= 1ULL << f.id % 64;
			continue;
		}
		r->has[f.id / 64] |= 1ULL << f.id % 64;
		if (f.type == FACT_UINT)
			read_uint(r, f.id, f.uint);
		else if (f.type == FACT_ENDPOINT)
			read_endpoint(r, f.id, &f.endpoint);
		else if (f.type == FACT_BYTES)
			read_bytes(r, f.id, f.bytes);
	}
}
