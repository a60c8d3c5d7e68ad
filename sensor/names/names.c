/* names.c -- see names.h: the parts together, and files that change. */
#include "names.h"

#include "../base/log.h"
#include "answers.h"
#include "hosts.h"
#include "leases.h"
#include "networks.h"
#include "owners.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { FILE_BYTES_MAX = 64 << 20 };

static const uint64_t SECOND = 1000000000ULL;

/* What a file looked like when it was read. */
struct stamp {
	dev_t dev;
	ino_t inode;
	off_t size;
	struct timespec changed;
};

struct names {
	const struct names_settings *set;
	struct networks *networks;
	struct owners *owners;
	/* the correlator's */
	struct answers *answers;
	struct leases *leases;
	const struct hosts *hosts;		/* that it reads */
	/* the main thread's */
	struct stamp stamps[NAMES_FILES];
	struct hosts *retired;			/* to be freed once the correlator has left it */
	/* between them */
	_Atomic(struct hosts *) offered;
	_Atomic(const struct hosts *) followed;
};

/* --- files of hosts --- */

static struct stamp stamp_of(const char *path)
{
	struct stamp s = {.dev = 0};
	struct stat st;

	if (stat(path, &st) == 0)
		s = (struct stamp){.dev = st.st_dev, .inode = st.st_ino, .size = st.st_size, .changed = st.st_mtim};
	return s;
}

static bool stamp_equal(const struct stamp *a, const struct stamp *b)
{
	return a->dev == b->dev && a->inode == b->inode && a->size == b->size && a->changed.tv_sec == b->changed.tv_sec &&
	    a->changed.tv_nsec == b->changed.tv_nsec;
}

/* NULL: it was said why. */
static char *read_all(const char *path, size_t *n, struct mistakes *mistakes)
{
	FILE *f = fopen(path, "r");
	size_t room = 1 << 16, got;
	char *text = NULL, *more;

	*n = 0;
	if (f == NULL) {
		mistake(mistakes, path, 0, NULL, "%s", strerror(errno));
		return NULL;
	}
	do {
		more = realloc(text, room);
		if (more == NULL)
			log_no_memory("names of hosts");
		text = more;
		got = fread(text + *n, 1, room - *n, f);
		*n += got;
		room *= *n == room ? 2 : 1;
	} while (got > 0 && *n < FILE_BYTES_MAX);
	if (ferror(f) || *n >= FILE_BYTES_MAX) {
		mistake(mistakes, path, 0, NULL, "%s", ferror(f) ? "cannot be read" : "is too long");
		free(text);
		text = NULL;
	}
	fclose(f);
	return text;
}

/* All files anew. NULL: one of them cannot be read at all; lines that cannot be understood are said and left out. */
static struct hosts *read_hosts(struct names *n, struct mistakes *mistakes)
{
	struct hosts *h = hosts_new();

	for (unsigned i = 0; i < n->set->n_hosts; i++) {
		const char *path = n->set->hosts[i];
		size_t len;
		char *text;

		n->stamps[i] = stamp_of(path);
		text = read_all(path, &len, mistakes);
		if (text == NULL) {
			hosts_free(h);
			return NULL;
		}
		hosts_read(h, path, cur_of(text, len), mistakes);
		free(text);
	}
	hosts_seal(h);
	return h;
}

static bool have_changed(const struct names *n)
{
	for (unsigned i = 0; i < n->set->n_hosts; i++) {
		struct stamp now = stamp_of(n->set->hosts[i]);

		/* Gone: it is being replaced, most likely. */
		if (now.inode != 0 && !stamp_equal(&now, &n->stamps[i]))
			return true;
	}
	return false;
}

void names_refresh(struct names *n)
{
	struct mistakes mistakes = {.to = stderr};
	struct hosts *old = atomic_load(&n->offered), *new;

	if (atomic_load(&n->followed) != old)
		return;			/* the correlator may still read the one before */
	hosts_free(n->retired);
	n->retired = NULL;
	if (!have_changed(n))
		return;
	new = read_hosts(n, &mistakes);
	if (new == NULL)
		return;
	log_info("names of hosts: %u, read again", hosts_n(new));
	n->retired = old;
	atomic_store(&n->offered, new);
}

void names_follow(struct names *n)
{
	const struct hosts *offered = atomic_load_explicit(&n->offered, memory_order_acquire);

	if (offered == n->hosts)
		return;
	n->hosts = offered;
	atomic_store(&n->followed, offered);
}

/* --- the whole --- */

struct names *names_new(const struct names_settings *set, const char *networks, struct mistakes *mistakes)
{
	struct names *n = calloc(1, sizeof *n);
	struct hosts *hosts;
	bool ok = true;

	if (n == NULL)
		log_no_memory("names");
	n->set = set;
	n->answers = answers_new();
	n->leases = leases_new();
	hosts = read_hosts(n, mistakes);
	n->owners = owners_new(set->mmdb, set->n_mmdb, mistakes);
	if (networks[0] != '\0') {
		n->networks = networks_read(networks, mistakes);
		ok = n->networks != NULL;
	}
	n->hosts = hosts;
	atomic_store(&n->offered, hosts);
	atomic_store(&n->followed, hosts);
	if (hosts == NULL || n->owners == NULL || !ok) {
		names_free(n);
		return NULL;
	}
	if (set->n_hosts > 0)
		log_debug("names of hosts: %u", hosts_n(hosts));
	return n;
}

void names_free(struct names *n)
{
	if (n == NULL)
		return;
	hosts_free(n->retired);
	hosts_free(atomic_load(&n->offered));
	answers_free(n->answers);
	leases_free(n->leases);
	owners_free(n->owners);
	networks_free(n->networks);
	free(n);
}

/* --- what is learnt --- */

static void learn_answer(struct names *n, const struct addr *host, struct cursor packed, uint64_t now_ns)
{
	uint32_t ttl_s = cur_u32(&packed);
	size_t many = cur_u8(&packed);
	struct cursor addresses = cur_take(&packed, many * sizeof(struct addr));

	if (!packed.bad)
		answers_add(n->answers, host, addresses, packed, ttl_s, now_ns / SECOND);
}

static void learn_lease(struct names *n, const struct message *m, struct cursor mac)
{
	uint8_t card[6];
	struct fact name = {.bytes = cur_of("", 0)}, at;
	bool has = message_find(m, FACT_INSIDE_ADDRESS, &at);

	if (mac.left != sizeof card)
		return;
	cur_copy(&mac, card, sizeof card);
	if (!message_find(m, FACT_INSIDE_NAME, &name))
		name.bytes = cur_of("", 0);
	leases_add(n->leases, card, name.bytes, has ? &at.endpoint.addr : NULL);
}

void names_learn(struct names *n, const struct message *m, uint64_t now_ns)
{
	struct fact f;
	size_t at = 0;

	if (message_next(m, &at, &f) && f.id == FACT_DNS_ANSWER)
		learn_answer(n, &m->local.addr, f.bytes, now_ns);
	else if (message_find(m, FACT_HOST_MAC, &f))
		learn_lease(n, m, f.bytes);
}

/* --- what is asked --- */

static const char *or_empty(const char *a, const char *b)
{
	return a != NULL ? a : b != NULL ? b : "";
}

const char *names_card(const struct names *n, const uint8_t mac[static 6])
{
	return or_empty(hosts_by_card(n->hosts, mac), leases_by_card(n->leases, mac));
}

/* Addresses that are made of the Ethernet address name it, too (RFC 4291, appendix A). */
const char *names_host(const struct names *n, const struct addr *a)
{
	const char *name = or_empty(hosts_by_address(n->hosts, a), leases_by_address(n->leases, a));

	if (name[0] == '\0' && !addr_is_v4(a) && a->b[11] == 0xff && a->b[12] == 0xfe) {
		uint8_t mac[6] = {a->b[8] ^ 2, a->b[9], a->b[10], a->b[13], a->b[14], a->b[15]};

		name = names_card(n, mac);
	}
	return name;
}

const char *names_answer(const struct names *n, const struct addr *host, const struct addr *far, uint64_t now_ns)
{
	const char *name = answers_find(n->answers, host, far, now_ns / SECOND);

	return name != NULL ? name : "";
}

void names_owner(const struct names *n, const struct addr *a, struct owner *o)
{
	memset(o, 0, sizeof *o);
	o->scope = SCOPE_PUBLIC;
	owners_find(n->owners, a, o);
	if (n->networks != NULL)
		networks_find(n->networks, a, o);
}
