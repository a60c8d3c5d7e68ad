/* community_id.c -- see community_id.h.
 *
 * "1:" base64(SHA1(seed | address | address | protocol | 0 | port | port)), the numerically smaller end first, all
 * in network order. Tunnels and VLANs are no part of it.
 */
#include "community_id.h"

#include <netinet/in.h>

#include <openssl/evp.h>

/* An ICMP request and its answer are one flow: the type of the one stands for the port of the other. Types that have
 * no answer keep (type, code), in the order given. */
static bool icmp_answer(uint8_t ip_proto, uint16_t type, uint16_t *answer)
{
	static const uint8_t v4[][2] = {{8, 0}, {13, 14}, {15, 16}, {17, 18}, {10, 9}};
	static const uint8_t v6[][2] = {{128, 129}, {130, 131}, {133, 134}, {135, 136}, {139, 140}, {144, 145}};
	const uint8_t (*pairs)[2] = ip_proto == IPPROTO_ICMP ? v4 : v6;
	size_t n = ip_proto == IPPROTO_ICMP ? sizeof v4 / 2 : sizeof v6 / 2;

	for (size_t i = 0; i < n; i++) {
		if (pairs[i][0] == type || pairs[i][1] == type) {
			*answer = pairs[i][0] == type ? pairs[i][1] : pairs[i][0];
			return true;
		}
	}
	return false;
}

static bool has_ports(uint8_t ip_proto)
{
	return ip_proto == IPPROTO_TCP || ip_proto == IPPROTO_UDP || ip_proto == IPPROTO_SCTP ||
	    ip_proto == IPPROTO_ICMP || ip_proto == IPPROTO_ICMPV6;
}

static size_t put_u16(uint8_t *to, uint16_t v)
{
	to[0] = (uint8_t)(v >> 8);
	to[1] = (uint8_t)v;
	return 2;
}

bool community_id(const EVP_MD *sha1, const struct endpoint *src, const struct endpoint *dst, uint8_t ip_proto, uint16_t seed,
    char to[static COMMUNITY_ID_TEXT])
{
	struct endpoint a = *src, b = *dst;
	size_t skip = addr_is_v4(&a.addr) && addr_is_v4(&b.addr) ? 12 : 0, n = 0;
	uint8_t bytes[2 + 16 + 16 + 2 + 4], hash[EVP_MAX_MD_SIZE];
	bool one_way = false;
	int order;

	if (ip_proto == IPPROTO_ICMP || ip_proto == IPPROTO_ICMPV6)
		one_way = !icmp_answer(ip_proto, a.port, &b.port);
	order = memcmp(a.addr.b, b.addr.b, 16);
	if (!one_way && (order > 0 || (order == 0 && a.port > b.port))) {
		struct endpoint swap = a;

		a = b;
		b = swap;
	}
	n += put_u16(bytes, seed);
	memcpy(bytes + n, a.addr.b + skip, 16 - skip);
	n += 16 - skip;
	memcpy(bytes + n, b.addr.b + skip, 16 - skip);
	n += 16 - skip;
	bytes[n++] = ip_proto;
	bytes[n++] = 0;
	if (has_ports(ip_proto)) {
		n += put_u16(bytes + n, a.port);
		n += put_u16(bytes + n, b.port);
	}
	if (EVP_Digest(bytes, n, hash, NULL, sha1, NULL) != 1)
		return false;
	to[0] = '1';
	to[1] = ':';
	EVP_EncodeBlock((unsigned char *)to + 2, hash, 20);
	return true;
}
