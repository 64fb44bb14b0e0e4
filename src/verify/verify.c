/*
 * The manners. whoami is "intentionally strict" about how often it is asked
 * (huggingface_hub, src/huggingface_hub/hf_api.py), so the first 429 ends the asking, as
 * does a server that fails three times in a row. Names of the environment:
 * src/huggingface_hub/constants.py.
 */
#include "verify/verify_private.h"

#include "base/alloc.h"
#include "base/pool.h"
#include "verify/claims.h"
#include "verify/kind.h"
#include "verify/live.h"
#include "verify/whoami.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>

/* Questions about one secret, and answers in a row that say nothing. */
#define TRIES_MAX    3
#define FAILURES_MAX 3
/* Longer than that nobody wants to look at a prompt: what is left stays unknown. */
#define WAIT_MAX_S 10
/* All questions together have a second each, and as long as FAILURES_MAX that hang: else a
 * server that answers every third, or each one just in time, would keep us for days. */
#define PATIENCE_MS 1000

/* ---- before anything is sent ---- */

/* As huggingface_hub reads a switch. */
static bool is_on(const char *name)
{
	static const char *const words[] = {"1", "on", "yes", "true"};
	const char *value = getenv(name);

	for (size_t i = 0; value && i < sizeof(words) / sizeof(*words); i++)
		if (strcasecmp(value, words[i]) == 0)
			return true;
	return false;
}

static int check_online(struct err *err)
{
	static const char *const switches[] = {"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"};

	for (size_t i = 0; i < sizeof(switches) / sizeof(*switches); i++)
		if (is_on(switches[i]))
			return err_set(
				err, HF_EUSAGE,
				"%s is set, so nothing was asked: unset it to use the network",
				switches[i]);
	return 0;
}

int verify_new(struct verifier **out, const struct verify_options *options, struct err *err)
{
	struct verifier *v;
	int rc = check_online(err);

	if (rc < 0)
		return rc;
	v = xcalloc(1, sizeof(*v));
	v->options = *options;
	rc = endpoint_init(&v->endpoint, getenv("HF_ENDPOINT"), options->any_endpoint, err);
	if (rc == 0)
		rc = curl_load(&v->curl, err);
	if (rc < 0) {
		verify_free(v);
		return rc;
	}
	*out = v;
	return 0;
}

void verify_free(struct verifier *v)
{
	if (!v)
		return;
	curl_unload(&v->curl);
	endpoint_dispose(&v->endpoint);
	free(v);
}

const char *verify_host(const struct verifier *v)
{
	return v->endpoint.host;
}

/* ---- time ---- */

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void sleep_ms(int64_t ms)
{
	struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	while (ms > 0 && nanosleep(&left, &left) < 0 && errno == EINTR)
		;
}

/* ---- asking ---- */

/* Of one run of all its threads. */
struct asking {
	struct verifier *verifier;
	struct verify_item *items;
	struct http **https; /* a thread's own */
	struct http_reply *replies;
	struct err err;
	atomic_int refused;      /* libcurl cannot keep what we promise */
	atomic_int stop;         /* enum live_reason of what is not asked any more; 0 */
	atomic_uint failures;    /* answers in a row that said nothing */
	atomic_llong not_before; /* now_ms() from which on the server may be asked again */
	int64_t deadline;        /* now_ms() from which on nothing is asked any more */
};

static void stop(struct asking *a, enum live_reason reason)
{
	int none = 0;

	atomic_compare_exchange_strong(&a->stop, &none, (int)reason);
}

/* Whether nothing more is sent: somebody stopped it, or it has taken too long. */
static bool is_stopped(struct asking *a)
{
	if (now_ms() >= a->deadline)
		stop(a, LIVE_GIVEN_UP);
	return atomic_load(&a->refused) || atomic_load(&a->stop);
}

/* Nobody asks for the next seconds; for longer, nobody asks at all. */
static void hold_back(struct asking *a, long seconds)
{
	if (seconds > WAIT_MAX_S)
		stop(a, LIVE_RATE_LIMITED);
	else if (seconds > 0)
		atomic_store(&a->not_before, now_ms() + seconds * 1000);
}

/* What an answer means for the questions that are still to come. */
static void learn(struct asking *a, const struct live *live, const struct http_reply *reply)
{
	bool said = live->status != LIVE_UNKNOWN || live->reason == LIVE_REFUSED;

	if (live->reason == LIVE_RATE_LIMITED || live->reason == LIVE_NO_TLS)
		stop(a, live->reason == LIVE_NO_TLS ? LIVE_GIVEN_UP : LIVE_RATE_LIMITED);
	else if (reply->remaining == 0)
		hold_back(a, reply->resets < 0 ? WAIT_MAX_S + 1 : reply->resets);
	if (said)
		atomic_store(&a->failures, 0);
	else if (atomic_fetch_add(&a->failures, 1) + 1 >= FAILURES_MAX)
		stop(a, LIVE_GIVEN_UP);
}

/* How long to wait before the same is asked again; negative: it is not. */
static int64_t wait_before(unsigned try, const struct live *live, const struct http_reply *reply)
{
	if (live->reason != LIVE_SERVER_ERROR || try + 1 >= TRIES_MAX ||
	    reply->retry_after > WAIT_MAX_S)
		return -1;
	return reply->retry_after >= 0 ? reply->retry_after * 1000 : 500 << try;
}

/* False when libcurl refused. */
static bool ask_once(struct asking *a, unsigned worker, struct verify_item *item)
{
	struct http_reply *reply = &a->replies[worker];
	struct err err;

	if (http_get(a->https[worker], WHOAMI_PATH, item->secret, reply, &err) < 0) {
		if (!atomic_exchange(&a->refused, 1))
			a->err = err;
		return false;
	}
	whoami_read(&item->live, reply);
	return true;
}

static void ask(struct asking *a, unsigned worker, struct verify_item *item)
{
	const struct http_reply *reply = &a->replies[worker];
	int64_t wait = 0;

	for (unsigned try = 0; wait >= 0; try++) {
		sleep_ms(wait);
		sleep_ms(atomic_load(&a->not_before) - now_ms());
		if (is_stopped(a)) { /* by another thread, or in the time slept */
			if (try == 0)
				live_unknown(&item->live, (enum live_reason)atomic_load(&a->stop));
			return;
		}
		if (!ask_once(a, worker, item))
			return;
		wait = wait_before(try, &item->live, reply);
	}
	learn(a, &item->live, reply);
}

static void work(unsigned worker, size_t i, void *payload)
{
	struct asking *a = payload;
	struct verify_item *item = &a->items[i];
	const struct kind *kind = kind_of(item->secret);
	int64_t now = (int64_t)time(NULL);

	item->live.checked_at = now;
	if (kind && kind->is_jwt)
		claims_read(&item->live, item->secret, now);
	if (item->live.status == LIVE_DEAD)
		return;
	if (!kind || !kind->asks)
		live_unknown(&item->live, LIVE_NOT_ASKABLE);
	else if (is_stopped(a))
		live_unknown(&item->live, (enum live_reason)atomic_load(&a->stop));
	else
		ask(a, worker, item);
}

static int open_threads(struct asking *a, unsigned jobs, struct err *err)
{
	const struct verifier *v = a->verifier;
	int rc = 0;

	a->https = xcalloc(jobs, sizeof(*a->https));
	a->replies = xcalloc(jobs, sizeof(*a->replies));
	for (unsigned i = 0; i < jobs; i++)
		http_reply_init(&a->replies[i]);
	for (unsigned i = 0; rc == 0 && i < jobs; i++)
		rc = http_new(&a->https[i], &v->curl, &v->endpoint, v->options.timeout_s, err);
	return rc;
}

static void close_threads(struct asking *a, unsigned jobs)
{
	for (unsigned i = 0; i < jobs; i++) {
		http_free(a->https[i]);
		http_reply_dispose(&a->replies[i]);
	}
	free(a->https);
	free(a->replies);
}

int verify_run(struct verifier *v, struct verify_item *items, size_t count, struct err *err)
{
	struct asking a = {.verifier = v, .items = items};
	unsigned jobs = v->options.jobs < count ? v->options.jobs : (unsigned)(count ? count : 1);
	int rc = open_threads(&a, jobs, err);

	a.deadline = now_ms() + FAILURES_MAX * 1000LL * v->options.timeout_s +
		     (int64_t)count * PATIENCE_MS;
	if (rc == 0)
		pool_each(jobs, count, work, &a);
	if (rc == 0 && atomic_load(&a.refused)) {
		*err = a.err;
		rc = a.err.code;
	}
	close_threads(&a, jobs);
	return rc;
}
