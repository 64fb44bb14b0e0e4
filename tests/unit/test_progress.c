/* cli/progress: one line on a terminal, gone at the end, and nothing elsewhere. */
#include "cli/progress.h"

#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <cmocka.h>

/* Longer than the line takes to come, on a busy machine too. */
#define PATIENCE_MS 20000

/* A terminal in place of standard error; what is written there comes out of
 * master. Where the machine has none, the test is left out. */
struct terminal {
	int master, saved;
};

static void terminal_open(struct terminal *t, unsigned short columns)
{
	struct winsize size = {.ws_row = 24, .ws_col = columns};
	int slave = -1;

	t->master = posix_openpt(O_RDWR | O_NOCTTY);
	if (t->master >= 0 && grantpt(t->master) == 0 && unlockpt(t->master) == 0)
		slave = open(ptsname(t->master), O_RDWR | O_NOCTTY);
	if (slave < 0)
		skip();
	assert_int_equal(ioctl(slave, TIOCSWINSZ, &size), 0);
	t->saved = dup(STDERR_FILENO);
	assert_int_equal(dup2(slave, STDERR_FILENO), STDERR_FILENO);
	close(slave);
	setenv("TERM", "xterm", 1);
}

static void terminal_close(struct terminal *t)
{
	dup2(t->saved, STDERR_FILENO);
	close(t->saved);
	close(t->master);
}

/* Reads until `last` was written, or patience ends. */
static void terminal_read(const struct terminal *t, char *text, size_t size, const char *last)
{
	struct pollfd ready = {.fd = t->master, .events = POLLIN};
	size_t len = 0;

	do {
		ssize_t more = poll(&ready, 1, PATIENCE_MS) == 1
				       ? read(t->master, text + len, size - 1 - len)
				       : 0;

		len += more > 0 ? (size_t)more : 0;
		text[len] = '\0';
		if (more <= 0)
			return;
	} while (!strstr(text, last));
}

static bool terminal_is_quiet(const struct terminal *t, int wait_ms)
{
	struct pollfd ready = {.fd = t->master, .events = POLLIN};

	return poll(&ready, 1, wait_ms) == 0;
}

static struct progress_sample sample(void *payload)
{
	return *(struct progress_sample *)payload;
}

static void a_long_run_is_told_of_in_one_line_that_goes_away(void **state)
{
	struct progress_sample s = {.files = 1234567, .bytes = 2500000000, .findings = 1};
	struct progress *progress;
	struct terminal t;
	char text[512];

	terminal_open(&t, 120);
	progress_start(&progress, sample, &s);
	terminal_read(&t, text, sizeof(text), "\033[K\r");
	progress_stop(progress);
	assert_non_null(progress);
	assert_non_null(strstr(text, "1,234,567 files  2,500 MB  "));
	assert_non_null(strstr(text, " MB/s  1 finding\033[K\r"));
	assert_null(strchr(text, '\n'));
	terminal_read(&t, text, sizeof(text), "\r\033[K");
	assert_true(strlen(text) >= 4);
	assert_string_equal(text + strlen(text) - 4, "\r\033[K");
	assert_true(terminal_is_quiet(&t, 0));
	terminal_close(&t);
}

static void a_narrow_terminal_gets_a_short_line(void **state)
{
	struct progress_sample s = {.files = 1234567};
	struct progress *progress;
	struct terminal t;
	char text[512];

	terminal_open(&t, 12);
	progress_start(&progress, sample, &s);
	terminal_read(&t, text, sizeof(text), "\033[K\r");
	progress_stop(progress);
	assert_memory_equal(text, "1,234,567 f\033[K\r", 15);
	terminal_close(&t);
}

static void several_repositories_are_counted(void **state)
{
	struct progress_sample s = {.files = 7, .histories = 3, .repositories = 80};
	struct progress *progress;
	struct terminal t;
	char text[512];

	terminal_open(&t, 120);
	progress_start(&progress, sample, &s);
	terminal_read(&t, text, sizeof(text), "\033[K\r");
	progress_stop(progress);
	assert_non_null(strstr(text, "3/80 repositories  7 files  "));
	terminal_close(&t);
}

static void a_short_run_says_nothing(void **state)
{
	struct progress_sample s = {0};
	struct progress *progress;
	struct terminal t;

	terminal_open(&t, 80);
	progress_start(&progress, sample, &s);
	assert_non_null(progress);
	assert_true(terminal_is_quiet(&t, 50));
	progress_stop(progress);
	assert_true(terminal_is_quiet(&t, 0));
	terminal_close(&t);
}

static void there_is_none_where_it_would_not_be_understood(void **state)
{
	static const char *const terms[] = {"dumb", NULL};
	struct progress *progress;
	struct terminal t;

	terminal_open(&t, 80);
	for (size_t i = 0; i < sizeof(terms) / sizeof(*terms); i++) {
		if (terms[i])
			setenv("TERM", terms[i], 1);
		else
			unsetenv("TERM");
		progress_start(&progress, sample, NULL);
		assert_null(progress);
		progress_stop(progress);
	}
	terminal_close(&t);
}

static void there_is_none_in_a_file(void **state)
{
	int saved = dup(STDERR_FILENO), file = open("/dev/null", O_WRONLY);
	struct progress *progress;

	setenv("TERM", "xterm", 1);
	dup2(file, STDERR_FILENO);
	progress_start(&progress, sample, NULL);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(file);
	assert_null(progress);
	progress_stop(progress);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_run_is_told_of_in_one_line_that_goes_away),
		cmocka_unit_test(a_narrow_terminal_gets_a_short_line),
		cmocka_unit_test(several_repositories_are_counted),
		cmocka_unit_test(a_short_run_says_nothing),
		cmocka_unit_test(there_is_none_where_it_would_not_be_understood),
		cmocka_unit_test(there_is_none_in_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
