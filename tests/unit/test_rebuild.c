/* source/pack/pack and rebuild: every object of a pack once, with the bytes it was
 * written with, whatever part of the order is asked for and however little may
 * be held; on packs written by hand. */
#include "source/pack/rebuild.h"

#include "git_sandbox.h"
#include "pack_writer.h"

#define NEEDLE "needle!"
#define REACH  (sizeof(NEEDLE) - 1)
#define PLENTY ((uint64_t)1 << 30)

/* ---- what a rebuilder tells ---- */

enum told { UNTOLD, GIVEN, CLEAN, LARGE, BROKEN, POSTPONED };

struct telling {
	enum told *told; /* by node */
	uint64_t *sizes;
	uint32_t last; /* node, in a pack's order */
	bool in_order;
	struct oid *ids; /* by node, of what was given */
	char why[128];   /* of the last that is broken */
};

static void note(struct telling *t, const struct pack *pack, uint32_t node, enum told told)
{
	if (told == BROKEN && t->told[node] == LARGE) {
		t->told[node] = BROKEN; /* it broke off while it was read */
		return;
	}
	if (t->told[node] != UNTOLD)
		fail_msg("node %u is told twice", (unsigned)node);
	t->told[node] = told;
	if (t->last != PACK_NO_NODE && pack->nodes[node].rank <= pack->nodes[t->last].rank)
		t->in_order = false;
	t->last = node;
}

static void on_object(void *payload, const struct pack *pack, uint32_t node, struct slice bytes)
{
	struct telling *t = payload;

	note(t, pack, node, GIVEN);
	t->sizes[node] = bytes.len;
	t->ids[node] = object_id(pack->nodes[node].type, bytes);
}

static void on_large(void *payload, const struct pack *pack, uint32_t node, struct stream *bytes)
{
	struct telling *t = payload;
	struct sha1_ctx ctx;
	struct err err;
	char header[32];
	int len;

	note(t, pack, node, LARGE);
	len = snprintf(header, sizeof(header), "blob %u", (unsigned)pack->nodes[node].size);
	sha1_init(&ctx);
	sha1_update(&ctx, (size_t)len + 1, (const uint8_t *)header);
	while (stream_next(bytes, bytes->text.len, &err) > 0)
		sha1_update(&ctx, bytes->text.len, bytes->text.ptr);
	t->sizes[node] = bytes->total;
	sha1_digest(&ctx, OID_BYTES, t->ids[node].raw);
}

static void on_broken(void *payload, const struct pack *pack, uint32_t node, const struct err *why)
{
	struct telling *t = payload;

	note(t, pack, node, BROKEN);
	snprintf(t->why, sizeof(t->why), "%.100s", why->msg);
}

static void on_postponed(void *payload, const struct pack *pack, uint32_t node)
{
	note(payload, pack, node, POSTPONED);
}

static void on_clean(void *payload, const struct pack *pack, uint32_t node, uint64_t size)
{
	struct telling *t = payload;

	note(t, pack, node, CLEAN);
	t->sizes[node] = size;
}

static bool has_needle(void *payload, struct slice bytes)
{
	return holds(bytes, NEEDLE);
}

/* Rebuilds count of the pack's order from beg on; a new telling. */
static struct telling tell_part(const struct pack *pack, uint32_t beg, uint32_t count,
				uint64_t max_bytes, bool by_worth)
{
	struct telling t = {.last = PACK_NO_NODE, .in_order = true};
	struct rebuilder *r = rebuilder_new(max_bytes);
	struct slice needle = SLICE(NEEDLE);
	struct seams *seams = seams_new(&needle, 1);
	struct rebuild_sink sink = {
		.object = on_object,
		.large = on_large,
		.broken = on_broken,
		.postponed = on_postponed,
		.worth = by_worth ? has_needle : NULL,
		.kind = by_worth ? has_needle : NULL,
		.seams = seams,
		.clean = on_clean,
		.payload = &t,
	};

	t.told = xcalloc(pack->count, sizeof(*t.told));
	t.sizes = xcalloc(pack->count, sizeof(*t.sizes));
	t.ids = xcalloc(pack->count, sizeof(*t.ids));
	rebuild(r, pack, pack->order + beg, count, &sink);
	rebuilder_free(r);
	seams_free(seams);
	assert_true(t.in_order);
	return t;
}

static struct telling tell_all(const struct pack *pack, uint64_t max_bytes, bool by_worth)
{
	return tell_part(pack, 0, pack->ordered, max_bytes, by_worth);
}

static void telling_dispose(struct telling *t)
{
	free(t->told);
	free(t->sizes);
	free(t->ids);
}

static bool is_right(const struct pack *pack, const struct telling *t, uint32_t node)
{
	return oid_cmp(t->ids[node].raw, pack_index_oid(&pack->index, pack->nodes[node].index)) ==
	       0;
}

/* ---- packs ---- */

/* Writes, opens, and finds the families; w is done for. */
static void open_written(struct pack *pack, struct pack_writer *w)
{
	char stem[PATH_MAX], path[PATH_MAX + 8];
	struct err err;

	snprintf(stem, sizeof(stem), "%.4000s", in_sandbox("pack-1"));
	pack_finish(w, stem);
	free(w->list);
	snprintf(path, sizeof(path), "%s.pack", stem);
	if (pack_open(pack, path, NULL, 2, &err) < 0)
		fail_msg("%s", err.msg);
	pack_find_families(pack);
}

static uint32_t node_of(const struct pack *pack, struct oid oid)
{
	uint32_t node = pack_find(pack, oid.raw);

	assert_int_not_equal(node, PACK_NO_NODE);
	return node;
}

/* What is written, and what of it. */
struct made {
	struct pack_writer w;
	struct buf contents[512]; /* by place */
};

static struct slice content(const struct made *m, uint32_t at)
{
	return buf_slice(&m->contents[at]);
}

static uint32_t make_root(struct made *m, enum object_type type, size_t len)
{
	uint32_t at = (uint32_t)m->w.count;

	buf_init(&m->contents[at], BUF_MAX_REPORT);
	for (size_t i = 0; i < len; i++)
		buf_append_byte(&m->contents[at], (unsigned char)('A' + chance(26)));
	return pack_add(&m->w, type, content(m, at));
}

/* A version of base with some bytes put in somewhere. */
static uint32_t make_version(struct made *m, enum object_type type, uint32_t base, const char *put,
			     bool by_name)
{
	uint32_t at = (uint32_t)m->w.count;
	struct slice from = content(m, base);
	uint32_t len = (uint32_t)from.len, cut = len ? chance(len) : 0;
	struct buf delta;

	buf_init(&m->contents[at], BUF_MAX_REPORT);
	buf_append(&m->contents[at], from.ptr, cut);
	buf_append_str(&m->contents[at], put);
	buf_append(&m->contents[at], from.ptr + cut, len - cut);
	delta_begin(&delta, len, m->contents[at].len);
	for (uint32_t from_at = 0, part; from_at < cut; from_at += part) {
		part = cut - from_at < 0x10000 ? cut - from_at : 0x10000;
		delta_put_copy(&delta, from_at, part);
	}
	delta_put_insert(&delta, put, strlen(put));
	for (uint32_t from_at = cut, part; from_at < len; from_at += part) {
		part = len - from_at < 0x10000 ? len - from_at : 0x10000;
		delta_put_copy(&delta, from_at, part);
	}
	if (by_name)
		at = pack_add_ref_delta(&m->w, m->w.list[base].oid, buf_slice(&delta),
					object_id(type, content(m, at)));
	else
		at = pack_add_delta(&m->w, base, buf_slice(&delta),
				    object_id(type, content(m, at)));
	buf_dispose(&delta);
	return at;
}

static void made_dispose(struct made *m, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_dispose(&m->contents[i]);
	free(m);
}

/* A deep chain, a broad family, families in families, by both kinds of delta, and
 * loners of each type; objects of size bytes. */
static size_t make_forest(struct pack *pack, size_t size)
{
	struct made *m = xcalloc(1, sizeof(*m));
	char put[32];
	size_t count;
	uint32_t at;

	pack_begin(&m->w);
	at = make_root(m, OBJECT_BLOB, size);
	for (unsigned i = 0; i < 60; i++) {
		snprintf(put, sizeof(put), "chain %u%s", i, i % 9 == 4 ? NEEDLE : "");
		at = make_version(m, OBJECT_BLOB, at, put, i % 3 == 0);
	}
	at = make_root(m, OBJECT_BLOB, size);
	for (unsigned i = 0; i < 40; i++) {
		snprintf(put, sizeof(put), "broad %u%s", i, i % 9 == 4 ? NEEDLE : "");
		make_version(m, OBJECT_BLOB, at, put, false);
	}
	for (enum object_type type = OBJECT_COMMIT; type < OBJECT_TYPES; type++) {
		uint32_t first = make_root(m, type, size / 2);

		make_root(m, type, 0);
		for (uint32_t i = 1; i < 40; i++) {
			snprintf(put, sizeof(put), "deep %d %u%s", (int)type, (unsigned)i,
				 i % 7 == 5 ? NEEDLE : "");
			make_version(m, type, i == 1 ? first : first + 1 + chance(i), put,
				     chance(2));
		}
	}
	count = m->w.count;
	open_written(pack, &m->w);
	made_dispose(m, count);
	assert_int_equal(pack->count, count);
	assert_int_equal(pack->ordered, count);
	return count;
}

/* ---- bytes ---- */

static void every_object_has_its_own_bytes(void **state)
{
	struct pack pack;
	struct telling t;

	make_forest(&pack, 5000);
	t = tell_all(&pack, PLENTY, false);
	for (uint32_t node = 0; node < pack.count; node++) {
		assert_int_equal(t.told[node], GIVEN);
		assert_true(is_right(&pack, &t, node));
	}
	telling_dispose(&t);
	pack_dispose(&pack);
}

static void git_reads_what_the_tests_write(void **state)
{
	struct pack pack;

	make_forest(&pack, 300);
	sh("git index-pack -o again.idx --index-version=1 pack-1.pack >/dev/null && "
	   "cmp again.idx pack-1.idx");
	pack_dispose(&pack);
}

static void any_part_of_the_order_can_be_rebuilt_by_itself(void **state)
{
	struct pack pack;

	make_forest(&pack, 700);
	for (uint32_t beg = 0; beg < pack.ordered; beg += 1 + chance(9))
		for (unsigned by_worth = 0; by_worth < 2; by_worth++) {
			uint32_t count = 1 + chance(pack.ordered - beg);
			struct telling t = tell_part(&pack, beg, count, PLENTY, by_worth);

			for (uint32_t node = 0; node < pack.count; node++) {
				uint32_t rank = pack.nodes[node].rank;

				assert_int_equal(t.told[node] != UNTOLD,
						 rank >= beg && rank < beg + count);
				if (t.told[node] == GIVEN)
					assert_true(is_right(&pack, &t, node));
				else
					assert_true(t.told[node] == UNTOLD || by_worth);
			}
			telling_dispose(&t);
		}
	pack_dispose(&pack);
}

static void the_nodes_asked_for_may_leave_others_out(void **state)
{
	struct pack pack;

	make_forest(&pack, 700);
	for (unsigned round = 0; round < 50; round++) {
		uint32_t kept = 0, *order = xcalloc(pack.ordered, sizeof(*order)), *whole;
		struct telling t;

		for (uint32_t i = 0; i < pack.ordered; i++)
			if (!chance(1 + round % 7))
				order[kept++] = pack.order[i];
		whole = pack.order;
		pack.order = order;
		t = tell_part(&pack, 0, kept, round % 2 ? PLENTY : 6000, false);
		pack.order = whole;
		for (uint32_t i = 0; i < kept; i++) {
			assert_int_equal(t.told[order[i]], GIVEN);
			assert_true(is_right(&pack, &t, order[i]));
			t.told[order[i]] = UNTOLD;
		}
		for (uint32_t node = 0; node < pack.count; node++)
			assert_int_equal(t.told[node], UNTOLD);
		telling_dispose(&t);
		free(order);
	}
	pack_dispose(&pack);
}

/* ---- little memory ---- */

/* Objects of 40 KB: what fits is given, what does not is postponed, and from
 * room for three of them on everything is given, bases being rebuilt. */
static void what_does_not_fit_is_postponed_and_nothing_else(void **state)
{
	static const uint64_t limits[] = {0,      100,    30000,  50000,  60000, 100000,
					  150000, 200000, 400000, PLENTY, 1};
	struct pack pack;
	uint32_t given_before = 0;

	make_forest(&pack, 40000);
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		struct telling t = tell_all(&pack, limits[i], false);
		uint32_t given = 0;

		for (uint32_t node = 0; node < pack.count; node++) {
			if (t.told[node] == GIVEN) {
				assert_true(is_right(&pack, &t, node));
				assert_true(t.sizes[node] <= limits[i]);
				/* Beside its base, that is. */
				if (pack.nodes[node].is_delta)
					assert_true(2 * t.sizes[node] <= limits[i] + 200);
				given++;
			} else {
				assert_int_equal(t.told[node], POSTPONED);
			}
		}
		if (limits[i] >= 200000)
			assert_int_equal(given, pack.count);
		if (limits[i] > 1)
			assert_true(given >= given_before);
		given_before = given;
		telling_dispose(&t);
	}
	pack_dispose(&pack);
}

static void worth_and_little_memory_agree(void **state)
{
	static const uint64_t limits[] = {60000, 100000, 150000, 200000, PLENTY};
	struct pack pack;
	struct telling all;

	make_forest(&pack, 40000);
	all = tell_all(&pack, PLENTY, false);
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		struct telling plenty = tell_all(&pack, PLENTY, true);
		struct telling t = tell_all(&pack, limits[i], true);

		for (uint32_t node = 0; node < pack.count; node++) {
			if (t.told[node] != POSTPONED) {
				assert_int_equal(t.told[node], plenty.told[node]);
				assert_true(t.sizes[node] == all.sizes[node]);
			}
			if (limits[i] >= 200000)
				assert_int_not_equal(t.told[node], POSTPONED);
		}
		telling_dispose(&t);
		telling_dispose(&plenty);
	}
	telling_dispose(&all);
	pack_dispose(&pack);
}

/* ---- what is of no interest ---- */

/* Puts the needle together of pieces: bit i of cuts, one ends behind byte i; bit
 * i of copies, piece i is copied. base holds the needle without its first byte
 * and without its last. around: what is copied before and behind. */
static void put_needle(struct buf *steps, struct buf *result, struct slice base, unsigned cuts,
		       unsigned copies, uint32_t around)
{
	for (size_t beg = 0, end, piece = 0; beg < REACH; beg = end, piece++) {
		const unsigned char *at;
		uint32_t before, len;

		for (end = beg + 1; end < REACH && !(cuts >> (end - 1) & 1); end++)
			;
		if (!(copies >> piece & 1) || end - beg == REACH) {
			delta_put_insert(steps, NEEDLE + beg, end - beg);
			buf_append(result, NEEDLE + beg, end - beg);
			continue;
		}
		at = memmem(base.ptr, base.len, NEEDLE + beg, end - beg);
		assert_non_null(at);
		before = beg == 0 ? around : 0;
		len = (uint32_t)(end - beg) + before + (end == REACH ? around : 0);
		delta_put_copy(steps, (uint32_t)(at - base.ptr) - before, len);
		buf_append(result, at - before, len);
	}
}

/* A family: a clean base; of that the needle, cut; of that again a version, which
 * has it too by copying. */
static void check_cut(unsigned cuts, unsigned copies, uint32_t around)
{
	static const char text[] = "0123456789012345678901234567890123456789"
				   "needle 0123456789012345678901234567890123456789"
				   "eedle!0123456789012345678901234567890123456789";
	struct slice base = slice_str(text);
	struct pack_writer w;
	struct buf steps, result, delta;
	struct oid base_id, id, next_id;
	struct pack pack;
	struct telling t;
	uint32_t at;

	pack_begin(&w);
	at = pack_add(&w, OBJECT_BLOB, base);
	base_id = w.list[at].oid;
	buf_init(&steps, BUF_MAX_REPORT);
	buf_init(&result, BUF_MAX_REPORT);
	put_needle(&steps, &result, base, cuts, copies, around);
	delta_begin(&delta, base.len, result.len);
	buf_append_slice(&delta, buf_slice(&steps));
	id = object_id(OBJECT_BLOB, buf_slice(&result));
	at = pack_add_delta(&w, at, buf_slice(&delta), id);
	buf_dispose(&delta);
	delta_begin(&delta, result.len, result.len + 1);
	delta_put_copy(&delta, 0, (uint32_t)result.len);
	delta_put_insert(&delta, ".", 1);
	buf_append_byte(&result, '.');
	next_id = object_id(OBJECT_BLOB, buf_slice(&result));
	if (around % 2) /* else it is a leaf */
		pack_add_delta(&w, at, buf_slice(&delta), next_id);
	open_written(&pack, &w);
	t = tell_all(&pack, PLENTY, true);
	assert_int_equal(t.told[node_of(&pack, base_id)], CLEAN);
	if (t.told[node_of(&pack, id)] != GIVEN)
		fail_msg("cuts %x, copies %x, %u around: not given", cuts, copies,
			 (unsigned)around);
	assert_true(is_right(&pack, &t, node_of(&pack, id)));
	if (around % 2)
		assert_int_equal(t.told[node_of(&pack, next_id)], GIVEN);
	telling_dispose(&t);
	pack_dispose(&pack);
	buf_dispose(&delta);
	buf_dispose(&steps);
	buf_dispose(&result);
}

/* One cut, two cuts, and cuts behind every byte; pieces copied or not. */
static void a_needle_is_found_wherever_a_delta_cuts_it(void **state)
{
	for (unsigned cuts = 0; cuts < 1u << (REACH - 1); cuts++)
		for (unsigned copies = 0; copies < 8; copies++)
			if (__builtin_popcount(cuts) <= 2)
				check_cut(cuts, copies, cuts % 2 ? 33 : 6);
	for (unsigned copies = 0; copies < 1u << REACH; copies++)
		check_cut((1u << (REACH - 1)) - 1, copies, 7);
}

/* Blobs are given exactly where they hold it; nothing else is ever passed over. */
static void what_is_clean_is_told_so_with_its_size(void **state)
{
	struct pack pack;
	struct telling all, t;
	unsigned clean = 0, given = 0;

	make_forest(&pack, 3000);
	all = tell_all(&pack, PLENTY, false);
	t = tell_all(&pack, PLENTY, true);
	for (uint32_t node = 0; node < pack.count; node++) {
		if (pack.nodes[node].type != OBJECT_BLOB)
			assert_int_equal(t.told[node], GIVEN);
		clean += t.told[node] == CLEAN;
		given += t.told[node] == GIVEN && pack.nodes[node].type == OBJECT_BLOB;
		assert_true(t.sizes[node] == all.sizes[node]);
		if (t.told[node] == GIVEN)
			assert_true(is_right(&pack, &t, node));
	}
	assert_in_range(clean, 20, pack.count);
	assert_in_range(given, 20, pack.count);
	telling_dispose(&all);
	telling_dispose(&t);
	pack_dispose(&pack);
}

/* ---- large ones ---- */

static void large_blobs_that_stand_alone_are_streamed(void **state)
{
	size_t len = (size_t)REBUILD_STREAMED + 1;
	unsigned char *bytes = xmalloc(len);
	struct pack_writer w;
	struct oid large, at_limit;
	struct pack pack;
	struct telling t;

	for (size_t i = 0; i < len; i++)
		bytes[i] = (unsigned char)(i >> 8 ^ i);
	pack_begin(&w);
	large = object_id(OBJECT_BLOB, slice_of(bytes, len));
	pack_add(&w, OBJECT_BLOB, slice_of(bytes, len));
	at_limit = object_id(OBJECT_BLOB, slice_of(bytes, len - 1));
	pack_add(&w, OBJECT_BLOB, slice_of(bytes, len - 1));
	open_written(&pack, &w);
	/* However little may be held. */
	t = tell_all(&pack, 1000, false);
	assert_int_equal(t.told[node_of(&pack, large)], LARGE);
	assert_true(is_right(&pack, &t, node_of(&pack, large)));
	assert_int_equal(t.told[node_of(&pack, at_limit)], POSTPONED);
	telling_dispose(&t);
	t = tell_all(&pack, PLENTY, true);
	assert_int_equal(t.told[node_of(&pack, large)], LARGE);
	assert_int_equal(t.told[node_of(&pack, at_limit)], CLEAN);
	telling_dispose(&t);
	pack_dispose(&pack);
	free(bytes);
}

/* ---- hostile ones ---- */

/* A family whose second member is broken, as each case has it: it and all that
 * descend from it are told so, its base and its sibling are not. */
static void check_broken_member(struct slice delta, uint64_t says)
{
	struct made *m = xcalloc(1, sizeof(*m));
	uint32_t root, sibling, broken, child, other;
	struct oid ids[5];
	struct pack pack;
	size_t count;

	pack_begin(&m->w);
	root = make_root(m, OBJECT_BLOB, 100);
	sibling = make_version(m, OBJECT_BLOB, root, "sibling", false);
	broken = (uint32_t)m->w.count;
	buf_init(&m->contents[broken], BUF_MAX_REPORT);
	buf_append_str(&m->contents[broken], "never comes out");
	pack_note(&m->w, object_id(OBJECT_BLOB, content(m, broken)));
	put_header(&m->w.pack, 6, says);
	put_distance(&m->w.pack, m->w.list[broken].offset - m->w.list[root].offset);
	put_deflated(&m->w.pack, delta);
	child = make_version(m, OBJECT_BLOB, broken, "child", false);
	child = make_version(m, OBJECT_BLOB, child, "grandchild", false);
	other = make_version(m, OBJECT_BLOB, root, "other", true);
	for (uint32_t i = 0; i < 5; i++)
		ids[i] = m->w.list[(uint32_t[]){root, sibling, broken, child, other}[i]].oid;
	count = m->w.count;
	open_written(&pack, &m->w);
	for (unsigned by_worth = 0; by_worth < 2; by_worth++) {
		struct telling t = tell_all(&pack, PLENTY, by_worth);

		for (uint32_t i = 0; i < 5; i++)
			assert_int_equal(t.told[node_of(&pack, ids[i])], i == 2 || i == 3 ? BROKEN
									 : by_worth       ? CLEAN
											  : GIVEN);
		for (uint32_t node = 0; node < pack.count; node++)
			assert_int_not_equal(t.told[node], UNTOLD);
		assert_true(*t.why);
		telling_dispose(&t);
	}
	pack_dispose(&pack);
	made_dispose(m, count);
}

static void a_broken_delta_breaks_its_descendants_alone(void **state)
{
	static const struct {
		struct slice delta;
		uint64_t says; /* 0: the truth */
	} cases[] = {
		{{(const unsigned char *)"", 0}, 0},
		{{(const unsigned char *)"\x64\x0f\x90\x0f", 4}, 3},
		{{(const unsigned char *)"\x64\x0f\x90\x0f", 4}, 5},
		{{(const unsigned char *)"\x64\x0f\x90\x0f", 4}, (uint64_t)1 << 40},
		{{(const unsigned char *)"\x63\x0f\x90\x0f", 4}, 0}, /* for another base */
		{{(const unsigned char *)"\x64\x10\x90\x0f", 4}, 0},
		{{(const unsigned char *)"\x64\x0f\x91\x60\x0f", 5}, 0},
		{{(const unsigned char *)"\x64\x0f\x90\x0f\x00", 5}, 0},
		{{(const unsigned char *)"\x64\x0f\x90", 3}, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check_broken_member(cases[i].delta,
				    cases[i].says ? cases[i].says : cases[i].delta.len);
}

static void a_size_that_lies_is_no_reason_to_take_memory(void **state)
{
	static const uint64_t says[] = {0, 9, 11, 1 << 20, (uint64_t)1 << 40, UINT64_MAX >> 4};

	for (size_t i = 0; i < sizeof(says) / sizeof(*says); i++) {
		struct pack_writer w;
		struct pack pack;
		struct telling t;

		pack_begin(&w);
		pack_add_saying(&w, OBJECT_COMMIT, SLICE("0123456789"), says[i]);
		pack_add(&w, OBJECT_COMMIT, SLICE("and one that is sound"));
		pack_add_saying(&w, OBJECT_BLOB, SLICE("0123456789"), says[i]);
		open_written(&pack, &w);
		t = tell_all(&pack, (uint64_t)1 << 50, false);
		assert_int_equal(t.told[0], BROKEN);
		assert_int_equal(t.told[1], GIVEN);
		assert_int_equal(t.told[2], BROKEN); /* streamed, were it as large as that */
		telling_dispose(&t);
		pack_dispose(&pack);
	}
}

static void deltas_without_a_beginning_are_in_no_family(void **state)
{
	struct oid a = object_id(OBJECT_BLOB, SLICE("a")), b = object_id(OBJECT_BLOB, SLICE("b"));
	struct oid self = object_id(OBJECT_BLOB, SLICE("self"));
	struct oid thin = object_id(OBJECT_BLOB, SLICE("thin"));
	struct slice delta = SLICE("\x01\x01\x01x");
	struct pack_writer w;
	struct pack pack;
	struct telling t;
	uint32_t sound;

	pack_begin(&w);
	pack_add_ref_delta(&w, b, delta, a); /* a ring of two */
	pack_add_ref_delta(&w, a, delta, b);
	pack_add_ref_delta(&w, self, delta, self);
	pack_add_ref_delta(&w, object_id(OBJECT_BLOB, SLICE("elsewhere")), delta, thin);
	pack_add(&w, OBJECT_BLOB, SLICE("sound"));
	open_written(&pack, &w);
	sound = node_of(&pack, object_id(OBJECT_BLOB, SLICE("sound")));
	assert_int_equal(pack.ordered, 1);
	for (uint32_t node = 0; node < pack.count; node++)
		assert_int_equal(pack.nodes[node].type, node == sound ? OBJECT_BLOB : OBJECT_NONE);
	t = tell_all(&pack, PLENTY, false);
	assert_int_equal(t.told[sound], GIVEN);
	telling_dispose(&t);
	pack_dispose(&pack);
}

/* Bytes are flipped all over a pack that is sound: nothing but what is right is
 * given as right, everything in a family is told once, and nobody reads beyond. */
static void flipped_bits_break_objects_and_no_more(void **state)
{
	struct err err;
	struct pack sound;
	char path[PATH_MAX];
	struct buf bytes;

	make_forest(&sound, 60);
	buf_init(&bytes, BUF_MAX_REPORT);
	buf_append_slice(&bytes, sound.map);
	pack_dispose(&sound);
	snprintf(path, sizeof(path), "%.4000s", in_sandbox("pack-1.pack"));
	for (unsigned round = 0; round < 400; round++) {
		size_t at = 12 + chance((uint32_t)bytes.len - 12);
		char kept = bytes.ptr[at];
		struct telling t;
		struct pack pack;

		bytes.ptr[at] ^= (char)(1 << chance(8));
		write_file(path, &bytes);
		assert_int_equal(pack_open(&pack, path, NULL, 1, &err), 0);
		pack_find_families(&pack);
		t = tell_all(&pack, PLENTY, round % 2);
		for (uint32_t i = 0; i < pack.ordered; i++)
			assert_int_not_equal(t.told[pack.order[i]], UNTOLD);
		telling_dispose(&t);
		pack_dispose(&pack);
		bytes.ptr[at] = kept;
	}
	buf_dispose(&bytes);
}

static void swap(char *a, char *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char kept = a[i];

		a[i] = b[i];
		b[i] = kept;
	}
}

static void names_in_no_order_are_put_in_order(void **state)
{
	struct pack sound, pack;
	char path[PATH_MAX];
	struct buf bytes;
	struct err err;
	char *names, *offsets;

	make_forest(&sound, 60);
	sh("rm -rf p.* && cp pack-1.pack p.pack");
	buf_init(&bytes, BUF_MAX_REPORT);
	buf_append_slice(&bytes, sound.index.map);
	names = bytes.ptr + (sound.index.oids - sound.index.map.ptr);
	offsets = bytes.ptr + (sound.index.offsets - sound.index.map.ptr);
	for (size_t i = 0; i + 7 < sound.index.count; i += 7) {
		size_t name = sound.index.oid_stride, offset = sound.index.offset_stride;

		swap(names + i * name, names + (i + 7) * name, OID_BYTES);
		swap(offsets + i * offset, offsets + (i + 7) * offset, 4);
	}
	write_file(in_sandbox("p.idx"), &bytes);
	snprintf(path, sizeof(path), "%.4000s", in_sandbox("p.pack"));
	assert_int_equal(pack_open(&pack, path, NULL, 1, &err), 0);
	assert_false(sound.index.was_disordered);
	assert_true(pack.index.was_disordered);
	assert_int_equal(pack.index.count, sound.index.count);
	for (uint32_t i = 0; i < pack.index.count; i++) {
		const unsigned char *oid = pack_index_oid(&sound.index, i);
		uint32_t node = pack_find(&pack, oid);

		assert_int_not_equal(node, PACK_NO_NODE);
		assert_int_equal(pack.nodes[node].offset,
				 sound.nodes[pack_find(&sound, oid)].offset);
	}
	pack_dispose(&pack);
	pack_dispose(&sound);
	buf_dispose(&bytes);
}

static void what_is_no_pack_says_why(void **state)
{
	static const struct {
		const char *script; /* spoils p.pack and p.idx */
		const char *why;
	} cases[] = {
		{"printf JUNK | dd of=p.pack conv=notrunc status=none", "is no pack"},
		{": > p.pack", "is no pack"},
		{"printf '\\0\\0\\0\\4' | dd of=p.pack bs=1 seek=4 conv=notrunc status=none",
		 "version"},
		{"printf '\\0\\0\\0\\7' | dd of=p.pack bs=1 seek=8 conv=notrunc status=none",
		 "holds 7 objects, but its index names"},
		{"rm p.idx", "has no index"},
		{": > p.idx", "its index cannot be used: it is cut short"},
		{"truncate -s -1 p.idx", "does not have the size it says"},
		{"truncate -s +8 p.idx", "does not have the size it says"},
		{"rm p.pack", "there is none"},
		{"rm p.pack && mkdir p.pack", "is no regular file"},
	};
	struct pack pack;
	char path[PATH_MAX];
	struct err err;

	make_forest(&pack, 60);
	pack_dispose(&pack);
	snprintf(path, sizeof(path), "%.4000s", in_sandbox("p.pack"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		sh("rm -rf p.* && cp pack-1.pack p.pack && cp pack-1.idx p.idx && %s",
		   cases[i].script);
		assert_true(pack_open(&pack, path, NULL, 1, &err) < 0);
		if (!strstr(err.msg, cases[i].why))
			fail_msg("%s: '%s' does not say '%s'", cases[i].script, err.msg,
				 cases[i].why);
		pack_dispose(&pack);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_object_has_its_own_bytes),
		cmocka_unit_test(git_reads_what_the_tests_write),
		cmocka_unit_test(any_part_of_the_order_can_be_rebuilt_by_itself),
		cmocka_unit_test(the_nodes_asked_for_may_leave_others_out),
		cmocka_unit_test(what_does_not_fit_is_postponed_and_nothing_else),
		cmocka_unit_test(worth_and_little_memory_agree),
		cmocka_unit_test(a_needle_is_found_wherever_a_delta_cuts_it),
		cmocka_unit_test(what_is_clean_is_told_so_with_its_size),
		cmocka_unit_test(large_blobs_that_stand_alone_are_streamed),
		cmocka_unit_test(a_broken_delta_breaks_its_descendants_alone),
		cmocka_unit_test(a_size_that_lies_is_no_reason_to_take_memory),
		cmocka_unit_test(deltas_without_a_beginning_are_in_no_family),
		cmocka_unit_test(flipped_bits_break_objects_and_no_more),
		cmocka_unit_test(names_in_no_order_are_put_in_order),
		cmocka_unit_test(what_is_no_pack_says_why),
	};

	return cmocka_run_group_tests(tests, sandbox_setup, sandbox_teardown);
}
