/*
 * Without an index nothing says where an object ends but its compressed bytes: each is
 * inflated once to find the next. What is a delta of an object by its distance is in a
 * family at once; what names its base waits until that has been rebuilt and its name is
 * known, which may take several rounds.
 */
#include "source/pack/lone_pack.h"

#include "base/alloc.h"
#include "base/tr.h"
#include "source/pack/inflate.h"
#include "source/pack/object_id.h"
#include "source/pack/pack_header.h"
#include "source/pack/rebuild.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define PACK_HEADER ((size_t)12)
/* One for each base that is named by a delta that names its own; git's longest chains
 * have 4,095 (git-pack-objects(1)), but no version writes such names for chains. */
#define ROUNDS_MAX 256
/* What may be made of a pack: as of one that is in a repository (odb.c), but for a
 * share that all files have. */
#define OBJECTS_MAX    ((uint32_t)4 << 20)
#define PAST_AT_LEAST  ((uint64_t)256 << 20)
#define PAST_OF_A_BYTE 200
#define MADE_AT_LEAST  ((int64_t)256 << 20)
#define MADE_OF_A_BYTE ((int64_t)4096)

struct named {
	struct oid oid;
	uint32_t node;
};

struct lone {
	struct pack pack;
	uint32_t node_cap;
	uint32_t said; /* objects, by the header */
	const struct lone_pack_told *told;
	const struct lone_pack_limits *limits;
	struct rebuilder *rebuilder;
	bool is_much;        /* it may hold limits->most */
	uint32_t *postponed; /* what takes more than limits->few */
	size_t postponed_count, postponed_cap;
	bool *done;
	bool by_name;        /* some deltas name their bases */
	struct named *known; /* objects with names, if that matters; ordered when asked */
	size_t known_count, known_cap;
	unsigned broken; /* objects that cannot be read */
	struct err why;  /* of the first */
};

/* ---- which objects there are ---- */

static uint32_t find_node(const struct pack *pack, uint64_t offset)
{
	uint32_t beg = 0, end = pack->count;

	while (beg < end) {
		uint32_t mid = beg + (end - beg) / 2;

		if (pack->nodes[mid].offset == offset)
			return mid;
		if (pack->nodes[mid].offset < offset)
			beg = mid + 1;
		else
			end = mid;
	}
	return PACK_NO_NODE;
}

static void add_node(struct lone *l, uint64_t offset, const struct pack_header *h)
{
	struct pack *pack = &l->pack;
	struct pack_node node = {
		.offset = offset,
		.index = PACK_NO_NODE,
		.base = PACK_NO_NODE,
		.size = h->size < UINT32_MAX ? (uint32_t)h->size : UINT32_MAX,
		.is_delta = h->type == PACK_OFS_DELTA || h->type == PACK_REF_DELTA,
		.header = (uint8_t)h->len,
	};
	size_t cap = l->node_cap;

	if (h->type == PACK_OFS_DELTA)
		node.base = find_node(pack, h->base_offset);
	else if (h->type == PACK_REF_DELTA)
		l->by_name = true;
	else if (h->type >= OBJECT_COMMIT && h->type <= OBJECT_TAG)
		node.type = (uint8_t)h->type;
	grow_array(&pack->nodes, &cap, pack->count, sizeof(*pack->nodes));
	l->node_cap = (uint32_t)cap;
	pack->nodes[pack->count++] = node;
}

/* Lists objects as far as they can be told from each other. */
static void list_nodes(struct lone *l)
{
	struct slice objects = slice_of(l->pack.map.ptr, l->pack.map.len - OID_BYTES);
	struct inflater *inflater = inflater_new();
	uint64_t offset = PACK_HEADER, left = PAST_AT_LEAST + objects.len * PAST_OF_A_BYTE;
	uint32_t most = l->said < OBJECTS_MAX ? l->said : OBJECTS_MAX;
	struct pack_header h;
	struct err err;
	size_t used;

	while (l->pack.count < most && offset < objects.len) {
		if (!pack_header_read(&h, objects, offset) || h.size > left ||
		    inflate_past(inflater,
				 slice_cut(objects, (struct span){offset + h.len, objects.len}),
				 h.size, &used, &err) < 0)
			break;
		left -= h.size;
		add_node(l, offset, &h);
		offset += h.len + used;
	}
	inflater_free(inflater);
}

/* ---- what is told ---- */

static void give(struct lone *l, enum object_type type, const struct oid *oid, struct stream *bytes)
{
	char name[16 + OID_HEX], hex[OID_HEX + 1];

	oid_to_hex(hex, oid->raw);
	snprintf(name, sizeof(name), "%s %s", object_type_name(type), hex);
	l->told->object(l->told->payload, slice_str(name), bytes);
}

static void keep_name(struct lone *l, uint32_t node, const struct oid *oid)
{
	grow_array(&l->known, &l->known_cap, l->known_count, sizeof(*l->known));
	l->known[l->known_count++] = (struct named){*oid, node};
}

static bool is_worth(void *payload, struct slice bytes)
{
	const struct lone *l = payload;

	return l->told->worth(l->told->payload, bytes);
}

static void on_object(void *payload, const struct pack *pack, uint32_t node, struct slice bytes)
{
	struct lone *l = payload;
	bool worth = is_worth(l, bytes);
	struct stream stream;
	struct oid oid;

	if (!worth && !l->by_name)
		return;
	oid = object_id_of(pack->nodes[node].type, bytes);
	if (l->by_name)
		keep_name(l, node, &oid);
	stream_from_memory(&stream, bytes);
	if (worth)
		give(l, pack->nodes[node].type, &oid, &stream);
}

static void on_broken(void *payload, const struct pack *pack, uint32_t node, const struct err *why)
{
	struct lone *l = payload;

	if (!l->broken++)
		l->why = *why;
}

static void on_large(void *payload, const struct pack *pack, uint32_t node, struct stream *bytes)
{
	struct lone *l = payload;
	struct err err;
	struct oid oid;

	if (object_id_of_stream(&oid, pack->nodes[node].type, bytes, stream_size(bytes), &err) <
		    0 ||
	    !stream_restart(bytes)) {
		on_broken(l, pack, node, &err);
		return;
	}
	if (l->by_name)
		keep_name(l, node, &oid);
	give(l, pack->nodes[node].type, &oid, bytes);
}

static void on_postponed(void *payload, const struct pack *pack, uint32_t node)
{
	struct lone *l = payload;
	struct err err;

	if (!l->is_much) {
		grow_array(&l->postponed, &l->postponed_cap, l->postponed_count,
			   sizeof(*l->postponed));
		l->postponed[l->postponed_count++] = node;
		return;
	}
	err_set(&err, HF_ELIMIT, "it takes too much memory");
	on_broken(l, pack, node, &err);
}

/* ---- bases by name ---- */

static int order_names(const void *left, const void *right)
{
	const struct named *a = left, *b = right;

	return oid_cmp(a->oid.raw, b->oid.raw);
}

/* The name of the base that a node waits for; NULL when it waits for none. */
static const unsigned char *awaited(const struct lone *l, uint32_t node)
{
	struct slice objects = slice_of(l->pack.map.ptr, l->pack.map.len - OID_BYTES);
	const struct pack_node *n = &l->pack.nodes[node];
	struct pack_header h;

	if (!n->is_delta || n->base != PACK_NO_NODE || !pack_header_read(&h, objects, n->offset) ||
	    h.type != PACK_REF_DELTA)
		return NULL;
	return h.base;
}

/* Whether some found its base. */
static bool attach(struct lone *l)
{
	bool some = false;

	if (l->known_count)
		qsort(l->known, l->known_count, sizeof(*l->known), order_names);
	for (uint32_t i = 0; i < l->pack.count; i++) {
		const unsigned char *name = awaited(l, i);
		struct named key = {.node = i}, *base;

		if (!name)
			continue;
		key.oid = oid_from(name);
		base = l->known_count ? bsearch(&key, l->known, l->known_count, sizeof(*l->known),
						order_names)
				      : NULL;
		if (!base)
			continue;
		l->pack.nodes[i].base = base->node;
		some = true;
	}
	return some;
}

/* ---- rounds ---- */

static void find_families(struct pack *pack)
{
	for (uint32_t i = 0; i < pack->count; i++)
		pack->nodes[i].child = pack->nodes[i].sibling = PACK_NO_NODE;
	free(pack->order);
	pack->ordered = 0;
	pack_find_families(pack);
}

/* What can be rebuilt and was not. */
static uint32_t *list_round(struct lone *l, uint32_t *count)
{
	uint32_t *nodes = xcalloc(l->pack.ordered, sizeof(*nodes));

	*count = 0;
	for (uint32_t i = 0; i < l->pack.ordered; i++) {
		uint32_t node = l->pack.order[i];

		if (!l->done[node])
			nodes[(*count)++] = node;
		l->done[node] = true;
	}
	return nodes;
}

static void read_round(struct lone *l, const struct rebuild_sink *sink)
{
	uint32_t count, *nodes = list_round(l, &count);

	rebuild(l->rebuilder, &l->pack, nodes, count, sink);
	free(nodes);
	if (!l->postponed_count)
		return;
	l->told->much(l->told->payload);
	l->is_much = true;
	rebuilder_free(l->rebuilder);
	l->rebuilder = rebuilder_new(l->limits->most);
	rebuild(l->rebuilder, &l->pack, l->postponed, (uint32_t)l->postponed_count, sink);
	l->postponed_count = 0;
}

static void read_rounds(struct lone *l)
{
	const struct rebuild_sink sink = {
		.object = on_object,
		.large = on_large,
		.broken = on_broken,
		.postponed = on_postponed,
		.payload = l,
	};
	bool more = true;

	l->rebuilder = rebuilder_new(l->limits->few);
	for (unsigned round = 0; more && round < ROUNDS_MAX; round++) {
		find_families(&l->pack);
		read_round(l, &sink);
		more = l->by_name && attach(l);
	}
	rebuilder_free(l->rebuilder);
	free(l->postponed);
}

/* ---- complaints ---- */

static void complain_of(const struct lone *l, const char *what)
{
	l->told->complaint(l->told->payload, what);
}

static void complain_of_missing(const struct lone *l)
{
	const unsigned char *first = NULL;
	char hex[OID_HEX + 1], what[480];
	unsigned count = 0;

	for (uint32_t i = 0; i < l->pack.count; i++) {
		if (l->done[i])
			continue;
		count++;
		if (!first)
			first = awaited(l, i);
	}
	if (first) {
		oid_to_hex(hex, first);
		snprintf(what, sizeof(what),
			 tr("it lacks what %u of its objects build on, such as %s: fetch it into "
			    "the "
			    "repository that it continues (git fetch FILE), and scan that"),
			 count, hex);
		complain_of(l, what);
	} else if (count) {
		snprintf(what, sizeof(what), tr("%u of its objects build on none that is there"),
			 count);
		complain_of(l, what);
	}
}

static void complain_of_all(const struct lone *l)
{
	char what[640];

	if (l->pack.count < l->said) {
		snprintf(what, sizeof(what),
			 tr("of its %u objects only the first %u were read: it is cut short, "
			    "broken or "
			    "too large"),
			 (unsigned)l->said, (unsigned)l->pack.count);
		complain_of(l, what);
	}
	if (l->broken) {
		snprintf(what, sizeof(what), tr("%u of its objects cannot be read: %s"), l->broken,
			 l->why.msg);
		complain_of(l, what);
	}
	complain_of_missing(l);
}

/* ---- packs and bundles ---- */

static bool is_pack(struct slice bytes)
{
	return bytes.len >= PACK_HEADER + OID_BYTES && slice_has_prefix(bytes, SLICE("PACK"));
}

/* Behind a bundle's header, lines that end with an empty one, its pack begins. */
static int find_pack(struct slice bytes, struct slice *pack, struct err *err)
{
	const unsigned char *blank;

	*pack = bytes;
	if (slice_has_prefix(bytes, SLICE("# v"))) {
		blank = memmem(bytes.ptr, bytes.len, "\n\n", 2);
		if (!blank)
			return err_set(err, HF_EFORMAT, "a bundle that is cut short");
		if (memmem(bytes.ptr, (size_t)(blank - bytes.ptr), "\n@object-format=sha256", 22))
			return err_set(err, HF_EFORMAT,
				       "a bundle with names of objects by SHA-256, which are not "
				       "known here");
		*pack = slice_of(blank + 2, (size_t)(bytes.ptr + bytes.len - blank) - 2);
	}
	if (!is_pack(*pack))
		return err_set(err, HF_EFORMAT, "a pack that is cut short");
	if (load_be32(pack->ptr + 4) != 2 && load_be32(pack->ptr + 4) != 3)
		return err_set(err, HF_EFORMAT, "a pack of a version that is not known here");
	return 0;
}

int lone_pack_read(struct slice bytes, const struct lone_pack_limits *limits,
		   const struct lone_pack_told *told, struct err *err)
{
	struct lone l = {.told = told, .limits = limits};
	_Atomic int64_t left;
	int rc = find_pack(bytes, &l.pack.map, err);

	if (rc < 0)
		return rc;
	l.said = load_be32(l.pack.map.ptr + 8);
	atomic_init(&left, MADE_AT_LEAST + (int64_t)l.pack.map.len * MADE_OF_A_BYTE);
	l.pack.left = &left;
	list_nodes(&l);
	l.done = xcalloc(l.pack.count, sizeof(*l.done));
	read_rounds(&l);
	complain_of_all(&l);
	free(l.done);
	free(l.known);
	free(l.pack.nodes);
	free(l.pack.order);
	return 0;
}
