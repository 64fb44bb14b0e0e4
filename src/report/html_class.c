/* The tables of a class on the page: those of text_class.c, in cells. */
#include "report/class_table.h"
#include "report/html.h"

#include "base/alloc.h"

#include <stdlib.h>

static void put_row(struct html *h, const struct class_row *row, bool is_head)
{
	html_put(h, "<tr>");
	for (size_t i = 0; i < CLASS_COLUMNS && row->cells[i]; i++) {
		bool is_name = i == 0;

		html_put(h, is_head   ? "<th scope=\"col\">"
			    : is_name ? "<th scope=\"row\">"
				      : "<td>");
		html_put_text(h, row->cells[i]);
		html_put(h, is_head || is_name ? "</th>" : "</td>");
	}
	html_put(h, "</tr>\n");
}

static void put_table(struct html *h, const struct class_table *t)
{
	html_put(h, "<table>\n<thead>\n");
	put_row(h, &t->rows[0], true);
	html_put(h, "</thead>\n<tbody>\n");
	for (size_t i = 1; i < t->count; i++) {
		put_row(h, &t->rows[i], false);
		html_flush(h);
	}
	html_put(h, "</tbody>\n</table>\n");
	if (!t->clean)
		return;
	html_put(h, "<p>");
	html_put_said(h, SAY_CLEAN_UNITS, t->clean, NULL);
	html_put(h, "</p>\n");
}

/* Who shares one: what the text report says of it, a line each. */
static void put_sharers(struct html *h, const struct result *r, const char *fingerprint)
{
	char *rest, *lines;

	text_put_sharers(&h->text, r, fingerprint);
	rest = lines = xmemdup0(h->text.page.text.ptr, h->text.page.text.len);
	buf_reset(&h->text.page.text);
	for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
		if (!*line)
			continue;
		html_put(h, "<p>");
		html_put_text(h, line);
		html_put(h, "</p>\n");
	}
	free(lines);
}

static void put_shared(struct html *h, const struct result *r)
{
	const struct shared **all;

	if (!r->shared_count)
		return;
	all = class_order_shared(r);
	html_put(h, "<h3>");
	html_put_said(h, SAY_SHARED_SECRETS, 1, NULL);
	html_put(h, "</h3>\n<ul>\n");
	for (size_t i = 0; i < r->shared_count; i++) {
		const struct secret *secret = all[i]->secret;

		html_put(h, "<li><code>");
		html_put_quoted(h, secret->clear ? secret->clear : secret->redacted);
		html_put(h, "</code>\n");
		put_sharers(h, r, secret->fingerprint);
		html_put(h, "</li>\n");
		html_flush(h);
	}
	html_put(h, "</ul>\n<p>");
	html_put_said(h, SAY_SHARED_ADVICE, 1, NULL);
	html_put(h, "</p>\n");
	free(all);
}

void html_put_class(struct html *h, const struct result *r)
{
	struct class_table units, authors;
	bool is_class = class_table_units(&units, &h->text, r);
	bool has_authors = class_table_authors(&authors, &h->text, r);

	if (is_class || r->shared_count) {
		html_put(h,
			 "<section class=\"class\" aria-labelledby=\"class\">\n<h2 id=\"class\">");
		html_put_said(h, is_class ? SAY_REPOSITORIES : SAY_SHARED_SECRETS, 1, NULL);
		html_put(h, "</h2>\n");
		if (is_class)
			put_table(h, &units);
		if (has_authors)
			put_table(h, &authors);
		put_shared(h, r);
		html_put(h, "</section>\n");
	}
	class_table_dispose(&authors);
	class_table_dispose(&units);
}
