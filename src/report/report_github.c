/*
 * Workflow commands: what a step of GitHub Actions prints to have it shown beside the
 * lines of a change. How they are escaped: actions/toolkit, packages/core/src/command.ts;
 * how they are read: actions/runner, src/Runner.Common/ActionCommand.cs. GitHub shows ten
 * of a kind from a step and says nothing of the rest, so the worst come first, each
 * secret once before any has a second place, and the tenth says how many more there are.
 */
#include "report/formats.h"

#include "base/alloc.h"
#include "base/tr.h"
#include "base/quote.h"
#include "report/group.h"
#include "report/live_text.h"
#include "report/redact.h"
#include "report/remedy.h"
#include "report/text.h"

#include <errno.h>
#include <stdlib.h>

#define SHOWN_OF_A_KIND 10

enum kind { KIND_ERROR, KIND_WARNING, KIND_COUNT };
static const char *const kinds[KIND_COUNT] = {"error", "warning"};

/* One place, with the secret it is of. */
struct mark {
	const struct group *group;
	const struct finding *finding;
};

struct marks {
	struct text text; /* what the next command says */
	struct buf line;
	uint64_t left[KIND_COUNT];
	FILE *out;
	int rc;
};

/* ---- one command ---- */

static void put_escaped(struct buf *line, struct slice text, const char *specials)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] && strchr(specials, text.ptr[i]))
			buf_appendf(line, "%%%02X", text.ptr[i]);
		else
			buf_append_byte(line, text.ptr[i]);
	}
}

/* What the text holds by now becomes the value of a property. */
static void put_property(struct marks *m, const char *name)
{
	buf_appendf(&m->line, ",%s=", name);
	put_escaped(&m->line, buf_slice(&m->text.page.text), "%\r\n:,");
	buf_reset(&m->text.page.text);
}

/* ",file=x": the first property stands behind a blank. */
static void begin(struct marks *m, enum kind kind)
{
	buf_reset(&m->line);
	buf_appendf(&m->line, "::%s title=hfscan", kinds[kind]);
}

/* What the text holds by now, but for the blanks and line ends around it. */
static void end(struct marks *m, enum kind kind)
{
	struct slice text = buf_slice(&m->text.page.text);

	while (text.len && text.ptr[0] == ' ')
		text = slice_cut(text, (struct span){1, text.len});
	while (text.len && text.ptr[text.len - 1] == '\n')
		text.len--;
	buf_append_str(&m->line, "::");
	put_escaped(&m->line, text, "%\r\n");
	buf_append_byte(&m->line, '\n');
	buf_reset(&m->text.page.text);
	if (m->rc == 0)
		m->rc = report_flush(m->out, &m->line);
	m->left[kind]--;
}

/* ---- one place ---- */

/* ": User access token hf_Ab…yZ, cell 4" */
static void put_title(struct marks *m, const struct finding *f)
{
	struct page *page = &m->text.page;

	page_put(page, PAINT_PLAIN, ": ");
	page_put_scanned(page, PAINT_PLAIN,
			 slice_str(text_in_language(f->rule->title, m->text.lang)));
	page_put(page, PAINT_PLAIN, " ");
	page_put_quoted(page, PAINT_PLAIN, f->secret.redacted);
	if (f->notebook && f->notebook->cell) {
		page_put(page, PAINT_PLAIN, ", ");
		page_put_said(page, PAINT_PLAIN, SAY_IN_CELL, f->notebook->cell, NULL);
	}
	put_escaped(&m->line, buf_slice(&page->text), "%\r\n:,");
	buf_reset(&page->text);
}

/* A file as it was in some commit may have other lines now, or be no more. */
static bool is_as_shown(const struct finding *f)
{
	return !f->history || (f->origin && f->origin->in_head);
}

/* Lines are those of the file as GitHub has it, so of a notebook those of its JSON. */
static void put_place(struct marks *m, const struct finding *f)
{
	bool is_tree = f->where == WHERE_BLOB || f->where == WHERE_PATH;

	if (!is_tree || !text_has_file(f))
		return;
	page_put_scanned(&m->text.page, PAINT_PLAIN, slice_of(f->path, f->path_len));
	put_property(m, "file");
	if (f->where == WHERE_BLOB && !f->member && is_as_shown(f))
		buf_appendf(&m->line, ",line=%llu,endLine=%llu,col=%llu,endColumn=%llu",
			    (unsigned long long)f->line1, (unsigned long long)f->line1,
			    (unsigned long long)f->column1, (unsigned long long)f->end_column1);
}

static void put_steps(struct marks *m, const struct mark *mark)
{
	const struct finding *worst = mark->group->places[0];
	struct remedy remedy = remedy_find(worst, !mark->group->is_present);
	struct page *page = &m->text.page;

	page_put_said(page, PAINT_PLAIN, SAY_WHAT_TO_DO, 1, NULL);
	page_put(page, PAINT_PLAIN, ":\n");
	for (unsigned i = 0; remedy.steps[i]; i++) {
		buf_appendf(&page->text, "%u. ", i + 1);
		page_put(page, PAINT_PLAIN, tr_in(m->text.lang, remedy.steps[i]->text));
		page_put(page, PAINT_PLAIN, "\n");
	}
}

static void put_live(struct marks *m, const struct finding *f)
{
	if (!f->live)
		return;
	live_put_tried(&m->text.page.text, m->text.lang, f->live);
	page_put(&m->text.page, PAINT_PLAIN, "\n");
}

static void put_mark(struct marks *m, const struct mark *mark, enum kind kind)
{
	begin(m, kind);
	put_title(m, mark->finding);
	put_place(m, mark->finding);
	text_put_place(&m->text, mark->finding);
	put_live(m, mark->finding);
	if (mark->finding->verdict == VERDICT_LEAK)
		put_steps(m, mark);
	end(m, kind);
}

/* ---- all of them ---- */

/* Those that fail the run, or the others. */
static bool is_of(const struct marks *m, const struct group *group, enum kind kind)
{
	bool fails = group->places[0]->verdict == VERDICT_LEAK || m->text.options->strict;

	fails = fails && !report_excuses(m->text.options, group->places[0]);
	return fails == (kind == KIND_ERROR);
}

static size_t list_marks(const struct marks *m, struct mark *list, const struct groups *groups,
			 enum kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < groups->count; i++)
		if (is_of(m, &groups->list[i], kind))
			list[count++] = (struct mark){&groups->list[i], groups->list[i].places[0]};
	for (size_t i = 0; i < groups->count; i++)
		for (size_t j = 1; is_of(m, &groups->list[i], kind) && j < groups->list[i].count;
		     j++)
			list[count++] = (struct mark){&groups->list[i], groups->list[i].places[j]};
	return count;
}

/* The last that GitHub shows. */
static void put_rest(struct marks *m, uint64_t rest, enum kind kind)
{
	begin(m, kind);
	page_put_said(&m->text.page, PAINT_PLAIN, SAY_MORE_NOT_SCANNED, rest, NULL);
	end(m, kind);
}

static void put_marks(struct marks *m, const struct result *result, enum kind kind)
{
	struct mark *list = xcalloc(result->finding_count, sizeof(*list));
	struct groups groups;
	size_t count, shown;

	groups_init(&groups, result, 1u << VERDICT_LEAK | 1u << VERDICT_WARNING);
	count = list_marks(m, list, &groups, kind);
	shown = count > m->left[kind] ? m->left[kind] - 1 : count;
	for (size_t i = 0; i < shown; i++)
		put_mark(m, &list[i], kind);
	if (shown < count)
		put_rest(m, count - shown, kind);
	groups_dispose(&groups);
	free(list);
}

static void put_diag(struct page *page, const struct diag *diag)
{
	page_put(page, PAINT_PLAIN, "\n");
	if (diag->path) {
		page_put_scanned(page, PAINT_PLAIN, slice_str(diag->path));
		page_put(page, PAINT_PLAIN, ": ");
	}
	page_put_scanned(page, PAINT_PLAIN, slice_str(diag->what));
}

/* All in one, for which room was kept. */
static void put_incomplete(struct marks *m, const struct result *result, enum kind kind)
{
	struct page *page = &m->text.page;
	uint64_t told = 0, total = result->summary.incomplete;

	begin(m, kind);
	page_put_said(page, PAINT_PLAIN, SAY_INCOMPLETE, total, NULL);
	for (size_t i = 0; i < result->diag_count && told < SHOWN_OF_A_KIND; i++) {
		if (result->diags[i].is_note)
			continue;
		put_diag(page, &result->diags[i]);
		told++;
	}
	if (told < total) {
		page_put(page, PAINT_PLAIN, "\n");
		page_put_said(page, PAINT_PLAIN, SAY_MORE_NOT_SCANNED, total - told, NULL);
	}
	end(m, kind);
}

int report_github_write(FILE *out, const struct result *result,
			const struct report_options *options)
{
	struct marks m = {.out = out, .left = {SHOWN_OF_A_KIND, SHOWN_OF_A_KIND}};
	bool is_incomplete = result->summary.incomplete > 0;
	enum kind incomplete = options->allow_incomplete ? KIND_WARNING : KIND_ERROR;
	struct report_options plain = *options;
	int errnum;

	plain.color = false;
	text_init(&m.text, out, &plain);
	buf_init(&m.line, BUF_MAX_REPORT);
	m.left[incomplete] -= is_incomplete;
	put_marks(&m, result, KIND_ERROR);
	put_marks(&m, result, KIND_WARNING);
	if (is_incomplete)
		put_incomplete(&m, result, incomplete);
	errnum = m.rc < 0 ? errno : 0;
	if (!options->quiet) {
		text_put_narrowings(&m.text, result);
		text_put_last_line(&m.text, &result->summary);
	}
	page_flush(&m.text.page);
	buf_dispose(&m.line);
	errno = text_dispose(&m.text);
	if (errnum)
		errno = errnum;
	return errno ? -1 : 0;
}
