/* stun_say.c -- see stun_say.h. What each message means for discovery, checks and relays. */
#include "stun_say.h"

#include <stdio.h>

enum { PEERS_MAX = 8, ORDER_SHOWN = 24 };

const struct fact_def stun_fact_defs[STUN_FACT_END - FACT_OWN] = {
	{"stun.type", FACT_UINT, "message type as on the wire: 0x0001 is a Binding request"},
	{"stun.method", FACT_UINT, "method: 1 Binding, 3 Allocate, 4 Refresh, 6 Send, 7 Data, 8 CreatePermission, 9 ChannelBind"},
	{"stun.class", FACT_UINT, "0 request, 1 indication, 2 success, 3 error"},
	{"stun.length", FACT_UINT, "bytes of attributes, as the header says"},
	{"stun.trailing", FACT_UINT, "bytes behind the message in its datagram (Meta)"},
	{"stun.unpadded", FACT_UINT, "padding is missing: 1 behind the last attribute, 2 everywhere"},
	{"stun.framing", FACT_BYTES, "around the message: raw, rfc4571, ms, ssltcp, pseudo-tls (TCP), ms-mux (UDP)"},
	{"stun.attr", FACT_UINT, "code of an attribute that is there, known or not"},
	{"stun.attr_order", FACT_BYTES, "codes of the attributes in their order, like 0006-c057-802a-0024-0008-8028"},
	{"stun.attr_unknown", FACT_UINT, "how many attributes have a code that is not in the table"},
	{"stun.tid_base64", FACT_FLAG, "the transaction id is base64 text (libwebrtc)"},
	{"stun.integrity", FACT_UINT, "bytes of the message integrity: 20, 32 (SHA-256), 4 (GOOG-PING)"},
	{"stun.username_lengths", FACT_BYTES, "lengths of the two fragments of USERNAME, like 4:4"},
	{"stun.transport", FACT_UINT, "REQUESTED-TRANSPORT of an Allocate: 17 UDP, 6 TCP"},
	{"stun.network_cost", FACT_UINT, "GOOG-NETWORK-INFO: 10 wireless, 900 cellular, 999 not known"},
	{"stun.ms_app", FACT_UINT, "MS-APP-ID: 2 Teams, 1 Skype for Business"},
	{"stun.ms_version", FACT_UINT, "MS-VERSION"},
	{"stun.ms_implementation", FACT_UINT, "MS-IMPLEMENTATION-VERSION: 3 Skype, 7 Teams"},
	{"stun.meta_token_bytes", FACT_UINT, "length of the token for Meta's relays"},
	{"relay.bulk", FACT_UINT, "bytes one way to or from a peer behind a relay that are no media: full packets, neither RTP nor DTLS; said from 4 MiB on"},
	{"relay.stream", FACT_BYTES, "how a peer's own stream behind a relay (RFC 6062) begins: tls, ssh, http, rfc4571 (media)"},
};

static bool has(const struct stun_message *m, uint16_t type)
{
	return stun_find(m, type) != NULL;
}

static bool has_integrity(const struct stun_message *m)
{
	return has(m, STUN_A_MESSAGE_INTEGRITY) || has(m, STUN_A_MESSAGE_INTEGRITY_SHA256) || has(m, STUN_A_GOOG_INTEGRITY_32);
}

/* USERNAME with a colon joins the fragments of the two ends (RFC 8445, 7.2.2); without, it logs in to a server. */
static bool has_ice_username(const struct stun_message *m)
{
	struct cursor name;

	if (!stun_attr_bytes(m, STUN_A_USERNAME, &name))
		return false;
	while (name.left > 0)
		if (cur_u8(&name) == ':')
			return true;
	return false;
}

static enum stun_kind binding_request_kind(const struct stun_message *m)
{
	if (has(m, STUN_A_PRIORITY) || has(m, STUN_A_ICE_CONTROLLING) || has(m, STUN_A_ICE_CONTROLLED) || has_ice_username(m))
		return STUN_KIND_CHECK;
	if (has_integrity(m) && !has(m, STUN_A_USERNAME) && !has(m, STUN_A_USERHASH) && !has(m, STUN_A_NONCE))
		return STUN_KIND_PLAIN;
	if (has(m, STUN_A_CHANGE_REQUEST) || has(m, STUN_A_RESPONSE_ADDRESS) || has(m, STUN_A_RESPONSE_PORT) ||
	    has(m, STUN_A_PADDING) || has(m, STUN_A_CACHE_TIMEOUT))
		return STUN_KIND_BEHAVIOUR;
	return STUN_KIND_QUERY;
}

/* An answer whose request was not seen: servers name themselves, the ends of a check only prove that they know its secret. */
static enum stun_kind binding_answer_kind(const struct stun_message *m)
{
	if (!has_integrity(m))
		return STUN_KIND_QUERY;
	return has(m, STUN_A_XOR_MAPPED_ADDRESS) || has(m, STUN_A_MAPPED_ADDRESS) || m->class_ == STUN_FAILURE ?
	    STUN_KIND_CHECK : STUN_KIND_PLAIN;
}

enum stun_kind stun_kind(const struct stun_message *m)
{
	if (m->malformed)
		return STUN_KIND_OTHER;
	switch (m->method) {
	case STUN_BINDING:
		return m->class_ == STUN_REQUEST ? binding_request_kind(m) : binding_answer_kind(m);
	case STUN_GOOG_PING:
		return STUN_KIND_CHECK;
	case STUN_ALLOCATE:
		return STUN_KIND_ALLOCATE;
	default:
		return stun_is_turn(m) ? STUN_KIND_RELAY : STUN_KIND_OTHER;
	}
}

bool stun_is_turn(const struct stun_message *m)
{
	if (m->malformed)
		return false;
	if (m->type >= STUN_META_FIRST && m->type <= STUN_META_LAST)
		return true;
	return (m->method >= STUN_ALLOCATE && m->method <= STUN_CONNECTION_ATTEMPT && m->method != 0x005);
}

unsigned stun_peers(const struct stun_message *m, struct endpoint *to, unsigned room)
{
	uint16_t type = m->form == STUN_FORM_MS && m->method == STUN_SEND ? STUN_A_MS_DESTINATION : STUN_A_XOR_PEER_ADDRESS;
	unsigned n = 0;

	/* A CreatePermission may name several (RFC 8656, 10.1). */
	for (unsigned i = 0; i < m->n && n < room; i++)
		if (m->attr[i].type == type && !m->attr[i].ignored && stun_attr_as_endpoint(m, &m->attr[i], &to[n]))
			n++;
	return n;
}

/* --- what every message tells --- */

static void say_uint_attr(struct facts *f, const struct stun_message *m, uint16_t type, unsigned fact)
{
	uint64_t v;

	if (stun_attr_uint(m, type, &v))
		fact_uint(f, fact, v);
}

static void say_bytes_attr(struct facts *f, const struct stun_message *m, uint16_t type, unsigned fact)
{
	struct cursor c;

	if (stun_attr_bytes(m, type, &c) && c.left > 0)
		fact_bytes(f, fact, c);
}

/* Text; some end it with zero bytes. */
static void say_text_attr(struct facts *f, const struct stun_message *m, uint16_t type, unsigned fact)
{
	struct cursor c;

	if (!stun_attr_bytes(m, type, &c))
		return;
	while (c.left > 0 && cur_peek_u8(&c, c.left - 1) == 0)
		c.left--;
	if (c.left > 0)
		fact_bytes(f, fact, c);
}

static void say_attributes(struct facts *f, const struct stun_message *m)
{
	static const char digits[] = "0123456789abcdef";
	char order[ORDER_SHOWN * 5];
	unsigned unknown = 0, n = 0;

	for (unsigned i = 0; i < m->n; i++) {
		uint16_t type = m->attr[i].type;
		bool again = false;

		unknown += stun_attr_def(m, type) == NULL;
		if (i < ORDER_SHOWN) {
			for (int shift = 12; shift >= 0; shift -= 4)
				order[n++] = digits[type >> shift & 15];
			order[n++] = '-';
		}
		for (unsigned k = 0; k < i && !again; k++)
			again = m->attr[k].type == type;
		if (!again)
			fact_uint(f, STUN_FACT_ATTR, type);
	}
	if (n > 0)
		fact_bytes(f, STUN_FACT_ATTR_ORDER, cur_of(order, n - 1));
	if (unknown > 0)
		fact_uint(f, STUN_FACT_ATTR_UNKNOWN, unknown);
}

static void say_username_lengths(struct facts *f, const struct stun_message *m)
{
	struct cursor name;
	size_t all, left = 0;
	char text[16];

	if (!stun_attr_bytes(m, STUN_A_USERNAME, &name) || name.left > 999)
		return;
	for (all = name.left; name.left > 0; left++)
		if (cur_u8(&name) == ':')
			break;
	if (left == all)
		return;
	snprintf(text, sizeof text, "%u:%u", (unsigned)left & 0x3ff, (unsigned)(all - left - 1) & 0x3ff);
	fact_text(f, STUN_FACT_USERNAME_LENGTHS, text);
}

static void say_own(struct facts *f, const struct stun_message *m, const struct stun_context *ctx)
{
	const struct stun_attr *a;

	fact_uint(f, STUN_FACT_TYPE, m->type);
	fact_uint(f, STUN_FACT_METHOD, m->method);
	fact_uint(f, STUN_FACT_CLASS, m->class_);
	fact_uint(f, STUN_FACT_LENGTH, m->length);
	if (m->trailing > 0)
		fact_uint(f, STUN_FACT_TRAILING, m->trailing);
	if (m->walk == STUN_WALK_LAST || m->walk == STUN_WALK_UNPADDED)
		fact_uint(f, STUN_FACT_UNPADDED, m->walk);
	if (ctx->framing != NULL)
		fact_text(f, STUN_FACT_FRAMING, ctx->framing);
	if (stun_id_is_base64(m))
		fact_flag(f, STUN_FACT_ID_BASE64);
	say_attributes(f, m);
	if ((a = stun_find(m, STUN_A_MESSAGE_INTEGRITY)) || (a = stun_find(m, STUN_A_MESSAGE_INTEGRITY_SHA256)) ||
	    (a = stun_find(m, STUN_A_GOOG_INTEGRITY_32)))
		fact_uint(f, STUN_FACT_INTEGRITY, a->value.left);
	say_username_lengths(f, m);
	say_uint_attr(f, m, STUN_A_REQUESTED_TRANSPORT, STUN_FACT_TRANSPORT);
	if ((a = stun_find(m, STUN_A_GOOG_NETWORK_INFO)) && a->value.left == 4)
		fact_uint(f, STUN_FACT_NETWORK_COST, cur_peek_u16(&a->value, 2));
	say_uint_attr(f, m, STUN_A_MS_APP_ID, STUN_FACT_MS_APP);
	say_uint_attr(f, m, STUN_A_MS_VERSION, STUN_FACT_MS_VERSION);
	say_uint_attr(f, m, STUN_A_MS_IMPLEMENTATION, STUN_FACT_MS_IMPLEMENTATION);
	if ((a = stun_find(m, STUN_A_META_TOKEN)))
		fact_uint(f, STUN_FACT_META_TOKEN_BYTES, a->value.left);
}

void stun_say_detail(struct facts *f, const struct stun_message *m)
{
	char text[FACT_BYTES_MAX], method[STUN_METHOD_TEXT];
	unsigned from = m->cookie ? 4 : 0;

	fact_text(f, FACT_DETAIL_METHOD, stun_method_text(m, method));
	fact_text(f, FACT_DETAIL_CLASS, stun_class_text(m));
	for (unsigned i = from; i < STUN_ID; i++)
		snprintf(text + 2 * (i - from), 3, "%02x", m->id[i]);
	fact_text(f, FACT_DETAIL_TRANSACTION, text);
	for (unsigned i = 0; i < m->n; i++)
		fact_bytes(f, FACT_DETAIL, cur_of(text, stun_attr_print(m, &m->attr[i], text, sizeof text)));
}

/* Values that their type does not allow: what carries the meaning must be readable. */
static bool values_fit(const struct stun_message *m)
{
	for (unsigned i = 0; i < m->n; i++) {
		const struct stun_attr_def *def = stun_attr_def(m, m->attr[i].type);

		if (def == NULL || m->attr[i].ignored || (m->cut && i + 1 == m->n))
			continue;
		if ((def->format == STUN_F_ERROR || def->format == STUN_F_ADDRESS || def->format == STUN_F_XOR_ADDRESS) &&
		    !stun_attr_fits(m, &m->attr[i]))
			return false;
	}
	return true;
}

static void say_header(struct facts *f, const struct stun_message *m, const struct stun_context *ctx)
{
	enum stun_fingerprint fp;
	const char *dialect;

	if (ctx->app != NULL)
		fact_text(f, FACT_FLOW_APP, ctx->app);
	if (!m->cookie && m->form != STUN_FORM_MS)
		fact_flag(f, FACT_STUN_COOKIELESS);
	if (m->malformed || !values_fit(m))
		fact_flag(f, FACT_STUN_MALFORMED);
	fp = stun_fingerprint(m, ctx->datagram);
	if (fp != STUN_FP_NONE)
		fact_uint(f, FACT_STUN_FINGERPRINT, fp == STUN_FP_RIGHT);
	if (m->class_ == STUN_SUCCESS || m->class_ == STUN_FAILURE)
		fact_flag(f, ctx->match != STUN_NO_MATCH ? FACT_TX_MATCHED : FACT_TX_ORPHAN);
	if (ctx->repeated)
		fact_flag(f, FACT_TX_REPEATED);
	if (ctx->match == STUN_MATCHED)
		fact_uint(f, FACT_TX_RTT_US, ctx->rtt_us);
	if ((dialect = stun_dialect(m)) != NULL)
		fact_text(f, FACT_DIALECT, dialect);
	say_text_attr(f, m, STUN_A_SOFTWARE, FACT_SOFTWARE);
	/* Where Microsoft's relays speak, REALM and NONCE have each other's code. */
	say_text_attr(f, m, m->ms && m->method != STUN_BINDING ? STUN_A_NONCE : STUN_A_REALM, FACT_REALM);
}

/* --- discovery and checks --- */

static void say_mapped(struct facts *f, const struct stun_message *m)
{
	/* In Microsoft's TURN MAPPED-ADDRESS is the relay's. */
	static const uint16_t types[] = {STUN_A_XOR_MAPPED_ADDRESS, STUN_A_MS_XOR_MAPPED, STUN_A_MAPPED_ADDRESS, STUN_A_ZOOM_MAPPED};
	struct endpoint e;

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		if (types[i] == STUN_A_MAPPED_ADDRESS && m->form == STUN_FORM_MS)
			continue;
		if (stun_attr_endpoint(m, types[i], &e) && !addr_is_unspecified(&e.addr)) {
			fact_endpoint(f, FACT_STUN_MAPPED, &e);
			return;
		}
	}
}

static void say_check(struct facts *f, const struct stun_message *m, enum stun_kind kind)
{
	fact_flag(f, FACT_ICE_CHECK);
	if (kind == STUN_KIND_PLAIN)
		fact_flag(f, FACT_ICE_PLAIN);
	say_bytes_attr(f, m, STUN_A_USERNAME, FACT_ICE_USERNAME);
	say_uint_attr(f, m, STUN_A_PRIORITY, FACT_ICE_PRIORITY);
	say_uint_attr(f, m, STUN_A_ICE_CONTROLLING, FACT_ICE_CONTROLLING);
	say_uint_attr(f, m, STUN_A_ICE_CONTROLLED, FACT_ICE_CONTROLLED);
	if (has(m, STUN_A_USE_CANDIDATE) || has(m, STUN_A_NOMINATION))
		fact_flag(f, FACT_ICE_NOMINATED);
}

static void say_binding_answer(struct facts *f, const struct stun_message *m, enum stun_kind kind)
{
	struct endpoint e;

	switch (kind) {
	case STUN_KIND_CHECK:
	case STUN_KIND_PLAIN:
		fact_flag(f, FACT_ICE_ANSWER);
		if (kind == STUN_KIND_PLAIN)
			fact_flag(f, FACT_ICE_PLAIN);
		break;
	case STUN_KIND_QUERY:
	case STUN_KIND_BEHAVIOUR:
		fact_flag(f, FACT_STUN_ANSWER);
		if (kind == STUN_KIND_BEHAVIOUR)
			fact_flag(f, FACT_STUN_BEHAVIOUR);
		break;
	default:
		return;
	}
	say_mapped(f, m);
	if (stun_attr_endpoint(m, STUN_A_OTHER_ADDRESS, &e) || stun_attr_endpoint(m, STUN_A_CHANGED_ADDRESS, &e))
		fact_endpoint(f, FACT_STUN_OTHER, &e);
}

static void say_binding(struct facts *f, const struct stun_message *m, enum stun_kind kind)
{
	switch (m->class_) {
	case STUN_REQUEST:
		if (kind == STUN_KIND_CHECK || kind == STUN_KIND_PLAIN) {
			say_check(f, m, kind);
		} else if (kind != STUN_KIND_OTHER) {
			fact_flag(f, FACT_STUN_QUERY);
			if (kind == STUN_KIND_BEHAVIOUR)
				fact_flag(f, FACT_STUN_BEHAVIOUR);
		}
		break;
	case STUN_INDICATION:
		fact_flag(f, FACT_STUN_INDICATION);
		break;
	case STUN_SUCCESS:
		say_binding_answer(f, m, kind);
		break;
	}
}

/* --- relays --- */

static bool lifetime_is_zero(const struct stun_message *m)
{
	uint64_t seconds;

	return stun_attr_uint(m, STUN_A_LIFETIME, &seconds) && seconds == 0;
}

static void say_allocated(struct facts *f, const struct stun_message *m, const struct stun_context *ctx)
{
	struct endpoint e = {.addr = addr_v4(0)};

	if (!stun_attr_endpoint(m, m->form == STUN_FORM_MS ? STUN_A_MAPPED_ADDRESS : STUN_A_XOR_RELAYED_ADDRESS, &e) &&
	    ctx->relay != NULL)
		e = *ctx->relay;
	fact_endpoint(f, FACT_TURN_ALLOCATED, &e);
	say_uint_attr(f, m, STUN_A_LIFETIME, FACT_TURN_LIFETIME);
}

static void say_allocate(struct facts *f, const struct stun_message *m, const struct stun_context *ctx)
{
	/* Microsoft's clients give an allocation back with an Allocate of lifetime 0 ([MS-TURN] 3.2.4). */
	bool closing = m->form == STUN_FORM_MS && lifetime_is_zero(m);

	if (closing && m->class_ != STUN_FAILURE)
		fact_flag(f, FACT_TURN_CLOSED);
	else if (m->class_ == STUN_REQUEST)
		fact_flag(f, FACT_TURN_REQUEST);
	else if (m->class_ == STUN_SUCCESS)
		say_allocated(f, m, ctx);
	if (m->class_ == STUN_SUCCESS || m->class_ == STUN_FAILURE)
		say_mapped(f, m);
}

static void say_turn(struct facts *f, const struct stun_message *m, const struct stun_context *ctx)
{
	struct endpoint peers[PEERS_MAX];
	unsigned n;

	if (m->method == STUN_ALLOCATE) {
		say_allocate(f, m, ctx);
		return;
	}
	if (m->class_ == STUN_FAILURE)
		return;
	if (m->method == STUN_REFRESH) {
		fact_flag(f, lifetime_is_zero(m) ? FACT_TURN_CLOSED : FACT_TURN_TRAFFIC);
		say_uint_attr(f, m, STUN_A_LIFETIME, FACT_TURN_LIFETIME);
		return;
	}
	n = stun_peers(m, peers, PEERS_MAX);
	for (unsigned i = 0; i < n; i++)
		fact_endpoint(f, FACT_TURN_PEER, &peers[i]);
	say_uint_attr(f, m, STUN_A_CHANNEL_NUMBER, FACT_TURN_CHANNEL);
	if (n == 0)
		fact_flag(f, FACT_TURN_TRAFFIC);
}

static void say_error(struct facts *f, const struct stun_message *m)
{
	unsigned code = stun_attr_error(m);

	if (code == 0)
		return;
	fact_uint(f, FACT_STUN_ERROR, code);
	if (code == 487 && m->method == STUN_BINDING)
		fact_flag(f, FACT_ICE_ROLE_CONFLICT);
	if (stun_is_turn(m))
		fact_uint(f, FACT_TURN_REFUSED, code);
}

void stun_say(struct facts *f, const struct stun_message *m, const struct stun_context *ctx)
{
	say_header(f, m, ctx);
	if (m->class_ == STUN_FAILURE)
		say_error(f, m);
	if (stun_is_turn(m))
		say_turn(f, m, ctx);
	else if (m->method == STUN_BINDING || m->method == STUN_GOOG_PING)
		say_binding(f, m, ctx->kind);
	if (ctx->shared || m->form == STUN_FORM_MS || has(m, STUN_A_MS_SESSION_ID))
		fact_flag(f, FACT_TURN_SHARED);
	say_own(f, m, ctx);
	if (f->detail)
		stun_say_detail(f, m);
}
