/*
 * Tries a rule on its own examples, and on texts made to hurt it. What is
 * refused here would be a leak that is missed, noise, or a run that hangs.
 */
#ifndef MATCH_RULES_CHECK_H
#define MATCH_RULES_CHECK_H

#include "base/err.h"
#include "hfscan.h"
#include "match/rules.h"

/* What the judges make of a secret; given in, since judging is another room. */
typedef enum verdict (*rules_judge_fn)(const struct rule *rule, struct slice secret);

/*
 * Checks one rule of rules. 0, or HF_EFORMAT and *err with file, rule, offset
 * and the first thing that is wrong:
 *   the pattern does not compile, has no group `secret`, or can match nothing;
 *   an example that must match does not, or not as the rule's verdict, or only
 *   without its anchor; one that must not match does;
 *   an example, or a long run of what the rule looks for, hits PCRE2's limits.
 */
int rules_check(const struct rules *rules, const struct rule *rule, rules_judge_fn judge,
		struct err *err);

#endif
