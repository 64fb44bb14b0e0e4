/* Where the reports go: that of -f and -o, and those of --report. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "cli/options.h"
#include "report/report.h"

#include <stdio.h>

struct output {
	const struct reporter *reporter;
	const char *file; /* the option's; NULL: standard output */
	FILE *out;
	bool failed; /* and told */
};

struct outputs {
	struct output *list;
	size_t count;
};

/*
 * Opened before the scan, so that a wrong name costs no scan; what stands in a
 * file is kept until there is something to put in its place. Negative, and told
 * on stderr, when one of them cannot be opened, is one of the PATHs or another
 * report's, or would take secrets into a CI log. outputs_close() either way.
 */
int outputs_open(struct outputs *outputs, const struct options *options);

/* Writes each of them, in that language, with the exit code that it tells; one that cannot be
 * written is told, leaves the others whole, and makes the result negative. */
int outputs_write(struct outputs *outputs, const struct options *options, enum lang lang,
		  int exit_code, const struct result *result);

/* Negative, and told, when not everything could be written. */
int outputs_close(struct outputs *outputs);

/* Colour is for terminals, and for those who ask. */
bool output_wants_color(const struct options *options, FILE *out);

#endif
