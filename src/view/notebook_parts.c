#include "view/notebook_parts.h"

#include "base/quote.h"
#include "view/entities.h"
#include "view/terminal.h"

/* Of a text, which is told in parts of this size: its map takes 64 bytes for
 * each character that is escaped. */
#define PART_SIZE ((size_t)1 << 20)

/* ---- forms ---- */

/*
 * A terminal's codes may cut a token, or part it from what stands beside it: so
 * the text is told without them, and with blanks in their place. HTML is told
 * as it is, and with its entities as what they stand for. Returns how many.
 */
static unsigned make_forms(struct notebook_parts *p, const struct view_text *forms[NOTEBOOK_FORMS])
{
	unsigned count = 0;

	forms[count] = &p->stored;
	if (terminal_has_codes(&p->stored)) {
		terminal_strip(&p->stored, true, &p->forms[0]);
		terminal_strip(&p->stored, false, &p->forms[1]);
		forms[count++] = &p->forms[0];
		forms[count] = &p->forms[1];
	}
	if (p->is_html && entities_decode(forms[count], &p->forms[2]))
		forms[++count] = &p->forms[2];
	return count + 1;
}

/* ---- parts ---- */

static size_t raw_of(const struct view_text *text, size_t at)
{
	return view_text_raw(text, (struct span){at, at + 1}).beg;
}

/* shown[at] is where the next part begins. */
static void move_to(struct notebook_parts *p, const struct view_text *shown, size_t at)
{
	const unsigned char *line = shown->ptr, *end;

	while ((end = memchr(line, '\n', at - (size_t)(line - shown->ptr)))) {
		line = end + 1;
		p->line1++;
		p->column1 = 1;
		p->line_raw = raw_of(shown, (size_t)(line - shown->ptr));
	}
	p->column1 += quote_utf16_len(slice_of(line, at - (size_t)(line - shown->ptr)));
}

/* What is behind is kept for the next part, but never so much that it has no room. */
static void begin_next(struct notebook_parts *p, const struct view_text *shown, size_t resume_raw)
{
	size_t beg = view_text_find(&p->stored, resume_raw);

	beg = beg > p->behind ? beg - p->behind : 0;
	if (p->stored.len - beg > PART_SIZE / 2)
		beg = p->stored.len - PART_SIZE / 2;
	move_to(p, shown, view_text_find(shown, raw_of(&p->stored, beg)));
	view_text_forget(&p->stored, beg);
	p->resume_raw = resume_raw;
	p->continued = true;
}

static void tell_part(struct notebook_parts *p, bool last)
{
	const struct view_text *forms[NOTEBOOK_FORMS];
	unsigned count = make_forms(p, forms);
	const struct view_text *shown = forms[count - 1];
	size_t resume_raw = raw_of(&p->stored, p->stored.len - 1);

	if (!p->continued)
		p->line_raw = p->text_raw = raw_of(&p->stored, 0);
	for (unsigned i = 0; i < count; i++) {
		struct notebook_text told = {
			.form = i,
			.text = forms[i],
			.shown = shown,
			.line1 = p->line1,
			.column1 = p->column1,
			.line_raw = p->line_raw,
			.text_raw = p->text_raw,
			.beg = p->continued ? view_text_find(forms[i], p->resume_raw) : 0,
			.last = last,
			.tagged = p->tagged,
			.where = p->where,
		};
		size_t resume = p->tell(p->payload, &told), raw;

		raw = resume < forms[i]->len ? raw_of(forms[i], resume) : resume_raw;
		resume_raw = raw < resume_raw ? raw : resume_raw;
	}
	if (!last)
		begin_next(p, shown, resume_raw);
}

/* ---- adding ---- */

void notebook_parts_begin(struct notebook_parts *p, const struct notebook_place *where,
			  bool is_html, bool tagged)
{
	view_text_reset(&p->stored);
	p->where = where;
	p->is_html = is_html;
	p->tagged = tagged;
	p->line1 = p->column1 = 1;
	p->continued = false;
}

void notebook_parts_add_between(struct notebook_parts *p, struct slice between, size_t next)
{
	view_text_put(&p->stored, between, p->json->strings[next].beg, 0);
}

void notebook_parts_add(struct notebook_parts *p, size_t string)
{
	struct span rest = p->json->strings[string];

	while (rest.beg < rest.end) {
		json_unescape(p->json, &rest, PART_SIZE - p->stored.len, &p->stored);
		if (p->stored.len >= PART_SIZE)
			tell_part(p, false);
	}
}

void notebook_parts_end(struct notebook_parts *p)
{
	if (p->stored.len)
		tell_part(p, true);
}

void notebook_parts_dispose(struct notebook_parts *p)
{
	view_text_dispose(&p->stored);
	for (int i = 0; i < NOTEBOOK_FORMS; i++)
		view_text_dispose(&p->forms[i]);
}
