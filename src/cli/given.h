/* Secrets that the user hands over: on standard input, or by a report that tells where
 * they are. Never in argv, which others on the machine can see. */
#ifndef CLI_GIVEN_H
#define CLI_GIVEN_H

#include "cli/ask.h"

/* What a verb does with them; its exit code. All it is given is borrowed. */
typedef int (*given_fn)(struct ask *ask, struct verifier *verifier, const struct options *options);

/*
 * Has use() deal with those of standard input, one a line, or with options->from_report the
 * leaks of that report. A report holds no token, so what it is about is scanned again, and
 * what has the fingerprint of one of its leaks is taken. Those that were not found any more
 * are told of, and are why EXIT_CLEAN becomes EXIT_INCOMPLETE. EXIT_USAGE, and told, when
 * nothing may be asked, a line is nothing that can be a secret of Hugging Face's, the file
 * is no such report, or the command line has words.
 */
int given_use(const struct options *options, given_fn use);

#endif
