/* request_fuzz.c -- any bytes on the control socket, and any bytes as an address to listen on. */
#include "../../sensor/control/address.h"
#include "../../sensor/control/request.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *text = malloc(n + 1), why[ADDRESS_WHY];
	enum request whole;

	if (text == NULL)
		return 0;
	memcpy(text, bytes, n);
	whole = request_parse(text, n, false);
	if (whole == REQUEST_MORE && n >= REQUEST_BYTES)
		abort();		/* it would be waited for without end */
	if (whole > REQUEST_BAD && (n < 2 || text[n - 1] != '\n' || request_parse(text, n - 1, false) != REQUEST_MORE))
		abort();
	text[n] = '\0';
	if (!address_right(text, why) && (why[0] == '\0' || strlen(why) >= ADDRESS_WHY))
		abort();
	free(text);
	return 0;
}
