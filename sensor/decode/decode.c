/* decode.c -- see decode.h. The decoder's parts, and the count of each frame's fate. */
#include "layer.h"

#include <stdlib.h>

struct decoder *decoder_new(const struct decode_settings *settings, struct counts *counts)
{
	struct decoder *d = calloc(1, sizeof *d);

	if (d == NULL)
		return NULL;
	d->settings = *settings;
	d->counts = counts;
	d->frags = frags_new(settings, counts);
	if (d->frags == NULL)
		goto fail;
	if (settings->duplicate_ms > 0 && (d->dups = dups_new(settings->duplicate_ms)) == NULL)
		goto fail;
	return d;
fail:
	decoder_free(d);
	return NULL;
}

void decoder_free(struct decoder *d)
{
	if (d == NULL)
		return;
	dups_free(d->dups);
	frags_free(d->frags);
	free(d);
}

/* What no header sets later on for sure; the rest is filled in as the headers come. */
void packet_begin(struct packet *p, const struct frame *frame)
{
	p->ts_ns = frame->ts_ns;
	p->number = frame->number;
	p->interface = frame->interface;
	p->wire_len = frame->length;
	p->what = PACKET_DATA;
	p->icmp_code = 0;
	p->tunnels = 0;
	p->nth = 0;
	p->tunnel_ends = false;
	p->n_vlans = 0;
	p->vlan[0] = p->vlan[1] = 0;
	p->has_mac = false;
	p->tcp_flags = 0;
	p->tcp_seq = p->tcp_ack = 0;
}

bool decode_lent(const struct decoder *d)
{
	return d->lent;
}

void decode_clock(struct decoder *d, const struct team_clock *clock)
{
	if (d->dups != NULL)
		dups_clock(d->dups, clock);
}

unsigned decode_common(struct decoder *d, const struct team *team, const struct frame *frame, struct packet out[static DECODE_MAX])
{
	struct counts *counts = d->counts, seen = {0};
	unsigned n, mine = 0, owner = 0;

	d->counts = &seen;
	frags_count(d->frags, &seen);
	n = decode_frame(d, frame, out);
	d->counts = counts;
	frags_count(d->frags, counts);
	/* Who has the packets of this pair knows best what became of it, and tells. */
	if (d->last != NULL)
		owner = team_owner(team, &d->last->src.addr, &d->last->dst.addr);
	if (owner == team->me)
		counts_add(counts, &seen);
	for (unsigned i = 0; i < n; i++)
		if (team_owner(team, &out[i].src.addr, &out[i].dst.addr) == team->me)
			out[mine++] = out[i];
	return mine;
}

unsigned decode_frame(struct decoder *d, const struct frame *frame, struct packet out[static DECODE_MAX])
{
	struct layers l = {.decoder = d, .frame = frame, .p = out, .c = cur_of(frame->bytes, frame->captured)};
	enum count fate;

	if (frame->length > frame->captured)
		l.missing = frame->length - frame->captured;
	packet_begin(out, frame);
	d->lent = false;
	fate = link_decode(&l, frame->link_type);
	count(d->counts, fate);
	d->last = l.in_ip ? l.p : NULL;
	return l.finished;
}
