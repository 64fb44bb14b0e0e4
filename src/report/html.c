/* Kept apart from what uses it so that nothing scanned can get into the page
 * unmasked or unescaped by mistake: only html_put() takes text as it is. */
#include "report/html.h"

#include "base/quote.h"
#include "report/formats.h"
#include "report/names.h"
#include "report/redact.h"

#include <errno.h>
#include <string.h>

void html_put(struct html *html, const char *markup)
{
	buf_append_str(&html->out, markup);
}

/* Enough for text and for values in double quotes (HTML standard, 13.3). */
static void escape(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		switch (text.ptr[i]) {
		case '&':
			buf_append_str(out, "&amp;");
			break;
		case '<':
			buf_append_str(out, "&lt;");
			break;
		case '>':
			buf_append_str(out, "&gt;");
			break;
		case '"':
			buf_append_str(out, "&quot;");
			break;
		case '\'':
			buf_append_str(out, "&#39;");
			break;
		default:
			buf_append_byte(out, text.ptr[i]);
		}
}

void html_put_text(struct html *html, const char *text)
{
	escape(&html->out, slice_str(text));
}

void html_put_word(struct html *html, enum html_word word)
{
	html_put_text(html, html_word(html->lang, word));
}

void html_put_said(struct html *html, enum word word, uint64_t n, const char *what)
{
	struct buf phrase;

	buf_init(&phrase, BUF_MAX_LINE);
	say(&phrase, html->lang, word, n, what);
	html_put_quoted(html, phrase.ptr);
	buf_dispose(&phrase);
}

void html_put_prose(struct html *html, const char *text)
{
	bool in_code = false;

	for (;;) {
		size_t len = strcspn(text, "`");

		escape(&html->out, slice_of(text, len));
		text += len;
		if (!*text)
			break;
		html_put(html, in_code ? "</code>" : "<code>");
		in_code = !in_code;
		text++;
	}
	if (in_code)
		html_put(html, "</code>");
}

static void put_visible(struct html *html, struct slice text)
{
	struct buf quoted;

	buf_init(&quoted, BUF_MAX_REPORT);
	quote_terminal(&quoted, text);
	escape(&html->out, buf_slice(&quoted));
	buf_dispose_wiped(&quoted);
}

void html_put_scanned(struct html *html, struct slice text)
{
	struct buf masked;

	buf_init(&masked, BUF_MAX_REPORT);
	redact_text(&masked, text);
	put_visible(html, buf_slice(&masked));
	buf_dispose(&masked);
}

void html_put_quoted(struct html *html, const char *text)
{
	put_visible(html, slice_str(text));
}

void html_take(struct html *html)
{
	escape(&html->out, buf_slice(&html->text.page.text));
	buf_reset(&html->text.page.text);
}

void html_flush(struct html *html)
{
	if (html->errnum) {
		buf_reset(&html->out);
		return;
	}
	if (report_flush(html->file, &html->out) < 0)
		html->errnum = errno ? errno : EIO;
}

const char *html_exposure_name(enum exposure exposure)
{
	const char *name = exposure_name(exposure);

	return name ? name : "none";
}

const char *html_exposure(enum lang lang, enum exposure exposure)
{
	const char *text = say_exposure(lang, exposure);

	return text ? text : html_word(lang, HTML_NO_REPOSITORY);
}
