/*
 * Finds every place where one of a fixed set of short literals (anchors)
 * stands, in one pass at memory speed. This is the inner loop of the whole
 * program: nearly all bytes are only ever seen here.
 *
 * The plain variant is the definition; the SIMD ones must give the same
 * candidates, and tests/unit/test_prefilter.c holds them to it. Reads no byte
 * outside the text.
 *
 * Frozen after prefilter_new(); shared by all threads.
 */
#ifndef MATCH_PREFILTER_H
#define MATCH_PREFILTER_H

#include "base/err.h"
#include "base/slice.h"

#define PREFILTER_MAX_ANCHORS 256
#define PREFILTER_MIN_ANCHOR  2  /* bytes */
#define PREFILTER_MAX_ANCHOR  32 /* bytes */

struct candidate {
	size_t pos;      /* index of the anchor's first byte in the text */
	unsigned anchor; /* index into the anchors given to prefilter_new() */
};

enum prefilter_variant {
	PREFILTER_AUTO, /* the fastest this processor runs */
	PREFILTER_PLAIN,
	PREFILTER_SSSE3, /* x86 since 2006; the shuffle needs it */
	PREFILTER_AVX2,
	PREFILTER_NEON,
};

struct prefilter;

/* Copies the anchors. HF_ELIMIT when one is too short or long or there are
 * too many; HF_EUSAGE when this machine or build lacks the variant. Caller
 * frees with prefilter_free(). */
int prefilter_new(struct prefilter **out, const struct slice *anchors, size_t count,
		  enum prefilter_variant variant, struct err *err);
void prefilter_free(struct prefilter *p);

/* "avx2", "plain", ...: what AUTO came to. */
const char *prefilter_variant_name(const struct prefilter *p);

/*
 * Writes candidates with pos >= beg, ordered by pos, then anchor, and whole
 * within text. Returns how many, at most max (max >= PREFILTER_MAX_ANCHORS);
 * *resume is where to continue: text.len when done. All candidates of one pos
 * come from the same call.
 */
size_t prefilter_run(const struct prefilter *p, struct slice text, size_t beg,
		     struct candidate *out, size_t max, size_t *resume);

/* The anchors; borrowed. */
const struct slice *prefilter_anchors(const struct prefilter *p, size_t *count);

#endif
