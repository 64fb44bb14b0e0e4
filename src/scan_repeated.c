/* A document is searched in several ways, which find the same token in one place. */
#include "scan_private.h"

#include "base/alloc.h"
#include "result.h"

#include <stdlib.h>

struct ranked {
	struct finding finding;
	size_t at;  /* in the order in which they were found */
	bool plain; /* found by the plain search */
};

static int order_ranked(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	if (a->finding.offset != b->finding.offset)
		return a->finding.offset < b->finding.offset ? -1 : 1;
	if (a->plain != b->plain)
		return a->plain ? 1 : -1;
	if (a->finding.length != b->finding.length)
		return a->finding.length > b->finding.length ? -1 : 1;
	/* The form that is told last is the one that people see. */
	return (a->at < b->at) - (a->at > b->at);
}

static bool is_credential(const struct ranked *r)
{
	return r->finding.rule->verdict == VERDICT_LEAK;
}

/* Whether b, which overlaps a and begins no earlier, is the better of the two. */
static bool is_better(const struct ranked *b, const struct ranked *a)
{
	if (is_credential(a) != is_credential(b))
		return is_credential(b);
	if (a->finding.decoded.count != b->finding.decoded.count)
		return b->finding.decoded.count < a->finding.decoded.count;
	if (a->plain != b->plain)
		return a->plain;
	return b->finding.length > a->finding.length;
}

void scan_drop_repeated(struct visit *visit, size_t raw_end)
{
	struct worker *w = visit->worker;
	size_t first = visit->first, count = w->finding_count - first, kept = 0;
	struct ranked *all = xcalloc(count, sizeof(*all));

	for (size_t i = 0; i < count; i++)
		all[i] = (struct ranked){w->findings[first + i], i, first + i < raw_end};
	if (count)
		qsort(all, count, sizeof(*all), order_ranked);
	for (size_t i = 0; i < count; i++) {
		struct ranked *last = kept ? &all[kept - 1] : NULL;

		if (!last || all[i].finding.offset >= last->finding.offset + last->finding.length) {
			all[kept++] = all[i];
		} else if (is_better(&all[i], last)) {
			finding_dispose(&last->finding);
			*last = all[i];
		} else {
			finding_dispose(&all[i].finding);
		}
	}
	for (size_t i = 0; i < kept; i++)
		w->findings[first + i] = all[i].finding;
	w->finding_count = first + kept;
	free(all);
}
