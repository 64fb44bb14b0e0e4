#include "trace/last_tree.h"

#include "base/alloc.h"

#include <stdlib.h>

static void version_dispose(struct tree_version *version)
{
	free(version->begs);
	free(version->marks.list);
}

void last_tree_dispose(struct last_tree *last)
{
	version_dispose(&last->old);
	version_dispose(&last->now);
	free(last->kept);
	*last = (struct last_tree){0};
}

/* ---- what two trees have in common ---- */

#define BLOCK ((size_t)256)
#define WORD  sizeof(uint64_t)

static size_t common_beginning(struct slice a, struct slice b)
{
	size_t len = a.len < b.len ? a.len : b.len, same = 0;

	while (len - same >= BLOCK && memcmp(a.ptr + same, b.ptr + same, BLOCK) == 0)
		same += BLOCK;
	while (len - same >= WORD && memcmp(a.ptr + same, b.ptr + same, WORD) == 0)
		same += WORD;
	while (same < len && a.ptr[same] == b.ptr[same])
		same++;
	return same;
}

/* Without the place where the last one ended. */
static size_t entry_count(const struct tree_version *version)
{
	return version->beg_count ? version->beg_count - 1 : 0;
}

/* How many entries from this one on end before that place. */
static size_t entries_until(const struct tree_version *version, size_t from, size_t until)
{
	size_t most = (until - version->begs[from]) / TREE_ENTRY_MIN;
	size_t beg = from, end = entry_count(version);

	if (end - from > most)
		end = from + most;
	while (beg < end) {
		size_t mid = beg + (end - beg) / 2;

		if (version->begs[mid + 1] <= until)
			beg = mid + 1;
		else
			end = mid;
	}
	return beg - from;
}

/* Of the old one, from the next entry on. */
static struct slice old_rest(const struct last_tree *last)
{
	size_t beg = last->old.begs[last->at_old];

	return slice_of(last->kept + beg, last->kept_len - beg);
}

/* ---- reading ---- */

void last_tree_begin(struct last_tree *last, struct slice bytes)
{
	struct tree_version spare = last->old;

	last->old = last->now;
	last->now = spare;
	last->now.beg_count = last->now.marks.count = 0;
	last->bytes = last->rest = bytes;
	last->at_old = last->mark_old = last->settled = 0;
}

static void add_beg(struct tree_version *now, size_t beg)
{
	grow_array(&now->begs, &now->beg_cap, now->beg_count, sizeof(*now->begs));
	now->begs[now->beg_count++] = (uint32_t)beg;
}

static void add_begs(struct tree_version *now, const uint32_t *begs, size_t count, uint32_t by)
{
	uint32_t *to;

	grow_array(&now->begs, &now->beg_cap, now->beg_count + count, sizeof(*now->begs));
	to = now->begs + now->beg_count;
	for (size_t i = 0; i < count; i++)
		to[i] = begs[i] + by;
	now->beg_count += count;
}

static void add_mark(struct marks *marks, struct mark mark)
{
	grow_array(&marks->list, &marks->cap, marks->count, sizeof(*marks->list));
	marks->list[marks->count++] = mark;
}

/* The next entries of the old one are the next of this one. */
static void take_over(struct last_tree *last, size_t entries)
{
	const struct tree_version *old = &last->old;
	size_t from = last->at_old, until = from + entries;
	size_t len = old->begs[until] - old->begs[from];
	size_t at = last->bytes.len - last->rest.len;
	uint32_t entries_by = (uint32_t)(last->now.beg_count - from);
	size_t i = last->mark_old;

	add_begs(&last->now, old->begs + from, entries, (uint32_t)at - old->begs[from]);
	while (i < old->marks.count && old->marks.list[i].entry < from)
		i++;
	for (; i < old->marks.count && old->marks.list[i].entry < until; i++) {
		struct mark mark = old->marks.list[i];

		mark.entry += entries_by;
		add_mark(&last->now.marks, mark);
	}
	last->mark_old = i;
	if (last->settled == at)
		last->settled += len;
	last->at_old = until;
	last->rest = slice_of(last->rest.ptr + len, last->rest.len - len);
}

/* Of the old one's next entry. It is known to be whole: "<mode> <name>\0<20 bytes>". */
static struct slice old_name(const struct last_tree *last)
{
	const uint32_t *begs = last->old.begs + last->at_old;
	const unsigned char *entry = last->kept + begs[0];
	size_t mode = entry[5] == ' ' ? 6 : 7;

	return slice_of(entry + mode, begs[1] - begs[0] - mode - 1 - OID_BYTES);
}

/* Passes what the old one has up to an entry of that name, so that what follows
 * both is looked at together. If a tree is in no order, less is found. */
static void pass_old(struct last_tree *last, struct slice name)
{
	for (; last->at_old < entry_count(&last->old); last->at_old++) {
		int order = slice_cmp(old_name(last), name);

		if (order >= 0) {
			last->at_old += order == 0;
			return;
		}
	}
}

/* An entry that takes the place of one as long is put there at once. As long as
 * all is settled, the next one of both trees begins at the same place. */
static void settle(struct last_tree *last, size_t replaced, size_t at, size_t end)
{
	if (last->settled != at || last->at_old != replaced + 1 ||
	    last->old.begs[last->at_old] != end)
		return;
	memcpy(last->kept + at, last->bytes.ptr + at, end - at);
	last->settled = end;
}

static void pass_common(struct last_tree *last)
{
	size_t common, same;

	if (last->at_old == entry_count(&last->old))
		return;
	common = common_beginning(old_rest(last), last->rest);
	same = entries_until(&last->old, last->at_old, last->old.begs[last->at_old] + common);
	if (same)
		take_over(last, same);
}

bool last_tree_next(struct last_tree *last, struct tree_entry *entry)
{
	size_t at, at_old;

	pass_common(last);
	at = last->bytes.len - last->rest.len;
	at_old = last->at_old;
	add_beg(&last->now, at);
	if (!tree_next(&last->rest, entry))
		return false;
	pass_old(last, entry->name);
	settle(last, at_old, at, last->bytes.len - last->rest.len);
	return true;
}

void last_tree_mark(struct last_tree *last, bool is_edge, uint32_t what, uint32_t name)
{
	uint32_t entry = (uint32_t)last->now.beg_count - 1;

	add_mark(&last->now.marks, (struct mark){entry, what, name, is_edge});
}

void last_tree_end(struct last_tree *last)
{
	size_t len = last->bytes.len, settled = last->settled;

	if (last->kept_cap < len) {
		last->kept_cap = len * 2;
		last->kept = xrealloc(last->kept, last->kept_cap);
	}
	if (settled < len)
		memcpy(last->kept + settled, last->bytes.ptr + settled, len - settled);
	last->kept_len = len;
}
