#include "source/oid_set.h"

#include "base/alloc.h"

#include <stdlib.h>

/* Ids are digests: any part of one is as good as a hash. */
static size_t slot_of(const struct oid_set *set, const unsigned char *oid)
{
	size_t at = load_be32(oid) & (set->table_size - 1);

	while (set->table[at] && oid_cmp(set->oids.list[set->table[at] - 1].raw, oid) != 0)
		at = (at + 1) & (set->table_size - 1);
	return at;
}

static void grow(struct oid_set *set)
{
	set->table_size = set->table_size ? set->table_size * 2 : 1024;
	free(set->table);
	set->table = xcalloc(set->table_size, sizeof(*set->table));
	for (size_t i = 0; i < set->oids.count; i++)
		set->table[slot_of(set, set->oids.list[i].raw)] = (uint32_t)i + 1;
}

size_t oid_set_add(struct oid_set *set, const unsigned char *oid, bool *is_new)
{
	struct oid own = oid_from(oid);
	size_t at;

	if (set->oids.count * 2 >= set->table_size)
		grow(set);
	at = slot_of(set, oid);
	*is_new = !set->table[at];
	if (*is_new) {
		oids_add(&set->oids, &own);
		set->table[at] = (uint32_t)set->oids.count;
	}
	return set->table[at] - 1;
}

void oid_set_dispose(struct oid_set *set)
{
	free(set->oids.list);
	free(set->table);
	*set = (struct oid_set){0};
}
