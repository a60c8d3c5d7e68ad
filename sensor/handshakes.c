/* handshakes.c -- see handshakes.h. Packets are looked at as always; instead of sessions, flows are told whose encryption was
 * seen, as they end. Bounded: the flow that was seen longest ago is told early. */
#include "handshakes.h"

#include "base/log.h"
#include "capture/capture.h"
#include "commands.h"
#include "crypto/judge.h"
#include "session/store.h"
#include "worker.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

enum { FLOWS_MOST = 65536, HOST_TEXT = 256 };

struct handshake_key {
	uint64_t flow_id, nested;
};

struct handshake {
	struct link link;
	struct handshake_key key;
	struct endpoint local, remote, peer;
	uint8_t ip_proto;
	bool local_first, data_both;
	char host[HOST_TEXT];
	struct crypto_seen seen;
};

struct listing {
	const struct crypto_profile *profile;
	struct store flows;
	unsigned n, by_result[CRYPTO_UNKNOWN + 1];
};

/* --- telling --- */

static void print_certs(const struct event_crypto *e)
{
	for (unsigned i = 0; i < e->n_certs; i++) {
		const struct event_cert *c = &e->certs[i];

		printf("    %s certificate: %s %s", c->of_client ? "client" : "server", c->role, c->alg);
		if (c->curve[0] != '\0')
			printf(" %s", c->curve);
		else if (c->bits != 0)
			printf("-%u", c->bits);
		printf("%s%s\n", c->sha[0] != '\0' ? ", signed over " : "", c->sha);
	}
}

static void print_verdict(const struct event_crypto *e)
{
	printf("    %s: %s", e->profile, crypto_result_name((enum crypto_result)e->result));
	for (unsigned i = 0; i < e->n_reasons; i++)
		printf("%s%s", i == 0 ? ": " : ", ", e->reasons[i]);
	for (unsigned i = 0; i < e->n_cids; i++)
		printf("%s%u", i == 0 ? " (CID " : ", ", e->cids[i]);
	printf("%s; seen: %s\n", e->n_cids > 0 ? ")" : "", crypto_visible_name((enum crypto_visible)e->visible));
	for (unsigned i = 0; i < e->n_notes; i++)
		printf("    note: %s\n", e->notes[i]);
}

static void tell(struct listing *l, const struct handshake *h)
{
	char a[ENDPOINT_TEXT], b[ENDPOINT_TEXT];
	struct event_crypto e;
	const char *const parts[] = {e.protocol, e.cipher, e.group, e.signature, e.srtp};
	unsigned n = 0;

	crypto_judge(l->profile, &h->seen, h->data_both, &e);
	if (e.result == CRYPTO_NONE)
		return;
	l->n++;
	l->by_result[e.result]++;
	printf("%s %s %s %s", h->ip_proto == IPPROTO_TCP ? "TCP" : "UDP", endpoint_text(&h->local, a), h->local_first ? "->" : "<-",
	    endpoint_text(&h->remote, b));
	if (h->key.nested != 0)
		printf(", relayed: %s", endpoint_text(&h->peer, a));
	printf("%s%s\n   ", h->host[0] != '\0' ? "  " : "", h->host);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (parts[i][0] != '\0')
			printf("%s%s", n++ > 0 ? ", " : " ", parts[i]);
	printf("%s\n", n == 0 ? " nothing was chosen" : "");
	print_certs(&e);
	print_verdict(&e);
}

static void drop(struct listing *l, struct handshake *h)
{
	tell(l, h);
	store_drop(&l->flows, h);
}

/* --- collecting --- */

static bool speaks(const struct message *m)
{
	return message_has(m, FACT_CRYPTO_OFFER) || message_has(m, FACT_CRYPTO_PROTOCOL) || message_has(m, FACT_CRYPTO_CERT) ||
	    message_has(m, FACT_MEDIA_PROTECTION);
}

static struct handshake *handshake_of(struct listing *l, const struct message *m)
{
	struct handshake_key key = {m->flow_id, m->nested};
	struct handshake *h = store_find(&l->flows, &key);

	if (h != NULL)
		return h;
	if (store_full(&l->flows))
		drop(l, store_weakest(&l->flows));
	h = store_add(&l->flows, &key);
	h->local = m->local;
	h->remote = m->remote;
	h->ip_proto = m->ip_proto;
	h->local_first = m->local_first;
	return h;
}

static void note(struct listing *l, const struct message *m)
{
	struct handshake *h = handshake_of(l, m);
	struct fact f;

	crypto_seen_note(&h->seen, m);
	if (message_find(m, FACT_HOST, &f)) {	/* a name: said only if it is printable */
		size_t n = f.bytes.left < sizeof h->host - 1 ? f.bytes.left : sizeof h->host - 1;

		cur_copy(&f.bytes, h->host, n);
		h->host[n] = '\0';
	}
	if (message_find(m, FACT_PEER, &f))
		h->peer = f.endpoint;
}

static void over(struct listing *l, const struct message *m)
{
	for (uint64_t nested = 0; nested < 2; nested++) {
		struct handshake_key key = {m->flow_id, nested};
		struct handshake *h = store_find(&l->flows, &key);

		if (h == NULL)
			continue;
		h->data_both = message_uint(m, FACT_DATA_IN_PACKETS) > 0 && message_uint(m, FACT_DATA_OUT_PACKETS) > 0;
		drop(l, h);
	}
}

static void take_facts(void *ctx, const struct facts *facts)
{
	struct listing *l = ctx;
	const struct message *m;
	size_t at = 0;

	while (facts_next(facts, &at, &m)) {
		if (speaks(m))
			note(l, m);
		if (message_has(m, FACT_FLOW_END))
			over(l, m);
	}
}

static void take_frames(void *ctx, const struct frame *frames, unsigned n)
{
	worker_frames(ctx, frames, n);
}

int handshakes_run(const struct options *o)
{
	static struct counts counts;
	static struct listing listing;
	struct capture *capture = capture_open_files(o->files, o->n_files, o->settings.capture.filter, &counts);
	enum capture_state state = CAPTURE_MORE;
	struct hash_key key;
	struct worker *w;
	unsigned n;

	if (capture == NULL)
		return EXIT_NOTHING;
	hash_key_draw(&key);
	listing.profile = o->crypto;
	w = worker_new(&o->settings, NULL, &counts, take_facts, &listing);
	if (w == NULL || !store_init(&listing.flows, FLOWS_MOST, sizeof(struct handshake), sizeof(struct handshake_key), &key))
		log_no_memory("handshakes");
	while (state == CAPTURE_MORE)
		state = capture_read(capture, 4096, take_frames, w, &n);
	worker_finish(w);
	if (o->crypto == NULL)
		printf("No profile: nothing is judged (crypto.profile).\n");
	else
		printf("%u with encryption that was seen: %u pass, %u fail, %u unknown by %s\n", listing.n, listing.by_result[CRYPTO_PASS],
		    listing.by_result[CRYPTO_FAIL], listing.by_result[CRYPTO_UNKNOWN], o->crypto->name);
	if (state != CAPTURE_DONE && capture_error(capture)[0] != '\0')
		log_error("%s", capture_error(capture));
	worker_free(w);
	store_clear(&listing.flows);
	capture_free(capture);
	return state == CAPTURE_DONE ? EXIT_OK : EXIT_LOST;
}
