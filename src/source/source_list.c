/* Files that another program chose: `git ls-files -z | hfscan --files-from - -0`. */
#include "source/source.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/pool.h"
#include "source/name_list.h"
#include "source/named.h"

#include <stdlib.h>

/* Names in an item of work. */
#define BATCH_NAMES 64

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

	buf_init(&list.text, NAME_LIST_MAX);
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

	rc = name_list_read(&list.text, name, nul_separated, err);
	if (rc == 0) {
		visit_all(&list, options, sink);
	}
	buf_dispose(&list.text);
	return rc;
}
