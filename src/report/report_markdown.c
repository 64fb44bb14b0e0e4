/*
 * A page for people, in the Markdown of GitHub (GFM 0.29), which GitLab shows too: the
 * summary of a CI job, or a comment. Whatever was scanned stands between <code> and
 * </code>, with every character that Markdown, HTML or GitHub acts on as a numeric
 * entity: these never act, not even as the bars of a table (a span of backticks cannot
 * do that: a backslash and a bar in it end the cell).
 */
#include "report/formats.h"

#include "base/alloc.h"
#include "base/tr.h"
#include "report/class_table.h"
#include "report/group.h"
#include "report/live_text.h"
#include "report/redact.h"
#include "report/remedy.h"
#include "report/text.h"

#include <errno.h>
#include <stdlib.h>

/* GitHub drops a summary of more than 1 MiB as a whole. No row begins behind this; a
 * row, and all that follows the tables, fit in what is left, as their parts are cut. */
#define ROWS_END      ((size_t)600 << 10)
#define PLACES_SHOWN  10
#define LISTED_MAX    20
#define SECRETS_NAMED 5
#define CLASS_ROWS    50
#define SHARED_MAX    10
#define TEXT_MAX      300 /* bytes of a path or complaint */
#define SUMMARY_MAX   80  /* of a commit's line */

struct sheet {
	struct text text; /* the next phrase, before it is escaped */
	struct buf out;
	uint64_t left_out; /* places for which there was no room */
};

/* ---- words ---- */

static const char *const heads[] = {
	"Secret", "Where", "How far it got", "Commit", "Author",
};
#define HEADS (sizeof(heads) / sizeof(heads[0]))

/* ---- escaping ---- */

/* Of '.' only those that make a link: www. */
static bool is_special(const char *at, const char *beg)
{
	return strchr("&<>\"'`*_~[]\\|$#:@!^={}", *at) ||
	       (*at == '.' && at > beg && (at[-1] | 0x20) == 'w');
}

/* What the text holds by now, which is quoted: it has no control characters. */
static void put_text(struct sheet *s)
{
	const char *beg = s->text.page.text.ptr;

	for (const char *at = beg; *at; at++) {
		if (*at == '\n')
			buf_append_byte(&s->out, ' ');
		else if (is_special(at, beg))
			buf_appendf(&s->out, "&#%d;", *at);
		else
			buf_append_byte(&s->out, (unsigned char)*at);
	}
	buf_reset(&s->text.page.text);
}

static void put_code(struct sheet *s)
{
	if (!s->text.page.text.len)
		return;
	buf_append_str(&s->out, "<code>");
	put_text(s);
	buf_append_str(&s->out, "</code>");
}

static void put_scanned(struct sheet *s, const char *text, size_t most)
{
	if (!text || !*text)
		return;
	page_put_beginning(&s->text.page, PAINT_PLAIN, slice_str(text), most);
	put_code(s);
}

static void put_said(struct sheet *s, enum word word, uint64_t n)
{
	page_put_said(&s->text.page, PAINT_PLAIN, word, n, NULL);
	put_text(s);
}

static void put_secret(struct sheet *s, const struct finding *f)
{
	page_put_quoted(&s->text.page, PAINT_PLAIN,
			f->secret.clear ? f->secret.clear : f->secret.redacted);
	put_code(s);
}

/* ---- tables ---- */

static void put_heads(struct sheet *s)
{
	for (size_t i = 0; i < HEADS; i++)
		buf_appendf(&s->out, "| %s ", tr_in(s->text.lang, heads[i]));
	buf_append_str(&s->out, "|\n");
	for (size_t i = 0; i < HEADS; i++)
		buf_append_str(&s->out, "| --- ");
	buf_append_str(&s->out, "|\n");
}

/* Cut behind the masking, as everything else. */
static void put_location(struct sheet *s, const struct finding *f)
{
	struct buf whole;

	text_put_location(&s->text, f);
	buf_init(&whole, BUF_MAX_REPORT);
	buf_append_slice(&whole, buf_slice(&s->text.page.text));
	buf_reset(&s->text.page.text);
	page_put_beginning(&s->text.page, PAINT_PLAIN, buf_slice(&whole), 2 * TEXT_MAX);
	buf_dispose(&whole);
	put_code(s);
}

static void put_commit(struct sheet *s, const struct origin *o)
{
	char id[13], date[REPORT_DATE_SIZE];

	if (!o || !o->commit[0])
		return;
	text_abbreviate(id, o->commit);
	put_scanned(s, id, sizeof(id));
	if (report_date(date, o->time))
		buf_appendf(&s->out, " %.10s ", date);
	put_scanned(s, o->summary, SUMMARY_MAX);
}

static void put_row(struct sheet *s, const struct finding *f)
{
	const char *exposure = say_exposure(s->text.lang, f->exposure);

	buf_append_str(&s->out, "| ");
	put_secret(s, f);
	buf_append_str(&s->out, " | ");
	put_location(s, f);
	buf_appendf(&s->out, " | %s | ", exposure ? exposure : "");
	put_commit(s, f->origin);
	buf_append_str(&s->out, " | ");
	put_scanned(s, f->origin ? f->origin->author : NULL, SUMMARY_MAX);
	buf_append_str(&s->out, " |\n");
}

static void put_rows(struct sheet *s, const struct group *group)
{
	size_t shown = 0;

	while (shown < group->count && shown < PLACES_SHOWN && s->out.len < ROWS_END)
		put_row(s, group->places[shown++]);
	if (shown == 0) {
		s->left_out += group->count;
	} else if (shown < group->count) {
		buf_append_str(&s->out, "| ");
		put_secret(s, group->places[0]);
		buf_append_str(&s->out, " | ");
		put_said(s, SAY_MORE_NOT_SCANNED, group->count - shown);
		buf_append_str(&s->out, " | | | |\n");
	}
}

static bool same_kind(const struct group *a, const struct group *b)
{
	return a->first->rule == b->first->rule && a->first->verdict == b->first->verdict;
}

/* One rule: its title, what it means, and a table of its secrets. */
static void put_rule(struct sheet *s, const struct groups *groups, size_t first)
{
	const struct finding *f = groups->list[first].first;
	struct page *page = &s->text.page;

	buf_appendf(&s->out,
		    "#### %s: ", say_headline(s->text.lang, f->verdict, f->rule->severity));
	page_put_beginning(page, PAINT_PLAIN,
			   slice_str(text_in_language(f->rule->title, s->text.lang)), TEXT_MAX);
	put_text(s);
	buf_append_str(&s->out, "\n\n");
	page_put_beginning(page, PAINT_PLAIN,
			   slice_str(text_in_language(f->rule->explanation, s->text.lang)),
			   4 * (size_t)TEXT_MAX);
	put_text(s);
	buf_append_str(&s->out, "\n\n");
	put_heads(s);
	for (size_t i = first; i < groups->count; i++)
		if (same_kind(&groups->list[i], &groups->list[first]))
			put_rows(s, &groups->list[i]);
	buf_append_str(&s->out, "\n");
}

/* The place of the first that is like it. */
typedef bool (*alike_fn)(const struct group *a, const struct group *b);

static size_t first_alike(const struct groups *groups, size_t i, alike_fn alike)
{
	size_t first = 0;

	while (!alike(&groups->list[first], &groups->list[i]))
		first++;
	return first;
}

static void put_tables(struct sheet *s, const struct groups *groups)
{
	for (size_t i = 0; i < groups->count; i++) {
		if (first_alike(groups, i, same_kind) != i)
			continue;
		if (s->out.len < ROWS_END)
			put_rule(s, groups, i);
		else
			s->left_out += groups->list[i].count;
	}
	if (!s->left_out)
		return;
	put_said(s, SAY_MORE_NOT_SCANNED, s->left_out);
	buf_append_str(&s->out, "\n\n");
}

/* ---- advice ---- */

static struct remedy remedy_of(const struct group *group)
{
	const struct finding *f = group->places[0];

	return remedy_find(f, !group->is_present);
}

/* What is no leak needs none. */
static bool same_remedy(const struct group *a, const struct group *b)
{
	bool a_leaks = a->first->verdict == VERDICT_LEAK;
	bool b_leaks = b->first->verdict == VERDICT_LEAK;

	return a_leaks == b_leaks && (!a_leaks || remedy_of(a).key == remedy_of(b).key);
}

/* "What to do: hf_Ab…yZ, hf_Cd…wX, … and 3 more" */
static void put_remedy(struct sheet *s, const struct groups *groups, size_t first)
{
	struct remedy remedy = remedy_of(&groups->list[first]);
	uint64_t named = 0, rest = 0;

	buf_append_str(&s->out, "**");
	put_said(s, SAY_WHAT_TO_DO, 1);
	buf_append_str(&s->out, "**: ");
	for (size_t i = first; i < groups->count; i++) {
		if (!same_remedy(&groups->list[i], &groups->list[first]))
			continue;
		if (named == SECRETS_NAMED) {
			rest++;
			continue;
		}
		buf_append_str(&s->out, named++ ? ", " : "");
		put_secret(s, groups->list[i].first);
	}
	buf_append_str(&s->out, rest ? " " : "");
	if (rest)
		put_said(s, SAY_MORE_NOT_SCANNED, rest);
	buf_append_str(&s->out, "\n\n");
	for (unsigned i = 0; remedy.steps[i]; i++)
		buf_appendf(&s->out, "%u. %s\n", i + 1, tr_in(s->text.lang, remedy.steps[i]->text));
	buf_append_str(&s->out, "\n");
}

static void put_advice(struct sheet *s, const struct groups *groups)
{
	for (size_t i = 0; i < groups->count; i++)
		if (groups->list[i].first->verdict == VERDICT_LEAK &&
		    first_alike(groups, i, same_remedy) == i)
			put_remedy(s, groups, i);
}

/* ---- a class ---- */

static void put_cells(struct sheet *s, const struct class_row *row, bool is_head)
{
	for (size_t i = 0; i < CLASS_COLUMNS && row->cells[i]; i++) {
		buf_append_str(&s->out, "| ");
		page_put(&s->text.page, PAINT_PLAIN, row->cells[i]);
		if (i == 0 && !is_head)
			put_code(s); /* a name */
		else
			put_text(s);
		buf_append_str(&s->out, " ");
	}
	buf_append_str(&s->out, "|\n");
	for (size_t i = 0; is_head && i < CLASS_COLUMNS && row->cells[i]; i++)
		buf_append_str(&s->out, i == 0 || i + 1 == CLASS_COLUMNS || !row->cells[i + 1]
						? "| --- "
						: "| ---: ");
	buf_append_str(&s->out, is_head ? "|\n" : "");
}

static void put_class_table(struct sheet *s, const struct class_table *t)
{
	for (size_t i = 0; i < t->count && i <= CLASS_ROWS; i++)
		put_cells(s, &t->rows[i], i == 0);
	buf_append_str(&s->out, "\n");
	if (t->count > CLASS_ROWS + 1) {
		put_said(s, SAY_MORE_NOT_SCANNED, t->count - CLASS_ROWS - 1);
		buf_append_str(&s->out, "\n\n");
	}
	if (t->clean) {
		put_said(s, SAY_CLEAN_UNITS, t->clean);
		buf_append_str(&s->out, "\n\n");
	}
}

/* The lines of the text report in one, cut. */
static void put_sharers(struct sheet *s, const struct result *r, const struct secret *secret)
{
	struct buf lines;

	buf_append_str(&s->out, "- <code>");
	page_put_quoted(&s->text.page, PAINT_PLAIN,
			secret->clear ? secret->clear : secret->redacted);
	put_text(s);
	buf_append_str(&s->out, "</code>");
	text_put_sharers(&s->text, r, secret->fingerprint);
	buf_init(&lines, BUF_MAX_REPORT);
	for (const char *at = s->text.page.text.ptr; *at; at++)
		buf_append_byte(&lines, *at == '\n' ? ';' : (unsigned char)*at);
	if (lines.len)
		buf_truncate(&lines, lines.len - 1);
	buf_reset(&s->text.page.text);
	page_put_beginning(&s->text.page, PAINT_PLAIN, buf_slice(&lines), 4 * (size_t)TEXT_MAX);
	put_text(s);
	buf_append_str(&s->out, "\n");
	buf_dispose(&lines);
}

static void put_shared(struct sheet *s, const struct result *r)
{
	const struct shared **all;
	size_t shown = r->shared_count < SHARED_MAX ? r->shared_count : SHARED_MAX;

	if (!r->shared_count)
		return;
	all = class_order_shared(r);
	buf_append_str(&s->out, "#### ");
	put_said(s, SAY_SHARED_SECRETS, 1);
	buf_append_str(&s->out, "\n\n");
	for (size_t i = 0; i < shown; i++)
		put_sharers(s, r, all[i]->secret);
	if (shown < r->shared_count) {
		buf_append_str(&s->out, "- ");
		put_said(s, SAY_MORE_NOT_SCANNED, r->shared_count - shown);
		buf_append_str(&s->out, "\n");
	}
	buf_append_str(&s->out, "\n");
	put_said(s, SAY_SHARED_ADVICE, 1);
	buf_append_str(&s->out, "\n\n");
	free(all);
}

static void put_class(struct sheet *s, const struct result *r)
{
	struct class_table units, authors;

	if (class_table_units(&units, &s->text, r))
		put_class_table(s, &units);
	if (class_table_authors(&authors, &s->text, r))
		put_class_table(s, &authors);
	put_shared(s, r);
	class_table_dispose(&authors);
	class_table_dispose(&units);
}

/* ---- whether they work ---- */

/* A server may have written much of it. */
static void put_live(struct sheet *s, const struct live *live)
{
	struct buf sentence;

	buf_init(&sentence, BUF_MAX_LINE);
	live_put_tried(&sentence, s->text.lang, live);
	page_put_beginning(&s->text.page, PAINT_PLAIN, buf_slice(&sentence), 2 * (size_t)TEXT_MAX);
	put_text(s);
	buf_dispose(&sentence);
}

static void put_tried(struct sheet *s, const struct groups *groups)
{
	uint64_t tried = 0;

	for (size_t i = 0; i < groups->count; i++) {
		const struct finding *f = groups->list[i].places[0];

		if (!f->live || tried++ >= LISTED_MAX)
			continue;
		buf_append_str(&s->out, "- ");
		put_secret(s, f);
		buf_append_str(&s->out, ": ");
		put_live(s, f->live);
		buf_append_str(&s->out, "\n");
	}
	if (tried > LISTED_MAX) {
		buf_append_str(&s->out, "- ");
		put_said(s, SAY_MORE_NOT_SCANNED, tried - LISTED_MAX);
		buf_append_str(&s->out, "\n");
	}
	buf_append_str(&s->out, tried ? "\n" : "");
}

/* ---- what was not scanned ---- */

static void put_diag(struct sheet *s, const struct diag *diag)
{
	buf_append_str(&s->out, "- ");
	put_scanned(s, diag->path, TEXT_MAX);
	if (diag->path && *diag->path)
		buf_append_str(&s->out, ": ");
	put_scanned(s, diag->what, TEXT_MAX);
	buf_append_str(&s->out, "\n");
}

static void put_diags(struct sheet *s, const struct result *result, bool notes, uint64_t total)
{
	uint64_t listed = 0;

	if (!total)
		return;
	buf_append_str(&s->out, "#### ");
	put_said(s, notes ? SAY_NOTES : SAY_NOT_SCANNED, 1);
	buf_append_str(&s->out, "\n\n");
	for (size_t i = 0; i < result->diag_count && listed < LISTED_MAX; i++)
		if (result->diags[i].is_note == notes) {
			put_diag(s, &result->diags[i]);
			listed++;
		}
	if (listed < total) {
		buf_append_str(&s->out, "- ");
		put_said(s, SAY_MORE_NOT_SCANNED, total - listed);
		buf_append_str(&s->out, "\n");
	}
	buf_append_str(&s->out, "\n");
}

static uint64_t count_notes(const struct result *result)
{
	uint64_t notes = 0;

	for (size_t i = 0; i < result->diag_count; i++)
		notes += result->diags[i].is_note;
	return notes;
}

/* A class has as many as it has repositories. */
static void put_narrowings(struct sheet *s, const struct result *result)
{
	size_t count = result->narrowing_count;

	if (!count)
		return;
	buf_append_str(&s->out, "#### ");
	put_said(s, SAY_NARROWED, 1);
	buf_append_str(&s->out, "\n\n");
	for (size_t i = 0; i < count && i < LISTED_MAX; i++) {
		buf_append_str(&s->out, "- ");
		put_scanned(s, result->narrowings[i].file, TEXT_MAX);
		buf_append_str(&s->out, ": ");
		text_put_narrowed(&s->text, &result->narrowings[i]);
		put_text(s);
		buf_append_str(&s->out, "\n");
	}
	if (count > LISTED_MAX) {
		buf_append_str(&s->out, "- ");
		put_said(s, SAY_MORE_NOT_SCANNED, count - LISTED_MAX);
		buf_append_str(&s->out, "\n");
	}
	buf_append_str(&s->out, "\n");
}

/* ---- the page ---- */

/* Told first, as it is what one looks for. */
static void put_heading(struct sheet *s, const struct summary *summary)
{
	buf_append_str(&s->out, "### hfscan: ");
	text_put_outcome(&s->text, summary);
	put_text(s);
	if (summary->incomplete) {
		buf_append_str(&s->out, " · ");
		put_said(s, SAY_INCOMPLETE, summary->incomplete);
	}
	buf_append_str(&s->out, "\n\n");
}

static void put_page(struct sheet *s, const struct result *result)
{
	struct groups groups;
	unsigned verdicts = 0;

	for (unsigned v = 0; v < VERDICT_COUNT; v++)
		verdicts |= text_shows(s->text.options, v) ? 1u << v : 0;
	groups_init(&groups, result, verdicts);
	put_heading(s, &result->summary);
	put_tables(s, &groups);
	put_tried(s, &groups);
	put_advice(s, &groups);
	if (text_is_general_advice_due(result)) {
		put_said(s, SAY_GENERAL_ADVICE, 1);
		buf_append_str(&s->out, "\n\n");
	}
	put_class(s, result);
	put_diags(s, result, false, result->summary.incomplete);
	put_diags(s, result, true, count_notes(result));
	put_narrowings(s, result);
	text_put_last_line(&s->text, &result->summary);
	put_text(s);
	buf_append_str(&s->out, "\n");
	groups_dispose(&groups);
}

int report_markdown_write(FILE *out, const struct result *result,
			  const struct report_options *options)
{
	struct report_options plain = *options;
	struct sheet s = {0};
	int errnum;

	plain.color = false;
	text_init(&s.text, out, &plain);
	buf_init(&s.out, BUF_MAX_REPORT);
	put_page(&s, result);
	errnum = report_flush(out, &s.out) < 0 ? errno : 0;
	buf_dispose_wiped(&s.out);
	text_dispose(&s.text);
	errno = errnum;
	return errno ? -1 : 0;
}
