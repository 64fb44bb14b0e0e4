#include "report/text.h"

#include "base/alloc.h"
#include "report/formats.h"
#include "report/names.h"
#include "report/path.h"
#include "report/say.h"

#include <stdio.h>

/* What a place is, where path:line:column does not say it. */
static const struct {
	enum word word;
	bool is_said; /* word is */
	bool has_line;
} wheres[WHERE_COUNT] = {
	[WHERE_BLOB] = {.has_line = true},
	[WHERE_CONFIG] = {.has_line = true},
	[WHERE_PATH] = {SAY_IN_FILE_NAME, true, false},
	[WHERE_COMMIT_MESSAGE] = {SAY_IN_COMMIT_MESSAGE, true, false},
	[WHERE_TAG_MESSAGE] = {SAY_IN_TAG_MESSAGE, true, false},
	[WHERE_AUTHOR] = {SAY_IN_OBJECT_AUTHOR, true, false},
	[WHERE_REF_NAME] = {SAY_IN_REF_NAME, true, false},
	[WHERE_REFLOG] = {SAY_IN_REFLOG, true, true},
};

/* Enough of an object's id to find it by: Linux, which has millions of them,
 * asks for 12 digits (Documentation/process/submitting-patches.rst). */
void text_abbreviate(char out[13], const char *id)
{
	snprintf(out, 13, "%.12s", id);
}

bool text_has_file(const struct finding *f)
{
	return f->path_len ? f->path[f->path_len - 1] != '/' : !f->history;
}

static bool is_in_tree(const struct finding *f)
{
	return f->where == WHERE_BLOB || f->where == WHERE_PATH;
}

static bool is_of_commit(const struct finding *f)
{
	return f->origin && f->origin->commit[0] && strcmp(f->origin->commit, f->blob) == 0;
}

void text_put_cell(struct text *w, const struct notebook_place *place)
{
	static const enum word words[PART_COUNT] = {
		[PART_SOURCE] = SAY_IN_SOURCE,     [PART_OUTPUT] = SAY_IN_OUTPUT,
		[PART_METADATA] = SAY_IN_METADATA, [PART_ATTACHMENT] = SAY_IN_ATTACHMENT,
		[PART_OTHER] = SAY_IN_METADATA,
	};
	char output[16];

	if (place->cell) {
		page_put(&w->page, PAINT_PLAIN, " › ");
		page_put_said(&w->page, PAINT_PLAIN, SAY_IN_CELL, place->cell, NULL);
	}
	snprintf(output, sizeof(output), "%u", place->output);
	page_put(&w->page, PAINT_PLAIN, " › ");
	page_put_said(&w->page, PAINT_PLAIN, words[place->part], place->line1, output);
}

void text_put_member(struct text *w, const struct finding *f)
{
	if (!f->member)
		return;
	page_put(&w->page, PAINT_PLAIN, " › ");
	page_put_scanned(&w->page, PAINT_STRONG, slice_of(f->member, f->member_len));
}

/* "path:line:column", in a form that terminals and editors open. */
static void put_file(struct text *w, const struct finding *f)
{
	struct page *page = &w->page;
	struct buf path;

	buf_init(&path, BUF_MAX_REPORT);
	path_show(&path, w->cwd, f->root, slice_of(f->path, f->path_len));
	page_put_scanned(page, PAINT_STRONG, buf_slice(&path));
	buf_dispose(&path);
	text_put_member(w, f);
	if (f->notebook)
		text_put_cell(w, f->notebook);
	else if (wheres[f->where].has_line)
		buf_appendf(&page->text, ":%llu:%llu", (unsigned long long)f->line1,
			    (unsigned long long)f->column1);
	if (wheres[f->where].is_said || (f->history && is_in_tree(f)))
		page_put(page, PAINT_PLAIN, "  ");
}

/* "repository: ", of what stands in no file; nothing in the only one. */
static void put_repository(struct text *w, const struct finding *f)
{
	struct slice path;
	struct buf shown;

	buf_init(&shown, BUF_MAX_REPORT);
	path_show(&shown, w->cwd, f->root, slice_of(f->path, f->path_len));
	path = buf_slice(&shown);
	while (path.len > 1 && path.ptr[path.len - 1] == '/')
		path.len--;
	if (path.len) {
		page_put_scanned(&w->page, PAINT_STRONG, path);
		page_put(&w->page, PAINT_PLAIN, ": ");
	}
	buf_dispose(&shown);
}

void text_put_where(struct text *w, const struct finding *f)
{
	bool is_dated = f->origin && f->origin->commit[0];
	enum word word = wheres[f->where].word;
	char id[13];

	text_abbreviate(id, f->blob);
	if (f->where == WHERE_AUTHOR && is_of_commit(f))
		word = SAY_IN_COMMIT_AUTHOR;
	if (wheres[f->where].is_said)
		page_put_said(&w->page, PAINT_PLAIN, word, 1, id);
	if (!f->history || !is_in_tree(f))
		return;
	if (wheres[f->where].is_said)
		page_put(&w->page, PAINT_PLAIN, "  ");
	if (is_dated)
		text_abbreviate(id, f->origin->commit);
	word = text_has_file(f) ? SAY_IN_OBJECT : SAY_IN_OBJECT_LINE;
	page_put_said(&w->page, PAINT_PLAIN, is_dated ? SAY_IN_COMMIT : word, f->line1, id);
}

void text_put_form(struct text *w, const struct finding *f)
{
	const struct decodings *decoded = &f->decoded;
	struct page *page = &w->page;

	for (size_t i = 0; i < decoded->count; i++) {
		page_put(page, PAINT_DIM, i ? " › " : "  (");
		page_put(page, PAINT_DIM, decoding_name(decoded->list[i]));
	}
	if (decoded->count)
		page_put(page, PAINT_DIM, ")");
}

void text_put_location(struct text *w, const struct finding *f)
{
	if (text_has_file(f))
		put_file(w, f);
	else
		put_repository(w, f);
	text_put_where(w, f);
	text_put_form(w, f);
}

/* "place  exposure" */
static void put_location(struct text *w, const struct finding *f)
{
	const char *exposure = say_exposure(w->lang, f->exposure);
	struct page *page = &w->page;

	page_put(page, PAINT_PLAIN, "  ");
	text_put_location(w, f);
	if (exposure) {
		page_put(page, PAINT_PLAIN, "  ");
		page_put(page, f->exposure == EXPOSURE_PUSHED ? PAINT_BAD : PAINT_DIM, exposure);
	}
	page_put(page, PAINT_PLAIN, "\n");
}

static void put_excerpt(struct page *page, const struct finding *f)
{
	struct slice line = slice_str(f->excerpt);
	struct span before = {0, f->excerpt_beg};
	struct span secret = {f->excerpt_beg, f->excerpt_end};
	struct span after = {f->excerpt_end, line.len};

	page_put(page, PAINT_PLAIN, "    ");
	page_put_scanned(page, PAINT_PLAIN, slice_cut(line, before));
	page_put_scanned(page, PAINT_BAD, slice_cut(line, secret));
	page_put_scanned(page, PAINT_PLAIN, slice_cut(line, after));
	page_put(page, PAINT_PLAIN, "\n");
}

/* A line of a commit is as long as its author liked. */
#define COMMIT_TEXT_MAX 80

static void put_text_of_commit(struct page *page, const char *before, const char *text,
			       const char *after)
{
	if (!text || !*text)
		return;
	page_put(page, PAINT_PLAIN, before);
	page_put_beginning(page, PAINT_PLAIN, slice_str(text), COMMIT_TEXT_MAX);
	page_put(page, PAINT_PLAIN, after);
}

/* "since commit, date, author <e-mail>: summary"; the commit where text_put_where()
 * has not named it. */
void text_put_commit(struct text *w, const struct finding *f)
{
	const struct origin *o = f->origin;
	struct page *page = &w->page;
	char id[13], date[REPORT_DATE_SIZE];

	if (!o || !o->commit[0])
		return;
	text_abbreviate(id, o->commit);
	page_put(page, PAINT_PLAIN, "    ");
	if (!is_of_commit(f) && !(f->history && is_in_tree(f))) {
		page_put_said(page, PAINT_PLAIN, is_in_tree(f) ? SAY_SINCE_COMMIT : SAY_ON_COMMIT,
			      1, id);
		page_put(page, PAINT_PLAIN, ", ");
	}
	if (report_date(date, o->time))
		buf_appendf(&page->text, "%.10s, ", date);
	put_text_of_commit(page, "", o->author, "");
	put_text_of_commit(page, " <", o->email, ">");
	put_text_of_commit(page, ": ", o->summary, "");
	page_put(page, PAINT_PLAIN, "\n");
}

/* One more phrase of the line about where a place is today. */
static void put_fate(struct text *w, bool *begun, enum word word, uint64_t n, const char *id)
{
	char short_id[13];

	text_abbreviate(short_id, id);
	page_put(&w->page, PAINT_PLAIN, *begun ? " · " : "    ");
	page_put_said(&w->page, PAINT_PLAIN, word, n, short_id);
	*begun = true;
}

/* Of a file in the work tree it goes without saying that it is there. */
void text_put_fates(struct text *w, const struct finding *f)
{
	const struct origin *o = f->origin;
	bool begun = false;

	if (f->history && f->blob[0] && f->exposure == EXPOSURE_UNREACHABLE)
		put_fate(w, &begun, SAY_UNREACHED, 1, f->blob);
	else if (o && f->history && is_in_tree(f))
		put_fate(w, &begun,
			 o->in_head      ? SAY_IN_HEAD
			 : o->removed[0] ? SAY_REMOVED
					 : SAY_NOT_IN_HEAD,
			 1, o->removed);
	if (o && is_in_tree(f) && o->paths_total > 1)
		put_fate(w, &begun, SAY_MORE_PATHS, o->paths_total - 1, "");
	if (begun)
		page_put(&w->page, PAINT_PLAIN, "\n");
	for (size_t i = 1; o && w->options->verbose && is_in_tree(f) && i < o->path_count; i++) {
		page_put(&w->page, PAINT_PLAIN, "      ");
		page_put_scanned(&w->page, PAINT_PLAIN, slice_str(o->paths[i]));
		page_put(&w->page, PAINT_PLAIN, "\n");
	}
}

void text_put_place(struct text *w, const struct finding *f)
{
	put_location(w, f);
	put_excerpt(&w->page, f);
	text_put_commit(w, f);
	text_put_fates(w, f);
}
