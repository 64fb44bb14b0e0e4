/*
 * The fixed words of the text report, in one place, in the language asked for; with
 * the numbers in them as that language writes them.
 */
#ifndef REPORT_SAY_H
#define REPORT_SAY_H

#include "base/buf.h"
#include "hfscan.h"

enum word {
	SAY_IN_PLACES,
	SAY_MORE_PLACES,
	SAY_IN_FILE_NAME,
	SAY_IN_COMMIT_MESSAGE,
	SAY_IN_TAG_MESSAGE,
	SAY_IN_COMMIT_AUTHOR,
	SAY_IN_OBJECT_AUTHOR,
	SAY_IN_REF_NAME,
	SAY_IN_REFLOG,
	SAY_IN_CELL,
	SAY_IN_SOURCE,
	SAY_IN_OUTPUT,
	SAY_IN_METADATA,
	SAY_IN_ATTACHMENT,
	SAY_IN_COMMIT,
	SAY_IN_OBJECT,
	SAY_IN_OBJECT_LINE,
	SAY_SINCE_COMMIT,
	SAY_ON_COMMIT,
	SAY_IN_HEAD,
	SAY_NOT_IN_HEAD,
	SAY_REMOVED,
	SAY_UNREACHED,
	SAY_MORE_PATHS,
	SAY_WHAT_TO_DO,
	SAY_SAME_AS,
	SAY_TRIED,
	SAY_REPOSITORIES,
	SAY_AUTHORS,
	SAY_SECRETS_COLUMN,
	SAY_WARNINGS_COLUMN,
	SAY_NOT_SCANNED_COLUMN,
	SAY_REPOSITORIES_COLUMN,
	SAY_FURTHEST_COLUMN,
	SAY_REST,
	SAY_NO_REPOSITORY,
	SAY_CLEAN_UNITS,
	SAY_SHARED_SECRETS,
	SAY_SHARED_BY_UNITS,
	SAY_SHARED_BY_AUTHORS,
	SAY_SHARED_COMMIT,
	SAY_SHARED_ADVICE,
	SAY_GENERAL_ADVICE,
	SAY_NOT_SCANNED,
	SAY_NOTES,
	SAY_MORE_NOT_SCANNED,
	SAY_SECRETS_LEAKED,
	SAY_NOTHING_FOUND,
	SAY_NOTHING_FOUND_SO_FAR,
	SAY_NONE_LIVE,
	SAY_LEFT_OUT,
	SAY_WARNINGS,
	SAY_PLACEHOLDERS,
	SAY_ALLOWED,
	SAY_STRICT,
	SAY_SHOWS_THEM,
	SAY_FILES,
	SAY_IN_TIME,
	SAY_IMAGES,
	SAY_OBJECTS,
	SAY_MEMBERS,
	SAY_NO_HISTORY,
	SAY_INCOMPLETE,
	SAY_NARROWED,
	SAY_RULE_OFF,
	SAY_PATHS_IGNORED,
	SAY_SEVERITY_CHANGED,
	SAY_BASELINE_ALLOWS,
	SAY_BASELINE_EXPIRED,
	SAY_COUNT,
};

/* Appends a phrase: {n} becomes n, which also chooses singular or plural, and
 * {s} becomes what (may be NULL where the phrase has none). */
void say(struct buf *out, enum lang lang, enum word word, uint64_t n, const char *what);

/* Static: "CRITICAL"; what is no leak is named by its verdict. */
const char *say_headline(enum lang lang, enum verdict verdict, enum severity severity);

/* Static; NULL for EXPOSURE_NONE. */
const char *say_exposure(enum lang lang, enum exposure exposure);

/* "1,234", "56 MB" (units of 1000), "0.41 s". */
void say_number(struct buf *out, enum lang lang, uint64_t n);
void say_bytes(struct buf *out, enum lang lang, uint64_t bytes);
void say_seconds(struct buf *out, enum lang lang, double seconds);

#endif
