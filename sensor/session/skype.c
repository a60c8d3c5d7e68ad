/* skype.c -- see skype.h. */
#include "skype.h"

#include "finding.h"

#include <netinet/in.h>
#include <stdio.h>

static bool has_text(const struct message *m, int id, const char *text)
{
	struct fact f;

	return id >= 0 && message_find(m, (unsigned)id, &f) && f.type == FACT_BYTES && f.bytes.left == strlen(text) &&
	    cur_starts(&f.bytes, text, f.bytes.left);
}

static bool has(const struct message *m, int id)
{
	return id >= 0 && message_has(m, (unsigned)id);
}

/* Facts have their numbers once workers and derivers are there. */
static const struct skype_ids *ids_of(struct correlator *c)
{
	struct skype_ids *i = &c->skype_ids;
	const struct {
		int *to;
		const char *name;
	} names[] = {
		{&i->listen_port, "skype.listen_port"}, {&i->client, "skype.client"}, {&i->role, "skype.role"},
		{&i->login, "skype.login"}, {&i->logged_in, "skype.logged_in"}, {&i->media, "skype.media"},
		{&i->public, "skype.public"}, {&i->version, "skype.version"}, {&i->mapping, "skype.mapping"},
		{&i->opening, "skype.opening"}, {&i->listener, "skype.listener"}, {&i->out, "skype.out"},
	};

	if (i->resolved)
		return i;
	for (size_t n = 0; n < sizeof names / sizeof *names; n++)
		*names[n].to = fact_find(names[n].name);
	i->resolved = true;
	return i;
}

static void note_version(struct skype *k, const struct message *m, int id)
{
	struct fact f;
	char text[EVENT_VERSION];

	if (id < 0 || !message_find(m, (unsigned)id, &f) || f.type != FACT_BYTES || f.bytes.left == 0)
		return;
	printable(text, sizeof text, f.bytes);
	if (strcmp(text, k->version) == 0)
		return;
	memcpy(k->version, text, sizeof k->version);
	k->news = true;
}

/* True: it was not known before. */
static bool set(uint32_t *bits, uint32_t bit)
{
	bool is_new = (*bits & bit) == 0;

	*bits |= bit;
	return is_new;
}

static void note_media(struct skype *k, const struct message *m, const struct skype_ids *i)
{
	if (!has(m, i->media) && !has(m, i->out))
		return;
	if (has(m, i->out))
		k->news |= set(&k->seen, SKYPE_SEEN_CALL_OUT);
	else if (has_text(m, i->media, "file-out"))
		k->news |= set(&k->seen, SKYPE_SEEN_FILE_OUT);
	else if (has_text(m, i->media, "file-in"))
		k->news |= set(&k->seen, SKYPE_SEEN_FILE_IN);
	else if (has_text(m, i->media, "call"))
		k->news |= set(&k->seen, SKYPE_SEEN_CALL);
	else
		k->news |= set(&k->seen, SKYPE_SEEN_RELAYED);
}

static void note_role(struct skype *k, const struct message *m, const struct skype_ids *i)
{
	if (has_text(m, i->role, "supernode"))
		k->news |= set(&k->seen, SKYPE_SEEN_SUPERNODE);
	if (has_text(m, i->role, "relay"))
		k->news |= set(&k->seen, SKYPE_SEEN_RELAY);
	/* Who is called from outside on a port of the web lets its own users in there. */
	if (((has(m, i->opening) && !m->local_first) || (has(m, i->listener) && m->from_local && !m->local_first)) &&
	    (m->local.port == 80 || m->local.port == 443))
		k->news |= set(&k->seen, SKYPE_SEEN_WEB_PORTS);
}

void skype_note(struct correlator *c, struct session *s, const struct reading *r)
{
	const struct skype_ids *i = ids_of(c);
	const struct message *m = r->m;
	struct skype *k = &s->skype;
	struct fact f;

	if (has(m, i->listen_port) && k->listen_port != message_uint(m, (unsigned)i->listen_port)) {
		k->listen_port = (uint16_t)message_uint(m, (unsigned)i->listen_port);
		k->news = true;
	}
	note_version(k, m, i->client);
	note_version(k, m, i->version);
	note_role(k, m, i);
	note_media(k, m, i);
	if (has(m, i->login) && m->from_local)
		k->news |= set(&k->seen, SKYPE_SEEN_LOGIN);
	if (has(m, i->logged_in) && !m->from_local)
		k->news |= set(&k->seen, SKYPE_SEEN_LOGGED_IN);
	if (has(m, i->mapping))
		set(&k->seen, SKYPE_SEEN_MAPPING);
	/* A refusal that came in tells our end's address. */
	if (i->public >= 0 && !m->from_local && message_find(m, (unsigned)i->public, &f) && !k->has_own) {
		k->has_own = true;
		k->own = f.endpoint.addr;
	}
}

void skype_merge(struct skype *old, const struct skype *young)
{
	old->news |= young->news;
	old->seen |= young->seen;
	if (old->listen_port == 0)
		old->listen_port = young->listen_port;
	if (old->version[0] == '\0')
		memcpy(old->version, young->version, sizeof old->version);
	if (!old->has_own && young->has_own) {
		old->has_own = true;
		old->own = young->own;
	}
	old->alerts = (uint8_t)(old->alerts + young->alerts);
	old->was_experimental |= young->was_experimental;
}

bool skype_has_news(const struct correlator *c, const struct session *s)
{
	const struct signature *g;
	unsigned sum;

	if ((s->alerted >> KIND_SKYPE & 1) == 0 || s->skype.alerts >= SKYPE_ALERTS)
		return false;
	if (s->skype.news)
		return true;
	/* Now it is proved what papers alone had told before. */
	g = finding_claim(c, s, KIND_SKYPE, &sum);
	return g != NULL && !g->experimental && s->skype.was_experimental;
}

void skype_told(struct session *s, const struct event_alert *a)
{
	s->skype.news = false;
	s->skype.was_experimental = a->experimental;
	s->skype.alerts++;
}

void skype_fill(const struct session *s, struct event_alert *a)
{
	const struct skype *k = &s->skype;

	a->skype = (struct event_skype){.there = true, .listen_port = k->listen_port, .seen = k->seen, .has_own = k->has_own, .own = k->own};
	memcpy(a->skype.version, k->version, sizeof a->skype.version);
}
