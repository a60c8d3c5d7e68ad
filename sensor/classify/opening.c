/* opening.c -- see opening.h. */
#include "opening.h"

#include "../flow/report.h"
#include "../signature/payload.h"

#include <netinet/in.h>

bool opening_wanted(const struct opening *o, const struct flow *f)
{
	unsigned side = f->bits & FLOW_SIDE;

	if (o->all && side == SIDE_BORDER)
		return true;
	return side != SIDE_TRANSIT && payload_wanted(o->signatures, IPPROTO_TCP, side == SIDE_INSIDE);
}

/* Some pattern fits: say it, and take it back if no line holds all the same. len_bytes: NULL for a stream. */
static void say(const struct opening *o, struct flow *f, const struct input *in, const uint32_t *len_bytes)
{
	struct facts *facts = o->facts;
	struct cursor bytes = in->bytes;
	size_t before = facts_mark(facts), at;
	bool cut = facts->cut, spoken = (f->bits & FLOW_SPOKEN) != 0;
	const struct message *m;

	if (!spoken)
		report_new(facts, f, in->packet, o->macs);
	at = facts_mark(facts);
	facts_begin(facts);
	fact_bytes(facts, FACT_PAYLOAD, bytes.left > PAYLOAD_BYTES ? cur_take(&bytes, PAYLOAD_BYTES) : bytes);
	if (len_bytes != NULL)
		fact_uint(facts, FACT_PAYLOAD_LEN, *len_bytes);
	if ((f->bits & FLOW_SIDE) == SIDE_INSIDE)
		fact_flag(facts, FACT_BORDER);
	if (!facts_next(facts, &at, &m) || !(o->all || payload_holds(o->signatures, m))) {
		facts_rewind(facts, before);
		facts->cut = cut;
	} else if (!spoken) {
		f->bits |= FLOW_SPOKEN;
		table_extra(o->table, f)->id = facts->header.flow_id;
	}
}

bool opening_fits(const struct opening *o, const struct flow *f, struct cursor bytes, uint32_t len_bytes, bool nested)
{
	unsigned side = f->bits & FLOW_SIDE;

	if (o->all && side == SIDE_BORDER)
		return true;
	return side != SIDE_TRANSIT && payload_wanted(o->signatures, IPPROTO_UDP, side == SIDE_INSIDE) &&
	    payload_fits_datagram(o->signatures, bytes, len_bytes, nested) == FIT_YES;
}

void opening_datagram(const struct opening *o, struct flow *f, const struct input *in, uint32_t len_bytes)
{
	say(o, f, in, &len_bytes);
}

bool opening_stretch(const struct opening *o, struct flow *f, const struct input *in)
{
	enum fit fit;

	if (in->gap || in->bytes.left == 0)	/* it began before; or has not begun */
		return !in->gap && !in->ended;
	fit = o->signatures != NULL ? payload_fits_stream(o->signatures, in->bytes) : FIT_NO;
	if (fit == FIT_YES || (o->all && fit == FIT_NO))
		say(o, f, in, NULL);
	return fit == FIT_MORE && !in->ended && in->bytes.left < PAYLOAD_BYTES;
}
