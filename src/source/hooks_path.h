/* Where git looks for hooks: core.hooksPath, else in the repository (git-config(1)). */
#ifndef SOURCE_HOOKS_PATH_H
#define SOURCE_HOOKS_PATH_H

#include "base/err.h"

#include <stdbool.h>

/* The folder of the repository around the present folder; absolute, without '/' at
 * its end. Caller frees. HF_ENOTFOUND when there is no repository. */
int hooks_path(char **folder, struct err *err);

/* The folder that the user's configuration names for all repositories; NULL in
 * *folder when it names none. */
int hooks_path_global(char **folder, struct err *err);

/* Writes such a line at the end of the user's configuration; takes just that away
 * again, false in *done when it is not there as it was written. */
int hooks_path_set_global(const char *folder, struct err *err);
int hooks_path_unset_global(const char *folder, bool *done, struct err *err);

#endif
