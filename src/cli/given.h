/* Secrets that the user hands over: on standard input, or by a report that tells where
 * they are. Never in argv, which others on the machine can see. */
#ifndef CLI_GIVEN_H
#define CLI_GIVEN_H

#include "cli/ask.h"

/*
 * Adds those of standard input, one a line, or with options->from_report the leaks of that
 * report. A report holds no token, so what it is about is scanned again, and what has the
 * fingerprint of one of its leaks is taken. *gone: how many of them were not found any
 * more. Negative, and told, when a line is nothing that can be a secret of Hugging Face's,
 * the file is no such report, or the command line has words.
 */
int given_take(struct ask *ask, const struct options *options, size_t *gone);

/* One line on stderr about them, if there are any. */
void given_tell_gone(size_t gone);

#endif
