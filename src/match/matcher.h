/*
 * Finds tokens in text: the prefilter's candidates, then PCRE2 around each.
 * Patterns are compiled when their first candidate turns up, since most runs
 * never need most of them.
 *
 * struct patterns is shared by all threads; a struct matcher serves one.
 */
#ifndef MATCH_MATCHER_H
#define MATCH_MATCHER_H

#include "base/err.h"
#include "hfscan.h"
#include "match/rules.h"

/* The longest credential we read, in bytes: an OAuth token is a JWT of about
 * 1 KB. What goes on longer is taken to end there. */
#define MATCH_AHEAD ((size_t)8 << 10)
/* What a lookbehind or an excerpt may need before a match. */
#define MATCH_BEHIND ((size_t)4 << 10)

struct patterns;
struct matcher;

/* rules must outlive the patterns. HF_EFORMAT when an anchor is unusable.
 * Caller frees with patterns_free(). */
int patterns_new(struct patterns **out, const struct rules *rules, struct err *err);
void patterns_free(struct patterns *p);
/* The SIMD variant in use, for `--version`. */
const char *patterns_variant(const struct patterns *p);

/* Compiles every pattern now, to machine code; *err names rule and offset of the first
 * that fails. What `rules check` and --rules files need: PCRE2's limits mean another
 * thing before that. Otherwise optional. Before other threads use them. */
int patterns_compile_all(struct patterns *p, struct err *err);
/* The same for one rule of the rules. */
int patterns_compile(struct patterns *p, const struct rule *rule, struct err *err);

/* Whether an anchor of any rule stands in text, as it is or with a character of
 * it escaped; any thread. */
bool patterns_may_match(const struct patterns *p, struct slice text);

/* The first place in text[span] where a token may begin that is stored in another form or
 * in pieces, by its anchor alone; span.end where there is none. Any thread. */
size_t patterns_find_coded(const struct patterns *p, struct slice text, struct span span);

/* What patterns_may_match() looks for; borrowed. */
const struct slice *patterns_strings(const struct patterns *p, size_t *count);
/* Bytes of the longest of them. */
size_t patterns_longest_string(const struct patterns *p);

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
