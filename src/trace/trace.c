/*
 * Objects are traced 64 at a time: a word for each tree and each commit says
 * which of them it holds, carried upwards from the trees that hold them. An
 * object was brought in where it is in a commit's word and in no parent's.
 */
#include "trace/trace.h"

#include "base/alloc.h"
#include "source/repo.h"
#include "source/tree_object.h"
#include "trace/paths.h"
#include "trace/person.h"

#include <stdlib.h>

#define BATCH 64

/* What the walk over commits finds out of one object. */
struct answer {
	size_t commit, removed; /* NO_COMMIT */
	bool local, pushed, in_head;
};

struct tracing {
	struct history *h;
	struct trees trees;
	struct paths *paths;
	uint64_t *in_trees;   /* by slot */
	uint64_t *in_commits; /* by place in the list of commits */
	uint64_t *had;        /* the same: whether it or one it reaches holds it */
	size_t *order;        /* of all commits, parents first */
	bool *local, *pushed; /* commits that refs reach */
	uint8_t *named; /* by number: 1 + enum ref_reach, where a ref names the object itself */
	uint32_t
		*name_of; /* by place in h->found: under which place its name's holders are noted */
	uint32_t *alias;  /* the same: whose answer is its own too, at the same path */
	struct answer *answers; /* by place in h->found */
	bool *asked;            /* by commit: of the range asked for; NULL: all are */
	uint32_t *named_trees;  /* flagged trees among those */
	size_t named_tree_count, named_tree_cap;
	char **staged; /* by place in h->found: its path in the index; NULL */
	size_t head;   /* NO_COMMIT */
	size_t first;  /* of the batch, in h->found */
	size_t count;
};

/* ---- commits that count ---- */

static void mark_named(struct tracing *t, uint32_t number, enum ref_reach reach)
{
	uint8_t value = (uint8_t)(1 + reach);

	if (t->named[number] < value)
		t->named[number] = value;
}

/* A ref, and the objects that tags lead to from it. */
static void follow_ref(struct tracing *t, const struct ref *ref)
{
	struct history *h = t->h;
	uint32_t number = odb_find(h->odb, ref->oid.raw), peeled;
	size_t commit;

	while (number != ODB_NO_OBJECT) {
		const struct tag *tag = history_tag(h, number);

		if (t->named[number] >= 1 + ref->reach && tag)
			return; /* so nested tags in a ring end */
		mark_named(t, number, ref->reach);
		if (!tag)
			break;
		number = tag->target;
	}
	peeled = number;
	commit = peeled == ODB_NO_OBJECT ? NO_COMMIT : commits_find(&h->commits, peeled);
	if (commit != NO_COMMIT)
		(ref->reach == REF_PUSHED ? t->pushed : t->local)[commit] = true;
}

static void find_reach(struct tracing *t)
{
	struct history *h = t->h;
	struct oid head;

	t->local = xcalloc(h->commits.count + 1, sizeof(*t->local));
	t->pushed = xcalloc(h->commits.count + 1, sizeof(*t->pushed));
	t->named = xcalloc((size_t)odb_count(h->odb) + 1, sizeof(*t->named));
	for (size_t i = 0; i < h->refs.count; i++)
		if (h->refs.list[i].has_oid)
			follow_ref(t, &h->refs.list[i]);
	t->head = NO_COMMIT;
	if (refs_head(&h->refs, h->repository->git_dir, &head)) {
		uint32_t number = odb_find(h->odb, head.raw);

		if (number != ODB_NO_OBJECT)
			t->head = commits_find(&h->commits, number);
	}
	if (t->head != NO_COMMIT)
		(h->repository->bare ? t->pushed : t->local)[t->head] = true;
	commits_reach(&h->commits, t->local);
	commits_reach(&h->commits, t->pushed);
}

/* The commits that were asked for. */
static void find_asked(struct tracing *t)
{
	struct history *h = t->h;
	const struct commits *commits = &h->commits;
	bool *known = xcalloc(commits->count + 1, sizeof(*known));
	struct {
		const char *name;
		const struct oid *oid;
		bool *mark;
	} ends[] = {{h->options.to, &h->to, NULL}, {h->options.from, &h->from, known}};

	t->asked = h->options.to ? xcalloc(commits->count + 1, sizeof(*t->asked)) : NULL;
	ends[0].mark = t->asked;
	for (size_t i = 0; t->asked && i < 2; i++) {
		uint32_t number = ends[i].name ? odb_find(h->odb, ends[i].oid->raw) : ODB_NO_OBJECT;
		size_t commit = commits_find(commits, number);

		if (commit != NO_COMMIT)
			ends[i].mark[commit] = true;
		commits_reach(commits, ends[i].mark);
	}
	for (size_t i = 0; t->asked && i < commits->count; i++)
		t->asked[i] = t->asked[i] && !known[i];
	free(known);
}

static bool is_asked(const struct tracing *t, size_t commit)
{
	return !t->asked || t->asked[commit];
}

static uint32_t slot_of(const struct tracing *t, const struct commit *commit)
{
	return commit->tree == ODB_NO_OBJECT ? TREES_NO_SLOT : t->trees.slots[commit->tree];
}

static void find_paths(struct tracing *t)
{
	const struct commits *commits = &t->h->commits;
	bool *is_root = xcalloc((size_t)t->trees.slot_count + 1, sizeof(*is_root));

	for (size_t i = 0; i < commits->count; i++)
		if (slot_of(t, &commits->list[i]) != TREES_NO_SLOT)
			is_root[slot_of(t, &commits->list[i])] = true;
	/* A tree that a tag names is a root too. */
	for (uint32_t i = 0; i < odb_count(t->h->odb); i++)
		if (t->named[i] && t->trees.slots[i] != TREES_NO_SLOT) {
			is_root[t->trees.slots[i]] = true;
			grow_array(&t->named_trees, &t->named_tree_cap, t->named_tree_count,
				   sizeof(*t->named_trees));
			t->named_trees[t->named_tree_count++] = i;
		}
	t->paths = paths_new(&t->trees, is_root);
	free(is_root);
}

/* ---- the index ---- */

static void note_staged(void *payload, const unsigned char *oid, struct slice path)
{
	struct tracing *t = payload;
	uint32_t number = odb_find(t->h->odb, oid);
	size_t found = number == ODB_NO_OBJECT ? SIZE_MAX : history_found(t->h, number);

	if (found != SIZE_MAX && !t->staged[found])
		t->staged[found] = xmemdup0(path.ptr, path.len);
}

static void find_staged(struct tracing *t)
{
	t->staged = xcalloc(t->h->found_count, sizeof(*t->staged));
	if (!t->h->repository->bare)
		repo_each_staged(t->h->repository->git_dir, note_staged, t);
}

/* ---- which commits hold it ---- */

/* The holders of an object of the batch. */
static const struct tree_edge *holders_of(const struct tracing *t, size_t found, size_t *count)
{
	const struct trees *trees = &t->trees;
	size_t beg = 0, end = trees->holder_count;

	while (beg < end) {
		size_t mid = beg + (end - beg) / 2;

		if (trees->holders[mid].child < found)
			beg = mid + 1;
		else
			end = mid;
	}
	for (*count = 0;
	     beg + *count < trees->holder_count && trees->holders[beg + *count].child == found;)
		++*count;
	return trees->holders + beg;
}

/* A found tree lives where it lives; all others where those live that hold them.
 * NO_SLOT for those. */
static uint32_t own_slot(const struct tracing *t, size_t found)
{
	return t->trees.slots[t->h->found[found]];
}

/* Calls for each bit; few are set. */
#define EACH_BIT(bits, i)                                                                          \
	for (uint64_t left_ = (bits); left_ && ((i) = (size_t)__builtin_ctzll(left_), true);       \
	     left_ &= left_ - 1)

/* Whether a tree that holds a name may be an earlier or later version of the one
 * that was found; of everything else, who holds it holds it. */
static bool lives_alike(const struct tracing *t, size_t found, uint32_t slot)
{
	size_t own_count, count;
	const uint32_t *own, *paths;

	if (own_slot(t, found) == TREES_NO_SLOT)
		return true;
	own = paths_of(t->paths, own_slot(t, found), &own_count);
	paths = paths_of(t->paths, slot, &count);
	for (size_t i = 0; i < own_count; i++)
		for (size_t j = 0; j < count; j++)
			if (own[i] == paths[j])
				return true;
	return false;
}

/* What a tag names directly counts as its commits would. */
static void look_at_named(const struct tracing *t, struct answer *answers)
{
	size_t i;

	for (size_t j = 0; j < t->named_tree_count; j++) {
		uint32_t number = t->named_trees[j];
		uint64_t here = t->in_trees[t->trees.slots[number]];

		EACH_BIT(here, i)
		{
			answers[i].pushed |= t->named[number] == 1 + REF_PUSHED;
			answers[i].local |= t->named[number] == 1 + REF_LOCAL;
		}
	}
}

static void carry_upwards(struct tracing *t)
{
	const struct trees *trees = &t->trees;
	const struct commits *commits = &t->h->commits;

	memset(t->in_trees, 0, trees->slot_count * sizeof(*t->in_trees));
	for (size_t i = 0; i < t->count; i++) {
		size_t found = t->first + i, count;
		const struct tree_edge *holders = holders_of(t, t->name_of[found], &count);

		for (size_t j = 0; t->alias[found] == found && j < count; j++)
			if (lives_alike(t, found, holders[j].parent))
				t->in_trees[holders[j].parent] |= (uint64_t)1 << i;
	}
	/* Children have the higher slots. */
	for (uint32_t slot = trees->slot_count; slot-- > 0;)
		for (size_t i = trees->edges_beg[slot];
		     t->in_trees[slot] && i < trees->edges_beg[slot + 1]; i++)
			t->in_trees[trees->edges[i].parent] |= t->in_trees[slot];
	for (size_t i = 0; i < commits->count; i++) {
		uint32_t slot = slot_of(t, &commits->list[i]);

		t->in_commits[i] = slot == TREES_NO_SLOT ? 0 : t->in_trees[slot];
	}
}

static bool is_reached(const struct tracing *t, size_t commit)
{
	return t->local[commit] || t->pushed[commit];
}

/* Whether a comes before b: those that a ref reaches, then by time. */
static bool is_earlier(const struct tracing *t, size_t a, size_t b)
{
	const struct commit *list = t->h->commits.list;

	if (b == NO_COMMIT || is_reached(t, a) != is_reached(t, b))
		return b == NO_COMMIT || is_reached(t, a);
	return list[a].time != list[b].time ? list[a].time < list[b].time : a < b;
}

static bool is_later(const struct tracing *t, size_t a, size_t b)
{
	const struct commit *list = t->h->commits.list;

	if (b == NO_COMMIT || is_reached(t, a) != is_reached(t, b))
		return b == NO_COMMIT || is_reached(t, a);
	return list[a].time != list[b].time ? list[a].time > list[b].time : a > b;
}

static void look_at_commit(const struct tracing *t, size_t commit, struct answer *answers)
{
	const struct commit *c = &t->h->commits.list[commit];
	uint64_t here = t->in_commits[commit], before = 0, had = here, lost = 0;
	size_t i;

	for (uint32_t p = 0; p < c->parent_count; p++) {
		size_t parent = commits_parent(&t->h->commits, c, p);

		if (parent == NO_COMMIT)
			continue;
		before |= t->in_commits[parent];
		had |= t->had[parent];
		lost |= t->had[parent] & ~t->in_commits[parent];
	}
	t->had[commit] = had;
	EACH_BIT(here, i)
	{
		answers[i].local |= t->local[commit];
		answers[i].pushed |= t->pushed[commit];
		answers[i].in_head |= commit == t->head;
	}
	EACH_BIT(here & ~before, i)
	if (is_asked(t, commit) && is_earlier(t, commit, answers[i].commit))
		answers[i].commit = commit;
	/* A merge with what took it out before takes nothing out. */
	EACH_BIT(before & ~here & ~lost, i)
	if (is_later(t, commit, answers[i].removed))
		answers[i].removed = commit;
}

/* ---- paths ---- */

/* From a tree that holds it up to root; the way is found backwards. */
static bool climb(const struct tracing *t, uint32_t slot, uint32_t root, struct buf *path)
{
	const struct trees *trees = &t->trees;
	bool *seen = xcalloc((size_t)trees->slot_count + 1, sizeof(*seen));
	struct climb_step {
		uint32_t slot;
		size_t next, name; /* of the edge taken */
	} *stack = NULL;
	size_t depth = 0, cap = 0;
	bool found = slot == root;

	grow_array(&stack, &cap, depth, sizeof(*stack));
	stack[depth++] = (struct climb_step){slot, trees->edges_beg[slot], 0};
	seen[slot] = true;
	while (depth && !found) {
		struct climb_step *at = &stack[depth - 1];
		const struct tree_edge *edge;

		if (at->next == trees->edges_beg[at->slot + 1]) {
			depth--;
			continue;
		}
		edge = &trees->edges[at->next++];
		at->name = edge->name;
		/* Parents have the lower slots; below the root's nothing leads to it. */
		if (edge->parent < root || seen[edge->parent])
			continue;
		seen[edge->parent] = true;
		found = edge->parent == root;
		grow_array(&stack, &cap, depth, sizeof(*stack));
		stack[depth++] =
			(struct climb_step){edge->parent, trees->edges_beg[edge->parent], 0};
	}
	for (size_t i = found && depth ? depth - 1 : 0; i-- > 0;) {
		buf_append_slice(path, trees->names[stack[i].name]);
		buf_append_byte(path, '/');
	}
	free(stack);
	free(seen);
	return found;
}

/* Where the object lives in a commit's tree; false when it is not there. */
static bool path_in_commit(const struct tracing *t, size_t found, size_t commit, struct buf *out)
{
	uint32_t root = slot_of(t, &t->h->commits.list[commit]);
	const struct tree_edge *holders;
	size_t count;

	if (root == TREES_NO_SLOT)
		return false;
	if (own_slot(t, found) != TREES_NO_SLOT && climb(t, own_slot(t, found), root, out)) {
		buf_truncate(out, out->len ? out->len - 1 : 0);
		return true;
	}
	if (own_slot(t, found) != TREES_NO_SLOT)
		return false;
	holders = holders_of(t, found, &count);
	for (size_t i = 0; i < count; i++)
		if (climb(t, holders[i].parent, root, out)) {
			buf_append_slice(out, t->trees.names[holders[i].name]);
			return true;
		}
	return false;
}

struct path_list {
	char **list;
	size_t count, cap;
};

static void add_tree_paths(const struct tracing *t, uint32_t slot, const struct slice *name,
			   struct path_list *out)
{
	size_t count;
	const uint32_t *paths = paths_of(t->paths, slot, &count);
	struct buf path;

	for (size_t i = 0; i < count; i++) {
		buf_init(&path, BUF_MAX_PATH);
		paths_append(t->paths, paths[i], &path);
		if (name) {
			if (path.len)
				buf_append_byte(&path, '/');
			buf_append_slice(&path, *name);
		}
		grow_array(&out->list, &out->cap, out->count, sizeof(*out->list));
		out->list[out->count++] = buf_detach(&path);
	}
}

static int order_texts(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static void drop_repeated(struct path_list *paths)
{
	size_t kept = 0;

	if (paths->count)
		qsort(paths->list, paths->count, sizeof(*paths->list), order_texts);
	for (size_t i = 0; i < paths->count; i++) {
		if (kept && strcmp(paths->list[kept - 1], paths->list[i]) == 0)
			free(paths->list[i]);
		else
			paths->list[kept++] = paths->list[i];
	}
	paths->count = kept;
}

/* Moves the path that is to be named first to the front. */
static void put_first(struct path_list *paths, const char *first)
{
	for (size_t i = 0; i < paths->count; i++) {
		char *path = paths->list[i];

		if (strcmp(path, first) != 0)
			continue;
		memmove(paths->list + 1, paths->list, i * sizeof(*paths->list));
		paths->list[0] = path;
		return;
	}
}

/* Holders that follow each other are versions of one folder: the same set of
 * paths, which is looked at once. */
static void list_paths(const struct tracing *t, size_t found, const struct answer *answer,
		       struct origin *origin)
{
	struct path_list paths = {0};
	bool is_tree = own_slot(t, found) != TREES_NO_SLOT;
	/* A name is told where it was brought in; a file, where it can be opened. */
	size_t count, first = answer->in_head && !is_tree ? t->head : answer->commit;
	const struct tree_edge *holders = holders_of(t, found, &count);
	struct buf path;

	if (own_slot(t, found) != TREES_NO_SLOT)
		add_tree_paths(t, own_slot(t, found), NULL, &paths);
	else
		for (size_t i = 0; i < count; i++) {
			add_tree_paths(t, holders[i].parent, &t->trees.names[holders[i].name],
				       &paths);
			if (paths.count >= 4096)
				drop_repeated(&paths);
		}
	if (t->staged[found]) {
		grow_array(&paths.list, &paths.cap, paths.count, sizeof(*paths.list));
		paths.list[paths.count++] = xstrdup(t->staged[found]);
	}
	drop_repeated(&paths);
	buf_init(&path, BUF_MAX_PATH);
	if (first != NO_COMMIT && path_in_commit(t, found, first, &path))
		put_first(&paths, path.ptr);
	buf_dispose(&path);
	origin->paths_total = paths.count;
	while (paths.count > ORIGIN_PATHS_MAX)
		free(paths.list[--paths.count]);
	origin->paths = paths.list;
	origin->path_count = paths.count;
}

/* ---- origins ---- */

static enum exposure exposure_of(const struct tracing *t, size_t found, const struct answer *answer)
{
	uint32_t number = t->h->found[found];

	if (answer->pushed || t->named[number] == 1 + REF_PUSHED)
		return EXPOSURE_PUSHED;
	if (answer->local || t->named[number] == 1 + REF_LOCAL)
		return EXPOSURE_COMMITTED;
	return t->staged[found] ? EXPOSURE_STAGED : EXPOSURE_UNREACHABLE;
}

static void put_hex(const struct tracing *t, size_t commit, char *hex)
{
	if (commit != NO_COMMIT)
		oid_to_hex(hex, odb_oid(t->h->odb, t->h->commits.list[commit].number));
}

/* Author, date and summary, from the commit itself. */
static void describe_commit(const struct tracing *t, size_t commit, struct origin *origin)
{
	enum object_type type;
	unsigned char *bytes;
	size_t len;
	struct err err;

	if (commit == NO_COMMIT)
		return;
	put_hex(t, commit, origin->commit);
	if (odb_read(t->h->odb, t->h->commits.list[commit].number, t->h->options.max_bytes, &type,
		     &bytes, &len, &err) < 0)
		return;
	person_read(slice_of(bytes, len), origin);
	wipe(bytes, len);
	free(bytes);
}

static void tell_origin(const struct tracing *t, size_t found, const struct answer *answer)
{
	const struct history *h = t->h;
	uint32_t number = h->found[found];
	struct origin origin = {
		.repository = h->repository_number,
		.exposure = exposure_of(t, found, answer),
		.in_head = answer->in_head,
		.outside = t->asked && answer->commit == NO_COMMIT,
	};

	oid_to_hex(origin.object, odb_oid(h->odb, number));
	describe_commit(t, answer->commit, &origin);
	if (!answer->in_head)
		put_hex(t, answer->removed, origin.removed);
	if (t->paths)
		list_paths(t, found, answer, &origin);
	h->sink->origin(h->sink->payload, &origin);
}

/* What was found in a commit was brought in by it. */
static void answer_for_commit(const struct tracing *t, size_t commit, const bool *head_reaches,
			      struct answer *answer)
{
	*answer = (struct answer){
		.commit = is_asked(t, commit) ? commit : NO_COMMIT,
		.removed = NO_COMMIT,
		.local = t->local[commit],
		.pushed = t->pushed[commit],
		.in_head = head_reaches[commit],
	};
}

static void trace_batch(struct tracing *t, const bool *head_reaches)
{
	const struct history *h = t->h;
	struct answer *answers = t->answers + t->first;

	for (size_t i = 0; i < t->count; i++)
		answers[i] = (struct answer){.commit = NO_COMMIT, .removed = NO_COMMIT};
	if (t->paths) {
		carry_upwards(t);
		/* In a ring, some are looked at before their parents. */
		memset(t->had, 0, h->commits.count * sizeof(*t->had));
		for (size_t i = 0; i < h->commits.count; i++)
			look_at_commit(t, t->order[i], answers);
		look_at_named(t, answers);
	}
	for (size_t i = 0; i < t->count; i++) {
		size_t commit = commits_find(&h->commits, h->found[t->first + i]);

		if (commit != NO_COMMIT)
			answer_for_commit(t, commit, head_reaches, &answers[i]);
		/* What shares a name comes after the one it is noted under. */
		tell_origin(t, t->first + i, &t->answers[t->alias[t->first + i]]);
	}
}

/* ---- names ---- */

struct names {
	struct found_name *list;
	size_t count, cap;
};

static int order_names(const void *left, const void *right)
{
	const struct found_name *a = left, *b = right;
	int order = slice_cmp(a->name, b->name);

	return order ? order : (a->found > b->found) - (a->found < b->found);
}

/* The names in a tree for whose sake it was kept. */
static void list_names(const struct tracing *t, uint32_t found, struct names *out)
{
	const struct sink *sink = t->h->sink;
	enum object_type type;
	struct tree_entry entry;
	unsigned char *bytes;
	struct slice rest;
	struct err err;
	size_t len;

	if (odb_read(t->h->odb, t->h->found[found], t->h->options.max_bytes, &type, &bytes, &len,
		     &err) < 0)
		return;
	rest = slice_of(bytes, len);
	while (tree_next(&rest, &entry)) {
		if (!sink->worth(sink->payload, entry.name))
			continue;
		grow_array(&out->list, &out->cap, out->count, sizeof(*out->list));
		out->list[out->count++] = (struct found_name){
			slice_of(xmemdup0(entry.name.ptr, entry.name.len), entry.name.len), found};
	}
	free(bytes);
}

/* Each name once, under the first tree it was found in; the others are aliases
 * of that. */
static void find_names(struct tracing *t, struct names *names)
{
	struct history *h = t->h;
	size_t kept = 0;

	for (uint32_t i = 0; i < h->found_count; i++) {
		t->alias[i] = t->name_of[i] = i;
		if (odb_type(h->odb, h->found[i]) == OBJECT_TREE)
			list_names(t, i, names);
	}
	if (names->count)
		qsort(names->list, names->count, sizeof(*names->list), order_names);
	for (size_t i = 0; i < names->count; i++) {
		struct found_name *name = &names->list[i];

		if (kept && slice_eq(names->list[kept - 1].name, name->name)) {
			t->name_of[name->found] = names->list[kept - 1].found;
			free((unsigned char *)name->name.ptr);
		} else {
			names->list[kept++] = *name;
		}
	}
	names->count = kept;
}

/* Versions of one folder, all of which are found again and again for one name,
 * are answered for by the first. */
static void find_aliases(struct tracing *t)
{
	const struct history *h = t->h;
	size_t count, first_count;

	for (size_t i = 0; i < h->found_count; i++)
		for (size_t j = t->name_of[i]; own_slot(t, i) != TREES_NO_SLOT && j < i; j++) {
			const uint32_t *own = paths_of(t->paths, own_slot(t, i), &count), *first;

			if (t->name_of[j] != t->name_of[i] || t->alias[j] != j ||
			    own_slot(t, j) == TREES_NO_SLOT)
				continue;
			first = paths_of(t->paths, own_slot(t, j), &first_count);
			if (count != 1 || first_count != 1 || own[0] != first[0])
				continue;
			t->alias[i] = (uint32_t)j;
			break;
		}
}

static bool needs_trees(const struct history *h)
{
	for (size_t i = 0; i < h->found_count; i++) {
		enum object_type type = odb_type(h->odb, h->found[i]);

		if (type == OBJECT_BLOB || type == OBJECT_TREE)
			return true;
	}
	return false;
}

static void read_trees(struct tracing *t)
{
	struct history *h = t->h;
	struct names names = {0};

	find_names(t, &names);
	if (!needs_trees(h))
		return;
	trees_read(&t->trees, h, names.list, names.count);
	for (size_t i = 0; i < names.count; i++)
		free((unsigned char *)names.list[i].name.ptr);
	free(names.list);
	if (t->trees.cut_short)
		h->sink->diag(h->sink->payload, 0, h->repository->root, h->repository->prefix,
			      false,
			      "too many folders to follow: some commits and paths are not "
			      "known (--max-memory)");
	find_paths(t);
	find_aliases(t);
	t->in_trees = xcalloc((size_t)t->trees.slot_count + 1, sizeof(*t->in_trees));
	t->in_commits = xcalloc(h->commits.count + 1, sizeof(*t->in_commits));
	t->had = xcalloc(h->commits.count + 1, sizeof(*t->had));
	t->order = xcalloc(h->commits.count + 1, sizeof(*t->order));
	commits_order(&h->commits, t->order);
}

void trace(struct history *h)
{
	struct tracing t = {.h = h};
	bool *head_reaches;

	if (!h->found_count)
		return;
	find_reach(&t);
	find_staged(&t);
	find_asked(&t);
	t.name_of = xcalloc(h->found_count, sizeof(*t.name_of));
	t.alias = xcalloc(h->found_count, sizeof(*t.alias));
	t.answers = xcalloc(h->found_count, sizeof(*t.answers));
	read_trees(&t);
	head_reaches = xcalloc(h->commits.count + 1, sizeof(*head_reaches));
	if (t.head != NO_COMMIT)
		head_reaches[t.head] = true;
	commits_reach(&h->commits, head_reaches);
	for (t.first = 0; t.first < h->found_count; t.first += BATCH) {
		t.count = h->found_count - t.first < BATCH ? h->found_count - t.first : BATCH;
		trace_batch(&t, head_reaches);
	}
	for (size_t i = 0; i < h->found_count; i++)
		free(t.staged[i]);
	free(t.staged);
	free(t.asked);
	free(t.alias);
	free(t.name_of);
	free(t.named_trees);
	free(t.answers);
	paths_free(t.paths);
	trees_dispose(&t.trees);
	free(head_reaches);
	free(t.in_trees);
	free(t.in_commits);
	free(t.had);
	free(t.order);
	free(t.local);
	free(t.pushed);
	free(t.named);
}
