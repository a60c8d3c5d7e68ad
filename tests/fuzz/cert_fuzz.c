/* cert_fuzz.c -- a chain of certificates as a handshake carries it: what is read of it can be printed and read back. */
#include <stdlib.h>

#include "../../dissectors/tls_cert.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct cert certs[TLS_CERTS], back;
	bool cut;
	unsigned got = tls_cert_chain(certs, cur_of(bytes, n), &cut);

	if (got > TLS_CERTS)
		abort();
	for (unsigned i = 0; i < got; i++) {
		char text[CERT_TEXT];

		cert_print(&certs[i], text);
		if (!cert_parse(&back, cur_of(text, strlen(text))))
			abort();
	}
	cert_parse(&back, cur_of(bytes, n));
	return 0;
}
