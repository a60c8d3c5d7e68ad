/* event_crypto.h -- how strong the encryption is that was seen, judged by the profile that the site has chosen: part of an alert. */
#ifndef PW_EVENT_CRYPTO_H
#define PW_EVENT_CRYPTO_H

#include <stdbool.h>
#include <stdint.h>

enum crypto_result { CRYPTO_NONE, CRYPTO_PASS, CRYPTO_FAIL, CRYPTO_UNKNOWN };	/* none: there is nothing to be said */
enum crypto_visible {
	VISIBLE_NONE,			/* not how the keys were agreed upon */
	VISIBLE_OFFERED,		/* what was offered, not what was chosen */
	VISIBLE_PARTIAL,		/* what was chosen, as far as it is not hidden, lost or from before */
	VISIBLE_FULL,
};
enum crypto_class { CLASS_WEAK = 1, CLASS_NOT_APPROVED = 2, CLASS_IN_CLEAR = 4, CLASS_UNSEEN = 8 };	/* of reasons: bits */

const char *crypto_result_name(enum crypto_result);
const char *crypto_visible_name(enum crypto_visible);
extern const char *const crypto_class_names[4];	/* by bit: "algorithm-weak", ... */

enum {
	CRYPTO_TEXT = 64, CRYPTO_CERTS = 4, CRYPTO_REASONS = 12, CRYPTO_REASON = 48, CRYPTO_NOTES = 6, CRYPTO_NOTE = 80, CRYPTO_CIDS = 12,
};

struct event_cert {
	bool of_client;
	char role[16], alg[12], curve[20], sha[12];
	uint16_t bits;
};

struct event_crypto {
	uint8_t result, visible;	/* the enums above */
	uint8_t classes;		/* bits of enum crypto_class */
	char profile[24], protocol[16];	/* "nzism3.9", "DTLS 1.2" */
	char cipher[CRYPTO_TEXT], group[CRYPTO_TEXT], signature[CRYPTO_TEXT], srtp[CRYPTO_TEXT];	/* "": not seen, or none */
	char hash[12];
	uint16_t bits;			/* of the cipher's key; 0: not known */
	uint8_t n_certs, n_reasons, n_notes, n_cids;
	struct event_cert certs[CRYPTO_CERTS];
	char reasons[CRYPTO_REASONS][CRYPTO_REASON];	/* why it fails, or why nobody knows */
	char notes[CRYPTO_NOTES][CRYPTO_NOTE];	/* what could be better, but breaks no rule by itself */
	uint32_t cids[CRYPTO_CIDS];	/* controls that are broken */
};

#endif
