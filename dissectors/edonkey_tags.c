/* edonkey_tags.c -- see edonkey_tags.h. A tag: type, name, value. With the type's highest bit the name is one byte. */
#include "edonkey_tags.h"

enum {
	TAG_HASH = 1, TAG_STRING, TAG_U32, TAG_FLOAT, TAG_BOOL, TAG_BLOB = 7, TAG_U16, TAG_U8, TAG_BSOB, TAG_U64,
	TAG_TEXT_1 = 0x11, TAG_TEXT_16 = 0x20,		/* the text's length is in the type */
	SHORT_NAME = 0x80,
	BLOB_MOST = 1 << 16,
};

static bool value(struct cursor *c, uint8_t type)
{
	uint32_t n;

	switch (type) {
	case TAG_HASH: cur_skip(c, 16); break;
	case TAG_STRING: cur_skip(c, ed_u16(c)); break;
	case TAG_U32:
	case TAG_FLOAT: cur_skip(c, 4); break;
	case TAG_BOOL:
	case TAG_U8: cur_skip(c, 1); break;
	case TAG_U16: cur_skip(c, 2); break;
	case TAG_U64: cur_skip(c, 8); break;
	case TAG_BSOB: cur_skip(c, cur_u8(c)); break;
	case TAG_BLOB:
		n = ed_u32(c);
		if (n > BLOB_MOST)
			return false;
		cur_skip(c, n);
		break;
	default:
		if (type < TAG_TEXT_1 || type > TAG_TEXT_16)
			return false;
		cur_skip(c, type - TAG_TEXT_1 + 1u);
	}
	return !c->bad;
}

bool ed_tags(struct cursor *c, uint32_t n)
{
	if (n > EDONKEY_TAGS_MOST)
		cur_fail(c);
	for (uint32_t i = 0; i < n && !c->bad; i++) {
		uint8_t type = cur_u8(c);

		cur_skip(c, (type & SHORT_NAME) != 0 ? 1 : ed_u16(c));
		if (!value(c, type & (SHORT_NAME - 1)))
			cur_fail(c);
	}
	return !c->bad;
}
