/* One lock, one stack, one count of who is at work: when the stack is empty and
 * nobody is at work, nothing can come any more. */
#include "base/pool.h"

#include "base/alloc.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	void **items;
	size_t count, cap;
	unsigned busy, waiting;
	pool_fn work;
	void *payload;
};

struct seat {
	struct pool *pool;
	unsigned worker;
	pthread_t thread;
};

void pool_push(struct pool *pool, void *item)
{
	pthread_mutex_lock(&pool->lock);
	grow_array(&pool->items, &pool->cap, pool->count, sizeof(*pool->items));
	pool->items[pool->count++] = item;
	if (pool->waiting)
		pthread_cond_signal(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
}

/* The next item, or NULL when all is done. was_busy: this worker did one. */
static void *take(struct pool *pool, bool was_busy)
{
	void *item = NULL;

	pthread_mutex_lock(&pool->lock);
	pool->busy -= was_busy;
	while (pool->count == 0 && pool->busy > 0) {
		pool->waiting++;
		pthread_cond_wait(&pool->changed, &pool->lock);
		pool->waiting--;
	}
	if (pool->count > 0) {
		item = pool->items[--pool->count];
		pool->busy++;
	} else {
		pthread_cond_broadcast(&pool->changed);
	}
	pthread_mutex_unlock(&pool->lock);
	return item;
}

static void *sit(void *arg)
{
	struct seat *seat = arg;
	struct pool *pool = seat->pool;
	void *item = take(pool, false);

	while (item) {
		pool->work(pool, seat->worker, item, pool->payload);
		item = take(pool, true);
	}
	return NULL;
}

void pool_run(unsigned jobs, pool_fn work, void *payload, void *seed)
{
	struct pool pool = {.work = work, .payload = payload};
	struct seat *seats = xcalloc(jobs, sizeof(*seats));
	unsigned started = 1;

	pthread_mutex_init(&pool.lock, NULL);
	pthread_cond_init(&pool.changed, NULL);
	pool_push(&pool, seed);
	for (unsigned i = 0; i < jobs; i++)
		seats[i] = (struct seat){.pool = &pool, .worker = i};
	while (started < jobs &&
	       pthread_create(&seats[started].thread, NULL, sit, &seats[started]) == 0)
		started++;
	sit(&seats[0]);
	while (--started > 0)
		pthread_join(seats[started].thread, NULL);
	pthread_cond_destroy(&pool.changed);
	pthread_mutex_destroy(&pool.lock);
	free(pool.items);
	free(seats);
}

/* ---- a row of items, known beforehand ---- */

struct row {
	atomic_size_t next;
	size_t count;
	pool_each_fn work;
	void *payload;
};

struct taker {
	struct row *row;
	unsigned worker;
	pthread_t thread;
};

static void *take_each(void *arg)
{
	struct taker *taker = arg;
	struct row *row = taker->row;
	size_t i;

	while ((i = atomic_fetch_add(&row->next, 1)) < row->count)
		row->work(taker->worker, i, row->payload);
	return NULL;
}

void pool_each(unsigned jobs, size_t count, pool_each_fn work, void *payload)
{
	struct row row = {.count = count, .work = work, .payload = payload};
	struct taker *takers = xcalloc(jobs, sizeof(*takers));
	unsigned started = 1;

	for (unsigned i = 0; i < jobs; i++)
		takers[i] = (struct taker){.row = &row, .worker = i};
	while (started < jobs && started < count &&
	       pthread_create(&takers[started].thread, NULL, take_each, &takers[started]) == 0)
		started++;
	take_each(&takers[0]);
	while (--started > 0)
		pthread_join(takers[started].thread, NULL);
	free(takers);
}
