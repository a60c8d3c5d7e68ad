/* request.c -- see request.h. */
#include "request.h"

#include <string.h>

enum request request_parse(const char *bytes, size_t n, bool ended)
{
	static const struct {
		const char *word;
		enum request request;
	} words[] = {{"status", REQUEST_STATUS}, {"metrics", REQUEST_METRICS}, {"reload", REQUEST_RELOAD}};
	const char *end = memchr(bytes, '\n', n);

	if (end == NULL)
		return ended || n >= REQUEST_BYTES ? REQUEST_BAD : REQUEST_MORE;
	if (end + 1 != bytes + n)
		return REQUEST_BAD;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i].word) == n - 1 && memcmp(words[i].word, bytes, n - 1) == 0)
			return words[i].request;
	return REQUEST_BAD;
}
