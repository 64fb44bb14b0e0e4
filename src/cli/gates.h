/* The hooks of git that hfscan answers: what each looks at, and how its no is told. */
#ifndef CLI_GATES_H
#define CLI_GATES_H

#include "cli/options.h"
#include "cli/run.h"
#include "report/gate.h"

struct gate_kind {
	const char *name; /* as githooks(5) has it */
	/* args: what git gave the hook. Returns the exit code: anything but 0 stops git. */
	int (*run)(const struct options *options, char **args, size_t arg_count);
};

/* Ended by a row without a name. */
const struct gate_kind *gate_kinds(void);

/* What all have in common: scans, is silent when there is nothing to say, and says no
 * in a few lines. With -v the whole report. Returns the exit code. */
int gate_ask(enum gate gate, const struct options *options, run_sources_fn sources,
	     const void *payload);

/* gate_push.c */
int gate_pre_push(const struct options *options, char **args, size_t arg_count);
int gate_pre_receive(const struct options *options, char **args, size_t arg_count);

/* hooks.c: `hfscan hook install` and `... uninstall`, with names that are gates'. Return
 * the exit code. */
int hooks_install(const struct options *options);
int hooks_uninstall(const struct options *options);

#endif
