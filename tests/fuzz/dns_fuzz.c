/* dns_fuzz.c -- answers, over UDP and TCP. */
#include "flow.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

extern const struct dissector dns_dissector;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	fuzz_flow(&dns_dissector, 53, 40000, bytes, n);
	return 0;
}
