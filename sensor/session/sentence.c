/* sentence.c -- see sentence.h. */
#include "sentence.h"

#include "finding.h"
#include "role.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { PART = 96, WORTH_SAYING = 30, WHO = ENDPOINT_TEXT + EVENT_NAME + 4 };

/* The application's name, if we are sure enough to put it into a sentence; a stack alone is not. */
static const char *app_text(const struct event_alert *a)
{
	return a->app_confidence >= WORTH_SAYING ? a->app : "";
}

/* "10.1.0.10:50123 (pc-1234)" */
static void who_text(const struct event_alert *a, char to[static WHO])
{
	char e[ENDPOINT_TEXT];

	if (a->host_name[0] != '\0')
		snprintf(to, WHO, "%s (%s)", endpoint_text(&a->local, e), a->host_name);
	else
		snprintf(to, WHO, "%s", endpoint_text(&a->local, e));
}

static const char *clock_text(uint64_t ts_ns, char to[static 16])
{
	time_t t = (time_t)(ts_ns / 1000000000);
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL)
		to[0] = '\0';
	else
		snprintf(to, 16, "%02d:%02d:%02d", tm.tm_hour, tm.tm_min, tm.tm_sec);
	return to;
}

/* "203.0.113.77:41641 and 2 more" */
static const char *peers_text(const struct event_alert *a, char to[static PART])
{
	char e[ENDPOINT_TEXT];

	if (a->peers_total > 1)
		snprintf(to, PART, "%s and %" PRIu32 " more", endpoint_text(&a->peer, e), a->peers_total - 1);
	else
		snprintf(to, PART, "%s", endpoint_text(&a->peer, e));
	return to;
}

/* More, as far as there is room. */
static void append(struct event_alert *a, const char *text)
{
	size_t n = strlen(a->summary);

	snprintf(a->summary + n, sizeof a->summary - n, "%s%s%s%s", text, a->peer_org[0] != '\0' ? " (" : "", a->peer_org,
	    a->peer_org[0] != '\0' ? "): it may be a relay" : ": it may be a relay");
}

static void punch(struct event_alert *a, const char *who, const char *since, const struct leg *l)
{
	char what[PART], peers[PART];

	if (app_text(a)[0] != '\0')
		snprintf(what, sizeof what, "a direct %s path to", app_text(a));
	else
		snprintf(what, sizeof what, "a direct path to");
	snprintf(a->summary, sizeof a->summary, "%s has %s %s since %s UTC: %s", who, what, peers_text(a, peers), since,
	    l == NULL ? "" : l->followed ? "data both ways after it asked a STUN server, no ICE" :
	    l->one_way ? "answers to checks, one direction seen" :
	    role_data_both(l) ? "checks and data both ways" : "checks answered both ways");
	/* Who is there may be a machine that relays for the other end, of which nobody here was told. */
	if (a->peer_scope == SCOPE_HOSTING || a->peer_scope == SCOPE_SERVICE)
		append(a, a->peer_scope == SCOPE_HOSTING ? "; the far end is hosted" : "; the far end is a service's");
}

static void relay(struct event_alert *a, const char *who, const char *since, const struct leg *l)
{
	char relay[ENDPOINT_TEXT], peers[PART], by[PART] = "";

	endpoint_text(&a->relay, relay);
	if (app_text(a)[0] != '\0')
		snprintf(by, sizeof by, "%s ", app_text(a));
	if (l != NULL && l->role == ROLE_FAR_RELAY)
		snprintf(a->summary, sizeof a->summary, "%s talks %sthrough the far end's relay %s since %s UTC", who, by, relay,
		    since);
	else if (a->has_peer)
		snprintf(a->summary, sizeof a->summary, "%s uses the %srelay %s since %s UTC, to reach %s", who, by, relay, since,
		    peers_text(a, peers));
	else
		snprintf(a->summary, sizeof a->summary, "%s was given an address on the %srelay %s at %s UTC", who, by, relay,
		    since);
}

/* "; UDP port 13021, version 7.7.0.335, logged in, call": what was seen of an installation; "" if nothing. */
static const char *skype_text(const struct event_skype *k, char to[static PART])
{
	static const struct {
		uint32_t bit;
		const char *name;
	} words[] = {
		{SKYPE_SEEN_LOGGED_IN, "logged in"}, {SKYPE_SEEN_CALL | SKYPE_SEEN_CALL_OUT, "call"}, {SKYPE_SEEN_FILE_OUT, "file sent"},
		{SKYPE_SEEN_FILE_IN, "file received"}, {SKYPE_SEEN_SUPERNODE, "supernode"}, {SKYPE_SEEN_RELAY, "relay for others"},
	};
	size_t n = 0;

	to[0] = '\0';
	if (k->listen_port != 0)
		n += (size_t)snprintf(to, PART, ", UDP port %u", k->listen_port);
	if (k->version[0] != '\0')
		n += (size_t)snprintf(to + n, PART - n, ", version %s", k->version);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if ((k->seen & words[i].bit) != 0 && n < PART)
			n += (size_t)snprintf(to + n, PART - n, ", %s", words[i].name);
	if (n > 0)
		to[0] = ';';
	return to;
}

/* What it does, by its kind. A node or a gateway that was asked is no way through yet. */
static const char *does_text(const struct event_alert *a)
{
	static const char *const does[KIND_N] = {
		[KIND_VOIP_APP] = "uses", [KIND_SKYPE] = "speaks", [KIND_NAT_TRAVERSAL] = "gets through the NAT with",
		[KIND_P2P_FILESHARING] = "shares files with", [KIND_P2P_MEDIA] = "has media directly with an outside host:",
		[KIND_VOIP_SERVER] = "telephones with", [KIND_RELAY_TUNNEL] = "tunnels",
	};

	if (a->kind == KIND_NAT_TRAVERSAL && a->path != PATH_DIRECT && a->path != PATH_RELAY)
		return "tries to get through the NAT with";
	return does[a->kind];
}

static const char *value_of(const struct event_alert *a, const char *fact)
{
	for (unsigned i = 0; i < a->n_evidence; i++)
		if (strcmp(a->evidence[i].name, fact) == 0 && a->evidence[i].value[0] != '\0')
			return a->evidence[i].value;
	return NULL;
}

/* Which ports the gateway opened, else was asked to: by either protocol, as far as there is room. */
static void append_mappings(struct event_alert *a)
{
	const char *opened = value_of(a, "portmap.answer");
	const char *said[] = {opened != NULL ? opened : value_of(a, "portmap.request"), value_of(a, "upnp.request")};
	const char *between = ": ";

	for (size_t i = 0; i < sizeof said / sizeof *said && a->kind == KIND_NAT_TRAVERSAL; i++) {
		size_t n = strlen(a->summary);
		bool fits = said[i] != NULL && n + 2 + strlen(said[i]) < sizeof a->summary;

		if (said[i] == NULL)
			continue;
		snprintf(a->summary + n, sizeof a->summary - n, "%s%s", between, fits ? said[i] : "more in the evidence");
		between = "; ";
	}
}

/* What signatures claim: the kind's own words, who with, and by which name. */
static void found(struct event_alert *a, const char *who, const char *since, const struct leg *l)
{
	const char *what = a->app[0] != '\0' ? a->app : a->rule_title[0] != '\0' ? a->rule_title : "a protocol without a name";
	/* Titles of tunnels say what they are in; a name does not. */
	const char *in = a->kind == KIND_RELAY_TUNNEL && strstr(what, "relay") == NULL ? " through a media relay" : "";
	const char *through = l != NULL && addr_is_multicast(&l->key.remote.addr) ? "asking its own network at" : "through";
	char peers[PART], skype[PART], relay[PART] = "", e[ENDPOINT_TEXT], remote[ENDPOINT_TEXT] = "";

	if (l != NULL)
		endpoint_text(&l->key.remote, remote);
	skype_text(&a->skype, skype);
	if (a->kind == KIND_RELAY_TUNNEL && a->relay.port != 0)
		snprintf(relay, sizeof relay, ", by the relay %s", endpoint_text(&a->relay, e));
	if (a->has_peer)
		snprintf(a->summary, sizeof a->summary, "%s %s %s%s since %s UTC%s %s%s%s%s", who, does_text(a), what, in, since,
		    a->path == PATH_DIRECT ? ": a direct path to" : ": towards", peers_text(a, peers), relay, skype,
		    a->experimental ? " (experimental rule)" : "");
	else
		snprintf(a->summary, sizeof a->summary, "%s %s %s%s since %s UTC, %s %s%s%s", who, does_text(a), what, in, since,
		    through, remote, skype, a->experimental ? " (experimental rule)" : "");
}

void sentence_write(struct event_alert *a, const struct session *s, const struct leg *l)
{
	char who[WHO], since[16], peers[PART], server[ENDPOINT_TEXT] = "", mapped[ENDPOINT_TEXT];

	who_text(a, who);
	/* A path is there since it was proved; what was tried, since it began. */
	clock_text(l != NULL && l->role >= ROLE_SERVICE ? l->role_ts_ns : s->start_ts_ns, since);
	if (l != NULL)
		endpoint_text(&l->key.remote, server);
	if (kind_is_found(a->kind)) {
		found(a, who, since, l);
		append_mappings(a);
		return;
	}
	switch (a->kind) {
	case KIND_HOLE_PUNCH:
		punch(a, who, since, l);
		break;
	case KIND_TURN_RELAY:
		relay(a, who, since, l);
		break;
	case KIND_CONFERENCE:
		snprintf(a->summary, sizeof a->summary, "%s is connected to the %s%sservice %s since %s UTC: it answers checks as "
		    "a service does", who, app_text(a), app_text(a)[0] != '\0' ? " " : "", peers_text(a, peers), since);
		break;
	case KIND_HOLE_PUNCH_ATTEMPT:
		snprintf(a->summary, sizeof a->summary, "%s tried to reach %s directly%s%s since %s UTC: no path was seen", who,
		    peers_text(a, peers), app_text(a)[0] != '\0' ? " with " : "", app_text(a), since);
		break;
	case KIND_STUN_DISCOVERY:
		if (a->n_mapped > 0)
			snprintf(a->summary, sizeof a->summary, "%s asked %s for its public address at %s UTC and learnt %s", who,
			    server, since, endpoint_text(&a->mapped[0], mapped));
		else
			snprintf(a->summary, sizeof a->summary, "%s asked %s for %s at %s UTC", who, server,
			    l != NULL && l->asked > 0 && l->queries == 0 ? "an address on a relay" : "its public address", since);
		break;
	default:
		snprintf(a->summary, sizeof a->summary, "%s: nothing to report", who);
		break;
	}
}
