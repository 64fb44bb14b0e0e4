/*
 * What a scan is asked to do with the secrets it found while it has them in clear:
 * --verify tries them, --write-replacements writes them down. Both are made ready before
 * anything is read, so that a scan is not in vain.
 */
#ifndef CLI_SECRETS_H
#define CLI_SECRETS_H

#include "cli/ask.h"
#include "cli/run.h"
#include "fix/replacements.h"

struct secrets {
	struct verifier *verifier; /* NULL: nothing is tried */
	struct ask ask;
	struct replacements file; /* fd -1: nothing is written */
};

/* Negative, and told, when something the options ask for cannot be. secrets_close()
 * either way. */
int secrets_open(struct secrets *secrets, const struct options *options);
/* Negative, and told, when it could not be done. Without --show-secrets no clear text is
 * left in the result then. */
int secrets_use(struct secrets *secrets, struct run *run);
void secrets_close(struct secrets *secrets, const struct options *options);

#endif
