/*
 * The tree that was read last, and what was noted of its entries. Trees come in
 * the order of their deltas: most are the one before with a few entries changed.
 * So only entries that the one before has not are read, and of the others the
 * marks are taken over. What comes out is what reading each tree alone gives, in
 * the same order, since marks depend on nothing but the bytes of the entry. One
 * thread's.
 */
#ifndef TRACE_LAST_TREE_H
#define TRACE_LAST_TREE_H

#include "source/tree_object.h"

/* What an entry came to. */
struct mark {
	uint32_t entry; /* its number in the tree */
	uint32_t what, name;
	bool is_edge;
};

struct marks {
	struct mark *list;
	size_t count, cap;
};

struct tree_version {
	uint32_t *begs; /* where entries begin, and where the last one ended */
	size_t beg_count, beg_cap;
	struct marks marks;
};

/* All zero: none was read. */
struct last_tree {
	struct tree_version old, now;
	unsigned char *kept; /* bytes of the old one */
	size_t kept_len, kept_cap;
	size_t settled;           /* so many of them are those of the new one already */
	struct slice bytes, rest; /* of the new one */
	size_t at_old, mark_old;  /* entries and marks of the old one that were passed */
};

void last_tree_dispose(struct last_tree *last);

/* What is larger should not be given whole: each worker keeps as much, beside what
 * --max-memory counts. 26,000 files. */
#define LAST_TREE_MAX ((size_t)1 << 20)

/*
 * To read a tree, whose bytes must stay until it is read:
 *	last_tree_begin(last, bytes);
 *	while (last_tree_next(last, &entry))
 *		last_tree_mark(last, ...) any number of times
 *	last_tree_end(last);
 * Gives only entries of which the marks are not known. Then last->now.marks are
 * those of all entries, in their order.
 */
void last_tree_begin(struct last_tree *last, struct slice bytes);
bool last_tree_next(struct last_tree *last, struct tree_entry *entry);
void last_tree_mark(struct last_tree *last, bool is_edge, uint32_t what, uint32_t name);
void last_tree_end(struct last_tree *last);

#endif
