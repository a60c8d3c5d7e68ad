/* report.c -- see report.h. */
#include "report.h"

void report_header(struct facts *facts, const struct flow *f, uint64_t id, unsigned from, uint64_t ts_ns, uint64_t packet)
{
	unsigned local = flow_local(f);

	facts->header = (struct message){
		.ts_ns = ts_ns, .packet = packet, .flow_id = id, .flow_start_ns = f->start_ns,
		.local = {f->addr[local], f->port[local]},
		.remote = {f->addr[!local], f->port[!local]},
		.ip_proto = f->ip_proto,
		.side = f->bits & FLOW_SIDE,
		.from_local = from == local,
		.local_first = flow_first(f) == local,
		.two_way = f->packets[0] > 0 && f->packets[1] > 0,
	};
}

void report_new(struct facts *facts, const struct flow *f, const struct packet *p, const struct macs *macs)
{
	const uint8_t *mac;

	facts_begin(facts);
	fact_flag(facts, FACT_FLOW_NEW);
	if (p == NULL)
		return;
	fact_uint(facts, FACT_FLOW_INTERFACE, p->interface);
	mac = endpoint_equal(&p->src, &facts->header.local) ? p->src_mac : p->dst_mac;
	if ((f->bits & FLOW_SIDE) != SIDE_TRANSIT && p->has_mac && macs_host(macs, mac))
		fact_bytes(facts, FACT_HOST_MAC, cur_of(mac, 6));
	/* The innermost is the host's: an outer one may be the mirror's own (RSPAN). */
	if (p->n_vlans > 0 && p->n_vlans <= 2)
		fact_uint(facts, FACT_HOST_VLAN, p->vlan[p->n_vlans - 1]);
}

void report_card(struct facts *facts, const struct packet *p, const uint8_t mac[static 6], const struct addr *a, bool inside)
{
	struct endpoint at = {.addr = *a};

	facts->header = (struct message){.ts_ns = p->ts_ns, .packet = p->number, .local = p->src, .remote = p->dst,
	    .ip_proto = p->ip_proto, .side = SIDE_TRANSIT};
	facts->proxied = false;
	facts_begin(facts);
	fact_bytes(facts, FACT_CARD, cur_of(mac, 6));
	fact_endpoint(facts, FACT_CARD_AT, &at);
	if (!inside)
		fact_flag(facts, FACT_CARD_OUTSIDE);
}

static void flow_totals(struct facts *facts, const struct flow *f)
{
	unsigned local = flow_local(f);

	fact_uint(facts, FACT_DATA_OUT_PACKETS, f->data_packets[local]);
	fact_uint(facts, FACT_DATA_OUT_BYTES, f->data_bytes[local]);
	fact_uint(facts, FACT_DATA_IN_PACKETS, f->data_packets[!local]);
	fact_uint(facts, FACT_DATA_IN_BYTES, f->data_bytes[!local]);
	fact_uint(facts, FACT_FLOW_PACKETS_OUT, f->packets[local]);
	fact_uint(facts, FACT_FLOW_PACKETS_IN, f->packets[!local]);
	fact_uint(facts, FACT_FLOW_BYTES_OUT, f->bytes[local]);
	fact_uint(facts, FACT_FLOW_BYTES_IN, f->bytes[!local]);
	fact_uint(facts, FACT_FLOW_LAST_NS, f->last_ns);
}

void report_totals(struct facts *facts, const struct flow *f)
{
	facts_begin(facts);
	flow_totals(facts, f);
}

void report_crossed(struct facts *facts)
{
	facts_begin(facts);
	fact_flag(facts, FACT_FLOW_CROSSED);
}

void report_unreachable(struct facts *facts, unsigned code)
{
	facts_begin(facts);
	fact_uint(facts, FACT_FLOW_UNREACHABLE, code);
}

void report_end(struct facts *facts, const struct flow *f, const char *reason)
{
	facts_begin(facts);
	fact_text(facts, FACT_FLOW_END, reason);
	flow_totals(facts, f);
}
