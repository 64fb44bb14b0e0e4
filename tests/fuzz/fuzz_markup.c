/*
 * A part of an office document, from its bytes to its text: whatever they are, the
 * text's map leads back into them, and what is stored as it is meant is the same there.
 *
 * Input: the part.
 */
#include "view/entities.h"
#include "view/markup.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_map(struct slice bytes, const struct view_text *text)
{
	size_t last = 0, made = 0;

	for (size_t i = 0; i < text->piece_count; i++) {
		const struct view_piece *p = &text->pieces[i];

		assert(p->text == made && p->text_len > 0);
		assert(p->raw >= last && p->raw + p->raw_len <= bytes.len);
		if (p->text_len == p->raw_len)
			assert(memcmp(text->ptr + p->text, bytes.ptr + p->raw, p->raw_len) == 0);
		made += p->text_len;
		last = p->raw + p->raw_len;
	}
	assert(made == text->len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = slice_of(data, size);
	struct view_text text = {0}, plain = {0};

	markup_text(bytes, &text);
	check_map(bytes, &text);
	if (entities_decode(&text, &plain))
		check_map(bytes, &plain);
	view_text_dispose(&plain);
	view_text_dispose(&text);
	return 0;
}
