/*
 * A notebook was searched as the file it is, which misses what escapes hide and
 * cannot say where a cell is. Here its texts are searched as people read them;
 * of what both found, this stays.
 */
#include "scan_private.h"

#include "base/alloc.h"
#include "result.h"
#include "view/notebook.h"

#include <stdio.h>
#include <stdlib.h>

/* A notebook is held in memory once, and its texts one after another. */
#define NOTEBOOK_MAX ((uint64_t)1 << 30)

/* Counts lines forwards, from where it was asked last. */
struct lines {
	struct slice text;
	size_t at, line_beg;
	uint64_t line1;
};

struct looking {
	struct visit *visit;
	struct slice bytes;
	size_t raw_end; /* of the worker's findings, those before are of the plain search */
	struct lines in_file, in_text;
	const struct view_text *text;
	const struct notebook_place *where;
};

/* ---- lines ---- */

static struct lines lines_of(struct slice text)
{
	return (struct lines){.text = text, .line1 = 1};
}

static void locate(struct lines *lines, size_t at, uint64_t *line1, uint64_t *column1)
{
	if (at < lines->at)
		*lines = lines_of(lines->text);
	for (;;) {
		const unsigned char *from = lines->text.ptr + lines->at;
		const unsigned char *end =
			at > lines->at ? memchr(from, '\n', at - lines->at) : NULL;

		if (!end)
			break;
		lines->at = lines->line_beg = (size_t)(end - lines->text.ptr) + 1;
		lines->line1++;
	}
	*line1 = lines->line1;
	*column1 = at - lines->line_beg + 1;
}

/* ---- places ---- */

static struct notebook_place *place_at(struct looking *l, size_t at)
{
	struct notebook_place *place;

	if (l->where->part == PART_UNKNOWN)
		return NULL;
	place = xmalloc(sizeof(*place));
	*place = *l->where;
	if (place->id.ptr)
		place->id.ptr = (unsigned char *)xmemdup0(place->id.ptr, place->id.len);
	locate(&l->in_text, at, &place->line1, &place->column1);
	return place;
}

/* A token that goes on in the file's next line ends with its first. */
static size_t len_in_line(struct slice bytes, struct span raw)
{
	const unsigned char *end = memchr(bytes.ptr + raw.beg, '\n', span_len(raw));

	return end ? (size_t)(end - bytes.ptr) - raw.beg : span_len(raw);
}

static int keep_in_text(void *payload, const struct match *match)
{
	struct looking *l = payload;
	struct slice text = view_text_slice(l->text);
	struct span raw = view_text_raw(l->text, match->secret);
	struct finding *f = scan_add(l->visit, match->rule, slice_cut(text, match->secret));

	if (!f)
		return 0;
	f->offset = raw.beg;
	f->length = span_len(raw);
	locate(&l->in_file, raw.beg, &f->line1, &f->column1);
	f->end_column1 = f->column1 + len_in_line(l->bytes, raw);
	f->notebook = place_at(l, match->secret.beg);
	scan_excerpt(l->visit, f, text, match->secret, true, true);
	return 0;
}

/* The plain search's findings were made in the order of their offsets. */
static size_t first_behind(const struct looking *l, size_t offset)
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
	struct span raw = view_text_raw(l->text, (struct span){0, l->text->len});
	size_t at;

	for (size_t i = first_behind(l, raw.beg); i < l->raw_end; i++) {
		struct finding *f = &l->visit->worker->findings[i];

		if (f->offset >= raw.end)
			break;
		if (!f->notebook && view_text_find(l->text, (size_t)f->offset, &at))
			f->notebook = place_at(l, at);
	}
}

static void look_at_text(void *payload, const struct view_text *text,
			 const struct notebook_place *where)
{
	struct looking *l = payload;
	struct slice bytes = view_text_slice(text);
	size_t beg = 0, resume = 0;
	struct err err;

	l->text = text;
	l->where = where;
	l->in_text = lines_of(bytes);
	place_found(l);
	while (matcher_run(l->visit->worker->matcher, bytes, beg, true, keep_in_text, l, &resume,
			   &err) < 0) {
		struct span at = {err.offset, err.offset + 1};

		scan_complain(l->visit, view_text_raw(text, at).beg, &err);
		beg = resume;
	}
}

/* ---- each place once ---- */

struct ranked {
	struct finding finding;
	size_t at;  /* in the order in which they were found */
	bool plain; /* found by the plain search */
};

static int order_ranked(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	if (a->finding.offset != b->finding.offset)
		return a->finding.offset < b->finding.offset ? -1 : 1;
	if (a->plain != b->plain)
		return a->plain ? 1 : -1;
	if (a->finding.length != b->finding.length)
		return a->finding.length > b->finding.length ? -1 : 1;
	/* The form that is told last is the one that people see. */
	return (a->at < b->at) - (a->at > b->at);
}

/* Whether b, which overlaps a and begins no earlier, is the better of the two. */
static bool is_better(const struct ranked *b, const struct ranked *a)
{
	if (a->plain != b->plain)
		return a->plain;
	return b->finding.length > a->finding.length;
}

/* The same token was found in several of the forms of its text. */
static void drop_repeated(struct looking *l)
{
	struct worker *w = l->visit->worker;
	size_t first = l->visit->first, count = w->finding_count - first, kept = 0;
	struct ranked *all = xcalloc(count, sizeof(*all));

	for (size_t i = 0; i < count; i++)
		all[i] = (struct ranked){w->findings[first + i], i, first + i < l->raw_end};
	if (count)
		qsort(all, count, sizeof(*all), order_ranked);
	for (size_t i = 0; i < count; i++) {
		struct ranked *last = kept ? &all[kept - 1] : NULL;

		if (!last || all[i].finding.offset >= last->finding.offset + last->finding.length) {
			all[kept++] = all[i];
		} else if (is_better(&all[i], last)) {
			finding_dispose(&last->finding);
			*last = all[i];
		} else {
			finding_dispose(&all[i].finding);
		}
	}
	for (size_t i = 0; i < kept; i++)
		w->findings[first + i] = all[i].finding;
	w->finding_count = first + kept;
	free(all);
}

/* ---- the notebook ---- */

/* Its strings were searched all the same. What was committed broken cannot be
 * mended, and is a note. */
static void give_up(struct visit *visit, const char *why)
{
	const struct provenance *from = &visit->doc->from;
	char what[640];

	if (from->history)
		snprintf(
			what, sizeof(what),
			"a notebook in history was searched string by string, not cell by cell: %s",
			why);
	else
		snprintf(what, sizeof(what), "searched as text only, not cell by cell: %s", why);
	scan_diag(visit->worker->scan, visit->number, from->root, from->path, from->history, what);
}

void scan_cells(struct visit *visit, bool named)
{
	struct looking l = {.visit = visit, .raw_end = visit->worker->finding_count};
	unsigned char *owned;
	struct err err;

	if (stream_whole(visit->doc->bytes, NOTEBOOK_MAX, &l.bytes, &owned, &err) < 0) {
		if (named)
			give_up(visit, err.msg);
		return;
	}
	l.in_file = lines_of(l.bytes);
	if (named || notebook_is(l.bytes)) {
		if (notebook_read(l.bytes, look_at_text, &l, &err) < 0)
			give_up(visit, err.msg);
		drop_repeated(&l);
	}
	if (owned)
		wipe(owned, l.bytes.len);
	free(owned);
}
