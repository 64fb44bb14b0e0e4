/* A pack that is cut short while it is mapped, in a process of its own. */
#include "base/sigbus.h"
#include "base/tr.h"
#include "source/pack/mapped.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PAGES 4

/* What the child does, with its standard error on a pipe. */
typedef void (*child_fn)(struct slice mapped, const char *path);

static char said[1024];

/* Returns its status, as of waitpid(). */
static int status_of(child_fn child)
{
	char path[] = "/tmp/hfscan-cut-XXXXXX";
	size_t size = PAGES * (size_t)sysconf(_SC_PAGESIZE), len = 0;
	int file = mkstemp(path), both[2], status = -1;
	struct slice mapped;
	struct err err;
	ssize_t got;
	pid_t pid;

	assert_true(file >= 0 && ftruncate(file, (off_t)size) == 0 && pipe(both) == 0);
	pid = fork();
	if (pid == 0) {
		dup2(both[1], STDERR_FILENO);
		sigbus_handle();
		if (mapped_open(&mapped, path, &err) == 0 && mapped.len == size)
			child(mapped, path);
		_exit(77);
	}
	close(both[1]);
	while ((got = read(both[0], said + len, sizeof(said) - 1 - len)) > 0)
		len += (size_t)got;
	said[len] = '\0';
	close(both[0]);
	waitpid(pid, &status, 0);
	close(file);
	unlink(path);
	return status;
}

static void read_behind_the_end(struct slice mapped, const char *path)
{
	unsigned sum = 0;

	for (size_t i = 0; i < mapped.len; i++)
		sum += mapped.ptr[i];
	if (sum || truncate(path, 1) < 0)
		_exit(78);
	_exit(*(volatile const unsigned char *)(mapped.ptr + mapped.len - 1));
}

static void in_spanish(struct slice mapped, const char *path)
{
	tr_set(LANG_ES);
	read_behind_the_end(mapped, path);
}

static void send_it(struct slice mapped, const char *path)
{
	raise(SIGBUS);
	_exit(0);
}

static void what_is_cut_short_ends_the_run_with_a_line(void **state)
{
	int status = status_of(read_behind_the_end);

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
	assert_non_null(
		strstr(said, "hfscan: a file was cut short or went away while it was read"));
	assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
	status = status_of(in_spanish);
	assert_int_equal(WEXITSTATUS(status), 2);
	assert_non_null(strstr(said, "hfscan: un archivo se"));
}

static void another_cause_is_no_word_of_ours(void **state)
{
	int status = status_of(send_it);

	assert_true(WIFSIGNALED(status));
	assert_string_equal(said, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_cut_short_ends_the_run_with_a_line),
		cmocka_unit_test(another_cause_is_no_word_of_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
