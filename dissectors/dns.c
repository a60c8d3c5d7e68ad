/* dns.c -- which name an inside host asked for, and which addresses it was given: whom it then talks to has a name. UDP and TCP
 * port 53. What is said is about names, not about the flow.
 */
#include "dissector.h"
#include "dns_wire.h"

#include <netinet/in.h>

enum { PORT = 53, GIVE_UP = 8 };

/* Who has a private address is no far end. */
static bool is_worth_saying(const struct dns_answer *a)
{
	for (unsigned i = 0; i < a->n; i++)
		if (!addr_is_private(&a->address[i]))
			return true;
	return false;
}

/* One fact, packed: on a busy resolver's link there are thousands a second. */
static void say(const struct dns_answer *a, struct facts *f)
{
	uint8_t packed[5 + sizeof a->address + DNS_NAME];
	size_t n = 5 + a->n * sizeof a->address[0], name_bytes;
	struct cursor name;

	if (!is_worth_saying(a))
		return;
	for (unsigned i = 0; i < 4; i++)
		packed[i] = (uint8_t)(a->ttl_s >> (24 - 8 * i));
	packed[4] = (uint8_t)a->n;
	memcpy(packed + 5, a->address, a->n * sizeof a->address[0]);
	name = a->name;
	name_bytes = name.left;
	cur_copy(&name, packed + n, name_bytes);
	facts_begin(f);
	fact_bytes(f, FACT_DNS_ANSWER, cur_of(packed, n + name_bytes));
}

/* Our end asks a server: who comes to a server of ours from this port is not believed. */
static bool begins(const struct input *in)
{
	return (in->from_local ? in->packet->dst.port : in->packet->src.port) == PORT;
}

/* Each message behind two bytes of its length: RFC 1035, 4.2.2. */
static enum verdict stream(struct input *in, struct facts *f)
{
	struct dns_answer a;

	if (in->gap || !begins(in) || !f->header.local_first)
		return V_NO;
	if (in->from_local) {
		cur_skip(&in->bytes, in->bytes.left);
		return V_MORE;
	}
	while (in->bytes.left >= 2 && !facts_tight(f)) {
		size_t len = cur_peek_u16(&in->bytes, 0);
		struct cursor message;

		if (in->bytes.left - 2 < len)
			break;
		cur_skip(&in->bytes, 2);
		message = cur_take(&in->bytes, len);
		if (dns_read(message, &a))
			say(&a, f);
	}
	return V_YES;
}

static enum verdict dissect(struct input *in, void *state, struct facts *f)
{
	struct dns_answer a;

	(void)state;
	if (in->stream)
		return stream(in, f);
	/* A stranger can send an answer, and be answered something by a server of ours; only what comes from where our end asked first is
	 * believed. */
	if (in->packet->src.port != PORT || in->from_local || !f->header.two_way || !f->header.local_first || in->nested ||
	    !dns_read(in->bytes, &a))
		return V_NO;
	say(&a, f);
	return V_YES;
}

const struct dissector dns_dissector = {
	.name = "dns",
	.give_up = GIVE_UP,
	.aside = true,
	.first = dns_begins,
	.opening = OPENING_ALL,
	.udp_third = {{0x80, 0x87}},
	.port = 53,
	.tcp = {{0x00, 0x3f}},
	.begins = begins,
	.from_start = true,
	.dissect = dissect,
};
