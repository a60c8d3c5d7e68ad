/* place_uri.h -- where lines go that nobody answers: a Unix socket, or syslog, from one line of text.
 *
 *   unix:///path, unix+dgram:///path	a stream or datagram socket (EveBox, Telegraf), a line or a datagram each
 *   syslog://host[:port]		RFC 5424 over UDP (RFC 5426), port 514
 *   syslog+tcp://host[:port]		over TCP (RFC 6587), port 601
 *	?facility=local5	user, daemon, auth, local0 ... local7
 *	&framing=octets|lf	TCP: a count before each, or a newline behind
 */
#ifndef PW_PLACE_URI_H
#define PW_PLACE_URI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct place_uri {
	bool is_unix, is_datagram, is_syslog, lines;
	char host[256];		/* name or address without brackets; of a Unix socket the path */
	uint16_t port;
	uint8_t facility;
};

bool place_uri_parse(const char *text, struct place_uri *, char *error, size_t room);

#endif
