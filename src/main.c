/* Options, verb, exit code: the plan of the program. */
#include "base/lang.h"
#include "base/os.h"
#include "base/sigbus.h"
#include "base/tr.h"
#include "cli/cmd.h"
#include "cli/options.h"
#include "cli/user_config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int run(const struct options *options)
{
	if (options->version) {
		printf("hfscan %s\n", HFSCAN_VERSION);
		return EXIT_CLEAN;
	}
	if (options->generate) {
		options_generate(options->generate);
		return EXIT_CLEAN;
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

/* What is said on a full disk was not said. A reader that left early has what
 * it wanted. */
static int flush(int code)
{
	errno = 0;
	if ((fflush(stdout) == 0 && !ferror(stdout)) || errno == EPIPE || code == EXIT_USAGE)
		return code;
	complain(NULL, errno ? err_reason(errno) : "cannot write to standard output");
	return EXIT_USAGE;
}

/* libarchive asks for the local time of each member of a zip, and glibc looks at
 * /etc/localtime each time as long as TZ is not set. All that we show is UTC. */
static void stop_asking_for_the_time_zone(void)
{
	setenv("TZ", "UTC0", 0);
}

int main(int argc, char **argv)
{
	char *config = user_config_path();
	struct options options;
	struct err err;
	int code = EXIT_USAGE;

	os_fill_standard_streams(); /* a report must not become descriptor 2 */
	os_forbid_core_dumps();     /* a core dump would hold tokens */
	sigbus_handle();
	stop_asking_for_the_time_zone();
	tr_set(lang_of_locale()); /* --lang, when it is read, has the last word */
	signal(SIGPIPE, SIG_IGN); /* `hfscan . | head` is a success */
	if (options_parse_with(&options, argc, argv, config, &err) < 0)
		complain(NULL, err.msg);
	else
		code = run(&options);
	options_dispose(&options);
	free(config);
	return flush(code);
}
