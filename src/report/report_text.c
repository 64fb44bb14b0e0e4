/*
 * The report for people. What is worst comes first, each secret once with all
 * its places, advice right below it, and the last line sums up, since that is
 * the one still in view when the command has ended.
 */
#include "report/formats.h"

#include "base/alloc.h"
#include "base/tr.h"
#include "report/group.h"
#include "report/live_text.h"
#include "report/path.h"
#include "report/place.h"
#include "report/remedy.h"
#include "report/say.h"
#include "report/text.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* A secret in a thousand files must not push the next one out of sight. */
#define PLACES_SHOWN 10

static const struct {
	bool with_strict, always;
} shown_verdicts[VERDICT_COUNT] = {
	[VERDICT_LEAK] = {.always = true},
	[VERDICT_WARNING] = {.with_strict = true},
};

bool text_shows(const struct report_options *options, enum verdict verdict)
{
	return options->verbose > 0 || shown_verdicts[verdict].always ||
	       (options->strict && shown_verdicts[verdict].with_strict);
}

bool text_is_advised(enum verdict verdict)
{
	return verdict == VERDICT_LEAK || verdict == VERDICT_WARNING;
}

/* ---- helpers ---- */

const char *text_told_before(struct text *w, const void *what, const char *redacted)
{
	for (size_t i = 0; i < w->told_count; i++)
		if (w->told[i].what == what)
			return w->told[i].redacted;
	grow_array(&w->told, &w->told_cap, w->told_count, sizeof(*w->told));
	w->told[w->told_count++] = (struct told){what, redacted};
	return NULL;
}

const char *text_in_language(const localized texts, enum lang lang)
{
	return texts[lang] ? texts[lang] : texts[LANG_EN];
}

/* ---- one secret ---- */

static enum paint headline_paint(const struct finding *f)
{
	if (f->verdict == VERDICT_LEAK)
		return f->rule->severity >= SEVERITY_HIGH ? PAINT_BAD : PAINT_WARN;
	return f->verdict == VERDICT_WARNING ? PAINT_WARN : PAINT_DIM;
}

static void put_headline(struct text *w, const struct group *group)
{
	const struct finding *f = group->places[0];
	struct page *page = &w->page;

	page_put(page, headline_paint(f), say_headline(w->lang, f->verdict, f->rule->severity));
	page_put(page, PAINT_PLAIN, "  ");
	page_put_scanned(page, PAINT_STRONG, slice_str(text_in_language(f->rule->title, w->lang)));
	page_put(page, PAINT_PLAIN, "  ");
	page_put_quoted(page, headline_paint(f),
			f->secret.clear ? f->secret.clear : f->secret.redacted);
	page_put(page, PAINT_PLAIN, "  ");
	page_put_said(&w->page, PAINT_PLAIN, SAY_IN_PLACES, group->count, NULL);
	if (f->reason) {
		page_put(page, PAINT_PLAIN, ": ");
		page_put(page, PAINT_PLAIN, tr_in(w->lang, f->reason));
	}
	page_put(page, PAINT_PLAIN, "\n");
}

/* ---- one place ---- */

const struct place *text_known_place(const struct text *w, const struct finding *f)
{
	const struct place *place;
	struct buf path;

	if (!text_is_advised(f->verdict))
		return NULL;
	buf_init(&path, BUF_MAX_REPORT);
	path_show_whole(&path, w->cwd, f->root, slice_of(f->path, f->path_len));
	place = place_find(buf_slice(&path), f->where,
			   f->notebook ? f->notebook->part : PART_UNKNOWN);
	buf_dispose(&path);
	return place;
}

const struct place *text_known_form(const struct text *w, const struct finding *f)
{
	return text_is_advised(f->verdict) ? place_of_forms(&f->decoded) : NULL;
}

static void put_advice(struct text *w, const struct finding *f, const struct place *place)
{
	if (place && !w->options->quiet && !text_told_before(w, place, f->secret.redacted))
		page_put_paragraph(&w->page, "    ↳ ", "      ",
				   slice_str(tr_in(w->lang, place->explanation)));
}

static void put_known_place(struct text *w, const struct finding *f)
{
	put_advice(w, f, text_known_form(w, f));
	put_advice(w, f, text_known_place(w, f));
}

static void put_places(struct text *w, const struct group *group)
{
	size_t shown = group->count;

	if (!w->options->verbose && shown > PLACES_SHOWN)
		shown = PLACES_SHOWN;
	for (size_t i = 0; i < shown; i++) {
		text_put_place(w, group->places[i]);
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

static void put_rule(struct text *w, const struct finding *f)
{
	if (!text_told_before(w, f->rule, f->secret.redacted))
		page_put_paragraph(&w->page, "  ", "  ",
				   slice_str(text_in_language(f->rule->explanation, w->lang)));
}

static void put_steps(struct text *w, const struct remedy *remedy)
{
	char number[16];

	for (unsigned i = 0; remedy->steps[i]; i++) {
		snprintf(number, sizeof(number), "  %u. ", i + 1);
		page_put_paragraph(&w->page, number, "     ",
				   slice_str(tr_in(w->lang, remedy->steps[i]->text)));
	}
}

/* By the place that went furthest, which is the group's first. */
static void put_remedy(struct text *w, const struct group *group)
{
	const struct finding *f = group->places[0];
	struct remedy remedy = remedy_find(f, !group->is_present);
	const char *before = text_told_before(w, remedy.key, f->secret.redacted);

	page_put(&w->page, PAINT_PLAIN, "  ");
	page_put_said(&w->page, PAINT_STRONG, SAY_WHAT_TO_DO, 1, NULL);
	page_put(&w->page, PAINT_PLAIN, before ? ": " : ":\n");
	if (!before) {
		put_steps(w, &remedy);
		return;
	}
	page_put_said(&w->page, PAINT_PLAIN, SAY_SAME_AS, 1, before);
	page_put(&w->page, PAINT_PLAIN, "\n");
}

static void put_live(struct text *w, const struct live *live)
{
	struct buf sentence;

	buf_init(&sentence, BUF_MAX_LINE);
	live_put_tried(&sentence, w->lang, live);
	page_put_paragraph(&w->page, "  ", "  ", buf_slice(&sentence));
	buf_dispose(&sentence);
}

static void put_group(struct text *w, const struct result *result, const struct group *group)
{
	const struct finding *f = group->places[0];

	put_headline(w, group);
	if (f->live)
		put_live(w, f->live);
	if (f->verdict == VERDICT_LEAK)
		text_put_sharers(w, result, f->secret.fingerprint);
	if (!w->options->quiet && text_is_advised(f->verdict))
		put_rule(w, f);
	put_places(w, group);
	if (!w->options->quiet && f->verdict == VERDICT_LEAK)
		put_remedy(w, group);
	page_put(&w->page, PAINT_PLAIN, "\n");
	page_flush(&w->page);
}

/* ---- the whole ---- */

static void put_groups(struct text *w, const struct result *result)
{
	struct groups groups;
	unsigned verdicts = 0;

	for (unsigned v = 0; v < VERDICT_COUNT; v++)
		verdicts |= text_shows(w->options, v) ? 1u << v : 0;
	groups_init(&groups, result, verdicts);
	for (size_t i = 0; i < groups.count && !w->page.errnum; i++)
		put_group(w, result, &groups.list[i]);
	groups_dispose(&groups);
}

void text_init(struct text *w, FILE *out, const struct report_options *options)
{
	*w = (struct text){.options = options, .lang = options->lang, .cwd = options->cwd};
	if (!w->cwd)
		w->cwd = w->own_cwd = getcwd(NULL, 0);
	if (!w->cwd)
		w->cwd = "";
	page_init(&w->page, out, options->lang, options->color);
}

int text_dispose(struct text *w)
{
	int errnum = w->page.errnum;

	page_dispose(&w->page);
	free(w->told);
	free(w->own_cwd);
	return errnum;
}

bool text_is_general_advice_due(const struct result *result)
{
	return result->summary.by_verdict[VERDICT_LEAK] > 0 && !result->shared_count;
}

static void put_general_advice(struct text *w, const struct result *result)
{
	struct buf advice;

	if (!text_is_general_advice_due(result))
		return;
	buf_init(&advice, BUF_MAX_LINE);
	say(&advice, w->lang, SAY_GENERAL_ADVICE, 1, NULL);
	page_put_paragraph(&w->page, "", "", buf_slice(&advice));
	page_put(&w->page, PAINT_PLAIN, "\n");
	buf_dispose(&advice);
}

int report_text_write(FILE *out, const struct result *result, const struct report_options *options)
{
	struct text w;

	text_init(&w, out, options);
	put_groups(&w, result);
	if (!options->quiet) {
		put_general_advice(&w, result);
		text_put_class(&w, result);
		text_put_summary(&w, result);
	}
	page_flush(&w.page);
	errno = text_dispose(&w);
	return errno ? -1 : 0;
}
