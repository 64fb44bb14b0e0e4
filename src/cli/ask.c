#include "cli/ask.h"

#include "base/alloc.h"
#include "base/tr.h"
#include "cli/cmd.h"
#include "report/live_text.h"
#include "verify/live.h"

#include <stdio.h>
#include <stdlib.h>

size_t ask_add(struct ask *ask, struct slice secret)
{
	for (size_t i = 0; i < ask->count; i++)
		if (slice_eq(ask->items[i].secret, secret))
			return i;
	grow_array(&ask->items, &ask->cap, ask->count, sizeof(*ask->items));
	ask->items[ask->count] = (struct verify_item){
		.secret = slice_of(xmemdup0(secret.ptr, secret.len), secret.len)};
	return ask->count++;
}

static void dispose(struct verify_item *item)
{
	unsigned char *secret = (unsigned char *)item->secret.ptr;

	wipe(secret, item->secret.len);
	free(secret);
	live_dispose(&item->live);
}

void ask_drop(struct ask *ask, size_t at)
{
	dispose(&ask->items[at]);
	ask->count--;
	memmove(&ask->items[at], &ask->items[at + 1], (ask->count - at) * sizeof(*ask->items));
}

void ask_dispose(struct ask *ask)
{
	for (size_t i = 0; i < ask->count; i++)
		dispose(&ask->items[i]);
	free(ask->items);
	*ask = (struct ask){0};
}

int ask_open(struct verifier **out, const struct options *options)
{
	struct verify_options how = {
		.jobs = options->verify_jobs,
		.timeout_s = options->verify_timeout,
		.any_endpoint = options->verify_endpoint_ok,
	};
	struct err err;
	int rc = verify_new(out, &how, &err);

	if (rc < 0)
		complain(NULL, err.msg);
	return rc;
}

size_t ask_count(const struct ask *ask, enum live_status status)
{
	size_t count = 0;

	for (size_t i = 0; i < ask->count; i++)
		count += ask->items[i].live.status == status;
	return count;
}

/* ---- asking ---- */

/* The first that was asked in vain stands for all. What nobody could ask is no fault. */
static void tell_failure(const struct ask *ask, const char *host)
{
	const struct live *first = NULL;
	size_t count = 0;
	char line[512];

	for (size_t i = 0; i < ask->count; i++) {
		const struct live *live = &ask->items[i].live;

		if (live->status != LIVE_UNKNOWN || live->reason == LIVE_NOT_ASKABLE ||
		    live->reason == LIVE_REFUSED || live->reason == LIVE_GONE)
			continue;
		count++;
		if (!first)
			first = live;
	}
	if (!first)
		return;
	snprintf(line, sizeof(line), tr("%zu of %zu secrets could not be tried (%s)"), count,
		 ask->count, live_reason_name(first->reason));
	complain(host, line);
}

int ask_all(struct ask *ask, struct verifier *verifier)
{
	struct err err;
	int rc = verify_run(verifier, ask->items, ask->count, &err);

	if (rc < 0)
		complain(NULL, err.msg);
	else
		tell_failure(ask, verify_host(verifier));
	return rc;
}

int ask_result(struct ask *ask, struct verifier *verifier, struct result *result)
{
	size_t *places = xcalloc(result->finding_count + 1, sizeof(*places));
	int rc;

	for (size_t i = 0; i < result->finding_count; i++) {
		const struct finding *f = &result->findings[i];

		if (f->verdict == VERDICT_LEAK && f->secret.clear)
			places[i] = ask_add(ask, slice_str(f->secret.clear));
	}
	rc = ask_all(ask, verifier);
	for (size_t i = 0; rc == 0 && i < result->finding_count; i++) {
		struct finding *f = &result->findings[i];

		if (f->verdict == VERDICT_LEAK && f->secret.clear)
			f->live = &ask->items[places[i]].live;
	}
	free(places);
	return rc;
}
