/*
 * The rules as the matcher needs them: their anchors, and all other forms of these, in
 * one prefilter, and a PCRE2 pattern each. A pattern is compiled when its first
 * candidate turns up, since most runs never need most of them.
 *
 * Shared by all threads.
 */
#ifndef MATCH_PATTERNS_H
#define MATCH_PATTERNS_H

#include "base/err.h"
#include "hfscan.h"
#include "match/rules.h"

struct patterns;

/* rules must outlive the patterns. HF_ELIMIT when there are more anchors than the
 * prefilter has room for beside their other forms. Caller frees with patterns_free(). */
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

#endif
