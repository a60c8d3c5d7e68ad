/* mmdb_make.h -- an MMDB file made byte by byte: the format of version 2.0, as its specification has it.
 *
 * A binary tree over the bits of IPv6 addresses (IPv4 stands under ::/96), records of 24 bits, then data, then metadata.
 */
#ifndef PW_MMDB_MAKE_H
#define PW_MMDB_MAKE_H

#include "../../../sensor/base/addr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MMDB_NODES = 4096, MMDB_DATA = 8192 };

struct mmdb {
	uint32_t node[MMDB_NODES][2];	/* 0: nothing; else a node, or data from DATA_AT on */
	unsigned nodes;
	uint8_t data[MMDB_DATA];
	size_t n;
};

enum { DATA_AT = 1 << 20 };

static inline void mmdb_byte(struct mmdb *m, unsigned b)
{
	m->data[m->n++] = (uint8_t)b;
}

/* Control bytes: the type (3 bits) and a size below 29. */
static inline void mmdb_text(struct mmdb *m, const char *text)
{
	size_t n = strlen(text);

	if (n < 29) {
		mmdb_byte(m, 2 << 5 | (unsigned)n);
	} else {
		mmdb_byte(m, 2 << 5 | 29);
		mmdb_byte(m, (unsigned)n - 29);
	}
	memcpy(m->data + m->n, text, n);
	m->n += n;
}

static inline void mmdb_map(struct mmdb *m, unsigned pairs)
{
	mmdb_byte(m, 7 << 5 | pairs);
}

static inline void mmdb_uint(struct mmdb *m, unsigned type, uint64_t v, unsigned bytes)
{
	if (type > 7) {
		mmdb_byte(m, bytes);
		mmdb_byte(m, type - 7);
	} else {
		mmdb_byte(m, type << 5 | bytes);
	}
	while (bytes-- > 0)
		mmdb_byte(m, (unsigned)(v >> 8 * bytes) & 0xff);
}

/* What follows in the data is found under this prefix; an IPv4 /24 has 24 + 96 bits. */
static inline void mmdb_prefix(struct mmdb *m, const char *text)
{
	struct prefix p;
	struct addr a;
	unsigned at = 0;

	if (!prefix_parse(text, &p))
		abort();
	a = p.addr;
	if (addr_is_v4(&a))
		memset(a.b, 0, 12);
	if (m->nodes == 0)
		m->nodes = 1;
	for (unsigned i = 0; i < p.bits; i++) {
		unsigned bit = a.b[i / 8] >> (7 - i % 8) & 1;

		if (i + 1 == p.bits) {
			m->node[at][bit] = DATA_AT + (uint32_t)m->n;
		} else {
			if (m->node[at][bit] == 0)
				m->node[at][bit] = m->nodes++;
			at = m->node[at][bit];
		}
	}
}

static inline void mmdb_write(struct mmdb *m, const char *path)
{
	static struct mmdb meta;
	FILE *f = fopen(path, "wb");

	if (f == NULL)
		abort();
	for (unsigned i = 0; i < m->nodes; i++)
		for (unsigned k = 0; k < 2; k++) {
			uint32_t v = m->node[i][k];

			v = v == 0 ? m->nodes : v >= DATA_AT ? m->nodes + 16 + (v - DATA_AT) : v;
			fwrite((uint8_t[]){(uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v}, 1, 3, f);
		}
	fwrite((uint8_t[16]){0}, 1, 16, f);
	fwrite(m->data, 1, m->n, f);
	memset(&meta, 0, sizeof meta);
	mmdb_map(&meta, 9);
	mmdb_text(&meta, "binary_format_major_version");
	mmdb_uint(&meta, 5, 2, 2);
	mmdb_text(&meta, "binary_format_minor_version");
	mmdb_uint(&meta, 5, 0, 2);
	mmdb_text(&meta, "build_epoch");
	mmdb_uint(&meta, 9, 1700000000, 4);
	mmdb_text(&meta, "database_type");
	mmdb_text(&meta, "Test");
	mmdb_text(&meta, "description");
	mmdb_map(&meta, 0);
	mmdb_text(&meta, "ip_version");
	mmdb_uint(&meta, 5, 6, 2);
	mmdb_text(&meta, "languages");
	mmdb_byte(&meta, 0);		/* an array, none in it */
	mmdb_byte(&meta, 4);
	mmdb_text(&meta, "node_count");
	mmdb_uint(&meta, 6, m->nodes, 4);
	mmdb_text(&meta, "record_size");
	mmdb_uint(&meta, 5, 24, 2);
	fwrite("\xab\xcd\xefMaxMind.com", 1, 14, f);
	fwrite(meta.data, 1, meta.n, f);
	fclose(f);
}

/* GeoLite2-ASN's form. */
static inline void mmdb_asn(struct mmdb *m, const char *prefix, uint32_t asn, const char *org)
{
	mmdb_prefix(m, prefix);
	mmdb_map(m, 2);
	mmdb_text(m, "autonomous_system_number");
	mmdb_uint(m, 6, asn, 4);
	mmdb_text(m, "autonomous_system_organization");
	mmdb_text(m, org);
}

/* GeoLite2-Country's. */
static inline void mmdb_country(struct mmdb *m, const char *prefix, const char *code)
{
	mmdb_prefix(m, prefix);
	mmdb_map(m, 1);
	mmdb_text(m, "country");
	mmdb_map(m, 1);
	mmdb_text(m, "iso_code");
	mmdb_text(m, code);
}

#endif
