/* dhcp.c -- which inside host has which name and address, as the hosts and their DHCP server say. What is said is about names, not about
 * the flow.
 */
#include "dissector.h"
#include "dhcp_wire.h"

#include <netinet/in.h>

enum { PORT_SERVER = 67, PORT_CLIENT = 68 };

/* The ports of either way, also of a relay agent that speaks from the server's port. */
static bool is_way(const struct packet *p, bool reply)
{
	if (reply)
		return p->src.port == PORT_SERVER && (p->dst.port == PORT_CLIENT || p->dst.port == PORT_SERVER);
	return p->dst.port == PORT_SERVER && (p->src.port == PORT_CLIENT || p->src.port == PORT_SERVER);
}

static enum verdict dissect(struct input *in, void *state, struct facts *f)
{
	struct dhcp_message m;
	const struct addr *has;
	bool given;

	(void)state;
	if (in->nested || !dhcp_read(in->bytes, &m) || !is_way(in->packet, m.reply))
		return V_NO;
	/* An address is the client's once the server says so, or the client speaks from it. */
	given = m.reply && m.type == DHCP_ACK;
	has = given ? &m.given : &m.client;
	if (addr_is_unspecified(has) && m.name_bytes == 0)
		return V_YES;
	facts_begin(f);
	fact_flag(f, FACT_NAMING);
	fact_bytes(f, FACT_HOST_MAC, cur_of(m.mac, sizeof m.mac));
	if (m.name_bytes > 0)
		fact_bytes(f, FACT_INSIDE_NAME, cur_of(m.name, m.name_bytes));
	if (!addr_is_unspecified(has))
		fact_endpoint(f, FACT_INSIDE_ADDRESS, &(struct endpoint){.addr = *has});
	if (given)
		fact_flag(f, FACT_INSIDE_GIVEN);
	return V_YES;
}

const struct dissector dhcp_dissector = {
	.name = "dhcp",
	.ip_proto = IPPROTO_UDP,
	.aside = true,
	.first = dhcp_begins,
	.udp = {{1, 2}},
	.opening = OPENING_ALL,
	.dissect = dissect,
};
