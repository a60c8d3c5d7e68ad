/* tls.c -- see tls.h. */
#include "tls.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>


struct tls {
	SSL_CTX *context;
	char name[256];
	bool is_address;
};

static bool failed(const char *what, char *error, size_t room)
{
	unsigned long e = ERR_peek_error();
	const char *reason = e != 0 ? ERR_reason_error_string(e) : NULL;

	snprintf(error, room, "%s: %s", what, reason != NULL ? reason : "OpenSSL does not say why");
	ERR_clear_error();
	return false;
}

static bool set_up(struct tls *t, const struct tls_wish *wish, char *error, size_t room)
{
	SSL_CTX *c = t->context;

	SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
	SSL_CTX_set_verify(c, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_mode(c, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	if (wish->ca[0] != '\0' ? SSL_CTX_load_verify_locations(c, wish->ca, NULL) != 1 : SSL_CTX_set_default_verify_paths(c) != 1)
		return failed(wish->ca[0] != '\0' ? wish->ca : "the system's certificates", error, room);
	if (wish->cert[0] == '\0')
		return true;
	if (SSL_CTX_use_certificate_chain_file(c, wish->cert) != 1)
		return failed(wish->cert, error, room);
	if (SSL_CTX_use_PrivateKey_file(c, wish->cert_key, SSL_FILETYPE_PEM) != 1 || SSL_CTX_check_private_key(c) != 1)
		return failed(wish->cert_key, error, room);
	return true;
}

struct tls *tls_new(const struct tls_wish *wish, char *error, size_t room)
{
	struct tls *t = calloc(1, sizeof *t);
	unsigned char address[16];

	snprintf(error, room, "no memory");
	if (t == NULL)
		return NULL;
	ERR_clear_error();
	snprintf(t->name, sizeof t->name, "%s", wish->name);
	t->is_address = inet_pton(AF_INET, t->name, address) == 1 || inet_pton(AF_INET6, t->name, address) == 1;
	t->context = SSL_CTX_new(TLS_client_method());
	if (t->context == NULL || !set_up(t, wish, error, room)) {
		tls_free(t);
		return NULL;
	}
	return t;
}

void tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	SSL_CTX_free(t->context);
	free(t);
}

struct bufferevent *tls_channel(struct tls *t, struct event_base *base)
{
	SSL *ssl = SSL_new(t->context);
	struct bufferevent *channel;
	bool ok;

	if (ssl == NULL)
		return NULL;
	if (t->is_address)
		ok = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), t->name) == 1;
	else
		ok = SSL_set1_host(ssl, t->name) == 1 && SSL_set_tlsext_host_name(ssl, t->name) == 1;
	channel = ok ? bufferevent_openssl_socket_new(base, -1, ssl, BUFFEREVENT_SSL_CONNECTING, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS)
	    : NULL;
	if (channel == NULL)
		SSL_free(ssl);
	return channel;
}

bool tls_failure(struct bufferevent *channel, char *to, size_t room)
{
	SSL *ssl = bufferevent_openssl_get_ssl(channel);
	unsigned long e = bufferevent_get_openssl_error(channel);
	long verdict = ssl != NULL ? SSL_get_verify_result(ssl) : X509_V_OK;
	const char *reason = e != 0 ? ERR_reason_error_string(e) : NULL;

	if (verdict != X509_V_OK) {
		snprintf(to, room, "TLS: its certificate is refused: %s", X509_verify_cert_error_string(verdict));
		return true;
	}
	if (e == 0)
		return false;
	if (ERR_GET_REASON(e) == SSL_R_WRONG_VERSION_NUMBER)
		snprintf(to, room, "TLS: it does not speak TLS there");
	else
		snprintf(to, room, "TLS: %s", reason != NULL ? reason : "it failed");
	return true;
}
