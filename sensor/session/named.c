/* named.c -- see named.h. */
#include "named.h"

#include "../names/names.h"
#include "outside.h"

#include <stdio.h>
#include <stdlib.h>

void correlator_use_names(struct correlator *c, struct names *names)
{
	if (c->name_facts == NULL)
		c->name_facts = calloc(1, sizeof *c->name_facts);
	c->names = c->name_facts != NULL ? names : NULL;
}

const struct facts *named_flow(struct correlator *c, const struct reading *r)
{
	const struct message *m = r->m;
	struct facts *f = c->name_facts;
	const char *name;

	if (c->names == NULL || m->nested)
		return NULL;
	name = names_answer(c->names, &m->local.addr, &m->remote.addr, c->now_ns);
	if (name[0] == '\0')
		return NULL;
	facts_reset(f);
	f->header = *m;
	facts_begin(f);
	fact_text(f, FACT_HOST, name);
	fact_text(f, FACT_HOST_FROM, "dns");
	return f;
}

/* By its address; by its Ethernet address; by another address of that one: IPv6 changes them daily. */
static const char *host_name(const struct correlator *c, const struct socket *k)
{
	const char *name = names_host(c->names, &k->key.local.addr);
	const struct card *card;

	if (name[0] != '\0' || !k->has_mac || !card_is_hosts(c, k->mac))
		return name;
	name = names_card(c->names, k->mac);
	card = card_find(c, k->mac);
	for (uint32_t i = 0; card != NULL && i < card->n && name[0] == '\0'; i++)
		name = names_host(c->names, &card->host[i]);
	return name;
}

static void peer(const struct correlator *c, struct event_alert *a)
{
	struct owner o;

	snprintf(a->peer_name, sizeof a->peer_name, "%s", names_answer(c->names, &a->local.addr, &a->peer.addr, c->now_ns));
	if (addr_is_private(&a->peer.addr))
		return;
	names_owner(c->names, &a->peer.addr, &o);
	a->peer_asn = o.asn;
	snprintf(a->peer_org, sizeof a->peer_org, "%s", o.org[0] != '\0' ? o.org : o.network);
	snprintf(a->peer_country, sizeof a->peer_country, "%s", o.country);
	if (a->peer_scope == SCOPE_PUBLIC)
		a->peer_scope = o.scope;
}

void named_alert(const struct correlator *c, const struct socket *k, struct event_alert *a)
{
	if (c->names == NULL)
		return;
	snprintf(a->host_name, sizeof a->host_name, "%s", host_name(c, k));
	snprintf(a->far_name, sizeof a->far_name, "%s", names_answer(c->names, &a->local.addr, &c->event.dst.addr, c->now_ns));
	if (a->has_peer)
		peer(c, a);
}
