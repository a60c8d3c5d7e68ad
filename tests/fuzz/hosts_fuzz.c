/* hosts_fuzz.c -- any bytes as a file that names hosts: never a read too far; what is found is printable. */
#include "../../sensor/names/hosts.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void look(const char *name)
{
	if (name == NULL)
		return;
	if (name[0] == '\0' || strlen(name) >= HOST_NAME)
		abort();
	for (; *name != '\0'; name++)
		if ((unsigned char)*name <= ' ' || (unsigned char)*name == 0x7f)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct mistakes mistakes = {.to = NULL};
	struct hosts *h = hosts_new();
	const uint8_t mac[6] = {2, 0, 0x5e, 0x10, 0, 1};
	struct addr a;

	hosts_read(h, "file", cur_of(bytes, n), &mistakes);
	hosts_seal(h);
	if (addr_parse("10.0.0.1", &a))
		look(hosts_by_address(h, &a));
	look(hosts_by_card(h, mac));
	hosts_free(h);
	return 0;
}
