/*
 * Threads that take items of work from one stack until it is empty. An item
 * may push more. Last in, first out, so that a tree is walked depth first and
 * the stack stays as high as the tree is deep.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stddef.h>

struct pool;

/* Does one item; worker: [0, jobs). May call pool_push(). */
typedef void (*pool_fn)(struct pool *pool, unsigned worker, void *item, void *payload);

/*
 * Runs until every item is done: seed, and all that were pushed. With jobs 1,
 * and where no thread can be started, in the calling thread, which is worker 0
 * in any case.
 */
void pool_run(unsigned jobs, pool_fn work, void *payload, void *seed);

/* From inside pool_fn only; any worker. */
void pool_push(struct pool *pool, void *item);

/* Calls work(worker, i) for every i < count, on as many threads, each taking the
 * next that is left; returns when all are done. */
typedef void (*pool_each_fn)(unsigned worker, size_t i, void *payload);
void pool_each(unsigned jobs, size_t count, pool_each_fn work, void *payload);

#endif
