/*
 * A notebook, from its bytes to its texts: whatever they are, each text's map leads
 * back into them, and forwards; and what is left out of them in between does not
 * move what is kept.
 *
 * Input: two bytes, the sizes of windows in which it is condensed and of what
 * searching goes back between parts, then the notebook.
 */
#include "view/condense.h"
#include "view/notebook.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct telling {
	struct slice bytes;
	unsigned forms; /* of the text at hand, so far */
};

/* Both ways, for every byte. */
static void check_map(const struct telling *t, const struct view_text *text, bool is_stored)
{
	size_t last = 0;

	for (size_t i = 0; i < text->len; i++) {
		struct span raw = view_text_raw(text, (struct span){i, i + 1});

		assert(raw.beg <= raw.end && raw.end <= t->bytes.len);
		assert(raw.beg >= last);
		/* What stands between two strings is stored nowhere. */
		assert(raw.beg == raw.end || view_text_find(text, raw.beg) <= i);
		last = raw.beg;
	}
	for (size_t i = 0; i < text->piece_count; i++) {
		const struct view_piece *piece = &text->pieces[i];
		size_t end = piece->raw + piece->raw_len;

		/* What follows and is of no text leads to the next piece. */
		if (i + 1 == text->piece_count || piece[1].raw > end)
			assert(view_text_find(text, end) == piece->text + piece->text_len);
		if (!is_stored)
			continue;
		/* A blank may stand for a terminal's code of one byte. */
		if (piece->text_len == piece->raw_len && text->ptr[piece->text] != ' ')
			assert(memcmp(text->ptr + piece->text, t->bytes.ptr + piece->raw,
				      piece->raw_len) == 0);
	}
}

static size_t on_text(void *payload, const struct notebook_text *told)
{
	struct telling *t = payload;

	assert(told->form < NOTEBOOK_FORMS);
	assert(told->form == 0 || told->form == t->forms);
	t->forms = told->form + 1;
	assert(told->beg <= told->text->len);
	assert(told->line1 >= 1 && told->column1 >= 1 && told->line_raw <= t->bytes.len);
	assert(told->where->part == PART_UNKNOWN || told->where->cell == 0 ||
	       told->where->part < PART_COUNT);
	check_map(t, told->text, told->form == 0);
	return told->text->len - told->text->len % 7;
}

static void read_whole(struct slice bytes, size_t behind)
{
	struct telling t = {.bytes = bytes};
	struct err err;

	notebook_begins(bytes);
	notebook_is(bytes);
	notebook_read(bytes, behind, on_text, NULL, &t, &err);
}

static size_t count_ends(const unsigned char *beg, const unsigned char *end)
{
	size_t ends = 0;

	for (; end - beg >= 2; beg++)
		ends += beg[0] == '\\' && beg[1] == 'n';
	return ends;
}

static void condense(struct slice bytes, size_t window, bool may_break)
{
	struct condensed c = {0};
	struct slice kept;

	for (size_t at = 0; at < bytes.len; at += window) {
		size_t end = bytes.len - at < window ? bytes.len : at + window;

		condensed_add(&c, slice_cut(bytes, (struct span){at, end}), at, may_break);
	}
	condensed_end(&c);
	kept = condensed_slice(&c);
	for (size_t i = 0; i < kept.len; i++) {
		uint64_t offset = i + condensed_lost(&c, i);

		assert(offset < bytes.len && bytes.ptr[offset] == kept.ptr[i]);
		assert(condensed_find(&c, offset) == i);
	}
	assert(condensed_lost_lines(&c, kept.len) ==
	       count_ends(bytes.ptr, bytes.ptr + bytes.len) -
		       count_ends(kept.ptr, kept.ptr + kept.len));
	condensed_dispose(&c);
}

/* Again and again: nothing is left out of what is short. */
static void condense_long(struct slice bytes, size_t window)
{
	size_t len = bytes.len * (((size_t)32 << 10) / bytes.len + 1);
	unsigned char *again = malloc(len);

	for (size_t at = 0; at < len; at += bytes.len)
		memcpy(again + at, bytes.ptr, bytes.len);
	condense(slice_of(again, len), window, false);
	condense(slice_of(again, len), window, true);
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes;

	if (size < 3)
		return 0;
	bytes = slice_of(data + 2, size - 2);
	read_whole(bytes, data[1]);
	condense_long(bytes, (size_t)data[0] * 64 + 1);
	return 0;
}
