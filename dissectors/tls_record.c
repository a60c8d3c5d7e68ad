/* tls_record.c -- see tls_record.h. */
#include "tls_record.h"

enum { MESSAGE_HEADER = 4 };

struct reader {
	struct cursor c;
	uint32_t left;			/* of the record */
	unsigned records;
	size_t want;			/* how many more bytes it takes to go on */
};

/* At the end of a record: the header of the next. */
static enum tls_next next_record(struct reader *r, uint8_t *type)
{
	uint8_t major, minor;
	uint16_t length;

	if (r->c.left < TLS_RECORD_HEADER) {
		r->want = TLS_RECORD_HEADER - r->c.left;
		return TLS_NEXT_MORE;
	}
	*type = cur_u8(&r->c);
	major = cur_u8(&r->c);
	minor = cur_u8(&r->c);
	length = cur_u16(&r->c);
	if (*type < TLS_CHANGE_CIPHER_SPEC || *type > TLS_ACK || major != 3 || minor > 4 || length == 0 || length > TLS_RECORD_MAX)
		return TLS_NEXT_BAD;
	if (*type != TLS_HANDSHAKE)
		return TLS_NEXT_OTHER;
	r->left = length;
	return ++r->records > TLS_MESSAGE_RECORDS ? TLS_NEXT_BAD : TLS_NEXT_MESSAGE;
}

/* n handshake bytes, with the headers of records between them left out. */
static enum tls_next pull(struct reader *r, uint8_t *to, size_t n, uint8_t *type)
{
	enum tls_next next;

	while (n > 0) {
		size_t piece;

		if (r->left == 0 && (next = next_record(r, type)) != TLS_NEXT_MESSAGE)
			return next;
		piece = n < r->left ? n : r->left;
		if (r->c.left < piece) {
			r->want = piece - r->c.left;
			return TLS_NEXT_MORE;
		}
		cur_copy(&r->c, to, piece);
		r->left -= (uint32_t)piece;
		to += piece;
		n -= piece;
	}
	return TLS_NEXT_MESSAGE;
}

static enum tls_next message(struct reader *r, uint8_t *room, uint8_t *type, struct cursor *body)
{
	uint8_t header[MESSAGE_HEADER], inner;
	enum tls_next next = pull(r, header, sizeof header, type);
	size_t length;

	if (next != TLS_NEXT_MESSAGE)
		return next;
	*type = header[0];
	length = (size_t)header[1] << 16 | (size_t)header[2] << 8 | header[3];
	if (length > TLS_MESSAGE_MAX)
		return TLS_NEXT_BAD;
	if (length <= r->left) {	/* mostly: it lies in one piece */
		if (r->c.left < length) {
			r->want = length - r->c.left;
			return TLS_NEXT_MORE;
		}
		*body = cur_take(&r->c, length);
		r->left -= (uint32_t)length;
		return TLS_NEXT_MESSAGE;
	}
	next = pull(r, room, length, &inner);
	*body = cur_of(room, length);
	return next == TLS_NEXT_OTHER ? TLS_NEXT_BAD : next;	/* RFC 8446, 5.1: nothing may come between its records */
}

enum tls_next tls_records_next(struct tls_records *s, struct cursor *stream, uint8_t room[static TLS_MESSAGE_MAX], uint8_t *type,
    struct cursor *body)
{
	struct reader r = {.c = *stream, .left = s->left};
	enum tls_next next;

	if (stream->left < s->want)
		return TLS_NEXT_MORE;
	next = message(&r, room, type, body);
	s->want = 0;
	if (next == TLS_NEXT_MORE) {
		s->want = (uint32_t)(stream->left + r.want);
	} else if (next == TLS_NEXT_MESSAGE) {
		*stream = r.c;
		s->left = r.left;
	}
	return next;
}
