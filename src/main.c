/* Options, verb, exit code: the plan of the program. */
#include "base/os.h"
#include "cli/cmd.h"
#include "cli/options.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static int run(const struct options *options)
{
	struct err err;

	if (options->version) {
		printf("hfscan %s\n", HFSCAN_VERSION);
		return EXIT_CLEAN;
	}
	if (options->generate) {
		if (options_generate(options->generate, &err) == 0)
			return EXIT_CLEAN;
		fprintf(stderr, "hfscan: %s\n", err.msg);
		return EXIT_USAGE;
	}
	for (const struct verb *verb = verbs_table(); verb->name; verb++) {
		if (strcmp(verb->name, options->verb) != 0)
			continue;
		if (!options->help)
			return verb->run(options);
		options_help(options->verb_given ? verb->name : NULL);
		return EXIT_CLEAN;
	}
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct options options;
	struct err err;
	int code = EXIT_USAGE;

	os_forbid_core_dumps();   /* a core dump would hold tokens */
	signal(SIGPIPE, SIG_IGN); /* `hfscan . | head` is a success */
	if (options_parse(&options, argc, argv, &err) < 0)
		fprintf(stderr, "hfscan: %s\n", err.msg);
	else
		code = run(&options);
	options_dispose(&options);
	return code;
}
