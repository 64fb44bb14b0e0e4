/*
 * Trees level by level: those of the tips, then what they name, each id once
 * and each level in the order in which packs hold them, never one by one.
 */
#include "source/history.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/pool.h"
#include "base/tr.h"
#include "source/tree_object.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define MISSING_TOLD 10
#define TOO_DEEP     "folders lie in each other too deep: the names below are not read"

/* Trees that follow each other are versions of each other and name mostly the
 * same, which need not be looked up again. */
#define RECENT ((size_t)16384)

/* Names of what is not there, a worker's; some stand in it several times. */
struct missing {
	struct oid *list;
	size_t count, cap;
};

struct level {
	struct history *h;
	_Atomic uint64_t *seen;  /* a bit for each object: visited, or about to be */
	_Atomic uint64_t *files; /* named as a file's contents */
	uint64_t *now;           /* trees of this level */
	_Atomic uint64_t *next;  /* and of the next */
	atomic_bool any;         /* next is not empty */
	struct missing *missing; /* for each worker */
	uint32_t **found;        /* for each worker, trees with names to report */
	size_t *found_counts, *found_caps;
	struct oid **recent; /* for each worker, by a part of the name */
	bool *reached;       /* for each commit: its parents should be here */
	bool names_only;     /* of every tree: missing ones were counted already */
};

/* ---- names ---- */

struct owner {
	struct level *level;
	unsigned worker;
	uint32_t tree;
	char hex[OID_HEX + 1];
};

static void on_found(struct document *doc)
{
	struct owner *o = doc->owner;
	struct level *l = o->level;
	unsigned w = o->worker;

	oid_to_hex(o->hex, odb_oid(l->h->odb, o->tree));
	doc->from.blob = o->hex;
	grow_array(&l->found[w], &l->found_caps[w], l->found_counts[w], sizeof(**l->found));
	l->found[w][l->found_counts[w]++] = o->tree;
}

static void give_name(struct level *l, unsigned worker, uint32_t tree, struct slice name)
{
	const struct history *h = l->h;
	struct owner owner = {l, worker, tree, ""};
	struct stream stream;
	struct buf path;
	struct document doc = {
		.from = {.root = h->repository->root,
			 .name_len = name.len,
			 .where = WHERE_PATH,
			 .exposure = EXPOSURE_UNREACHABLE,
			 .repository = h->repository_number,
			 .history = true},
		.bytes = &stream,
		.found = on_found,
		.owner = &owner,
	};

	if (!h->sink->worth(h->sink->payload, name))
		return;
	buf_init(&path, BUF_MAX_PATH);
	buf_append_slice(&path, h->repository->prefix);
	buf_append_slice(&path, name);
	doc.from.path = buf_slice(&path);
	stream_from_memory(&stream, name);
	h->sink->document(h->sink->payload, worker, &doc);
	buf_dispose(&path);
}

static void scan_names(struct level *l, unsigned worker, const struct odb_object *tree)
{
	struct slice rest = tree->bytes;
	struct tree_entry entry;

	if (!l->h->sink->worth(l->h->sink->payload, rest))
		return;
	while (tree_next(&rest, &entry))
		give_name(l, worker, tree->number, entry.name);
}

/* ---- what a tree names ---- */

static bool set_bit(_Atomic uint64_t *bits, uint32_t i)
{
	uint64_t bit = (uint64_t)1 << i % 64;

	if (atomic_load_explicit(&bits[i / 64], memory_order_relaxed) & bit)
		return false;
	return !(atomic_fetch_or(&bits[i / 64], bit) & bit);
}

static int order_oids(const void *left, const void *right)
{
	return oid_cmp(((const struct oid *)left)->raw, ((const struct oid *)right)->raw);
}

/* Ascending, and each once. */
static void settle_missing(struct missing *m)
{
	size_t kept = 0;

	if (m->count)
		qsort(m->list, m->count, sizeof(*m->list), order_oids);
	for (size_t i = 0; i < m->count; i++)
		if (!kept || oid_cmp(m->list[kept - 1].raw, m->list[i].raw) != 0)
			m->list[kept++] = m->list[i];
	m->count = kept;
}

/* Many trees name the same: repeats go whenever the list is full, and it grows
 * only where that made little room. */
static void add_missing(struct missing *m, const unsigned char *oid)
{
	if (m->count == m->cap)
		settle_missing(m);
	if (m->count > m->cap / 2)
		grow_array(&m->list, &m->cap, m->cap, sizeof(*m->list));
	grow_array(&m->list, &m->cap, m->count, sizeof(*m->list));
	m->list[m->count++] = oid_from(oid);
}

/* Git knows the tree of nothing without storing it: object-file.c, find_cached_object(). */
static bool is_empty_tree(const unsigned char *oid)
{
	static const unsigned char empty[OID_BYTES] = {0x4b, 0x82, 0x5d, 0xc6, 0x42, 0xcb, 0x6e,
						       0xb9, 0xa0, 0x60, 0xe5, 0x4b, 0xf8, 0xd6,
						       0x92, 0x88, 0xfb, 0xee, 0x49, 0x04};

	return oid_cmp(empty, oid) == 0;
}

static void note_missing(struct level *l, unsigned worker, const unsigned char *oid)
{
	if (!is_empty_tree(oid))
		add_missing(&l->missing[worker], oid);
}

static void note_tree(struct level *l, uint32_t number)
{
	if (!set_bit(l->seen, number))
		return;
	set_bit(l->next, number);
	atomic_store_explicit(&l->any, true, memory_order_relaxed);
}

/* As what it is named counts: a tree that was first called a blob is yet to be read. */
static bool was_recent(struct level *l, unsigned worker, const unsigned char *oid, bool is_tree)
{
	size_t at = ((size_t)oid[2] << 8 | oid[3]) << 1 | is_tree;
	struct oid *recent = &l->recent[worker][at & (RECENT - 1)];

	if (oid_cmp(recent->raw, oid) == 0)
		return true;
	*recent = oid_from(oid);
	return false;
}

/* What was named and is yet to be looked up. */
struct entries {
	struct oid oids[ODB_FIND_MANY];
	bool are_trees[ODB_FIND_MANY];
	size_t count;
};

static void look_up(struct level *l, unsigned worker, struct entries *entries)
{
	uint32_t numbers[ODB_FIND_MANY];

	odb_find_many(l->h->odb, entries->oids, entries->count, numbers);
	for (size_t i = 0; i < entries->count; i++) {
		if (numbers[i] == ODB_NO_OBJECT)
			note_missing(l, worker, entries->oids[i].raw);
		else if (entries->are_trees[i])
			note_tree(l, numbers[i]);
		else
			set_bit(l->files, numbers[i]);
	}
	entries->count = 0;
}

static void tell_broken(struct level *l, unsigned worker, uint32_t number, const char *why)
{
	const struct history *h = l->h;
	char hex[OID_HEX + 1], what[640];

	oid_to_hex(hex, odb_oid(h->odb, number));
	snprintf(what, sizeof(what), "object %s: %s", hex, why);
	h->sink->diag(h->sink->payload, worker, h->repository->root, h->repository->prefix, false,
		      what);
}

static void check_entries(struct level *l, const struct odb_object *tree, unsigned worker)
{
	struct entries entries = {.count = 0};
	struct slice rest = tree->bytes;
	struct tree_entry entry;

	while (tree_next(&rest, &entry)) {
		if (entry.is_submodule || was_recent(l, worker, entry.oid, entry.is_tree))
			continue;
		entries.oids[entries.count] = oid_from(entry.oid);
		entries.are_trees[entries.count++] = entry.is_tree;
		if (entries.count == ODB_FIND_MANY)
			look_up(l, worker, &entries);
	}
	look_up(l, worker, &entries);
	if (rest.len)
		tell_broken(l, worker, tree->number, "it is a broken tree");
}

static void on_tree(void *payload, unsigned worker, const struct odb_object *object)
{
	struct level *l = payload;

	if (object->type != OBJECT_TREE)
		return;
	scan_names(l, worker, object);
	if (!l->names_only)
		check_entries(l, object, worker);
}

static void on_broken(void *payload, unsigned worker, uint32_t number, const struct err *why)
{
	tell_broken(payload, worker, number, why->msg);
}

/* ---- the levels ---- */

static void visit_trees(struct level *l, const uint64_t *wanted)
{
	struct odb_visit how = {
		.jobs = l->h->options.jobs,
		.types = 1u << OBJECT_TREE,
		.wanted = wanted,
		.max_bytes = l->h->options.max_bytes,
		.gate = l->h->options.gate,
	};
	struct odb_visitor visitor = {.object = on_tree, .broken = on_broken, .payload = l};

	odb_visit(l->h->odb, &how, &visitor);
}

/* As deep as git itself follows trees: core.maxTreeDepth, git-config(1). */
#define TREE_DEPTH_MAX 2048

static void visit_levels(struct level *l, size_t words)
{
	for (unsigned depth = 0; atomic_exchange(&l->any, false); depth++) {
		if (depth > TREE_DEPTH_MAX) {
			l->h->sink->diag(l->h->sink->payload, 0, l->h->repository->root,
					 l->h->repository->prefix, false, TOO_DEEP);
			return;
		}
		for (size_t i = 0; i < words; i++)
			l->now[i] = atomic_exchange_explicit(&l->next[i], 0, memory_order_relaxed);
		visit_trees(l, l->now);
	}
}

static bool is_shallow(const struct history *h, uint32_t number)
{
	return h->shallow_count && bsearch(odb_oid(h->odb, number), h->shallow, h->shallow_count,
					   sizeof(*h->shallow), order_oids);
}

static void count_missing_parents(struct level *l, unsigned worker, const struct commit *commit)
{
	const struct commits *commits = &l->h->commits;

	for (uint32_t i = 0; i < commit->parent_count; i++)
		if (commits->parents[commit->parents_beg + i] == PARENT_MISSING &&
		    !is_shallow(l->h, commit->number))
			note_missing(l, worker,
				     commits_missing(commits, commit->parents_beg + i)->raw);
}

static void start_at(struct level *l, const struct commit *commit)
{
	if (commit->tree == ODB_NO_OBJECT)
		note_missing(l, 0, commits_missing(&l->h->commits, commit->parents_beg - 1)->raw);
	else
		note_tree(l, commit->tree);
}

/* What a ref leads to, by way of tags too. */
static uint32_t find_tip(struct level *l, const struct ref *ref)
{
	uint32_t number = odb_find(l->h->odb, ref->oid.raw);
	const struct tag *tag = history_tag(l->h, number);

	if (tag)
		number = tag->peeled;
	if (number == ODB_NO_OBJECT)
		note_missing(l, 0, tag ? tag->end.raw : ref->oid.raw);
	return number;
}

static void start_at_commits(struct level *l, const bool *which)
{
	const struct commits *commits = &l->h->commits;

	for (size_t i = 0; i < commits->count; i++)
		if (which[i])
			start_at(l, &commits->list[i]);
}

/* Marks what refs name; trees that they name themselves are begun with. */
static void start_at_refs(struct level *l)
{
	struct history *h = l->h;

	for (size_t i = 0; i < h->refs.count; i++) {
		const struct ref *ref = &h->refs.list[i];
		uint32_t number;
		size_t commit;

		if (!ref->is_name || !ref->has_oid)
			continue;
		number = find_tip(l, ref);
		if (number == ODB_NO_OBJECT)
			continue;
		commit = commits_find(&h->commits, number);
		if (commit != NO_COMMIT) {
			l->reached[commit] = true;
			start_at(l, &h->commits.list[commit]);
		} else if (odb_type(h->odb, number) == OBJECT_TREE) {
			note_tree(l, number);
		}
	}
	if (!h->options.check_connectivity && !odb_is_partial(h->odb))
		return;
	commits_reach(&h->commits, l->reached);
	start_at_commits(l, l->reached);
}

/* Of a range, all that it brought in. */
static void start_at_range(struct level *l)
{
	struct history *h = l->h;

	for (size_t i = 0; i < h->range.tips.count; i++) {
		uint32_t number = find_tip(l, &(struct ref){.oid = h->range.tips.list[i]});

		if (number != ODB_NO_OBJECT && range_names(&h->range, number) &&
		    odb_type(h->odb, number) == OBJECT_TREE)
			note_tree(l, number);
	}
	start_at_commits(l, h->range.asked);
	memcpy(l->reached, h->range.asked, h->commits.count * sizeof(*l->reached));
}

/* What was named as something, and can be read, but is something else: it was read as
 * what it is, if at all. */
static void tell_no(struct level *l, unsigned worker, enum object_type wanted,
		    const _Atomic uint64_t *named, const char *why)
{
	const struct history *h = l->h;

	for (uint32_t i = 0; i < odb_count(h->odb); i++) {
		uint64_t bits = atomic_load_explicit(&named[i / 64], memory_order_relaxed);
		enum object_type type = bits >> i % 64 & 1 ? odb_type(h->odb, i) : wanted;

		if (type != wanted && type != OBJECT_NONE)
			tell_broken(l, worker, i, why);
	}
}

/* Marks all that is reached. */
static void check_parents(struct level *l, unsigned worker)
{
	const struct commits *commits = &l->h->commits;

	if (l->h->range.is_all)
		commits_reach(commits, l->reached);
	for (size_t i = 0; i < commits->count; i++)
		if (l->reached[i])
			count_missing_parents(l, worker, &commits->list[i]);
}

/* What looks at all objects, each by itself. */
static void do_check(unsigned worker, size_t check, void *payload)
{
	struct level *l = payload;

	if (check == 0)
		check_parents(l, worker);
	else if (check == 1)
		tell_no(l, worker, OBJECT_BLOB, l->files,
			"it is no file's contents, but is named as such");
	else
		tell_no(l, worker, OBJECT_TREE, l->seen, "it is no tree, but is named as one");
}
#define CHECKS 3

/* All workers' in one, which the caller frees. */
static struct missing join_missing(struct level *l)
{
	struct missing all = {0};

	for (unsigned w = 0; w < l->h->options.jobs; w++) {
		for (size_t i = 0; i < l->missing[w].count; i++)
			add_missing(&all, l->missing[w].list[i].raw);
		free(l->missing[w].list);
	}
	free(l->missing);
	settle_missing(&all);
	return all;
}

static void tell_missing(const struct history *h, const struct missing *missing)
{
	char hex[OID_HEX + 1];
	struct buf what;

	if (!missing->count)
		return;
	buf_init(&what, BUF_MAX_LINE);
	if (odb_is_partial(h->odb))
		buf_appendf(&what,
			    tr("objects were never fetched (a partial clone): %zu; `git fetch "
			       "--refetch "
			       "--no-filter` gets what is missing"),
			    missing->count);
	else
		buf_appendf(&what, tr("objects are missing from the repository: %zu, among them"),
			    missing->count);
	for (size_t i = 0; !odb_is_partial(h->odb) && i < missing->count && i < MISSING_TOLD; i++) {
		oid_to_hex(hex, missing->list[i].raw);
		buf_appendf(&what, " %s", hex);
	}
	h->sink->diag(h->sink->payload, 0, h->repository->root, h->repository->prefix, false,
		      what.ptr);
	buf_dispose(&what);
}

static void keep_found(struct level *l)
{
	struct history *h = l->h;

	for (unsigned w = 0; w < h->options.jobs; w++) {
		for (size_t i = 0; i < l->found_counts[w]; i++) {
			grow_array(&h->found, &h->found_cap, h->found_count, sizeof(*h->found));
			h->found[h->found_count++] = l->found[w][i];
		}
		free(l->found[w]);
		free(l->recent[w]);
	}
	free(l->recent);
	free(l->found);
	free(l->found_counts);
	free(l->found_caps);
}

void history_check_trees(struct history *h)
{
	size_t words = odb_count(h->odb) / 64 + 1;
	struct level l = {.h = h};
	struct missing missing;

	l.reached = xcalloc(h->commits.count + 1, sizeof(*l.reached));
	l.seen = xcalloc(words, sizeof(*l.seen));
	l.files = xcalloc(words, sizeof(*l.files));
	l.now = xcalloc(words, sizeof(*l.now));
	l.next = xcalloc(words, sizeof(*l.next));
	l.missing = xcalloc_lines(h->options.jobs, sizeof(*l.missing));
	l.found = xcalloc(h->options.jobs, sizeof(*l.found));
	l.recent = xcalloc(h->options.jobs, sizeof(*l.recent));
	for (unsigned i = 0; i < h->options.jobs; i++)
		l.recent[i] = xcalloc(RECENT, sizeof(**l.recent));
	l.found_counts = xcalloc(h->options.jobs, sizeof(*l.found_counts));
	l.found_caps = xcalloc(h->options.jobs, sizeof(*l.found_caps));
	if (h->range.is_all)
		start_at_refs(&l);
	else
		start_at_range(&l);
	visit_levels(&l, words);
	pool_each(h->options.jobs, CHECKS, do_check, &l);
	missing = join_missing(&l);
	tell_missing(h, &missing);
	free(missing.list);
	if (h->options.all_names) {
		for (size_t i = 0; i < words; i++)
			l.now[i] = ~atomic_load_explicit(&l.seen[i], memory_order_relaxed);
		l.names_only = true;
		visit_trees(&l, l.now);
	}
	keep_found(&l);
	free(l.reached);
	free((void *)l.next);
	free(l.now);
	free((void *)l.files);
	free((void *)l.seen);
}
