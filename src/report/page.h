/*
 * What the text report is written on: text that may be painted, our own phrases
 * in the reader's language, scanned bytes that are masked and quoted on the way,
 * and paragraphs broken into lines.
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/say.h"

#include <stdio.h>

enum paint { PAINT_PLAIN, PAINT_BAD, PAINT_WARN, PAINT_GOOD, PAINT_STRONG, PAINT_DIM, PAINT_COUNT };

struct page {
	struct buf text; /* what was not written out yet */
	FILE *out;
	enum lang lang;
	bool color;
	int errnum; /* of the first write that failed; 0 */
};

void page_init(struct page *page, FILE *out, enum lang lang, bool color);
void page_dispose(struct page *page);

/* Our own words: appended as they are. */
void page_put(struct page *page, enum paint paint, const char *text);
/* A phrase, as say() has it; quoted but not masked. */
void page_put_said(struct page *page, enum paint paint, enum word word, uint64_t n,
		   const char *what);
/* Bytes from elsewhere: masked and quoted; no line that begins with them is an order to
 * GitHub's runner. */
void page_put_scanned(struct page *page, enum paint paint, struct slice text);
/* The same, but no more than about the first `most` bytes, and an ellipsis where
 * that was not all. */
void page_put_beginning(struct page *page, enum paint paint, struct slice text, size_t most);

/* Quoted but not masked: for what is masked already, or what the user asked to
 * see with --show-secrets. */
void page_put_quoted(struct page *page, enum paint paint, const char *text);

/* One line. first stands before it, rest before each line it is broken into;
 * both of the same width, of single-width characters. */
void page_put_paragraph(struct page *page, const char *first, const char *rest, struct slice text);

/* The columns that text takes: its characters, which is good enough for the
 * languages we write. */
size_t page_width(struct slice text);

/* Writes out what there is; nothing any more after a failure. */
void page_flush(struct page *page);

#endif
