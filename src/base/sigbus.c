#include "base/sigbus.h"

#include "base/tr.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* At once: other threads may be at it, too. */
static void say(const char *text)
{
	const struct iovec parts[] = {
		{(char *)"hfscan: ", 8}, {(char *)text, strlen(text)}, {(char *)"\n", 1}};

	if (writev(STDERR_FILENO, parts, 3) < 0)
		return; /* nobody is left to be told */
}

/* Nothing may be called here but what signal-safety(7) names, and a look-up in constant
 * tables. */
static void on_sigbus(int number, siginfo_t *info, void *context)
{
	if (info->si_code != BUS_ADRERR) { /* something else is wrong: die of it */
		signal(SIGBUS, SIG_DFL);
		raise(SIGBUS);
		return;
	}
	say(tr("a file was cut short or went away while it was read, such as a pack of git's: "
	       "nothing is reported, run hfscan again when nobody changes it"));
	_exit(2);
}

void sigbus_handle(void)
{
	struct sigaction action = {.sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO};

	sigemptyset(&action.sa_mask);
	sigaction(SIGBUS, &action, NULL);
}
