/* Where the report goes. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "cli/options.h"

#include <stdio.h>

/*
 * Standard output, or the file of -o. Opened before the scan, so that a wrong
 * name costs no scan; what stands in the file is kept until there is something
 * to put in its place. NULL, and told on stderr, when it cannot be opened, is
 * one of the PATHs, or would take secrets into a CI log. Close with
 * output_close().
 */
FILE *output_open(const struct options *options);

/* Empties the file. 0, or -1 with errno. */
int output_rewind(FILE *out);

/* 0, or -1 with errno when not everything could be written. */
int output_close(FILE *out);

/* Colour is for terminals, and for those who ask. */
bool output_wants_color(const struct options *options, FILE *out);

#endif
