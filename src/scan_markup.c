/*
 * A part of an office document was searched as it is stored. Here its text is searched
 * as people read it, which finds what the editor's runs had torn apart; what both
 * searches saw stays as the plain one told it.
 */
#include "scan_private.h"

#include "base/quote.h"
#include "result.h"
#include "view/entities.h"
#include "view/markup.h"

struct reading {
	struct visit *visit;
	struct slice stored;
	const struct view_text *text;
	size_t raw_end; /* of the worker's findings, those before are of the plain search */
	struct lines lines;
};

static void place(struct reading *r, struct finding *f, struct span raw)
{
	struct slice stored = slice_cut(r->stored, raw);

	lines_locate(&r->lines, raw.beg);
	f->offset = raw.beg;
	f->length = span_len(raw);
	f->line1 = r->lines.place.line1;
	f->column1 = lines_columns(&r->lines, raw.beg) + 1;
	f->end_column1 = f->column1 + quote_utf16_len(stored);
}

static int keep_torn(void *payload, const struct match *match)
{
	struct reading *r = payload;
	struct slice text = view_text_slice(r->text), secret = slice_cut(text, match->secret);
	struct span raw = view_text_raw(r->text, match->secret);
	struct finding *f;

	if (slice_eq(secret, slice_cut(r->stored, raw)))
		return 0;
	f = scan_add(r->visit, match->rule, text, match->secret);
	if (!f)
		return 0;
	f->decoded = (struct decodings){.count = 1, .list = {DECODED_MARKUP}};
	place(r, f, raw);
	scan_excerpt(r->visit, f, text, match->secret, true, true);
	return 0;
}

static bool is_part(const struct finding *f, const struct finding *torn, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (f->offset >= torn[i].offset &&
		    f->offset + f->length <= torn[i].offset + torn[i].length)
			return true;
	return false;
}

/* What the plain search took a piece of a torn one for. */
static void drop_parts(struct reading *r)
{
	struct worker *w = r->visit->worker;
	size_t kept = r->visit->first, torn = w->finding_count - r->raw_end;

	if (!torn)
		return;
	for (size_t i = kept; i < w->finding_count; i++) {
		struct finding *f = &w->findings[i];

		if (i < r->raw_end && is_part(f, &w->findings[r->raw_end], torn))
			finding_dispose(f);
		else
			w->findings[kept++] = *f;
	}
	w->finding_count = kept;
}

static void search_text(struct reading *r)
{
	struct slice text = view_text_slice(r->text);
	size_t beg = 0;
	struct err err;

	while (matcher_run(r->visit->worker->matcher, text, beg, true, keep_torn, NULL, r, &beg,
			   &err) < 0)
		scan_complain(r->visit, err.offset, &err);
	drop_parts(r);
}

void scan_markup(struct visit *visit, struct slice stored)
{
	struct view_text text = {0}, plain = {0};
	struct reading r = {.visit = visit,
			    .stored = stored,
			    .raw_end = visit->worker->finding_count,
			    .lines = lines_of(stored)};

	markup_text(stored, &text);
	r.text = entities_decode(&text, &plain) ? &plain : &text;
	if (patterns_may_match(visit->worker->scan->patterns, view_text_slice(r.text)))
		search_text(&r);
	view_text_dispose(&plain);
	view_text_dispose(&text);
}
