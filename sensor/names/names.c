/* names.c -- see names.h: the parts together, and files that change. */
#include "names.h"

#include "../base/hash.h"
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

enum { FILE_BYTES_MAX = 64 << 20, STAMPS = 2 * NAMES_FILES + 1 };

static const uint64_t SECOND = 1000000000ULL;

/* What a file looked like when it was read. */
struct stamp {
	dev_t dev;
	ino_t inode;
	off_t size;
	struct timespec changed;
};

/* All files, as they were read at one time. Never changed afterwards. */
struct names_files {
	struct names_settings set;
	char networks_path[SETTING_PATH];
	struct hosts *hosts;
	struct owners *owners;
	struct networks *networks;		/* NULL: none */
	struct stamp stamps[STAMPS];
	struct names_files *next;		/* retired before */
};

struct names {
	/* the correlator's */
	struct answers *answers;
	struct leases *leases;
	const struct names_files *files;	/* that it reads */
	/* the main thread's */
	struct names_files *retired;		/* to be freed once the correlator has left them */
	/* between them */
	_Atomic(struct names_files *) offered;
	_Atomic(const struct names_files *) followed;
};

/* --- files --- */

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

/* NULL: one of them cannot be read at all; lines that cannot be understood are said and left out. */
static struct hosts *read_hosts(const struct names_settings *set, struct mistakes *mistakes)
{
	struct hosts *h = hosts_new();

	for (unsigned i = 0; i < set->n_hosts; i++) {
		const char *path = set->hosts[i];
		size_t len;
		char *text = read_all(path, &len, mistakes);

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

static const char *path_of(const struct names_files *f, unsigned i)
{
	if (i < NAMES_FILES)
		return i < f->set.n_hosts ? f->set.hosts[i] : "";
	i -= NAMES_FILES;
	if (i < NAMES_FILES)
		return i < f->set.n_mmdb ? f->set.mmdb[i] : "";
	return f->networks_path;
}

struct names_files *names_files_read(const struct names_settings *set, const char *networks, struct mistakes *mistakes)
{
	struct names_files *f = calloc(1, sizeof *f);
	bool ok = true;

	if (f == NULL)
		log_no_memory("names");
	f->set = *set;
	snprintf(f->networks_path, sizeof f->networks_path, "%s", networks);
	for (unsigned i = 0; i < STAMPS; i++)	/* before they are read: what changes meanwhile is read again */
		f->stamps[i] = stamp_of(path_of(f, i));
	f->hosts = read_hosts(set, mistakes);
	f->owners = owners_new(f->set.mmdb, set->n_mmdb, mistakes);
	if (networks[0] != '\0') {
		f->networks = networks_read(networks, mistakes);
		ok = f->networks != NULL;
	}
	if (f->hosts != NULL && f->owners != NULL && ok)
		return f;
	names_files_free(f);
	return NULL;
}

void names_files_free(struct names_files *f)
{
	if (f == NULL)
		return;
	hosts_free(f->hosts);
	owners_free(f->owners);
	networks_free(f->networks);
	free(f);
}

static bool have_changed(const struct names_files *f)
{
	for (unsigned i = 0; i < STAMPS; i++) {
		struct stamp now = stamp_of(path_of(f, i));

		/* Gone: it is being replaced, most likely. */
		if (now.inode != 0 && !stamp_equal(&now, &f->stamps[i]))
			return true;
	}
	return false;
}

/* Those that the correlator has left; it reads the offered one, or one that was offered before. */
static void free_retired(struct names *n)
{
	if (atomic_load(&n->followed) != atomic_load(&n->offered))
		return;
	while (n->retired != NULL) {
		struct names_files *next = n->retired->next;

		names_files_free(n->retired);
		n->retired = next;
	}
}

void names_offer(struct names *n, struct names_files *f)
{
	struct names_files *old = atomic_load(&n->offered);

	old->next = n->retired;
	n->retired = old;
	atomic_store(&n->offered, f);
	free_retired(n);
}

void names_refresh(struct names *n)
{
	struct mistakes mistakes = {.to = stderr};
	struct names_files *old = atomic_load(&n->offered), *new;

	free_retired(n);
	if (n->retired != NULL || !have_changed(old))
		return;			/* the correlator may still read the one before */
	new = names_files_read(&old->set, old->networks_path, &mistakes);
	if (new == NULL) {	/* said once: not before it changes again */
		for (unsigned i = 0; i < STAMPS; i++)
			old->stamps[i] = stamp_of(path_of(old, i));
		return;
	}
	log_info("names of hosts: %u, read again", hosts_n(new->hosts));
	names_offer(n, new);
}

void names_follow(struct names *n)
{
	const struct names_files *offered = atomic_load_explicit(&n->offered, memory_order_acquire);

	if (offered == n->files)
		return;
	n->files = offered;
	atomic_store(&n->followed, offered);
}

/* --- the whole --- */

struct names *names_new(const struct names_settings *set, const char *networks, struct mistakes *mistakes)
{
	struct names_files *files = names_files_read(set, networks, mistakes);
	struct hash_key key;
	struct names *n;

	if (files == NULL)
		return NULL;
	n = calloc(1, sizeof *n);
	if (n == NULL)
		log_no_memory("names");
	if (set->live)
		hash_key_draw(&key);
	n->answers = answers_new(set->live ? &key : NULL);
	n->leases = leases_new();
	n->files = files;
	atomic_store(&n->offered, files);
	atomic_store(&n->followed, files);
	if (set->n_hosts > 0)
		log_debug("names of hosts: %u", hosts_n(files->hosts));
	return n;
}

void names_free(struct names *n)
{
	if (n == NULL)
		return;
	while (n->retired != NULL) {
		struct names_files *next = n->retired->next;

		names_files_free(n->retired);
		n->retired = next;
	}
	names_files_free(atomic_load(&n->offered));
	answers_free(n->answers);
	leases_free(n->leases);
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
	leases_add(n->leases, card, name.bytes, has ? &at.endpoint.addr : NULL, message_has(m, FACT_INSIDE_GIVEN));
}

void names_learn(struct names *n, const struct message *m, uint64_t now_ns)
{
	struct fact f;
	size_t at = 0;

	if (message_next(m, &at, &f) && f.id == FACT_DNS_ANSWER) {
		if (n->files->set.resolvers.n == 0 || prefixes_hold(&n->files->set.resolvers, &m->remote.addr))
			learn_answer(n, &m->local.addr, f.bytes, now_ns);
	} else if (message_find(m, FACT_HOST_MAC, &f))
		learn_lease(n, m, f.bytes);
}

/* --- what is asked --- */

static const char *or_empty(const char *a, const char *b)
{
	return a != NULL ? a : b != NULL ? b : "";
}

const char *names_card(const struct names *n, const uint8_t mac[static 6])
{
	return or_empty(hosts_by_card(n->files->hosts, mac), leases_by_card(n->leases, mac));
}

/* Addresses that are made of the Ethernet address name it, too (RFC 4291, appendix A). */
const char *names_host(const struct names *n, const struct addr *a)
{
	const char *name = or_empty(hosts_by_address(n->files->hosts, a), leases_by_address(n->leases, a));

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
	owners_find(n->files->owners, a, o);
	if (n->files->networks != NULL)
		networks_find(n->files->networks, a, o);
}
