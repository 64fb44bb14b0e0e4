/*
 * The user's own configuration: options by their long names, as if they stood on the
 * command line, which beats them.
 *
 *   { "color": "never", "jobs": 2, "strict": true, "disable-rule": [ "hf-near-token" ] }
 */
#ifndef CLI_USER_CONFIG_H
#define CLI_USER_CONFIG_H

#include "cli/options.h"

/* $XDG_CONFIG_HOME/hfscan/config.json, or below ~/.config; NULL where the environment names
 * no such place. A relative one counts as none (XDG Base Directory Specification), so that no
 * folder that is scanned becomes it. Caller frees. */
char *user_config_path(void);

/*
 * Calls set for each option in the file, as often as it has values; a value is NULL for
 * one that is only switched on. A file that is not there is fine. HF_EUSAGE with one line
 * that names the file and what is wrong; set's answer is what is wrong with a value, or NULL.
 * Strings live as long as options.
 */
typedef const char *(*user_config_fn)(void *payload, const struct option *option,
				      const char *value);
int user_config_read(const char *file, struct options *options, user_config_fn set, void *payload,
		     struct err *err);

#endif
