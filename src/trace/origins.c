#include "trace/origins.h"

#include "base/alloc.h"
#include "source/repo.h"
#include "trace/person.h"

#include <stdlib.h>

struct telling {
	struct history *h;
	const struct targets *targets;
	const struct trees *trees;
	const struct paths *paths;
	const struct reach *reach;
	char **staged; /* by target: its path in an index; NULL */
};

/* ---- the index ---- */

static void note_staged(void *payload, const unsigned char *oid, struct slice path)
{
	struct telling *t = payload;
	uint32_t number = odb_find(t->h->odb, oid);
	uint32_t target = number == ODB_NO_OBJECT ? NO_TARGET : targets_find(t->targets, number);

	if (target != NO_TARGET && !t->staged[target])
		t->staged[target] = xmemdup0(path.ptr, path.len);
}

static void find_staged(struct telling *t)
{
	const struct repository *repository = t->h->repository;

	t->staged = xcalloc(t->targets->count, sizeof(*t->staged));
	repo_each_staged(repository->git_dir, repository->common_dir, note_staged, t);
}

/* ---- paths ---- */

/* From a tree that holds it up to root; the way is found backwards. seen, by slot:
 * from where there is none; several climbs to one root share it. */
static bool climb(const struct trees *trees, uint32_t slot, uint32_t root, bool *seen,
		  struct buf *path)
{
	struct climb_step {
		uint32_t slot;
		size_t next, name; /* of the edge taken */
	} *stack = NULL;
	size_t depth = 0, cap = 0;
	bool found = slot == root;

	if (seen[slot])
		return false;
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
	return found;
}

/* How many holders have a lower slot. */
static size_t holders_before(const struct tree_edge *holders, size_t count, uint32_t slot)
{
	size_t beg = 0, end = count;

	while (beg < end) {
		size_t mid = beg + (end - beg) / 2;

		if (holders[mid].parent < slot)
			beg = mid + 1;
		else
			end = mid;
	}
	return beg;
}

static bool path_below(const struct telling *t, uint32_t target, uint32_t root, bool *seen,
		       struct buf *out)
{
	const struct target *which = &t->targets->list[target];
	const struct tree_edge *holders;
	size_t count;

	if (which->name.ptr) {
		if (!climb(t->trees, t->trees->slots[which->number], root, seen, out))
			return false;
		buf_truncate(out, out->len ? out->len - 1 : 0);
		return true;
	}
	/* Parents have the lower slots: only what comes behind the root lies below it, and
	 * mostly right behind. */
	holders = holders_of(t->trees, target, &count);
	for (size_t i = holders_before(holders, count, root); i < count; i++)
		if (climb(t->trees, holders[i].parent, root, seen, out)) {
			buf_append_slice(out, t->trees->names[holders[i].name]);
			return true;
		}
	return false;
}

/* Where the target lives in a commit's tree, of a name the folder; false when it
 * is not there. */
static bool path_in_commit(const struct telling *t, uint32_t target, size_t commit, struct buf *out)
{
	uint32_t tree = t->h->commits.list[commit].tree;
	uint32_t root = tree == ODB_NO_OBJECT ? TREES_NO_SLOT : t->trees->slots[tree];
	bool *seen, found;

	if (root == TREES_NO_SLOT)
		return false;
	seen = xcalloc((size_t)t->trees->slot_count + 1, sizeof(*seen));
	found = path_below(t, target, root, seen, out);
	free(seen);
	return found;
}

struct path_list {
	char **list;
	size_t count, cap;
};

/* A folder's path, and a name in it: as numbers, so that what a hundred thousand
 * versions of a folder have in common is spelled once. */
struct place {
	uint32_t folder, name; /* NO_NAME: the folder itself */
};
#define NO_NAME UINT32_MAX

struct places {
	struct place *list;
	size_t count, cap;
};

static void add_places(const struct telling *t, uint32_t slot, uint32_t name, struct places *out)
{
	size_t count;
	const uint32_t *paths = paths_of(t->paths, slot, &count);

	for (size_t i = 0; i < count; i++) {
		const struct place *last = out->count ? &out->list[out->count - 1] : NULL;

		if (last && last->folder == paths[i] && last->name == name)
			continue;
		grow_array(&out->list, &out->cap, out->count, sizeof(*out->list));
		out->list[out->count++] = (struct place){paths[i], name};
	}
}

static int order_places(const void *left, const void *right)
{
	const struct place *a = left, *b = right;

	if (a->folder != b->folder)
		return a->folder < b->folder ? -1 : 1;
	return (a->name > b->name) - (a->name < b->name);
}

static void drop_repeated_places(struct places *places)
{
	size_t kept = 0;

	if (places->count)
		qsort(places->list, places->count, sizeof(*places->list), order_places);
	for (size_t i = 0; i < places->count; i++)
		if (!kept || order_places(&places->list[kept - 1], &places->list[i]) != 0)
			places->list[kept++] = places->list[i];
	places->count = kept;
}

static void spell(const struct telling *t, const struct places *places, struct path_list *out)
{
	struct buf path;

	for (size_t i = 0; i < places->count; i++) {
		struct place place = places->list[i];

		buf_init(&path, BUF_MAX_PATH);
		paths_append(t->paths, place.folder, &path);
		if (place.name != NO_NAME) {
			if (path.len)
				buf_append_byte(&path, '/');
			buf_append_slice(&path, t->trees->names[place.name]);
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

/* Repeats are dropped whenever so many came on top; and a blob at more paths than
 * that has them counted no further. */
#define PATHS_BETWEEN ((size_t)4096)
#define PATHS_MAX     ((size_t)50000)

static void find_places(const struct telling *t, uint32_t target, struct places *out)
{
	const struct target *which = &t->targets->list[target];
	const struct tree_edge *holders;
	size_t count, next = PATHS_BETWEEN;

	if (which->name.ptr) {
		add_places(t, t->trees->slots[which->number], NO_NAME, out);
		return;
	}
	holders = holders_of(t->trees, target, &count);
	for (size_t i = 0; i < count && out->count < PATHS_MAX; i++) {
		add_places(t, holders[i].parent, holders[i].name, out);
		if (out->count < next)
			continue;
		drop_repeated_places(out);
		next = out->count + PATHS_BETWEEN;
	}
	drop_repeated_places(out);
}

static void add_all_paths(const struct telling *t, uint32_t target, struct path_list *out)
{
	struct places places = {0};

	find_places(t, target, &places);
	spell(t, &places, out);
	free(places.list);
	if (!t->staged[target])
		return;
	grow_array(&out->list, &out->cap, out->count, sizeof(*out->list));
	out->list[out->count++] = xstrdup(t->staged[target]);
}

static void list_paths(const struct telling *t, uint32_t target, const struct answer *answer,
		       struct origin *origin)
{
	bool is_name = t->targets->list[target].name.ptr;
	/* A name is told where it was brought in; a file, where it can be opened. */
	size_t first = answer->in_head && !is_name ? t->reach->head : answer->commit;
	struct path_list paths = {0};
	struct buf path;

	add_all_paths(t, target, &paths);
	drop_repeated(&paths);
	buf_init(&path, BUF_MAX_PATH);
	if (first != NO_COMMIT && path_in_commit(t, target, first, &path))
		put_first(&paths, path.ptr);
	buf_dispose(&path);
	origin->paths_total = paths.count;
	while (paths.count > ORIGIN_PATHS_MAX)
		free(paths.list[--paths.count]);
	origin->paths = paths.list;
	origin->path_count = paths.count;
}

/* ---- origins ---- */

static enum exposure exposure_of(const struct telling *t, uint32_t target,
				 const struct answer *answer)
{
	uint8_t named = t->reach->named[t->targets->list[target].number];

	if (answer->pushed || named == 1 + REF_PUSHED)
		return EXPOSURE_PUSHED;
	if (answer->local || named == 1 + REF_LOCAL)
		return EXPOSURE_COMMITTED;
	return t->staged[target] ? EXPOSURE_STAGED : EXPOSURE_UNREACHABLE;
}

static void put_hex(const struct history *h, size_t commit, char *hex)
{
	if (commit != NO_COMMIT)
		oid_to_hex(hex, odb_oid(h->odb, h->commits.list[commit].number));
}

/* Author, date and summary, from the commit itself. */
static void describe_commit(struct history *h, size_t commit, struct origin *origin)
{
	enum object_type type;
	unsigned char *bytes;
	size_t len;
	struct err err;

	if (commit == NO_COMMIT)
		return;
	put_hex(h, commit, origin->commit);
	if (history_read(h, h->commits.list[commit].number, &type, &bytes, &len, &err) < 0)
		return;
	person_read(slice_of(bytes, len), origin);
	wipe(bytes, len);
	free(bytes);
}

/* Nothing that was asked for brought it in: no commit, and no tag either, by itself
 * or by what it leads to. */
static bool is_outside(const struct telling *t, const struct target *which,
		       const struct answer *answer)
{
	bool is_named = answer->named || range_names(&t->h->range, which->number);

	return t->reach->asked && answer->commit == NO_COMMIT && (!is_named || answer->known);
}

static void tell_origin(const struct telling *t, uint32_t target, const struct answer *answer)
{
	const struct target *which = &t->targets->list[target];
	struct history *h = t->h;
	struct origin origin = {
		.repository = h->repository_number,
		.name = which->name.ptr ? xmemdup0(which->name.ptr, which->name.len) : NULL,
		.exposure = exposure_of(t, target, answer),
		.in_head = answer->in_head,
		.outside = is_outside(t, which, answer),
	};

	oid_to_hex(origin.object, odb_oid(h->odb, which->number));
	describe_commit(h, answer->commit, &origin);
	if (!answer->in_head)
		put_hex(h, answer->removed, origin.removed);
	if (t->paths)
		list_paths(t, target, answer, &origin);
	h->sink->origin(h->sink->payload, &origin);
}

void origins_tell(struct history *h, const struct targets *targets, const struct trees *trees,
		  const struct paths *paths, const struct reach *reach,
		  const struct answer *answers)
{
	struct telling t = {h, targets, trees, paths, reach, NULL};

	find_staged(&t);
	for (uint32_t i = 0; i < targets->count; i++)
		tell_origin(&t, i, &answers[i]);
	for (uint32_t i = 0; i < targets->count; i++)
		free(t.staged[i]);
	free(t.staged);
}
