/* derive_skype.c -- see derive_skype.h: what several flows of one host show together of the legacy Skype protocol.
 *
 * One datagram that has the form of a request proves nothing. But a client counts its requests up by two, whoever they go
 * to: four ends in a row whose ids climb by small even steps make a ladder, and the socket that climbs it is Skype's. So is
 * one on whose flow something proved itself (dissectors/skype_udp.c). From then on all its flows are: those to come, and
 * those that were seen before; and connections of that host that look like Skype's without proving it, to ends that the
 * socket asked. What is remembered of an address is its own port's, and goes when it has been quiet for ten minutes.
 */
#include "derive_skype.h"

#include "derive_skype_memory.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	STEP_MOST = 16,			/* some requests are lost to us, some go over TCP */
	RING_LEAST = 3, RING_SURE = 6,	/* bytes of padding that tell something, and enough */
	BOOTSTRAP_PORT = 33033, BOOTSTRAP_LEAST = 5,
	ROLE_PEERS = 16,		/* unasked, that make a supernode */
};
static const uint64_t LADDER_NS = 60 * 1000000000ULL, BOOTSTRAP_NS = 120 * 1000000000ULL;

enum own {
	ENDPOINT = FACT_OWN, INHERITED, LISTEN_PORT, ROLE, CLIENT, BOOTSTRAP, MAPPING,
};

static const struct fact_def defs[] = {
	{"skype.endpoint", FACT_BYTES, "this socket is Skype's; what showed it: ladder, repeated, nak, resend, media"},
	{"skype.inherited", FACT_FLAG, "the flow is Skype's because its socket is, or because its host and the other end are known for it"},
	{"skype.listen_port", FACT_UINT, "the port of that socket: one for each installation"},
	{"skype.role", FACT_BYTES, "what the socket does for others: supernode, relay"},
	{"skype.client", FACT_BYTES, "version of the client, as a name that it asked for or a check for a newer one tells"},
	{"skype.bootstrap", FACT_UINT, "so many ends asked on port 33033 within two minutes"},
	{"skype.mapping", FACT_UINT, "the socket's port, which its host had the gateway map"},
};

/* The dissector's facts, by their numbers. */
struct ids {
	int request, id, iv, repeated, nak, resend, media, back, opening, ring, version, named, mapped_port, upnp_port, out;
};

struct skype {
	struct skype_memory memory;
	struct ids ids;
	bool resolved, here;		/* here: the dissector is in this program */
};

static void destroy(void *state)
{
	struct skype *s = state;

	if (s != NULL)
		memory_clear(&s->memory);
	free(s);
}

static void *create(const struct hash_key *key)
{
	struct skype *s = calloc(1, sizeof *s);

	if (s != NULL && memory_init(&s->memory, key))
		return s;
	destroy(s);
	return NULL;
}

/* What is looked at. */
struct at {
	struct skype *s;
	const struct reading *r;
	struct facts *facts;
	uint64_t now_ns;
	struct endpoint remote;		/* the end itself where it is behind a relay or proxy */
};

/* Facts get their numbers at start, in no order that could be relied on. */
static void resolve(struct skype *s)
{
	struct ids *i = &s->ids;
	const struct {
		int *to;
		const char *name;
	} names[] = {
		{&i->request, "skype.request"}, {&i->id, "skype.id"}, {&i->iv, "skype.iv"}, {&i->repeated, "skype.repeated"},
		{&i->nak, "skype.nak"}, {&i->resend, "skype.resend"}, {&i->media, "skype.media"},
		{&i->back, "skype.back"}, {&i->opening, "skype.opening"}, {&i->ring, "skype.ring"}, {&i->version, "skype.version"},
		{&i->named, "skype.named"}, {&i->mapped_port, "portmap.internal_port"},
		{&i->upnp_port, "upnp.internal_port"}, {&i->out, "skype.out"},
	};

	for (size_t n = 0; n < sizeof names / sizeof *names; n++)
		*names[n].to = fact_find(names[n].name);
	s->resolved = true;
	s->here = i->request >= 0;
}

static bool has(const struct at *a, int id)
{
	return id >= 0 && says_fact(a->r, (unsigned)id);
}

static struct cursor text_of(const struct at *a, int id)
{
	struct fact f;

	return id >= 0 && says_fact(a->r, (unsigned)id) && message_find(a->r->m, (unsigned)id, &f) && f.type == FACT_BYTES ? f.bytes : cur_of("", 0);
}

static bool is_text(struct cursor c, const char *text)
{
	return c.left == strlen(text) && cur_starts(&c, text, c.left);
}

/* --- what is remembered --- */

static struct client *this_client(struct at *a)
{
	return client_find(&a->s->memory, &a->r->m->local, a->now_ns);
}

static struct host *this_host(struct at *a)
{
	return host_of(&a->s->memory, &a->r->m->local.addr, a->now_ns);
}

static void note_asked(struct at *a, bool proved)
{
	asked_note(&a->s->memory, &a->r->m->local.addr, &a->remote.addr, proved, a->now_ns);
}

/* --- flows that are spoken of later --- */

/* The end of a flow that was over before anybody knew whose it was. */
static void say_end(struct facts *f, const struct known *k)
{
	facts_begin(f);
	fact_text(f, FACT_FLOW_END, k->reason);
	fact_uint(f, FACT_FLOW_PACKETS_OUT, k->packets[OUT]);
	fact_uint(f, FACT_FLOW_PACKETS_IN, k->packets[IN]);
	fact_uint(f, FACT_FLOW_BYTES_OUT, k->bytes[OUT]);
	fact_uint(f, FACT_FLOW_BYTES_IN, k->bytes[IN]);
	fact_uint(f, FACT_FLOW_LAST_NS, k->last_ns);
}

static void say_inherited(struct facts *f)
{
	facts_begin(f);
	fact_flag(f, INHERITED);
	fact_text(f, FACT_FLOW_APP, "skype");
}

static void say_known(struct at *a, const struct known *k)
{
	struct message header = a->facts->header;

	if (k->id == header.flow_id)
		return;
	a->facts->header.local = k->local;
	a->facts->header.ip_proto = k->ip_proto;
	a->facts->header.side = k->side;
	a->facts->header.local_first = k->local_first;
	a->facts->header.two_way = k->two_way;
	a->facts->header.from_local = true;
	derived_for(a->facts, &k->remote, k->id, k->start_ns);
	say_inherited(a->facts);
	if (k->over)
		say_end(a->facts, k);
	a->facts->header = header;
}

/* --- verdicts --- */

/* What is known of the host besides, once: into the message that is begun. */
static void say_version(struct at *a, struct host *h)
{
	if (h->version[0] == '\0' || h->version_said)
		return;
	h->version_said = true;
	fact_text(a->facts, CLIENT, h->version);
}

static void say_mapping(struct at *a, struct host *h, const struct client *c)
{
	if (h->mapped != c->at.port || h->mapping_said)
		return;
	h->mapping_said = true;
	fact_uint(a->facts, MAPPING, h->mapped);
}

/* A connection that may be Skype's is, where the host has it; and where too little shows it, the other end is known, too. */
static bool is_ours(struct at *a, const struct host *h, const struct known *k)
{
	return h->marked && (k->likely || asked_is(&a->s->memory, &a->r->m->local.addr, &k->remote.addr, a->now_ns));
}

/* This host has Skype: connections of it that only looked like that are told now. */
static void mark_host(struct at *a, struct host *h)
{
	unsigned kept = 0;

	h->marked = true;
	this_host(a);
	for (unsigned i = 0; i < h->n_waiting; i++)
		if (is_ours(a, h, &h->waiting[i]))
			say_known(a, &h->waiting[i]);
		else
			h->waiting[kept++] = h->waiting[i];
	h->n_waiting = (uint8_t)kept;
	h->next_waiting = (uint8_t)(kept % WAITING);
}

static void mark(struct at *a, struct client *c, const char *why)
{
	struct host *h = this_host(a);

	facts_begin(a->facts);
	fact_text(a->facts, ENDPOINT, why);
	fact_uint(a->facts, LISTEN_PORT, c->at.port);
	fact_text(a->facts, FACT_FLOW_APP, "skype");
	say_version(a, h);
	say_mapping(a, h, c);
	if (c->marked)
		return;
	c->marked = true;
	client_of(&a->s->memory, &c->at, a->now_ns);	/* and stays */
	for (unsigned i = 0; i < c->n_flows; i++)
		say_known(a, &c->flow[i]);
	c->n_flows = c->next_flow = 0;
	mark_host(a, h);
}

/* --- datagrams --- */

static bool is_rung(const struct client *c, const struct endpoint *remote)
{
	for (unsigned i = 0; i < c->rungs; i++)
		if (endpoint_equal(&c->rung[i], remote))
			return true;
	return false;
}

/* One more request of this socket. True: it is a ladder. */
static bool climb(struct at *a, struct client *c, uint16_t id, uint32_t iv)
{
	uint16_t step = (uint16_t)(id - c->last_id), back = (uint16_t)(c->last_id - id);
	bool late = a->now_ns - c->asked_ns > LADDER_NS;

	if (c->rungs > 0 && !late && back % 2 == 0 && back <= STEP_MOST)
		return false;		/* the same again, or out of order */
	if (late || step % 2 != 0 || step > STEP_MOST || iv == c->last_iv)
		c->rungs = 0;
	c->last_id = id;
	c->last_iv = iv;
	c->asked_ns = a->now_ns;
	if (is_rung(c, &a->remote))
		return false;		/* the others still count */
	c->rung[c->rungs++] = a->remote;
	if (c->rungs < LADDER)
		return false;
	c->rungs = 0;
	return true;
}

static void bootstrap(struct at *a, struct client *c)
{
	if (a->remote.port != BOOTSTRAP_PORT || c->bootstrap_said)
		return;
	if (c->n_bootstrap == 0 || a->now_ns - c->bootstrap_ns > BOOTSTRAP_NS) {
		c->n_bootstrap = 0;
		c->bootstrap_ns = a->now_ns;
	}
	c->n_bootstrap += c->n_bootstrap < UINT8_MAX;
	if (!c->marked || c->n_bootstrap < BOOTSTRAP_LEAST)
		return;
	c->bootstrap_said = true;
	facts_begin(a->facts);
	fact_uint(a->facts, BOOTSTRAP, c->n_bootstrap);
}

static void asks(struct at *a, struct client *c)
{
	const struct message *m = a->r->m;

	note_asked(a, c->marked);
	if (climb(a, c, (uint16_t)message_uint(m, (unsigned)a->s->ids.id), (uint32_t)message_uint(m, (unsigned)a->s->ids.iv)) &&
	    !c->marked)
		mark(a, c, "ladder");
	bootstrap(a, c);
}

/* Others ask it, though it asked none of them. */
static void is_asked(struct at *a, struct client *c)
{
	if (a->r->m->local_first)
		return;
	if (!a->r->m->from_local)
		c->unasked += c->unasked < UINT32_MAX;
	else
		c->unasked_answered += c->unasked_answered < UINT32_MAX;
}

static void say_role(struct at *a, const char *role)
{
	facts_begin(a->facts);
	fact_text(a->facts, ROLE, role);
}

static void roles(struct at *a, struct client *c)
{
	if (!c->supernode && c->unasked >= ROLE_PEERS && c->unasked_answered * 2ULL >= c->unasked) {
		c->supernode = true;
		say_role(a, "supernode");
	}
	/* What comes from one goes on to another; a supernode that has several calls at once has them for others. */
	if (!c->relay && ((c->one_way[IN] > 0 && c->one_way[OUT] > 0) || (c->supernode && c->calls > 1))) {
		c->relay = true;
		say_role(a, "relay");
	}
}

static void media(struct at *a, struct client *c)
{
	struct cursor what = text_of(a, a->s->ids.media);

	c->calls += is_text(what, "call");
	c->one_way[OUT] += is_text(what, "relayed-out");
	c->one_way[IN] += is_text(what, "relayed-in");
}

static const char *proof_of(const struct at *a)
{
	const struct ids *i = &a->s->ids;

	return has(a, i->resend) ? "resend" : has(a, i->nak) ? "nak" : has(a, i->repeated) ? "repeated" :
	    has(a, i->media) ? "media" : NULL;
}

/* What came from outside proves something of this socket once it takes part. */
static bool takes_part(const struct message *m)
{
	return m->from_local || m->two_way;
}

static void inherits(struct at *a, const struct client *c)
{
	struct host *h = this_host(a);

	say_inherited(a->facts);
	say_version(a, h);
	say_mapping(a, h, c);
}

static void datagram(struct at *a)
{
	const struct message *m = a->r->m;
	bool request = has(a, a->s->ids.request);
	const char *proof = proof_of(a);
	struct client *c = this_client(a);
	struct known k = known_of(m);

	if (c == NULL && !takes_part(m))
		return;
	c = client_of(&a->s->memory, &m->local, a->now_ns);
	if (proof != NULL && takes_part(m))
		mark(a, c, proof);
	else if (c->marked)
		inherits(a, c);
	else if (!m->nested)
		known_keep(c->flow, FLOWS, &c->n_flows, &c->next_flow, &k);
	if (request && m->from_local)
		asks(a, c);
	if (request)
		is_asked(a, c);
	if (has(a, a->s->ids.media))
		media(a, c);
	if (c->marked && takes_part(m))
		roles(a, c);
}

/* A call to a telephone, as far as can be told; what has such a shape on a host without Skype is something else. */
static void telephone(struct at *a)
{
	const struct host *h = host_find(&a->s->memory, &a->r->m->local.addr, a->now_ns);

	if (h != NULL && h->marked && takes_part(a->r->m))
		say_inherited(a->facts);
}

/* --- connections --- */

/* What shows too little: a login's first bytes, an exchange with little padding, port 80's form. */
static bool is_weak(const struct at *a)
{
	struct cursor opening = text_of(a, a->s->ids.opening);

	return is_text(opening, "login-hello") || is_text(opening, "port80") ||
	    (is_text(opening, "exchange") && message_uint(a->r->m, (unsigned)a->s->ids.ring) < RING_SURE);
}

static bool is_likely(const struct at *a)
{
	return !is_text(text_of(a, a->s->ids.opening), "exchange") ||
	    message_uint(a->r->m, (unsigned)a->s->ids.ring) >= RING_LEAST;
}

static void connection(struct at *a)
{
	const struct message *m = a->r->m;
	struct known k = known_of(m);
	struct host *h;

	if (!takes_part(m))
		return;
	h = this_host(a);
	k.likely = is_likely(a);
	if (!is_weak(a)) {
		note_asked(a, true);
		if (h->version[0] != '\0' && !h->version_said) {
			facts_begin(a->facts);
			say_version(a, h);
		}
		mark_host(a, h);
	} else if (is_ours(a, h, &k)) {
		say_inherited(a->facts);
	} else {
		known_keep(h->waiting, WAITING, &h->n_waiting, &h->next_waiting, &k);
	}
}

/* --- names and ports --- */

static void version_is(struct at *a, const char *version)
{
	struct host *h = this_host(a);

	if (strcmp(h->version, version) == 0)
		return;
	snprintf(h->version, sizeof h->version, "%s", version);
	h->version_said = false;
}

/* A check for a newer one, or a name that was asked for, tells which version this is. */
static void versions(struct at *a, int id)
{
	char version[VERSION_ROOM];
	struct cursor c = text_of(a, id);

	if (c.left == 0 || c.left >= sizeof version || !a->r->m->from_local)
		return;
	memset(version, 0, sizeof version);
	cur_copy(&c, version, c.left);
	version_is(a, version);
}

/* NAT-PMP, PCP, UPnP: the listen port is let in. */
static void mapped(struct at *a, int id)
{
	uint64_t port = message_uint(a->r->m, (unsigned)id);
	struct host *h;

	if (!a->r->m->from_local || port == 0 || port > UINT16_MAX)
		return;
	h = this_host(a);
	h->mapping_said &= h->mapped == port;
	h->mapped = (uint16_t)port;
}

/* --- every message --- */

static void over(struct at *a)
{
	struct client *c = this_client(a);
	struct host *h = host_find(&a->s->memory, &a->r->m->local.addr, a->now_ns);

	if (c != NULL)
		known_end(c->flow, c->n_flows, a->r);
	if (h != NULL)
		known_end(h->waiting, h->n_waiting, a->r);
}

static bool is_datagram(const struct at *a)
{
	const struct ids *i = &a->s->ids;

	return a->r->m->ip_proto == IPPROTO_UDP && (has(a, i->request) || has(a, i->back) || proof_of(a) != NULL);
}

static void derive(void *state, const struct reading *r, uint64_t now_ns, struct facts *facts)
{
	struct at a = {.s = state, .r = r, .facts = facts, .now_ns = now_ns, .remote = says(r, FACT_PEER) ? r->peer : r->m->remote};

	if (!a.s->resolved)
		resolve(a.s);
	if (!a.s->here)
		return;
	if (says(r, FACT_FLOW_END))
		over(&a);
	else if (is_datagram(&a))
		datagram(&a);
	else if (has(&a, a.s->ids.out))
		telephone(&a);
	else if (has(&a, a.s->ids.opening))
		connection(&a);
	else if (has(&a, a.s->ids.version))
		versions(&a, a.s->ids.version);
	else if (has(&a, a.s->ids.named))
		versions(&a, a.s->ids.named);
	else if (has(&a, a.s->ids.mapped_port))
		mapped(&a, a.s->ids.mapped_port);
	else if (has(&a, a.s->ids.upnp_port))
		mapped(&a, a.s->ids.upnp_port);
}

const struct deriver skype_deriver = {
	.name = "skype",
	.facts = defs,
	.n_facts = sizeof defs / sizeof defs[0],
	.create = create,
	.destroy = destroy,
	.derive = derive,
};
