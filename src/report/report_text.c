/*
 * The report for people. What is worst comes first, each secret once with all
 * its places, advice right below it, and the last line sums up, since that is
 * the one still in view when the command has ended.
 */
#include "report/formats.h"

#include "base/alloc.h"
#include "report/group.h"
#include "report/page.h"
#include "report/path.h"
#include "report/place.h"
#include "report/remedy.h"
#include "report/say.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* A secret in a thousand files must not push the next one out of sight. */
#define PLACES_SHOWN 10

/* An explanation that was given, and with which secret. */
struct told {
	const void *what;
	const char *redacted;
};

struct writer {
	struct page page;
	const struct report_options *options;
	enum lang lang;
	const char *cwd;
	struct told *told;
	size_t told_count, told_cap;
};

static const struct {
	bool with_strict, always;
} shown_verdicts[VERDICT_COUNT] = {
	[VERDICT_LEAK] = {.always = true},
	[VERDICT_WARNING] = {.with_strict = true},
};

static bool is_shown(const struct report_options *options, enum verdict verdict)
{
	return options->verbose > 0 || shown_verdicts[verdict].always ||
	       (options->strict && shown_verdicts[verdict].with_strict);
}

/* Of what is no secret there is nothing to explain. */
static bool is_advised(enum verdict verdict)
{
	return verdict == VERDICT_LEAK || verdict == VERDICT_WARNING;
}

/* ---- helpers ---- */

/* The secret with which `what` was told before; NULL, and noted, the first time. */
static const char *told_before(struct writer *w, const void *what, const char *redacted)
{
	for (size_t i = 0; i < w->told_count; i++)
		if (w->told[i].what == what)
			return w->told[i].redacted;
	grow_array(&w->told, &w->told_cap, w->told_count, sizeof(*w->told));
	w->told[w->told_count++] = (struct told){what, redacted};
	return NULL;
}

static const char *in_language(const localized text, enum lang lang)
{
	return text[lang] ? text[lang] : text[LANG_EN];
}

/* ---- one secret ---- */

static enum paint headline_paint(const struct finding *f)
{
	if (f->verdict == VERDICT_LEAK)
		return f->rule->severity >= SEVERITY_HIGH ? PAINT_BAD : PAINT_WARN;
	return f->verdict == VERDICT_WARNING ? PAINT_WARN : PAINT_DIM;
}

static void put_headline(struct writer *w, const struct group *group)
{
	const struct finding *f = group->places[0];
	struct page *page = &w->page;

	page_put(page, headline_paint(f), say_headline(w->lang, f->verdict, f->rule->severity));
	page_put(page, PAINT_PLAIN, "  ");
	page_put_scanned(page, PAINT_STRONG, slice_str(in_language(f->rule->title, w->lang)));
	page_put(page, PAINT_PLAIN, "  ");
	page_put_quoted(page, headline_paint(f),
			f->secret.clear ? f->secret.clear : f->secret.redacted);
	page_put(page, PAINT_PLAIN, "  ");
	page_put_said(&w->page, PAINT_PLAIN, SAY_IN_PLACES, group->count, NULL);
	if (f->reason) {
		page_put(page, PAINT_PLAIN, ": ");
		page_put(page, PAINT_PLAIN, f->reason);
	}
	page_put(page, PAINT_PLAIN, "\n");
}

/* ---- one place ---- */

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
static void abbreviate(char out[13], const char *id)
{
	snprintf(out, 13, "%.12s", id);
}

static bool has_file(const struct finding *f)
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

/* "path:line:column", in a form that terminals and editors open. */
static void put_file(struct writer *w, const struct finding *f)
{
	struct page *page = &w->page;
	struct buf path;

	buf_init(&path, BUF_MAX_REPORT);
	path_show(&path, w->cwd, f->root, slice_of(f->path, f->path_len));
	page_put_scanned(page, PAINT_STRONG, buf_slice(&path));
	buf_dispose(&path);
	if (wheres[f->where].has_line)
		buf_appendf(&page->text, ":%llu:%llu", (unsigned long long)f->line1,
			    (unsigned long long)f->column1);
	if (wheres[f->where].is_said || (f->history && is_in_tree(f)))
		page_put(page, PAINT_PLAIN, "  ");
}

/* "repository: ", of what stands in no file; nothing in the only one. */
static void put_repository(struct writer *w, const struct finding *f)
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

/* What the place is, in words; of something in history, which commit has it. */
static void put_where(struct writer *w, const struct finding *f)
{
	bool is_dated = f->origin && f->origin->commit[0];
	enum word word = wheres[f->where].word;
	char id[13];

	abbreviate(id, f->blob);
	if (f->where == WHERE_AUTHOR && is_of_commit(f))
		word = SAY_IN_COMMIT_AUTHOR;
	if (wheres[f->where].is_said)
		page_put_said(&w->page, PAINT_PLAIN, word, 1, id);
	if (!f->history || !is_in_tree(f))
		return;
	if (wheres[f->where].is_said)
		page_put(&w->page, PAINT_PLAIN, "  ");
	if (is_dated)
		abbreviate(id, f->origin->commit);
	word = has_file(f) ? SAY_IN_OBJECT : SAY_IN_OBJECT_LINE;
	page_put_said(&w->page, PAINT_PLAIN, is_dated ? SAY_IN_COMMIT : word, f->line1, id);
}

/* "place  exposure" */
static void put_location(struct writer *w, const struct finding *f)
{
	const char *exposure = say_exposure(w->lang, f->exposure);
	struct page *page = &w->page;

	page_put(page, PAINT_PLAIN, "  ");
	if (has_file(f))
		put_file(w, f);
	else
		put_repository(w, f);
	put_where(w, f);
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

/* "since commit, date, author <e-mail>: summary"; the commit where put_where()
 * has not named it. */
static void put_commit(struct writer *w, const struct finding *f)
{
	const struct origin *o = f->origin;
	struct page *page = &w->page;
	char id[13], date[REPORT_DATE_SIZE];

	if (!o || !o->commit[0])
		return;
	abbreviate(id, o->commit);
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
static void put_fate(struct writer *w, bool *begun, enum word word, uint64_t n, const char *id)
{
	char short_id[13];

	abbreviate(short_id, id);
	page_put(&w->page, PAINT_PLAIN, *begun ? " · " : "    ");
	page_put_said(&w->page, PAINT_PLAIN, word, n, short_id);
	*begun = true;
}

/* Whether it is still there, or who took it out, and where else it lives. Of a
 * file in the work tree that goes without saying. */
static void put_fates(struct writer *w, const struct finding *f)
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

static void put_known_place(struct writer *w, const struct finding *f)
{
	const struct place *place;
	struct buf path;

	if (w->options->quiet || !is_advised(f->verdict))
		return;
	buf_init(&path, BUF_MAX_REPORT);
	path_show_whole(&path, w->cwd, f->root, slice_of(f->path, f->path_len));
	place = place_find(buf_slice(&path), f->where);
	buf_dispose(&path);
	if (place && !told_before(w, place, f->secret.redacted))
		page_put_paragraph(&w->page, "    ↳ ", "      ",
				   slice_str(place->explanation[w->lang]));
}

static void put_places(struct writer *w, const struct group *group)
{
	size_t shown = group->count;

	if (!w->options->verbose && shown > PLACES_SHOWN)
		shown = PLACES_SHOWN;
	for (size_t i = 0; i < shown; i++) {
		put_location(w, group->places[i]);
		put_excerpt(&w->page, group->places[i]);
		put_commit(w, group->places[i]);
		put_fates(w, group->places[i]);
		put_known_place(w, group->places[i]);
		page_flush(&w->page);
	}
	if (shown == group->count)
		return;
	page_put(&w->page, PAINT_PLAIN, "  ");
	page_put_said(&w->page, PAINT_DIM, SAY_MORE_PLACES, group->count - shown, NULL);
	page_put(&w->page, PAINT_PLAIN, "\n");
}

/* ---- the rest of a secret ---- */

static void put_rule(struct writer *w, const struct finding *f)
{
	if (!told_before(w, f->rule, f->secret.redacted))
		page_put_paragraph(&w->page, "  ", "  ",
				   slice_str(in_language(f->rule->explanation, w->lang)));
}

static void put_steps(struct writer *w, const struct remedy *remedy)
{
	char number[16];

	for (unsigned i = 0; remedy->steps[i]; i++) {
		snprintf(number, sizeof(number), "  %u. ", i + 1);
		page_put_paragraph(&w->page, number, "     ",
				   slice_str(remedy->steps[i]->text[w->lang]));
	}
}

/* By the place that went furthest, which is the group's first. */
static void put_remedy(struct writer *w, const struct group *group)
{
	const struct finding *f = group->places[0];
	const struct remedy *remedy = remedy_find(f->exposure, f->where, !group->is_present);
	const char *before = told_before(w, remedy, f->secret.redacted);

	page_put(&w->page, PAINT_PLAIN, "  ");
	page_put_said(&w->page, PAINT_STRONG, SAY_WHAT_TO_DO, 1, NULL);
	page_put(&w->page, PAINT_PLAIN, before ? ": " : ":\n");
	if (!before) {
		put_steps(w, remedy);
		return;
	}
	page_put_said(&w->page, PAINT_PLAIN, SAY_SAME_AS, 1, before);
	page_put(&w->page, PAINT_PLAIN, "\n");
}

static void put_group(struct writer *w, const struct group *group)
{
	const struct finding *f = group->places[0];

	put_headline(w, group);
	if (!w->options->quiet && is_advised(f->verdict))
		put_rule(w, f);
	put_places(w, group);
	if (!w->options->quiet && f->verdict == VERDICT_LEAK)
		put_remedy(w, group);
	page_put(&w->page, PAINT_PLAIN, "\n");
	page_flush(&w->page);
}

/* ---- what else there is to say ---- */

static void put_diag(struct page *page, const struct diag *diag)
{
	page_put(page, PAINT_PLAIN, "  ");
	if (diag->path) {
		page_put_scanned(page, PAINT_STRONG, slice_str(diag->path));
		page_put(page, PAINT_PLAIN, ": ");
	}
	page_put_scanned(page, PAINT_PLAIN, slice_str(diag->what));
	page_put(page, PAINT_PLAIN, "\n");
	page_flush(page);
}

/* Either the notes or the others; total: how many there were, listed or not. */
static void put_diags(struct writer *w, const struct result *result, bool notes, uint64_t total)
{
	uint64_t listed = 0;

	for (size_t i = 0; i < result->diag_count; i++) {
		if (result->diags[i].is_note != notes)
			continue;
		if (listed++ == 0) {
			page_put_said(&w->page, PAINT_WARN, notes ? SAY_NOTES : SAY_NOT_SCANNED, 1,
				      NULL);
			page_put(&w->page, PAINT_PLAIN, ":\n");
		}
		put_diag(&w->page, &result->diags[i]);
	}
	if (total > listed) {
		page_put(&w->page, PAINT_PLAIN, "  ");
		page_put_said(&w->page, PAINT_PLAIN, SAY_MORE_NOT_SCANNED, total - listed, NULL);
		page_put(&w->page, PAINT_PLAIN, "\n");
	}
	if (listed > 0)
		page_put(&w->page, PAINT_PLAIN, "\n");
}

static void put_images(struct writer *w, uint64_t images)
{
	if (images == 0 || !w->options->verbose)
		return;
	page_put_said(&w->page, PAINT_PLAIN, SAY_IMAGES, images, NULL);
	page_put(&w->page, PAINT_PLAIN, "\n");
}

/* ---- the last line ---- */

static void put_outcome(struct writer *w, const struct summary *s)
{
	struct buf places;

	if (s->by_verdict[VERDICT_LEAK] == 0) {
		page_put_said(&w->page, s->incomplete ? PAINT_WARN : PAINT_GOOD,
			      s->incomplete ? SAY_NOTHING_FOUND_SO_FAR : SAY_NOTHING_FOUND, 1,
			      NULL);
		return;
	}
	buf_init(&places, BUF_MAX_LINE);
	say(&places, w->lang, SAY_IN_PLACES, s->by_verdict[VERDICT_LEAK], NULL);
	page_put_said(&w->page, PAINT_BAD, SAY_SECRETS_LEAKED, s->secrets, places.ptr);
	buf_dispose(&places);
}

static void put_other_verdicts(struct writer *w, const struct summary *s)
{
	static const struct {
		enum verdict verdict;
		enum word word;
	} rows[] = {
		{VERDICT_WARNING, SAY_WARNINGS},
		{VERDICT_PLACEHOLDER, SAY_PLACEHOLDERS},
		{VERDICT_ALLOWED, SAY_ALLOWED},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t n = s->by_verdict[rows[i].verdict];

		if (n == 0)
			continue;
		page_put(&w->page, PAINT_PLAIN, ", ");
		page_put_said(&w->page, PAINT_PLAIN, rows[i].word, n, NULL);
		if (w->options->strict && rows[i].verdict == VERDICT_WARNING)
			page_put_said(&w->page, PAINT_WARN, SAY_STRICT, n, NULL);
		if (!is_shown(w->options, rows[i].verdict))
			page_put_said(&w->page, PAINT_PLAIN, SAY_SHOWS_THEM, n, NULL);
	}
}

static void put_amount(struct writer *w, const struct summary *s)
{
	struct buf bytes, seconds;

	buf_init(&bytes, BUF_MAX_LINE);
	buf_init(&seconds, BUF_MAX_LINE);
	say_bytes(&bytes, w->lang, s->bytes);
	say_seconds(&seconds, w->lang, s->seconds);
	page_put(&w->page, PAINT_PLAIN, " · ");
	page_put_said(&w->page, PAINT_PLAIN, SAY_FILES, s->files, bytes.ptr);
	page_put_said(&w->page, PAINT_PLAIN, SAY_IN_TIME, 1, seconds.ptr);
	buf_dispose(&seconds);
	buf_dispose(&bytes);
}

static void put_summary(struct writer *w, const struct summary *s)
{
	put_outcome(w, s);
	put_other_verdicts(w, s);
	put_amount(w, s);
	if (s->repositories > 0 || s->histories > 0) {
		page_put(&w->page, PAINT_PLAIN, " · ");
		page_put_said(&w->page, PAINT_PLAIN, s->histories ? SAY_OBJECTS : SAY_NO_HISTORY,
			      s->objects, NULL);
	}
	if (s->incomplete > 0) {
		page_put(&w->page, PAINT_PLAIN, " · ");
		page_put_said(&w->page, PAINT_WARN, SAY_INCOMPLETE, s->incomplete, NULL);
	}
	page_put(&w->page, PAINT_PLAIN, "\n");
}

/* ---- the whole ---- */

static void put_groups(struct writer *w, const struct result *result)
{
	struct groups groups;
	unsigned verdicts = 0;

	for (unsigned v = 0; v < VERDICT_COUNT; v++)
		verdicts |= is_shown(w->options, v) ? 1u << v : 0;
	groups_init(&groups, result, verdicts);
	for (size_t i = 0; i < groups.count && !w->page.errnum; i++)
		put_group(w, &groups.list[i]);
	groups_dispose(&groups);
}

int report_text_write(FILE *out, const struct result *result, const struct report_options *options)
{
	char *here = options->cwd ? NULL : getcwd(NULL, 0);
	struct writer w = {
		.options = options,
		.lang = options->lang,
		.cwd = options->cwd ? options->cwd
		       : here       ? here
				    : "",
	};
	int errnum;

	page_init(&w.page, out, options->lang, options->color);
	put_groups(&w, result);
	if (!options->quiet) {
		put_diags(&w, result, false, result->summary.incomplete);
		if (options->verbose)
			put_diags(&w, result, true, 0);
		put_images(&w, result->summary.images);
		put_summary(&w, &result->summary);
	}
	page_flush(&w.page);
	errnum = w.page.errnum;
	page_dispose(&w.page);
	free(w.told);
	free(here);
	errno = errnum;
	return errnum ? -1 : 0;
}
