/*
 * The visit of all objects: workers read stretch by stretch, then what took too much
 * memory is read by one with all of it, and what was broken in one place is looked for in
 * the others.
 */
#include "source/pack/odb_private.h"
#include "source/pack/odb_stretches.h"
#include "source/pack/odb_worker.h"

#include "base/alloc.h"
#include "base/pool.h"

#include <stdlib.h>

struct visit {
	struct odb *odb;
	const struct odb_visit *how;
	struct odb_worker *workers;
	struct stretches stretches;
};

/* ---- stretches ---- */

static void visit_stretch(unsigned worker, size_t i, void *payload)
{
	struct visit *visit = payload;
	struct odb_worker *w = &visit->workers[worker];
	const struct stretch *s = &visit->stretches.list[i];

	if (s->store != ODB_LOOSE) {
		odb_worker_pack(w, s->store, visit->stretches.orders[s->store] + s->beg,
				s->end - s->beg);
		return;
	}
	for (uint32_t at = s->beg; at < s->end; at++)
		odb_worker_loose(w, at);
}

/* ---- what took too much memory ---- */

uint64_t odb_share(uint64_t max_bytes, unsigned jobs, const struct odb_gate *gate)
{
	return max_bytes / jobs / (gate ? gate->parts : 1);
}

static void begin_alone(const struct odb_gate *gate)
{
	if (gate)
		gate->begin(gate->payload);
}

static void end_alone(const struct odb_gate *gate)
{
	if (gate)
		gate->end(gate->payload);
}

static int order_postponed(const void *left, const void *right)
{
	const struct postponed *a = left, *b = right;

	if (a->store != b->store)
		return a->store < b->store ? -1 : 1;
	return (a->rank > b->rank) - (a->rank < b->rank);
}

/* Those of one pack together, so that no way is built twice. */
static void rebuild_postponed(struct odb_worker *w, const struct postponed *all, size_t count)
{
	const struct pack *packs = w->odb->packs;
	uint32_t *nodes = xcalloc(count, sizeof(*nodes)), kept = 0;

	for (size_t i = 0; i < count; i++) {
		nodes[kept++] = packs[all[i].store].order[all[i].rank];
		if (i + 1 < count && all[i + 1].store == all[i].store)
			continue;
		odb_worker_pack(w, all[i].store, nodes, kept);
		kept = 0;
	}
	free(nodes);
}

/* With all the memory there is, one worker for all. */
static void visit_postponed(struct visit *visit)
{
	struct odb_worker *w = &visit->workers[0];
	struct postponed *all = NULL;
	size_t count = 0, cap = 0;

	for (unsigned i = 0; i < visit->how->jobs; i++)
		for (size_t j = 0; j < visit->workers[i].postponed_count; j++) {
			grow_array(&all, &cap, count, sizeof(*all));
			all[count++] = visit->workers[i].postponed[j];
		}
	if (!count)
		return;
	qsort(all, count, sizeof(*all), order_postponed);
	begin_alone(visit->how->gate);
	w->is_last = true;
	w->rebuilder = rebuilder_new(visit->how->max_bytes);
	rebuild_postponed(w, all, count);
	odb_worker_rest(w);
	end_alone(visit->how->gate);
	free(all);
}

/* ---- what was broken in one place ---- */

static void visit_copies(struct visit *visit)
{
	size_t broken = 0;

	for (unsigned i = 0; i < visit->how->jobs; i++)
		broken += visit->workers[i].broken_count;
	if (!broken)
		return;
	begin_alone(visit->how->gate);
	for (unsigned i = 0; i < visit->how->jobs; i++)
		for (size_t j = 0; j < visit->workers[i].broken_count; j++) {
			uint32_t number = visit->workers[i].broken[j];
			enum object_type type;
			unsigned char *bytes;
			struct err err;
			size_t len;

			visit->workers[0].is_last = true;
			if (odb_read(visit->odb, number, visit->how->max_bytes, &type, &bytes, &len,
				     &err) < 0) {
				odb_worker_broken(&visit->workers[0], number, &err);
				continue;
			}
			if (visit->how->types & 1u << type)
				odb_worker_object(&visit->workers[0], number, type,
						  slice_of(bytes, len), NULL);
			wipe(bytes, len);
			free(bytes);
		}
	end_alone(visit->how->gate);
}

/* ---- the visit ---- */

static void open_workers(struct visit *visit, const struct odb_visitor *visitor)
{
	visit->workers = xcalloc_lines(visit->how->jobs, sizeof(*visit->workers));
	for (unsigned i = 0; i < visit->how->jobs; i++)
		odb_worker_open(&visit->workers[i], visit->odb, visit->how, visitor, i);
}

static void close_workers(struct visit *visit)
{
	for (unsigned i = 0; i < visit->how->jobs; i++)
		odb_worker_close(&visit->workers[i]);
	free(visit->workers);
}

/* Objects that no family holds, in the packs they are read from. */
static void tell_orphans(struct visit *visit)
{
	const struct odb *odb = visit->odb;
	struct err err;

	err_set(&err, HF_EFORMAT, "what it is a delta of is missing or broken");
	for (size_t store = 0; store < odb->pack_count; store++) {
		const struct pack *pack = &odb->packs[store];
		uint32_t left = pack->count - pack->ordered;

		for (uint32_t node = 0; left > 0; node++) {
			uint32_t number = odb->numbers[store][node];

			if (pack->nodes[node].type != OBJECT_NONE)
				continue;
			left--;
			if (number != ODB_NO_OBJECT)
				odb_worker_broken(&visit->workers[0], number, &err);
		}
	}
}

/* Those whose place in the pack the index gives wrongly. */
static void tell_misplaced(struct visit *visit)
{
	const struct odb *odb = visit->odb;
	uint32_t misplaced = 0;
	struct err err;

	for (size_t store = 0; store < odb->pack_count; store++)
		misplaced += odb->packs[store].misplaced;
	if (!misplaced)
		return;
	err_set(&err, HF_EFORMAT, "the index gives it no place of its own in its pack");
	for (uint32_t number = 0; number < odb->count; number++) {
		struct odb_place place = odb->places[number];

		if (place.store != ODB_LOOSE &&
		    odb->packs[place.store].node_of[place.at] == PACK_NO_NODE)
			odb_worker_broken(&visit->workers[0], number, &err);
	}
}

void odb_visit(struct odb *odb, const struct odb_visit *how, const struct odb_visitor *visitor)
{
	struct visit visit = {.odb = odb, .how = how};

	open_workers(&visit, visitor);
	stretches_cut(&visit.stretches, odb, how);
	pool_each(how->jobs, visit.stretches.count, visit_stretch, &visit);
	for (unsigned i = 0; i < how->jobs; i++)
		odb_worker_rest(&visit.workers[i]);
	visit_postponed(&visit);
	if (!how->wanted) {
		tell_orphans(&visit);
		tell_misplaced(&visit);
	}
	visit_copies(&visit);
	stretches_dispose(&visit.stretches);
	close_workers(&visit);
}
