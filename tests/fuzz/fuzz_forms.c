/*
 * Every form in which text may be stored, decoded at a place of any bytes: what comes
 * out is no longer than it may be, and its map leads into them, never backwards.
 *
 * Input: a byte for the form, one for phase and parity, two for the place, then the text.
 */
#include "view/forms.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct form_source *from, const struct view_text *out)
{
	size_t last = 0;

	assert(out->len <= (FORM_BEFORE + FORM_BEHIND) * 3 / 2);
	for (size_t i = 0; i < out->len; i++) {
		struct span raw = view_text_raw(out, (struct span){i, i + 1});

		assert(raw.beg >= last && raw.beg < raw.end && raw.end <= from->text.len);
		last = raw.beg;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view_text out = {0};
	struct form_source from;
	unsigned char *text;

	if (size < 5)
		return 0;
	/* A block of exactly its size: a byte read too far is seen. */
	text = malloc(size - 4);
	memcpy(text, data + 4, size - 4);
	from = (struct form_source){.text = slice_of(text, size - 4),
				    .at = (data[2] << 8 | data[3]) % (size - 4),
				    .phase = data[1] & 3,
				    .odd = data[1] >> 2 & 1};
	if (form_decode(data[0] % DECODED_COUNT, &from, &out))
		check(&from, &out);
	view_text_dispose(&out);
	free(text);
	return 0;
}
