/* guess.h -- who was taken for inside where nothing says who is: shared by all workers, who may look and write at any time.
 *
 * A slot each; who comes later takes it. Its content is a hash of the address.
 */
#ifndef PW_GUESS_H
#define PW_GUESS_H

#include "../base/addr.h"

struct guesses;

struct guesses *guesses_new(void);
void guesses_free(struct guesses *);

bool guesses_hold(const struct guesses *, const struct addr *);
void guesses_note(struct guesses *, const struct addr *);

#endif
