/* home.h -- who the two ends of a flow are to us. Asked once a flow. */
#ifndef PW_HOME_H
#define PW_HOME_H

#include "../base/packet.h"
#include "../config/settings.h"
#include "../facts/facts.h"

struct guesses;
struct home;

struct home *home_new(const struct home_settings *);
void home_free(struct home *);

/* Guess together with others, who have the same guesses: borrowed. */
void home_share(struct home *, struct guesses *);

bool home_holds(const struct home *, const struct addr *);

struct home_ends {
	enum side side;
	bool second_is_local;		/* else the first sender is */
	bool guessed;			/* neither is known to be inside */
};

/* The ends of a flow whose first packet went from `first` to `second`. Where nothing was configured and neither is of the
 * default inside space, inside is guessed to be whoever sends first, and who was inside once is so in later flows. */
struct home_ends home_ends(struct home *, const struct addr *first, const struct addr *second);

/* Would home_ends() have to guess, and remember it? */
bool home_guesses(const struct home *, const struct addr *first, const struct addr *second);

/* A packet from inside comes out of a tunnel that entered from outside, or the other way round. */
bool home_against(const struct home *, const struct packet *);

#endif
