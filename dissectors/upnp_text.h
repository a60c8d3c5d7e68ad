/* upnp_text.h -- the little of HTTP and XML that a gateway is asked in: lines, headers, elements. Nothing is copied. */
#ifndef PW_UPNP_TEXT_H
#define PW_UPNP_TEXT_H

#include "dissector.h"

bool upnp_starts(const struct cursor *, const char *text);	/* exactly */
bool upnp_holds(struct cursor, const char *text);		/* somewhere, exactly */
bool upnp_is(struct cursor, const char *text);			/* all of it, exactly */

/* The lines up to the empty one, which is taken as well; bad: it is not here yet. */
struct cursor upnp_head(struct cursor *);
struct cursor upnp_line(struct cursor *);			/* without its end; takes it */
/* The value of a header in a head, whatever the case of its name; empty: it is not there. */
struct cursor upnp_header(struct cursor head, const char *name);
unsigned upnp_status(struct cursor head);			/* of "HTTP/1.1 200 OK" */
/* What stands in an element without children, whatever its attributes; empty: it is not there. */
struct cursor upnp_element(struct cursor xml, const char *name);
bool upnp_number(struct cursor text, uint64_t *);		/* digits, and nothing but spaces around them */

#endif
