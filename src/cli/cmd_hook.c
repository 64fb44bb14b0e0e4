/* hfscan hook run|install|uninstall: the gates, and the shells that lead to them. */
#include "cli/cmd.h"

#include "cli/gates.h"

#include <string.h>

static int usage(const char *word)
{
	complain(word, "expected `hook run NAME`, `hook install [NAME]...` or `hook uninstall "
		       "[NAME]...`, NAME one of: pre-commit, commit-msg, pre-push, pre-receive");
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

/* The first word that names no gate; NULL when all do. */
static const char *unknown_name(const struct options *options)
{
	for (size_t i = 1; i < options->arg_count; i++) {
		const struct gate_kind *kind = gate_kinds();

		while (kind->name && strcmp(kind->name, options->args[i]) != 0)
			kind++;
		if (!kind->name)
			return options->args[i];
	}
	return NULL;
}

int cmd_hook(const struct options *options)
{
	const char *word = options->arg_count ? options->args[0] : "hook";
	bool install = strcmp(word, "install") == 0;

	if (strcmp(word, "run") == 0)
		return run(options);
	if (!install && strcmp(word, "uninstall") != 0)
		return usage(word);
	if (unknown_name(options))
		return usage(unknown_name(options));
	return install ? hooks_install(options) : hooks_uninstall(options);
}
