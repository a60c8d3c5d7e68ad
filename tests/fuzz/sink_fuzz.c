/* sink_fuzz.c -- what the other side of a sink answers, lines that the journal may hold, addresses: bounded, and never read too far. */
#include <stdlib.h>
#include <string.h>

#include "../../sensor/output/filter.h"
#include "../../sensor/output/place_uri.h"
#include "../../sensor/output/redis_answer.h"
#include "../../sensor/output/syslog_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static bool on_answer(void *ctx, const struct answer *a)
{
	unsigned *left = ctx;
	size_t sum = 0;

	for (unsigned i = 0; i < a->n; i++)
		for (size_t k = 0; k < a->text[i].n; k++)
			sum += (unsigned char)a->text[i].at[k];
	if (a->n > ANSWER_TEXTS || strlen(a->error) >= ANSWER_ERROR || sum == SIZE_MAX)
		abort();
	return --*left > 0;
}

static void answers(const uint8_t *bytes, size_t n, size_t piece)
{
	struct replies *r = replies_new();
	unsigned left = 100000;

	for (size_t i = 0; r != NULL && i < n; i += piece)
		if (!replies_feed(r, (const char *)bytes + i, n - i < piece ? n - i : piece, 4096, on_answer, &left))
			break;
	replies_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const struct sink_settings s = {.severity = 1, .kinds = 0x55, .types = 1};
	char head[SYSLOG_HEAD], why[160];
	struct place_uri u;
	uint8_t *copy;
	char *text;

	if (n == 0)
		return 0;
	answers(bytes + 1, n - 1, 1 + bytes[0]);
	copy = malloc(n);
	text = calloc(1, n + 1);
	if (copy == NULL || text == NULL)
		abort();
	memcpy(copy, bytes, n);
	filter_takes(&s, (char *)copy, n);
	if (syslog_head(&(struct record){.json = (char *)copy, .len = n}, 23, "sensor", head) >= SYSLOG_HEAD)
		abort();
	memcpy(text, bytes, n);
	if (place_uri_parse(text, &u, why, sizeof why) && u.host[0] == '\0')
		abort();
	free(copy);
	free(text);
	return 0;
}
