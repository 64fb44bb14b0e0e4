/*
 * One page for a browser, for somebody who was sent it and never heard of a terminal:
 * a teacher, a student. It holds everything it needs and asks nobody for more: its policy
 * lets run the one style and the one script that are in it, known by their hashes, and
 * nothing else, so that what slipped through the escapes could neither run nor call home.
 * It is written secret by secret; only the counts at its top are known before.
 */
#include "report/html.h"

#include "base/tr.h"
#include "report/formats.h"

#include <errno.h>
#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <stdlib.h>

#define TOKENS_PAGE "https://huggingface.co/settings/tokens"

/* ---- head ---- */

/* "'sha256-...'", as Content Security Policy writes it (W3C CSP3, 2.3.1). */
static void put_hash(struct html *h, const struct page_data *data)
{
	unsigned char sum[SHA256_DIGEST_SIZE];
	char text[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE) + 1] = "";
	struct sha256_ctx context;

	sha256_init(&context);
	sha256_update(&context, data->len, data->bytes);
	sha256_digest(&context, sizeof(sum), sum);
	base64_encode_raw(text, sizeof(sum), sum);
	html_put(h, " 'sha256-");
	html_put(h, text);
	html_put(h, "'");
}

static void put_policy(struct html *h)
{
	html_put(h, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		    "base-uri 'none'; form-action 'none'; style-src");
	put_hash(h, &page_css);
	html_put(h, "; script-src");
	put_hash(h, &page_js);
	html_put(h, "\">\n");
}

static void put_head(struct html *h, const struct summary *s)
{
	html_put(h, "<!doctype html>\n<html lang=\"");
	html_put(h, h->lang == LANG_ES ? "es" : "en");
	html_put(h, "\">\n<head>\n<meta charset=\"utf-8\">\n");
	put_policy(h);
	html_put(h, "<meta name=\"referrer\" content=\"no-referrer\">\n"
		    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		    "<meta name=\"color-scheme\" content=\"light dark\">\n<title>hfscan: ");
	text_put_outcome(&h->text, s);
	html_take(h);
	html_put(h, "</title>\n<style>");
	buf_append(&h->out, page_css.bytes, page_css.len);
	html_put(h, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#findings\">");
	html_put_word(h, HTML_SKIP);
	html_put(h, "</a>\n");
}

/* ---- what came of it ---- */

struct outcome {
	const char *class;
	enum html_word word;
};

enum { CODE_CLEAN, CODE_LEAK, CODE_INCOMPLETE = 3 };

/* Why the run ends with 1. */
static struct outcome outcome_of_leak(const struct summary *s, const struct report_options *o)
{
	bool leaked = s->by_verdict[VERDICT_LEAK] > 0;

	if (o->strict && s->by_verdict[VERDICT_WARNING] > 0 && (!leaked || o->fail_on_live))
		return (struct outcome){"bad", HTML_EXIT_STRICT};
	return (struct outcome){"bad", leaked ? HTML_EXIT_LEAK : HTML_EXIT_LEFT_OUT};
}

static struct outcome outcome_of(const struct summary *s, const struct report_options *o)
{
	if (o->exit_code == CODE_LEAK)
		return outcome_of_leak(s, o);
	if (o->exit_code == CODE_INCOMPLETE)
		return (struct outcome){"warn",
					s->incomplete ? HTML_EXIT_INCOMPLETE : HTML_EXIT_UNKNOWN};
	if (s->by_verdict[VERDICT_LEAK] > 0 || s->left_out > 0)
		return (struct outcome){"warn", HTML_EXIT_NONE_LIVE};
	if (s->incomplete > 0)
		return (struct outcome){"warn", HTML_EXIT_ALLOWED};
	return (struct outcome){"good", HTML_EXIT_CLEAN};
}

static void put_roots(struct html *h, const struct result *result)
{
	html_put(h, "<p class=\"facts\">");
	html_put_word(h, HTML_SCANNED);
	for (size_t i = 0; i < result->root_count; i++) {
		html_put(h, i ? ", <code>" : " <code>");
		html_put_scanned(h, slice_str(result->roots[i]));
		html_put(h, "</code>");
	}
	html_put(h, result->root_count ? " · " : " ");
	text_put_amount(&h->text, &result->summary);
	html_take(h);
	html_put(h, "</p>\n");
	if (result->summary.images == 0)
		return;
	html_put(h, "<p class=\"facts\">");
	html_put_said(h, SAY_IMAGES, result->summary.images, NULL);
	html_put(h, "</p>\n");
}

static void put_outcome(struct html *h, const struct result *result)
{
	const struct summary *s = &result->summary;
	struct outcome outcome = outcome_of(s, h->options);

	html_put(h, "<header>\n<h1>");
	html_put_word(h, HTML_TITLE);
	html_put(h, "</h1>\n<div class=\"outcome ");
	html_put(h, outcome.class);
	html_put(h, "\">\n<p class=\"result\">");
	text_put_outcome(&h->text, s);
	text_put_other_verdicts(&h->text, s);
	html_take(h);
	html_put(h, "</p>\n<p>");
	html_put_word(h, outcome.word);
	if (s->incomplete > 0 && outcome.word != HTML_EXIT_INCOMPLETE &&
	    outcome.word != HTML_EXIT_ALLOWED) {
		html_put(h, " <strong>");
		html_put_word(h, HTML_ALSO_INCOMPLETE);
		html_put(h, "</strong>");
	}
	html_put(h, "</p>\n");
	if (outcome.word == HTML_EXIT_LEAK) {
		html_put(h, "<p>");
		html_put_word(h, HTML_DELETE_AT);
		html_put(h, " <a href=\"" TOKENS_PAGE "\" rel=\"noreferrer\">" TOKENS_PAGE
			    "</a></p>\n");
	}
	put_roots(h, result);
	html_put(h, "</div>\n</header>\n<main>\n");
}

/* Either the notes or what could not be scanned; total: how many there were. */
static void put_diags(struct html *h, const struct result *result, bool notes, uint64_t total)
{
	uint64_t listed = 0;

	html_put(h, "<ul>\n");
	for (size_t i = 0; i < result->diag_count; i++) {
		const struct diag *diag = &result->diags[i];

		if (diag->is_note != notes)
			continue;
		listed++;
		html_put(h, "<li>");
		if (diag->path) {
			html_put(h, "<span class=\"path\">");
			html_put_scanned(h, slice_str(diag->path));
			html_put(h, "</span>: ");
		}
		/* In the language of the run, which may not be the repository's. */
		html_put(h, tr_lang() == LANG_ES ? "<span lang=\"es\">" : "<span lang=\"en\">");
		html_put_scanned(h, slice_str(diag->what));
		html_put(h, "</span></li>\n");
		html_flush(h);
	}
	if (total > listed) {
		html_put(h, "<li>");
		html_put_said(h, SAY_MORE_NOT_SCANNED, total - listed, NULL);
		html_put(h, "</li>\n");
	}
	html_put(h, "</ul>\n");
}

static void put_incomplete(struct html *h, const struct result *result)
{
	uint64_t incomplete = result->summary.incomplete;

	if (incomplete == 0)
		return;
	html_put(h, "<section class=\"incomplete\" aria-labelledby=\"incomplete\">\n"
		    "<h2 id=\"incomplete\">");
	html_put_said(h, SAY_INCOMPLETE, incomplete, NULL);
	html_put(h, "</h2>\n");
	put_diags(h, result, false, incomplete);
	html_put(h, "</section>\n");
}

static void put_notes(struct html *h, const struct result *result)
{
	bool any = false;

	for (size_t i = 0; i < result->diag_count; i++)
		any = any || result->diags[i].is_note;
	if (!any || !h->options->verbose)
		return;
	html_put(h, "<section class=\"notes\" aria-labelledby=\"notes\">\n<h2 id=\"notes\">");
	html_put_said(h, SAY_NOTES, 1, NULL);
	html_put(h, "</h2>\n");
	put_diags(h, result, true, 0);
	html_put(h, "</section>\n");
}

static void put_narrowings(struct html *h, const struct result *result)
{
	if (!result->narrowing_count)
		return;
	html_put(h, "<section class=\"notes\" aria-labelledby=\"narrowed\">\n<h2 id=\"narrowed\">");
	html_put_said(h, SAY_NARROWED, 1, NULL);
	html_put(h, "</h2>\n<ul>\n");
	for (size_t i = 0; i < result->narrowing_count; i++) {
		html_put(h, "<li><span class=\"path\">");
		html_put_scanned(h, slice_str(result->narrowings[i].file));
		html_put(h, "</span>: ");
		text_put_narrowed(&h->text, &result->narrowings[i]);
		html_take(h);
		html_put(h, "</li>\n");
		html_flush(h);
	}
	html_put(h, "</ul>\n</section>\n");
}

/* ---- findings ---- */

static void put_box(struct html *h, enum exposure exposure, size_t places)
{
	html_put(h, "<label><input type=\"checkbox\" checked value=\"");
	html_put_text(h, html_exposure_name(exposure));
	html_put(h, "\"> ");
	html_put_text(h, html_exposure(h->lang, exposure));
	html_put(h, " (");
	say_number(&h->out, h->lang, places);
	html_put(h, ")</label>\n");
}

static void put_boxes(struct html *h, const struct groups *groups)
{
	size_t places[EXPOSURE_COUNT] = {0};

	for (size_t i = 0; i < groups->count; i++)
		for (size_t j = 0; j < groups->list[i].count; j++)
			places[groups->list[i].places[j]->exposure]++;
	html_put(h, "<fieldset>\n<legend>");
	html_put_word(h, HTML_BY_EXPOSURE);
	html_put(h, "</legend>\n");
	for (unsigned e = EXPOSURE_COUNT; e-- > 0;)
		if (places[e] > 0)
			put_box(h, e, places[e]);
	html_put(h, "</fieldset>\n");
}

static void put_button(struct html *h, const char *attributes, enum html_word word)
{
	html_put(h, "<button ");
	html_put(h, attributes);
	html_put(h, ">");
	html_put_word(h, word);
	html_put(h, "</button>\n");
}

/* Hidden until the script shows it: without one it would do nothing. */
static void put_filter(struct html *h, const struct groups *groups)
{
	html_put(h, "<form id=\"filter\" role=\"search\" aria-label=\"");
	html_put_word(h, HTML_FILTER);
	html_put(h, "\" hidden>\n");
	put_boxes(h, groups);
	html_put(h, "<div class=\"field\"><label for=\"search\">");
	html_put_word(h, HTML_SEARCH);
	html_put(h, "</label>\n<input id=\"search\" type=\"search\" autocomplete=\"off\" "
		    "spellcheck=\"false\"></div>\n");
	put_button(h, "type=\"reset\"", HTML_RESET);
	put_button(h, "type=\"button\" data-open=\"true\"", HTML_OPEN_ALL);
	put_button(h, "type=\"button\" data-open=\"false\"", HTML_CLOSE_ALL);
	html_put(h, "</form>\n<p id=\"count\" role=\"status\" aria-live=\"polite\" data-phrase=\"");
	html_put_word(h, HTML_COUNT);
	html_put(h, "\"></p>\n");
}

static void put_findings(struct html *h, const struct result *result)
{
	struct groups groups;
	unsigned verdicts = 0;

	for (unsigned v = 0; v < VERDICT_COUNT; v++)
		verdicts |= text_shows(h->options, v) ? 1u << v : 0;
	groups_init(&groups, result, verdicts);
	html_put(h, "<section aria-labelledby=\"findings\">\n<h2 id=\"findings\" tabindex=\"-1\">");
	html_put_word(h, HTML_FINDINGS);
	html_put(h, "</h2>\n");
	if (groups.count > 0) {
		put_filter(h, &groups);
	} else {
		html_put(h, "<p>");
		html_put_word(h, HTML_NO_FINDINGS);
		html_put(h, "</p>\n");
	}
	for (size_t i = 0; i < groups.count && !h->errnum; i++)
		html_put_secret(h, &groups.list[i]);
	if (text_is_general_advice_due(result)) {
		html_put(h, "<p>");
		html_put_said(h, SAY_GENERAL_ADVICE, 1, NULL);
		html_put(h, "</p>\n");
	}
	html_put(h, "</section>\n");
	groups_dispose(&groups);
}

/* ---- the whole ---- */

static void put_end(struct html *h)
{
	html_put(h, "</main>\n<footer>\n<p>");
	html_put_word(h, HTML_MADE_BY);
	html_put(h, " " HFSCAN_VERSION ".</p>\n</footer>\n<script>");
	buf_append(&h->out, page_js.bytes, page_js.len);
	html_put(h, "</script>\n</body>\n</html>\n");
}

static void put_page(struct html *h, const struct result *result)
{
	put_head(h, &result->summary);
	put_outcome(h, result);
	put_incomplete(h, result);
	put_narrowings(h, result);
	html_put_class(h, result);
	put_findings(h, result);
	put_notes(h, result);
	put_end(h);
	html_flush(h);
}

int report_html_write(FILE *out, const struct result *result, const struct report_options *options)
{
	struct html html = {.file = out, .options = options, .lang = options->lang};
	struct report_options plain = *options;

	plain.color = false;
	text_init(&html.text, NULL, &plain);
	buf_init(&html.out, BUF_MAX_REPORT);
	put_page(&html, result);
	buf_dispose_wiped(&html.out);
	text_dispose(&html.text);
	errno = html.errnum;
	return html.errnum ? -1 : 0;
}
