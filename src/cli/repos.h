/* A class: the repositories that a list names. */
#ifndef CLI_REPOS_H
#define CLI_REPOS_H

#include "scan.h"

/*
 * Lets the files of every repository in the list called name, "-" for standard input,
 * run into the scan, as if each were a PATH; each once. One that is not there, or is no
 * folder, is told as not scanned. Negative, and told, when the list cannot be read,
 * is empty, or nothing that it names is there.
 */
int repos_from(const char *name, bool nul_separated, const struct source_options *how,
	       struct scan *scan);

#endif
