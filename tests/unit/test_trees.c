/* trace/trees: which tree holds which, whatever trees come one after another;
 * held to a twin that reads each alone. */
#include "trace/trees.h"

#include "source/tree_object.h"

#include "git_sandbox.h"
#include "pack_writer.h"

#define NEEDLE    "needle!"
#define TREES     400
#define BLOBS     12
#define LARGE     30000 /* entries: more than is kept of a tree */
#define ENTRY_MAX 64

/* ---- trees that are versions of each other, more or less ---- */

struct entry {
	const char *mode;
	char name[24];
	struct oid oid;
};

struct maker {
	struct pack_writer pack;
	struct slice *trees; /* in the order of the pack */
	struct oid *ids;
	size_t count;
	struct oid blobs[BLOBS];
	struct entry entries[ENTRY_MAX];
	size_t entry_count;
	bool has_large; /* which takes long, above all under the sanitizers */
};

static struct oid any_oid(const struct maker *m, bool is_tree)
{
	struct oid none = {{(unsigned char)chance(4), 1}};

	if (chance(8) == 0)
		return none;
	if (chance(16) == 0)
		is_tree = !is_tree; /* its mode says something else */
	if (!is_tree)
		return m->blobs[chance(BLOBS)];
	return m->count ? m->ids[chance((uint32_t)m->count)] : none;
}

static struct entry any_entry(const struct maker *m)
{
	static const char *const modes[] = {"100644", "100755", "120000",
					    "160000", "40000",  "040000"};
	unsigned mode = chance(6);
	struct entry entry = {.mode = modes[mode], .oid = any_oid(m, mode >= 4)};

	snprintf(entry.name, sizeof(entry.name), "%.*s%c%s", (int)chance(4), "aaa",
		 'a' + (char)chance(26), chance(10) ? "" : NEEDLE);
	return entry;
}

static void insert(struct maker *m, size_t at, struct entry entry)
{
	if (m->entry_count == ENTRY_MAX)
		return;
	memmove(m->entries + at + 1, m->entries + at,
		(m->entry_count++ - at) * sizeof(*m->entries));
	m->entries[at] = entry;
}

static int order_entries(const void *left, const void *right)
{
	return strcmp(((const struct entry *)left)->name, ((const struct entry *)right)->name);
}

static void edit(struct maker *m)
{
	size_t count = m->entry_count, at = count ? chance((uint32_t)count) : 0;
	unsigned how = chance(40);

	if (how == 0 || !count) {
		m->entry_count = 0; /* another folder */
		for (size_t i = chance(ENTRY_MAX); i > 0; i--)
			insert(m, 0, any_entry(m));
		qsort(m->entries, m->entry_count, sizeof(*m->entries), order_entries);
	} else if (how < 20) {
		m->entries[at].oid =
			any_oid(m, m->entries[at].mode[1] != '0' && m->entries[at].mode[0] != '1');
	} else if (how < 25) {
		insert(m, at, any_entry(m));
	} else if (how < 28) {
		insert(m, at, m->entries[chance((uint32_t)count)]); /* its name is there twice */
	} else if (how < 33) {
		memmove(m->entries + at, m->entries + at + 1,
			(--m->entry_count - at) * sizeof(*m->entries));
	} else if (how < 35) {
		struct entry other = m->entries[at];

		m->entries[at] = m->entries[count - 1];
		m->entries[count - 1] = other;
	} else if (how < 37) {
		m->entries[at].mode = any_entry(m).mode; /* an end elsewhere, or another kind */
	} else {
		m->entries[at] = any_entry(m);
	}
}

static void put_tree(struct maker *m, struct buf *out)
{
	buf_init(out, BUF_MAX_REPORT);
	for (size_t i = 0; i < m->entry_count; i++) {
		const struct entry *entry = &m->entries[i];

		buf_appendf(out, "%s %s", entry->mode, entry->name);
		buf_append_byte(out, 0);
		buf_append(out, entry->oid.raw, OID_BYTES);
	}
	if (out->len && chance(12) == 0)
		out->len = chance((uint32_t)out->len);
	else if (out->len && chance(12) == 0)
		out->ptr[chance((uint32_t)out->len)] = (char)chance(256);
}

/* Those of another kind hold other blobs under the same names. */
static void put_large(const struct maker *m, unsigned count, unsigned kind, struct buf *out)
{
	buf_init(out, (size_t)1 << 24);
	for (unsigned i = 0; i < count; i++) {
		struct oid oid = i % 100 ? m->blobs[(i + kind) % BLOBS] : m->ids[i / 100 % 100];

		buf_appendf(out, "%s a%07u%s", i % 100 ? "100644" : "40000", i,
			    i % 99 ? "" : NEEDLE);
		buf_append_byte(out, 0);
		buf_append(out, oid.raw, OID_BYTES);
	}
}

/* A small tree, one too large to be kept, and the small one again: nothing of the
 * large one counts for it. */
static bool put_one_of_large(const struct maker *m, unsigned i, struct buf *out)
{
	static const struct {
		unsigned count, kind;
	} row[] = {{40, 1}, {LARGE, 0}, {41, 1}, {LARGE / 2, 0}, {LARGE / 2 + 1, 0}};

	if (i < TREES / 2 || i - TREES / 2 >= sizeof(row) / sizeof(*row))
		return false;
	put_large(m, row[i - TREES / 2].count, row[i - TREES / 2].kind, out);
	return true;
}

static void add_tree(struct maker *m, struct slice bytes)
{
	struct oid oid = object_id(OBJECT_TREE, bytes);

	for (size_t i = 0; i < m->count; i++)
		if (oid_cmp(m->ids[i].raw, oid.raw) == 0)
			return;
	pack_add(&m->pack, OBJECT_TREE, bytes);
	m->ids[m->count] = oid;
	m->trees[m->count++] = slice_of(xmemdup0(bytes.ptr, bytes.len), bytes.len);
}

static void make_trees(struct maker *m, const char *stem, bool has_large)
{
	struct buf tree;

	*m = (struct maker){.trees = xcalloc(TREES, sizeof(*m->trees)),
			    .ids = xcalloc(TREES, sizeof(*m->ids)),
			    .has_large = has_large};
	pack_begin(&m->pack);
	for (unsigned i = 0; i < BLOBS; i++) {
		char text[16];

		snprintf(text, sizeof(text), "blob %u", i);
		m->blobs[i] = object_id(OBJECT_BLOB, slice_str(text));
		pack_add(&m->pack, OBJECT_BLOB, slice_str(text));
	}
	for (unsigned i = 0; i < TREES; i++) {
		for (size_t edits = 1 + chance(4); edits > 0; edits--)
			edit(m);
		if (!m->has_large || !put_one_of_large(m, i, &tree))
			put_tree(m, &tree);
		add_tree(m, buf_slice(&tree));
		buf_dispose(&tree);
	}
	pack_finish(&m->pack, stem);
}

static void maker_dispose(struct maker *m)
{
	for (size_t i = 0; i < m->count; i++)
		free((unsigned char *)m->trees[i].ptr);
	free(m->trees);
	free(m->ids);
	free(m->pack.list);
}

/* ---- what was found in them ---- */

static bool has_needle(void *payload, struct slice bytes)
{
	return holds(bytes, NEEDLE);
}

static bool names_needle(struct slice tree)
{
	struct tree_entry entry;

	while (tree_next(&tree, &entry))
		if (holds(entry.name, NEEDLE))
			return true;
	return false;
}

static void no_problem(void *payload, const char *path, const char *what)
{
	fail_msg("%s: %s", path, what);
}

static int order_numbers(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

	return (a > b) - (a < b);
}

static void add_found(struct history *h, struct oid oid)
{
	grow_array(&h->found, &h->found_cap, h->found_count, sizeof(*h->found));
	h->found[h->found_count++] = odb_find(h->odb, oid.raw);
}

static void open_history(struct history *h, const struct sink *sink, const struct maker *m)
{
	*h = (struct history){.sink = sink};
	h->odb = odb_open(in_sandbox("objects"), 1, no_problem, NULL);
	for (unsigned i = 0; i < BLOBS; i += 3)
		add_found(h, m->blobs[i]);
	for (size_t i = 0; i < m->count; i++)
		if (i % 5 == 0 && names_needle(m->trees[i]))
			add_found(h, m->ids[i]);
	qsort(h->found, h->found_count, sizeof(*h->found), order_numbers);
}

/* ---- what holds what: a line for each, ordered ---- */

struct lines {
	struct line {
		char text[96];
	} * list;
	size_t count, cap;
};

static void add_line(struct lines *lines, const char *what, uint32_t parent, uint32_t child,
		     struct slice name)
{
	grow_array(&lines->list, &lines->cap, lines->count, sizeof(*lines->list));
	snprintf(lines->list[lines->count++].text, sizeof(lines->list->text), "%s %u %u %.*s", what,
		 parent, child, (int)name.len, (const char *)name.ptr);
}

static int order_lines(const void *left, const void *right)
{
	return strcmp(((const struct line *)left)->text, ((const struct line *)right)->text);
}

/* All edges and holders of a tree, as it stands alone; `room` is left. */
struct twin {
	struct tree_edge *edges;
	struct slice *names;
	size_t edge_count, edge_cap, name_cap;
	struct lines lines;
	size_t room;
	bool *flagged;
};

static void twin_edge(struct twin *twin, uint32_t tree, uint32_t child, struct slice name)
{
	if (!twin->room)
		return;
	twin->room--;
	grow_array(&twin->edges, &twin->edge_cap, twin->edge_count, sizeof(*twin->edges));
	grow_array(&twin->names, &twin->name_cap, twin->edge_count, sizeof(*twin->names));
	twin->names[twin->edge_count] = name;
	twin->edges[twin->edge_count++] = (struct tree_edge){tree, child, 0};
}

static void twin_holder(struct twin *twin, uint32_t tree, uint32_t target, struct slice name)
{
	if (target == NO_TARGET || !twin->room)
		return;
	twin->room--;
	twin->flagged[tree] = true;
	add_line(&twin->lines, "holder", tree, target, name);
}

static void twin_tree(struct twin *twin, const struct history *h, const struct targets *targets,
		      uint32_t tree, struct slice bytes)
{
	struct tree_entry entry;

	while (tree_next(&bytes, &entry)) {
		uint32_t number = odb_find(h->odb, entry.oid), target;

		twin_holder(twin, tree, targets_find_name(targets, entry.name), entry.name);
		if (number == ODB_NO_OBJECT)
			continue;
		target = targets_find(targets, number);
		if (odb_type(h->odb, number) == OBJECT_TREE)
			twin_edge(twin, tree, number, entry.name);
		else if (target != NO_TARGET && !targets->list[target].name.ptr)
			twin_holder(twin, tree, target, entry.name);
	}
}

static struct lines twin_lines(const struct history *h, const struct targets *targets,
			       const struct maker *m, size_t room)
{
	struct twin twin = {.room = room};
	bool more = true;

	twin.flagged = xcalloc(odb_count(h->odb), sizeof(*twin.flagged));
	for (size_t i = 0; i < h->found_count; i++)
		twin.flagged[h->found[i]] = odb_type(h->odb, h->found[i]) == OBJECT_TREE;
	for (size_t i = 0; i < m->count; i++)
		twin_tree(&twin, h, targets, odb_find(h->odb, m->ids[i].raw), m->trees[i]);
	while (more) {
		more = false;
		for (size_t i = 0; i < twin.edge_count; i++) {
			bool *parent = &twin.flagged[twin.edges[i].parent];

			more |= twin.flagged[twin.edges[i].child] && !*parent;
			*parent |= twin.flagged[twin.edges[i].child];
		}
	}
	for (size_t i = 0; i < twin.edge_count; i++)
		if (twin.flagged[twin.edges[i].child])
			add_line(&twin.lines, "edge", twin.edges[i].parent, twin.edges[i].child,
				 twin.names[i]);
	free(twin.edges);
	free(twin.names);
	free(twin.flagged);
	qsort(twin.lines.list, twin.lines.count, sizeof(*twin.lines.list), order_lines);
	return twin.lines;
}

static struct lines lines_of(const struct history *h, const struct trees *t)
{
	uint32_t *number = xcalloc((size_t)t->slot_count + 1, sizeof(*number));
	struct lines lines = {0};

	for (uint32_t i = 0; i < odb_count(h->odb); i++)
		if (t->slots[i] != TREES_NO_SLOT)
			number[t->slots[i]] = i;
	for (size_t i = 0; i < t->edge_count; i++)
		add_line(&lines, "edge", number[t->edges[i].parent], number[t->edges[i].child],
			 t->names[t->edges[i].name]);
	for (size_t i = 0; i < t->holder_count; i++)
		add_line(&lines, "holder", number[t->holders[i].parent], t->holders[i].child,
			 t->names[t->holders[i].name]);
	free(number);
	qsort(lines.list, lines.count, sizeof(*lines.list), order_lines);
	return lines;
}

/* ---- tests ---- */

/* room: edges and holders there may be; 0: all. */
static void check_trees(const struct maker *m, unsigned jobs, size_t room)
{
	struct sink sink = {.worth = has_needle};
	struct history h;
	struct targets targets;
	struct trees trees;
	struct lines wanted, is;

	open_history(&h, &sink, m);
	h.options.jobs = jobs;
	h.options.max_bytes = (uint64_t)1 << 30;
	targets_list(&targets, &h);
	if (room)
		h.options.max_bytes = 2 * sizeof(struct tree_edge) * room;
	trees_read(&trees, &h, &targets);
	assert_int_equal(trees.cut_short, room != 0);
	wanted = twin_lines(&h, &targets, m, room ? room : SIZE_MAX);
	is = lines_of(&h, &trees);
	assert_true(wanted.count > 100);
	assert_int_equal(is.count, wanted.count);
	for (size_t i = 0; i < is.count; i++)
		assert_string_equal(is.list[i].text, wanted.list[i].text);
	free(wanted.list);
	free(is.list);
	trees_dispose(&trees);
	targets_dispose(&targets);
	free(h.found);
	odb_free(h.odb);
}

static void make_pack(struct maker *m, bool has_large)
{
	char stem[PATH_MAX];

	sh("rm -rf objects && mkdir -p objects/pack");
	snprintf(stem, sizeof(stem), "%.4000s", in_sandbox("objects/pack/pack-1"));
	make_trees(m, stem, has_large);
}

static void each_tree_gives_what_it_would_alone(void **state)
{
	for (unsigned round = 0; round < 20; round++) {
		struct maker m;

		make_pack(&m, round % 5 == 0);
		check_trees(&m, 1, 0);
		check_trees(&m, 3, 0);
		maker_dispose(&m);
	}
}

static void what_there_is_no_room_for_is_cut_off(void **state)
{
	struct maker m;

	make_pack(&m, true);
	for (size_t room = 500; room < 3000; room += 501)
		check_trees(&m, 1, room);
	maker_dispose(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_tree_gives_what_it_would_alone),
		cmocka_unit_test(what_there_is_no_room_for_is_cut_off),
	};

	return cmocka_run_group_tests(tests, sandbox_setup, sandbox_teardown);
}
