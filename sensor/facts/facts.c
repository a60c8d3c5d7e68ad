/* facts.c -- see facts.h: the batch, the registry, and facts as text. */
#include "facts.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* How a fact stands in the batch: this, then its value, padded to 8 bytes. */
struct stored {
	uint16_t id;
	uint8_t type;
	uint8_t pad;
	uint32_t len_bytes;	/* of the value, without padding */
};

static const struct fact_def core[FACT_CORE_N] = {
#define F(id, name, type, about) [FACT_##id] = {name, FACT_##type, about},
	CORE_FACTS(F)
#undef F
};

_Static_assert((int)FACT_CORE_N <= (int)FACT_OWN, "the core vocabulary runs into the dissectors' numbers");

/* Written by facts_base() before any thread starts; read-only afterwards. */
static const struct fact_def *registry[FACTS_MAX];
static unsigned registry_n = FACT_OWN;

static size_t padded(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

/* --- writing --- */

void facts_reset(struct facts *f)
{
	f->open = f->cut = false;
	f->used = f->message_at = 0;
	f->n_inner = 0;
}

static struct message *current(struct facts *f)
{
	return (struct message *)(void *)(f->bytes + f->message_at);
}

static void begin(struct facts *f)
{
	if (f->used + sizeof f->header > sizeof f->bytes) {
		f->open = false;
		f->cut = true;
		return;
	}
	f->open = true;
	f->message_at = f->used;
	memcpy(f->bytes + f->used, &f->header, sizeof f->header);
	current(f)->len_bytes = 0;
	current(f)->n = 0;
	f->used += sizeof f->header;
}

static void put(struct facts *f, unsigned id, enum fact_type type, const void *value, size_t n)
{
	struct stored s = {
		.id = (uint16_t)(id >= FACT_OWN ? id - FACT_OWN + f->base : id),
		.type = (uint8_t)type,
		.len_bytes = (uint32_t)n,
	};
	size_t need = sizeof s + padded(n);

	if (!f->open || f->used + need > sizeof f->bytes) {
		f->cut = true;
		return;
	}
	memset(f->bytes + f->used + need - 8, 0, 8);
	memcpy(f->bytes + f->used, &s, sizeof s);
	if (n > 0)
		memcpy(f->bytes + f->used + sizeof s, value, n);
	f->used += need;
	current(f)->len_bytes += (uint32_t)need;
	current(f)->n++;
}

void facts_begin(struct facts *f)
{
	void (*introduce)(void *, struct facts *) = f->introduce;

	if (introduce != NULL) {
		f->introduce = NULL;
		introduce(f->introduce_ctx, f);
	}
	begin(f);
	if (f->open && f->header.nested)
		fact_endpoint(f, FACT_PEER, &f->peer);
	if (!f->open || !f->proxied)
		return;
	fact_endpoint(f, FACT_PROXY_TARGET, &f->target);
	if (f->header.side == SIDE_INSIDE && (addr_is_unspecified(&f->target.addr) || !addr_is_private(&f->target.addr)))
		fact_flag(f, FACT_BORDER);
}

void facts_begin_earlier(struct facts *f, uint64_t ts_ns, uint64_t packet, bool from_local)
{
	facts_begin(f);
	if (!f->open)
		return;
	current(f)->ts_ns = ts_ns;
	current(f)->packet = packet;
	current(f)->from_local = from_local;
}

void fact_flag(struct facts *f, unsigned id)
{
	put(f, id, FACT_FLAG, NULL, 0);
}

void fact_uint(struct facts *f, unsigned id, uint64_t v)
{
	put(f, id, FACT_UINT, &v, sizeof v);
}

void fact_endpoint(struct facts *f, unsigned id, const struct endpoint *e)
{
	put(f, id, FACT_ENDPOINT, e, sizeof *e);
}

void fact_bytes(struct facts *f, unsigned id, struct cursor c)
{
	if (!c.bad)
		put(f, id, FACT_BYTES, c.at, c.left < FACT_BYTES_MAX ? c.left : FACT_BYTES_MAX);
}

void fact_text(struct facts *f, unsigned id, const char *text)
{
	fact_bytes(f, id, cur_of(text, strlen(text)));
}

void fact_inner(struct facts *f, struct cursor datagram, const struct endpoint *peer)
{
	if (f->n_inner < INNER_MAX)
		f->inner[f->n_inner++] = (struct inner){.datagram = datagram, .peer = *peer};
	else
		f->cut = true;
}

void fact_beside(struct facts *f, struct cursor datagram)
{
	if (f->n_inner < INNER_MAX)
		f->inner[f->n_inner++] = (struct inner){.datagram = datagram, .beside = true};
	else
		f->cut = true;
}

bool facts_tight(const struct facts *f)
{
	return f->used > sizeof f->bytes * 3 / 4;
}

size_t facts_mark(const struct facts *f)
{
	return f->used;
}

void facts_rewind(struct facts *f, size_t mark)
{
	f->used = mark;
	f->open = false;
	f->n_inner = 0;
}

bool facts_append(struct facts *f, const void *messages, size_t n)
{
	if (f->used + n > sizeof f->bytes)
		return false;
	memcpy(f->bytes + f->used, messages, n);
	f->used += n;
	return true;
}

/* --- reading --- */

bool facts_next(const struct facts *f, size_t *at, const struct message **m)
{
	if (*at + sizeof **m > f->used)
		return false;
	*m = (const struct message *)(const void *)(f->bytes + *at);
	*at += sizeof **m + (*m)->len_bytes;
	return true;
}

bool message_next(const struct message *m, size_t *at, struct fact *fact)
{
	const uint8_t *p = (const uint8_t *)(m + 1) + *at;
	struct stored s;

	if (*at + sizeof s > m->len_bytes)
		return false;
	memcpy(&s, p, sizeof s);
	if (s.len_bytes > m->len_bytes - *at - sizeof s)
		return false;
	p += sizeof s;
	*fact = (struct fact){.id = s.id, .type = s.type};
	if (s.type == FACT_UINT && s.len_bytes == sizeof fact->uint)
		memcpy(&fact->uint, p, sizeof fact->uint);
	else if (s.type == FACT_ENDPOINT && s.len_bytes == sizeof fact->endpoint)
		memcpy(&fact->endpoint, p, sizeof fact->endpoint);
	else if (s.type == FACT_BYTES)
		fact->bytes = cur_of(p, s.len_bytes);
	*at += sizeof s + padded(s.len_bytes);
	return true;
}

bool message_seek(const struct message *m, unsigned id, size_t *at)
{
	const uint8_t *p = (const uint8_t *)(m + 1);
	struct stored s;

	for (; *at + sizeof s <= m->len_bytes; *at += sizeof s + padded(s.len_bytes)) {
		memcpy(&s, p + *at, sizeof s);
		if (s.id == id)
			return true;
	}
	return false;
}

bool message_meets(const struct message *m, const struct fact_set *set)
{
	const uint8_t *p = (const uint8_t *)(m + 1);
	struct stored s;

	for (size_t at = 0; at + sizeof s <= m->len_bytes; at += sizeof s + padded(s.len_bytes)) {
		memcpy(&s, p + at, sizeof s);
		if (s.id < FACTS_MAX && (set->bits[s.id / 64] >> s.id % 64 & 1) != 0)
			return true;
	}
	return false;
}

bool message_find(const struct message *m, unsigned id, struct fact *fact)
{
	size_t at = 0;

	return message_seek(m, id, &at) && message_next(m, &at, fact);
}

bool message_has(const struct message *m, unsigned id)
{
	size_t at = 0;

	return message_seek(m, id, &at);
}

uint64_t message_uint(const struct message *m, unsigned id)
{
	struct fact fact;

	return message_find(m, id, &fact) ? fact.uint : 0;
}

/* --- the registry --- */

uint16_t facts_base(const struct fact_def *defs, size_t n)
{
	int known = n > 0 ? fact_find(defs[0].name) : -1;
	unsigned base = registry_n;

	if (known >= 0 && fact_def((unsigned)known) == &defs[0])
		return (uint16_t)known;
	for (size_t i = 0; i < n; i++) {
		if (registry_n >= FACTS_MAX || fact_find(defs[i].name) >= 0) {
			fprintf(stderr, "punchwatch: fact %s: there are too many, or two of that name\n", defs[i].name);
			abort();
		}
		registry[registry_n++] = &defs[i];
	}
	return (uint16_t)base;
}

const struct fact_def *fact_def(unsigned id)
{
	if (id < FACT_CORE_N)
		return &core[id];
	return id >= FACT_OWN && id < registry_n ? registry[id] : NULL;
}

int fact_find(const char *name)
{
	for (unsigned i = 0; i < registry_n; i++) {
		const struct fact_def *def = fact_def(i);

		if (def != NULL && strcmp(def->name, name) == 0)
			return (int)i;
	}
	return -1;
}

/* --- facts as text --- */

/* UTF-8, with nothing in it that a terminal would obey. */
static bool is_text(struct cursor c)
{
	while (c.left > 0) {
		uint8_t b = cur_u8(&c);
		unsigned more = b < 0x80 ? 0 : b < 0xc2 ? 4 : b < 0xe0 ? 1 : b < 0xf0 ? 2 : b < 0xf5 ? 3 : 4;

		if (b < 0x20 || b == 0x7f || more == 4 || more > c.left || (b == 0xc2 && cur_peek_u8(&c, 0) < 0xa0))
			return false;
		while (more-- > 0)
			if ((cur_u8(&c) & 0xc0) != 0x80)
				return false;
	}
	return true;
}

/* How bytes are written: as text, as text with some that are not (GET / HTTP/1.1\r\n), or all as numbers. */
enum form { FORM_TEXT, FORM_ESCAPED, FORM_HEX };

static enum form form_of(struct cursor c)
{
	size_t plain = 0, n = c.left;

	if (is_text(c))
		return FORM_TEXT;
	while (c.left > 0) {
		uint8_t b = cur_u8(&c);

		plain += (b >= 0x20 && b < 0x7f) || b == '\r' || b == '\n';
	}
	return n >= 4 && plain * 4 >= n * 3 ? FORM_ESCAPED : FORM_HEX;
}

/* One byte, at most four characters. */
static unsigned print_byte(uint8_t b, enum form form, char to[static 5])
{
	static const char named[] = "\rr\nn\tt";
	const char *name = b != 0 && form == FORM_ESCAPED ? strchr(named, b) : NULL;

	if (form == FORM_HEX)
		return (unsigned)snprintf(to, 5, "%02x", b);
	if (b == '"' || b == '\\')
		return (unsigned)snprintf(to, 5, "\\%c", b);
	if (form == FORM_TEXT || (b >= 0x20 && b < 0x7f))
		return (unsigned)snprintf(to, 5, "%c", b);
	if (name != NULL)
		return (unsigned)snprintf(to, 5, "\\%c", name[1]);
	return (unsigned)snprintf(to, 5, "\\x%02x", b);
}

enum { PRINTED_BYTES = 256 };	/* as many as an expression may compare with */

/* How many of these bytes there is room for; no character is cut in two. */
static size_t how_many(struct cursor c, enum form form, size_t room)
{
	size_t n = 0, used = 0;
	char one[5];

	for (; n < c.left && n < PRINTED_BYTES; n++) {
		used += print_byte(cur_peek_u8(&c, n), form, one);
		if (used > room)
			break;
	}
	while (form == FORM_TEXT && n > 0 && n < c.left && (cur_peek_u8(&c, n) & 0xc0) == 0x80)
		n--;
	return n;
}

/* If they are too many: what they begin with. */
static size_t print_bytes(struct cursor c, char *to, size_t room)
{
	enum form form = form_of(c);
	size_t shown = how_many(c, form, room - 7), n;

	if (shown == 0 && c.left > 0)
		return 0;
	n = (size_t)snprintf(to, room, " %s %s", shown == c.left ? "==" : "^=", form == FORM_HEX ? "0x" : "\"");
	while (shown-- > 0) {
		char one[5];
		unsigned k = print_byte(cur_u8(&c), form, one);

		memcpy(to + n, one, k);
		n += k;
	}
	if (form != FORM_HEX)
		to[n++] = '"';
	to[n] = '\0';
	return n;
}

size_t fact_print(const struct fact *fact, char *to, size_t room)
{
	const struct fact_def *def = fact_def(fact->id);
	char e[ENDPOINT_TEXT];
	int n;

	if (room < 64)
		return 0;
	n = snprintf(to, room, "%s", def ? def->name : "?");
	if (n < 0 || (size_t)n + 8 >= room)
		return 0;
	switch (fact->type) {
	case FACT_UINT:
		n += snprintf(to + n, room - (size_t)n, " == %" PRIu64, fact->uint);
		break;
	case FACT_ENDPOINT:
		n += snprintf(to + n, room - (size_t)n, " == %s", endpoint_text(&fact->endpoint, e));
		break;
	case FACT_BYTES:
		n += (int)print_bytes(fact->bytes, to + n, room - (size_t)n);
		break;
	default:
		break;
	}
	return (size_t)n < room ? (size_t)n : room - 1;
}
