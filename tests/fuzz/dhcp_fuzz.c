/* dhcp_fuzz.c -- messages of hosts and servers. */
#include "flow.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

extern const struct dissector dhcp_dissector;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	fuzz_flow(&dhcp_dissector, 67, 68, bytes, n);
	return 0;
}
