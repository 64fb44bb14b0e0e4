/*
 * The secrets of one run that the user wants tried, each once, and what came of it.
 * --verify of a scan and the verbs verify and revoke go by it.
 */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "cli/options.h"
#include "verify/verify.h"

/* Begins as {0}. Owns the secrets, in clear, and wipes them. */
struct ask {
	struct verify_item *items;
	size_t count, cap;
};

/* Adds a copy of secret, unless it is there already; its place in items. */
size_t ask_add(struct ask *ask, struct slice secret);
/* The one at that place; others move up. */
void ask_drop(struct ask *ask, size_t at);
void ask_dispose(struct ask *ask);

/* verify_new() as the options have it. Negative, and told, when it cannot be. */
int ask_open(struct verifier **out, const struct options *options);
/* verify_run(), and one line on stderr if the server could not be asked all. Negative, and
 * told, when nothing was sent. */
int ask_all(struct ask *ask, struct verifier *verifier);

/* Gives each leak of result, as far as its secret was kept in clear, what was learnt of
 * that; ask owns it. */
int ask_result(struct ask *ask, struct verifier *verifier, struct result *result);

/* How many of them are that. */
size_t ask_count(const struct ask *ask, enum live_status status);

#endif
