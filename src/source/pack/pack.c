/*
 * Opening reads the index and each object's header, a few bytes, but inflates
 * nothing. Offsets are sorted once; where a delta names its base by distance, a
 * table of the first node in each stretch of the pack makes finding it one look.
 */
#include "source/pack/pack.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/pool.h"
#include "source/pack/mapped.h"
#include "source/pack/pack_header.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define PACK_HEADER ((size_t)12)

/* ---- nodes by offset ---- */

/* What is sorted: half the size of a node. */
struct place {
	uint64_t offset;
	uint32_t index;
};

/* Where the objects end: before the pack's own checksum. */
static uint64_t objects_end(const struct pack *pack)
{
	return pack->map.len - OID_BYTES;
}

/* The index is in the order of names. Its entries are first dealt out to equal
 * stretches of the pack, then each stretch is put in order, which fits into the
 * nearest cache; both by as many threads as there are. */
#define NODES_A_PART      16384
#define NODES_A_STRETCH   256
#define STRETCHES_A_GROUP ((size_t)32)

struct listing {
	struct pack *pack;
	size_t stretches;
	unsigned shift; /* from an offset to its stretch */
	uint32_t *ends; /* for each part of the index, where its next of each stretch goes */
	uint32_t *begs; /* of each stretch among the places, and the end of the last */
	struct place *places;
	atomic_bool has_repeats;
};

static size_t part_count(uint32_t count)
{
	return ((size_t)count + NODES_A_PART - 1) / NODES_A_PART;
}

static uint32_t part_end(uint32_t count, size_t part)
{
	size_t end = (part + 1) * NODES_A_PART;

	return end < count ? (uint32_t)end : count;
}

static bool has_place(const struct pack *pack, uint32_t i, uint64_t *offset)
{
	*offset = pack_index_offset(&pack->index, i);
	return *offset >= PACK_HEADER && *offset < objects_end(pack);
}

static void count_part(unsigned worker, size_t part, void *payload)
{
	struct listing *l = payload;
	uint32_t *counts = l->ends + part * l->stretches,
		 end = part_end(l->pack->index.count, part);
	uint64_t offset;

	for (uint32_t i = (uint32_t)(part * NODES_A_PART); i < end; i++) {
		l->pack->node_of[i] = PACK_NO_NODE;
		if (has_place(l->pack, i, &offset))
			counts[offset >> l->shift]++;
	}
}

/* From how many there are to where they begin. */
static uint32_t add_up(struct listing *l, size_t parts)
{
	uint32_t sum = 0;

	for (size_t stretch = 0; stretch < l->stretches; stretch++) {
		l->begs[stretch] = sum;
		for (size_t part = 0; part < parts; part++) {
			uint32_t *at = &l->ends[part * l->stretches + stretch], n = *at;

			*at = sum;
			sum += n;
		}
	}
	l->begs[l->stretches] = sum;
	return sum;
}

static void deal_part(unsigned worker, size_t part, void *payload)
{
	struct listing *l = payload;
	uint32_t *ends = l->ends + part * l->stretches, end = part_end(l->pack->index.count, part);
	uint64_t offset;

	for (uint32_t i = (uint32_t)(part * NODES_A_PART); i < end; i++)
		if (has_place(l->pack, i, &offset))
			l->places[ends[offset >> l->shift]++] = (struct place){offset, i};
}

/* By digits of eight bits, as many as a stretch has. */
static void order_places(struct place *places, struct place *spare, uint32_t count, unsigned bits)
{
	struct place *from = places, *to = spare;

	if (count < 2)
		return;
	for (unsigned shift = 0; shift < bits; shift += 8) {
		uint32_t ends[256] = {0}, sum = 0;
		struct place *swap = from;

		for (uint32_t i = 0; i < count; i++)
			ends[from[i].offset >> shift & 255]++;
		for (size_t i = 0; i < 256; i++) {
			uint32_t n = ends[i];

			ends[i] = sum;
			sum += n;
		}
		for (uint32_t i = 0; i < count; i++)
			to[ends[from[i].offset >> shift & 255]++] = from[i];
		from = to;
		to = swap;
	}
	if (from != places)
		memcpy(places, from, count * sizeof(*places));
}

static void put_nodes(struct listing *l, uint32_t beg, uint32_t end)
{
	for (uint32_t node = beg; node < end; node++) {
		l->pack->nodes[node].offset = l->places[node].offset;
		l->pack->nodes[node].index = l->places[node].index;
		l->pack->node_of[l->places[node].index] = node;
		if (node > beg && l->places[node].offset == l->places[node - 1].offset)
			atomic_store(&l->has_repeats, true);
	}
}

static void order_group(unsigned worker, size_t group, void *payload)
{
	struct listing *l = payload;
	size_t first = group * STRETCHES_A_GROUP, last = first + STRETCHES_A_GROUP;
	struct place *spare;
	uint32_t largest = 0;

	if (last > l->stretches)
		last = l->stretches;
	for (size_t i = first; i < last; i++)
		if (l->begs[i + 1] - l->begs[i] > largest)
			largest = l->begs[i + 1] - l->begs[i];
	spare = xcalloc(largest, sizeof(*spare));
	for (size_t i = first; i < last; i++) {
		uint32_t beg = l->begs[i], count = l->begs[i + 1] - beg;

		order_places(l->places + beg, spare, count, l->shift);
		put_nodes(l, beg, beg + count);
	}
	free(spare);
}

/* No two at one place: an index that gives an object the place of another hides
 * one of them. */
static void drop_repeats(struct pack *pack)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < pack->count; i++) {
		struct pack_node node = pack->nodes[i];

		if (kept && pack->nodes[kept - 1].offset == node.offset) {
			pack->node_of[node.index] = PACK_NO_NODE;
			continue;
		}
		pack->node_of[node.index] = kept;
		pack->nodes[kept++] = node;
	}
	pack->count = kept;
}

static void list_nodes(struct pack *pack, unsigned jobs)
{
	size_t parts = part_count(pack->index.count);
	struct listing l = {.pack = pack};

	while (pack->map.len >> l.shift > pack->index.count / NODES_A_STRETCH)
		l.shift++;
	l.stretches = (pack->map.len >> l.shift) + 1;
	pack->node_of = xcalloc(pack->index.count, sizeof(*pack->node_of));
	l.ends = xcalloc(parts * l.stretches, sizeof(*l.ends));
	l.begs = xcalloc(l.stretches + 1, sizeof(*l.begs));
	pool_each(jobs, parts, count_part, &l);
	pack->count = add_up(&l, parts);
	pack->nodes = xcalloc(pack->count, sizeof(*pack->nodes));
	l.places = xcalloc(pack->count, sizeof(*l.places));
	pool_each(jobs, parts, deal_part, &l);
	pool_each(jobs, l.stretches / STRETCHES_A_GROUP + 1, order_group, &l);
	free(l.places);
	free(l.ends);
	free(l.begs);
	if (atomic_load(&l.has_repeats))
		drop_repeats(pack);
	pack->misplaced = pack->index.count - pack->count;
}

/* ---- headers ---- */

static bool read_header(const struct pack *pack, uint64_t offset, struct pack_header *h)
{
	return pack_header_read(h, slice_of(pack->map.ptr, objects_end(pack)), offset);
}

/* ---- which node lies where ---- */

#define STRETCHES_A_PART ((size_t)1 << 16)

struct finder {
	const struct pack *pack;
	unsigned shift;
	size_t stretches; /* of 1 << shift bytes */
	uint32_t *first;  /* node at or behind the beginning of each */
};

/* The first node at or behind an offset. */
static uint32_t first_from(const struct pack *pack, uint64_t offset)
{
	uint32_t beg = 0, end = pack->count;

	while (beg < end) {
		uint32_t mid = beg + (end - beg) / 2;

		if (pack->nodes[mid].offset < offset)
			beg = mid + 1;
		else
			end = mid;
	}
	return beg;
}

static void find_firsts(unsigned worker, size_t part, void *payload)
{
	const struct finder *f = payload;
	const struct pack *pack = f->pack;
	size_t beg = part * STRETCHES_A_PART, end = beg + STRETCHES_A_PART;
	uint32_t node = first_from(pack, (uint64_t)beg << f->shift);

	for (size_t i = beg; i < end && i < f->stretches; i++) {
		while (node < pack->count && pack->nodes[node].offset < (uint64_t)i << f->shift)
			node++;
		f->first[i] = node;
	}
}

static void finder_init(struct finder *f, const struct pack *pack, unsigned jobs)
{
	f->pack = pack;
	for (f->shift = 4; pack->map.len >> f->shift > (size_t)pack->count * 2 + 16;)
		f->shift++;
	f->stretches = (pack->map.len >> f->shift) + 1;
	f->first = xcalloc(f->stretches, sizeof(*f->first));
	pool_each(jobs, f->stretches / STRETCHES_A_PART + 1, find_firsts, f);
}

static uint32_t find_offset(const struct finder *f, uint64_t offset)
{
	const struct pack *pack = f->pack;
	uint32_t node = f->first[offset >> f->shift];

	while (node < pack->count && pack->nodes[node].offset < offset)
		node++;
	return node < pack->count && pack->nodes[node].offset == offset ? node : PACK_NO_NODE;
}

uint32_t pack_find(const struct pack *pack, const unsigned char *oid)
{
	uint32_t beg = 0, end = pack->index.count;

	while (beg < end) {
		uint32_t mid = beg + (end - beg) / 2;
		int order = oid_cmp(pack_index_oid(&pack->index, mid), oid);

		if (order == 0)
			return pack->node_of[mid];
		if (order < 0)
			beg = mid + 1;
		else
			end = mid;
	}
	return PACK_NO_NODE;
}

/* ---- the forest ---- */

static int order_nodes(const void *left, const void *right)
{
	const struct pack_node *a = left, *b = right;

	return (a->offset > b->offset) - (a->offset < b->offset);
}

/* An index made of a multi-pack-index leaves out what other packs have too, and
 * one that lies puts objects elsewhere. What is a base here is one all the same:
 * such nodes get no name. */
static void add_unnamed_bases(struct pack *pack)
{
	uint32_t first = pack->count, cap = first;
	/* A bit for each byte of the pack: a node is there. Few pages of it are
	 * ever touched. */
	uint64_t *known = xcalloc(pack->map.len / 64 + 1, sizeof(*known));

	for (uint32_t i = 0; i < pack->count; i++)
		known[pack->nodes[i].offset / 64] |= (uint64_t)1 << pack->nodes[i].offset % 64;
	for (uint32_t i = 0; i < pack->count; i++) {
		struct pack_header h;

		if (!read_header(pack, pack->nodes[i].offset, &h) || h.type != PACK_OFS_DELTA ||
		    h.base_offset < PACK_HEADER ||
		    known[h.base_offset / 64] >> h.base_offset % 64 & 1)
			continue;
		known[h.base_offset / 64] |= (uint64_t)1 << h.base_offset % 64;
		if (pack->count == cap) {
			cap = cap ? cap * 2 : 16;
			pack->nodes = xrealloc(pack->nodes, cap * sizeof(*pack->nodes));
		}
		pack->nodes[pack->count++] =
			(struct pack_node){.offset = h.base_offset, .index = PACK_NO_NODE};
	}
	free(known);
	if (first == pack->count)
		return;
	qsort(pack->nodes, pack->count, sizeof(*pack->nodes), order_nodes);
	for (uint32_t i = 0; i < pack->count; i++)
		if (pack->nodes[i].index != PACK_NO_NODE)
			pack->node_of[pack->nodes[i].index] = i;
}

struct reading {
	struct pack *pack;
	struct finder finder;
	atomic_bool lacks_base; /* where one is said to be, there is no node */
};

static void read_node(struct reading *r, uint32_t i)
{
	struct pack *pack = r->pack;
	struct pack_node *node = &pack->nodes[i];
	struct pack_header h;

	node->base = node->child = node->sibling = PACK_NO_NODE;
	if (!read_header(pack, node->offset, &h))
		return;
	node->size = h.size < UINT32_MAX ? (uint32_t)h.size : UINT32_MAX;
	node->header = (uint8_t)h.len;
	node->is_delta = h.type == PACK_OFS_DELTA || h.type == PACK_REF_DELTA;
	if (h.type == PACK_OFS_DELTA) {
		node->base = find_offset(&r->finder, h.base_offset);
		if (node->base == PACK_NO_NODE)
			atomic_store(&r->lacks_base, true);
	} else if (h.type == PACK_REF_DELTA) {
		node->base = pack_find(pack, h.base);
	} else if (h.type >= OBJECT_COMMIT && h.type <= OBJECT_TAG) {
		node->type = (uint8_t)h.type;
	}
}

/* The next node of the family behind at, depth first; PACK_NO_NODE at its end. */
static uint32_t next_in_family(const struct pack_node *nodes, uint32_t root, uint32_t at)
{
	if (nodes[at].child != PACK_NO_NODE)
		return nodes[at].child;
	while (at != root && nodes[at].sibling == PACK_NO_NODE)
		at = nodes[at].base;
	return at == root ? PACK_NO_NODE : nodes[at].sibling;
}

static void read_part(unsigned worker, size_t part, void *payload)
{
	struct reading *r = payload;
	uint32_t end = part_end(r->pack->count, part);

	for (uint32_t i = (uint32_t)(part * NODES_A_PART); i < end; i++)
		read_node(r, i);
}

/* Whether every base was found that has to be in this pack. */
static bool read_nodes(struct pack *pack, unsigned jobs)
{
	struct reading r = {.pack = pack};

	finder_init(&r.finder, pack, jobs);
	pool_each(jobs, part_count(pack->count), read_part, &r);
	free(r.finder.first);
	return !atomic_load(&r.lacks_base);
}

#define AHEAD ((uint32_t)16) /* enough that what is looked at soon has come from memory */

/* The first child is the nearest. Also counts each node and its descendants, if every
 * base lies before its deltas: else returns false. */
static bool link_children(struct pack *pack, uint32_t *counts)
{
	struct pack_node *nodes = pack->nodes;
	bool in_order = true;

	for (uint32_t i = pack->count; i-- > 0;) {
		uint32_t base = nodes[i].base;

		if (i >= AHEAD && nodes[i - AHEAD].base != PACK_NO_NODE)
			__builtin_prefetch(&nodes[nodes[i - AHEAD].base], 1);
		counts[i]++;
		if (base == PACK_NO_NODE)
			continue;
		nodes[i].sibling = nodes[base].child;
		nodes[base].child = i;
		counts[base] += counts[i];
		in_order &= base < i;
	}
	return in_order;
}

/* What list_order() does, without following one node to the next, each of which would
 * be waited for: a node stands behind its base and all that descends from the deltas
 * of that before it. counts becomes where the next delta of each node stands. */
static void list_in_order(struct pack *pack, uint32_t *counts)
{
	struct pack_node *nodes = pack->nodes;

	for (uint32_t i = 0; i < pack->count; i++) {
		struct pack_node *node = &nodes[i];
		uint32_t count = counts[i], *next = &pack->ordered;

		if (node->base != PACK_NO_NODE) {
			next = &counts[node->base];
			node->type = nodes[node->base].type;
		} else if (node->is_delta) {
			node->type = OBJECT_NONE;
		}
		if (node->type == OBJECT_NONE)
			continue;
		node->rank = *next;
		*next += count;
		counts[i] = node->rank + 1;
		pack->order[node->rank] = i;
	}
}

/* What is in no family (a base that is missing, or deltas in a ring) gets no
 * type and no place in the order. */
static void list_order(struct pack *pack)
{
	struct pack_node *nodes = pack->nodes;

	for (uint32_t i = 0; i < pack->count; i++) {
		if (nodes[i].is_delta || nodes[i].type == OBJECT_NONE)
			continue;
		for (uint32_t at = i; at != PACK_NO_NODE; at = next_in_family(nodes, i, at)) {
			if (nodes[at].sibling != PACK_NO_NODE)
				__builtin_prefetch(&nodes[nodes[at].sibling], 1);
			nodes[at].type = nodes[i].type;
			nodes[at].rank = pack->ordered;
			pack->order[pack->ordered++] = at;
		}
	}
}

struct slice pack_stream(const struct pack *pack, uint32_t node, uint64_t *size)
{
	const struct pack_node *n = &pack->nodes[node];
	uint64_t beg = n->offset + n->header;
	uint64_t end = objects_end(pack);
	struct pack_header h;

	*size = n->size;
	if (n->size == UINT32_MAX && read_header(pack, n->offset, &h))
		*size = h.size;
	return slice_of(pack->map.ptr + beg, beg < end ? (size_t)(end - beg) : 0);
}

/* ---- life cycle ---- */

static int open_index(struct pack *pack, const struct midx *midx, struct err *err)
{
	size_t stem = strlen(pack->name) - strlen(".pack");
	const char *slash;
	struct buf path;
	int rc;

	buf_init(&path, BUF_MAX_PATH);
	buf_append(&path, pack->name, stem);
	buf_append_str(&path, ".idx");
	slash = strrchr(path.ptr, '/');
	rc = pack_index_open(&pack->index, path.ptr, err);
	if (rc == HF_ENOTFOUND && midx)
		rc = midx_index_of(midx, slash ? slash + 1 : path.ptr, &pack->index, err);
	if (rc == HF_ENOTFOUND)
		err_set(err, rc, "has no index; `git index-pack` makes one");
	else if (rc < 0) {
		struct err why = *err;

		err_set(err, rc, "its index cannot be used: it %s", why.msg);
	}
	buf_dispose(&path);
	return rc;
}

static int check_header(const struct pack *pack, struct err *err)
{
	const unsigned char *p = pack->map.ptr;

	if (pack->map.len < PACK_HEADER + OID_BYTES || memcmp(p, "PACK", 4) != 0)
		return err_set(err, HF_EFORMAT, "is no pack");
	if (load_be32(p + 4) != 2 && load_be32(p + 4) != 3)
		return err_set(err, HF_EFORMAT, "has a version that is not known here");
	if (!pack->index.is_part && load_be32(p + 8) != pack->index.count)
		return err_set(err, HF_EFORMAT, "holds %u objects, but its index names %u",
			       (unsigned)load_be32(p + 8), (unsigned)pack->index.count);
	return 0;
}

int pack_open(struct pack *pack, const char *path, const struct midx *midx, unsigned jobs,
	      struct err *err)
{
	int rc;

	*pack = (struct pack){.name = xstrdup(path)};
	rc = mapped_open(&pack->map, path, err);
	if (rc == 0)
		rc = open_index(pack, midx, err);
	if (rc == 0)
		rc = check_header(pack, err);
	if (rc < 0)
		return rc;
	list_nodes(pack, jobs);
	if (!read_nodes(pack, jobs)) {
		add_unnamed_bases(pack);
		read_nodes(pack, jobs);
	}
	return 0;
}

void pack_find_families(struct pack *pack)
{
	uint32_t *counts = xcalloc(pack->count, sizeof(*counts));

	pack->order = xcalloc(pack->count, sizeof(*pack->order));
	if (link_children(pack, counts))
		list_in_order(pack, counts);
	else
		list_order(pack);
	free(counts);
}

void pack_dispose(struct pack *pack)
{
	mapped_dispose(&pack->map);
	pack_index_dispose(&pack->index);
	free(pack->nodes);
	free(pack->node_of);
	free(pack->order);
	free(pack->name);
	*pack = (struct pack){0};
}
