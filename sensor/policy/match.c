/* match.c -- see match.h. */
#include "match.h"

#include <ctype.h>
#include <strings.h>

/* One star at a time: the last one takes one more character whenever the rest does not fit, so it is never quadratic in stars. */
bool match_glob(const char *pattern, const char *text)
{
	const char *star = NULL, *again = NULL;

	while (*text != '\0') {
		if (*pattern == '*') {
			star = pattern++;
			again = text;
		} else if (*pattern == '?' || (*pattern != '\0' && tolower((unsigned char)*pattern) == tolower((unsigned char)*text))) {
			pattern++;
			text++;
		} else if (star != NULL) {
			pattern = star + 1;
			text = ++again;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

int match_network(const struct policy *p, const struct addr *a)
{
	int best = -1, bits = -1;

	for (unsigned i = 0; i < p->networks.n; i++) {
		const struct prefixes *nets = &policy_network(p, i)->nets;

		for (size_t k = 0; k < nets->n; k++)
			if (nets->p[k].bits > bits && prefix_holds(&nets->p[k], a)) {
				best = (int)i;
				bits = nets->p[k].bits;
			}
	}
	return best;
}

/* Is the relay the far end? Who is behind it is reached by its leave. */
static bool is_relayed(const struct event_alert *a)
{
	return a->has_relay && a->path == PATH_RELAY;
}

const struct addr *match_far_end(const struct event *e)
{
	const struct event_alert *a = &e->alert;

	return is_relayed(a) ? &a->relay.addr : a->has_peer ? &a->peer.addr : &e->dst.addr;
}

static bool peers_in(const struct prefixes *nets, const struct event_alert *a)
{
	for (unsigned i = 0; i < a->n_peers && i < EVENT_PEERS; i++)
		if (!prefixes_hold(nets, &a->peers[i].addr))
			return false;
	return a->peers_total <= a->n_peers;
}

static bool relays_in(const struct prefixes *nets, const struct event_alert *a)
{
	for (unsigned i = 0; i < a->n_servers && i < EVENT_SERVERS; i++)
		if (a->servers[i].relay && !prefixes_hold(nets, &a->servers[i].at.addr))
			return false;
	return a->n_servers < EVENT_SERVERS;
}

/* All far ends are in there; those that are not listed could be anywhere. */
static bool far_ends_in(const struct prefixes *nets, const struct event *e)
{
	const struct event_alert *a = &e->alert;

	return prefixes_hold(nets, match_far_end(e)) && (is_relayed(a) ? relays_in(nets, a) : !a->has_peer || peers_in(nets, a));
}

static bool names_app(const struct rule *r, const char *app)
{
	for (unsigned i = 0; i < r->n_apps; i++)
		if (strcasecmp(r->app[i], app) == 0)
			return true;
	return false;
}

/* Every name that the session has: who imitates an approved application does not hide another one behind it. */
static bool app_fits(const struct rule *r, const struct event_alert *a)
{
	if (r->n_apps == 0)
		return true;
	for (unsigned i = 0; i < a->n_other_apps; i++)
		if (!names_app(r, a->other_apps[i]))
			return false;
	return a->app[0] != '\0' ? names_app(r, a->app) : a->n_other_apps > 0;
}

static bool sid_fits(const struct rule *r, const struct event_alert *a)
{
	for (unsigned i = 0; i < r->n_sids; i++)
		if (r->sids[i] == kinds[a->kind].sid || (a->rule_sid != 0 && r->sids[i] == a->rule_sid))
			return true;
	return r->n_sids == 0;
}

static bool network_fits(const struct rule *r, int network)
{
	for (unsigned i = 0; i < r->n_networks; i++)
		if (network == r->network_at[i])
			return true;
	return r->n_networks == 0;
}

static bool name_fits(const char (*patterns)[EVENT_NAME], unsigned n, const char *name)
{
	for (unsigned i = 0; i < n; i++)
		if (name[0] != '\0' && match_glob(patterns[i], name))
			return true;
	return n == 0;
}

struct asked match_begin(const struct policy *p, const struct event *e)
{
	struct asked q = {.policy = p, .event = e, .network = match_network(p, &e->alert.local.addr)};

	q.when_s = (int64_t)(e->ts_ns / 1000000000);
	q.when = calendar_at(&p->calendar, q.when_s);
	return q;
}

bool match_rule(const struct asked *q, const struct rule *r)
{
	const struct event_alert *a = &q->event->alert;

	return (r->kinds == 0 || (r->kinds >> a->kind & 1) != 0) && app_fits(r, a) && sid_fits(r, a) && network_fits(r, q->network) &&
	    (r->inside.n == 0 || prefixes_hold(&r->inside, &a->local.addr)) && name_fits(r->host, r->n_hosts, a->host_name) &&
	    (r->peers.n == 0 || far_ends_in(&r->peers, q->event)) && name_fits(r->peer_name, r->n_peer_names, a->far_name) &&
	    hours_hold(r->hours, r->n_hours, r->days, &q->when);
}

bool match_holds(const struct asked *q, const struct rule *r)
{
	return r->expires_s == 0 || q->when_s < r->expires_s;
}
