/* role.h -- what a remote end is, by all that is known of its leg. Pure: nothing is changed but the leg's own marks of
 * how it was found (followed, one_way). */
#ifndef PW_ROLE_H
#define PW_ROLE_H

#include "state.h"

enum role role_of(const struct correlator *, struct leg *);

/* Only one direction can be seen here, as far as we know: answers stand for their requests. */
bool role_believes(const struct correlator *);
/* And nobody's words are answered here either: what one end says, to whoever, is all there is to go by. */
bool role_believes_words(const struct correlator *);
bool role_data_both(const struct leg *);
/* Our relay. `belief`: one direction may be enough. */
bool role_is_relay(const struct leg *, bool belief);

#endif
