/* source/pack/lone_pack: packs and bundles that the real git wrote, held to what git
 * says is in them. */
#include "source/pack/lone_pack.h"

#include "base/alloc.h"
#include "git_sandbox.h"
#include "pack_writer.h"
#include "source/pack/mapped.h"

#define PLENTY ((uint64_t)1 << 30)
#define NEEDLE "needle!"

struct told {
	FILE *names;
	unsigned objects, complaints, asked;
	uint64_t few;        /* bytes that may be held before it is asked; 0: plenty */
	char complaint[480]; /* the last */
	bool all;            /* all objects are worth it, not only those with a needle */
	uint64_t bytes;
};

static bool is_worth(void *payload, struct slice bytes)
{
	const struct told *told = payload;

	return told->all || holds(bytes, NEEDLE);
}

static void on_object(void *payload, struct slice name, struct stream *bytes)
{
	struct told *told = payload;
	struct err err;

	told->objects++;
	if (told->names)
		fprintf(told->names, "%.*s\n", (int)name.len, name.ptr);
	while (stream_next(bytes, bytes->text.len, &err) > 0)
		told->bytes += bytes->text.len;
}

static void on_much(void *payload)
{
	((struct told *)payload)->asked++;
}

static void on_complaint(void *payload, const char *what)
{
	struct told *told = payload;

	told->complaints++;
	snprintf(told->complaint, sizeof(told->complaint), "%s", what);
}

static int read_bytes(struct slice bytes, struct told *told)
{
	const struct lone_pack_told to = {is_worth, on_object, on_much, on_complaint, told};
	const struct lone_pack_limits limits = {told->few ? told->few : PLENTY, PLENTY};
	struct err err;
	int rc = lone_pack_read(bytes, &limits, &to, &err);

	if (rc < 0)
		on_complaint(told, err.msg);
	return rc;
}

/* Puts the names of what was told into the sandbox's file "told". */
static void read_file(const char *name, uint64_t few, struct told *told)
{
	struct slice map;
	struct err err;

	assert_int_equal(mapped_open(&map, in_sandbox(name), &err), 0);
	*told = (struct told){.all = true, .few = few, .names = fopen(in_sandbox("told"), "w")};
	assert_int_equal(read_bytes(map, told), 0);
	fclose(told->names);
	mapped_dispose(&map);
}

/* 60 versions of a file, each with a needle more or less, a tag, and a blob that is
 * not held. */
static int make_repository(void **state)
{
	if (sandbox_setup(state) < 0)
		return -1;
	sh("git init -q -b main r && cd r && mkdir d && seq 3000 >d/f"
	   " && head -c 40000000 /dev/zero >zeros && git add . && git commit -qm zero"
	   " && for i in $(seq 60); do sed -i \"$((i*40))s/.*/line $i " NEEDLE "/\" d/f;"
	   " git commit -qam \"change $i\"; done && git tag -a -m 'tagged' v1"
	   " && git repack -qadf --depth=50 --window=20"
	   " && git rev-list --objects --all | cut -d' ' -f1 | git cat-file"
	   " --batch-check='%%(objecttype) %%(objectname)' | sort -u >../all");
	return 0;
}

static void check_complete_with(const char *name, uint64_t few, unsigned asked)
{
	struct told told;

	read_file(name, few, &told);
	assert_int_equal(told.asked, asked);
	assert_int_equal(told.complaints, 0);
	assert_true(told.bytes > 40000000);
	sh("sort told | cmp - all");
}

static void check_complete(const char *name)
{
	check_complete_with(name, PLENTY, 0);
}

static void every_object_of_a_bundle_is_told(void **state)
{
	sh("cd r && git bundle create -q ../all.bundle --all");
	check_complete("all.bundle");
	sh("cd r && git bundle create -q --version=3 ../all3.bundle --all");
	check_complete("all3.bundle");
}

static void every_object_of_a_pack_is_told(void **state)
{
	sh("cp r/.git/objects/pack/*.pack own.pack");
	check_complete("own.pack");
}

static void before_more_than_a_few_bytes_are_held_it_is_asked_once(void **state)
{
	sh("cp r/.git/objects/pack/*.pack own.pack");
	check_complete_with("own.pack", 1000, 1);
	check_complete_with("own.pack", (uint64_t)1 << 20, 0);
}

static void bases_that_are_named_are_found(void **state)
{
	sh("cd r && git rev-list --objects --all | cut -d' ' -f1 |"
	   " git pack-objects -q --no-reuse-delta --depth=10 --stdout >../named.pack");
	check_complete("named.pack");
}

static void only_what_is_worth_it_is_told(void **state)
{
	struct slice map;
	struct told told = {.all = false};
	struct err err;

	sh("cd r && git bundle create -q ../all.bundle --all");
	assert_int_equal(mapped_open(&map, in_sandbox("all.bundle"), &err), 0);
	assert_int_equal(read_bytes(map, &told), 0);
	assert_int_equal(told.objects, 61); /* the versions, and what is too large to be asked */
	assert_int_equal(told.complaints, 0);
	mapped_dispose(&map);
}

static void a_part_of_a_history_lacks_its_bases(void **state)
{
	struct told told;

	sh("cd r && git bundle create -q ../part.bundle main~3..main");
	read_file("part.bundle", PLENTY, &told);
	assert_int_equal(told.complaints, 1);
	assert_non_null(strstr(told.complaint, "it lacks what "));
	assert_in_range(told.objects, 4, 9); /* three commits, and trees */
	sh("sort told | comm -23 - all | wc -l | grep -qx 0");
}

static void a_chain_of_names_in_any_order_is_followed_to_what_is_worth_it(void **state)
{
	struct pack_writer w;
	struct told told = {.all = false};
	struct buf deltas[20];
	struct oid ids[21];
	char text[64];

	pack_begin(&w);
	snprintf(text, sizeof(text), "version %02d", 0);
	ids[0] = object_id(OBJECT_BLOB, slice_str(text));
	for (int i = 0; i < 20; i++) {
		snprintf(text, sizeof(text), i < 19 ? "version %02d" : "version %02d" NEEDLE,
			 i + 1);
		ids[i + 1] = object_id(OBJECT_BLOB, slice_str(text));
		delta_begin(&deltas[i], 10, strlen(text));
		delta_put_copy(&deltas[i], 0, 8);
		delta_put_insert(&deltas[i], text + 8, strlen(text) - 8);
	}
	for (int i = 20; i-- > 0;)
		pack_add_ref_delta(&w, ids[i], buf_slice(&deltas[i]), ids[i + 1]);
	pack_add(&w, OBJECT_BLOB, SLICE("version 00"));
	put_be32(w.pack.ptr + 8, (uint32_t)w.count);
	put_checksum(&w.pack);
	assert_int_equal(read_bytes(buf_slice(&w.pack), &told), 0);
	assert_int_equal(told.objects, 1);
	assert_int_equal(told.complaints, 0);
	for (int i = 0; i < 20; i++)
		buf_dispose(&deltas[i]);
	buf_dispose(&w.pack);
	free(w.list);
}

static void what_is_cut_short_is_told(void **state)
{
	struct slice map;
	struct err err;

	sh("cd r && git bundle create -q ../part.bundle main~20..main");
	assert_int_equal(mapped_open(&map, in_sandbox("part.bundle"), &err), 0);
	for (size_t len = 0; len < map.len - OID_BYTES; len += 1 + len / 50) {
		struct told told = {.all = true};
		unsigned char *bytes = xmalloc(len); /* so that one byte too far is seen */

		memcpy(bytes, map.ptr, len);
		read_bytes(slice_of(bytes, len), &told);
		assert_true(told.complaints > 0);
		free(bytes);
	}
	mapped_dispose(&map);
}

static void bytes_broken_at_random_do_no_harm(void **state)
{
	struct slice map;
	struct err err;

	sh("cd r && git bundle create -q ../part.bundle main~20..main");
	assert_int_equal(mapped_open(&map, in_sandbox("part.bundle"), &err), 0);
	for (int round = 0; round < 300; round++) {
		struct told told = {.all = round % 2};
		unsigned char *bytes = xmalloc(map.len);

		memcpy(bytes, map.ptr, map.len);
		for (int i = 0; i < 3; i++)
			bytes[200 + chance((uint32_t)map.len - 200)] = (unsigned char)chance(256);
		read_bytes(slice_of(bytes, map.len), &told);
		free(bytes);
	}
	mapped_dispose(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_object_of_a_bundle_is_told),
		cmocka_unit_test(every_object_of_a_pack_is_told),
		cmocka_unit_test(before_more_than_a_few_bytes_are_held_it_is_asked_once),
		cmocka_unit_test(bases_that_are_named_are_found),
		cmocka_unit_test(only_what_is_worth_it_is_told),
		cmocka_unit_test(a_part_of_a_history_lacks_its_bases),
		cmocka_unit_test(a_chain_of_names_in_any_order_is_followed_to_what_is_worth_it),
		cmocka_unit_test(what_is_cut_short_is_told),
		cmocka_unit_test(bytes_broken_at_random_do_no_harm),
	};

	return cmocka_run_group_tests(tests, make_repository, sandbox_teardown);
}
