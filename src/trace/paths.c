/*
 * Paths are links to the path of the folder above, so that a hundred thousand
 * versions of a folder share one. Slots ascend from parents to children: one
 * pass in that order has what it needs.
 */
#include "trace/paths.h"

#include "base/alloc.h"

#include <stdlib.h>

#define ROOT_PATH 0

struct link {
	uint32_t parent, name;
};

struct set {
	uint32_t *list;
	uint32_t count;
};

struct paths {
	const struct trees *trees;
	struct link *links; /* [ROOT_PATH] is not used */
	size_t count, cap;
	uint32_t *table; /* open addressing by link; 0: empty */
	size_t table_size;
	struct set *sets; /* by slot */
	uint32_t *in_set; /* by path: 1 + the slot whose set it was last added to */
	size_t in_set_cap;
};

static size_t hash_link(struct link link)
{
	return (size_t)((link.parent * UINT64_C(0x9E3779B97F4A7C15)) ^
			(link.name * UINT64_C(0xC2B2AE3D27D4EB4F)) >> 17);
}

static void grow_table(struct paths *p)
{
	size_t size = p->table_size ? p->table_size * 2 : 1024;

	free(p->table);
	p->table = xcalloc(size, sizeof(*p->table));
	p->table_size = size;
	for (size_t i = 1; i < p->count; i++) {
		size_t at = hash_link(p->links[i]) & (size - 1);

		while (p->table[at])
			at = (at + 1) & (size - 1);
		p->table[at] = (uint32_t)i;
	}
}

static uint32_t add_link(struct paths *p, struct link link)
{
	size_t at;

	if (p->count * 2 >= p->table_size)
		grow_table(p);
	at = hash_link(link) & (p->table_size - 1);
	for (; p->table[at]; at = (at + 1) & (p->table_size - 1)) {
		const struct link *known = &p->links[p->table[at]];

		if (known->parent == link.parent && known->name == link.name)
			return p->table[at];
	}
	grow_array(&p->links, &p->cap, p->count, sizeof(*p->links));
	p->links[p->count] = link;
	p->table[at] = (uint32_t)p->count;
	return (uint32_t)p->count++;
}

static void add_path(struct paths *p, uint32_t slot, uint32_t path)
{
	struct set *set = &p->sets[slot];

	while (path >= p->in_set_cap) {
		size_t old = p->in_set_cap;

		grow_array(&p->in_set, &p->in_set_cap, old, sizeof(*p->in_set));
		memset(p->in_set + old, 0, (p->in_set_cap - old) * sizeof(*p->in_set));
	}
	if (p->in_set[path] == slot + 1)
		return;
	p->in_set[path] = slot + 1;
	/* Room for one, then doubled whenever the count is a power of two. */
	if ((set->count & (set->count - 1)) == 0)
		set->list =
			xrealloc(set->list, (set->count ? set->count * 2 : 1) * sizeof(*set->list));
	set->list[set->count++] = path;
}

/* Not a path is made once there are enough: each folder of folders of folders
 * would have a thousand times those of the one above. */
static void fill_set(struct paths *p, uint32_t slot)
{
	const struct trees *t = p->trees;
	const struct set *set = &p->sets[slot];
	struct link last = {UINT32_MAX, UINT32_MAX};

	for (size_t i = t->edges_beg[slot]; i < t->edges_beg[slot + 1]; i++) {
		const struct set *above = &p->sets[t->edges[i].parent];

		for (uint32_t j = 0; j < above->count && set->count < PATHS_OF_TREE_MAX; j++) {
			struct link link = {above->list[j], t->edges[i].name};

			/* Versions of one parent: the same again and again. */
			if (link.parent == last.parent && link.name == last.name)
				continue;
			last = link;
			add_path(p, slot, add_link(p, link));
		}
	}
}

struct paths *paths_new(const struct trees *trees, const bool *is_root)
{
	struct paths *p = xcalloc(1, sizeof(*p));

	p->trees = trees;
	p->sets = xcalloc(trees->slot_count, sizeof(*p->sets));
	grow_array(&p->links, &p->cap, 0, sizeof(*p->links));
	p->links[p->count++] = (struct link){0};
	for (uint32_t slot = 0; slot < trees->slot_count; slot++) {
		if (is_root[slot])
			add_path(p, slot, ROOT_PATH);
		fill_set(p, slot);
	}
	return p;
}

void paths_free(struct paths *paths)
{
	if (!paths)
		return;
	for (uint32_t i = 0; i < paths->trees->slot_count; i++)
		free(paths->sets[i].list);
	free(paths->sets);
	free(paths->links);
	free(paths->table);
	free(paths->in_set);
	free(paths);
}

const uint32_t *paths_of(const struct paths *paths, uint32_t slot, size_t *count)
{
	*count = paths->sets[slot].count;
	return paths->sets[slot].list;
}

void paths_append(const struct paths *paths, uint32_t path, struct buf *out)
{
	uint32_t names[256];
	size_t depth = 0;

	for (; path != ROOT_PATH && depth < 256; path = paths->links[path].parent)
		names[depth++] = paths->links[path].name;
	while (depth > 0) {
		buf_append_slice(out, paths->trees->names[names[--depth]]);
		if (depth)
			buf_append_byte(out, '/');
	}
}
