/* Files that another program chose: `git ls-files -z | hfscan --files-from - -0`. */
#include "source/source.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/pool.h"
#include "source/named.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* Names in an item of work. */
#define BATCH_NAMES 64
/* Bytes of names: some ten million of them. */
#define LIST_MAX ((size_t)1 << 30)

struct list {
	struct named *workers;
	struct buf text; /* the names, a NUL behind each */
};

/* The names of list.text from beg on. */
struct item {
	size_t beg;
};

static struct item *item_at(size_t beg)
{
	struct item *item = xmalloc(sizeof(*item));

	item->beg = beg;
	return item;
}

static int read_all(struct buf *out, int fd, struct err *err)
{
	char chunk[32768];
	ssize_t got;

	while ((got = read(fd, chunk, sizeof(chunk))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_errno(err, errno, "cannot read the list");
		buf_append(out, chunk, (size_t)got);
		if (buf_overflowed(out))
			return err_set(err, HF_ELIMIT, "the list is larger than 1 GB");
	}
	return 0;
}

static int read_list(struct buf *out, const char *name, struct err *err)
{
	bool is_stdin = strcmp(name, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int rc;

	if (fd < 0) {
		err_errno(err, errno, "cannot open the list");
		return HF_EUSAGE; /* without it there is nothing to start with */
	}
	rc = read_all(out, fd, err);
	if (!is_stdin)
		close(fd);
	return rc < 0 ? HF_EUSAGE : 0;
}

/* Lines become names: the end of each a NUL, without the CR that Windows adds. */
static void end_lines(struct buf *text)
{
	for (size_t i = 0; i < text->len; i++) {
		if (text->ptr[i] != '\n')
			continue;
		text->ptr[i] = '\0';
		if (i > 0 && text->ptr[i - 1] == '\r')
			text->ptr[i - 1] = '\0';
	}
}

/* One batch; the rest goes to whoever is free. */
static void do_item(struct pool *pool, unsigned worker, void *arg, void *payload)
{
	struct list *list = payload;
	struct item *item = arg;
	const char *names = list->text.ptr;
	size_t end = item->beg;

	for (int n = 0; n < BATCH_NAMES && end < list->text.len; n++)
		end += strlen(names + end) + 1;
	if (end < list->text.len)
		pool_push(pool, item_at(end));
	for (size_t at = item->beg; at < end; at += strlen(names + at) + 1)
		if (names[at])
			named_visit(&list->workers[worker], names + at);
	free(item);
}

static void visit_all(struct list *list, const struct source_options *options,
		      const struct sink *sink)
{
	list->workers = xcalloc(options->jobs, sizeof(*list->workers));
	for (unsigned i = 0; i < options->jobs; i++)
		named_init(&list->workers[i], sink, i, options);
	pool_run(options->jobs, do_item, list, item_at(0));
	for (unsigned i = 0; i < options->jobs; i++)
		named_dispose(&list->workers[i]);
	free(list->workers);
}

void source_names(char *const *names, size_t count, const struct source_options *options,
		  const struct sink *sink)
{
	struct list list = {0};

	buf_init(&list.text, LIST_MAX);
	for (size_t i = 0; i < count; i++)
		buf_append(&list.text, names[i], strlen(names[i]) + 1);
	visit_all(&list, options, sink);
	buf_dispose(&list.text);
}

int source_list(const char *name, bool nul_separated, const struct source_options *options,
		const struct sink *sink, struct err *err)
{
	struct list list = {0};
	int rc;

	buf_init(&list.text, LIST_MAX);
	rc = read_list(&list.text, name, err);
	if (rc == 0) {
		if (!nul_separated)
			end_lines(&list.text);
		visit_all(&list, options, sink);
	}
	buf_dispose(&list.text);
	return rc;
}
