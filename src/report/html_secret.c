/* One secret of the page: what it is, what to do, and where it stands. */
#include "report/html.h"

#include "base/tr.h"
#include "report/live_text.h"
#include "report/remedy.h"

/* More places would hide the next secret, and what is open costs the browser time: the
 * others open on a click. */
#define PLACES_OPEN  10
#define SECRETS_OPEN 100

static const char *urgency(const struct finding *f)
{
	if (f->verdict == VERDICT_LEAK)
		return f->rule->severity >= SEVERITY_HIGH ? "bad" : "warn";
	return f->verdict == VERDICT_WARNING ? "warn" : "other";
}

static void put_badge(struct html *h, enum exposure exposure)
{
	html_put(h, "<span class=\"badge ");
	html_put_text(h, html_exposure_name(exposure));
	html_put(h, "\">");
	html_put_text(h, html_exposure(h->lang, exposure));
	html_put(h, "</span>");
}

static void put_heading(struct html *h, const struct finding *f)
{
	html_put(h, "<span class=\"severity\">");
	html_put_text(h, say_headline(h->lang, f->verdict, f->rule->severity));
	html_put(h, "</span> ");
	html_put_scanned(h, slice_str(text_in_language(f->rule->title, h->lang)));
	html_put(h, " <code>");
	html_put_quoted(h, f->secret.clear ? f->secret.clear : f->secret.redacted);
	html_put(h, "</code> ");
	put_badge(h, f->exposure);
}

static void put_explanation(struct html *h, const struct finding *f)
{
	html_put(h, "<p>");
	html_put_scanned(h, slice_str(text_in_language(f->rule->explanation, h->lang)));
	html_put(h, "</p>\n");
}

/* Why it is no leak. */
static void put_reason(struct html *h, const char *reason)
{
	html_put(h, "<p>");
	html_put_text(h, tr_in(h->lang, reason));
	html_put(h, "</p>\n");
}

static void put_live(struct html *h, const struct live *live)
{
	html_put(h,
		 live->status == LIVE_LIVE ? "<p class=\"live\"><strong>" : "<p class=\"live\">");
	live_put_tried(&h->text.page.text, h->lang, live);
	html_take(h);
	html_put(h, live->status == LIVE_LIVE ? "</strong></p>\n" : "</p>\n");
}

static void put_steps(struct html *h, const struct remedy *remedy)
{
	html_put(h, "<ol>\n");
	for (size_t i = 0; remedy->steps[i]; i++) {
		html_put(h, "<li>");
		html_put_prose(h, tr_in(h->lang, remedy->steps[i]->text));
		html_put(h, "</li>\n");
	}
	html_put(h, "</ol>\n");
}

/* Every secret has its advice, since the one before may be filtered away; what was
 * told before is closed. */
static void put_advice(struct html *h, const struct group *group)
{
	const struct finding *f = group->places[0];
	struct remedy remedy = remedy_find(f, !group->is_present);
	bool told_rule = text_told_before(&h->text, f->rule, f->secret.redacted);
	bool told_steps = text_told_before(&h->text, remedy.key, f->secret.redacted);

	html_put(h, told_rule && told_steps ? "<details class=\"todo\">"
					    : "<details class=\"todo\" open>");
	html_put(h, "<summary>");
	html_put_said(h, SAY_WHAT_TO_DO, 1, NULL);
	html_put(h, "</summary>\n");
	put_explanation(h, f);
	put_steps(h, &remedy);
	html_put(h, "</details>\n");
}

/* ---- a place ---- */

static void put_excerpt(struct html *h, const struct finding *f)
{
	struct slice line = slice_str(f->excerpt);

	html_put(h, "<pre><code>");
	html_put_scanned(h, slice_cut(line, (struct span){0, f->excerpt_beg}));
	html_put(h, "<mark>");
	html_put_scanned(h, slice_cut(line, (struct span){f->excerpt_beg, f->excerpt_end}));
	html_put(h, "</mark>");
	html_put_scanned(h, slice_cut(line, (struct span){f->excerpt_end, line.len}));
	html_put(h, "</code></pre>\n");
}

/* What a phrase of the text report says, if it says anything. */
static void put_phrase(struct html *h, const char *class,
		       void (*phrase)(struct text *, const struct finding *),
		       const struct finding *f)
{
	phrase(&h->text, f);
	if (h->text.page.text.len == 0)
		return;
	html_put(h, "<p class=\"");
	html_put(h, class);
	html_put(h, "\">");
	html_take(h);
	html_put(h, "</p>\n");
}

static void put_known(struct html *h, const struct finding *f, const struct place *place)
{
	if (!place || text_told_before(&h->text, place, f->secret.redacted))
		return;
	html_put(h, "<p class=\"advice\">");
	html_put_prose(h, tr_in(h->lang, place->explanation));
	html_put(h, "</p>\n");
}

static void put_place(struct html *h, const struct finding *f)
{
	html_put(h, "<li data-exposure=\"");
	html_put_text(h, html_exposure_name(f->exposure));
	html_put(h, "\">\n<p class=\"where\"><span class=\"path\">");
	text_put_location(&h->text, f);
	html_take(h);
	html_put(h, "</span> ");
	put_badge(h, f->exposure);
	html_put(h, "</p>\n");
	put_excerpt(h, f);
	put_phrase(h, "commit", text_put_commit, f);
	put_phrase(h, "fates", text_put_fates, f);
	put_known(h, f, text_known_form(&h->text, f));
	put_known(h, f, text_known_place(&h->text, f));
	html_put(h, "</li>\n");
}

/* What a file is, is told once a secret. */
static void put_places(struct html *h, const struct group *group)
{
	size_t told_count = h->text.told_count;
	bool open = group->count <= PLACES_OPEN && h->secrets <= SECRETS_OPEN;

	html_put(h, "<details class=\"places\"");
	html_put(h, open ? " open><summary>" : "><summary>");
	html_put_said(h, SAY_IN_PLACES, group->count, NULL);
	html_put(h, "</summary>\n<ul>\n");
	for (size_t i = 0; i < group->count; i++) {
		put_place(h, group->places[i]);
		html_flush(h);
	}
	h->text.told_count = told_count;
	html_put(h, "</ul>\n</details>\n");
}

void html_put_secret(struct html *h, const struct group *group)
{
	const struct finding *f = group->places[0];
	char id[32];

	snprintf(id, sizeof(id), "secret-%zu", ++h->secrets);
	html_put(h, "<article class=\"secret ");
	html_put(h, urgency(f));
	html_put(h, "\" aria-labelledby=\"");
	html_put(h, id);
	html_put(h, "\">\n<h3 id=\"");
	html_put(h, id);
	html_put(h, "\">");
	put_heading(h, f);
	html_put(h, "</h3>\n");
	if (f->reason)
		put_reason(h, f->reason);
	if (f->live)
		put_live(h, f->live);
	if (f->verdict == VERDICT_LEAK)
		put_advice(h, group);
	else if (text_is_advised(f->verdict))
		put_explanation(h, f);
	put_places(h, group);
	html_put(h, "</article>\n");
	html_flush(h);
}
