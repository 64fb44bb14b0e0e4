/*
 * The rooms of the page for people: report_html.c is its frame, html_secret.c one
 * secret, html_class.c the tables of a class, html_words.c the words that no other report has. What
 * it looks like and does stands in page.css and page.js, which are in the program. Nobody else
 * includes this.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "report/group.h"
#include "report/text.h"

#include <stdio.h>

/* A file that is part of the page. */
struct page_data {
	const unsigned char *bytes;
	size_t len;
};

extern const struct page_data page_css, page_js;

struct html {
	struct text text; /* writes phrases into its page; html_take() brings them here */
	struct buf out;   /* what was not written yet */
	FILE *file;
	const struct report_options *options;
	enum lang lang;
	size_t secrets; /* written so far: their headings have numbers */
	int errnum;     /* of the first write that failed; 0 */
};

enum html_word {
	HTML_TITLE,
	HTML_SKIP,
	HTML_EXIT_LEAK,
	HTML_EXIT_STRICT,
	HTML_EXIT_INCOMPLETE,
	HTML_EXIT_UNKNOWN,
	HTML_EXIT_NONE_LIVE,
	HTML_EXIT_LEFT_OUT,
	HTML_EXIT_ALLOWED,
	HTML_EXIT_CLEAN,
	HTML_ALSO_INCOMPLETE,
	HTML_DELETE_AT,
	HTML_SCANNED,
	HTML_FINDINGS,
	HTML_NO_FINDINGS,
	HTML_FILTER,
	HTML_BY_EXPOSURE,
	HTML_NO_REPOSITORY,
	HTML_SEARCH,
	HTML_OPEN_ALL,
	HTML_CLOSE_ALL,
	HTML_RESET,
	HTML_COUNT,
	HTML_MADE_BY,
	HTML_WORD_COUNT,
};

/* Static. */
const char *html_word(enum lang lang, enum html_word word);

/* Markup of ours, as it is. Everything else below is escaped. */
void html_put(struct html *html, const char *markup);
/* Text of ours. */
void html_put_text(struct html *html, const char *text);
void html_put_word(struct html *html, enum html_word word);
void html_put_said(struct html *html, enum word word, uint64_t n, const char *what);
/* The same, with what stands between grave accents as code. */
void html_put_prose(struct html *html, const char *text);
/* Bytes from elsewhere: masked, and what cannot be seen spelled out. */
void html_put_scanned(struct html *html, struct slice text);
/* Spelled out but not masked: for what is masked already, or what the user asked to
 * see with --show-secrets. */
void html_put_quoted(struct html *html, const char *text);
/* What was written into html->text's page, which is empty then. */
void html_take(struct html *html);

/* Writes out what there is; nothing any more after a failure. */
void html_flush(struct html *html);

/* "pushed"; "none" where no repository is. */
const char *html_exposure_name(enum exposure exposure);
/* In the reader's language. */
const char *html_exposure(enum lang lang, enum exposure exposure);

/* Of several repositories: what each has, who brought it in, and what they share; nothing
 * of one that shares nothing. */
void html_put_class(struct html *html, const struct result *result);

/* A secret with its advice and places. */
void html_put_secret(struct html *html, const struct group *group);

#endif
