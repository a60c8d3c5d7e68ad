/* upnp.c -- a host asks its gateway to open a port: UPnP Internet Gateway Device.
 *
 * Over UDP 1900 (SSDP) it looks for a gateway: a hint. Over HTTP it asks (SOAP: AddPortMapping, AddAnyPortMapping, IPv6's
 * AddPinhole): that is what counts. Requests of other kinds on the same connection are read over. The gateway is inside, too; what it is asked for
 * concerns the border: every message says FACT_BORDER.
 */
#include "upnp_text.h"

#include <netinet/in.h>
#include <stdio.h>

enum {
	SSDP_PORT = 1900,
	HEADER_MOST = 4096, BODY_MOST = 8192,	/* what is longer is not from a program that asks for a port */
	GIVE_UP = 24,
	VALUE_MOST = 128, TEXT = 256,
};

enum upnp_fact {
	UPNP_SEARCH = FACT_OWN,
	UPNP_GATEWAY,
	UPNP_REQUEST,
	UPNP_ANSWER,
	UPNP_REFUSED,
	UPNP_DELETE,
	UPNP_TRANSPORT,
	UPNP_EXTERNAL_PORT,
	UPNP_INTERNAL_PORT,
	UPNP_CLIENT,
	UPNP_DESCRIPTION,
	UPNP_LIFETIME,
};

static const struct fact_def upnp_facts[] = {
	{"upnp.search", FACT_BYTES, "looks for a gateway that opens ports: what it asks for"},
	{"upnp.gateway", FACT_BYTES, "the gateway's answer: where its description is"},
	{"upnp.request", FACT_BYTES, "asks the gateway to let the outside in on a port: which, and what for, as a sentence"},
	{"upnp.answer", FACT_FLAG, "the gateway did so"},
	{"upnp.refused", FACT_UINT, "the gateway refused: UPnP's error code, or HTTP's status"},
	{"upnp.delete", FACT_FLAG, "a mapping is given back"},
	{"upnp.transport", FACT_BYTES, "protocol of the mapping, as it stands there"},
	{"upnp.external_port", FACT_UINT, "port at which the outside is let in"},
	{"upnp.internal_port", FACT_UINT, "port to which it leads"},
	{"upnp.client", FACT_BYTES, "inside host to which it leads"},
	{"upnp.description", FACT_BYTES, "what the program calls the mapping"},
	{"upnp.lifetime", FACT_UINT, "seconds that the mapping lives; 0: for ever"},
};

enum waits {			/* requests whose answers are to be read, oldest first, two bits each */
	WAIT_NOTHING, WAIT_OTHER, WAIT_MAPPING,
};

struct upnp_state {
	uint32_t waits;
	uint32_t skip[2];	/* of a body that nobody reads, by from_local */
	bool claimed, said_app, said_search, said_gateway;
};

static void begin(struct facts *facts, struct upnp_state *st)
{
	facts_begin(facts);
	fact_flag(facts, FACT_BORDER);
	if (!st->said_app)
		fact_text(facts, FACT_FLOW_APP, "upnp");
	st->said_app = true;
}

static void say_bytes(struct facts *facts, unsigned fact, struct cursor value)
{
	if (value.left > VALUE_MOST)
		value = cur_take(&value, VALUE_MOST);
	if (value.left > 0)
		fact_bytes(facts, fact, value);
}

/* --- SSDP --- */

static bool upnp_first(const struct cursor *c)
{
	return upnp_starts(c, "M-SEARCH ") || upnp_starts(c, "HTTP/1.");
}

static bool names_gateway(struct cursor target)
{
	return upnp_holds(target, "InternetGatewayDevice") || upnp_holds(target, "WANIPConnection") ||
	    upnp_holds(target, "WANPPPConnection") || upnp_holds(target, "WANConnectionDevice");
}

static enum verdict ssdp(struct input *in, struct upnp_state *st, struct facts *facts)
{
	const struct packet *p = in->packet;
	struct cursor head = in->bytes, target = upnp_header(head, "ST");
	bool search = upnp_starts(&head, "M-SEARCH ");

	if ((search ? p->dst.port : p->src.port) != SSDP_PORT || !names_gateway(target))
		return V_NO;
	if (search ? st->said_search : st->said_gateway)
		return V_YES;
	*(search ? &st->said_search : &st->said_gateway) = true;
	begin(facts, st);
	if (search)
		say_bytes(facts, UPNP_SEARCH, target);
	else
		fact_bytes(facts, UPNP_GATEWAY, upnp_header(head, "LOCATION"));
	return V_YES;
}

/* --- SOAP --- */

static unsigned oldest_wait(struct upnp_state *st)
{
	unsigned w = st->waits & 3;

	st->waits >>= 2;
	return w;
}

static void wait_for(struct upnp_state *st, enum waits what)
{
	unsigned at = 0;

	while (at < 30 && (st->waits >> at & 3) != 0)
		at += 2;
	st->waits |= (uint32_t)what << at;
}

static void say_number(struct facts *facts, unsigned fact, struct cursor text)
{
	uint64_t v;

	if (upnp_number(text, &v))
		fact_uint(facts, fact, v);
}

/* An element's text as a string: what could not be printed is left out. */
static const char *element_text(char *to, size_t room, struct cursor body, const char *name)
{
	struct cursor value = upnp_element(body, name);
	size_t n = 0;

	while (value.left > 0 && n + 1 < room) {
		uint8_t b = cur_u8(&value);

		if (b >= 0x20 && b < 0x7f)
			to[n++] = (char)b;
	}
	to[n] = '\0';
	return to;
}

/* What a gateway is asked to do, and what the parts of it are called. */
struct action {
	const char *name, *transport, *outside, *client, *inside, *lifetime, *about;
	bool deletes;
};

#define MAPPING "NewProtocol", "NewExternalPort", "NewInternalClient", "NewInternalPort", "NewLeaseDuration", "NewPortMappingDescription"

static const struct action actions[] = {
	{"AddPortMapping", MAPPING, false},
	{"AddAnyPortMapping", MAPPING, false},
	{"DeletePortMapping", MAPPING, true},
	/* IPv6: nothing is translated, the firewall is opened; the protocol is a number. */
	{"AddPinhole", "Protocol", "InternalPort", "InternalClient", "InternalPort", "LeaseTime", "Description", false},
};

static const struct action *action_named(struct cursor name)
{
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		if (upnp_is(name, actions[i].name))
			return &actions[i];
	return NULL;
}

/* "TCP port 40001 to 10.0.0.11:8081 for 600 s: a program" */
static void say_request(struct facts *facts, const struct action *a, struct cursor body)
{
	char protocol[8], outside[8], host[48], port[8], lifetime[12], about[64], text[TEXT];

	snprintf(text, sizeof text, "%s port %s to %s:%s for %s s: %s", element_text(protocol, sizeof protocol, body, a->transport),
	    element_text(outside, sizeof outside, body, a->outside), element_text(host, sizeof host, body, a->client),
	    element_text(port, sizeof port, body, a->inside), element_text(lifetime, sizeof lifetime, body, a->lifetime),
	    element_text(about, sizeof about, body, a->about));
	fact_text(facts, UPNP_REQUEST, text);
}

static void say_mapping(struct facts *facts, struct upnp_state *st, const struct action *a, struct cursor body)
{
	begin(facts, st);
	if (a->deletes)
		fact_flag(facts, UPNP_DELETE);
	else
		say_request(facts, a, body);
	say_bytes(facts, UPNP_TRANSPORT, upnp_element(body, a->transport));
	say_number(facts, UPNP_EXTERNAL_PORT, upnp_element(body, a->outside));
	if (a->deletes)
		return;
	say_number(facts, UPNP_INTERNAL_PORT, upnp_element(body, a->inside));
	say_bytes(facts, UPNP_CLIENT, upnp_element(body, a->client));
	say_bytes(facts, UPNP_DESCRIPTION, upnp_element(body, a->about));
	say_number(facts, UPNP_LIFETIME, upnp_element(body, a->lifetime));
}

/* `"urn:schemas-upnp-org:service:WANIPConnection:1#AddPortMapping"`: the action; empty if it is none of a gateway's. */
static struct cursor action_of(struct cursor soap)
{
	if (!upnp_holds(soap, ":service:WAN"))
		return cur_of("", 0);
	while (soap.left > 0 && cur_u8(&soap) != '#')
		;
	while (soap.left > 0 && cur_peek_u8(&soap, soap.left - 1) == '"')
		soap.left--;
	return soap;
}

static void on_request(struct facts *facts, struct upnp_state *st, struct cursor name, struct cursor body)
{
	const struct action *a = action_named(name);

	if (a != NULL)
		say_mapping(facts, st, a, body);
	wait_for(st, a != NULL && !a->deletes ? WAIT_MAPPING : WAIT_OTHER);
}

static void on_answer(struct facts *facts, struct upnp_state *st, unsigned status, struct cursor body)
{
	uint64_t code;

	if (oldest_wait(st) != WAIT_MAPPING)
		return;
	begin(facts, st);
	if (status == 200)
		fact_flag(facts, UPNP_ANSWER);
	else
		fact_uint(facts, UPNP_REFUSED, upnp_number(upnp_element(body, "errorCode"), &code) ? code : status);
}

/* Is this a request that a connection to a gateway may begin with? Its description is fetched, then it is asked. */
static bool is_promising(struct cursor head)
{
	struct cursor line = upnp_line(&head);

	return upnp_starts(&line, "POST ") || (upnp_starts(&line, "GET ") && upnp_holds(line, ".xml"));
}

/* What is not needed of a message's body. */
static bool skipped(struct input *in, struct upnp_state *st)
{
	uint32_t *skip = &st->skip[in->from_local];
	size_t n = *skip < in->bytes.left ? *skip : in->bytes.left;

	cur_skip(&in->bytes, n);
	*skip -= (uint32_t)n;
	return in->bytes.left > 0;
}

enum step { STEP_WAIT, STEP_NO, STEP_DONE };

/* One message, if it is here whole. */
static enum step take_message(struct input *in, struct upnp_state *st, struct facts *facts)
{
	struct cursor rest = in->bytes, head, body, action, length;
	bool answer = upnp_starts(&rest, "HTTP/1.");
	uint64_t n = 0;

	if (!answer && rest.left >= 5 && !upnp_starts(&rest, "POST ") && !upnp_starts(&rest, "GET "))
		return STEP_NO;
	head = upnp_head(&rest);
	if (head.bad)
		return in->bytes.left < HEADER_MOST && !in->ended ? STEP_WAIT : STEP_NO;
	length = upnp_header(head, "Content-Length");
	if (length.left > 0 && (!upnp_number(length, &n) || n > UINT32_MAX))
		return STEP_NO;
	action = answer ? cur_of("", 0) : action_of(upnp_header(head, "SOAPAction"));
	if (!answer && action.left == 0 && !st->claimed && !is_promising(head))
		return STEP_NO;
	if (action.left > 0)
		st->claimed = true;
	/* Only what an action says, and what is said to it, is read. */
	if (n <= BODY_MOST && (action.left > 0 || (answer && (st->waits & 3) == WAIT_MAPPING))) {
		if (rest.left < n && !in->ended)
			return STEP_WAIT;
		body = cur_take(&rest, n < rest.left ? n : rest.left);
		n = 0;
	} else {
		body = cur_of("", 0);
	}
	if (answer)
		on_answer(facts, st, upnp_status(head), body);
	else if (action.left > 0)
		on_request(facts, st, action, body);
	else
		wait_for(st, WAIT_OTHER);
	in->bytes = rest;
	st->skip[in->from_local] = (uint32_t)n;
	return STEP_DONE;
}

/* As far as it is there. */
static bool soap_begins(const struct input *in)
{
	struct cursor c = in->bytes;

	if (c.left < 5 || upnp_starts(&c, "POST "))
		return true;
	return upnp_starts(&c, "GET ") && (cur_find(&c, '\n') == c.left || is_promising(c));
}

static enum verdict soap(struct input *in, struct upnp_state *st, struct facts *facts)
{
	if (in->gap)
		return V_NO;		/* where a message begins is not known any more */
	while (skipped(in, st)) {
		enum step step = take_message(in, st, facts);

		if (step == STEP_NO)
			return V_NO;
		if (step == STEP_WAIT)
			break;
	}
	return st->claimed ? V_YES : V_MORE;
}

static enum verdict upnp_dissect(struct input *in, void *state, struct facts *facts)
{
	if (in->nested)
		return V_NO;
	if (in->stream)
		return soap(in, state, facts);
	return upnp_first(&in->bytes) ? ssdp(in, state, facts) : V_NO;
}

const struct dissector upnp_dissector = {
	.name = "upnp",
	.facts = upnp_facts,
	.n_facts = sizeof upnp_facts / sizeof *upnp_facts,
	.ip_proto = 0,
	.give_up = GIVE_UP,
	.state_size = sizeof(struct upnp_state),
	.first = upnp_first,
	.udp = {{'H', 'M'}},
	.tcp = {{'G', 'G'}, {'P', 'P'}},
	.begins = soap_begins,
	.from_start = true,
	.opening = OPENING_ALL,
	.dissect = upnp_dissect,
};
