#include "trace/trees.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "trace/last_tree.h"

#include <stdatomic.h>
#include <stdlib.h>

/* ---- names, each once ---- */

/* A worker's. */
struct names {
	char *text; /* all names, one behind the other */
	size_t len, cap;
	struct name {
		size_t at;
		uint32_t len, hash;
	} * list;
	size_t count, list_cap;
	uint32_t *table; /* open addressing; 0: empty, else number + 1 */
	size_t table_size;
};

static uint32_t hash_name(struct slice name)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < name.len; i++)
		hash = (hash ^ name.ptr[i]) * 16777619u;
	return hash;
}

static void names_grow(struct names *n)
{
	size_t size = n->table_size ? n->table_size * 2 : 1024;

	free(n->table);
	n->table = xcalloc(size, sizeof(*n->table));
	n->table_size = size;
	for (size_t i = 0; i < n->count; i++) {
		size_t at = n->list[i].hash & (size - 1);

		while (n->table[at])
			at = (at + 1) & (size - 1);
		n->table[at] = (uint32_t)i + 1;
	}
}

static struct slice name_at(const struct names *n, size_t i)
{
	return slice_of(n->text + n->list[i].at, n->list[i].len);
}

static uint32_t names_add(struct names *n, struct slice name)
{
	uint32_t hash = hash_name(name);
	size_t at;

	if (n->count * 2 >= n->table_size)
		names_grow(n);
	at = hash & (n->table_size - 1);
	for (; n->table[at]; at = (at + 1) & (n->table_size - 1))
		if (n->list[n->table[at] - 1].hash == hash &&
		    slice_eq(name_at(n, n->table[at] - 1), name))
			return n->table[at] - 1;
	while (n->cap - n->len < name.len) {
		n->cap = n->cap ? n->cap * 2 : 4096;
		n->text = xrealloc(n->text, n->cap);
	}
	memcpy(n->text + n->len, name.ptr, name.len);
	grow_array(&n->list, &n->list_cap, n->count, sizeof(*n->list));
	n->list[n->count] = (struct name){n->len, (uint32_t)name.len, hash};
	n->len += name.len;
	n->table[at] = (uint32_t)n->count + 1;
	return (uint32_t)n->count++;
}

/* ---- reading all trees ---- */

struct noted {
	struct tree_edge *list; /* parent and child are numbers of objects yet */
	size_t count, cap;
};

struct reader {
	struct names names;
	struct last_tree last;
	struct noted edges, holders;
};

struct reading {
	struct history *h;
	struct reader *readers;
	/* A bit for each beginning of an id of a tree or of what was found, of three bytes at
	 * most: most entries are passed over with one look. */
	uint64_t *filter;
	unsigned filter_shift;
	uint64_t *are_trees; /* by number of object */
	const struct targets *targets;
	size_t edges_max; /* a worker */
	atomic_bool cut_short, is_spent;
};

static unsigned first_bits(const struct reading *r, const unsigned char *oid)
{
	return ((unsigned)oid[0] << 16 | (unsigned)oid[1] << 8 | oid[2]) >> r->filter_shift;
}

static bool has_room(struct reading *r, const struct reader *reader)
{
	bool has = reader->edges.count + reader->holders.count < r->edges_max;

	if (!has)
		atomic_store_explicit(&r->cut_short, true, memory_order_relaxed);
	return has;
}

/* What counts is what an object is, not what its mode says: git takes on trees that call
 * a file a folder, a submodule, or the reverse, and it has gone wherever they went. */
static uint32_t find_child(const struct reading *r, const struct tree_entry *entry, bool *is_edge)
{
	uint32_t number, none = NO_TARGET;

	if (!bit_get(r->filter, first_bits(r, entry->oid)))
		return none;
	number = odb_find(r->h->odb, entry->oid);
	if (number == ODB_NO_OBJECT)
		return none;
	*is_edge = bit_get(r->are_trees, number);
	if (*is_edge)
		return number;
	/* Of a submodule the commit may be here too: it is not in the tree. */
	return odb_type(r->h->odb, number) == OBJECT_BLOB ? targets_find(r->targets, number) : none;
}

/* Depends on nothing but the entry, whatever tree it is in. */
static void mark_entry(const struct reading *r, struct reader *reader,
		       const struct tree_entry *entry)
{
	uint32_t named = NO_TARGET, child;
	bool is_edge = false;

	if (r->targets->name_count)
		named = targets_find_name(r->targets, entry->name);
	child = find_child(r, entry, &is_edge);
	if (named != NO_TARGET)
		last_tree_mark(&reader->last, false, named, names_add(&reader->names, entry->name));
	if (child != NO_TARGET)
		last_tree_mark(&reader->last, is_edge, child,
			       names_add(&reader->names, entry->name));
}

static void note_marks(struct reading *r, struct reader *reader, uint32_t tree)
{
	const struct marks *marks = &reader->last.now.marks;

	for (size_t i = 0; i < marks->count && has_room(r, reader); i++) {
		struct mark mark = marks->list[i];
		struct noted *to = mark.is_edge ? &reader->edges : &reader->holders;

		grow_array(&to->list, &to->cap, to->count, sizeof(*to->list));
		to->list[to->count++] = (struct tree_edge){tree, mark.what, mark.name};
	}
}

static void read_tree(struct reading *r, struct reader *reader, uint32_t number, struct slice bytes)
{
	struct tree_entry entry;

	last_tree_begin(&reader->last, bytes);
	while (last_tree_next(&reader->last, &entry))
		mark_entry(r, reader, &entry);
	last_tree_end(&reader->last);
	note_marks(r, reader, number);
}

/* Each entry as if it were a tree of its own, so that little is kept. */
static void read_large(struct reading *r, struct reader *reader, const struct odb_object *object)
{
	struct slice rest = object->bytes, left = rest;
	struct tree_entry entry;

	for (; tree_next(&left, &entry); rest = left)
		read_tree(r, reader, object->number, slice_of(rest.ptr, rest.len - left.len));
}

static void on_tree(void *payload, unsigned worker, const struct odb_object *object)
{
	struct reading *r = payload;
	struct reader *reader = &r->readers[worker];

	if (object->type != OBJECT_TREE)
		return;
	if (object->bytes.len <= LAST_TREE_MAX)
		read_tree(r, reader, object->number, object->bytes);
	else
		read_large(r, reader, object);
}

/* Told by the scan, or of no matter to it, unless it is only now that there is no end
 * to them. */
static void on_broken(void *payload, unsigned worker, uint32_t number, const struct err *why)
{
	struct reading *r = payload;

	if (odb_is_spent(r->h->odb))
		atomic_store_explicit(&r->is_spent, true, memory_order_relaxed);
}

#define FILTER_BITS 24
#define FILTER_LESS 10 /* where there are few objects: fewer by that many at most */
#define PER_OBJECT  32 /* bits, as long as there are so many */

static void look_out_for(struct reading *r)
{
	const struct history *h = r->h;
	uint32_t count = odb_count(h->odb);

	while (r->filter_shift < FILTER_LESS &&
	       (size_t)count * PER_OBJECT < (size_t)1 << (FILTER_BITS - r->filter_shift - 1))
		r->filter_shift++;
	r->filter =
		xcalloc(((size_t)1 << (FILTER_BITS - r->filter_shift)) / 64, sizeof(*r->filter));
	r->are_trees = xcalloc((size_t)count / 64 + 1, sizeof(*r->are_trees));
	for (size_t i = 0; i < h->found_count; i++)
		bit_set(r->filter, first_bits(r, odb_oid(h->odb, h->found[i])));
	for (uint32_t i = 0; i < count; i++) {
		if (odb_type(h->odb, i) != OBJECT_TREE)
			continue;
		bit_set(r->are_trees, i);
		bit_set(r->filter, first_bits(r, odb_oid(h->odb, i)));
	}
}

static void read_all(struct reading *r)
{
	struct history *h = r->h;
	struct odb_visit how = {
		.jobs = h->options.jobs,
		.types = 1u << OBJECT_TREE,
		.max_bytes = h->options.max_bytes,
		.gate = h->options.gate,
	};
	struct odb_visitor visitor = {.object = on_tree, .broken = on_broken, .payload = r};

	look_out_for(r);
	odb_visit(h->odb, &how, &visitor);
	for (unsigned i = 0; i < h->options.jobs; i++)
		last_tree_dispose(&r->readers[i].last);
	free(r->filter);
	free(r->are_trees);
}

/* ---- one list of what all workers noted ---- */

static int order_texts(const void *left, const void *right)
{
	return slice_cmp(*(const struct slice *)left, *(const struct slice *)right);
}

static uint32_t find_name(const struct trees *t, struct slice name)
{
	const struct slice *at = bsearch(&name, t->names, t->name_count, sizeof(name), order_texts);

	return (uint32_t)(at - t->names);
}

/* Gives every name one number for all workers, by ascending name. */
static void join_names(struct trees *t, struct reading *r)
{
	unsigned jobs = r->h->options.jobs;
	size_t count = 0, kept = 0;

	for (unsigned w = 0; w < jobs; w++)
		count += r->readers[w].names.count;
	t->names = xcalloc(count, sizeof(*t->names));
	t->texts = xcalloc(jobs, sizeof(*t->texts));
	for (unsigned w = 0; w < jobs; w++) {
		struct names *n = &r->readers[w].names;

		t->texts[t->text_count++] = n->text;
		for (size_t i = 0; i < n->count; i++)
			t->names[t->name_count++] = name_at(n, i);
	}
	if (count)
		qsort(t->names, count, sizeof(*t->names), order_texts);
	for (size_t i = 0; i < count; i++)
		if (!kept || !slice_eq(t->names[kept - 1], t->names[i]))
			t->names[kept++] = t->names[i];
	t->name_count = kept;
}

/* Of each of a worker's names; caller frees. */
static uint32_t *numbers_of(const struct trees *t, const struct names *n)
{
	uint32_t *to = xcalloc(n->count + 1, sizeof(*to));

	for (size_t i = 0; i < n->count; i++)
		to[i] = find_name(t, name_at(n, i));
	return to;
}

static void append(struct tree_edge **list, size_t *count, struct noted *noted, const uint32_t *to)
{
	*list = xrealloc(*list, (*count + noted->count + 1) * sizeof(**list));
	for (size_t i = 0; i < noted->count; i++) {
		struct tree_edge edge = noted->list[i];

		edge.name = to[edge.name];
		(*list)[(*count)++] = edge;
	}
	free(noted->list);
}

static void join(struct trees *t, struct reading *r)
{
	join_names(t, r);
	for (unsigned w = 0; w < r->h->options.jobs; w++) {
		struct reader *reader = &r->readers[w];
		uint32_t *to = numbers_of(t, &reader->names);

		append(&t->edges, &t->edge_count, &reader->edges, to);
		append(&t->holders, &t->holder_count, &reader->holders, to);
		free(to);
		free(reader->names.list);
		free(reader->names.table);
	}
}

/* ---- flags ---- */

static uint32_t key_of(const struct tree_edge *edge, bool by_child)
{
	return by_child ? edge->child : edge->parent;
}

/* Orders edges by child or parent, which is below `keys`, and leaves those that
 * share it as they were; returns where each key's begin. */
static size_t *sort_edges(struct tree_edge **edges, size_t count, uint32_t keys, bool by_child)
{
	size_t *beg = xcalloc((size_t)keys + 2, sizeof(*beg));
	struct tree_edge *sorted = xcalloc(count, sizeof(*sorted));

	for (size_t i = 0; i < count; i++)
		beg[key_of(&(*edges)[i], by_child) + 2]++;
	for (uint32_t i = 0; i < keys; i++)
		beg[i + 2] += beg[i + 1];
	for (size_t i = 0; i < count; i++)
		sorted[beg[key_of(&(*edges)[i], by_child) + 1]++] = (*edges)[i];
	free(*edges);
	*edges = sorted;
	return beg;
}

struct flagging {
	struct trees *t;
	const size_t *beg; /* of edges by child, both still numbers of objects */
	struct step {
		uint32_t tree;
		size_t next;
	} * stack;
	size_t depth, cap;
};

static void flag(struct flagging *f, uint32_t tree)
{
	f->t->slots[tree] = 0; /* seen; the number comes when its parents have theirs */
	grow_array(&f->stack, &f->cap, f->depth, sizeof(*f->stack));
	f->stack[f->depth++] = (struct step){tree, f->beg[tree]};
}

/* Parents first, so that slots ascend from the commits' trees downwards. */
static void flag_upwards(struct flagging *f, uint32_t tree)
{
	struct trees *t = f->t;

	if (t->slots[tree] != TREES_NO_SLOT)
		return;
	flag(f, tree);
	while (f->depth) {
		struct step *at = &f->stack[f->depth - 1];
		uint32_t parent;

		if (at->next == f->beg[at->tree + 1]) {
			t->slots[at->tree] = t->slot_count++;
			f->depth--;
			continue;
		}
		parent = t->edges[at->next++].parent;
		if (t->slots[parent] == TREES_NO_SLOT)
			flag(f, parent);
	}
}

/* From numbers of objects to slots; edges to trees that are not flagged go. */
static void keep_flagged(struct trees *t)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->edge_count; i++) {
		uint32_t child = t->slots[t->edges[i].child];

		if (child == TREES_NO_SLOT)
			continue;
		t->edges[kept++] =
			(struct tree_edge){t->slots[t->edges[i].parent], child, t->edges[i].name};
	}
	t->edge_count = kept;
	for (size_t i = 0; i < t->holder_count; i++)
		t->holders[i].parent = t->slots[t->holders[i].parent];
}

/* Begins with the trees that hold something, then those in whose own names something was
 * found; by their numbers, so not in the order in which threads met them. */
static void flag_holders(struct flagging *f, const struct history *h)
{
	const struct trees *t = f->t;
	uint32_t count = odb_count(h->odb);
	uint64_t *hold = xcalloc((size_t)count / 64 + 1, sizeof(*hold));

	for (size_t i = 0; i < t->holder_count; i++)
		bit_set(hold, t->holders[i].parent);
	for (uint32_t i = 0; i < count; i++)
		if (bit_get(hold, i))
			flag_upwards(f, i);
	free(hold);
	for (size_t i = 0; i < h->found_count; i++)
		if (odb_type(h->odb, h->found[i]) == OBJECT_TREE)
			flag_upwards(f, h->found[i]);
}

/* A busy folder's versions hold the same again and again: there are millions. What one
 * tree holds came from one thread, and stays as it was. */
static void sort_holders(struct trees *t, uint32_t targets)
{
	free(sort_edges(&t->holders, t->holder_count, t->slot_count, false));
	t->holders_beg = sort_edges(&t->holders, t->holder_count, targets, true);
}

static void flag_all(struct trees *t, const struct history *h, uint32_t targets)
{
	uint32_t count = odb_count(h->odb);
	struct flagging f = {.t = t};
	size_t *beg;

	free(sort_edges(&t->edges, t->edge_count, count, false));
	beg = sort_edges(&t->edges, t->edge_count, count, true);
	t->slots = xmalloc(((size_t)count + 1) * sizeof(*t->slots));
	memset(t->slots, 0xff, ((size_t)count + 1) * sizeof(*t->slots));
	f.beg = beg;
	flag_holders(&f, h);
	free(f.stack);
	free(beg);
	keep_flagged(t);
	t->edges_beg = sort_edges(&t->edges, t->edge_count, t->slot_count, true);
	sort_holders(t, targets);
}

/* ---- all ---- */

void trees_read(struct trees *trees, struct history *h, const struct targets *targets)
{
	struct reading r = {.h = h, .targets = targets};

	*trees = (struct trees){0};
	/* Sorting needs them twice. */
	r.edges_max = (size_t)(odb_share(h->options.max_bytes, h->options.jobs, h->options.gate) /
			       2 / sizeof(struct tree_edge));
	r.readers = xcalloc_lines(h->options.jobs, sizeof(*r.readers));
	read_all(&r);
	join(trees, &r);
	free(r.readers);
	trees->cut_short = atomic_load(&r.cut_short);
	trees->is_spent = atomic_load(&r.is_spent);
	flag_all(trees, h, targets->count);
}

void trees_dispose(struct trees *trees)
{
	for (unsigned i = 0; i < trees->text_count; i++)
		free(trees->texts[i]);
	free(trees->texts);
	free(trees->names);
	free(trees->edges);
	free(trees->edges_beg);
	free(trees->holders);
	free(trees->holders_beg);
	free(trees->slots);
	*trees = (struct trees){0};
}
