/* tls_record_test.c -- records cut into messages, however both are spread. */
#include "../../dissectors/tls_record.h"
#include "tls_make.h"

static struct made stream;
static uint8_t room[TLS_MESSAGE_MAX];

/* Three messages, 1 to 3, of these lengths, in records of `piece` bytes. */
static void make(const size_t length[3], size_t piece)
{
	static struct made messages, body;

	stream.n = messages.n = 0;
	for (unsigned i = 0; i < 3; i++) {
		body.n = 0;
		put_same(&body, (uint8_t)(0x10 + i), length[i]);
		put_message(&messages, i + 1, &body);
	}
	for (size_t at = 0; at < messages.n; at += piece)
		put_record(&stream, TLS_HANDSHAKE, 0x0303, messages.b + at, messages.n - at < piece ? messages.n - at : piece);
}

/* The stream comes `step` bytes at a time; at every step all that is whole must come out, and be looked for only when it
 * can be whole. Returns how many times it was really looked. */
static unsigned read_in_steps(const size_t length[3], size_t step)
{
	struct tls_records r = {0};
	size_t taken = 0;
	unsigned n = 0, looks = 0;

	for (size_t here = 0; here <= stream.n; here += here < stream.n && here + step > stream.n ? stream.n - here : step) {
		uint8_t *edge = edge_copy(stream.b + taken, here - taken), type;
		struct cursor c = cur_of(edge, here - taken), body;

		looks += c.left >= r.want;
		while (tls_records_next(&r, &c, room, &type, &body) == TLS_NEXT_MESSAGE) {
			assert_int_equal(type, n + 1);
			assert_int_equal(body.left, length[n]);
			for (size_t i = 0; i < length[n]; i++)
				assert_int_equal(cur_peek_u8(&body, i), 0x10 + n);
			n++;
			looks++;
		}
		edge_free(edge, here - taken);
		taken = here - c.left;
		if (here == stream.n)
			break;
	}
	assert_int_equal(n, 3);
	assert_int_equal(taken, stream.n);
	return looks;
}

static void whole_and_in_pieces(void **state)
{
	static const size_t lengths[][3] = {{200, 0, 40}, {0, 0, 0}, {38, 1500, 4}};
	static const size_t pieces[] = {16384, 100, 64, 7000};
	static const size_t steps[] = {20000, 1, 7, 536};

	(void)state;
	for (unsigned l = 0; l < 3; l++)
		for (unsigned p = 0; p < 4; p++) {
			make(lengths[l], pieces[p]);
			for (unsigned s = 0; s < 4; s++)
				read_in_steps(lengths[l], steps[s]);
		}
}

/* A stream of single bytes costs a few looks a record, not one a byte. */
static void looked_at_when_it_helps(void **state)
{
	static const size_t lengths[3] = {3000, 3000, 3000};

	(void)state;
	make(lengths, 1000);
	assert_true(read_in_steps(lengths, 1) < 80);
}

static enum tls_next first(const void *bytes, size_t n, uint8_t *type)
{
	struct tls_records r = {0};
	struct cursor c = cur_of(bytes, n), body;

	return tls_records_next(&r, &c, room, type, &body);
}

static void other_records_and_none(void **state)
{
	uint8_t type = 0;

	(void)state;
	assert_int_equal(first("\x17\3\3\0\5hello", 10, &type), TLS_NEXT_OTHER);
	assert_int_equal(type, TLS_APPLICATION_DATA);
	assert_int_equal(first("\x14\3\3\0\1\1", 6, &type), TLS_NEXT_OTHER);
	assert_int_equal(type, TLS_CHANGE_CIPHER_SPEC);
	assert_int_equal(first("\x16\3\3\0\0", 5, &type), TLS_NEXT_BAD);
	assert_int_equal(first("\x16\2\3\0\5", 5, &type), TLS_NEXT_BAD);
	assert_int_equal(first("\x16\3\5\0\5", 5, &type), TLS_NEXT_BAD);
	assert_int_equal(first("\x16\3\3\xff\xff", 5, &type), TLS_NEXT_BAD);
	assert_int_equal(first("GET / HTTP/1.1", 14, &type), TLS_NEXT_BAD);
	assert_int_equal(first("\x16\3\3\0\4\1\1\0\0", 9, &type), TLS_NEXT_BAD);	/* 64 KiB of message */
	assert_int_equal(first("\x16\3\3\0", 4, &type), TLS_NEXT_MORE);
}

/* Between the records of one message nothing may come; and there is an end to their number. */
static void broken(void **state)
{
	struct tls_records r = {0};
	struct cursor c, body;
	uint8_t type;

	(void)state;
	stream.n = 0;
	put_record(&stream, TLS_HANDSHAKE, 0x0301, "\1\0\0\x10" "1234", 8);
	put_record(&stream, TLS_ALERT, 0x0301, "\1\0", 2);
	c = cur_of(stream.b, stream.n);
	assert_int_equal(tls_records_next(&r, &c, room, &type, &body), TLS_NEXT_BAD);
	stream.n = 0;
	put_record(&stream, TLS_HANDSHAKE, 0x0301, "\1\0\1\0", 4);
	for (unsigned i = 0; i < TLS_MESSAGE_RECORDS; i++)
		put_record(&stream, TLS_HANDSHAKE, 0x0301, "x", 1);
	r = (struct tls_records){0};
	c = cur_of(stream.b, stream.n);
	assert_int_equal(tls_records_next(&r, &c, room, &type, &body), TLS_NEXT_BAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_and_in_pieces), cmocka_unit_test(looked_at_when_it_helps), cmocka_unit_test(other_records_and_none),
		cmocka_unit_test(broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
