/* hfscan hook run NAME: the gate that git asks before it goes on. */
#include "cli/cmd.h"

#include "base/alloc.h"
#include "cli/gates.h"

#include <stdio.h>
#include <string.h>

static int usage(const char *word)
{
	complain(word, "expected `hook run NAME`, NAME one of: pre-commit, commit-msg, pre-push, "
		       "pre-receive");
	return EXIT_USAGE;
}

static int run(const struct options *options)
{
	const char *name = options->arg_count > 1 ? options->args[1] : NULL;

	for (const struct gate_kind *kind = gate_kinds(); name && kind->name; kind++)
		if (strcmp(kind->name, name) == 0)
			return kind->run(options, options->args + 2, options->arg_count - 2);
	return usage(name ? name : "hook run");
}

int cmd_hook(const struct options *options)
{
	const char *word = options->arg_count ? options->args[0] : NULL;

	if (word && strcmp(word, "run") == 0)
		return run(options);
	return usage(word ? word : "hook");
}
