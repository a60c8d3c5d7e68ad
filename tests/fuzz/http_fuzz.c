/* http_fuzz.c -- first requests of a connection, and what is none. */
#include "flow.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

extern const struct dissector http_dissector;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	fuzz_flow(&http_dissector, 80, 40000, bytes, n);
	return 0;
}
