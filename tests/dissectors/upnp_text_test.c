/* upnp_text_test.c -- lines, headers and elements out of bytes that anybody may have sent. */
#include "../../dissectors/upnp_text.h"
#include "../test.h"

static struct cursor text(const char *s)
{
	return cur_of(s, strlen(s));
}

static void heads(void **state)
{
	struct cursor c = text("POST / HTTP/1.1\r\nA: 1\r\n\r\nbody"), head = upnp_head(&c);

	(void)state;
	assert_false(head.bad);
	assert_true(upnp_is(head, "POST / HTTP/1.1\r\nA: 1\r\n"));
	assert_true(upnp_is(c, "body"));
	c = text("GET / HTTP/1.0\n\n");
	assert_true(upnp_is(upnp_head(&c), "GET / HTTP/1.0\n"));
	assert_int_equal(c.left, 0);
	c = text("POST / HTTP/1.1\r\nA: 1\r\n\r");
	assert_true(upnp_head(&c).bad);
	assert_int_equal(c.left, strlen("POST / HTTP/1.1\r\nA: 1\r\n\r"));
	c = text("");
	assert_true(upnp_head(&c).bad);
}

static void headers(void **state)
{
	struct cursor head = text("POST /a HTTP/1.1\r\nsoapACTION:  \"x#y\" \r\nST:upnp\r\nEmpty:\r\nContent-Length: 42\r\n");
	uint64_t v;

	(void)state;
	assert_true(upnp_is(upnp_header(head, "SOAPAction"), "\"x#y\""));
	assert_true(upnp_is(upnp_header(head, "ST"), "upnp"));
	assert_int_equal(upnp_header(head, "Empty").left, 0);
	assert_int_equal(upnp_header(head, "Host").left, 0);
	assert_int_equal(upnp_header(head, "S").left, 0);
	assert_true(upnp_number(upnp_header(head, "content-length"), &v) && v == 42);
	assert_false(upnp_number(text("4a"), &v));
	assert_false(upnp_number(text(""), &v));
	assert_false(upnp_number(text("12345678901"), &v));
	assert_int_equal(upnp_status(text("HTTP/1.1 200 OK\r\n")), 200);
	assert_int_equal(upnp_status(text("HTTP/1.1 20")), 0);
	assert_int_equal(upnp_status(text("HTTP/1.1")), 0);
}

static void elements(void **state)
{
	struct cursor xml = text("<a><NewExternalPortX>1</NewExternalPortX><NewExternalPort dt:dt=\"ui2\" >\t59085 </NewExternalPort>"
	    "<NewProtocol>UDP</NewProtocol><NewRemoteHost></NewRemoteHost><Open");

	(void)state;
	assert_true(upnp_is(upnp_element(xml, "NewExternalPort"), "59085"));
	assert_true(upnp_is(upnp_element(xml, "NewProtocol"), "UDP"));
	assert_int_equal(upnp_element(xml, "NewRemoteHost").left, 0);
	assert_int_equal(upnp_element(xml, "Missing").left, 0);
	assert_int_equal(upnp_element(xml, "Open").left, 0);
	assert_true(upnp_holds(xml, "NewRemote"));
	assert_false(upnp_holds(xml, "newremote"));
	assert_false(upnp_holds(text("ab"), "abc"));
}

static void every_length(void **state)
{
	static const char whole[] = "HTTP/1.1 500 Oops\r\nContent-Length: 9\r\n\r\n<errorCode>718</errorCode>";
	uint64_t v;

	(void)state;
	for (size_t n = 0; n < sizeof whole; n++) {
		uint8_t *edge = edge_copy(whole, n);
		struct cursor c = cur_of(edge, n), head = upnp_head(&c);

		upnp_status(cur_of(edge, n));
		upnp_header(head, "Content-Length");
		upnp_number(upnp_element(c, "errorCode"), &v);
		edge_free(edge, n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads), cmocka_unit_test(headers), cmocka_unit_test(elements), cmocka_unit_test(every_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
