/*
 * The rooms of the report for people: report_text.c orders it, text_place.c
 * writes one place, text_class.c the tables of a class, text_summary.c what comes
 * behind all secrets. Other reports take their phrases from here.
 */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "report/page.h"
#include "report/place.h"
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

/* " › inner/lab.py", of what an archive holds; nothing of a file. */
void text_put_member(struct text *text, const struct finding *finding);

/* "  (base64 › utf-16le)": what was undone to see it; nothing where it stands as it is. */
void text_put_form(struct text *text, const struct finding *finding);

/* " › cell 4 › source line 2": the file's own lines say nothing to its author. */
void text_put_cell(struct text *text, const struct notebook_place *place);

/* What the place is, in words, if its path does not say it; of something in
 * history, which commit has it. */
void text_put_where(struct text *text, const struct finding *finding);

/* Whether there is something to explain: not of what is no secret. */
bool text_is_advised(enum verdict verdict);

/* The secret with which `what` was told before; NULL, and noted, the first time. */
const char *text_told_before(struct text *text, const void *what, const char *redacted);

/* The well-known file that the finding is in; NULL. */
const struct place *text_known_place(const struct text *text, const struct finding *finding);
/* What is to be said of the form that it is stored in; NULL. */
const struct place *text_known_form(const struct text *text, const struct finding *finding);

/* "place", and of something in history, in which commit. No line end. */
void text_put_location(struct text *text, const struct finding *finding);

/* Where a place is and how far it got, its line, its commit, and what became of it. */
void text_put_place(struct text *text, const struct finding *finding);

/* Twelve digits of an object's id. */
void text_abbreviate(char out[13], const char *id);

/* The parts of that which every place may have or not, a line each: "since commit, date,
 * author <e-mail>: summary"; whether it is still there, or who took it out, and where
 * else it lives. */
void text_put_commit(struct text *text, const struct finding *finding);
void text_put_fates(struct text *text, const struct finding *finding);

/* The parts of the last line: "2 secrets leaked in 3 places"; ", 1 warning"; "4 files, 1 MB
 * in 0.10 s". */
void text_put_outcome(struct text *text, const struct summary *summary);
void text_put_other_verdicts(struct text *text, const struct summary *summary);
void text_put_amount(struct text *text, const struct summary *summary);
/* All of them, with counts, and a line end. */
void text_put_last_line(struct text *text, const struct summary *summary);

/* Whether several repositories or authors share the secret, and which; a line each. */
void text_put_sharers(struct text *text, const struct result *result, const char *fingerprint);

/* Of several repositories: what each has, who brought it in, and what they share. */
void text_put_class(struct text *text, const struct result *result);

/* Whether what goes for every token is said: once a report, where something leaked and
 * nothing that is shared says it already. */
bool text_is_general_advice_due(const struct result *result);

/* What it did: "ignores paths by 1 pattern (in 2 places)". No line end. */
void text_put_narrowed(struct text *text, const struct narrowing *narrowing);
/* All that was narrowed and by which file, a line each behind a heading; nothing when
 * nothing was. Flushes. */
void text_put_narrowings(struct text *text, const struct result *result);

/* What could not be scanned, notes, what was narrowed, and the last line. */
void text_put_summary(struct text *text, const struct result *result);

#endif
