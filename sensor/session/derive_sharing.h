/* derive_sharing.h -- file sharing: connections that say nothing of themselves, but that others of the same host announced.
 *
 * An encrypted BitTorrent peer looks like any random bytes: it counts where the socket, or the other end, is known from the hash
 * table, a tracker, or a connection in the clear. A file that goes past an IRC server begins with anything: it counts where an
 * offer named its end.
 */
#ifndef PW_DERIVE_SHARING_H
#define PW_DERIVE_SHARING_H

#include "derive.h"

extern const struct deriver sharing_deriver;

#endif
