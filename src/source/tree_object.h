/* The entries of a tree object (gitformat: "<mode> <name>\0<20 bytes>"). */
#ifndef SOURCE_TREE_OBJECT_H
#define SOURCE_TREE_OBJECT_H

#include "base/slice.h"
#include "source/pack/oid.h"

struct tree_entry {
	struct slice name;
	const unsigned char *oid;
	bool is_tree, is_submodule; /* neither: a blob */
};

/* No entry is shorter than "40000 a\0" and its name. */
#define TREE_ENTRY_MIN (8 + OID_BYTES)

/* Takes the next entry off *rest; false at the end, or where the tree is broken:
 * then something is left. */
static inline bool tree_next(struct slice *rest, struct tree_entry *entry)
{
	const unsigned char *p = rest->ptr, *end = p + rest->len;
	const unsigned char *name, *nul;
	unsigned other = 0; /* than an octal digit */

	if (rest->len < TREE_ENTRY_MIN)
		return false;
	for (size_t i = 0; i < 5; i++)
		other |= (p[i] ^ '0') & ~7u;
	/* Old programs wrote "040000". */
	entry->is_tree = p[0] == '4' || (p[0] == '0' && p[1] == '4');
	entry->is_submodule = p[0] == '1' && p[1] == '6';
	name = p[5] == ' ' ? p + 6 : p[6] == ' ' ? p + 7 : NULL;
	if (!name || other)
		return false;
	nul = memchr(name, '\0', (size_t)(end - name));
	if (!nul || nul == name || end - nul <= OID_BYTES)
		return false;
	entry->name = slice_of(name, (size_t)(nul - name));
	entry->oid = nul + 1;
	*rest = slice_of(nul + 1 + OID_BYTES, (size_t)(end - nul - 1 - OID_BYTES));
	return true;
}

#endif
