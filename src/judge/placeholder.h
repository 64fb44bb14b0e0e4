/*
 * Does a random-looking body look like somebody typed it? Used by judge.c for
 * rules whose body is BODY_RANDOM.
 */
#ifndef JUDGE_PLACEHOLDER_H
#define JUDGE_PLACEHOLDER_H

#include "hfscan.h"

/* The reason why body (without the token's prefix) is a placeholder, a
 * static string, or NULL when it looks drawn at random. */
const char *placeholder_reason(struct slice body, const struct judge_settings *settings);

#endif
