/* decode.h -- from a frame to packets: link layers, tunnels, IP, fragments, duplicates.
 *
 * Nothing here knows about flows. A packet that is not used is counted under a name; a frame never causes an error.
 */
#ifndef PW_DECODE_H
#define PW_DECODE_H

#include "../base/count.h"
#include "../base/packet.h"
#include "../base/team.h"
#include "../config/settings.h"

struct decoder;

enum { DECODE_MAX = 2 };	/* packets from one frame: Teredo gives its UDP packet and the one inside */

struct decoder *decoder_new(const struct decode_settings *, struct counts *);
void decoder_free(struct decoder *);

/* How many packets the frame gave (0 to DECODE_MAX). They borrow the frame's bytes, or the decoder's (a packet put together
 * from fragments): valid until the next call. */
unsigned decode_frame(struct decoder *, const struct frame *, struct packet out[static DECODE_MAX]);
/* One of several workers: before each frame, what time it is by the frames of all. */
void decode_clock(struct decoder *, const struct team_clock *);
/* The same of a frame that every worker of a team was given: only what is this one's comes out, and one of them counts. */
unsigned decode_common(struct decoder *, const struct team *, const struct frame *, struct packet out[static DECODE_MAX]);
/* Do the last frame's packets borrow the decoder's bytes? If not, they stay as long as the frame does. */
bool decode_lent(const struct decoder *);

#endif
