#include "source/pack/odb_stretches.h"
#include "source/pack/odb_private.h"

#include "base/alloc.h"
#include "base/pool.h"

#include <stdlib.h>
#include <string.h>

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
	struct stretches *s;
	uint32_t store;
	uint32_t *kept;  /* of each part, when all is listed */
	uint64_t *costs; /* of each part, when it is weighed */
};

static void list_part(unsigned worker, size_t part, void *payload)
{
	const struct listing *l = payload;
	const struct pack *pack = &l->s->odb->packs[l->store];
	const uint32_t *numbers = l->s->odb->numbers[l->store];
	uint32_t *order = l->s->orders[l->store] + part * ORDER_PART;

	for (uint32_t i = (uint32_t)part * ORDER_PART; i < part_end(pack->ordered, part); i++) {
		uint32_t node = pack->order[i];

		if (l->s->how->types & 1u << pack->nodes[node].type &&
		    numbers[node] != ODB_NO_OBJECT)
			order[l->kept[part]++] = node;
	}
}

/* All of a pack's order but what is of another type, or read from elsewhere. */
static void list_all(struct stretches *s, uint32_t store)
{
	const struct pack *pack = &s->odb->packs[store];
	uint32_t parts = part_count(pack->ordered), count = 0;
	uint32_t *order = xcalloc(pack->ordered, sizeof(*order));
	struct listing l = {s, store, xcalloc(parts, sizeof(*l.kept)), NULL};

	s->orders[store] = order;
	pool_each(s->how->jobs, parts, list_part, &l);
	for (uint32_t part = 0; part < parts; part++) {
		memmove(order + count, order + (size_t)part * ORDER_PART,
			l.kept[part] * sizeof(*order));
		count += l.kept[part];
	}
	s->order_counts[store] = count;
	free(l.kept);
}

static void want(struct stretches *s, uint32_t *caps, uint32_t number)
{
	struct odb_place place = s->odb->places[number];
	const struct pack *pack;
	uint32_t node, *count;

	if (place.store == ODB_LOOSE)
		return;
	pack = &s->odb->packs[place.store];
	node = pack->node_of[place.at];
	if (node == PACK_NO_NODE || !(s->how->types & 1u << pack->nodes[node].type))
		return;
	count = &s->order_counts[place.store];
	if (*count == caps[place.store]) {
		caps[place.store] = *count ? *count * 2 : 64;
		s->orders[place.store] =
			xrealloc(s->orders[place.store], caps[place.store] * sizeof(uint32_t));
	}
	s->orders[place.store][(*count)++] = pack->nodes[node].rank;
}

static int order_ranks(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* The wanted ones, in the order of their packs. */
static void list_wanted(struct stretches *s)
{
	const struct odb *odb = s->odb;
	uint32_t *caps = xcalloc(odb->pack_count, sizeof(*caps));

	for (uint32_t word = 0; word <= odb->count / 64; word++)
		for (uint64_t left = s->how->wanted[word]; left; left &= left - 1) {
			uint32_t number = word * 64 + (uint32_t)__builtin_ctzll(left);

			if (number < odb->count)
				want(s, caps, number);
		}
	for (size_t store = 0; store < odb->pack_count; store++) {
		uint32_t *order = s->orders[store], count = s->order_counts[store];

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
	const struct pack *pack = &l->s->odb->packs[l->store];
	const uint32_t *order = l->s->orders[l->store];
	uint32_t beg = (uint32_t)part * ORDER_PART;
	uint64_t root = root_size(pack, order[beg]), cost = 0;

	for (uint32_t i = beg; i < part_end(l->s->order_counts[l->store], part); i++)
		cost += cost_of(pack, order[i], &root);
	l->costs[part] = cost;
}

/* The cost of each part of a pack's order, which the caller frees. */
static uint64_t *weigh(struct stretches *s, uint32_t store, uint64_t *total)
{
	uint32_t parts = part_count(s->order_counts[store]);
	struct listing l = {s, store, NULL, xcalloc(parts, sizeof(*l.costs))};

	pool_each(s->how->jobs, parts, weigh_part, &l);
	for (uint32_t part = 0; part < parts; part++)
		*total += l.costs[part];
	return l.costs;
}

static void add_stretch(struct stretches *s, uint32_t store, uint32_t beg, uint32_t end,
			uint64_t weight)
{
	if (beg == end)
		return;
	grow_array(&s->list, &s->cap, s->count, sizeof(*s->list));
	s->list[s->count++] = (struct stretch){store, beg, end, weight};
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

static void cut_off(struct stretches *s, uint32_t store, uint32_t beg, uint32_t end, uint64_t cost)
{
	uint64_t largest = largest_in(&s->odb->packs[store], s->orders[store] + beg, end - beg);

	add_stretch(s, store, beg, end, cost + largest * LARGEST_COST);
}

static uint64_t next_cost(const struct stretches *s, uint64_t left)
{
	uint64_t cost = left / ((uint64_t)s->how->jobs * SHARE);

	return cost > STRETCH_MIN ? cost : STRETCH_MIN;
}

/* left: the cost of all that is not cut yet. */
static void cut_order(struct stretches *s, uint32_t store, const uint64_t *costs, uint64_t *left)
{
	const struct pack *pack = &s->odb->packs[store];
	uint32_t count = s->order_counts[store], beg = 0;
	const uint32_t *order = s->orders[store];
	uint64_t cost = 0, most = next_cost(s, *left);

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
			cut_off(s, store, beg, i + 1, cost);
			beg = i + 1;
			*left -= cost;
			cost = 0;
			most = next_cost(s, *left);
		}
	}
	cut_off(s, store, beg, count, cost);
	*left -= cost;
}

static int order_stretches(const void *left, const void *right)
{
	const struct stretch *a = left, *b = right;

	return (a->weight < b->weight) - (a->weight > b->weight);
}

void stretches_cut(struct stretches *s, const struct odb *odb, const struct odb_visit *how)
{
	uint32_t packs = (uint32_t)odb->pack_count;
	uint32_t loose = (uint32_t)odb->loose_count;
	uint64_t **costs = xcalloc(packs, sizeof(*costs)), left = 0;

	*s = (struct stretches){.odb = odb, .how = how};
	s->orders = xcalloc(packs, sizeof(*s->orders));
	s->order_counts = xcalloc(packs, sizeof(*s->order_counts));
	for (uint32_t store = 0; !how->wanted && store < packs; store++)
		list_all(s, store);
	if (how->wanted)
		list_wanted(s);
	for (uint32_t store = 0; store < packs; store++)
		costs[store] = weigh(s, store, &left);
	for (uint32_t store = 0; store < packs; store++) {
		cut_order(s, store, costs[store], &left);
		free(costs[store]);
	}
	free(costs);
	if (s->count)
		qsort(s->list, s->count, sizeof(*s->list), order_stretches);
	for (uint32_t at = 0; at < loose; at += LOOSE_BATCH)
		add_stretch(s, ODB_LOOSE, at, loose - at < LOOSE_BATCH ? loose : at + LOOSE_BATCH,
			    0);
}

void stretches_dispose(struct stretches *s)
{
	for (size_t i = 0; i < s->odb->pack_count; i++)
		free(s->orders[i]);
	free(s->orders);
	free(s->order_counts);
	free(s->list);
}
