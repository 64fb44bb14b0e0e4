/* source/pack/odb: every object of what the real git stored, in every shape it
 * stores them, once and byte for byte, whatever the threads and the memory. */
#include "source/pack/odb.h"

#include "git_sandbox.h"
#include "pack_writer.h"

#include <pthread.h>
#include <stdatomic.h>

#define NEEDLE    "needle!"
#define PLENTY    ((uint64_t)1 << 30)
#define LARGE     (((uint64_t)32 << 20) + 1) /* the only size that is streamed here */
#define ALL_TYPES (1u << OBJECT_COMMIT | 1u << OBJECT_TREE | 1u << OBJECT_BLOB | 1u << OBJECT_TAG)

/* ---- repositories ---- */

/* What to leave out of a line of a file, so that its versions differ. */
static void put_file(FILE *stream, unsigned version, unsigned lines)
{
	struct buf text;
	uint64_t before = chance_state;

	chance_state = 0x9E3779B97F4A7C15u; /* the same lines in every version */
	buf_init(&text, BUF_MAX_REPORT);
	for (unsigned line = 0; line < lines; line++) {
		uint32_t number = chance(1u << 31);

		if (line * 7 % 61 == version % 61)
			buf_appendf(&text, "version %u has this line\n", version);
		if (line == version && version % 10 == 3)
			buf_append_str(&text, "here is a " NEEDLE "\n");
		buf_appendf(&text, "%u: %010u %010u\n", line, (unsigned)number,
			    (unsigned)(number * 2654435761u));
	}
	chance_state = before;
	fprintf(stream, "data %zu\n", text.len);
	assert_int_equal(fwrite(text.ptr, 1, text.len, stream), text.len);
	fputc('\n', stream);
	buf_dispose(&text);
}

/* 60 versions of a file of 40 KB and of some small ones, with tags. */
static void write_history(void)
{
	FILE *stream = fopen(in_sandbox("stream"), "w");

	assert_non_null(stream);
	for (unsigned version = 0; version < 60; version++) {
		fprintf(stream,
			"commit refs/heads/main\ncommitter C <c@example.org> %u +0000\n"
			"data 10\nversion %02u\nM 100644 inline large\n",
			1700000000 + version, version);
		put_file(stream, version, 1250);
		fprintf(stream, "M 100644 inline folder/%u/small\n", version % 5);
		put_file(stream, version, 20);
		if (version % 7 == 0)
			fprintf(stream,
				"tag v%u\nfrom refs/heads/main\n"
				"tagger C <c@example.org> 1700000000 +0000\ndata 3\nold\n",
				version);
	}
	assert_int_equal(fclose(stream), 0);
}

static int make_history(void **state)
{
	if (sandbox_setup(state) < 0)
		return -1;
	write_history();
	sh("git init -q -b main history && git -C history -c fastimport.unpackLimit=0 fast-import "
	   "--quiet --depth=0 < stream && rm stream");
	return 0;
}

/* ---- what git says there is ---- */

struct listed {
	struct oid oid;
	enum object_type type;
	uint64_t size;
};

static enum object_type type_of(const char *name)
{
	static const char *const names[] = {"", "commit", "tree", "blob", "tag"};

	for (enum object_type type = OBJECT_COMMIT; type < OBJECT_TYPES; type++)
		if (strcmp(names[type], name) == 0)
			return type;
	fail_msg("a %s?", name);
	return OBJECT_NONE;
}

/* Everything git has in a repository, by name. Caller frees. */
static struct listed *list_as_git(const char *repository, size_t *count)
{
	struct listed *list = NULL;
	char hex[41], type[8];
	unsigned long long size;
	size_t cap = 0;
	FILE *file;

	sh("GIT_NO_REPLACE_OBJECTS=1 git -C %s cat-file --batch-all-objects --batch-check > list",
	   repository);
	file = fopen(in_sandbox("list"), "r");
	assert_non_null(file);
	*count = 0;
	while (fscanf(file, "%40s %7s %llu", hex, type, &size) == 3) {
		grow_array(&list, &cap, *count, sizeof(*list));
		list[*count] = (struct listed){.type = type_of(type), .size = size};
		assert_true(oid_from_hex(&list[(*count)++].oid, (const unsigned char *)hex));
	}
	fclose(file);
	return list;
}

/* ---- what a visit gives ---- */

struct seen {
	struct odb *odb;
	unsigned jobs;
	_Atomic(const char *) trouble; /* no assertions: these are other threads */
	atomic_uint *given, *broken;   /* times, by number */
	atomic_uint clean;
	atomic_int code;
};

static struct oid id_of_stream(struct stream *stream, uint64_t size)
{
	struct sha1_ctx ctx;
	char header[32];
	struct oid oid;
	struct err err;
	int len = snprintf(header, sizeof(header), "blob %llu", (unsigned long long)size);

	sha1_init(&ctx);
	sha1_update(&ctx, (size_t)len + 1, (const uint8_t *)header);
	while (stream_next(stream, stream->text.len, &err) > 0)
		sha1_update(&ctx, stream->text.len, stream->text.ptr);
	sha1_digest(&ctx, OID_BYTES, oid.raw);
	return oid;
}

static void on_object(void *payload, unsigned worker, const struct odb_object *object)
{
	struct seen *s = payload;
	struct oid oid;

	if (worker >= s->jobs)
		s->trouble = "a worker with a number that cannot be";
	if (object->number >= odb_count(s->odb)) {
		s->trouble = "an object with a number that cannot be";
		return;
	}
	if (object->type != odb_type(s->odb, object->number))
		s->trouble = "two types";
	if (object->stream)
		oid = id_of_stream(object->stream, LARGE);
	else
		oid = object_id(object->type, object->bytes);
	if (oid_cmp(oid.raw, odb_oid(s->odb, object->number)) != 0 && object->stream)
		return; /* it broke off: what is left is that it is told so */
	if (oid_cmp(oid.raw, odb_oid(s->odb, object->number)) != 0)
		s->trouble = "other bytes than its name stands for";
	s->given[object->number]++;
}

static void on_broken(void *payload, unsigned worker, uint32_t number, const struct err *why)
{
	struct seen *s = payload;

	s->broken[number]++;
	s->code = why->code;
}

static bool has_needle(void *payload, struct slice bytes)
{
	return holds(bytes, NEEDLE);
}

static void on_clean(void *payload, unsigned worker, uint64_t size)
{
	((struct seen *)payload)->clean++;
}

static void no_problem(void *payload, const char *path, const char *what)
{
	fail_msg("%s: %s", path, what);
}

static struct odb *open_odb(const char *repository, unsigned jobs)
{
	char objects[PATH_MAX];

	snprintf(objects, sizeof(objects), "%.4000s/.git/objects", in_sandbox(repository));
	return odb_open(objects, jobs, no_problem, NULL);
}

static struct seen seen_new(struct odb *odb, unsigned jobs)
{
	struct seen s = {.odb = odb, .jobs = jobs};

	s.given = xcalloc(odb_count(odb), sizeof(*s.given));
	s.broken = xcalloc(odb_count(odb), sizeof(*s.broken));
	return s;
}

static void seen_dispose(struct seen *s)
{
	if (s->trouble)
		fail_msg("%s", s->trouble);
	free(s->given);
	free(s->broken);
}

static void visit(struct seen *s, unsigned types, const uint64_t *wanted, uint64_t max_bytes,
		  bool by_worth)
{
	struct odb_visit how = {s->jobs, types, wanted, max_bytes, NULL};
	struct odb_visitor visitor = {.object = on_object, .broken = on_broken, .payload = s};
	struct slice needle = SLICE(NEEDLE);
	struct seams *seams = seams_new(&needle, 1);

	if (by_worth) {
		visitor.worth = visitor.kind = has_needle;
		visitor.seams = seams;
		visitor.clean = on_clean;
	}
	odb_visit(s->odb, &how, &visitor);
	seams_free(seams);
}

/* ---- every shape ---- */

/* All that git lists is there, under its number, and is given once. */
static void assert_holds(const char *repository, const struct listed *list, size_t count,
			 unsigned jobs, uint64_t max_bytes)
{
	struct odb *odb = open_odb(repository, jobs);
	struct seen s = seen_new(odb, jobs);

	assert_int_equal(odb_count(odb), count);
	visit(&s, ALL_TYPES, NULL, max_bytes, false);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t number = odb_find(odb, list[i].oid.raw);

		assert_int_equal(number, i); /* by ascending name */
		if (s.given[i] != 1 || s.broken[i] != 0)
			fail_msg("%s, %u jobs: given %u times, broken %u times (%d)", repository,
				 jobs, s.given[i], s.broken[i], s.code);
		assert_int_equal(odb_type(odb, i), list[i].type);
	}
	seen_dispose(&s);
	odb_free(odb);
}

static void assert_as_git(const char *repository, unsigned jobs, uint64_t max_bytes)
{
	size_t count;
	struct listed *list = list_as_git(repository, &count);

	assert_holds(repository, list, count, jobs, max_bytes);
	free(list);
}

static void every_object_is_given_once_in_every_shape(void **state)
{
	static const struct {
		const char *name;
		const char *script; /* with a copy of the history, the folder "r" */
		const char *hide;   /* what git needs for its list and we do not */
	} shapes[] = {
		{"as it was imported", ":", NULL},
		{"deep chains", "git -C r repack -adfq --depth=50 --window=70", NULL},
		{"deltas by name",
		 "git -C r -c repack.useDeltaBaseOffset=false repack -adfq "
		 "--depth=50 --window=70",
		 NULL},
		{"index of version 1", "git -C r -c pack.indexVersion=1 repack -adfq", NULL},
		{"indexes gone, multi-pack-index left",
		 "cd r && git repack -adfq && git commit -q --allow-empty -m more && "
		 "git repack -dq && printf 'x\\n%%s' y > new && git add new && git commit -qm new "
		 "&& "
		 "git repack -dq && git multi-pack-index write && "
		 "ls .git/objects/pack/*.pack | wc -l | grep -qx 3",
		 "rm r/.git/objects/pack/*.idx"},
		/* What both packs hold counts as the later's, so that deltas in the other
		 * have bases that nobody names. */
		{"multi-pack-index over packs with duplicates",
		 "cd r && git repack -adfq --depth=50 --window=70 && "
		 "touch -d @1600000000 .git/objects/pack/*.pack && "
		 "p=$(git rev-list --objects HEAD~30 | cut -c1-40 | "
		 "git pack-objects -q --delta-base-offset --window=0 .git/objects/pack/pack) && "
		 "touch -d @1700000000 .git/objects/pack/pack-$p.pack && "
		 "git multi-pack-index write",
		 "rm r/.git/objects/pack/*.idx"},
		{"packs with duplicates",
		 "cd r && git repack -adfq && for from in HEAD HEAD~9 HEAD~20; do "
		 "git rev-list --objects $from | cut -c1-40 | "
		 "git pack-objects -q .git/objects/pack/pack; done",
		 NULL},
		{"loose",
		 "cd r && mv .git/objects/pack/*.pack .. && rm -f .git/objects/pack/* && "
		 "cat ../pack-*.pack | git unpack-objects -q && rm ../pack-*.pack",
		 NULL},
		{"loose and packed, some both",
		 "cd r && git repack -adfq && cp .git/objects/pack/*.pack .. && "
		 "git rev-list --objects HEAD~40 | cut -c1-40 | "
		 "git pack-objects -q ../part > /dev/null && git init -q ../p && "
		 "cat ../part-*.pack | git -C ../p unpack-objects -q && "
		 "cp -rn ../p/.git/objects/?? .git/objects/ && rm -rf ../p ../part-* ../pack-* && "
		 "git commit -q --allow-empty -m loose",
		 NULL},
		{"cruft pack",
		 "cd r && git branch -q side HEAD~9 && git reset -q --soft HEAD~9 && "
		 "git tag -d v56 > /dev/null && "
		 "git reflog expire --expire=now --all && git gc -q --cruft",
		 NULL},
		{"one pack of one object",
		 "rm -rf r && git init -q r && cd r && echo x | git hash-object -w --stdin && "
		 "git rev-parse --short $(echo x | git hash-object --stdin) && "
		 "echo x | git hash-object --stdin | git pack-objects -q "
		 ".git/objects/pack/pack && git prune-packed",
		 NULL},
		{"empty", "rm -rf r && git init -q r", NULL},
		{"a pack of nothing",
		 "rm -rf r && git init -q r && cd r && "
		 "git pack-objects -q .git/objects/pack/pack < /dev/null",
		 NULL},
	};

	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		struct listed *list;
		size_t count;

		sh("{ rm -rf r && cp -r history r && %s; } > /dev/null || "
		   "{ echo 'shape: %s'; false; }",
		   shapes[i].script, shapes[i].name);
		list = list_as_git("r", &count);
		sh("%s", shapes[i].hide ? shapes[i].hide : ":");
		assert_holds("r", list, count, 1, PLENTY);
		assert_holds("r", list, count, 8, PLENTY);
		free(list);
	}
}

static void objects_are_borrowed_from_other_repositories(void **state)
{
	/* c borrows from b, b from a, and a from c again. */
	sh("cp -r history a && git clone -q -s a b && "
	   "git -C b commit -q --allow-empty -m b && git clone -q -s b c && "
	   "git -C c commit -q --allow-empty -m c && "
	   "echo ../../../c/.git/objects > a/.git/objects/info/alternates && "
	   "printf '# a comment\\n\\n' >> a/.git/objects/info/alternates");
	assert_as_git("c", 1, PLENTY);
	assert_as_git("b", 8, PLENTY);
	assert_as_git("a", 8, PLENTY);
}

struct problems {
	unsigned count;
	char path[PATH_MAX], what[128];
};

static void count_problem(void *payload, const char *path, const char *what)
{
	struct problems *p = payload;

	p->count++;
	snprintf(p->path, sizeof(p->path), "%s", path);
	snprintf(p->what, sizeof(p->what), "%s", what);
}

static void what_cannot_be_opened_is_told_and_the_rest_is_read(void **state)
{
	static const struct {
		const char *script;
		const char *path, *what;
		bool is_less;
	} cases[] = {
		{"echo ../../../nowhere > r/.git/objects/info/alternates", "nowhere",
		 "cannot be opened", false},
		{"rm -rf r/.git/objects", "r/.git/objects", "cannot be opened", true},
		{"rm r/.git/objects/pack/*.idx", ".pack", "has no index", true},
		{"rm -f r/.git/objects/pack/*.pack", ".idx", "its pack is not here", true},
		{"rm -rf r/.git/objects/pack && ln -s nowhere r/.git/objects/pack", "objects/pack",
		 "cannot be listed", true},
		{"chmod u+w r/.git/objects/pack/*.idx && "
		 "cp /dev/null $(ls r/.git/objects/pack/*.idx)",
		 ".pack", "its index cannot be used", true},
		{"rm -rf r/.git/objects/pack && : > r/.git/objects/pack", "objects/pack",
		 "cannot be listed", true},
		{"echo junk > r/.git/objects/pack/multi-pack-index", "multi-pack-index",
		 "is no multi-pack-index", false},
		{"echo junk > r/.git/objects/pack/pack-junk.pack && "
		 ": > r/.git/objects/pack/pack-junk.idx",
		 "pack-junk.pack", "", false},
	};
	char objects[PATH_MAX];
	size_t count;

	free(list_as_git("history", &count));
	snprintf(objects, sizeof(objects), "%.4000s", in_sandbox("r/.git/objects"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct problems p = {.count = 0};
		struct odb *odb;

		sh("rm -rf r && cp -r history r && %s", cases[i].script);
		odb = odb_open(objects, 2, count_problem, &p);
		if (p.count != 1 || !strstr(p.path, cases[i].path) ||
		    !strstr(p.what, cases[i].what))
			fail_msg("%s: %u, '%s': '%s'", cases[i].script, p.count, p.path, p.what);
		assert_int_equal(odb_count(odb), cases[i].is_less ? 0 : count);
		odb_free(odb);
	}
}

static void an_index_whose_pack_was_replaced_is_none_of_our_business(void **state)
{
	struct problems p = {.count = 0};
	char objects[PATH_MAX];

	sh("rm -rf r && cp -r history r && cp r/.git/objects/pack/*.idx old.idx && "
	   "git -C r -c pack.compression=1 repack -adFq && "
	   "mv old.idx r/.git/objects/pack/pack-old.idx");
	snprintf(objects, sizeof(objects), "%.4000s", in_sandbox("r/.git/objects"));
	odb_free(odb_open(objects, 1, count_problem, &p));
	assert_int_equal(p.count, 0);
}

/* Told of while loose objects are listed, when the packs are known already. */
static void move(void *payload, const char *path, const char *what)
{
	const char **script = payload;

	if (*script)
		sh("cd r/.git/objects && %s", *script);
	*script = NULL;
}

static void what_git_moves_meanwhile_is_not_missed(void **state)
{
	static const struct {
		const char *before, *meanwhile;
	} cases[] = {
		{"mv loose/* objects/", "mv ../packed/* pack/ && rm -rf [1-9a-f]?"},
		{"mv packed/* objects/pack/", "mv ../loose/* . && rm -rf pack/*"},
	};
	char objects[PATH_MAX];
	size_t count;

	free(list_as_git("history", &count));
	snprintf(objects, sizeof(objects), "%.4000s", in_sandbox("r/.git/objects"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *script = cases[i].meanwhile;
		struct odb *odb;

		sh("rm -rf r && cp -r history r && cd r/.git && mv objects/pack packed && "
		   "mkdir objects/pack loose && git unpack-objects -q < \"$(echo packed/*.pack)\" "
		   "&& "
		   "mv objects/?? loose/ && %s && "
		   "for n in 00 01 02 03 04 05; do [ -e loose/$n ] || [ -e objects/$n ] || "
		   "{ : > objects/$n; break; }; done",
		   cases[i].before);
		odb = odb_open(objects, 1, move, &script);
		assert_null(script);
		assert_int_equal(odb_count(odb), count);
		odb_free(odb);
	}
}

/* ---- finding ---- */

static void names_that_are_not_there_are_not_found(void **state)
{
	struct odb *odb = open_odb("history", 1);
	uint32_t count = odb_count(odb), *numbers = xcalloc(2 * count, sizeof(*numbers));
	struct oid *oids = xcalloc(2 * count, sizeof(*oids)), none = {{0}};

	for (uint32_t i = 0; i < count; i++) {
		oids[2 * i] = oids[2 * i + 1] = oid_from(odb_oid(odb, i));
		oids[2 * i + 1].raw[chance(OID_BYTES)] ^= (unsigned char)(1 << chance(8));
		assert_int_equal(odb_find(odb, oids[2 * i].raw), i);
		assert_int_equal(odb_find(odb, oids[2 * i + 1].raw), ODB_NO_OBJECT);
	}
	for (uint32_t many = 1; many <= 2 * count; many += 1 + chance(100)) {
		memset(numbers, 0, 2 * count * sizeof(*numbers));
		odb_find_many(odb, oids, many, numbers);
		for (uint32_t i = 0; i < many; i++)
			assert_int_equal(numbers[i], i % 2 ? ODB_NO_OBJECT : i / 2);
	}
	assert_int_equal(odb_find(odb, none.raw), ODB_NO_OBJECT);
	memset(none.raw, 0xff, OID_BYTES);
	assert_int_equal(odb_find(odb, none.raw), ODB_NO_OBJECT);
	free(numbers);
	free(oids);
	odb_free(odb);
}

/* ---- asking for less ---- */

static void only_what_was_asked_for_is_given(void **state)
{
	struct odb *odb;
	uint32_t count;
	uint64_t *wanted;

	sh("rm -rf r && cp -r history r && cd r && git repack -adfq --depth=50 --window=70 && "
	   "git commit -q --allow-empty -m loose");
	odb = open_odb("r", 8);
	count = odb_count(odb);
	wanted = xcalloc(count / 64 + 1, sizeof(*wanted));
	for (unsigned round = 0; round < 40; round++) {
		struct seen s = seen_new(odb, 1 + round % 2 * 7);
		unsigned types = round % 3 == 0 ? ALL_TYPES : chance(32) & ALL_TYPES;
		bool all = round % 4 == 0;

		for (uint32_t i = 0; i <= count / 64; i++)
			wanted[i] = 0;
		for (uint32_t i = 0; i < count; i++)
			if (!chance(1 + round / 4))
				bit_set(wanted, i);
		visit(&s, types, all ? NULL : wanted, round % 2 ? PLENTY : 400000, false);
		for (uint32_t i = 0; i < count; i++) {
			assert_int_equal(s.given[i], (all || bit_get(wanted, i)) &&
							     types >> odb_type(odb, i) & 1);
			assert_int_equal(s.broken[i], 0);
		}
		seen_dispose(&s);
	}
	free(wanted);
	odb_free(odb);
}

/* ---- little memory ---- */

/* 400 KB hold a chain's base, delta and result and not much more; a worker of eight
 * has too little, so that what it postpones is given by the last. */
static void little_memory_is_enough_where_one_object_fits(void **state)
{
	static const uint64_t limits[] = {200000, 400000, 1000000};

	sh("rm -rf r && cp -r history r && git -C r repack -adfq --depth=50 --window=70");
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		assert_as_git("r", 1, limits[i]);
		assert_as_git("r", 8, limits[i]);
	}
}

static void what_does_not_fit_is_told_with_the_reason(void **state)
{
	struct odb *odb;
	size_t count;
	struct listed *list;

	sh("rm -rf r && cp -r history r && git -C r repack -adfq --depth=50 --window=70");
	list = list_as_git("r", &count);
	odb = open_odb("r", 8);
	for (unsigned jobs = 1; jobs <= 8; jobs += 7) {
		struct seen s = seen_new(odb, jobs);
		unsigned broken = 0;

		visit(&s, ALL_TYPES, NULL, 30000, false);
		for (uint32_t i = 0; i < count; i++) {
			assert_int_equal(s.given[i] + s.broken[i], 1);
			assert_int_equal(s.broken[i], list[i].size > 30000);
			broken += s.broken[i];
		}
		assert_int_equal(broken, 60);
		assert_int_equal(s.code, HF_ELIMIT);
		seen_dispose(&s);
	}
	free(list);
	odb_free(odb);
}

/* ---- what is of no interest ---- */

/* Blobs in packs that do not hold it are passed over, and no others. */
static void what_holds_the_needle_is_given(void **state)
{
	static const char *const repacks[] = {
		"--depth=50 --window=70",
		"--depth=0",
		"--depth=4 --window=9",
	};
	static const uint64_t limits[] = {200000, PLENTY};
	size_t count;
	struct listed *list = list_as_git("history", &count);

	for (size_t i = 0; i < 2 * sizeof(repacks) / sizeof(*repacks); i++) {
		unsigned jobs = i % 2 ? 8 : 1, clean = 0, held = 0;
		struct odb *odb;
		struct seen s;

		sh("rm -rf r && cp -r history r && git -C r repack -adfq %s", repacks[i / 2]);
		odb = open_odb("r", jobs);
		s = seen_new(odb, jobs);
		visit(&s, ALL_TYPES, NULL, limits[i % 2], true);
		for (uint32_t number = 0; number < count; number++) {
			enum object_type type = OBJECT_NONE;
			unsigned char *bytes = NULL;
			struct err err;
			size_t len = 0;
			bool given;

			assert_int_equal(odb_read(odb, number, PLENTY, &type, &bytes, &len, &err),
					 0);
			given = type != OBJECT_BLOB || holds(slice_of(bytes, len), NEEDLE);
			assert_int_equal(s.given[number], given);
			clean += !given;
			held += type == OBJECT_BLOB && given;
			free(bytes);
		}
		assert_true(held >= 6);
		assert_int_equal(s.clean, clean);
		seen_dispose(&s);
		odb_free(odb);
	}
	free(list);
}

/* ---- large blobs ---- */

static void a_large_blob_is_streamed_from_wherever_it_lies(void **state)
{
	sh("rm -rf r && git init -q r && cd r && yes 0123456789abcde | head -c 33554433 > f && "
	   "git -c core.compression=1 add f && git commit -qm large && rm f");
	assert_as_git("r", 1, 1000000); /* of which it does not need as much */
	sh("git -C r -c core.bigFileThreshold=1m -c pack.compression=1 repack -adq && "
	   "ls r/.git/objects | grep -qvx '..'");
	assert_as_git("r", 8, 1000000);
}

/* ---- one object ---- */

static void one_object_is_read_by_its_number(void **state)
{
	size_t count;
	struct listed *list;
	struct odb *odb;

	sh("rm -rf r && cp -r history r && git -C r repack -adfq --depth=50 --window=70 && "
	   "git -C r commit -q --allow-empty -m loose");
	list = list_as_git("r", &count);
	odb = open_odb("r", 1);
	for (uint32_t i = 0; i < count; i++) {
		enum object_type type = OBJECT_NONE;
		unsigned char *bytes = NULL;
		struct err err;
		struct oid oid;
		size_t len = 0;

		assert_int_equal(odb_read(odb, i, PLENTY, &type, &bytes, &len, &err), 0);
		assert_int_equal(type, list[i].type);
		assert_int_equal(len, list[i].size);
		oid = object_id(type, slice_of(bytes, len));
		assert_memory_equal(oid.raw, list[i].oid.raw, OID_BYTES);
		free(bytes);
	}
	odb_free(odb);
	free(list);
}

static void one_object_that_is_too_large_is_not_read(void **state)
{
	size_t count;
	struct listed *list;
	struct odb *odb;

	sh("rm -rf r && cp -r history r && git -C r repack -adfq --depth=50 --window=70 && "
	   "git -C r commit -q --allow-empty -m loose");
	list = list_as_git("r", &count);
	odb = open_odb("r", 1);
	for (uint32_t i = 0; i < count; i++) {
		enum object_type type = OBJECT_NONE;
		unsigned char *bytes = NULL;
		struct err err;
		size_t len;
		int rc = odb_read(odb, i, 150, &type, &bytes, &len, &err);

		assert_true(rc == 0 || rc == HF_ELIMIT);
		if (list[i].size > 150)
			assert_int_equal(rc, HF_ELIMIT);
		if (rc == 0)
			free(bytes);
	}
	odb_free(odb);
	free(list);
}

/* ---- broken ones ---- */

static void loose_objects_that_are_broken_are_told(void **state)
{
	static const char *const scripts[] = {
		": > $f",
		"echo junk > $f",
		"truncate -s -2 $f",
		"printf 'blob 5\\0x' | zlib > $f",
		"printf 'blob 00000000000000000000000000000000000000000001\\0x' | zlib > $f",
		"printf 'blob 1099511627776\\0x' | zlib > $f",
		"printf 'blob -1\\0x' | zlib > $f",
		"printf 'blub 1\\0x' | zlib > $f",
		"printf 'blob \\0' | zlib > $f",
		"printf 'blob 1' | zlib > $f",
		"rm $f && mkdir $f",
		"rm $f && ln -s $f $f",
	};

	for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++) {
		struct odb *odb;
		struct seen s;

		sh("rm -rf r && git init -q r && cd r && "
		   "zlib() { python3 -c 'import sys, zlib; sys.stdout.buffer.write("
		   "zlib.compress(sys.stdin.buffer.read()))'; } && "
		   "echo sound | git hash-object -w --stdin > ../ids && "
		   "head -c 3000 /dev/zero | git hash-object -w --stdin >> ../ids && "
		   "f=.git/objects/$(sed -n '2s/^../&\\//p' ../ids) && chmod u+w $f && %s",
		   scripts[i]);
		odb = open_odb("r", 1);
		assert_int_equal(odb_count(odb), 2);
		s = seen_new(odb, 1);
		visit(&s, ALL_TYPES, NULL, PLENTY, false);
		for (uint32_t number = 0; number < 2; number++)
			if (s.given[number] + s.broken[number] != 1)
				fail_msg("%s: given %u, broken %u", scripts[i], s.given[number],
					 s.broken[number]);
		if (s.given[0] + s.given[1] != 1)
			fail_msg("%s: is taken for sound", scripts[i]);
		seen_dispose(&s);
		odb_free(odb);
	}
}

/* Packs of which a byte is spoilt: each number is told once, as given with the
 * right bytes or as broken. */
static void objects_of_spoilt_packs_are_told_once(void **state)
{
	struct odb *odb;
	size_t size;

	sh("rm -rf r && cp -r history r && cd r && git repack -adfq --depth=50 --window=70 && "
	   "chmod u+w .git/objects/pack/* && mv .git/objects/pack/*.pack ../sound && "
	   "stat -c %%s ../sound > ../size");
	{
		FILE *file = fopen(in_sandbox("size"), "r");

		assert_non_null(file);
		assert_int_equal(fscanf(file, "%zu", &size), 1);
		fclose(file);
	}
	for (unsigned round = 0; round < 12; round++) {
		struct seen s;
		unsigned broken = 0;

		sh("cp sound r/$(ls r/.git/objects/pack/*.idx | sed 's/^r.//; s/idx$/pack/') "
		   "2>/dev/null || cp sound $(ls r/.git/objects/pack/*.idx | sed s/idx$/pack/)");
		sh("printf '\\377\\0\\377' | dd of=$(ls r/.git/objects/pack/*.pack) bs=1 "
		   "seek=%u conv=notrunc status=none",
		   (unsigned)(12 + chance((uint32_t)size - 40)));
		odb = open_odb("r", 1 + round % 2 * 7);
		s = seen_new(odb, 1 + round % 2 * 7);
		visit(&s, ALL_TYPES, NULL, PLENTY, false);
		s.trouble = NULL; /* bytes that inflate to something else are no matter here */
		for (uint32_t i = 0; i < odb_count(odb); i++) {
			assert_int_equal(s.given[i] + s.broken[i], 1);
			broken += s.broken[i];
		}
		assert_true(broken > 0);
		seen_dispose(&s);
		odb_free(odb);
	}
}

/* An index that names what is not there, and a delta of something elsewhere. */
static void objects_without_a_place_or_a_base_are_told(void **state)
{
	struct pack_writer w;
	struct seen s;
	struct odb *odb;
	char stem[PATH_MAX];

	sh("rm -rf r && git init -q r");
	snprintf(stem, sizeof(stem), "%.4000s", in_sandbox("r/.git/objects/pack/pack-1"));
	pack_begin(&w);
	pack_add(&w, OBJECT_BLOB, SLICE("sound"));
	pack_add_ref_delta(&w, object_id(OBJECT_BLOB, SLICE("elsewhere")), SLICE("\x09\x01\x01x"),
			   object_id(OBJECT_BLOB, SLICE("x")));
	pack_add(&w, OBJECT_BLOB, SLICE("misplaced"));
	w.list[2].offset = 1 << 30;
	pack_finish(&w, stem);
	odb = open_odb("r", 2);
	assert_int_equal(odb_count(odb), 3);
	s = seen_new(odb, 2);
	visit(&s, ALL_TYPES, NULL, PLENTY, false);
	for (size_t i = 0; i < 3; i++) {
		uint32_t number = odb_find(odb, w.list[i].oid.raw);

		assert_int_equal(s.given[number], i == 0);
		assert_int_equal(s.broken[number], i != 0);
	}
	seen_dispose(&s);
	odb_free(odb);
	free(w.list);
}

static void a_clone_that_left_objects_out_says_so(void **state)
{
	struct odb *odb = open_odb("history", 1);

	assert_false(odb_is_partial(odb));
	odb_free(odb);
	sh("rm -rf r && git -C history config uploadpack.allowFilter true && "
	   "git clone -q --no-checkout --filter=blob:none file://\"$PWD\"/history r");
	odb = open_odb("r", 1);
	assert_true(odb_is_partial(odb));
	odb_free(odb);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_object_is_given_once_in_every_shape),
		cmocka_unit_test(objects_are_borrowed_from_other_repositories),
		cmocka_unit_test(what_cannot_be_opened_is_told_and_the_rest_is_read),
		cmocka_unit_test(an_index_whose_pack_was_replaced_is_none_of_our_business),
		cmocka_unit_test(what_git_moves_meanwhile_is_not_missed),
		cmocka_unit_test(names_that_are_not_there_are_not_found),
		cmocka_unit_test(only_what_was_asked_for_is_given),
		cmocka_unit_test(little_memory_is_enough_where_one_object_fits),
		cmocka_unit_test(what_does_not_fit_is_told_with_the_reason),
		cmocka_unit_test(what_holds_the_needle_is_given),
		cmocka_unit_test(a_large_blob_is_streamed_from_wherever_it_lies),
		cmocka_unit_test(one_object_is_read_by_its_number),
		cmocka_unit_test(one_object_that_is_too_large_is_not_read),
		cmocka_unit_test(loose_objects_that_are_broken_are_told),
		cmocka_unit_test(objects_of_spoilt_packs_are_told_once),
		cmocka_unit_test(objects_without_a_place_or_a_base_are_told),
		cmocka_unit_test(a_clone_that_left_objects_out_says_so),
	};

	return cmocka_run_group_tests(tests, make_history, sandbox_teardown);
}
