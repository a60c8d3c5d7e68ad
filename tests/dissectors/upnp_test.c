/* upnp_test.c -- UPnP-IGD: the search for a gateway, and the mapping asked of it, in one piece and in many. */
#include "dissected.h"

#include <stdio.h>

extern const struct dissector upnp_dissector;

enum {			/* upnp.c */
	SEARCH = FACT_OWN, GATEWAY, REQUEST, ANSWER, REFUSED, DELETE, TRANSPORT, EXTERNAL_PORT, INTERNAL_PORT, CLIENT, DESCRIPTION,
	LIFETIME,
};

static int setup(void **state)
{
	fresh_flow(state);
	subject = &upnp_dissector;
	remote_end = (struct endpoint){addr_v4(0x0a0a0001), 1900};
	return 0;
}

#define BODY(action) "<?xml version=\"1.0\"?><s:Envelope><s:Body><u:" action " xmlns:u=\"urn:x\"><NewRemoteHost></NewRemoteHost>" \
	"<NewExternalPort>40000</NewExternalPort><NewProtocol>UDP</NewProtocol><NewInternalPort>50000</NewInternalPort>" \
	"<NewInternalClient>10.10.0.11</NewInternalClient><NewEnabled>1</NewEnabled>" \
	"<NewPortMappingDescription>a program</NewPortMappingDescription><NewLeaseDuration>0</NewLeaseDuration></u:" action \
	"></s:Body></s:Envelope>"

static const char *request(const char *action, const char *body)
{
	static char text[2048];

	snprintf(text, sizeof text, "POST /ctl/IPConn HTTP/1.1\r\nHost: 10.10.0.1:5000\r\nContent-Length: %zu\r\n"
	    "SOAPAction: \"urn:schemas-upnp-org:service:WANIPConnection:1#%s\"\r\n\r\n%s", strlen(body), action, body);
	return text;
}

static const char *answer(unsigned status, const char *body)
{
	static char text[2048];

	snprintf(text, sizeof text, "HTTP/1.1 %u x\r\nContent-Length: %zu\r\n\r\n%s", status, strlen(body), body);
	return text;
}

static void search(void **state)
{
	static const char ask[] = "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
	    "ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\nMAN: \"ssdp:discover\"\r\nMX: 2\r\n\r\n";
	static const char printer[] = "M-SEARCH * HTTP/1.1\r\nST: urn:schemas-upnp-org:device:Printer:1\r\n\r\n";
	static const char found[] = "HTTP/1.1 200 OK\r\nST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\n"
	    "LOCATION: http://10.10.0.1:5000/rootDesc.xml\r\n\r\n";

	(void)state;
	assert_int_equal(datagram(printer, strlen(printer), OUT), V_NO);
	assert_int_equal(datagram(ask, strlen(ask), OUT), V_YES);
	assert_true(said_text(SEARCH, "urn:schemas-upnp-org:device:InternetGatewayDevice:1") && said(FACT_BORDER) && !said(REQUEST));
	assert_int_equal(datagram(ask, strlen(ask), OUT), V_YES);
	assert_int_equal(messages(), 0);
	assert_int_equal(datagram(found, strlen(found), IN), V_YES);
	assert_true(said_text(GATEWAY, "http://10.10.0.1:5000/rootDesc.xml"));
	remote_end.port = 1901;
	assert_int_equal(datagram(ask, strlen(ask), OUT), V_NO);
	mangled((const uint8_t *)found, strlen(found), IN);
}

static void mapping(void **state)
{
	(void)state;
	assert_int_equal(stretch(request("AddPortMapping", BODY("AddPortMapping")), OUT), V_YES);
	assert_true(said(FACT_BORDER) && said_text(REQUEST, "UDP port 40000 to 10.10.0.11:50000 for 0 s: a program") && said_text(TRANSPORT, "UDP"));
	assert_true(said_uint(EXTERNAL_PORT, 40000) && said_uint(INTERNAL_PORT, 50000) && said_text(CLIENT, "10.10.0.11"));
	assert_true(said_text(DESCRIPTION, "a program") && said_uint(LIFETIME, 0) && said_text(FACT_FLOW_APP, "upnp"));
	assert_int_equal(left, 0);
	assert_int_equal(stretch(answer(200, "<u:AddPortMappingResponse/>"), IN), V_YES);
	assert_true(said(ANSWER) && !said(REFUSED));
	/* The same connection goes on. */
	assert_int_equal(stretch(request("AddAnyPortMapping", BODY("AddAnyPortMapping")), OUT), V_YES);
	assert_true(said_text(REQUEST, "UDP port 40000 to 10.10.0.11:50000 for 0 s: a program"));
	assert_int_equal(stretch(answer(500, "<errorCode>718</errorCode>"), IN), V_YES);
	assert_true(said_uint(REFUSED, 718));
	assert_int_equal(stretch(request("DeletePortMapping", BODY("DeletePortMapping")), OUT), V_YES);
	assert_true(said(DELETE) && !said(REQUEST) && said_uint(EXTERNAL_PORT, 40000));
	assert_int_equal(stretch(answer(200, ""), IN), V_YES);
	assert_int_equal(messages(), 0);
}

static void pinhole(void **state)
{
	(void)state;
	assert_int_equal(stretch("POST /ctl/IP6FCtl HTTP/1.1\r\nContent-Length: 158\r\n"
	    "SOAPAction: \"urn:schemas-upnp-org:service:WANIPv6FirewallControl:1#AddPinhole\"\r\n\r\n"
	    "<RemoteHost/><Protocol>17</Protocol><InternalPort>5000</InternalPort><InternalClient>2001:db8:a::11</InternalClient>"
	    "<LeaseTime>3600</LeaseTime><RemotePort/>  ", OUT), V_YES);
	assert_true(said_text(REQUEST, "17 port 5000 to 2001:db8:a::11:5000 for 3600 s: ") && said_uint(INTERNAL_PORT, 5000));
	assert_int_equal(stretch(answer(200, "<UniqueID>1</UniqueID>"), IN), V_YES);
	assert_true(said(ANSWER));
}

static void after_the_description(void **state)
{
	(void)state;
	assert_int_equal(stretch("GET /rootDesc.xml HTTP/1.1\r\nHost: x\r\n\r\n", OUT), V_MORE);
	assert_int_equal(stretch(answer(200, "<root>AddPortMapping</root>"), IN), V_MORE);
	assert_int_equal(left, 0);
	assert_int_equal(stretch(request("GetExternalIPAddress", "<a/>"), OUT), V_YES);
	assert_int_equal(messages(), 0);
	assert_int_equal(stretch(answer(200, "<a/>"), IN), V_YES);
	assert_int_equal(stretch(request("AddPortMapping", BODY("AddPortMapping")), OUT), V_YES);
	assert_true(said(REQUEST));
}

/* Byte by byte: what was not taken comes again with the next. */
static void in_pieces(void **state)
{
	const char *whole = request("AddPortMapping", BODY("AddPortMapping"));
	char waiting[2048];
	size_t n = 0, told = 0;

	(void)state;
	for (size_t i = 0; i < strlen(whole); i++) {
		enum verdict v;

		waiting[n++] = whole[i];
		v = show(waiting, n, OUT, true, false);
		assert_int_not_equal(v, V_NO);
		told += said(REQUEST) && said_text(DESCRIPTION, "a program");
		memmove(waiting, waiting + n - left, left);
		n = left;
	}
	assert_int_equal(told, 1);
	/* The connection is closed before the body's end: what is there is read. */
	setup(NULL);
	assert_int_equal(show(whole, strlen(whole) - 60, OUT, true, true), V_YES);
	assert_true(said(REQUEST) && said_text(CLIENT, "10.10.0.11"));
}

static void what_it_is_not(void **state)
{
	(void)state;
	assert_int_equal(stretch("GET / HTTP/1.1\r\nHost: www\r\n\r\n", OUT), V_NO);
	setup(NULL);
	assert_int_equal(stretch("POST /form HTTP/1.1\r\nHost: www\r\nContent-Length: 5\r\n\r\na=b&c", OUT), V_MORE);
	setup(NULL);
	assert_int_equal(stretch("\x16\x03\x01\x02", OUT), V_MORE);
	assert_int_equal(stretch("\x16\x03\x01\x02\x01\x01", OUT), V_NO);
	setup(NULL);
	assert_int_equal(stretch("220 mail.example.org ESMTP\r\n", IN), V_NO);
	setup(NULL);
	assert_int_equal(stretch("POST / HTTP/1.1\r\nContent-Length: 5a\r\n\r\n", OUT), V_NO);
	/* A head without an end. */
	setup(NULL);
	for (unsigned i = 0; i < 1; i++) {
		static char endless[5000];

		memset(endless, 'a', sizeof endless - 1);
		memcpy(endless, "POST ", 5);
		assert_int_equal(stretch(endless, OUT), V_NO);
	}
}

static void any_stretch(void **state)
{
	const char *whole = request("AddPortMapping", BODY("AddPortMapping"));
	char copy[2048];

	(void)state;
	for (size_t i = 0; i < strlen(whole) * 8; i++) {
		setup(NULL);
		memcpy(copy, whole, strlen(whole));
		copy[i / 8] ^= (char)(1 << i % 8);
		show(copy, strlen(whole), OUT, true, i % 2 != 0);
	}
	setup(NULL);
	random_flows(20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(search, setup), cmocka_unit_test_setup(mapping, setup), cmocka_unit_test_setup(pinhole, setup),
		cmocka_unit_test_setup(after_the_description, setup), cmocka_unit_test_setup(in_pieces, setup),
		cmocka_unit_test_setup(what_it_is_not, setup), cmocka_unit_test_setup(any_stretch, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
