/*
 * Finds tokens in text: the prefilter's candidates, then PCRE2 around each.
 * Serves one thread; the patterns are shared by all.
 */
#ifndef MATCH_MATCHER_H
#define MATCH_MATCHER_H

#include "base/err.h"
#include "hfscan.h"
#include "match/patterns.h"

/* The longest credential we read, in bytes: an OAuth token is a JWT of about
 * 1 KB. What goes on longer is taken to end there. */
#define MATCH_AHEAD ((size_t)8 << 10)
/* So near to a window's end a candidate is left for the next: a right boundary looks
 * at a little more. */
#define MATCH_LEFT (MATCH_AHEAD + 64)
/* What a lookbehind or an excerpt may need before a match. */
#define MATCH_BEHIND ((size_t)4 << 10)

struct matcher;

/* patterns must outlive the matcher. Caller frees with matcher_free(). */
struct matcher *matcher_new(struct patterns *patterns);
void matcher_free(struct matcher *m);

/* How many matches the matcher has seen, and candidates at which a token may begin,
 * as it is or as JSON or HTML would write it; for who wants to know whether there
 * was any. */
uint64_t matcher_seen(const struct matcher *m);

/* A place where an anchor stands in another form, or what begins there goes on in
 * another place. */
struct coded {
	size_t at;          /* index into the text */
	enum decoding form; /* UTF16LE and UTF32LE stand for either order */
	unsigned phase;     /* of base64: its first digit's place in a group of four */
};
/* Must not run the matcher that calls it. */
typedef void (*coded_fn)(void *payload, const struct coded *coded);

/* Returns 0 to go on, anything else stops the run and is passed through. */
typedef int (*match_fn)(void *payload, const struct match *match);

/*
 * Searches text from index beg, calling hit() in order of the secrets'
 * beginning, each secret once, and coded(), which may be NULL, of places in other forms: where two
 * rules match the same or overlapping bytes, the longer secret, then the earlier rule. When last is
 * false more text follows, and candidates within MATCH_AHEAD of the end are left for the next
 * window. *resume (index into text): where the next run has to begin. Returns what hit() returned,
 * or negative and *err when PCRE2's limits were hit (the place is reported through err->offset; the
 * run stops there, and *resume is past the candidate so that the caller can go on).
 */
int matcher_run(struct matcher *m, struct slice text, size_t beg, bool last, match_fn hit,
		coded_fn coded, void *payload, size_t *resume, struct err *err);

#endif
