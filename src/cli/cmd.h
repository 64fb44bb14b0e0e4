/* What a verb does, one cmd_*.c each, and what the program says with its exit
 * code. */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "cli/options.h"

/* Told in --help, the man page and the README. Other programs rely on them. */
enum exit_code {
	EXIT_CLEAN = 0,      /* nothing found */
	EXIT_LEAK = 1,       /* at least one leak */
	EXIT_USAGE = 2,      /* could not start, or could not report */
	EXIT_INCOMPLETE = 3, /* no leak found, but not everything could be read */
};

int cmd_scan(const struct options *options);
int cmd_rules(const struct options *options);
int cmd_hook(const struct options *options);
int cmd_ci(const struct options *options);
int cmd_baseline(const struct options *options);
int cmd_verify(const struct options *options);
int cmd_revoke(const struct options *options);
int cmd_explain(const struct options *options);

/* The rules that the options name; NULL, and told, when they are no good. The
 * caller frees them. */
struct rules *cmd_load_rules(const struct options *options);

/* text on stdout, masked and safe for a terminal. */
void print_safe(const char *text);

/* "hfscan: PATH: what" on stderr, masked and safe for a terminal; path may be
 * NULL. */
void complain(const char *path, const char *what);

#endif
