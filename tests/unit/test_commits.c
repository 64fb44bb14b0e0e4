/* source/commits: what commit objects say, who reaches whom, and an order with
 * parents first; whatever is missing or goes round in a ring. */
#include "source/commits.h"

#include "git_sandbox.h"
#include "pack_writer.h"

/* Objects there are, whose names stand for commits: what a commit is called is no
 * matter here, so that there can be rings. */
#define OBJECTS 300

static struct odb *odb;

static void no_problem(void *payload, const char *path, const char *what)
{
	fail_msg("%s: %s", path, what);
}

static int open_objects(void **state)
{
	struct pack_writer w;
	char path[PATH_MAX], text[32];

	if (sandbox_setup(state) < 0)
		return -1;
	sh("mkdir -p objects/pack");
	pack_begin(&w);
	for (unsigned i = 0; i < OBJECTS; i++) {
		snprintf(text, sizeof(text), "object %u", i);
		pack_add(&w, OBJECT_BLOB, slice_str(text));
	}
	snprintf(path, sizeof(path), "%.4000s", in_sandbox("objects/pack/pack-1"));
	pack_finish(&w, path);
	free(w.list);
	snprintf(path, sizeof(path), "%.4000s", in_sandbox("objects"));
	odb = odb_open(path, 1, no_problem, NULL);
	return odb_count(odb) == OBJECTS ? 0 : -1;
}

static int close_objects(void **state)
{
	odb_free(odb);
	return sandbox_teardown(state);
}

/* ---- commits by hand ---- */

#define MISSING OBJECTS /* a name that no object has */

static void put_name(struct buf *out, const char *key, uint32_t number)
{
	static const unsigned char missing[OID_BYTES] = {1, 2, 3};
	char hex[OID_HEX + 1];

	oid_to_hex(hex, number == MISSING ? missing : odb_oid(odb, number));
	buf_appendf(out, "%s %s\n", key, hex);
}

static void add(struct commits *commits, uint32_t number, uint32_t tree, const uint32_t *parents,
		size_t count, int64_t time)
{
	struct buf text;
	struct err err;

	buf_init(&text, BUF_MAX_LINE);
	put_name(&text, "tree", tree);
	for (size_t i = 0; i < count; i++)
		put_name(&text, "parent", parents[i]);
	buf_appendf(&text,
		    "author A <a@example.org> 5 +0000\n"
		    "committer C <c@example.org> %lld +0100\n\nsummary\n",
		    (long long)time);
	assert_int_equal(commits_add(commits, number, buf_slice(&text), &err), 0);
	buf_dispose(&text);
}

/* What a test asks of: a random graph, were it with rings. */
struct graph {
	uint32_t parents[OBJECTS][4];
	size_t counts[OBJECTS];
	bool is_commit[OBJECTS];
};

static void make_graph(struct graph *g, struct commits *commits, bool rings, unsigned jobs)
{
	struct commits parts[3] = {{0}};

	*commits = (struct commits){0};
	memset(g, 0, sizeof(*g));
	for (uint32_t i = 0; i < OBJECTS; i++) {
		g->is_commit[i] = chance(10) > 0;
		for (size_t n = chance(4); n-- > 0;) {
			/* In one way only, through numbers that do not tell it. */
			uint32_t before = rings ? chance(OBJECTS + 1) : chance(i + 1);
			uint32_t parent = before * 7 % OBJECTS;

			if (before == (rings ? OBJECTS : i))
				parent = MISSING;
			g->parents[i * 7 % OBJECTS][g->counts[i * 7 % OBJECTS]++] = parent;
		}
	}
	for (uint32_t i = OBJECTS; i-- > 0;)
		if (g->is_commit[i])
			add(&parts[chance(3)], i, (i + 1) % OBJECTS, g->parents[i], g->counts[i],
			    i);
	for (size_t i = 0; i < 3; i++)
		commits_join(commits, &parts[i]);
	commits_settle(commits, odb, jobs);
}

/* Whether the i-th parent of c is that object, MISSING, or known not to be a commit. */
static void assert_parent(const struct commits *commits, const struct commit *c, uint32_t i,
			  uint32_t number)
{
	size_t place = commits_find(commits, number);
	uint32_t expected = number == MISSING    ? PARENT_MISSING
			    : place == NO_COMMIT ? PARENT_OTHER
						 : (uint32_t)place;

	assert_int_equal(commits->parents[c->parents_beg + i], expected);
	assert_true(commits_parent(commits, c, i) == place);
}

/* ---- tests ---- */

static void a_commit_is_kept_as_it_says(void **state)
{
	static const uint32_t parents[] = {7, MISSING, 3, 7};
	struct commits commits = {0};
	const struct commit *c;

	add(&commits, 9, 4, parents, 4, 1700000000);
	add(&commits, 2, MISSING, NULL, 0, 0);
	add(&commits, 7, 5, parents + 1, 1, INT64_C(99999999999));
	commits_settle(&commits, odb, 1);
	assert_int_equal(commits.count, 3);
	c = &commits.list[commits_find(&commits, 9)];
	assert_int_equal(c->number, 9);
	assert_int_equal(c->tree, 4);
	assert_int_equal(c->time, 1700000000);
	assert_int_equal(c->parent_count, 4);
	for (uint32_t i = 0; i < 4; i++)
		assert_parent(&commits, c, i, parents[i]);
	c = &commits.list[commits_find(&commits, 2)];
	assert_int_equal(c->tree, ODB_NO_OBJECT);
	assert_int_equal(c->parent_count, 0);
	c = &commits.list[commits_find(&commits, 7)];
	assert_true(c->time == INT64_C(99999999999));
	assert_parent(&commits, c, 0, MISSING);
	for (uint32_t i = 0; i < OBJECTS; i++)
		if (i != 9 && i != 2 && i != 7)
			assert_true(commits_find(&commits, i) == NO_COMMIT);
	assert_true(commits_find(&commits, OBJECTS) == NO_COMMIT);
	assert_true(commits_find(&commits, ODB_NO_OBJECT) == NO_COMMIT);
	commits_dispose(&commits);
}

static void what_is_no_commit_is_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"tree",
		"tree \n",
		"tree 0123456789012345678901234567890123456789",
		"tree 012345678901234567890123456789012345678\n",
		"tree 012345678901234567890123456789012345678g\n",
		"tree 01234567890123456789012345678901234567890\n",
		"parent 0123456789012345678901234567890123456789\n",
	};
	struct commits commits = {0};
	struct err err;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t len = strlen(cases[i]);
		char *own = malloc(len); /* with nothing behind it */

		if (len)
			memcpy(own, cases[i], len);
		assert_int_equal(commits_add(&commits, 0, slice_of(own, len), &err), HF_EFORMAT);
		free(own);
	}
	assert_int_equal(commits.count, 0);
	commits_dispose(&commits);
}

static void a_time_that_cannot_be_read_is_none(void **state)
{
	static const struct {
		const char *lines;
		int64_t time;
	} cases[] = {
		{"author A <a> 1 +0000\ncommitter C <c> 12 +0000\n", 12},
		{"author A <a> 1 +0000\ncommitter C > < <c> 12 -0800\n", 12},
		{"author A <a> 1 +0000\ncommitter C <c> 12", 12},
		{"author A <a> 1 +0000\ncommitter C <c> -12 +0000\n", 0},
		{"author A <a> 1 +0000\ncommitter C <c>\n", 0},
		{"author A <a> 1 +0000\ncommitter C <c> \n", 0},
		{"author A <a> 1 +0000\ncommitter C 12\n", 0},
		{"author A <a> 1 +0000\n\ncommitter C <c> 12 +0000\n", 0},
		{"", 0},
		{"author", 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct commits commits = {0};
		struct buf text;
		struct err err;
		char *own;

		buf_init(&text, BUF_MAX_LINE);
		put_name(&text, "tree", 1);
		buf_append_str(&text, cases[i].lines);
		own = malloc(text.len);
		memcpy(own, text.ptr, text.len);
		assert_int_equal(commits_add(&commits, 0, slice_of(own, text.len), &err), 0);
		if (commits.list[0].time != cases[i].time)
			fail_msg("%s: %lld", cases[i].lines, (long long)commits.list[0].time);
		free(own);
		buf_dispose(&text);
		commits_dispose(&commits);
	}
}

static void a_time_that_is_too_large_does_not_overflow(void **state)
{
	struct commits commits = {0};
	struct buf text;
	struct err err;

	buf_init(&text, BUF_MAX_LINE);
	put_name(&text, "tree", 1);
	buf_append_str(&text, "author A <a> 1 +0000\ncommitter C <c> ");
	for (unsigned i = 0; i < 100; i++)
		buf_append_byte(&text, '9');
	assert_int_equal(commits_add(&commits, 0, buf_slice(&text), &err), 0);
	assert_true(commits.list[0].time > 0);
	buf_dispose(&text);
	commits_dispose(&commits);
}

static void none_at_all_are_settled_too(void **state)
{
	struct commits commits = {0}, none = {0};
	bool mark = false;
	size_t order;

	commits_join(&commits, &none);
	commits_settle(&commits, odb, 8);
	assert_int_equal(commits.count, 0);
	assert_true(commits_find(&commits, 0) == NO_COMMIT);
	commits_reach(&commits, &mark);
	commits_order(&commits, &order);
	commits_dispose(&commits);
}

/* Held to the graph it was made of. */
static void joined_parts_are_one_list_by_number(void **state)
{
	for (unsigned round = 0; round < 20; round++) {
		struct graph g;
		struct commits commits;
		size_t at = 0;

		make_graph(&g, &commits, true, round % 2 ? 8 : 1);
		for (uint32_t i = 0; i < OBJECTS; i++) {
			const struct commit *c;

			if (!g.is_commit[i]) {
				assert_true(commits_find(&commits, i) == NO_COMMIT);
				continue;
			}
			assert_int_equal(commits_find(&commits, i), at);
			c = &commits.list[at++];
			assert_int_equal(c->number, i);
			assert_int_equal(c->tree, (i + 1) % OBJECTS);
			assert_int_equal(c->time, i);
			assert_int_equal(c->parent_count, g.counts[i]);
			for (uint32_t n = 0; n < g.counts[i]; n++)
				assert_parent(&commits, c, n, g.parents[i][n]);
		}
		assert_int_equal(commits.count, at);
		commits_dispose(&commits);
	}
}

/* Over and over, until nothing is added. */
static void plain_reach(const struct graph *g, bool *mark)
{
	for (bool again = true; again;) {
		again = false;
		for (uint32_t i = 0; i < OBJECTS; i++)
			for (size_t n = 0; mark[i] && n < g->counts[i]; n++) {
				uint32_t parent = g->parents[i][n];

				if (parent == MISSING || !g->is_commit[parent] || mark[parent])
					continue;
				mark[parent] = again = true;
			}
	}
}

static void marks_spread_to_all_that_is_reached(void **state)
{
	unsigned reached = 0;

	for (unsigned round = 0; round < 60; round++) {
		bool mark[OBJECTS + 1] = {false}, wanted[OBJECTS] = {false};
		struct graph g;
		struct commits commits;

		make_graph(&g, &commits, round % 2, 1);
		for (unsigned from = 0; from < round % 4; from++) {
			uint32_t number = chance(OBJECTS);

			if (!g.is_commit[number])
				continue;
			wanted[number] = true;
			mark[commits_find(&commits, number)] = true;
		}
		plain_reach(&g, wanted);
		commits_reach(&commits, mark);
		for (size_t i = 0; i < commits.count; i++) {
			assert_int_equal(mark[i], wanted[commits.list[i].number]);
			reached += mark[i];
		}
		commits_dispose(&commits);
	}
	assert_in_range(reached, 500, 60 * OBJECTS);
}

static void the_order_has_each_once_and_parents_first(void **state)
{
	for (unsigned round = 0; round < 60; round++) {
		size_t order[OBJECTS], at[OBJECTS];
		bool rings = round % 2;
		struct graph g;
		struct commits commits;

		make_graph(&g, &commits, rings, 1);
		memset(at, 0xff, sizeof(at));
		commits_order(&commits, order);
		for (size_t i = 0; i < commits.count; i++) {
			assert_true(order[i] < commits.count);
			assert_true(at[order[i]] == SIZE_MAX);
			at[order[i]] = i;
		}
		for (size_t i = 0; !rings && i < commits.count; i++)
			for (uint32_t n = 0; n < commits.list[i].parent_count; n++) {
				size_t parent = commits_parent(&commits, &commits.list[i], n);

				if (parent != NO_COMMIT)
					assert_true(at[parent] < at[i]);
			}
		commits_dispose(&commits);
	}
}

/* Each has the one before it for its parent, and the first the last. */
static void a_ring_is_walked_once(void **state)
{
	struct commits commits = {0};
	bool mark[OBJECTS + 1] = {false};
	size_t order[OBJECTS];

	for (uint32_t i = 0; i < OBJECTS; i++)
		add(&commits, i, 0, (uint32_t[]){(i + OBJECTS - 1) % OBJECTS, i}, 2, 0);
	commits_settle(&commits, odb, 1);
	mark[5] = true;
	commits_reach(&commits, mark);
	commits_order(&commits, order);
	for (size_t i = 0; i < OBJECTS; i++)
		assert_true(mark[i]);
	/* Cut at one place, so that all others come behind their parents. */
	for (size_t i = 1; i < OBJECTS; i++)
		assert_int_equal(order[i], (order[i - 1] + 1) % OBJECTS);
	commits_dispose(&commits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_commit_is_kept_as_it_says),
		cmocka_unit_test(what_is_no_commit_is_refused),
		cmocka_unit_test(a_time_that_cannot_be_read_is_none),
		cmocka_unit_test(a_time_that_is_too_large_does_not_overflow),
		cmocka_unit_test(none_at_all_are_settled_too),
		cmocka_unit_test(joined_parts_are_one_list_by_number),
		cmocka_unit_test(marks_spread_to_all_that_is_reached),
		cmocka_unit_test(the_order_has_each_once_and_parents_first),
		cmocka_unit_test(a_ring_is_walked_once),
	};

	return cmocka_run_group_tests(tests, open_objects, close_objects);
}
