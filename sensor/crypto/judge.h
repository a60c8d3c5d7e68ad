/* judge.h -- what was seen of a flow's encryption, held against a profile: pass, fail with reasons and controls, or unknown.
 *
 * What was chosen counts; what was only offered is noted. It passes if all of it could be seen and nothing breaks a rule; one
 * broken rule fails it, whatever is hidden; all else is unknown.
 */
#ifndef PW_CRYPTO_JUDGE_H
#define PW_CRYPTO_JUDGE_H

#include "../event/event_crypto.h"
#include "profile.h"
#include "seen.h"

/* `media`: data go both ways on that flow, so that keys have been agreed upon somehow. `seen` may be NULL: nothing was seen. The
 * result is CRYPTO_NONE if there is nothing to be judged. */
void crypto_judge(const struct crypto_profile *, const struct crypto_seen *seen, bool media, struct event_crypto *);

/* It in one line: "DTLS 1.2, TLS_ECDHE_..., X25519: fail (AES-128, X25519)". Returns its buffer. */
enum { CRYPTO_LINE = 512 };
const char *crypto_line(const struct event_crypto *, char to[static CRYPTO_LINE]);

#endif
