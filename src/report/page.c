/* Kept apart from report_text.c so that no line of it can reach a terminal
 * unmasked or unquoted by mistake: only page_put() takes text as it is. */
#include "report/page.h"

#include "base/quote.h"
#include "report/formats.h"
#include "report/redact.h"

#include <errno.h>
#include <string.h>

/* Reads well, and fits a terminal that nobody made wider. */
#define PAGE_COLUMNS 80

static const char *const sgr[PAINT_COUNT] = {
	[PAINT_PLAIN] = NULL,        [PAINT_BAD] = "\033[1;31m", [PAINT_WARN] = "\033[1;33m",
	[PAINT_GOOD] = "\033[1;32m", [PAINT_STRONG] = "\033[1m", [PAINT_DIM] = "\033[2m",
};

void page_init(struct page *page, FILE *out, enum lang lang, bool color)
{
	*page = (struct page){.out = out, .lang = lang, .color = color};
	buf_init(&page->text, BUF_MAX_REPORT);
}

/* Wiped, as --show-secrets may have put one there. */
void page_dispose(struct page *page)
{
	buf_dispose_wiped(&page->text);
}

static void begin_paint(struct page *page, enum paint paint)
{
	if (page->color && sgr[paint])
		buf_append_str(&page->text, sgr[paint]);
}

static void end_paint(struct page *page, enum paint paint)
{
	if (page->color && sgr[paint])
		buf_append_str(&page->text, "\033[0m");
}

void page_put(struct page *page, enum paint paint, const char *text)
{
	begin_paint(page, paint);
	buf_append_str(&page->text, text);
	end_paint(page, paint);
}

void page_put_quoted(struct page *page, enum paint paint, const char *text)
{
	begin_paint(page, paint);
	quote_terminal(&page->text, slice_str(text));
	end_paint(page, paint);
}

void page_put_said(struct page *page, enum paint paint, enum word word, uint64_t n,
		   const char *what)
{
	struct buf phrase;

	buf_init(&phrase, BUF_MAX_LINE);
	say(&phrase, page->lang, word, n, what);
	page_put_quoted(page, paint, phrase.ptr);
	buf_dispose(&phrase);
}

/* Masked first: a token that was cut would be none to redact. */
static void cut(struct buf *masked, size_t most)
{
	if (masked->len <= most)
		return;
	while (most > 0 && ((unsigned char)masked->ptr[most] & 0xC0) == 0x80)
		most--;
	buf_truncate(masked, most);
	buf_append_str(masked, "…");
}

void page_put_scanned(struct page *page, enum paint paint, struct slice text)
{
	page_put_beginning(page, paint, text, BUF_MAX_REPORT);
}

/* What is not written yet may begin in the middle of a line, but lines are written
 * out whole. */
static bool is_at_line_start(const struct page *page)
{
	size_t len = page->text.len;

	while (len > 0 && page->text.ptr[len - 1] == ' ')
		len--;
	return len == 0 || page->text.ptr[len - 1] == '\n';
}

/* A line that begins with "::", blanks aside, is an order to GitHub's runner, whoever
 * wrote it into the log (actions/runner, ActionCommand.cs). It knows all of Unicode's
 * blanks, so whatever is not ASCII is taken for one. */
static void defuse(const struct page *page, struct buf *quoted)
{
	size_t blanks = 0;
	struct buf out;

	while (quoted->ptr[blanks] == ' ' || (unsigned char)quoted->ptr[blanks] >= 0x80)
		blanks++;
	if (strncmp(quoted->ptr + blanks, "::", 2) != 0 || !is_at_line_start(page))
		return;
	buf_init(&out, BUF_MAX_REPORT);
	buf_append(&out, quoted->ptr, blanks);
	buf_append_str(&out, "\\x3A");
	buf_append_str(&out, quoted->ptr + blanks + 1);
	buf_dispose(quoted);
	*quoted = out;
}

void page_put_beginning(struct page *page, enum paint paint, struct slice text, size_t most)
{
	struct buf masked, quoted;

	buf_init(&masked, BUF_MAX_REPORT);
	buf_init(&quoted, BUF_MAX_REPORT);
	redact_text(&masked, text);
	cut(&masked, most);
	quote_terminal(&quoted, buf_slice(&masked));
	defuse(page, &quoted);
	begin_paint(page, paint);
	buf_append_slice(&page->text, buf_slice(&quoted));
	end_paint(page, paint);
	buf_dispose(&quoted);
	buf_dispose(&masked);
}

size_t page_width(struct slice text)
{
	size_t columns = 0;

	for (size_t i = 0; i < text.len; i++)
		columns += (text.ptr[i] & 0xC0) != 0x80;
	return columns;
}

static bool is_space(unsigned char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

/* Takes the next word off text; empty at its end. */
static struct slice take_word(struct slice *text)
{
	size_t beg = 0, end;
	struct slice word;

	while (beg < text->len && is_space(text->ptr[beg]))
		beg++;
	for (end = beg; end < text->len && !is_space(text->ptr[end]);)
		end++;
	word = slice_cut(*text, (struct span){beg, end});
	*text = slice_cut(*text, (struct span){end, text->len});
	return word;
}

void page_put_paragraph(struct page *page, const char *first, const char *rest, struct slice text)
{
	size_t indent = page_width(slice_str(first));
	size_t column = indent;
	struct slice word;

	buf_append_str(&page->text, first);
	while ((word = take_word(&text)).len > 0) {
		size_t needed = page_width(word) + (column > indent);

		if (column > indent && column + needed > PAGE_COLUMNS) {
			buf_append_byte(&page->text, '\n');
			buf_append_str(&page->text, rest);
			column = indent;
			needed--;
		} else if (column > indent) {
			buf_append_byte(&page->text, ' ');
		}
		quote_terminal(&page->text, word);
		column += needed;
	}
	buf_append_byte(&page->text, '\n');
}

void page_flush(struct page *page)
{
	if (page->errnum) {
		buf_reset(&page->text);
		return;
	}
	if (report_flush(page->out, &page->text) < 0)
		page->errnum = errno ? errno : EIO;
}
