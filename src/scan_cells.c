/*
 * A notebook was searched as the file it is, which misses what escapes hide and
 * cannot say where a cell is. Here its texts are searched as people read them;
 * of what both found, this stays.
 */
#include "scan_private.h"

#include "base/alloc.h"
#include "base/quote.h"
#include "base/tr.h"
#include "result.h"
#include "view/notebook.h"

#include <stdio.h>
#include <stdlib.h>

_Static_assert(CONDENSE_MARGIN >= MATCH_AHEAD, "a token may not be within what is kept");

struct looking {
	struct visit *visit;
	const struct condensed *held;
	size_t raw_end; /* of the worker's findings, those before are of the plain search */
	struct lines in_file, in_text;
	const struct notebook_text *told;
	uint64_t coded_done[DECODED_COUNT]; /* of told */
};

/* ---- places ---- */

/* Of the byte held at raw. */
static uint64_t offset_of(const struct looking *l, size_t raw)
{
	return raw + condensed_lost(l->held, raw);
}

/* How many bytes between two places were left out, of base64, of which each is a column. */
static uint64_t lost_between(const struct looking *l, size_t beg, size_t end)
{
	return condensed_lost(l->held, end) - condensed_lost(l->held, beg);
}

static void place_in_file(struct looking *l, struct finding *f, struct span raw)
{
	struct lines *lines = &l->in_file;

	lines_locate(lines, raw.beg);
	f->offset = offset_of(l, raw.beg);
	f->length = offset_of(l, raw.end - 1) + 1 - f->offset;
	f->line1 = lines->place.line1;
	f->column1 = lines_columns(lines, raw.beg) +
		     lost_between(l, lines->place.line_offset, raw.beg) + 1;
}

/* Of the byte at offset in the file, which is held at raw, or left out before it;
 * shown[at] is where people see it. */
static uint64_t column_of(struct looking *l, size_t at, size_t raw, uint64_t offset)
{
	const struct notebook_text *told = l->told;
	size_t line_beg = l->in_text.place.line_offset, line_raw = told->line_raw;
	uint64_t column1 = told->column1;

	if (l->in_text.place.line1 > 1) {
		line_raw = view_text_raw(told->shown, (struct span){line_beg, line_beg + 1}).beg;
		column1 = 1;
	}
	return column1 + lines_columns(&l->in_text, at) + lost_between(l, line_raw, raw) -
	       (offset_of(l, raw) - offset);
}

static struct notebook_place *place_of(struct looking *l, size_t raw, uint64_t offset)
{
	const struct notebook_text *told = l->told;
	size_t at = view_text_find(told->shown, raw);
	struct notebook_place *place;

	if (told->where->part == PART_UNKNOWN || at >= told->shown->len)
		return NULL;
	lines_locate(&l->in_text, at);
	place = xmalloc(sizeof(*place));
	*place = *told->where;
	if (place->id.ptr)
		place->id.ptr = (unsigned char *)xmemdup0(place->id.ptr, place->id.len);
	place->line1 = told->line1 + l->in_text.place.line1 - 1 +
		       condensed_lost_lines(l->held, raw) -
		       condensed_lost_lines(l->held, told->text_raw);
	place->column1 = column_of(l, at, raw, offset);
	return place;
}

/* A token that goes on in the file's next line ends with its first. */
static uint64_t columns_in_line(struct slice stored, uint64_t length)
{
	const unsigned char *end = memchr(stored.ptr, '\n', stored.len);

	if (end)
		stored.len = (size_t)(end - stored.ptr);
	return quote_utf16_len(stored) + (end ? 0 : length - stored.len);
}

/* f is text[found] of the text that is told. */
static void place(void *payload, struct finding *f, struct span found)
{
	struct looking *l = payload;
	struct span raw = view_text_raw(l->told->text, found);
	struct slice stored = slice_cut(condensed_slice(l->held), raw);

	place_in_file(l, f, raw);
	f->end_column1 = f->column1 + columns_in_line(stored, f->length);
	f->notebook = place_of(l, raw.beg, f->offset);
}

static int keep_in_text(void *payload, const struct match *match)
{
	struct looking *l = payload;
	const struct notebook_text *told = l->told;
	struct slice text = view_text_slice(told->text);
	struct finding *f = scan_add(l->visit, match->rule, text, match->secret);

	if (!f)
		return 0;
	place(l, f, match->secret);
	scan_excerpt(l->visit, f, text, match->secret, told->line1 == 1 && told->column1 == 1,
		     told->last);
	return 0;
}

static void look_at_coded(void *payload, const struct coded *coded)
{
	struct looking *l = payload;
	const struct coded_base base = {.visit = l->visit,
					.text = view_text_slice(l->told->text),
					.done = l->coded_done,
					.place = place,
					.payload = l};

	scan_coded(&base, coded);
}

/* The plain search's findings are in the order of their offsets. */
static size_t first_behind(const struct looking *l, uint64_t offset)
{
	const struct finding *findings = l->visit->worker->findings;
	size_t beg = l->visit->first, end = l->raw_end;

	while (beg < end) {
		size_t mid = beg + (end - beg) / 2;

		if (findings[mid].offset < offset)
			beg = mid + 1;
		else
			end = mid;
	}
	return beg;
}

/* What only the plain search finds is in some cell, too. */
static void place_found(struct looking *l)
{
	const struct view_text *shown = l->told->shown;
	struct span raw = view_text_raw(shown, (struct span){0, shown->len});
	uint64_t end;

	if (!shown->len)
		return;
	end = offset_of(l, raw.end - 1) + 1;
	for (size_t i = first_behind(l, offset_of(l, raw.beg)); i < l->raw_end; i++) {
		struct finding *f = &l->visit->worker->findings[i];

		if (f->offset >= end)
			break;
		if (!f->notebook)
			f->notebook = place_of(l, condensed_find(l->held, f->offset), f->offset);
		if (l->visit->allowed && f->verdict == f->rule->verdict) {
			f->verdict = VERDICT_ALLOWED;
			f->reason = l->visit->allowed;
		}
	}
}

static size_t look_at_text(void *payload, const struct notebook_text *told)
{
	struct looking *l = payload;
	struct slice bytes = view_text_slice(told->text);
	size_t beg = told->beg, resume = told->beg;
	struct err err;

	l->told = told;
	l->visit->allowed = told->tagged && !l->visit->worker->scan->options.no_marks
				    ? "the tag hfscan-allow of its cell allows it"
				    : NULL;
	if (told->form == 0) {
		l->in_text = lines_of(view_text_slice(told->shown));
		place_found(l);
	}
	memset(l->coded_done, 0, sizeof(l->coded_done));
	while (matcher_run(l->visit->worker->matcher, bytes, beg, told->last, keep_in_text,
			   look_at_coded, l, &resume, &err) < 0) {
		struct span at = {err.offset, err.offset + 1};

		scan_complain(l->visit, offset_of(l, view_text_raw(told->text, at).beg), &err);
		beg = resume;
	}
	return resume;
}

static bool is_worth(void *payload, struct slice stored)
{
	const struct looking *l = payload;

	return patterns_may_match(l->visit->worker->scan->patterns, stored);
}

/* ---- the notebook ---- */

/* A line of the file may be the whole of a notebook: a mark counts for its cell's
 * own line only. */
static void forget_marks(const struct looking *l)
{
	const struct visit *visit = l->visit;

	for (size_t i = visit->first; i < l->raw_end; i++) {
		struct finding *f = &visit->worker->findings[i];

		if (f->verdict == VERDICT_ALLOWED) {
			f->verdict = f->rule->verdict;
			f->reason = NULL;
		}
	}
}

/* Its strings were searched all the same. What was committed broken cannot be
 * mended, and is a note. */
static void give_up(struct visit *visit, const char *why)
{
	const struct provenance *from = &visit->doc->from;
	char what[640];

	if (from->history)
		snprintf(what, sizeof(what),
			 tr("a notebook in history was searched string by string, not cell by "
			    "cell: %s"),
			 why);
	else
		snprintf(what, sizeof(what), tr("searched as text only, not cell by cell: %s"),
			 why);
	scan_diag(visit->worker->scan, visit->number, from->root, from->path, from->history, what);
}

/* Goes through the document again, for who holds nothing of it. */
static int hold_all(struct visit *visit, struct condensed *held, struct err *err)
{
	struct stream *s = visit->doc->bytes;
	int rc;

	condensed_reset(held);
	if (stream_size(s) <= NOTEBOOK_MAX)
		condensed_expect(held, (size_t)stream_size(s));
	if (!stream_restart(s))
		return err_set(err, HF_EUSAGE, "it cannot be read twice");
	while ((rc = stream_next(s, s->text.len, err)) > 0) {
		condensed_add(held, s->text, s->offset, false);
		if (held->len > NOTEBOOK_MAX)
			return err_set(err, HF_ELIMIT, "it is too large");
	}
	condensed_end(held);
	return rc;
}

void scan_cells(struct visit *visit, bool named, bool all_held)
{
	struct condensed *held = &visit->worker->held;
	struct looking l = {.visit = visit, .held = held, .raw_end = visit->worker->finding_count};
	struct err err;
	int rc = all_held ? 0 : hold_all(visit, held, &err);
	bool is_one = named || (rc == 0 && notebook_is(condensed_slice(held)));

	if (!is_one)
		return;
	forget_marks(&l);
	l.in_file = lines_of(condensed_slice(held));
	if (rc == 0)
		rc = notebook_read(condensed_slice(held), MATCH_BEHIND, look_at_text, is_worth, &l,
				   &err);
	if (rc < 0)
		give_up(visit, err.msg);
	scan_drop_repeated(visit, l.raw_end);
}
