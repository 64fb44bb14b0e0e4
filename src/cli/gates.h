/* The hooks of git that hfscan answers: what each looks at, and how its no is told. */
#ifndef CLI_GATES_H
#define CLI_GATES_H

#include "cli/options.h"

struct gate_kind {
	const char *name; /* as githooks(5) has it */
	/* args: what git gave the hook. Returns the exit code: anything but 0 stops git. */
	int (*run)(const struct options *options, char **args, size_t arg_count);
};

/* Ended by a row without a name. */
const struct gate_kind *gate_kinds(void);

#endif
