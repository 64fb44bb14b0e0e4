#include "source/pack/odb_private.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/names.h"
#include "base/pool.h"
#include "source/pack/listing.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define DISORDERED                                                                                 \
	"its index is broken: its names are not in order; its objects are read all the same"

/* ---- folders ---- */

struct opening {
	struct odb *odb;
	unsigned jobs;
	odb_problem_fn problem;
	void *payload;
	size_t pack_cap, loose_cap;
	struct names lone; /* paths of indexes that lack their pack */
};

static bool has_promise(const char *pack)
{
	struct buf path;
	bool has;

	buf_init(&path, BUF_MAX_PATH);
	buf_append(&path, pack, strlen(pack) - strlen("pack"));
	buf_append_str(&path, "promisor");
	has = access(path.ptr, F_OK) == 0;
	buf_dispose(&path);
	return has;
}

static void add_pack(struct opening *o, const char *path, const struct midx *midx)
{
	struct odb *odb = o->odb;
	struct err err;

	grow_array(&odb->packs, &o->pack_cap, odb->pack_count, sizeof(*odb->packs));
	if (pack_open(&odb->packs[odb->pack_count], path, midx, o->jobs, &err) < 0) {
		pack_dispose(&odb->packs[odb->pack_count]);
		o->problem(o->payload, path, err.msg);
		return;
	}
	if (odb->packs[odb->pack_count].index.was_disordered)
		o->problem(o->payload, path, DISORDERED);
	odb->packs[odb->pack_count].promised = has_promise(path);
	odb->is_partial |= odb->packs[odb->pack_count++].promised;
}

static struct midx *open_midx(struct opening *o, const char *objects)
{
	struct midx *midx = NULL;
	struct buf path;
	struct err err;

	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%s/pack/multi-pack-index", objects);
	if (midx_open(&midx, path.ptr, &err) < 0 && err.code != HF_ENOTFOUND)
		o->problem(o->payload, path.ptr, err.msg);
	buf_dispose(&path);
	return midx;
}

/* Whether there is no "....pack" for an "....idx": names are in order, so it would follow. */
static bool lacks_pack(const struct names *names, size_t idx)
{
	size_t stem = strlen(names->list[idx]) - strlen("idx");

	for (size_t i = idx + 1; i < names->count; i++) {
		if (strncmp(names->list[i], names->list[idx], stem) != 0)
			break;
		if (strcmp(names->list[i] + stem, "pack") == 0)
			return false;
	}
	return true;
}

static void keep_lone(struct opening *o, const char *path)
{
	grow_array(&o->lone.list, &o->lone.cap, o->lone.count, sizeof(*o->lone.list));
	o->lone.list[o->lone.count++] = xstrdup(path);
}

static void add_packs(struct opening *o, const char *objects, const struct names *names)
{
	struct midx *midx = names->count ? open_midx(o, objects) : NULL;
	struct buf path;

	buf_init(&path, BUF_MAX_PATH);
	for (size_t i = 0; i < names->count; i++) {
		struct slice name = slice_str(names->list[i]);

		buf_reset(&path);
		buf_appendf(&path, "%s/pack/%s", objects, names->list[i]);
		if (slice_has_suffix(name, SLICE(".pack")))
			add_pack(o, path.ptr, midx);
		else if (slice_has_suffix(name, SLICE(".idx")) && lacks_pack(names, i))
			keep_lone(o, path.ptr);
	}
	buf_dispose(&path);
	midx_free(midx);
}

static void add_dirs(struct opening *o, const char *objects, const char *more)
{
	struct odb *odb = o->odb;
	struct listing listing = {.loose = &odb->loose,
				  .count = &odb->loose_count,
				  .cap = &o->loose_cap,
				  .problem = o->problem,
				  .payload = o->payload};

	object_dirs_list(&odb->dirs, objects, more, o->problem, o->payload);
	for (size_t i = 0; i < odb->dirs.count; i++) {
		listing_add(&listing, odb->dirs.list[i], (uint16_t)i);
		add_packs(o, odb->dirs.list[i], &listing.packs);
	}
	names_dispose(&listing.packs);
}

/* An index whose pack was not deleted along with it is harmless where its objects
 * are elsewhere; else the pack is lost. */
static void tell_lone(const struct opening *o, const char *path)
{
	struct pack_index index;
	uint32_t missing = 0;
	struct err err;

	if (pack_index_open(&index, path, &err) < 0)
		missing = 1;
	for (uint32_t i = 0; i < index.count; i++)
		missing += odb_find(o->odb, pack_index_oid(&index, i)) == ODB_NO_OBJECT;
	if (missing)
		o->problem(o->payload, path,
			   "its pack is not here, and not all of its objects are");
	pack_index_dispose(&index);
}

/* ---- numbers ---- */

static const unsigned char *place_oid(const struct odb *odb, struct odb_place place)
{
	if (place.store == ODB_LOOSE)
		return odb->loose[place.at].oid.raw;
	return pack_index_oid(&odb->packs[place.store].index, place.at);
}

static unsigned first_bits(const unsigned char *oid)
{
	return (unsigned)oid[0] << 8 | oid[1];
}

static uint32_t key_of(const unsigned char *oid)
{
	return load_be32(oid + 2);
}

static size_t stored_count(const struct odb *odb)
{
	size_t count = odb->loose_count;

	for (size_t i = 0; i < odb->pack_count; i++)
		count += odb->packs[i].index.count;
	return count;
}

/* Packs come first, so that what is stored twice is read from a pack. */
static int order_places(const struct odb *odb, struct odb_place a, struct odb_place b)
{
	int order = oid_cmp(place_oid(odb, a), place_oid(odb, b));

	return order ? order : (a.store > b.store) - (a.store < b.store);
}

/* Shell's: of a handful mostly, or nearly in order already; no worse than it
 * has to be where all names begin alike. */
static void sort_places(const struct odb *odb, struct odb_place *places, size_t count)
{
	size_t gap = 1;

	while (gap < count / 9)
		gap = gap * 3 + 1;
	for (; gap > 0; gap /= 3)
		for (size_t i = gap; i < count; i++) {
			struct odb_place place = places[i];
			size_t to = i;

			for (; to >= gap && order_places(odb, places[to - gap], place) > 0;
			     to -= gap)
				places[to] = places[to - gap];
			places[to] = place;
		}
}

typedef void (*place_fn)(struct odb *odb, struct odb_place place);

static void each_place(struct odb *odb, place_fn tell)
{
	for (size_t store = 0; store < odb->pack_count; store++)
		for (uint32_t i = 0; i < odb->packs[store].index.count; i++)
			tell(odb, (struct odb_place){(uint32_t)store, i});
	for (size_t i = 0; i < odb->loose_count; i++)
		tell(odb, (struct odb_place){ODB_LOOSE, (uint32_t)i});
}

static void count_place(struct odb *odb, struct odb_place place)
{
	odb->first[first_bits(place_oid(odb, place)) + 1]++;
}

static void put_place(struct odb *odb, struct odb_place place)
{
	odb->places[odb->first[first_bits(place_oid(odb, place))]++] = place;
}

/* The next place in order; repeats are put aside. */
static uint32_t keep_place(struct odb *odb, uint32_t kept, bool is_first, struct odb_place place)
{
	if (!is_first &&
	    oid_cmp(place_oid(odb, odb->places[kept - 1]), place_oid(odb, place)) == 0) {
		grow_array(&odb->copies, &odb->copy_cap, odb->copy_count, sizeof(*odb->copies));
		odb->copies[odb->copy_count++] = place;
		return kept;
	}
	odb->places[kept] = place;
	return kept + 1;
}

/* A distribution by the first two bytes of the name, then each part in order
 * and without repeats. */
static void number_objects(struct odb *odb)
{
	uint32_t kept = 0, beg = 0;

	odb->places = xcalloc(stored_count(odb), sizeof(*odb->places));
	odb->first = xcalloc(65536 + 1, sizeof(*odb->first));
	each_place(odb, count_place);
	for (size_t i = 0; i < 65536; i++)
		odb->first[i + 1] += odb->first[i];
	each_place(odb, put_place); /* first[i] now says where part i ends */
	for (size_t i = 0; i < 65536; i++) {
		uint32_t end = odb->first[i], part = kept;

		sort_places(odb, odb->places + beg, end - beg);
		for (; beg < end; beg++)
			kept = keep_place(odb, kept, kept == part, odb->places[beg]);
		odb->first[i] = part;
	}
	odb->first[65536] = kept;
	odb->count = kept;
	odb->keys = xcalloc(kept, sizeof(*odb->keys));
	for (uint32_t i = 0; i < kept; i++)
		odb->keys[i] = key_of(place_oid(odb, odb->places[i]));
}

/* Whether something that can be read lies there, as far as its pack tells. */
static bool is_sound(const struct odb *odb, struct odb_place place)
{
	const struct pack *pack;
	uint32_t node;

	if (place.store == ODB_LOOSE)
		return true;
	pack = &odb->packs[place.store];
	node = pack->node_of[place.at];
	return node != PACK_NO_NODE && pack->nodes[node].type != OBJECT_NONE;
}

/* What is stored twice is read where that can be done. */
static void prefer_sound(struct odb *odb)
{
	for (size_t i = 0; i < odb->copy_count; i++) {
		struct odb_place copy = odb->copies[i];
		struct odb_place *place = &odb->places[odb_find(odb, place_oid(odb, copy))];

		if (is_sound(odb, *place) || !is_sound(odb, copy))
			continue;
		odb->copies[i] = *place;
		*place = copy;
	}
}

#define NUMBERS_A_PART ((uint32_t)16384)

/* No two objects share a node. */
static void number_part(unsigned worker, size_t part, void *payload)
{
	struct odb *odb = payload;
	uint32_t beg = (uint32_t)part * NUMBERS_A_PART;
	uint32_t end = odb->count - beg < NUMBERS_A_PART ? odb->count : beg + NUMBERS_A_PART;

	for (uint32_t number = beg; number < end; number++) {
		struct odb_place place = odb->places[number];
		uint32_t node;

		if (place.store == ODB_LOOSE)
			continue;
		node = odb->packs[place.store].node_of[place.at];
		if (node != PACK_NO_NODE)
			odb->numbers[place.store][node] = number;
	}
}

static void number_nodes(struct odb *odb, unsigned jobs)
{
	odb->numbers = xcalloc(odb->pack_count, sizeof(*odb->numbers));
	for (size_t i = 0; i < odb->pack_count; i++) {
		odb->numbers[i] = xmalloc((size_t)odb->packs[i].count * sizeof(**odb->numbers));
		memset(odb->numbers[i], 0xff, (size_t)odb->packs[i].count * sizeof(**odb->numbers));
	}
	pool_each(jobs, odb->count / NUMBERS_A_PART + 1, number_part, odb);
}

/* ---- how much ---- */

/* What may be made of all packs together, and of each byte of one: some times what
 * zlib alone makes of a byte, 1,032. */
#define MADE_OF_ALL    ((int64_t)8 << 30)
#define MADE_OF_A_BYTE ((int64_t)4096)

static void limit_packs(struct odb *odb)
{
	odb->left = xcalloc(odb->pack_count, sizeof(*odb->left));
	for (size_t i = 0; i < odb->pack_count; i++) {
		struct pack *pack = &odb->packs[i];

		pack->left = &odb->left[i];
		atomic_init(pack->left, MADE_OF_ALL / (int64_t)odb->pack_count +
						(int64_t)pack->map.len * MADE_OF_A_BYTE);
	}
}

bool odb_is_spent(const struct odb *odb)
{
	for (size_t i = 0; i < odb->pack_count; i++)
		if (atomic_load(&odb->left[i]) < 0)
			return true;
	return false;
}

/* ---- life cycle ---- */

/* Neither needs the other: the first of these tasks numbers the objects, the
 * others find the families of a pack each. */
static void do_task(unsigned worker, size_t task, void *payload)
{
	struct odb *odb = payload;

	if (task == 0)
		number_objects(odb);
	else
		pack_find_families(&odb->packs[task - 1]);
}

struct odb *odb_open_with(const char *objects, const char *more, unsigned jobs,
			  odb_problem_fn problem, void *payload)
{
	struct odb *odb = xcalloc(1, sizeof(*odb));
	struct opening o = {.odb = odb, .jobs = jobs, .problem = problem, .payload = payload};

	add_dirs(&o, objects, more);
	pool_each(jobs, odb->pack_count + 1, do_task, odb);
	prefer_sound(odb);
	for (size_t i = 0; i < o.lone.count; i++)
		tell_lone(&o, o.lone.list[i]);
	names_dispose(&o.lone);
	limit_packs(odb);
	number_nodes(odb, jobs);
	odb->loose_types = xcalloc(odb->loose_count, 1);
	return odb;
}

struct odb *odb_open(const char *objects, unsigned jobs, odb_problem_fn problem, void *payload)
{
	return odb_open_with(objects, NULL, jobs, problem, payload);
}

void odb_free(struct odb *odb)
{
	if (!odb)
		return;
	for (size_t i = 0; i < odb->pack_count; i++) {
		pack_dispose(&odb->packs[i]);
		free(odb->numbers[i]);
	}
	object_dirs_dispose(&odb->dirs);
	rebuilder_free(odb->reader);
	free(odb->numbers);
	free(odb->left);
	free(odb->packs);
	free(odb->loose);
	free(odb->loose_types);
	free(odb->places);
	free(odb->copies);
	free(odb->first);
	free(odb->keys);
	free(odb);
}

/* ---- questions ---- */

uint32_t odb_count(const struct odb *odb)
{
	return odb->count;
}

const unsigned char *odb_oid(const struct odb *odb, uint32_t number)
{
	return place_oid(odb, odb->places[number]);
}

/* The first of the keys in [beg, end) that is not less. */
static uint32_t find_key(const struct odb *odb, uint32_t beg, uint32_t end, uint32_t key)
{
	while (beg < end) {
		uint32_t mid = beg + (end - beg) / 2;

		if (odb->keys[mid] < key)
			beg = mid + 1;
		else
			end = mid;
	}
	return beg;
}

/* Names that share a key are rare, but an index may be made of nothing else. */
static uint32_t find_name(const struct odb *odb, uint32_t beg, uint32_t end,
			  const unsigned char *oid)
{
	if (beg == end || odb->keys[beg] != key_of(oid))
		return ODB_NO_OBJECT;
	if (oid_cmp(odb_oid(odb, beg), oid) == 0)
		return beg;
	while (beg < end) {
		uint32_t mid = beg + (end - beg) / 2;
		int order = oid_cmp(odb_oid(odb, mid), oid);

		if (order == 0)
			return mid;
		if (order < 0)
			beg = mid + 1;
		else
			end = mid;
	}
	return ODB_NO_OBJECT;
}

uint32_t odb_find(const struct odb *odb, const unsigned char *oid)
{
	uint32_t beg = odb->first[first_bits(oid)], end = odb->first[first_bits(oid) + 1];

	return find_name(odb, find_key(odb, beg, end, key_of(oid)), end, oid);
}

const struct odb_place *odb_copies(const struct odb *odb, uint32_t number, size_t *count)
{
	const unsigned char *oid = odb_oid(odb, number);
	size_t beg = 0, end = odb->copy_count;

	while (beg < end) {
		size_t mid = beg + (end - beg) / 2;

		if (oid_cmp(place_oid(odb, odb->copies[mid]), oid) < 0)
			beg = mid + 1;
		else
			end = mid;
	}
	for (end = beg; end < odb->copy_count; end++)
		if (oid_cmp(place_oid(odb, odb->copies[end]), oid) != 0)
			break;
	*count = end - beg;
	return *count ? odb->copies + beg : NULL;
}

static void find_some(const struct odb *odb, const struct oid *oids, size_t count,
		      uint32_t *numbers)
{
	uint32_t ends[ODB_FIND_MANY];

	for (size_t i = 0; i < count; i++)
		__builtin_prefetch(&odb->first[first_bits(oids[i].raw)]);
	for (size_t i = 0; i < count; i++) {
		numbers[i] = odb->first[first_bits(oids[i].raw)];
		ends[i] = odb->first[first_bits(oids[i].raw) + 1];
		__builtin_prefetch(&odb->keys[numbers[i] + (ends[i] - numbers[i]) / 2]);
	}
	for (size_t i = 0; i < count; i++) {
		numbers[i] = find_key(odb, numbers[i], ends[i], key_of(oids[i].raw));
		if (numbers[i] < ends[i])
			__builtin_prefetch(&odb->places[numbers[i]]);
	}
	for (size_t i = 0; i < count; i++)
		if (numbers[i] < ends[i])
			__builtin_prefetch(odb_oid(odb, numbers[i]));
	for (size_t i = 0; i < count; i++)
		numbers[i] = find_name(odb, numbers[i], ends[i], oids[i].raw);
}

void odb_find_many(const struct odb *odb, const struct oid *oids, size_t count, uint32_t *numbers)
{
	for (size_t i = 0; i < count; i += ODB_FIND_MANY)
		find_some(odb, oids + i, count - i < ODB_FIND_MANY ? count - i : ODB_FIND_MANY,
			  numbers + i);
}

enum object_type odb_type(const struct odb *odb, uint32_t number)
{
	struct odb_place place = odb->places[number];
	uint32_t node;

	if (place.store == ODB_LOOSE)
		return odb->loose_types[place.at];
	node = odb->packs[place.store].node_of[place.at];
	return node == PACK_NO_NODE ? OBJECT_NONE : odb->packs[place.store].nodes[node].type;
}

const struct object_dirs *odb_dirs(const struct odb *odb)
{
	return &odb->dirs;
}

bool odb_is_partial(const struct odb *odb)
{
	return odb->is_partial;
}
