/* base/pool: every item is done once, whoever pushed it and however many
 * threads there are, and then the pool returns. */
#include "base/pool.h"

#include "base/alloc.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

/* Rather killed than waiting for ever for a pool that does not return. */
#define PATIENCE_SECONDS 300

#define JOBS_MAX 64

/* Items are numbers from 1; item n pushes its children n * fan - fan + 2 ... n * fan + 1,
 * as far as they are no more than count: a tree in which each number has one parent. */
struct work {
	unsigned jobs, count, fan;
	atomic_uchar *done; /* times, by item */
	atomic_uint by_worker[JOBS_MAX];
	atomic_uint strangers; /* worker numbers that cannot be */
	pthread_t caller;
	atomic_uint elsewhere; /* items worker 0 did in another thread */
};

static void do_item(struct pool *pool, unsigned worker, void *item, void *payload)
{
	const struct timespec nap = {.tv_nsec = 200000};
	struct work *w = payload;
	unsigned n = (unsigned)(uintptr_t)item;

	atomic_fetch_add(&w->done[n], 1);
	if (worker >= w->jobs) {
		atomic_fetch_add(&w->strangers, 1);
		return;
	}
	atomic_fetch_add(&w->by_worker[worker], 1);
	if (worker == 0 && !pthread_equal(pthread_self(), w->caller))
		atomic_fetch_add(&w->elsewhere, 1);
	if (n % 64 == 1 && w->count > 64) /* lets the other threads come up */
		nanosleep(&nap, NULL);
	for (unsigned child = (n - 1) * w->fan + 2; child <= n * w->fan + 1; child++)
		if (child <= w->count)
			pool_push(pool, (void *)(uintptr_t)child);
}

static void every_item_is_done_once(void **state)
{
	static const struct {
		unsigned jobs, count, fan;
	} cases[] = {
		{1, 1, 1},    {1, 2000, 1}, {1, 2000, 2000}, {2, 1, 1},    {2, 2000, 1},
		{2, 2000, 2}, {8, 1, 1},    {8, 2000, 1},    {8, 2000, 3}, {8, 2000, 2000},
		{64, 1, 1},   {64, 3, 2},   {64, 2000, 64},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct work w = {.jobs = cases[i].jobs,
				 .count = cases[i].count,
				 .fan = cases[i].fan,
				 .caller = pthread_self()};
		unsigned sum = 0;

		w.done = xcalloc(w.count + 1, sizeof(*w.done));
		pool_run(w.jobs, do_item, &w, (void *)(uintptr_t)1);
		for (unsigned n = 1; n <= w.count; n++)
			if (w.done[n] != 1)
				fail_msg("case %zu: item %u done %u times", i, n, w.done[n]);
		for (unsigned worker = 0; worker < JOBS_MAX; worker++)
			sum += w.by_worker[worker];
		assert_int_equal(sum, w.count);
		assert_int_equal(w.strangers, 0);
		assert_int_equal(w.elsewhere, 0);
		free(w.done);
	}
}

static void a_pool_of_little_work_returns_again_and_again(void **state)
{
	for (unsigned run = 0; run < 200; run++) {
		struct work w = {.jobs = 1 + run % 16,
				 .count = 1 + run % 7,
				 .fan = 1 + run % 3,
				 .caller = pthread_self()};
		unsigned sum = 0;

		w.done = xcalloc(w.count + 1, sizeof(*w.done));
		pool_run(w.jobs, do_item, &w, (void *)(uintptr_t)1);
		for (unsigned n = 1; n <= w.count; n++)
			sum += w.done[n];
		assert_int_equal(sum, w.count);
		free(w.done);
	}
}

/* ---- order ---- */

struct log {
	unsigned order[32];
	size_t count;
};

/* 1 pushes 2 and 3, 3 pushes 4 and 5. */
static void log_item(struct pool *pool, unsigned worker, void *item, void *payload)
{
	struct log *log = payload;
	unsigned n = (unsigned)(uintptr_t)item;

	log->order[log->count++] = n;
	for (unsigned child = n + 1; (n == 1 || n == 3) && child <= n + 2; child++)
		pool_push(pool, (void *)(uintptr_t)child);
}

static void the_last_that_came_goes_first(void **state)
{
	static const unsigned wanted[] = {1, 3, 5, 4, 2};
	struct log log = {.count = 0};

	pool_run(1, log_item, &log, (void *)(uintptr_t)1);
	assert_int_equal(log.count, sizeof(wanted) / sizeof(*wanted));
	assert_memory_equal(log.order, wanted, sizeof(wanted));
}

/* ---- at once ---- */

struct meeting {
	unsigned wanted;
	atomic_uint there;
	atomic_bool met, late;
};

/* The seed invites when nobody else has anything to do any more; each guest
 * stays until all are there, or until it is too late. */
static void attend(struct pool *pool, unsigned worker, void *item, void *payload)
{
	const struct timespec nap = {.tv_nsec = 1000000};
	struct meeting *m = payload;

	if ((uintptr_t)item == 1) {
		for (int naps = 0; naps < 50; naps++)
			nanosleep(&nap, NULL);
		for (unsigned guest = 0; guest < m->wanted; guest++)
			pool_push(pool, (void *)(uintptr_t)2);
		return;
	}
	if (atomic_fetch_add(&m->there, 1) + 1 == m->wanted)
		m->met = true;
	for (int naps = 0; !m->met && !m->late; naps++) {
		nanosleep(&nap, NULL);
		m->late |= naps == 5000;
	}
	atomic_fetch_sub(&m->there, 1);
}

static void as_many_items_as_jobs_are_done_at_once(void **state)
{
	struct meeting m = {.wanted = 8};

	pool_run(8, attend, &m, (void *)(uintptr_t)1);
	assert_true(m.met);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_item_is_done_once),
		cmocka_unit_test(a_pool_of_little_work_returns_again_and_again),
		cmocka_unit_test(the_last_that_came_goes_first),
		cmocka_unit_test(as_many_items_as_jobs_are_done_at_once),
	};

	alarm(PATIENCE_SECONDS);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
