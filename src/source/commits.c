#include "source/commits.h"

#include "base/alloc.h"
#include "base/pool.h"

#include <stdlib.h>

/* ---- reading ---- */

/* "tree " and a name of 40 digits, at the beginning of a line. */
static bool take_name(struct slice *text, struct slice key, struct oid *oid)
{
	size_t len = key.len + OID_HEX + 1;

	if (text->len < len || !slice_has_prefix(*text, key) || text->ptr[len - 1] != '\n' ||
	    !oid_from_hex(oid, text->ptr + key.len))
		return false;
	*text = slice_cut(*text, (struct span){len, text->len});
	return true;
}

static struct slice take_line(struct slice *text)
{
	const unsigned char *end = text->len ? memchr(text->ptr, '\n', text->len) : NULL;
	size_t len = end ? (size_t)(end - text->ptr) : text->len;
	struct slice line = slice_of(text->ptr, len);

	*text = slice_cut(*text, (struct span){end ? len + 1 : len, text->len});
	return line;
}

/* Behind the author's line comes the committer's, with a number behind its last
 * '>'. */
static int64_t read_time(struct slice text)
{
	struct slice author = take_line(&text), line = take_line(&text);
	const unsigned char *at, *end = line.ptr + line.len;
	int64_t time = 0;

	if (!slice_has_prefix(author, SLICE("author ")) ||
	    !slice_has_prefix(line, SLICE("committer ")))
		return 0;
	at = memrchr(line.ptr, '>', line.len);
	if (!at || end - at < 3)
		return 0;
	for (at += 2; at < end && *at >= '0' && *at <= '9' && time < INT64_MAX / 20; at++)
		time = time * 10 + (*at - '0');
	return time;
}

static void add_name(struct commits *commits, const struct oid *oid)
{
	grow_array(&commits->names, &commits->name_cap, commits->name_count,
		   sizeof(*commits->names));
	commits->names[commits->name_count++] = *oid;
}

/* A delta of a few bytes makes a commit of as many million parents: more than
 * this on average are not followed. */
#define PARENTS_EACH  ((size_t)64)
#define PARENTS_SPARE ((size_t)1 << 18)

int commits_add(struct commits *commits, uint32_t number, struct slice bytes, struct err *err)
{
	struct commit commit = {.number = number};
	struct oid oid;

	if (!take_name(&bytes, SLICE("tree "), &oid))
		return err_set(err, HF_EFORMAT, "it is no commit");
	add_name(commits, &oid);
	while (take_name(&bytes, SLICE("parent "), &oid)) {
		if (commits->name_count > PARENTS_SPARE + commits->count * PARENTS_EACH) {
			commits->name_count -= commit.parent_count + 1;
			return err_set(err, HF_ELIMIT, "it names too many parents");
		}
		add_name(commits, &oid);
		commit.parent_count++;
	}
	commit.time = read_time(bytes);
	grow_array(&commits->list, &commits->cap, commits->count, sizeof(*commits->list));
	commits->list[commits->count++] = commit;
	return 0;
}

/* ---- the list ---- */

void commits_join(struct commits *commits, struct commits *from)
{
	if (!commits->count) {
		commits_dispose(commits);
		*commits = *from;
		*from = (struct commits){0};
		return;
	}
	for (size_t i = 0; i < from->count; i++) {
		grow_array(&commits->list, &commits->cap, commits->count, sizeof(*commits->list));
		commits->list[commits->count++] = from->list[i];
	}
	for (size_t i = 0; i < from->name_count; i++)
		add_name(commits, &from->names[i]);
	commits_dispose(from);
}

#define NAMES_A_PART ((size_t)ODB_FIND_MANY * 64)

struct finding_names {
	const struct commits *commits;
	const struct odb *odb;
	uint32_t *numbers;
};

static void find_part(unsigned worker, size_t part, void *payload)
{
	const struct finding_names *f = payload;
	size_t beg = part * NAMES_A_PART, count = f->commits->name_count - beg;

	odb_find_many(f->odb, f->commits->names + beg, count < NAMES_A_PART ? count : NAMES_A_PART,
		      f->numbers + beg);
}

/* A commit's tree, then its parents, one commit after another: as numbers. */
static void find_names(struct commits *commits, const struct odb *odb, unsigned jobs)
{
	uint32_t *numbers = xcalloc(commits->name_count, sizeof(*numbers));
	struct finding_names f = {commits, odb, numbers};
	uint32_t at = 0;

	pool_each(jobs, (commits->name_count + NAMES_A_PART - 1) / NAMES_A_PART, find_part, &f);
	for (size_t i = 0; i < commits->count; i++) {
		struct commit *commit = &commits->list[i];

		commit->tree = numbers[at];
		commit->parents_beg = at + 1;
		at += 1 + commit->parent_count;
	}
	for (size_t i = 0; i < commits->name_count; i++) {
		if (numbers[i] != ODB_NO_OBJECT)
			continue;
		grow_array(&commits->missing, &commits->missing_cap, commits->missing_count,
			   sizeof(*commits->missing));
		commits->missing[commits->missing_count++] =
			(struct missing_name){i, commits->names[i]};
	}
	commits->parents = numbers;
	commits->parent_count = commits->name_count;
	free(commits->names);
	commits->names = NULL;
}

/* By number of their objects, whatever thread read which. */
static void order_list(struct commits *commits)
{
	struct commit *sorted = xcalloc(commits->count, sizeof(*sorted));
	size_t count = 0;

	commits->places = xmalloc(((size_t)commits->objects + 1) * sizeof(*commits->places));
	memset(commits->places, 0xff, ((size_t)commits->objects + 1) * sizeof(*commits->places));
	for (size_t i = 0; i < commits->count; i++)
		commits->places[commits->list[i].number] = (uint32_t)i;
	for (uint32_t number = 0; number < commits->objects; number++) {
		uint32_t place = commits->places[number];

		if (place == UINT32_MAX)
			continue;
		commits->places[number] = (uint32_t)count;
		sorted[count++] = commits->list[place];
	}
	free(commits->list);
	commits->list = sorted;
	commits->count = commits->cap = count;
}

/* From numbers of objects to places in the list. */
static void place_part(unsigned worker, size_t part, void *payload)
{
	const struct commits *commits = payload;
	size_t beg = part * NAMES_A_PART, end = beg + NAMES_A_PART;

	for (size_t i = beg; i < end && i < commits->parent_count; i++) {
		uint32_t *parent = &commits->parents[i];
		size_t place = commits_find(commits, *parent);

		*parent = *parent == ODB_NO_OBJECT ? PARENT_MISSING
			  : place == NO_COMMIT     ? PARENT_OTHER
						   : (uint32_t)place;
	}
}

void commits_settle(struct commits *commits, const struct odb *odb, unsigned jobs)
{
	commits->objects = odb_count(odb);
	find_names(commits, odb, jobs);
	order_list(commits);
	pool_each(jobs, (commits->parent_count + NAMES_A_PART - 1) / NAMES_A_PART, place_part,
		  commits);
}

void commits_dispose(struct commits *commits)
{
	free(commits->list);
	free(commits->parents);
	free(commits->names);
	free(commits->missing);
	free(commits->places);
	*commits = (struct commits){0};
}

size_t commits_find(const struct commits *commits, uint32_t number)
{
	uint32_t place = number < commits->objects ? commits->places[number] : UINT32_MAX;

	return place == UINT32_MAX ? NO_COMMIT : place;
}

size_t commits_parent(const struct commits *commits, const struct commit *commit, uint32_t i)
{
	uint32_t place = commits->parents[commit->parents_beg + i];

	return place < commits->count ? place : NO_COMMIT;
}

const struct oid *commits_missing(const struct commits *commits, size_t at)
{
	size_t beg = 0, end = commits->missing_count;

	while (beg < end) {
		size_t mid = beg + (end - beg) / 2;

		if (commits->missing[mid].at < at)
			beg = mid + 1;
		else
			end = mid;
	}
	return &commits->missing[beg].oid;
}

/* ---- walks ---- */

#define AHEAD ((size_t)8) /* of the queue, what is on its way from memory */

void commits_reach(const struct commits *commits, bool *mark)
{
	size_t *queue = xcalloc(commits->count + 1, sizeof(*queue)), beg = 0, end = 0;

	for (size_t i = 0; i < commits->count; i++)
		if (mark[i])
			queue[end++] = i;
	while (beg < end) {
		const struct commit *commit = &commits->list[queue[beg++]];

		if (end - beg > AHEAD)
			__builtin_prefetch(&commits->list[queue[beg + AHEAD]]);
		for (uint32_t i = 0; i < commit->parent_count; i++) {
			size_t parent = commits_parent(commits, commit, i);

			if (parent == NO_COMMIT || mark[parent])
				continue;
			mark[parent] = true;
			queue[end++] = parent;
		}
	}
	free(queue);
}

/* Where the walk stands in one commit. */
struct step {
	size_t commit;
	uint32_t next; /* parent to look at */
};

static void order_from(const struct commits *commits, size_t from, bool *seen, struct step *stack,
		       size_t *out, size_t *count)
{
	size_t depth = 0;

	stack[depth++] = (struct step){from, 0};
	seen[from] = true;
	while (depth) {
		struct step *at = &stack[depth - 1];
		const struct commit *commit = &commits->list[at->commit];
		size_t parent;

		if (at->next == commit->parent_count) {
			out[(*count)++] = at->commit;
			depth--;
			continue;
		}
		parent = commits_parent(commits, commit, at->next++);
		if (parent == NO_COMMIT || seen[parent])
			continue;
		seen[parent] = true;
		stack[depth++] = (struct step){parent, 0};
	}
}

void commits_order(const struct commits *commits, size_t *out)
{
	bool *seen = xcalloc(commits->count + 1, sizeof(*seen));
	struct step *stack = xcalloc(commits->count + 1, sizeof(*stack));
	size_t count = 0;

	for (size_t i = 0; i < commits->count; i++)
		if (!seen[i])
			order_from(commits, i, seen, stack, out, &count);
	free(stack);
	free(seen);
}
