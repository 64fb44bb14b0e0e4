/*
 * The rooms of the report for people: report_text.c orders it, text_place.c
 * writes one place, text_summary.c what comes behind all secrets. Other reports
 * take their phrases from here.
 */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "report/page.h"
#include "report/report.h"

/* An explanation that was given, and with which secret. */
struct told {
	const void *what;
	const char *redacted;
};

struct text {
	struct page page;
	const struct report_options *options;
	enum lang lang;
	const char *cwd;
	char *own_cwd; /* what cwd points to if it was found out here */
	struct told *told;
	size_t told_count, told_cap;
};

/* options are borrowed; out may be NULL where nothing is ever flushed. */
void text_init(struct text *text, FILE *out, const struct report_options *options);
/* Frees what it holds. 0, or the errno of the first write that failed. */
int text_dispose(struct text *text);

/* In the reader's language, or in English where it has none in that. */
const char *text_in_language(const localized texts, enum lang lang);

/* Whether findings of that verdict are listed, and not only counted. */
bool text_shows(const struct report_options *options, enum verdict verdict);

/* Not only an object, or what git says of one. */
bool text_has_file(const struct finding *finding);

/* " › cell 4 › source line 2": the file's own lines say nothing to its author. */
void text_put_cell(struct text *text, const struct notebook_place *place);

/* What the place is, in words, if its path does not say it; of something in
 * history, which commit has it. */
void text_put_where(struct text *text, const struct finding *finding);

/* "place", and of something in history, in which commit. No line end. */
void text_put_location(struct text *text, const struct finding *finding);

/* Where a place is and how far it got, its line, its commit, and what became of it. */
void text_put_place(struct text *text, const struct finding *finding);

/* Twelve digits of an object's id. */
void text_abbreviate(char out[13], const char *id);

/* What came of it: "2 secrets leaked in 3 places". No line end. */
void text_put_outcome(struct text *text, const struct summary *summary);
/* That, with all counts, and a line end. */
void text_put_last_line(struct text *text, const struct summary *summary);

/* What could not be scanned, notes, and the last line. */
void text_put_summary(struct text *text, const struct result *result);

#endif
