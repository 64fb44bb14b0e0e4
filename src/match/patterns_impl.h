/* What the patterns and the matcher share; private to them. */
#ifndef MATCH_PATTERNS_IMPL_H
#define MATCH_PATTERNS_IMPL_H

#include "match/coded.h"
#include "match/patterns.h"
#include "match/prefilter.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <pthread.h>
#include <stdatomic.h>

/* Groups whose place PCRE2 tells us, the whole match being one; `secret` must
 * be among them. */
#define GROUPS_MAX 64

/* One a rule, compiled when first needed. */
struct pattern {
	const struct rule *rule;
	_Atomic(pcre2_code *) code; /* NULL until compiled */
	pcre2_code *interpreted;    /* what code was before, which some may still be using */
	atomic_uint asked;          /* how often code was, up to JIT_FROM */
	uint32_t secret_group;      /* written before code is published */
};

/* The rules that have an anchor, by index. */
struct anchor_rules {
	unsigned *rules;
	size_t count, cap;
	size_t len;    /* of the anchor */
	bool any_body; /* one of the rules has no prefix, and a secret of any shape */
	bool is_coded; /* it is looked for in other forms, and may go on in one */
};

struct patterns {
	const struct rules *rules;
	struct pattern *list;
	struct prefilter *prefilter; /* of the anchors, and behind them escapes[] and coded */
	struct anchor_rules *by_anchor;
	size_t anchor_count;
	struct coded_anchor *coded;
	size_t coded_count, coded_cap;
	size_t most_before;
	pthread_mutex_t compiling;
};

/* A part of an anchor that JSON or HTML may write otherwise, by its index. */
enum { CUT_BEFORE_LINE, CUT_BEHIND_LETTER, ODD_NUMBER, ODD_NUMBER_END = ODD_NUMBER + 3 };
#define ESCAPE_COUNT 20

struct escape {
	struct slice text;
	enum decoding form; /* COUNT: only a notebook is meant */
};
extern const struct escape patterns_escapes[ESCAPE_COUNT];

/* The compiled pattern of a rule; NULL and *err when it does not compile. Any thread. */
pcre2_code *patterns_code(struct patterns *p, struct pattern *pattern, struct err *err);

#endif
