/* eve_media.c -- what flows: an object in the alert's context, texts in profile 7's metadata and in a flow's flowvars. */
#include "eve_write.h"

#include <inttypes.h>
#include <stdio.h>

#include "json.h"

static const char *const class_names[] = {"voice", "video", "fax", "data", "file transfer"};

enum { CLASSES = sizeof class_names / sizeof class_names[0] };

static bool is_there(const struct event_media *m)
{
	return m->packets_out > 0 || m->packets_in > 0;
}

/* Packets a second, rounded; 0 where it was too short for that. */
static uint64_t rate(const struct event_media *m, uint64_t packets)
{
	uint64_t ms = m->duration_ns / 1000000;

	return ms > 0 ? (packets * 1000 + ms / 2) / ms : 0;
}

static const char *protection(const struct event_media *m)
{
	return m->encrypted ? "srtp" : m->in_clear ? "none" : NULL;
}

static void put_classes(struct eve *e, struct json_value *list, const struct event_media *m)
{
	for (unsigned i = 0; i < CLASSES; i++)
		if ((m->classes >> i & 1) != 0)
			json_text(e->json, list, NULL, class_names[i]);
}

void eve_media(struct eve *e, struct json_value *in, const struct event_media *m)
{
	struct json_value *o;

	if (!is_there(m))
		return;
	o = json_object(e->json, in, "media");
	if (m->classes != 0) {
		put_classes(e, json_array(e->json, o, "class"), m);
		json_text(e->json, o, "class_from", m->by_shape ? "sizes and rates" : "headers");
	}
	if (protection(m) != NULL)
		json_text(e->json, o, "protection", protection(m));
	json_uint(e->json, o, "packets_out", m->packets_out);
	json_uint(e->json, o, "packets_in", m->packets_in);
	json_uint(e->json, o, "bytes_out", m->bytes_out);
	json_uint(e->json, o, "bytes_in", m->bytes_in);
	json_uint(e->json, o, "rate_out", rate(m, m->packets_out));
	json_uint(e->json, o, "rate_in", rate(m, m->packets_in));
	json_seconds(e->json, o, "duration_s", m->duration_ns / 1000);
}

/* --- as texts --- */

struct texts {			/* name and text of each, whatever takes them */
	struct eve *e;
	struct json_value *in;
	void (*put)(struct texts *, const char *name, const char *text);
};

static void put_metadata(struct texts *t, const char *name, const char *text)
{
	json_text(t->e->json, json_array(t->e->json, t->in, name), NULL, text);
}

static void put_flowvar(struct texts *t, const char *name, const char *text)
{
	json_text(t->e->json, json_object(t->e->json, t->in, NULL), name, text);
}

static void put_number(struct texts *t, const char *name, uint64_t v)
{
	char *text = json_scratch(t->e->json, 24);

	snprintf(text, 24, "%" PRIu64, v);
	t->put(t, name, text);
}

static void put_texts(struct texts *t, const struct event_media *m)
{
	if (protection(m) != NULL)
		t->put(t, "media_protection", protection(m));
	put_number(t, "media_packets_out", m->packets_out);
	put_number(t, "media_packets_in", m->packets_in);
	put_number(t, "media_bytes_out", m->bytes_out);
	put_number(t, "media_bytes_in", m->bytes_in);
	put_number(t, "media_rate_out", rate(m, m->packets_out));
	put_number(t, "media_rate_in", rate(m, m->packets_in));
	put_number(t, "media_duration_ms", m->duration_ns / 1000000);
}

void eve_media7(struct eve *e, struct json_value *in, const struct event_media *m)
{
	struct texts t = {e, in, put_metadata};

	if (!is_there(m))
		return;
	if (m->classes != 0)
		put_classes(e, json_array(e->json, in, "media_class"), m);
	put_texts(&t, m);
}

void eve_media_flowvars(struct eve *e, struct json_value *list, const struct event_media *m)
{
	struct texts t = {e, list, put_flowvar};
	char *text = json_scratch(e->json, 64);
	size_t n = 0;

	if (!is_there(m))
		return;
	for (unsigned i = 0; i < CLASSES; i++)
		if ((m->classes >> i & 1) != 0)
			n += (size_t)snprintf(text + n, 64 - n, "%s%s", n > 0 ? ", " : "", class_names[i]);
	if (n > 0)
		put_flowvar(&t, "media_class", text);
	put_texts(&t, m);
}
