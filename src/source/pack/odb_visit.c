/*
 * The order of all packs together is cut into stretches of about the same cost,
 * whatever families they cut through; each worker takes the next that is left.
 * So no family, however large, keeps one core busy while others idle. Towards
 * the end stretches get smaller, so that all workers end together, and what holds
 * a large object goes before: that cannot be cut, and it may be an archive.
 */
#include "source/pack/odb_private.h"

#include "base/alloc.h"
#include "base/pool.h"

#include <stdlib.h>

/* A stretch is this part of what a worker would get of all that is left: few
 * enough that rebuilding the bases at their beginning does not count. */
#define SHARE       4
#define STRETCH_MIN ((uint64_t)1 << 20)
/* So much of an order is listed and weighed at a time. */
#define ORDER_PART  ((uint32_t)4096)
#define LOOSE_BATCH ((uint32_t)128)
/* What an object costs besides the bytes that are inflated for it, in bytes: some 2
 * microseconds, where a byte takes 3 nanoseconds. What a delta copies is much less. */
#define OBJECT_COST ((uint64_t)700)
#define COPY_SHARE  ((uint64_t)32)
/* What is inside an archive is inflated, too, and all of it is searched. */
#define LARGEST_COST ((uint64_t)8)

struct stretch {
	uint32_t store; /* ODB_LOOSE: beg and end count loose objects */
	uint32_t beg, end;
	uint64_t weight; /* those that weigh most are begun first */
};

struct postponed {
	uint32_t store, rank; /* in its pack's order */
};

struct worker {
	struct visit *visit;
	unsigned number;
	struct rebuilder *rebuilder;
	struct inflater *inflater;
	struct stream_buffer buffer;
	const uint32_t *numbers; /* of the pack at work */
	uint32_t store;
	struct postponed *postponed;
	size_t postponed_count, postponed_cap;
	uint32_t *broken; /* numbers of objects that are broken here, but stored elsewhere too */
	size_t broken_count, broken_cap;
	bool is_last; /* there is no more memory to be had */
};

struct visit {
	struct odb *odb;
	const struct odb_visit *how;
	const struct odb_visitor *visitor;
	struct worker *workers;
	uint32_t **orders; /* for each pack, the nodes to visit */
	uint32_t *order_counts;
	struct stretch *stretches;
	size_t stretch_count, stretch_cap;
};

/* ---- what a rebuilder gives ---- */

static void tell_object(struct worker *w, uint32_t number, enum object_type type,
			struct slice bytes, struct stream *stream)
{
	const struct odb_visitor *v = w->visit->visitor;
	struct odb_object object = {number, type, bytes, stream};

	v->object(v->payload, w->number, &object);
}

static void on_object(void *payload, const struct pack *pack, uint32_t node, struct slice bytes)
{
	struct worker *w = payload;

	tell_object(w, w->numbers[node], pack->nodes[node].type, bytes, NULL);
}

static void on_large(void *payload, const struct pack *pack, uint32_t node, struct stream *bytes)
{
	struct worker *w = payload;

	tell_object(w, w->numbers[node], pack->nodes[node].type, SLICE(""), bytes);
}

static void tell_broken(struct worker *w, uint32_t number, const struct err *why)
{
	const struct odb_visitor *v = w->visit->visitor;
	size_t copies;

	odb_copies(w->visit->odb, number, &copies);
	if (copies && why->code != HF_ELIMIT && !w->is_last) {
		grow_array(&w->broken, &w->broken_cap, w->broken_count, sizeof(*w->broken));
		w->broken[w->broken_count++] = number;
		return;
	}
	v->broken(v->payload, w->number, number, why);
}

static void on_broken(void *payload, const struct pack *pack, uint32_t node, const struct err *why)
{
	struct worker *w = payload;

	tell_broken(w, w->numbers[node], why);
}

static void on_postponed(void *payload, const struct pack *pack, uint32_t node)
{
	struct worker *w = payload;
	struct err err;

	if (w->is_last) {
		err_set(&err, HF_ELIMIT, "it takes more memory than --max-memory allows");
		tell_broken(w, w->numbers[node], &err);
		return;
	}
	grow_array(&w->postponed, &w->postponed_cap, w->postponed_count, sizeof(*w->postponed));
	w->postponed[w->postponed_count++] = (struct postponed){w->store, pack->nodes[node].rank};
}

static bool is_worth(void *payload, struct slice bytes)
{
	const struct odb_visitor *v = ((struct worker *)payload)->visit->visitor;

	return v->worth(v->payload, bytes);
}

static bool is_of_kind(void *payload, struct slice bytes)
{
	const struct odb_visitor *v = ((struct worker *)payload)->visit->visitor;

	return v->kind(v->payload, bytes);
}

static void on_clean(void *payload, const struct pack *pack, uint32_t node, uint64_t size)
{
	struct worker *w = payload;
	const struct odb_visitor *v = w->visit->visitor;

	v->clean(v->payload, w->number, size);
}

static void rebuild_nodes(struct worker *w, uint32_t store, const uint32_t *nodes, uint32_t count)
{
	const struct odb_visitor *v = w->visit->visitor;
	struct rebuild_sink sink = {
		.object = on_object,
		.large = on_large,
		.broken = on_broken,
		.postponed = on_postponed,
		.worth = v->worth ? is_worth : NULL,
		.kind = v->kind ? is_of_kind : NULL,
		.seams = v->seams,
		.clean = on_clean,
		.payload = w,
	};

	w->store = store;
	w->numbers = w->visit->odb->numbers[store];
	rebuild(w->rebuilder, &w->visit->odb->packs[store], nodes, count, &sink);
}

/* ---- loose objects ---- */

static void read_loose(struct worker *w, uint32_t number, struct loose_file *file)
{
	size_t size = file->header + (size_t)file->size;
	unsigned char *bytes;
	struct err err;

	if (loose_read(file, w->inflater, &bytes, &err) < 0) {
		tell_broken(w, number, &err);
		return;
	}
	tell_object(w, number, file->type, slice_of(bytes + file->header, (size_t)file->size),
		    NULL);
	wipe(bytes, size);
	free(bytes);
}

static void stream_loose(struct worker *w, uint32_t number, struct loose_file *file)
{
	struct inflate_pieces *pieces = inflate_pieces_new(file->map);
	struct stream stream;
	struct err err;

	if (inflate_pieces_skip(pieces, file->header, &err) < 0) {
		tell_broken(w, number, &err);
	} else {
		inflate_pieces_stream(pieces, &stream, &w->buffer, file->size);
		tell_object(w, number, file->type, SLICE(""), &stream);
		err_set(&err, HF_EFORMAT, "it is broken, or has not the size it says");
		if (inflate_pieces_failed(pieces))
			tell_broken(w, number, &err);
	}
	inflate_pieces_free(pieces);
}

static void give_loose(struct worker *w, uint32_t number, struct loose_file *file)
{
	const struct odb_visit *how = w->visit->how;
	bool fits = file->size <= odb_share(how->max_bytes, how->jobs, how->gate);
	struct err err;

	if (file->type == OBJECT_BLOB && (!fits || file->size > REBUILD_STREAMED)) {
		stream_loose(w, number, file);
	} else if (fits) {
		read_loose(w, number, file);
	} else {
		err_set(&err, HF_ELIMIT, "it takes more memory than --max-memory allows");
		tell_broken(w, number, &err);
	}
}

static void visit_loose(struct worker *w, uint32_t at)
{
	struct odb *odb = w->visit->odb;
	const struct odb_visit *how = w->visit->how;
	const struct loose *loose = &odb->loose[at];
	uint32_t number = odb_find(odb, loose->oid.raw);
	struct loose_file file;
	struct err err;

	if (odb->places[number].store != ODB_LOOSE || odb->places[number].at != at ||
	    (how->wanted && !bit_get(how->wanted, number)))
		return; /* it is stored elsewhere too, and read there */
	if (loose_open(&file, odb->dirs.list[loose->dir], &loose->oid, &err) < 0) {
		tell_broken(w, number, &err);
		return;
	}
	odb->loose_types[at] = (uint8_t)file.type;
	if (how->types & 1u << file.type)
		give_loose(w, number, &file);
	loose_close(&file);
}

/* ---- stretches ---- */

static void visit_stretch(unsigned worker, size_t i, void *payload)
{
	struct visit *visit = payload;
	struct worker *w = &visit->workers[worker];
	const struct stretch *s = &visit->stretches[i];

	if (s->store != ODB_LOOSE) {
		rebuild_nodes(w, s->store, visit->orders[s->store] + s->beg, s->end - s->beg);
		return;
	}
	for (uint32_t at = s->beg; at < s->end; at++)
		visit_loose(w, at);
}

static uint32_t part_count(uint32_t count)
{
	return count / ORDER_PART + (count % ORDER_PART != 0);
}

static uint32_t part_end(uint32_t count, size_t part)
{
	uint32_t beg = (uint32_t)part * ORDER_PART;

	return count - beg < ORDER_PART ? count : beg + ORDER_PART;
}

/* One pack's order, part by part. */
struct listing {
	struct visit *visit;
	uint32_t store;
	uint32_t *kept;  /* of each part, when all is listed */
	uint64_t *costs; /* of each part, when it is weighed */
};

static void list_part(unsigned worker, size_t part, void *payload)
{
	const struct listing *l = payload;
	const struct pack *pack = &l->visit->odb->packs[l->store];
	const uint32_t *numbers = l->visit->odb->numbers[l->store];
	uint32_t *order = l->visit->orders[l->store] + part * ORDER_PART;

	for (uint32_t i = (uint32_t)part * ORDER_PART; i < part_end(pack->ordered, part); i++) {
		uint32_t node = pack->order[i];

		if (l->visit->how->types & 1u << pack->nodes[node].type &&
		    numbers[node] != ODB_NO_OBJECT)
			order[l->kept[part]++] = node;
	}
}

/* All of a pack's order but what is of another type, or read from elsewhere. */
static void list_all(struct visit *visit, uint32_t store)
{
	const struct pack *pack = &visit->odb->packs[store];
	uint32_t parts = part_count(pack->ordered), count = 0;
	uint32_t *order = xcalloc(pack->ordered, sizeof(*order));
	struct listing l = {visit, store, xcalloc(parts, sizeof(*l.kept)), NULL};

	visit->orders[store] = order;
	pool_each(visit->how->jobs, parts, list_part, &l);
	for (uint32_t part = 0; part < parts; part++) {
		memmove(order + count, order + (size_t)part * ORDER_PART,
			l.kept[part] * sizeof(*order));
		count += l.kept[part];
	}
	visit->order_counts[store] = count;
	free(l.kept);
}

static void want(struct visit *visit, uint32_t *caps, uint32_t number)
{
	struct odb_place place = visit->odb->places[number];
	const struct pack *pack;
	uint32_t node, *count;

	if (place.store == ODB_LOOSE)
		return;
	pack = &visit->odb->packs[place.store];
	node = pack->node_of[place.at];
	if (node == PACK_NO_NODE || !(visit->how->types & 1u << pack->nodes[node].type))
		return;
	count = &visit->order_counts[place.store];
	if (*count == caps[place.store]) {
		caps[place.store] = *count ? *count * 2 : 64;
		visit->orders[place.store] =
			xrealloc(visit->orders[place.store], caps[place.store] * sizeof(uint32_t));
	}
	visit->orders[place.store][(*count)++] = pack->nodes[node].rank;
}

static int order_ranks(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* The wanted ones, in the order of their packs. */
static void list_wanted(struct visit *visit)
{
	const struct odb *odb = visit->odb;
	uint32_t *caps = xcalloc(odb->pack_count, sizeof(*caps));

	for (uint32_t word = 0; word <= odb->count / 64; word++)
		for (uint64_t left = visit->how->wanted[word]; left; left &= left - 1) {
			uint32_t number = word * 64 + (uint32_t)__builtin_ctzll(left);

			if (number < odb->count)
				want(visit, caps, number);
		}
	for (size_t store = 0; store < odb->pack_count; store++) {
		uint32_t *order = visit->orders[store], count = visit->order_counts[store];

		if (count)
			qsort(order, count, sizeof(*order), order_ranks);
		for (uint32_t i = 0; i < count; i++)
			order[i] = odb->packs[store].order[order[i]];
	}
	free(caps);
}

static uint64_t root_size(const struct pack *pack, uint32_t node)
{
	while (pack->nodes[node].is_delta)
		node = pack->nodes[node].base;
	return pack->nodes[node].size;
}

/* The size of a family's root stands for that of what its members copy. */
static uint64_t cost_of(const struct pack *pack, uint32_t node, uint64_t *root)
{
	const struct pack_node *n = &pack->nodes[node];

	if (!n->is_delta)
		*root = n->size;
	return OBJECT_COST + n->size + (n->is_delta ? *root / COPY_SHARE : 0);
}

static void weigh_part(unsigned worker, size_t part, void *payload)
{
	const struct listing *l = payload;
	const struct pack *pack = &l->visit->odb->packs[l->store];
	const uint32_t *order = l->visit->orders[l->store];
	uint32_t beg = (uint32_t)part * ORDER_PART;
	uint64_t root = root_size(pack, order[beg]), cost = 0;

	for (uint32_t i = beg; i < part_end(l->visit->order_counts[l->store], part); i++)
		cost += cost_of(pack, order[i], &root);
	l->costs[part] = cost;
}

/* The cost of each part of a pack's order, which the caller frees. */
static uint64_t *weigh(struct visit *visit, uint32_t store, uint64_t *total)
{
	uint32_t parts = part_count(visit->order_counts[store]);
	struct listing l = {visit, store, NULL, xcalloc(parts, sizeof(*l.costs))};

	pool_each(visit->how->jobs, parts, weigh_part, &l);
	for (uint32_t part = 0; part < parts; part++)
		*total += l.costs[part];
	return l.costs;
}

static void add_stretch(struct visit *visit, uint32_t store, uint32_t beg, uint32_t end,
			uint64_t weight)
{
	if (beg == end)
		return;
	grow_array(&visit->stretches, &visit->stretch_cap, visit->stretch_count,
		   sizeof(*visit->stretches));
	visit->stretches[visit->stretch_count++] = (struct stretch){store, beg, end, weight};
}

/* Of a stretch; those of many objects go first anyhow. */
static uint64_t largest_in(const struct pack *pack, const uint32_t *order, uint32_t count)
{
	uint64_t largest = 0;

	for (uint32_t i = 0; count <= ORDER_PART && i < count; i++)
		if (!pack->nodes[order[i]].is_delta && pack->nodes[order[i]].size > largest)
			largest = pack->nodes[order[i]].size;
	return largest;
}

static void cut_off(struct visit *visit, uint32_t store, uint32_t beg, uint32_t end, uint64_t cost)
{
	uint64_t largest =
		largest_in(&visit->odb->packs[store], visit->orders[store] + beg, end - beg);

	add_stretch(visit, store, beg, end, cost + largest * LARGEST_COST);
}

static uint64_t next_cost(const struct visit *visit, uint64_t left)
{
	uint64_t cost = left / ((uint64_t)visit->how->jobs * SHARE);

	return cost > STRETCH_MIN ? cost : STRETCH_MIN;
}

/* left: the cost of all that is not cut yet. */
static void cut_order(struct visit *visit, uint32_t store, const uint64_t *costs, uint64_t *left)
{
	const struct pack *pack = &visit->odb->packs[store];
	uint32_t count = visit->order_counts[store], beg = 0;
	const uint32_t *order = visit->orders[store];
	uint64_t cost = 0, most = next_cost(visit, *left);

	for (uint32_t part = 0; part < part_count(count); part++) {
		uint64_t root;

		if (cost + costs[part] < most) {
			cost += costs[part];
			continue;
		}
		root = root_size(pack, order[part * ORDER_PART]);
		for (uint32_t i = part * ORDER_PART; i < part_end(count, part); i++) {
			cost += cost_of(pack, order[i], &root);
			if (cost < most)
				continue;
			cut_off(visit, store, beg, i + 1, cost);
			beg = i + 1;
			*left -= cost;
			cost = 0;
			most = next_cost(visit, *left);
		}
	}
	cut_off(visit, store, beg, count, cost);
	*left -= cost;
}

static int order_stretches(const void *left, const void *right)
{
	const struct stretch *a = left, *b = right;

	return (a->weight < b->weight) - (a->weight > b->weight);
}

static void cut_all(struct visit *visit)
{
	uint32_t packs = (uint32_t)visit->odb->pack_count;
	uint32_t loose = (uint32_t)visit->odb->loose_count;
	uint64_t **costs = xcalloc(packs, sizeof(*costs)), left = 0;

	visit->orders = xcalloc(packs, sizeof(*visit->orders));
	visit->order_counts = xcalloc(packs, sizeof(*visit->order_counts));
	for (uint32_t store = 0; !visit->how->wanted && store < packs; store++)
		list_all(visit, store);
	if (visit->how->wanted)
		list_wanted(visit);
	for (uint32_t store = 0; store < packs; store++)
		costs[store] = weigh(visit, store, &left);
	for (uint32_t store = 0; store < packs; store++) {
		cut_order(visit, store, costs[store], &left);
		free(costs[store]);
	}
	free(costs);
	if (visit->stretch_count)
		qsort(visit->stretches, visit->stretch_count, sizeof(*visit->stretches),
		      order_stretches);
	for (uint32_t at = 0; at < loose; at += LOOSE_BATCH)
		add_stretch(visit, ODB_LOOSE, at,
			    loose - at < LOOSE_BATCH ? loose : at + LOOSE_BATCH, 0);
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
static void rebuild_postponed(struct worker *w, const struct postponed *all, size_t count)
{
	const struct pack *packs = w->visit->odb->packs;
	uint32_t *nodes = xcalloc(count, sizeof(*nodes)), kept = 0;

	for (size_t i = 0; i < count; i++) {
		nodes[kept++] = packs[all[i].store].order[all[i].rank];
		if (i + 1 < count && all[i + 1].store == all[i].store)
			continue;
		rebuild_nodes(w, all[i].store, nodes, kept);
		kept = 0;
	}
	free(nodes);
}

/* With all the memory there is, one worker for all. */
static void visit_postponed(struct visit *visit)
{
	struct worker *w = &visit->workers[0];
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
	rebuilder_free(w->rebuilder);
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
				tell_broken(&visit->workers[0], number, &err);
				continue;
			}
			if (visit->how->types & 1u << type)
				tell_object(&visit->workers[0], number, type, slice_of(bytes, len),
					    NULL);
			wipe(bytes, len);
			free(bytes);
		}
	end_alone(visit->how->gate);
}

/* ---- the visit ---- */

static void open_workers(struct visit *visit)
{
	unsigned jobs = visit->how->jobs;
	uint64_t share = odb_share(visit->how->max_bytes, jobs, visit->how->gate);

	visit->workers = xcalloc_lines(jobs, sizeof(*visit->workers));
	for (unsigned i = 0; i < jobs; i++) {
		struct worker *w = &visit->workers[i];

		w->visit = visit;
		w->number = i;
		w->rebuilder = rebuilder_new(share);
		w->inflater = inflater_new();
		stream_buffer_init(&w->buffer);
	}
}

static void close_workers(struct visit *visit)
{
	for (unsigned i = 0; i < visit->how->jobs; i++) {
		struct worker *w = &visit->workers[i];

		inflater_free(w->inflater);
		stream_buffer_dispose(&w->buffer);
		free(w->postponed);
		free(w->broken);
	}
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
				tell_broken(&visit->workers[0], number, &err);
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
			tell_broken(&visit->workers[0], number, &err);
	}
}

void odb_visit(struct odb *odb, const struct odb_visit *how, const struct odb_visitor *visitor)
{
	struct visit visit = {.odb = odb, .how = how, .visitor = visitor};

	open_workers(&visit);
	cut_all(&visit);
	pool_each(how->jobs, visit.stretch_count, visit_stretch, &visit);
	for (unsigned i = 0; i < how->jobs; i++)
		rebuilder_free(visit.workers[i].rebuilder);
	visit_postponed(&visit);
	if (!how->wanted) {
		tell_orphans(&visit);
		tell_misplaced(&visit);
	}
	visit_copies(&visit);
	for (size_t i = 0; i < odb->pack_count; i++)
		free(visit.orders[i]);
	free(visit.orders);
	free(visit.order_counts);
	free(visit.stretches);
	close_workers(&visit);
}

/* ---- one object ---- */

struct one {
	unsigned char *bytes;
	size_t len;
	struct err *err;
	int rc;
};

static void keep_bytes(void *payload, const struct pack *pack, uint32_t node, struct slice bytes)
{
	struct one *one = payload;

	one->bytes = (unsigned char *)xmemdup0(bytes.ptr, bytes.len);
	one->len = bytes.len;
	one->rc = 0;
}

static void keep_large(void *payload, const struct pack *pack, uint32_t node, struct stream *bytes)
{
	struct one *one = payload;

	one->rc = err_set(one->err, HF_ELIMIT, "it is too large to be held");
}

static void keep_error(void *payload, const struct pack *pack, uint32_t node, const struct err *why)
{
	struct one *one = payload;

	*one->err = *why;
	one->rc = why->code;
}

static void keep_postponed(void *payload, const struct pack *pack, uint32_t node)
{
	keep_large(payload, pack, node, NULL);
}

static int read_packed(struct odb *odb, struct odb_place place, uint64_t max_bytes, struct one *one)
{
	struct rebuild_sink sink = {.object = keep_bytes,
				    .large = keep_large,
				    .broken = keep_error,
				    .postponed = keep_postponed,
				    .payload = one};
	uint32_t node = odb->packs[place.store].node_of[place.at];

	if (node == PACK_NO_NODE || odb->packs[place.store].nodes[node].type == OBJECT_NONE)
		return err_set(one->err, HF_EFORMAT, "it cannot be found in its pack");
	if (!odb->reader || odb->reader_max != max_bytes) {
		rebuilder_free(odb->reader);
		odb->reader = rebuilder_new(max_bytes);
		odb->reader_max = max_bytes;
	}
	rebuild(odb->reader, &odb->packs[place.store], &node, 1, &sink);
	return one->rc;
}

static int read_loose_whole(struct odb *odb, struct odb_place place, uint64_t max_bytes,
			    struct one *one)
{
	const struct loose *loose = &odb->loose[place.at];
	struct inflater *inflater;
	struct loose_file file;
	int rc = loose_open(&file, odb->dirs.list[loose->dir], &loose->oid, one->err);

	if (rc < 0)
		return rc;
	odb->loose_types[place.at] = (uint8_t)file.type;
	if (file.size > max_bytes) {
		loose_close(&file);
		return err_set(one->err, HF_ELIMIT, "it is too large to be held");
	}
	inflater = inflater_new();
	rc = loose_read(&file, inflater, &one->bytes, one->err);
	inflater_free(inflater);
	if (rc == 0) {
		one->len = (size_t)file.size;
		memmove(one->bytes, one->bytes + file.header, one->len);
	}
	loose_close(&file);
	return rc;
}

static int read_place(struct odb *odb, struct odb_place place, uint64_t max_bytes, struct one *one,
		      enum object_type *type)
{
	int rc;

	if (place.store == ODB_LOOSE) {
		rc = read_loose_whole(odb, place, max_bytes, one);
		*type = odb->loose_types[place.at];
		return rc;
	}
	rc = read_packed(odb, place, max_bytes, one);
	if (rc == 0) {
		const struct pack *pack = &odb->packs[place.store];

		*type = pack->nodes[pack->node_of[place.at]].type;
	}
	return rc;
}

int odb_read(struct odb *odb, uint32_t number, uint64_t max_bytes, enum object_type *type,
	     unsigned char **bytes, size_t *len, struct err *err)
{
	struct one one = {.err = err, .rc = HF_EFORMAT};
	int rc = read_place(odb, odb->places[number], max_bytes, &one, type);
	size_t count;
	const struct odb_place *copies = odb_copies(odb, number, &count);

	for (size_t i = 0; rc < 0 && i < count; i++)
		rc = read_place(odb, copies[i], max_bytes, &one, type);
	if (rc < 0)
		return rc;
	*bytes = one.bytes;
	*len = one.len;
	return 0;
}
