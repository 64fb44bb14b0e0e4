/*
 * The rooms of the report for people: report_text.c orders it, text_place.c
 * writes one place, text_summary.c what comes behind all secrets. Nobody else
 * includes this.
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
	struct told *told;
	size_t told_count, told_cap;
};

/* Whether findings of that verdict are listed, and not only counted. */
bool text_shows(const struct report_options *options, enum verdict verdict);

/* "place", and of something in history, in which commit. No line end. */
void text_put_location(struct text *text, const struct finding *finding);

/* Where a place is and how far it got, its line, its commit, and what became of it. */
void text_put_place(struct text *text, const struct finding *finding);

/* What could not be scanned, notes, and the last line. */
void text_put_summary(struct text *text, const struct result *result);

#endif
