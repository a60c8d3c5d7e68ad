/* tls_test.c -- Redis over TLS: what is right is delivered, what is wrong is refused with its reason, and nothing goes out in clear. */
#include "../../test.h"

#include "rig.h"

#include <event2/bufferevent.h>
#include <event2/listener.h>

static char folder[64];		/* of the certificates, made once */

static void run(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void run(const char *format, ...)
{
	char command[1024] = "cd ", *end;
	va_list args;

	end = command + snprintf(command, sizeof command, "cd %s && ", folder);
	va_start(args, format);
	vsnprintf(end, sizeof command - (size_t)(end - command), format, args);
	va_end(args);
	if (system(command) != 0)
		fail_msg("%s", command);
}

/* NAME.crt and NAME.key, for a host, signed by CA; `days` 0: it ends as it begins. */
static void certificate(const char *name, const char *alt, const char *ca, const char *dates)
{
	run("openssl req -newkey rsa:2048 -nodes -keyout %s.key -out %s.csr -subj /CN=%s 2>/dev/null", name, name, name);
	run("printf 'subjectAltName=%s\\n' > ext && openssl x509 -req -in %s.csr -CA %s.crt -CAkey %s.key -CAcreateserial -extfile ext %s -out %s.crt 2>/dev/null",
	    alt, name, ca, ca, dates, name);
}

static int make_certificates(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/punchwatch-tls-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	for (unsigned i = 0; i < 2; i++)
		run("openssl req -x509 -newkey rsa:2048 -nodes -keyout %s.key -out %s.crt -subj /CN=%s -days 9 2>/dev/null", i ? "other" : "ca",
		    i ? "other" : "ca", i ? "other" : "ca");
	certificate("good", "DNS:localhost,IP:127.0.0.1", "ca", "-days 9");
	certificate("wrong", "DNS:example.org", "ca", "-days 9");
	certificate("stranger", "DNS:localhost,IP:127.0.0.1", "other", "-days 9");
	certificate("client", "DNS:sensor", "ca", "-days 9");
	run("printf 'subjectAltName=IP:127.0.0.1\n' > ext && openssl x509 -req -in good.csr -CA ca.crt -CAkey ca.key -CAcreateserial -extfile ext -days 0 -out expired.crt 2>/dev/null && cp good.key expired.key");
	return 0;
}

static int remove_certificates(void **state)
{
	char command[96];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

static uint16_t tls_port;

static void tls_server(const char *name)
{
	char more[768];

	if (tls_port == 0)
		tls_port = free_port();
	snprintf(more, sizeof more, "--tls-port %u --tls-cert-file %s/%s.crt --tls-key-file %s/%s.key --tls-ca-cert-file %s/ca.crt --tls-auth-clients optional",
	    tls_port, folder, name, folder, name, folder);
	server_start_with(more);
}

static const char *to(const char *host, const char *options)
{
	static char address[512];

	snprintf(address, sizeof address, "rediss://%s:%u/0?key=k&ca=%s/ca.crt%s", host, tls_port, folder, options);
	return address;
}

static void delivered(void **state)
{
	char more[256];

	(void)state;
	tls_server("good");
	output_to("", to("127.0.0.1", ""));
	put_events(3000);
	assert_int_equal(output_drain(rig.output, 5000), 0);
	want_all_once(in_list("k"));
	output_end();
	/* by name, in a stream, with a certificate of our own, over a connection that is cut */
	assert_int_equal(ask("DEL k"), 1);
	rig.made = 0;
	snprintf(more, sizeof more, "&mode=stream&cert=%s/client.crt&cert_key=%s/client.key", folder, folder);
	output_to("", to("localhost", more));
	for (unsigned i = 0; i < 5; i++) {
		put_events(500);
		run_for(30);
		ask("CLIENT KILL TYPE normal");
	}
	assert_int_equal(output_drain(rig.output, 5000), 0);
	want_all_once(in_stream("k"));
}

/* Refused with this reason, once; after the server was mended everything arrives. */
static void refused(const char *name, const char *host, const char *options, const char *reason)
{
	const char *text;
	int old;

	tls_server(name);
	listen_to_stderr(&old);
	output_to("", to(host, options));
	assert_non_null(rig.output);
	put_events(20);
	run_for(1200);
	assert_int_equal(sink_now().sent, 0);
	assert_int_equal(ask("EXISTS k"), 0);
	server_stop(SIGKILL);
	tls_server("good");
	if (options[0] == '\0') {
		assert_int_equal(output_drain(rig.output, 8000), 0);
		want_all_once(in_list("k"));
	} else {
		output_drain(rig.output, 100);
	}
	output_end();
	text = said(old);
	if (times(text, reason) != 1)
		fail_msg("%s: \"%s\" is not said once in: %s", name, reason, text);
}

static void wrong_name(void **state)
{
	(void)state;
	refused("wrong", "127.0.0.1", "", "certificate is refused: IP address mismatch");
}

static void wrong_host_name(void **state)
{
	(void)state;
	refused("good", "127.0.0.1", "&cert_name=example.net", "certificate is refused: hostname mismatch");
}

static void expired(void **state)
{
	(void)state;
	refused("expired", "127.0.0.1", "", "certificate is refused: certificate has expired");
}

static void unknown_signer(void **state)
{
	(void)state;
	refused("stranger", "127.0.0.1", "", "certificate is refused: unable to get local issuer certificate");
}

/* --- servers that speak no TLS --- */

static char heard[4096];
static size_t n_heard;
static struct bufferevent *accepted[64];
static unsigned n_accepted;

static void on_heard(struct bufferevent *b, void *ctx)
{
	(void)ctx;
	n_heard += bufferevent_read(b, heard + n_heard, sizeof heard - n_heard);
}

static void on_plain(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *a, int n, void *ctx)
{
	struct bufferevent *b = bufferevent_socket_new(evconnlistener_get_base(l), fd, BEV_OPT_CLOSE_ON_FREE);

	(void)a, (void)n;
	assert_true(n_accepted < 64);
	accepted[n_accepted++] = b;
	bufferevent_setcb(b, on_heard, NULL, NULL, NULL);
	bufferevent_enable(b, EV_READ | EV_WRITE);
	if (ctx != NULL)
		bufferevent_write(b, ctx, strlen(ctx));
}

static void no_tls_there(const char *answer, const char *reason)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct evconnlistener *l;
	const char *text;
	int old;

	tls_port = free_port();
	a.sin_port = htons(tls_port);
	n_heard = 0;
	l = evconnlistener_new_bind(rig.base, on_plain, (void *)(uintptr_t)answer, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_REUSEABLE, -1, (struct sockaddr *)&a, sizeof a);
	assert_non_null(l);
	rig.settings.output.redis_timeout_ms = 300;
	listen_to_stderr(&old);
	output_to("", to("127.0.0.1", ""));
	put_events(5);
	run_for(1200);
	assert_int_equal(sink_now().sent, 0);
	assert_null(memmem(heard, n_heard, "eve", 3));
	assert_null(memmem(heard, n_heard, "PING", 4));
	evconnlistener_free(l);
	output_end();
	while (n_accepted > 0)
		bufferevent_free(accepted[--n_accepted]);
	text = said(old);
	if (times(text, reason) != 1)
		fail_msg("\"%s\" is not said once in: %s", reason, text);
}

static void plain_server(void **state)
{
	(void)state;
	no_tls_there("-ERR unknown command\r\n", "it does not speak TLS there");
}

static void hung_server(void **state)
{
	(void)state;
	no_tls_there(NULL, "no answer for 300 ms");
}

static void files_that_are_not_there(void **state)
{
	const char *text;
	int old;

	(void)state;
	listen_to_stderr(&old);
	output_to("", "rediss://localhost?ca=/no/such/file");
	assert_null(rig.output);
	text = said(old);
	assert_non_null(strstr(text, "/no/such/file"));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, rig_open, rig_close)
	const struct CMUnitTest tests[] = {
		T(delivered), T(wrong_name), T(wrong_host_name), T(expired), T(unknown_signer), T(plain_server), T(hung_server), T(files_that_are_not_there),
	};

	if (!server_installed() || system("command -v openssl >/dev/null") != 0) {
		printf("skipped: there is no redis-server, or no openssl\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, make_certificates, remove_certificates);
}
