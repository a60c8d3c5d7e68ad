/* names.c -- see names.h. */
#include "names.h"

#include <stdio.h>

#define NUMBER_OF(table) (sizeof(table) / sizeof (table)[0])

/* --- cipher suites: E(identifier, name in a suite, exchange, certified, signed); C(identifier, name in a suite, algorithm, bits);
 * S(number, exchange, cipher, hash) --- */

#define EXCHANGES(E) \
	E(TLS13, "", 13, true, true) \
	E(RSA, "RSA", RSA, true, false) \
	E(RSA_EXPORT, "RSA_EXPORT", RSA, true, false) \
	E(DH_DSS, "DH_DSS", FIXED, true, false) \
	E(DH_RSA, "DH_RSA", FIXED, true, false) \
	E(DHE_DSS, "DHE_DSS", DHE, true, true) \
	E(DHE_DSS_EXPORT, "DHE_DSS_EXPORT", DHE, true, true) \
	E(DHE_RSA, "DHE_RSA", DHE, true, true) \
	E(DHE_RSA_EXPORT, "DHE_RSA_EXPORT", DHE, true, true) \
	E(DH_ANON, "DH_anon", ANONYMOUS, false, false) \
	E(DH_ANON_EXPORT, "DH_anon_EXPORT", ANONYMOUS, false, false) \
	E(ECDH_ECDSA, "ECDH_ECDSA", FIXED, true, false) \
	E(ECDH_RSA, "ECDH_RSA", FIXED, true, false) \
	E(ECDHE_ECDSA, "ECDHE_ECDSA", ECDHE, true, true) \
	E(ECDHE_RSA, "ECDHE_RSA", ECDHE, true, true) \
	E(ECDH_ANON, "ECDH_anon", ANONYMOUS, false, false) \
	E(PSK, "PSK", PSK, false, false) \
	E(DHE_PSK, "DHE_PSK", PSK, false, false) \
	E(PSK_DHE, "PSK_DHE", PSK, false, false) \
	E(RSA_PSK, "RSA_PSK", PSK, true, false) \
	E(ECDHE_PSK, "ECDHE_PSK", PSK, false, false) \
	E(SRP_SHA, "SRP_SHA", SRP, false, false) \
	E(SRP_SHA_RSA, "SRP_SHA_RSA", SRP, true, true) \
	E(SRP_SHA_DSS, "SRP_SHA_DSS", SRP, true, true)

#define CIPHERS(C) \
	C(CLEAR, "NULL", "NULL", 0) \
	C(RC4_40, "RC4_40", "RC4-40", 40) \
	C(RC2_CBC_40, "RC2_CBC_40", "RC2-40", 40) \
	C(DES40_CBC, "DES40_CBC", "DES-40", 40) \
	C(DES_CBC, "DES_CBC", "DES", 56) \
	C(RC4_128, "RC4_128", "RC4", 128) \
	C(IDEA_CBC, "IDEA_CBC", "IDEA", 128) \
	C(C3DES, "3DES_EDE_CBC", "3DES", 168) \
	C(SEED_CBC, "SEED_CBC", "SEED", 128) \
	C(AES_128_CBC, "AES_128_CBC", "AES-128", 128) \
	C(AES_256_CBC, "AES_256_CBC", "AES-256", 256) \
	C(AES_128_GCM, "AES_128_GCM", "AES-128", 128) \
	C(AES_256_GCM, "AES_256_GCM", "AES-256", 256) \
	C(AES_128_CCM, "AES_128_CCM", "AES-128", 128) \
	C(AES_256_CCM, "AES_256_CCM", "AES-256", 256) \
	C(AES_128_CCM_8, "AES_128_CCM_8", "AES-128", 128) \
	C(AES_256_CCM_8, "AES_256_CCM_8", "AES-256", 256) \
	C(CAMELLIA_128_CBC, "CAMELLIA_128_CBC", "Camellia-128", 128) \
	C(CAMELLIA_256_CBC, "CAMELLIA_256_CBC", "Camellia-256", 256) \
	C(CAMELLIA_128_GCM, "CAMELLIA_128_GCM", "Camellia-128", 128) \
	C(CAMELLIA_256_GCM, "CAMELLIA_256_GCM", "Camellia-256", 256) \
	C(ARIA_128_CBC, "ARIA_128_CBC", "ARIA-128", 128) \
	C(ARIA_256_CBC, "ARIA_256_CBC", "ARIA-256", 256) \
	C(ARIA_128_GCM, "ARIA_128_GCM", "ARIA-128", 128) \
	C(ARIA_256_GCM, "ARIA_256_GCM", "ARIA-256", 256) \
	C(CHACHA20_POLY1305, "CHACHA20_POLY1305", "ChaCha20", 256)

#define SUITES(S) \
	S(0x0001, RSA, CLEAR, MD5) S(0x0002, RSA, CLEAR, SHA1) S(0x0003, RSA_EXPORT, RC4_40, MD5) S(0x0004, RSA, RC4_128, MD5) \
	S(0x0005, RSA, RC4_128, SHA1) S(0x0006, RSA_EXPORT, RC2_CBC_40, MD5) S(0x0007, RSA, IDEA_CBC, SHA1) \
	S(0x0008, RSA_EXPORT, DES40_CBC, SHA1) S(0x0009, RSA, DES_CBC, SHA1) S(0x000a, RSA, C3DES, SHA1) \
	S(0x000c, DH_DSS, DES_CBC, SHA1) S(0x000d, DH_DSS, C3DES, SHA1) S(0x000f, DH_RSA, DES_CBC, SHA1) \
	S(0x0010, DH_RSA, C3DES, SHA1) S(0x0011, DHE_DSS_EXPORT, DES40_CBC, SHA1) S(0x0012, DHE_DSS, DES_CBC, SHA1) \
	S(0x0013, DHE_DSS, C3DES, SHA1) S(0x0014, DHE_RSA_EXPORT, DES40_CBC, SHA1) S(0x0015, DHE_RSA, DES_CBC, SHA1) \
	S(0x0016, DHE_RSA, C3DES, SHA1) S(0x0017, DH_ANON_EXPORT, RC4_40, MD5) S(0x0018, DH_ANON, RC4_128, MD5) \
	S(0x0019, DH_ANON_EXPORT, DES40_CBC, SHA1) S(0x001a, DH_ANON, DES_CBC, SHA1) S(0x001b, DH_ANON, C3DES, SHA1) \
	S(0x002c, PSK, CLEAR, SHA1) S(0x002d, DHE_PSK, CLEAR, SHA1) S(0x002e, RSA_PSK, CLEAR, SHA1) S(0x002f, RSA, AES_128_CBC, SHA1) \
	S(0x0030, DH_DSS, AES_128_CBC, SHA1) S(0x0031, DH_RSA, AES_128_CBC, SHA1) S(0x0032, DHE_DSS, AES_128_CBC, SHA1) \
	S(0x0033, DHE_RSA, AES_128_CBC, SHA1) S(0x0034, DH_ANON, AES_128_CBC, SHA1) S(0x0035, RSA, AES_256_CBC, SHA1) \
	S(0x0036, DH_DSS, AES_256_CBC, SHA1) S(0x0037, DH_RSA, AES_256_CBC, SHA1) S(0x0038, DHE_DSS, AES_256_CBC, SHA1) \
	S(0x0039, DHE_RSA, AES_256_CBC, SHA1) S(0x003a, DH_ANON, AES_256_CBC, SHA1) S(0x003b, RSA, CLEAR, SHA256) \
	S(0x003c, RSA, AES_128_CBC, SHA256) S(0x003d, RSA, AES_256_CBC, SHA256) S(0x003e, DH_DSS, AES_128_CBC, SHA256) \
	S(0x003f, DH_RSA, AES_128_CBC, SHA256) S(0x0040, DHE_DSS, AES_128_CBC, SHA256) S(0x0041, RSA, CAMELLIA_128_CBC, SHA1) \
	S(0x0042, DH_DSS, CAMELLIA_128_CBC, SHA1) S(0x0043, DH_RSA, CAMELLIA_128_CBC, SHA1) \
	S(0x0044, DHE_DSS, CAMELLIA_128_CBC, SHA1) S(0x0045, DHE_RSA, CAMELLIA_128_CBC, SHA1) \
	S(0x0046, DH_ANON, CAMELLIA_128_CBC, SHA1) S(0x0067, DHE_RSA, AES_128_CBC, SHA256) S(0x0068, DH_DSS, AES_256_CBC, SHA256) \
	S(0x0069, DH_RSA, AES_256_CBC, SHA256) S(0x006a, DHE_DSS, AES_256_CBC, SHA256) S(0x006b, DHE_RSA, AES_256_CBC, SHA256) \
	S(0x006c, DH_ANON, AES_128_CBC, SHA256) S(0x006d, DH_ANON, AES_256_CBC, SHA256) S(0x0084, RSA, CAMELLIA_256_CBC, SHA1) \
	S(0x0085, DH_DSS, CAMELLIA_256_CBC, SHA1) S(0x0086, DH_RSA, CAMELLIA_256_CBC, SHA1) \
	S(0x0087, DHE_DSS, CAMELLIA_256_CBC, SHA1) S(0x0088, DHE_RSA, CAMELLIA_256_CBC, SHA1) \
	S(0x0089, DH_ANON, CAMELLIA_256_CBC, SHA1) S(0x008a, PSK, RC4_128, SHA1) S(0x008b, PSK, C3DES, SHA1) \
	S(0x008c, PSK, AES_128_CBC, SHA1) S(0x008d, PSK, AES_256_CBC, SHA1) S(0x008e, DHE_PSK, RC4_128, SHA1) \
	S(0x008f, DHE_PSK, C3DES, SHA1) S(0x0090, DHE_PSK, AES_128_CBC, SHA1) S(0x0091, DHE_PSK, AES_256_CBC, SHA1) \
	S(0x0092, RSA_PSK, RC4_128, SHA1) S(0x0093, RSA_PSK, C3DES, SHA1) S(0x0094, RSA_PSK, AES_128_CBC, SHA1) \
	S(0x0095, RSA_PSK, AES_256_CBC, SHA1) S(0x0096, RSA, SEED_CBC, SHA1) S(0x0099, DHE_DSS, SEED_CBC, SHA1) \
	S(0x009a, DHE_RSA, SEED_CBC, SHA1) S(0x009c, RSA, AES_128_GCM, SHA256) S(0x009d, RSA, AES_256_GCM, SHA384) \
	S(0x009e, DHE_RSA, AES_128_GCM, SHA256) S(0x009f, DHE_RSA, AES_256_GCM, SHA384) S(0x00a0, DH_RSA, AES_128_GCM, SHA256) \
	S(0x00a1, DH_RSA, AES_256_GCM, SHA384) S(0x00a2, DHE_DSS, AES_128_GCM, SHA256) S(0x00a3, DHE_DSS, AES_256_GCM, SHA384) \
	S(0x00a4, DH_DSS, AES_128_GCM, SHA256) S(0x00a5, DH_DSS, AES_256_GCM, SHA384) S(0x00a6, DH_ANON, AES_128_GCM, SHA256) \
	S(0x00a7, DH_ANON, AES_256_GCM, SHA384) S(0x00a8, PSK, AES_128_GCM, SHA256) S(0x00a9, PSK, AES_256_GCM, SHA384) \
	S(0x00aa, DHE_PSK, AES_128_GCM, SHA256) S(0x00ab, DHE_PSK, AES_256_GCM, SHA384) S(0x00ac, RSA_PSK, AES_128_GCM, SHA256) \
	S(0x00ad, RSA_PSK, AES_256_GCM, SHA384) S(0x00ae, PSK, AES_128_CBC, SHA256) S(0x00af, PSK, AES_256_CBC, SHA384) \
	S(0x00b0, PSK, CLEAR, SHA256) S(0x00b1, PSK, CLEAR, SHA384) S(0x00b2, DHE_PSK, AES_128_CBC, SHA256) \
	S(0x00b3, DHE_PSK, AES_256_CBC, SHA384) S(0x00b4, DHE_PSK, CLEAR, SHA256) S(0x00b5, DHE_PSK, CLEAR, SHA384) \
	S(0x00b6, RSA_PSK, AES_128_CBC, SHA256) S(0x00b7, RSA_PSK, AES_256_CBC, SHA384) S(0x00b8, RSA_PSK, CLEAR, SHA256) \
	S(0x00b9, RSA_PSK, CLEAR, SHA384) S(0x00ba, RSA, CAMELLIA_128_CBC, SHA256) S(0x00bd, DHE_DSS, CAMELLIA_128_CBC, SHA256) \
	S(0x00be, DHE_RSA, CAMELLIA_128_CBC, SHA256) S(0x00bf, DH_ANON, CAMELLIA_128_CBC, SHA256) \
	S(0x00c0, RSA, CAMELLIA_256_CBC, SHA256) S(0x00c3, DHE_DSS, CAMELLIA_256_CBC, SHA256) \
	S(0x00c4, DHE_RSA, CAMELLIA_256_CBC, SHA256) S(0x00c5, DH_ANON, CAMELLIA_256_CBC, SHA256) \
	S(0x1301, TLS13, AES_128_GCM, SHA256) S(0x1302, TLS13, AES_256_GCM, SHA384) S(0x1303, TLS13, CHACHA20_POLY1305, SHA256) \
	S(0x1304, TLS13, AES_128_CCM, SHA256) S(0x1305, TLS13, AES_128_CCM_8, SHA256) S(0xc001, ECDH_ECDSA, CLEAR, SHA1) \
	S(0xc002, ECDH_ECDSA, RC4_128, SHA1) S(0xc003, ECDH_ECDSA, C3DES, SHA1) S(0xc004, ECDH_ECDSA, AES_128_CBC, SHA1) \
	S(0xc005, ECDH_ECDSA, AES_256_CBC, SHA1) S(0xc006, ECDHE_ECDSA, CLEAR, SHA1) S(0xc007, ECDHE_ECDSA, RC4_128, SHA1) \
	S(0xc008, ECDHE_ECDSA, C3DES, SHA1) S(0xc009, ECDHE_ECDSA, AES_128_CBC, SHA1) S(0xc00a, ECDHE_ECDSA, AES_256_CBC, SHA1) \
	S(0xc00b, ECDH_RSA, CLEAR, SHA1) S(0xc00c, ECDH_RSA, RC4_128, SHA1) S(0xc00d, ECDH_RSA, C3DES, SHA1) \
	S(0xc00e, ECDH_RSA, AES_128_CBC, SHA1) S(0xc00f, ECDH_RSA, AES_256_CBC, SHA1) S(0xc010, ECDHE_RSA, CLEAR, SHA1) \
	S(0xc011, ECDHE_RSA, RC4_128, SHA1) S(0xc012, ECDHE_RSA, C3DES, SHA1) S(0xc013, ECDHE_RSA, AES_128_CBC, SHA1) \
	S(0xc014, ECDHE_RSA, AES_256_CBC, SHA1) S(0xc015, ECDH_ANON, CLEAR, SHA1) S(0xc016, ECDH_ANON, RC4_128, SHA1) \
	S(0xc017, ECDH_ANON, C3DES, SHA1) S(0xc018, ECDH_ANON, AES_128_CBC, SHA1) S(0xc019, ECDH_ANON, AES_256_CBC, SHA1) \
	S(0xc01d, SRP_SHA, AES_128_CBC, SHA1) S(0xc01e, SRP_SHA_RSA, AES_128_CBC, SHA1) S(0xc01f, SRP_SHA_DSS, AES_128_CBC, SHA1) \
	S(0xc020, SRP_SHA, AES_256_CBC, SHA1) S(0xc021, SRP_SHA_RSA, AES_256_CBC, SHA1) S(0xc022, SRP_SHA_DSS, AES_256_CBC, SHA1) \
	S(0xc023, ECDHE_ECDSA, AES_128_CBC, SHA256) S(0xc024, ECDHE_ECDSA, AES_256_CBC, SHA384) \
	S(0xc025, ECDH_ECDSA, AES_128_CBC, SHA256) S(0xc026, ECDH_ECDSA, AES_256_CBC, SHA384) \
	S(0xc027, ECDHE_RSA, AES_128_CBC, SHA256) S(0xc028, ECDHE_RSA, AES_256_CBC, SHA384) S(0xc029, ECDH_RSA, AES_128_CBC, SHA256) \
	S(0xc02a, ECDH_RSA, AES_256_CBC, SHA384) S(0xc02b, ECDHE_ECDSA, AES_128_GCM, SHA256) \
	S(0xc02c, ECDHE_ECDSA, AES_256_GCM, SHA384) S(0xc02d, ECDH_ECDSA, AES_128_GCM, SHA256) \
	S(0xc02e, ECDH_ECDSA, AES_256_GCM, SHA384) S(0xc02f, ECDHE_RSA, AES_128_GCM, SHA256) \
	S(0xc030, ECDHE_RSA, AES_256_GCM, SHA384) S(0xc031, ECDH_RSA, AES_128_GCM, SHA256) S(0xc032, ECDH_RSA, AES_256_GCM, SHA384) \
	S(0xc033, ECDHE_PSK, RC4_128, SHA1) S(0xc034, ECDHE_PSK, C3DES, SHA1) S(0xc035, ECDHE_PSK, AES_128_CBC, SHA1) \
	S(0xc036, ECDHE_PSK, AES_256_CBC, SHA1) S(0xc037, ECDHE_PSK, AES_128_CBC, SHA256) S(0xc038, ECDHE_PSK, AES_256_CBC, SHA384) \
	S(0xc039, ECDHE_PSK, CLEAR, SHA1) S(0xc03a, ECDHE_PSK, CLEAR, SHA256) S(0xc03b, ECDHE_PSK, CLEAR, SHA384) \
	S(0xc050, RSA, ARIA_128_GCM, SHA256) S(0xc051, RSA, ARIA_256_GCM, SHA384) S(0xc052, DHE_RSA, ARIA_128_GCM, SHA256) \
	S(0xc053, DHE_RSA, ARIA_256_GCM, SHA384) S(0xc056, DHE_DSS, ARIA_128_GCM, SHA256) S(0xc057, DHE_DSS, ARIA_256_GCM, SHA384) \
	S(0xc05c, ECDHE_ECDSA, ARIA_128_GCM, SHA256) S(0xc05d, ECDHE_ECDSA, ARIA_256_GCM, SHA384) \
	S(0xc060, ECDHE_RSA, ARIA_128_GCM, SHA256) S(0xc061, ECDHE_RSA, ARIA_256_GCM, SHA384) S(0xc06a, PSK, ARIA_128_GCM, SHA256) \
	S(0xc06b, PSK, ARIA_256_GCM, SHA384) S(0xc06c, DHE_PSK, ARIA_128_GCM, SHA256) S(0xc06d, DHE_PSK, ARIA_256_GCM, SHA384) \
	S(0xc06e, RSA_PSK, ARIA_128_GCM, SHA256) S(0xc06f, RSA_PSK, ARIA_256_GCM, SHA384) \
	S(0xc072, ECDHE_ECDSA, CAMELLIA_128_CBC, SHA256) S(0xc073, ECDHE_ECDSA, CAMELLIA_256_CBC, SHA384) \
	S(0xc076, ECDHE_RSA, CAMELLIA_128_CBC, SHA256) S(0xc077, ECDHE_RSA, CAMELLIA_256_CBC, SHA384) \
	S(0xc094, PSK, CAMELLIA_128_CBC, SHA256) S(0xc095, PSK, CAMELLIA_256_CBC, SHA384) \
	S(0xc096, DHE_PSK, CAMELLIA_128_CBC, SHA256) S(0xc097, DHE_PSK, CAMELLIA_256_CBC, SHA384) \
	S(0xc098, RSA_PSK, CAMELLIA_128_CBC, SHA256) S(0xc099, RSA_PSK, CAMELLIA_256_CBC, SHA384) \
	S(0xc09a, ECDHE_PSK, CAMELLIA_128_CBC, SHA256) S(0xc09b, ECDHE_PSK, CAMELLIA_256_CBC, SHA384) \
	S(0xc09c, RSA, AES_128_CCM, NONE) S(0xc09d, RSA, AES_256_CCM, NONE) S(0xc09e, DHE_RSA, AES_128_CCM, NONE) \
	S(0xc09f, DHE_RSA, AES_256_CCM, NONE) S(0xc0a0, RSA, AES_128_CCM_8, NONE) S(0xc0a1, RSA, AES_256_CCM_8, NONE) \
	S(0xc0a2, DHE_RSA, AES_128_CCM_8, NONE) S(0xc0a3, DHE_RSA, AES_256_CCM_8, NONE) S(0xc0a4, PSK, AES_128_CCM, NONE) \
	S(0xc0a5, PSK, AES_256_CCM, NONE) S(0xc0a6, DHE_PSK, AES_128_CCM, NONE) S(0xc0a7, DHE_PSK, AES_256_CCM, NONE) \
	S(0xc0a8, PSK, AES_128_CCM_8, NONE) S(0xc0a9, PSK, AES_256_CCM_8, NONE) S(0xc0aa, PSK_DHE, AES_128_CCM_8, NONE) \
	S(0xc0ab, PSK_DHE, AES_256_CCM_8, NONE) S(0xc0ac, ECDHE_ECDSA, AES_128_CCM, NONE) S(0xc0ad, ECDHE_ECDSA, AES_256_CCM, NONE) \
	S(0xc0ae, ECDHE_ECDSA, AES_128_CCM_8, NONE) S(0xc0af, ECDHE_ECDSA, AES_256_CCM_8, NONE) \
	S(0xcca8, ECDHE_RSA, CHACHA20_POLY1305, SHA256) S(0xcca9, ECDHE_ECDSA, CHACHA20_POLY1305, SHA256) \
	S(0xccaa, DHE_RSA, CHACHA20_POLY1305, SHA256) S(0xccab, PSK, CHACHA20_POLY1305, SHA256) \
	S(0xccac, ECDHE_PSK, CHACHA20_POLY1305, SHA256) S(0xccad, DHE_PSK, CHACHA20_POLY1305, SHA256) \
	S(0xccae, RSA_PSK, CHACHA20_POLY1305, SHA256)

enum exchange_id {
#define E(id, name, kind, certified, is_signed) X_##id,
	EXCHANGES(E)
#undef E
};

static const struct {
	const char *name;
	uint8_t kind;
	bool certified, is_signed;
} exchanges[] = {
#define E(id, name, kind, certified, is_signed) {name, EXCHANGE_##kind, certified, is_signed},
	EXCHANGES(E)
#undef E
};

enum cipher_id {
#define C(id, name, algorithm, bits) C_##id,
	CIPHERS(C)
#undef C
};

static const struct {
	const char *name, *algorithm;
	uint16_t bits;
} ciphers[] = {
#define C(id, name, algorithm, bits) {name, algorithm, bits},
	CIPHERS(C)
#undef C
};

/* RFC 5246, 1.2: a suite whose name has no hash (CCM) derives keys with SHA-256. */
enum { HASH_MD5 = CERT_MD5, HASH_SHA1 = CERT_SHA1, HASH_SHA256 = CERT_SHA256, HASH_SHA384 = CERT_SHA384, HASH_NONE = 0 };

static const struct row {
	uint16_t number;
	uint8_t exchange, cipher, hash;
} suites[] = {			/* in order of their numbers */
#define S(number, exchange, cipher, hash) {number, X_##exchange, C_##cipher, HASH_##hash},
	SUITES(S)
#undef S
};

static const struct row *row_of(uint16_t number)
{
	size_t low = 0, high = NUMBER_OF(suites);

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (suites[middle].number == number)
			return &suites[middle];
		if (suites[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

bool suite_of(struct suite *s, uint16_t number)
{
	const struct row *r = row_of(number);

	*s = (struct suite){.cipher = ""};
	if (r == NULL)
		return false;
	*s = (struct suite){.cipher = ciphers[r->cipher].algorithm, .bits = ciphers[r->cipher].bits,
	    .hash = r->hash == HASH_NONE ? (uint8_t)CERT_SHA256 : r->hash, .exchange = exchanges[r->exchange].kind,
	    .certified = exchanges[r->exchange].certified, .is_signed = exchanges[r->exchange].is_signed};
	return true;
}

const char *suite_text(uint16_t number, char to[static NAME_TEXT])
{
	static const char *const hashes[] = {[CERT_MD5] = "_MD5", [CERT_SHA1] = "_SHA", [CERT_SHA256] = "_SHA256", [CERT_SHA384] = "_SHA384",
	    [HASH_NONE] = ""};
	const struct row *r = row_of(number);

	if (r == NULL)
		snprintf(to, NAME_TEXT, "0x%04x", number);
	else
		snprintf(to, NAME_TEXT, "TLS_%s%s%s%s", exchanges[r->exchange].name, r->exchange == X_TLS13 ? "" : "_WITH_", ciphers[r->cipher].name,
		    hashes[r->hash]);
	return to;
}

/* --- SRTP: profiles by number (RFC 5764, 7714, 8269, 8723), suites by name (RFC 4568, 6188, 7714, 8269) --- */

static const struct {
	uint16_t number;		/* 0: only SDES has it */
	const char *name, *sdes, *cipher;
	uint16_t bits;
	uint8_t hash;
} profiles[] = {
	{0x0001, "AES128_CM_SHA1_80", "AES_CM_128_HMAC_SHA1_80", "AES-128", 128, CERT_SHA1},
	{0x0002, "AES128_CM_SHA1_32", "AES_CM_128_HMAC_SHA1_32", "AES-128", 128, CERT_SHA1},
	{0x0003, "AES256_CM_SHA1_80", "AES_256_CM_HMAC_SHA1_80", "AES-256", 256, CERT_SHA1},	/* in drafts, and in use */
	{0x0004, "AES256_CM_SHA1_32", "AES_256_CM_HMAC_SHA1_32", "AES-256", 256, CERT_SHA1},
	{0x0005, "NULL_SHA1_80", "NULL_HMAC_SHA1_80", "NULL", 0, CERT_SHA1},
	{0x0006, "NULL_SHA1_32", "NULL_HMAC_SHA1_32", "NULL", 0, CERT_SHA1},
	{0x0007, "AEAD_AES_128_GCM", "AEAD_AES_128_GCM", "AES-128", 128, 0},
	{0x0008, "AEAD_AES_256_GCM", "AEAD_AES_256_GCM", "AES-256", 256, 0},
	{0x0009, "DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM", "", "AES-128", 128, 0},
	{0x000a, "DOUBLE_AEAD_AES_256_GCM_AEAD_AES_256_GCM", "", "AES-256", 256, 0},
	{0x000b, "ARIA_128_CTR_HMAC_SHA1_80", "", "ARIA-128", 128, CERT_SHA1},
	{0x000c, "ARIA_128_CTR_HMAC_SHA1_32", "", "ARIA-128", 128, CERT_SHA1},
	{0x000d, "ARIA_256_CTR_HMAC_SHA1_80", "", "ARIA-256", 256, CERT_SHA1},
	{0x000e, "ARIA_256_CTR_HMAC_SHA1_32", "", "ARIA-256", 256, CERT_SHA1},
	{0x000f, "AEAD_ARIA_128_GCM", "", "ARIA-128", 128, 0},
	{0x0010, "AEAD_ARIA_256_GCM", "", "ARIA-256", 256, 0},
	{0, "", "AES_CM_256_HMAC_SHA1_80", "AES-256", 256, CERT_SHA1},	/* as some write it */
	{0, "", "AES_CM_256_HMAC_SHA1_32", "AES-256", 256, CERT_SHA1},
	{0, "", "AES_192_CM_HMAC_SHA1_80", "AES-192", 192, CERT_SHA1},
	{0, "", "AES_192_CM_HMAC_SHA1_32", "AES-192", 192, CERT_SHA1},
	{0, "", "F8_128_HMAC_SHA1_80", "AES-128", 128, CERT_SHA1},
	{0, "", "SEED_CTR_128_HMAC_SHA1_80", "SEED", 128, CERT_SHA1},
	{0, "", "SEED_128_CCM_80", "SEED", 128, 0},
	{0, "", "SEED_128_GCM_96", "SEED", 128, 0},
};

bool srtp_of(struct suite *s, uint16_t number)
{
	*s = (struct suite){.cipher = ""};
	for (size_t i = 0; i < NUMBER_OF(profiles); i++)
		if (profiles[i].number == number && number != 0) {
			*s = (struct suite){.cipher = profiles[i].cipher, .bits = profiles[i].bits, .hash = profiles[i].hash};
			return true;
		}
	return false;
}

const char *srtp_text(uint16_t number, char to[static NAME_TEXT])
{
	snprintf(to, NAME_TEXT, "0x%04x", number);
	for (size_t i = 0; i < NUMBER_OF(profiles); i++)
		if (profiles[i].number == number && number != 0)
			snprintf(to, NAME_TEXT, "%s", profiles[i].name);
	return to;
}

bool suite_of_sdes(struct suite *s, const char *name)
{
	*s = (struct suite){.cipher = ""};
	for (size_t i = 0; i < NUMBER_OF(profiles); i++)
		if (profiles[i].sdes[0] != '\0' && strcmp(profiles[i].sdes, name) == 0) {
			*s = (struct suite){.cipher = profiles[i].cipher, .bits = profiles[i].bits, .hash = profiles[i].hash};
			return true;
		}
	return false;
}

/* --- ZRTP. RFC 6189, 5.1.2 to 5.1.5: cipher, hash, key agreement, with '-' between them; more may follow --- */

static const struct {
	const char *name, *cipher;
	uint16_t bits;
} zrtp_ciphers[] = {{"AES1", "AES-128", 128}, {"AES2", "AES-192", 192}, {"AES3", "AES-256", 256}, {"2FS1", "Twofish-128", 128},
    {"2FS2", "Twofish-192", 192}, {"2FS3", "Twofish-256", 256}};
static const struct {
	const char *name;
	uint8_t hash;
} zrtp_hashes[] = {{"S256", CERT_SHA256}, {"S384", CERT_SHA384}, {"N256", CERT_HASH_OTHER}, {"N384", CERT_HASH_OTHER}};
static const struct {
	const char *name;
	uint8_t exchange;
	uint16_t group, bits;
} zrtp_exchanges[] = {{"DH2k", EXCHANGE_DHE, 0, 2048}, {"DH3k", EXCHANGE_DHE, 256, 3072}, {"EC25", EXCHANGE_ECDHE, 23, 0},
    {"EC38", EXCHANGE_ECDHE, 24, 0}, {"EC52", EXCHANGE_ECDHE, 25, 0}, {"E255", EXCHANGE_ECDHE, 29, 0}, {"E414", EXCHANGE_ECDHE, 0, 0},
    {"X255", EXCHANGE_ECDHE, 29, 0}, {"Mult", EXCHANGE_PSK, 0, 0}, {"Prsh", EXCHANGE_PSK, 0, 0}};

bool suite_of_zrtp(struct suite *s, const char *name, uint16_t *group, uint16_t *dh_bits)
{
	char cipher[8], hash[8], exchange[8];
	unsigned found = 0;

	*s = (struct suite){.cipher = ""};
	*group = *dh_bits = 0;
	if (sscanf(name, "%4[^-]-%4[^-]-%4[^-]", cipher, hash, exchange) != 3)
		return false;
	for (size_t i = 0; i < NUMBER_OF(zrtp_ciphers); i++)
		if (strcmp(zrtp_ciphers[i].name, cipher) == 0) {
			s->cipher = zrtp_ciphers[i].cipher;
			s->bits = zrtp_ciphers[i].bits;
			found++;
		}
	for (size_t i = 0; i < NUMBER_OF(zrtp_hashes); i++)
		if (strcmp(zrtp_hashes[i].name, hash) == 0) {
			s->hash = zrtp_hashes[i].hash;
			found++;
		}
	for (size_t i = 0; i < NUMBER_OF(zrtp_exchanges); i++)
		if (strcmp(zrtp_exchanges[i].name, exchange) == 0) {
			s->exchange = zrtp_exchanges[i].exchange;
			*group = zrtp_exchanges[i].group;
			*dh_bits = zrtp_exchanges[i].bits;
			found++;
		}
	return found == 3;
}

/* --- groups --- */

static const struct {
	uint16_t number;
	const char *name;
	uint8_t kind;
	uint16_t bits;
} groups[] = {
	{1, "sect163k1", GROUP_CURVE, 0}, {2, "sect163r1", GROUP_CURVE, 0}, {3, "sect163r2", GROUP_CURVE, 0}, {4, "sect193r1", GROUP_CURVE, 0},
	{5, "sect193r2", GROUP_CURVE, 0}, {6, "sect233k1", GROUP_CURVE, 0}, {7, "sect233r1", GROUP_CURVE, 0}, {8, "sect239k1", GROUP_CURVE, 0},
	{9, "sect283k1", GROUP_CURVE, 0}, {10, "sect283r1", GROUP_CURVE, 0}, {11, "sect409k1", GROUP_CURVE, 0}, {12, "sect409r1", GROUP_CURVE, 0},
	{13, "sect571k1", GROUP_CURVE, 0}, {14, "sect571r1", GROUP_CURVE, 0}, {15, "secp160k1", GROUP_CURVE, 0}, {16, "secp160r1", GROUP_CURVE, 0},
	{17, "secp160r2", GROUP_CURVE, 0}, {18, "secp192k1", GROUP_CURVE, 0}, {19, "P-192", GROUP_CURVE, 0}, {20, "secp224k1", GROUP_CURVE, 0},
	{21, "P-224", GROUP_CURVE, 0}, {22, "secp256k1", GROUP_CURVE, 0}, {23, "P-256", GROUP_CURVE, 0}, {24, "P-384", GROUP_CURVE, 0},
	{25, "P-521", GROUP_CURVE, 0}, {26, "brainpoolP256r1", GROUP_CURVE, 0}, {27, "brainpoolP384r1", GROUP_CURVE, 0},
	{28, "brainpoolP512r1", GROUP_CURVE, 0}, {29, "X25519", GROUP_CURVE, 0}, {30, "X448", GROUP_CURVE, 0},
	{31, "brainpoolP256r1tls13", GROUP_CURVE, 0}, {32, "brainpoolP384r1tls13", GROUP_CURVE, 0}, {33, "brainpoolP512r1tls13", GROUP_CURVE, 0},
	{41, "curveSM2", GROUP_CURVE, 0},
	{256, "ffdhe2048", GROUP_FINITE, 2048}, {257, "ffdhe3072", GROUP_FINITE, 3072}, {258, "ffdhe4096", GROUP_FINITE, 4096},
	{259, "ffdhe6144", GROUP_FINITE, 6144}, {260, "ffdhe8192", GROUP_FINITE, 8192},
	{0x0200, "MLKEM512", GROUP_POST_QUANTUM, 0}, {0x0201, "MLKEM768", GROUP_POST_QUANTUM, 0}, {0x0202, "MLKEM1024", GROUP_POST_QUANTUM, 0},
	{0x11eb, "SecP256r1MLKEM768", GROUP_POST_QUANTUM, 0}, {0x11ec, "X25519MLKEM768", GROUP_POST_QUANTUM, 0},
	{0x11ed, "SecP384r1MLKEM1024", GROUP_POST_QUANTUM, 0}, {0x11ee, "curveSM2MLKEM768", GROUP_POST_QUANTUM, 0},
	{0x6399, "X25519Kyber768Draft00", GROUP_POST_QUANTUM, 0}, {0x639a, "SecP256r1Kyber768Draft00", GROUP_POST_QUANTUM, 0},
};

enum group_kind group_of(uint16_t number, uint16_t *bits)
{
	*bits = 0;
	for (size_t i = 0; i < NUMBER_OF(groups); i++)
		if (groups[i].number == number) {
			*bits = groups[i].bits;
			return groups[i].kind;
		}
	return GROUP_UNKNOWN;
}

const char *group_text(uint16_t number, char to[static NAME_TEXT])
{
	snprintf(to, NAME_TEXT, "0x%04x", number);
	for (size_t i = 0; i < NUMBER_OF(groups); i++)
		if (groups[i].number == number)
			snprintf(to, NAME_TEXT, "%s", groups[i].name);
	return to;
}

/* --- signatures. RFC 8446, 4.2.3; before TLS 1.3 the two bytes were hash and algorithm (RFC 5246, 7.4.1.4.1) --- */

static const struct {
	uint16_t scheme;
	const char *name;
	uint8_t hash, key;
} schemes[] = {
	{0x0101, "rsa_pkcs1_md5", CERT_MD5, CERT_RSA}, {0x0201, "rsa_pkcs1_sha1", CERT_SHA1, CERT_RSA}, {0x0202, "dsa_sha1", CERT_SHA1, CERT_DSA},
	{0x0203, "ecdsa_sha1", CERT_SHA1, CERT_EC}, {0x0301, "rsa_pkcs1_sha224", CERT_SHA224, CERT_RSA},
	{0x0302, "dsa_sha224", CERT_SHA224, CERT_DSA}, {0x0303, "ecdsa_sha224", CERT_SHA224, CERT_EC},
	{0x0401, "rsa_pkcs1_sha256", CERT_SHA256, CERT_RSA}, {0x0402, "dsa_sha256", CERT_SHA256, CERT_DSA},
	{0x0403, "ecdsa_secp256r1_sha256", CERT_SHA256, CERT_EC}, {0x0501, "rsa_pkcs1_sha384", CERT_SHA384, CERT_RSA},
	{0x0502, "dsa_sha384", CERT_SHA384, CERT_DSA}, {0x0503, "ecdsa_secp384r1_sha384", CERT_SHA384, CERT_EC},
	{0x0601, "rsa_pkcs1_sha512", CERT_SHA512, CERT_RSA}, {0x0602, "dsa_sha512", CERT_SHA512, CERT_DSA},
	{0x0603, "ecdsa_secp521r1_sha512", CERT_SHA512, CERT_EC}, {0x0804, "rsa_pss_rsae_sha256", CERT_SHA256, CERT_RSA},
	{0x0805, "rsa_pss_rsae_sha384", CERT_SHA384, CERT_RSA}, {0x0806, "rsa_pss_rsae_sha512", CERT_SHA512, CERT_RSA},
	{0x0807, "ed25519", CERT_HASH_OTHER, CERT_ED25519}, {0x0808, "ed448", CERT_HASH_OTHER, CERT_ED448},
	{0x0809, "rsa_pss_pss_sha256", CERT_SHA256, CERT_RSA}, {0x080a, "rsa_pss_pss_sha384", CERT_SHA384, CERT_RSA},
	{0x080b, "rsa_pss_pss_sha512", CERT_SHA512, CERT_RSA}, {0x081a, "ecdsa_brainpoolP256r1tls13_sha256", CERT_SHA256, CERT_EC},
	{0x081b, "ecdsa_brainpoolP384r1tls13_sha384", CERT_SHA384, CERT_EC}, {0x081c, "ecdsa_brainpoolP512r1tls13_sha512", CERT_SHA512, CERT_EC},
};

bool signature_of(uint16_t scheme, uint8_t *hash, uint8_t *key)
{
	*hash = *key = 0;
	for (size_t i = 0; i < NUMBER_OF(schemes); i++)
		if (schemes[i].scheme == scheme) {
			*hash = schemes[i].hash;
			*key = schemes[i].key;
			return true;
		}
	return false;
}

const char *signature_text(uint16_t scheme, char to[static NAME_TEXT])
{
	snprintf(to, NAME_TEXT, "0x%04x", scheme);
	for (size_t i = 0; i < NUMBER_OF(schemes); i++)
		if (schemes[i].scheme == scheme)
			snprintf(to, NAME_TEXT, "%s", schemes[i].name);
	return to;
}

/* --- the rest --- */

static const struct {
	uint16_t version;
	const char *name;
} versions[] = {{0x0300, "SSL 3.0"}, {0x0301, "TLS 1.0"}, {0x0302, "TLS 1.1"}, {0x0303, "TLS 1.2"}, {0x0304, "TLS 1.3"},
    {0x0100, "DTLS 1.0"}, {0xfeff, "DTLS 1.0"}, {0xfefd, "DTLS 1.2"}, {0xfefc, "DTLS 1.3"}};

const char *version_text(uint16_t version)
{
	for (size_t i = 0; i < NUMBER_OF(versions); i++)
		if (versions[i].version == version)
			return versions[i].name;
	return "";
}

bool names_cipher(const char *word)
{
	for (size_t i = 0; i < NUMBER_OF(ciphers); i++)
		if (strcmp(ciphers[i].algorithm, word) == 0)
			return true;
	for (size_t i = 0; i < NUMBER_OF(zrtp_ciphers); i++)
		if (strcmp(zrtp_ciphers[i].cipher, word) == 0)
			return true;
	return false;
}

bool names_group(const char *word)
{
	for (size_t i = 0; i < NUMBER_OF(groups); i++)
		if (strcmp(groups[i].name, word) == 0)
			return true;
	return false;
}

bool names_version(const char *word)
{
	for (size_t i = 0; i < NUMBER_OF(versions); i++)
		if (strcmp(versions[i].name, word) == 0)
			return true;
	return false;
}

const char *exchange_text(enum exchange e)
{
	static const char *const names[] = {
		[EXCHANGE_UNKNOWN] = "", [EXCHANGE_ECDHE] = "ECDHE", [EXCHANGE_DHE] = "DHE", [EXCHANGE_RSA] = "RSA", [EXCHANGE_FIXED] = "fixed DH",
		[EXCHANGE_PSK] = "PSK", [EXCHANGE_ANONYMOUS] = "anonymous", [EXCHANGE_SRP] = "SRP", [EXCHANGE_13] = "",
	};

	return names[e];
}

bool is_no_group(uint16_t n)
{
	return (n & 0x0f0f) == 0x0a0a && n >> 8 == (n & 0xff);
}

bool is_no_suite(uint16_t n)
{
	return is_no_group(n) || n == 0x00ff || n == 0x5600;	/* RFC 5746: renegotiation; 7507: fallback */
}
