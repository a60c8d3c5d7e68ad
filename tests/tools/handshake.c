/* handshake.c -- one TLS or DTLS handshake between two ends of OpenSSL, as a capture: for the tests of the encryption verdict.
 *
 *   handshake [OPTION VALUE]... > out.pcap
 *
 *   proto tls|dtls      version 1.0|1.1|1.2|1.3     cipher OPENSSL-LIST (up to 1.2)     suites OPENSSL-LIST (1.3)
 *   group P-384         key P-384|RSA:3072|ED25519  hash SHA384    sigalgs OPENSSL-LIST (what signs the key exchange)
 *   srtp OPENSSL-LIST   client yes (a certificate of its own)     mtu 300     resume yes     ice yes (checks before, data after)
 *   drop client|server  (of what this end sends nothing is captured)
 *
 * The client is 10.0.0.5:50000, the server 203.0.113.9:4433; keys are made for the occasion.
 */
#include "../bench/packet.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

enum { QUEUE = 64, DATAGRAM = 20000, ROUNDS = 64 };

struct end {
	const char *name;
	struct side at;
	SSL_CTX *ctx;
	SSL *ssl;
	struct end *other;
	uint8_t *queue[QUEUE];		/* for it to read */
	int length[QUEUE], n, taken;	/* taken: bytes of the first one */
	uint32_t seq;
};

static struct end client = {.name = "client", .at = {0x0a000005, 50000}, .seq = 1000};
static struct end server = {.name = "server", .at = {0xcb007109, 4433}, .seq = 9000};
static int is_dtls;
static uint64_t now_us;
static const char *drop = "";

static void die(const char *what)
{
	fprintf(stderr, "handshake: %s\n", what);
	ERR_print_errors_fp(stderr);
	exit(2);
}

static void must(int ok, const char *what)
{
	if (ok <= 0)
		die(what);
}

/* --- the wire --- */

static void frame(struct end *from, const uint8_t *b, uint32_t n, uint8_t flags)
{
	now_us += 500;
	if (strcmp(drop, from->name) == 0) {
		from->seq += n;
		return;
	}
	if (is_dtls)
		frame_udp(stdout, now_us, &from->at, &from->other->at, b, n);
	else
		frame_tcp(stdout, now_us, &from->at, &from->other->at, flags, from->seq, from->other->seq, b, n);
	from->seq += n;
}

static int wire_write(BIO *b, const char *data, int n)
{
	struct end *from = BIO_get_data(b), *to = from->other;

	if (to->n == QUEUE || n > DATAGRAM)
		die("too much at once");
	to->queue[to->n] = malloc((size_t)n);
	memcpy(to->queue[to->n], data, (size_t)n);
	to->length[to->n++] = n;
	for (int at = 0, piece = is_dtls ? n : 1400; at < n; at += piece)	/* TCP: a segment at a time */
		frame(from, (const uint8_t *)data + at, (uint32_t)(n - at < piece ? n - at : piece), 0x18);
	BIO_clear_retry_flags(b);
	return n;
}

static int wire_read(BIO *b, char *to, int room)
{
	struct end *e = BIO_get_data(b);
	int n;

	BIO_clear_retry_flags(b);
	if (e->n == 0) {
		BIO_set_retry_read(b);
		return -1;
	}
	n = e->length[0] - e->taken < room ? e->length[0] - e->taken : room;
	memcpy(to, e->queue[0] + e->taken, (size_t)n);
	e->taken += n;
	if (is_dtls || e->taken == e->length[0]) {
		free(e->queue[0]);
		e->n--;
		memmove(e->queue, e->queue + 1, (size_t)e->n * sizeof e->queue[0]);
		memmove(e->length, e->length + 1, (size_t)e->n * sizeof e->length[0]);
		e->taken = 0;
	}
	return n;
}

static long wire_ctrl(BIO *b, int what, long number, void *pointer)
{
	(void)b;
	(void)number;
	(void)pointer;
	return what == BIO_CTRL_FLUSH || what == BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT ? 1 : 0;
}

static BIO *wire(struct end *e)
{
	static BIO_METHOD *method;
	BIO *b;

	if (method == NULL) {
		method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "wire");
		BIO_meth_set_write(method, wire_write);
		BIO_meth_set_read(method, wire_read);
		BIO_meth_set_ctrl(method, wire_ctrl);
	}
	b = BIO_new(method);
	BIO_set_data(b, e);
	BIO_set_init(b, 1);
	return b;
}

/* --- the ends --- */

static EVP_PKEY *key_of(const char *what)
{
	if (strncmp(what, "RSA:", 4) == 0)
		return EVP_RSA_gen((unsigned)atoi(what + 4));
	if (strncmp(what, "ED", 2) == 0)
		return EVP_PKEY_Q_keygen(NULL, NULL, what);
	return EVP_EC_gen(what);
}

static void certify(SSL_CTX *ctx, const char *key, const char *hash, const char *name)
{
	EVP_PKEY *k = key_of(key);
	X509 *x = X509_new();

	if (k == NULL || x == NULL)
		die("no key");
	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 86400);
	X509_set_pubkey(x, k);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, (const uint8_t *)name, -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(x));
	must(X509_sign(x, k, strncmp(key, "ED", 2) == 0 ? NULL : EVP_get_digestbyname(hash)), "no signature");
	must(SSL_CTX_use_certificate(ctx, x), "no certificate");
	must(SSL_CTX_use_PrivateKey(ctx, k), "no private key");
	X509_free(x);
	EVP_PKEY_free(k);
}

static int any(int ok, X509_STORE_CTX *store)
{
	(void)ok;
	(void)store;
	return 1;
}

static int version_of(const char *text)
{
	int minor = text[2] - '0';

	if (is_dtls)
		return minor == 0 ? DTLS1_VERSION : DTLS1_2_VERSION;
	return TLS1_VERSION + minor;
}

static const char *option(int argc, char **argv, const char *name, const char *otherwise)
{
	for (int i = 1; i + 1 < argc; i += 2)
		if (strcmp(argv[i], name) == 0)
			return argv[i + 1];
	return otherwise;
}

static void set_up(struct end *e, int argc, char **argv)
{
	int version = version_of(option(argc, argv, "version", "1.2"));
	const char *value;

	e->ctx = SSL_CTX_new(is_dtls ? DTLS_method() : TLS_method());
	SSL_CTX_set_security_level(e->ctx, 0);
	SSL_CTX_set_min_proto_version(e->ctx, version);
	SSL_CTX_set_max_proto_version(e->ctx, version);
	SSL_CTX_set_dh_auto(e->ctx, 1);
	if ((value = option(argc, argv, "cipher", NULL)) != NULL)
		must(SSL_CTX_set_cipher_list(e->ctx, value), "no such cipher");
	if ((value = option(argc, argv, "suites", NULL)) != NULL)
		must(SSL_CTX_set_ciphersuites(e->ctx, value), "no such suite");
	if ((value = option(argc, argv, "group", NULL)) != NULL)
		must(SSL_CTX_set1_groups_list(e->ctx, value), "no such group");
	if ((value = option(argc, argv, "sigalgs", NULL)) != NULL)
		must(SSL_CTX_set1_sigalgs_list(e->ctx, value), "no such signature");
	if ((value = option(argc, argv, "srtp", NULL)) != NULL && SSL_CTX_set_tlsext_use_srtp(e->ctx, value) != 0)
		die("no such SRTP profile");
	if (e == &server || option(argc, argv, "client", NULL) != NULL)
		certify(e->ctx, option(argc, argv, "key", "P-384"), option(argc, argv, "hash", "SHA384"), e->name);
	if (e == &server && option(argc, argv, "client", NULL) != NULL)
		SSL_CTX_set_verify(e->ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, any);
	SSL_CTX_set_session_id_context(e->ctx, (const uint8_t *)"t", 1);
}

static void connect_ends(int mtu)
{
	struct end *ends[] = {&client, &server};

	for (int i = 0; i < 2; i++) {
		struct end *e = ends[i];
		BIO *b = wire(e);

		e->ssl = SSL_new(e->ctx);
		SSL_set_bio(e->ssl, b, b);
		if (is_dtls) {
			SSL_set_options(e->ssl, SSL_OP_NO_QUERY_MTU);
			SSL_set_mtu(e->ssl, mtu);
		}
	}
	SSL_set_connect_state(client.ssl);
	SSL_set_accept_state(server.ssl);
	SSL_set_tlsext_host_name(client.ssl, "www.example.org");
}

static void shake_hands(void)
{
	char byte;
	int done = 0;

	for (int i = 0; i < ROUNDS && !done; i++) {
		int a = SSL_do_handshake(client.ssl), b = SSL_do_handshake(server.ssl);

		done = a == 1 && b == 1;
		if ((a < 0 && SSL_get_error(client.ssl, a) == SSL_ERROR_SSL) || (b < 0 && SSL_get_error(server.ssl, b) == SSL_ERROR_SSL))
			die("no handshake");
	}
	if (!done)
		die("no end");
	for (int i = 0; i < 3; i++) {
		must(SSL_write(client.ssl, "x", 1), "no data");
		must(SSL_read(server.ssl, &byte, 1), "no data");
		must(SSL_write(server.ssl, "y", 1), "no data");
		must(SSL_read(client.ssl, &byte, 1), "no data");	/* and tickets, by the way */
	}
}

static void check(struct end *from, struct random *r, uint8_t id, const char *username)
{
	uint8_t tid[12] = {id, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'}, tie[8] = {1, 2, 3, 4, 5, 6, 7, 8};
	struct stun m;

	stun_start(&m, 0x0001, tid);
	stun_attr(&m, 0x0006, username, (uint16_t)strlen(username));
	stun_u32(&m, 0x0024, 0x6e0001ff);
	stun_attr(&m, from == &client ? 0x802a : 0x8029, tie, sizeof tie);
	stun_close(&m, r, 1, 1);
	frame(from, m.b, m.n, 0);
	stun_start(&m, 0x0101, tid);
	stun_xor_address(&m, 0x0020, &from->at);
	stun_close(&m, r, 1, 1);
	frame(from->other, m.b, m.n, 0);
}

int main(int argc, char **argv)
{
	struct random r = {.s = 7};
	SSL_SESSION *old = NULL;
	int mtu = atoi(option(argc, argv, "mtu", "1400"));

	is_dtls = strcmp(option(argc, argv, "proto", "tls"), "dtls") == 0;
	drop = option(argc, argv, "drop", "");
	client.other = &server;
	server.other = &client;
	set_up(&client, argc, argv);
	set_up(&server, argc, argv);
	if (option(argc, argv, "resume", NULL) != NULL) {	/* an earlier connection, which nobody captured */
		FILE *kept = stdout;

		stdout = fopen("/dev/null", "w");
		connect_ends(mtu);
		shake_hands();
		old = SSL_get1_session(client.ssl);
		SSL_shutdown(client.ssl);	/* else it would be no use */
		SSL_shutdown(server.ssl);
		fclose(stdout);
		stdout = kept;
		SSL_free(client.ssl);
		SSL_free(server.ssl);
		while (client.n > 0 || server.n > 0)
			free(client.n > 0 ? client.queue[--client.n] : server.queue[--server.n]);
		client.taken = server.taken = 0;
	}
	capture_header(stdout);
	if (!is_dtls) {
		frame(&client, NULL, 0, 0x02);
		client.seq++;
		frame(&server, NULL, 0, 0x12);
		server.seq++;
	} else if (option(argc, argv, "ice", NULL) != NULL) {
		check(&client, &r, 1, "serv:clnt");
		check(&server, &r, 2, "clnt:serv");
		check(&client, &r, 3, "serv:clnt");
	}
	connect_ends(mtu);
	if (old != NULL)
		SSL_set_session(client.ssl, old);
	shake_hands();
	if (old != NULL && !SSL_session_reused(client.ssl))
		die("not resumed");
	return fflush(stdout) != 0;
}
