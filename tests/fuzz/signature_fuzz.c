/* signature_fuzz.c -- any text as a file of signatures, or as one expression: no crash, no hang; and what is taken is printed so that it loads
 * again as the same. */
#include "../../sensor/signature/signature.h"
#include "../../sensor/vocabulary.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static char *print(const struct signatures *set, size_t *n)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, n);

	signatures_print(set, f);
	fclose(f);
	return text;
}

/* "when: EXPRESSION" as an entry: what does not stand in YAML's quotes is left out. */
static char *entry(const uint8_t *bytes, size_t n, size_t *len)
{
	static const char before[] = "- {sid: 9190000, app: A, title: t, evidence: [{weight: 30, when: stun.query}, {weight: 30, when: '";
	char *text = NULL;
	FILE *f = open_memstream(&text, len);

	fputs(before, f);
	for (size_t i = 0; i < n; i++)
		if (bytes[i] == '\'')
			fputs("''", f);
		else if (bytes[i] >= 0x20 && bytes[i] < 0x7f)
			fputc(bytes[i], f);
	fputs("'}]}\n", f);
	fclose(f);
	return text;
}

static void check(const char *text, size_t n)
{
	struct mistakes m = {0};
	struct signatures *first = signatures_parse("fuzz", text, n, &m), *second;
	size_t n_first, n_second;
	char *a, *b;

	if ((first == NULL) != (m.n > 0))
		abort();
	if (first == NULL)
		return;
	a = print(first, &n_first);
	second = signatures_parse("printed", a, n_first, &m);
	if (second == NULL || signatures_n(first) != signatures_n(second) || signatures_lines(first) != signatures_lines(second))
		abort();
	b = print(second, &n_second);
	if (strcmp(a, b) != 0)
		abort();
	free(a);
	free(b);
	signatures_free(first);
	signatures_free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static bool registered;
	size_t len;
	char *text;

	if (!registered)
		vocabulary_register();
	registered = true;
	if (n > 5 && memcmp(bytes, "when:", 5) == 0) {
		text = entry(bytes + 5, n - 5, &len);
		check(text, len);
		free(text);
	} else {
		check((const char *)bytes, n);
	}
	return 0;
}
