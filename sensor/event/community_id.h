/* community_id.h -- Community ID version 1: one name for a flow in every tool that sees it. */
#ifndef PW_COMMUNITY_ID_H
#define PW_COMMUNITY_ID_H

#include "../base/addr.h"

struct evp_md_st;	/* OpenSSL's EVP_MD */

enum { COMMUNITY_ID_TEXT = 31 };	/* "1:", 28 characters of base64, NUL */

/* The same for both directions. For ICMP and ICMPv6 the ports are type (src) and code (dst). false: this libcrypto does not
 * do SHA-1, nothing written. */
bool community_id(const struct evp_md_st *sha1, const struct endpoint *src, const struct endpoint *dst, uint8_t ip_proto, uint16_t seed,
    char to[static COMMUNITY_ID_TEXT]);

#endif
