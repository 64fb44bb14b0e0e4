#include "view/text.h"

#include "base/alloc.h"

#include <stdlib.h>

void view_text_dispose(struct view_text *t)
{
	wipe(t->ptr, t->cap);
	free(t->ptr);
	free(t->pieces);
	*t = (struct view_text){0};
}

void view_text_reset(struct view_text *t)
{
	t->len = t->piece_count = 0;
}

static void append(struct view_text *t, struct slice bytes)
{
	if (t->cap - t->len < bytes.len) {
		size_t cap = t->cap ? t->cap : 4096;
		unsigned char *grown;

		while (cap - t->len < bytes.len)
			cap *= 2;
		grown = xmalloc(cap);
		if (t->len)
			memcpy(grown, t->ptr, t->len);
		wipe(t->ptr, t->cap);
		free(t->ptr);
		t->ptr = grown;
		t->cap = cap;
	}
	if (bytes.len)
		memcpy(t->ptr + t->len, bytes.ptr, bytes.len);
	t->len += bytes.len;
}

static void add_piece(struct view_text *t, struct view_piece piece)
{
	grow_array(&t->pieces, &t->piece_cap, t->piece_count, sizeof(*t->pieces));
	t->pieces[t->piece_count++] = piece;
}

static bool is_copied(const struct view_piece *p)
{
	return p->text_len == p->raw_len;
}

void view_text_copy(struct view_text *t, struct slice bytes, size_t raw)
{
	struct view_piece *last = t->piece_count ? &t->pieces[t->piece_count - 1] : NULL;

	if (!bytes.len)
		return;
	if (last && is_copied(last) && last->raw + last->raw_len == raw) {
		last->text_len += bytes.len;
		last->raw_len += bytes.len;
	} else {
		add_piece(t, (struct view_piece){t->len, bytes.len, raw, bytes.len});
	}
	append(t, bytes);
}

void view_text_put(struct view_text *t, struct slice bytes, size_t raw, size_t raw_len)
{
	if (!bytes.len)
		return;
	add_piece(t, (struct view_piece){t->len, bytes.len, raw, raw_len});
	append(t, bytes);
}

struct slice view_text_slice(const struct view_text *t)
{
	return slice_of(t->ptr, t->len);
}

/* The piece that text[at] belongs to; at < len. */
static const struct view_piece *piece_at(const struct view_text *t, size_t at)
{
	size_t beg = 0, end = t->piece_count;

	while (end - beg > 1) {
		size_t mid = beg + (end - beg) / 2;

		if (t->pieces[mid].text <= at)
			beg = mid;
		else
			end = mid;
	}
	return &t->pieces[beg];
}

struct span view_text_raw(const struct view_text *t, struct span span)
{
	const struct view_piece *first, *last;
	size_t beg, end;

	if (span.beg >= span.end)
		return (struct span){0, 0};
	first = piece_at(t, span.beg);
	last = piece_at(t, span.end - 1);
	beg = is_copied(first) ? first->raw + (span.beg - first->text) : first->raw;
	end = is_copied(last) ? last->raw + (span.end - last->text) : last->raw + last->raw_len;
	return (struct span){beg, end};
}

size_t view_text_find(const struct view_text *t, size_t raw)
{
	size_t beg = 0, end = t->piece_count;
	const struct view_piece *p;

	/* The pieces that begin at raw or before it. */
	while (beg < end) {
		size_t mid = beg + (end - beg) / 2;

		if (t->pieces[mid].raw <= raw)
			beg = mid + 1;
		else
			end = mid;
	}
	if (!beg)
		return 0;
	p = &t->pieces[beg - 1];
	if (raw - p->raw >= p->raw_len)
		return p->text + p->text_len;
	return p->text + (is_copied(p) ? raw - p->raw : 0);
}

void view_text_forget(struct view_text *t, size_t beg)
{
	size_t first, by;

	if (beg >= t->len) {
		view_text_reset(t);
		return;
	}
	first = (size_t)(piece_at(t, beg) - t->pieces);
	by = beg - t->pieces[first].text;
	if (is_copied(&t->pieces[first])) {
		t->pieces[first].raw += by;
		t->pieces[first].raw_len -= by;
	}
	t->pieces[first].text += by;
	t->pieces[first].text_len -= by;
	t->piece_count -= first;
	memmove(t->pieces, t->pieces + first, t->piece_count * sizeof(*t->pieces));
	for (size_t i = 0; i < t->piece_count; i++)
		t->pieces[i].text -= beg;
	t->len -= beg;
	memmove(t->ptr, t->ptr + beg, t->len);
}

void view_text_append(struct view_text *t, const struct view_text *from, struct span span)
{
	while (span.beg < span.end) {
		const struct view_piece *p = piece_at(from, span.beg);
		size_t end = p->text + p->text_len < span.end ? p->text + p->text_len : span.end;
		struct slice bytes = slice_of(from->ptr + span.beg, end - span.beg);

		if (is_copied(p))
			view_text_copy(t, bytes, p->raw + (span.beg - p->text));
		else
			view_text_put(t, bytes, p->raw, p->raw_len);
		span.beg = end;
	}
}
