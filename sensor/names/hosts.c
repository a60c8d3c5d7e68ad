/* hosts.c -- see hosts.h: the sorted list. hosts_file.c reads the files. */
#include "hosts_list.h"

#include "../base/log.h"

#include <stdlib.h>

struct hosts *hosts_new(void)
{
	struct hosts *h = calloc(1, sizeof *h);

	if (h == NULL)
		log_no_memory("names of hosts");
	return h;
}

void hosts_free(struct hosts *h)
{
	if (h == NULL)
		return;
	free(h->items);
	free(h);
}

static struct host_key address_key(const struct addr *a)
{
	struct host_key key = {.card = false};

	memcpy(key.b, a->b, sizeof key.b);
	return key;
}

static struct host_key card_key(const uint8_t mac[static 6])
{
	struct host_key key = {.card = true};

	memcpy(key.b, mac, 6);
	return key;
}

static bool add(struct hosts *h, const struct host_key *key, const char *name)
{
	struct host *item;
	size_t n = 0;

	if (h->n == HOSTS_MAX)
		return false;
	if (h->n == h->room) {
		size_t room = h->room == 0 ? 256 : h->room * 2u;
		struct host *more = realloc(h->items, room * sizeof *more);

		if (more == NULL)
			log_no_memory("names of hosts");
		h->items = more;
		h->room = (uint32_t)room;
	}
	item = &h->items[h->n];
	memset(item, 0, sizeof *item);
	item->key = *key;
	item->number = h->n;
	for (size_t i = 0; name[i] != '\0' && n < HOST_NAME - 1; i++)
		if ((unsigned char)name[i] > ' ' && (unsigned char)name[i] != 0x7f)
			item->name[n++] = name[i];
	h->n += n > 0;
	return true;
}

bool hosts_add_address(struct hosts *h, const struct addr *a, const char *name)
{
	struct host_key key = address_key(a);

	return add(h, &key, name);
}

bool hosts_add_card(struct hosts *h, const uint8_t mac[static 6], const char *name)
{
	struct host_key key = card_key(mac);

	return add(h, &key, name);
}

static int by_key(const void *a, const void *b)
{
	const struct host *x = a, *y = b;
	int order = memcmp(&x->key, &y->key, sizeof x->key);

	return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

void hosts_seal(struct hosts *h)
{
	uint32_t n = 0;

	if (h->n == 0)
		return;
	qsort(h->items, h->n, sizeof *h->items, by_key);
	for (uint32_t i = 0; i < h->n; i++)	/* of several, the last that was said */
		if (i + 1 == h->n || memcmp(&h->items[i].key, &h->items[i + 1].key, sizeof h->items[i].key) != 0)
			h->items[n++] = h->items[i];
	h->n = n;
}

static int key_order(const void *key, const void *item)
{
	return memcmp(key, &((const struct host *)item)->key, sizeof(struct host_key));
}

static const char *find(const struct hosts *h, const struct host_key *key)
{
	const struct host *item = h->n > 0 ? bsearch(key, h->items, h->n, sizeof *h->items, key_order) : NULL;

	return item != NULL ? item->name : NULL;
}

const char *hosts_by_address(const struct hosts *h, const struct addr *a)
{
	struct host_key key = address_key(a);

	return find(h, &key);
}

const char *hosts_by_card(const struct hosts *h, const uint8_t mac[static 6])
{
	struct host_key key = card_key(mac);

	return find(h, &key);
}

unsigned hosts_n(const struct hosts *h)
{
	return h->n;
}
