#include "report/text.h"

#include "report/say.h"

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
static void put_diags(struct text *w, const struct result *result, bool notes, uint64_t total)
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

static void put_images(struct text *w, uint64_t images)
{
	if (images == 0 || !w->options->verbose)
		return;
	page_put_said(&w->page, PAINT_PLAIN, SAY_IMAGES, images, NULL);
	page_put(&w->page, PAINT_PLAIN, "\n");
}

/* ---- what may be less than there is ---- */

void text_put_narrowed(struct text *w, const struct narrowing *n)
{
	static const enum word words[NARROWED_COUNT] = {
		[NARROWED_RULE] = SAY_RULE_OFF,
		[NARROWED_PATHS] = SAY_PATHS_IGNORED,
		[NARROWED_SEVERITY] = SAY_SEVERITY_CHANGED,
		[NARROWED_BASELINE] = SAY_BASELINE_ALLOWS,
		[NARROWED_EXPIRED] = SAY_BASELINE_EXPIRED,
	};
	struct buf what;

	buf_init(&what, BUF_MAX_LINE);
	if (n->rule)
		buf_append_str(&what, n->rule->id);
	if (n->kind == NARROWED_SEVERITY)
		buf_appendf(&what, " %s → %s",
			    say_headline(w->lang, VERDICT_LEAK, n->rule->severity),
			    say_headline(w->lang, VERDICT_LEAK, n->severity));
	page_put_said(&w->page, PAINT_PLAIN, words[n->kind], n->count, what.ptr);
	page_put(&w->page, PAINT_PLAIN, " (");
	page_put_said(&w->page, PAINT_PLAIN, SAY_IN_PLACES, n->places, NULL);
	page_put(&w->page, PAINT_PLAIN, ")");
	buf_dispose(&what);
}

void text_put_narrowings(struct text *w, const struct result *result)
{
	if (!result->narrowing_count)
		return;
	page_put_said(&w->page, PAINT_WARN, SAY_NARROWED, 1, NULL);
	page_put(&w->page, PAINT_PLAIN, ":\n");
	for (size_t i = 0; i < result->narrowing_count; i++) {
		page_put(&w->page, PAINT_PLAIN, "  ");
		page_put_scanned(&w->page, PAINT_STRONG, slice_str(result->narrowings[i].file));
		page_put(&w->page, PAINT_PLAIN, ": ");
		text_put_narrowed(w, &result->narrowings[i]);
		page_put(&w->page, PAINT_PLAIN, "\n");
		page_flush(&w->page);
	}
	page_put(&w->page, PAINT_PLAIN, "\n");
}

/* ---- the last line ---- */

void text_put_outcome(struct text *w, const struct summary *s)
{
	struct buf places;

	if (s->by_verdict[VERDICT_LEAK] == 0 && s->left_out > 0) {
		page_put_said(&w->page, PAINT_WARN, SAY_NONE_LIVE, 1, NULL);
		return;
	}
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

void text_put_other_verdicts(struct text *w, const struct summary *s)
{
	static const struct {
		enum verdict verdict;
		enum word word;
	} rows[] = {
		{VERDICT_WARNING, SAY_WARNINGS},
		{VERDICT_PLACEHOLDER, SAY_PLACEHOLDERS},
		{VERDICT_ALLOWED, SAY_ALLOWED},
	};

	if (s->left_out > 0) {
		page_put(&w->page, PAINT_PLAIN, ", ");
		page_put_said(&w->page, PAINT_PLAIN, SAY_LEFT_OUT, s->left_out, NULL);
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t n = s->by_verdict[rows[i].verdict];

		if (n == 0)
			continue;
		page_put(&w->page, PAINT_PLAIN, ", ");
		page_put_said(&w->page, PAINT_PLAIN, rows[i].word, n, NULL);
		if (w->options->strict && rows[i].verdict == VERDICT_WARNING)
			page_put_said(&w->page, PAINT_WARN, SAY_STRICT, n, NULL);
		if (!text_shows(w->options, rows[i].verdict))
			page_put_said(&w->page, PAINT_PLAIN, SAY_SHOWS_THEM, n, NULL);
	}
}

void text_put_amount(struct text *w, const struct summary *s)
{
	struct buf bytes, seconds;

	buf_init(&bytes, BUF_MAX_LINE);
	buf_init(&seconds, BUF_MAX_LINE);
	say_bytes(&bytes, w->lang, s->bytes);
	say_seconds(&seconds, w->lang, s->seconds);
	page_put_said(&w->page, PAINT_PLAIN, SAY_FILES, s->files, NULL);
	if (s->histories > 0) {
		page_put(&w->page, PAINT_PLAIN, ", ");
		page_put_said(&w->page, PAINT_PLAIN, SAY_OBJECTS, s->objects, NULL);
	}
	if (s->members > 0) {
		page_put(&w->page, PAINT_PLAIN, ", ");
		page_put_said(&w->page, PAINT_PLAIN, SAY_MEMBERS, s->members, NULL);
	}
	page_put(&w->page, PAINT_PLAIN, ", ");
	page_put(&w->page, PAINT_PLAIN, bytes.ptr);
	page_put_said(&w->page, PAINT_PLAIN, SAY_IN_TIME, 1, seconds.ptr);
	if (s->repositories > 0 && s->histories == 0) {
		page_put(&w->page, PAINT_PLAIN, " · ");
		page_put_said(&w->page, PAINT_PLAIN, SAY_NO_HISTORY, 1, NULL);
	}
	buf_dispose(&seconds);
	buf_dispose(&bytes);
}

void text_put_last_line(struct text *w, const struct summary *s)
{
	text_put_outcome(w, s);
	text_put_other_verdicts(w, s);
	page_put(&w->page, PAINT_PLAIN, " · ");
	text_put_amount(w, s);
	if (s->incomplete > 0) {
		page_put(&w->page, PAINT_PLAIN, " · ");
		page_put_said(&w->page, PAINT_WARN, SAY_INCOMPLETE, s->incomplete, NULL);
	}
	page_put(&w->page, PAINT_PLAIN, "\n");
}

void text_put_summary(struct text *w, const struct result *result)
{
	put_diags(w, result, false, result->summary.incomplete);
	if (w->options->verbose)
		put_diags(w, result, true, 0);
	text_put_narrowings(w, result);
	put_images(w, result->summary.images);
	text_put_last_line(w, &result->summary);
}
