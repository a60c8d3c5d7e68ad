/* pcapng_fuzz.c -- any bytes as a capture file: pcapng by our reader, and what lies before it (gzip, zstd, classic pcap). */
#include <stdlib.h>

#include "../../sensor/capture/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static volatile unsigned sum;

static void touch(void *ctx, const struct frame *f, unsigned n)
{
	uint64_t *last = ctx;

	for (; n > 0; n--, f++) {
		if (f->number <= *last || f->captured > f->length)
			abort();
		*last = f->number;
		for (uint32_t i = 0; i < f->captured; i++)
			sum += f->bytes[i];
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const struct format *const formats[] = {&pcapng_format, &pcap_plain_format, &pcap_format};
	static struct outlet out;
	struct counts counts = {{0}};
	struct infile *in = infile_of_memory(bytes, n);
	char why[WHY_TEXT] = "";
	uint64_t last = 0;
	const uint8_t *magic;
	size_t n_magic = infile_peek(in, &magic);

	outlet_init(&out, "", NULL, &counts);
	out.handler = touch;
	out.ctx = &last;
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		void *reader;

		if (!formats[i]->knows(magic, n_magic))
			continue;
		reader = formats[i]->open(in, &out, why);
		if (reader == NULL)
			break;
		while (formats[i]->read(reader, 100, why) == CAPTURE_MORE)
			;
		formats[i]->close(reader);
		break;
	}
	infile_close(in);
	return 0;
}
