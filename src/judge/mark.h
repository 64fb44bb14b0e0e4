/*
 * Marks by which people say in the text itself that a secret may stay: on its
 * line, or alone on the line before, with whatever reason behind. Those of other
 * tools count too, so that nobody has to write two:
 *	https://github.com/gitleaks/gitleaks#gitleaksallow
 *	https://github.com/Yelp/detect-secrets#inline-allowlisting
 *	https://github.com/trufflesecurity/trufflehog (trufflehog:ignore)
 *	https://github.com/secretlint/secretlint (secretlint-disable-line)
 */
#ifndef JUDGE_MARK_H
#define JUDGE_MARK_H

#include "base/slice.h"

/* A line is looked at no further than this to each side of the secret, and from
 * the end of the line before. Bytes. */
#define MARK_REACH ((size_t)1 << 10)

/* Why text[secret] is allowed, a static string; NULL: it is not. Any thread. */
const char *mark_reason(struct slice text, struct span secret);

#endif
