/*
 * A folder of its own for tests that need the real git: no configuration but
 * the repository's, fixed author and date, so that hashes do not change.
 */
#ifndef TESTS_GIT_SANDBOX_H
#define TESTS_GIT_SANDBOX_H

#include <limits.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

/* Where the sandbox is; programs of cmocka run one test at a time. */
static char sandbox[PATH_MAX];

/* Runs a shell command in the sandbox and fails the test when it fails. */
__attribute__((format(printf, 1, 2))) static void sh(const char *format, ...)
{
	char script[16384];
	va_list args;
	int len = snprintf(script, sizeof(script), "cd '%s' && set -e && ", sandbox);

	va_start(args, format);
	vsnprintf(script + len, sizeof(script) - (size_t)len, format, args);
	va_end(args);
	if (system(script) != 0)
		fail_msg("failed: %s", script);
}

/* A path in the sandbox; valid until the fourth call after this one. */
static const char *in_sandbox(const char *name)
{
	static char paths[4][2 * PATH_MAX];
	static unsigned turn;
	char *path = paths[turn++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", sandbox, name);
	return path;
}

static int sandbox_setup(void **state)
{
	static const char *const settings[][2] = {
		{"GIT_CONFIG_GLOBAL", "/dev/null"},
		{"GIT_CONFIG_NOSYSTEM", "1"},
		{"GIT_AUTHOR_NAME", "A"},
		{"GIT_AUTHOR_EMAIL", "a@example.org"},
		{"GIT_COMMITTER_NAME", "C"},
		{"GIT_COMMITTER_EMAIL", "c@example.org"},
		{"GIT_AUTHOR_DATE", "1700000000 +0000"},
		{"GIT_COMMITTER_DATE", "1700000000 +0000"},
	};
	static const char *const unwanted[] = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE",
					       "XDG_CONFIG_HOME"};
	char made[] = "/tmp/hfscan-test-XXXXXX";

	if (!mkdtemp(made) || !realpath(made, sandbox))
		return -1;
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		setenv(settings[i][0], settings[i][1], 1);
	for (size_t i = 0; i < sizeof(unwanted) / sizeof(unwanted[0]); i++)
		unsetenv(unwanted[i]);
	setenv("HOME", sandbox, 1);
	return 0;
}

static int sandbox_teardown(void **state)
{
	char command[PATH_MAX + 16];

	snprintf(command, sizeof(command), "rm -rf '%s'", sandbox);
	return system(command);
}

#endif
