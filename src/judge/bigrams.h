/*
 * How English a run of letters looks: the mean, over its pairs of adjacent
 * letters, of how much more often the pair occurs in words and identifiers
 * than in letters drawn at random.
 */
#ifndef JUDGE_BIGRAMS_H
#define JUDGE_BIGRAMS_H

#include "base/slice.h"

/* In bits a pair, case-blind; a pair with anything but letters counts as 0, so
 * that the few letters of a body full of digits do not decide. About -2.4 for random letters, +0.7
 * to +2 for identifiers. */
double bigrams_score(struct slice text);

#endif
