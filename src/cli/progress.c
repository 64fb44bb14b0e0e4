#include "cli/progress.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/tr.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define FIRST_MS 500
#define NEXT_MS  100

struct progress {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t stop;
	bool stopped, drawn;
	struct timespec began;
	progress_fn sample;
	void *payload;
};

static struct timespec after(struct timespec t, long ms)
{
	t.tv_nsec += ms % 1000 * 1000000;
	t.tv_sec += ms / 1000 + t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

static unsigned width(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

static void append_number(struct buf *out, uint64_t n)
{
	if (n >= 1000) {
		append_number(out, n / 1000);
		buf_appendf(out, ",%03u", (unsigned)(n % 1000));
	} else {
		buf_appendf(out, "%u", (unsigned)n);
	}
}

static void draw(struct progress *p, const struct timespec *now)
{
	struct progress_sample s = p->sample(p->payload);
	double seconds = (double)(now->tv_sec - p->began.tv_sec) +
			 (double)(now->tv_nsec - p->began.tv_nsec) / 1e9;
	struct buf line;

	buf_init(&line, 512);
	if (s.repositories > 1 && s.histories) {
		append_number(&line, s.histories);
		buf_append_byte(&line, '/');
		append_number(&line, s.repositories);
		buf_append_str(&line, tr(" repositories  "));
	}
	append_number(&line, s.files);
	buf_append_str(&line, tr(" files  "));
	append_number(&line, s.bytes / 1000000);
	buf_append_str(&line, " MB  ");
	append_number(&line, (uint64_t)((double)s.bytes / 1e6 / seconds));
	buf_append_str(&line, " MB/s  ");
	append_number(&line, s.findings);
	buf_append_str(&line, tr_n(tr_lang(), " finding", " findings", s.findings));
	if (line.len >= width())
		buf_truncate(&line, width() - 1);
	buf_append_str(&line, "\033[K\r");
	p->drawn = true;
	/* Best effort: a terminal that went away must not end the run. */
	if (write(STDERR_FILENO, line.ptr, line.len) < 0)
		p->drawn = false;
	buf_dispose(&line);
}

static void *run(void *arg)
{
	struct progress *p = arg;
	struct timespec due = after(p->began, FIRST_MS);

	pthread_mutex_lock(&p->lock);
	while (!p->stopped) {
		if (pthread_cond_timedwait(&p->stop, &p->lock, &due) != ETIMEDOUT)
			continue;
		draw(p, &due);
		clock_gettime(CLOCK_MONOTONIC, &due);
		due = after(due, NEXT_MS);
	}
	if (p->drawn && write(STDERR_FILENO, "\r\033[K", 4) < 0)
		p->drawn = false;
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

void progress_start(struct progress **out, progress_fn sample, void *payload)
{
	const char *term = getenv("TERM");
	pthread_condattr_t monotonic;
	struct progress *p;

	*out = NULL;
	if (!isatty(STDERR_FILENO) || !term || strcmp(term, "dumb") == 0)
		return;
	p = xcalloc(1, sizeof(*p));
	p->sample = sample;
	p->payload = payload;
	clock_gettime(CLOCK_MONOTONIC, &p->began);
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&p->stop, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (pthread_create(&p->thread, NULL, run, p) == 0) {
		*out = p;
		return;
	}
	pthread_cond_destroy(&p->stop);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

void progress_stop(struct progress *progress)
{
	if (!progress)
		return;
	pthread_mutex_lock(&progress->lock);
	progress->stopped = true;
	pthread_cond_signal(&progress->stop);
	pthread_mutex_unlock(&progress->lock);
	pthread_join(progress->thread, NULL);
	pthread_cond_destroy(&progress->stop);
	pthread_mutex_destroy(&progress->lock);
	free(progress);
}
