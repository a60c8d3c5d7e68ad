/* addr.c -- see addr.h. */
#include "addr.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
	const char *text;
	bool home;		/* also part of the default inside space */
} private_space[] = {
	{"10.0.0.0/8", true}, {"172.16.0.0/12", true}, {"192.168.0.0/16", true},	/* RFC 1918 */
	{"100.64.0.0/10", true},		/* RFC 6598, shared */
	{"169.254.0.0/16", true},		/* RFC 3927 */
	{"127.0.0.0/8", false}, {"0.0.0.0/8", false},
	{"fc00::/7", true},			/* RFC 4193 */
	{"fe80::/10", true},
	{"::1/128", false}, {"::/128", false},
};

enum { N_PRIVATE = sizeof private_space / sizeof *private_space };

bool addr_is_unspecified(const struct addr *a)
{
	static const uint8_t zero[16];

	return memcmp(a->b, zero, 16) == 0 || (addr_is_v4(a) && memcmp(a->b + 12, zero, 4) == 0);
}

bool addr_is_multicast(const struct addr *a)
{
	if (addr_is_v4(a))
		return (a->b[12] & 0xf0) == 0xe0 || memcmp(a->b + 12, "\xff\xff\xff\xff", 4) == 0;
	return a->b[0] == 0xff;
}

bool addr_is_loopback(const struct addr *a)
{
	static const uint8_t one[16] = {[15] = 1};

	return addr_is_v4(a) ? a->b[12] == 127 : memcmp(a->b, one, 16) == 0;
}

/* The hot form of private_space: no parsing, no loop. addr_test.c holds the two together. */
bool addr_is_private(const struct addr *a)
{
	if (addr_is_v4(a)) {
		uint8_t x = a->b[12], y = a->b[13];

		return x == 10 || x == 127 || x == 0 || (x == 172 && (y & 0xf0) == 16) ||
		    (x == 192 && y == 168) || (x == 100 && (y & 0xc0) == 64) || (x == 169 && y == 254);
	}
	return (a->b[0] & 0xfe) == 0xfc || (a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80) ||
	    addr_is_loopback(a) || addr_is_unspecified(a);
}

bool prefix_holds(const struct prefix *p, const struct addr *a)
{
	unsigned whole = p->bits / 8, rest = p->bits % 8;

	if (memcmp(p->addr.b, a->b, whole) != 0)
		return false;
	return rest == 0 || ((p->addr.b[whole] ^ a->b[whole]) >> (8 - rest)) == 0;
}

bool prefixes_hold(const struct prefixes *list, const struct addr *a)
{
	for (size_t i = 0; i < list->n; i++)
		if (prefix_holds(&list->p[i], a))
			return true;
	return false;
}

/* Every event has several, so this is no snprintf(). */
static void v4_text(const uint8_t b[4], char *to)
{
	for (unsigned i = 0; i < 4; i++) {
		if (i > 0)
			*to++ = '.';
		if (b[i] >= 100)
			*to++ = (char)('0' + b[i] / 100);
		if (b[i] >= 10)
			*to++ = (char)('0' + b[i] / 10 % 10);
		*to++ = (char)('0' + b[i] % 10);
	}
	*to = '\0';
}

const char *addr_text(const struct addr *a, char to[static ADDR_TEXT])
{
	if (addr_is_v4(a))
		v4_text(a->b + 12, to);
	else
		inet_ntop(AF_INET6, a->b, to, ADDR_TEXT);
	return to;
}

const char *endpoint_text(const struct endpoint *e, char to[static ENDPOINT_TEXT])
{
	char a[ADDR_TEXT];

	addr_text(&e->addr, a);
	snprintf(to, ENDPOINT_TEXT, addr_is_v4(&e->addr) ? "%s:%u" : "[%s]:%u", a, e->port);
	return to;
}

const char *prefix_text(const struct prefix *p, char to[static PREFIX_TEXT])
{
	char a[ADDR_TEXT];

	addr_text(&p->addr, a);
	snprintf(to, PREFIX_TEXT, "%s/%u", a, addr_is_v4(&p->addr) ? p->bits - 96u : p->bits);
	return to;
}

bool addr_parse(const char *text, struct addr *a)
{
	struct in_addr v4;

	if (inet_pton(AF_INET, text, &v4) == 1) {
		*a = addr_v4(ntohl(v4.s_addr));
		return true;
	}
	return inet_pton(AF_INET6, text, a->b) == 1;
}

bool prefix_parse(const char *text, struct prefix *p)
{
	const char *slash = strchr(text, '/');
	char a[ADDR_TEXT], *end;
	size_t n = slash ? (size_t)(slash - text) : strlen(text);
	unsigned long bits, most;

	if (n >= sizeof a)
		return false;
	memcpy(a, text, n);
	a[n] = '\0';
	if (!addr_parse(a, &p->addr))
		return false;
	most = strchr(a, ':') ? 128 : 32;
	bits = most;
	if (slash) {
		bits = strtoul(slash + 1, &end, 10);
		if (slash[1] < '0' || slash[1] > '9' || *end != '\0' || bits > most)
			return false;
	}
	p->bits = (uint8_t)(bits + 128 - most);
	for (unsigned i = p->bits; i < 128; i++)	/* host bits do not count */
		p->addr.b[i / 8] &= (uint8_t)~(0x80u >> i % 8);
	return true;
}

void prefixes_default_home(struct prefixes *list)
{
	list->n = 0;
	for (size_t i = 0; i < N_PRIVATE; i++)
		if (private_space[i].home)
			prefix_parse(private_space[i].text, &list->p[list->n++]);
}
