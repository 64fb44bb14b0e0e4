/* What a document is by its first bytes, and what it asks for. */
#include "inside/inside.h"
#include "inside/xz.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* Headers of .cpio of one number, and a log that begins with a date. */
#define ZEROS8              "00000000"
#define ZEROS24             ZEROS8 ZEROS8 ZEROS8
#define CPIO(magic, number) magic number ZEROS24 ZEROS24 ZEROS24 ZEROS24
#define AFIO(mark)                                                                                 \
	"070727" ZEROS24 mark ZEROS24 ZEROS24 "000000"                                             \
	"n000000000000s" ZEROS8 ZEROS8 ":"
#define LOG(date)                                                                                  \
	date " 12:00:01 [Note] Plugin 'FEDERATED' is disabled.\n" date                             \
	     " 12:00:01  InnoDB: Started; log sequence number 0 46409\n" date                      \
	     " 12:00:02 [Note] ready for connections.\n"

static void kinds_are_known_by_their_first_bytes(void **state)
{
	static const struct {
		struct slice beginning;
		bool is_one, seeks;
	} rows[] = {
		{{(const unsigned char *)"PK\3\4more", 8}, true, true},
		{{(const unsigned char *)"PK\5\6", 4}, true, true},
		{{(const unsigned char *)"PK\7\10PK\3\4", 8}, true, true},
		{{(const unsigned char *)"#!/bin/sh\nPK\3\4", 14}, true, true},
		{{(const unsigned char *)"#!/bin/sh\necho PK\3\4", 19}, false, false},
		{{(const unsigned char *)"#!/bin/sh", 9}, false, false},
		{{(const unsigned char *)"7z\xbc\xaf\x27\x1c\0\4", 8}, true, true},
		{{(const unsigned char *)"\x1f\x8b\10", 3}, true, false},
		{{(const unsigned char *)"\x1f\x8b\7", 3}, false, false},
		{{(const unsigned char *)"BZh91AY&SY", 10}, true, false},
		{{(const unsigned char *)"BZh9\x17rE8P\x90", 10}, true, false},
		{{(const unsigned char *)"BZh9 is a name", 14}, false, false},
		{{(const unsigned char *)"\xfd"
					 "7zXZ\0",
		  6},
		 true,
		 false},
		{{(const unsigned char *)"\x28\xb5\x2f\xfd", 4}, true, false},
		{{(const unsigned char *)"\x50\x2a\x4d\x18\4", 5}, true, false},
		{{(const unsigned char *)"Rar!\x1a\7\0", 7}, true, true},
		{{(const unsigned char *)"Rar!\x1a\7\1\0", 8}, true, true},
		{{(const unsigned char *)"Rar!\x1a\7\1", 7}, false, false},
		{{(const unsigned char *)"!<arch>\n", 8}, true, false},
		{{(const unsigned char *)"!<thin>\n", 8}, false, false},
		{{(const unsigned char *)CPIO("070701", "0000000a"), 110}, true, false},
		{{(const unsigned char *)CPIO("070702", "0000000F"), 110}, true, false},
		{{(const unsigned char *)CPIO("070702", "0000000F"), 109}, false, false},
		{{(const unsigned char *)CPIO("070701", "0000000g"), 110}, false, false},
		{{(const unsigned char *)CPIO("070703", "0000000a"), 110}, false, false},
		{{(const unsigned char *)CPIO("070707", "00000007"), 76}, true, false},
		{{(const unsigned char *)CPIO("070707", "00000008"), 76}, false, false},
		{{(const unsigned char *)CPIO("070707", "00000007"), 75}, false, false},
		{{(const unsigned char *)AFIO("m"), 116}, true, false},
		{{(const unsigned char *)AFIO("m"), 115}, false, false},
		{{(const unsigned char *)AFIO("0"), 116}, false, false},
		{{(const unsigned char *)LOG("070701"), sizeof(LOG("070701"))}, false, false},
		{{(const unsigned char *)LOG("070707"), sizeof(LOG("070707"))}, false, false},
		{{(const unsigned char *)LOG("070727"), sizeof(LOG("070727"))}, false, false},
		/* An old one's mode and the length of its name, which is "a". */
		{{(const unsigned char
			   *)"\xc7\x71\0\0\0\0\xa4\x81\0\0\0\0\0\0\0\0\0\0\0\0\2\0\0\0\0\0a\0",
		  28},
		 true,
		 false},
		{{(const unsigned char
			   *)"\x71\xc7\0\0\0\0\x81\xa4\0\0\0\0\0\0\0\0\0\0\0\0\0\2\0\0\0\0a\0",
		  28},
		 true,
		 false},
		{{(const unsigned char
			   *)"\xc7\x71\0\0\0\0\xa4\x81\0\0\0\0\0\0\0\0\0\0\0\0\3\0\0\0\0\0a\0",
		  28},
		 false,
		 false},
		{{(const unsigned char *)"\xc7\x71", 2}, false, false},
		{{(const unsigned char *)"\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0", 14},
		 true,
		 false},
		{{(const unsigned char *)"\x5e\0\0\xc0\0\1\0\0\0\0\0\0\0\0", 14}, true, false},
		{{(const unsigned char *)"\x5d\0\0\xa0\0\1\0\0\0\0\0\0\0\0", 14}, false, false},
		{{(const unsigned char *)"\x5d\0\0\x80\0\0\0\0\0\0\0\0\0\0", 14}, false, false},
		{{(const unsigned char *)"\x5d\0\0\x80\0\1\0\0\0\0\0\0\0\1", 14}, false, false},
		{{(const unsigned char *)"\x5d\0\0\x80\0\1\0\0\0\0\0\0\0", 13}, false, false},
		{{(const unsigned char *)"LZIP\1", 5}, true, true},
		{{(const unsigned char *)"\4\"M\x18", 4}, true, false},
		{{(const unsigned char *)"\2!L\x18", 4}, true, false},
		{{(const unsigned char *)"\x1f\x9d\x90", 3}, true, false},
		{{(const unsigned char *)"\x1f\x9d\xf0", 3}, false, false},
		{{(const unsigned char *)"\x1f\x9d\x91", 3}, false, false},
		{{(const unsigned char *)"\xed\xab\xee\xdb", 4}, true, true},
		{{(const unsigned char *)"MSCF\0\0\0\0", 8}, true, true},
		{{(const unsigned char *)"MSCF", 4}, false, false},
		{{(const unsigned char *)"PK", 2}, false, false},
		{{(const unsigned char *)"", 0}, false, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct inside_kind *kind = inside_kind_of(rows[i].beginning);

		if ((kind != NULL) != rows[i].is_one ||
		    (kind && inside_seeks(kind) != rows[i].seeks))
			fail_msg("row %zu", i);
	}
}

/* One block, as tar wrote it before it had a magic. */
static void write_old_header(char block[512])
{
	unsigned sum = 0;

	memset(block, 0, 512);
	snprintf(block, 100, "lab.py");
	memset(block + 148, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += (unsigned char)block[i];
	snprintf(block + 148, 8, "%06o", sum);
}

static void tar_is_known_with_and_without_its_magic(void **state)
{
	char block[512];

	write_old_header(block);
	assert_non_null(inside_kind_of(slice_of(block, 512)));
	assert_null(inside_kind_of(slice_of(block, 511)));
	block[0] = 'x';
	assert_null(inside_kind_of(slice_of(block, 512)));
	memset(block, 0, sizeof(block));
	assert_null(inside_kind_of(slice_of(block, 512)));
	memcpy(block + 257, "ustar", 5);
	assert_non_null(inside_kind_of(slice_of(block, 512)));
}

static void what_has_one_member_gives_it_its_name(void **state)
{
	static const struct {
		const char *beginning, *name, *member;
	} rows[] = {
		{"\x1f\x8b\10", "notes.txt.gz", "notes.txt"},
		{"\x1f\x8b\10", "lab.tgz", "lab.tgz"},
		{"\x1f\x8b\10", ".gz", ".gz"},
		{"\x28\xb5\x2f\xfd", "lab.zst", "lab"},
		{"PK\3\4", "lab.gz", "lab.gz"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct inside_kind *kind = inside_kind_of(slice_str(rows[i].beginning));
		struct slice name = slice_without(slice_str(rows[i].name), inside_suffix(kind));

		assert_true(slice_eq(name, slice_str(rows[i].member)));
	}
}

static void more_than_its_size_allows_is_not_read(void **state)
{
	struct inside_limits small = {.size = 1 << 20}, large = {.size = UINT64_MAX / 2};

	assert_true(inside_may_read(&small, INSIDE_BYTES_FREE));
	assert_true(inside_may_read(&small, INSIDE_RATIO_MAX << 20));
	assert_false(inside_may_read(&small, 1));
	assert_non_null(small.over);
	assert_true(inside_may_read(&large, INSIDE_BYTES_MAX));
	assert_false(inside_may_read(&large, 1));
}

/* A stream's header, a block of three bytes as they are, with its end, and what is behind: an index
 * of one record, a footer. Sums are nobody's affair here. */
#define XZ_BEGINS                                                                                  \
	"\xfd"                                                                                     \
	"7zXZ\0\0\1ssss"
#define XZ_BLOCK(c)                                                                                \
	"\2\0\x21\1" c "\0\0\0ssss"                                                                \
	"\1\0\2abc\0\0"                                                                            \
	"SSSS"
#define XZ_ENDS "\0\1\x93\1\3\0\0\0ssssssss\0\0\0\0\0\1YZ"
/* The same of 300 bytes, packed by their own account. */
#define XZ_PACKED(c)                                                                               \
	"\2\0\x21\1" c "\0\0\0ssss"                                                                \
	"\xe0\1\x2b\0\4\x5d"                                                                       \
	"12345\0"                                                                                  \
	"SSSS"

struct walk_row {
	const char *bytes;
	size_t len;
	uint64_t dictionaries[3];
	bool is_broken;
};

static void check_walk(const struct walk_row *row, size_t row_number, size_t step)
{
	uint64_t seen[4] = {0};
	size_t at = 0, count = 0;
	struct xz_walk w;

	xz_walk_init(&w);
	while (at < row->len && !w.is_broken && count < 4) {
		size_t len = row->len - at < step ? row->len - at : step;

		at += xz_walk(&w, slice_of(row->bytes + at, len));
		if (w.dictionary)
			seen[count++] = w.dictionary;
	}
	if (memcmp(seen, row->dictionaries, sizeof(row->dictionaries)) != 0 || seen[3] ||
	    w.is_broken != row->is_broken)
		fail_msg("row %zu, %zu bytes at a time: %zu blocks", row_number, step, count);
}

static void the_dictionary_of_each_block_of_xz_is_read(void **state)
{
#define ROW(text) text, sizeof(text) - 1
	static const struct walk_row rows[] = {
		{ROW(XZ_BEGINS XZ_BLOCK("\x16") XZ_ENDS), {8 << 20}, false},
		{ROW(XZ_BEGINS XZ_BLOCK("\x16") XZ_BLOCK("\x24") XZ_ENDS),
		 {8 << 20, (uint64_t)1 << 30},
		 false},
		{ROW(XZ_BEGINS XZ_PACKED("\x16") XZ_BLOCK("\x28") XZ_ENDS),
		 {8 << 20, UINT32_MAX},
		 false},
		/* Streams, with what pads them and without. */
		{ROW(XZ_BEGINS XZ_BLOCK("\x16") XZ_ENDS XZ_BEGINS XZ_BLOCK("\x1c") XZ_ENDS
		     "\0\0\0\0\0\0\0\0" XZ_BEGINS XZ_BLOCK("\x24") XZ_ENDS),
		 {8 << 20, 64 << 20, (uint64_t)1 << 30},
		 false},
		{ROW(XZ_BEGINS "\0\0\0\0ssssssssssssssss" XZ_BEGINS XZ_BLOCK("\x16")),
		 {8 << 20},
		 false},
		/* Its sizes, then a filter for programs before the other. */
		{ROW(XZ_BEGINS "\3\xc1\x80\1\x80\1\4\0\x21\1\x1c\0ssss"), {64 << 20}, false},
		/* What is no stream is none of ours. */
		{ROW(XZ_BEGINS XZ_BLOCK("\x16") XZ_ENDS
		     "anything else, " XZ_BEGINS XZ_BLOCK("\x24")),
		 {8 << 20},
		 false},
		/* What nobody unpacks: no such dictionary, no filter, a number without end, a chunk
		 * of no kind. */
		{ROW(XZ_BEGINS XZ_BLOCK("\x29")), {0}, true},
		{ROW(XZ_BEGINS "\2\0\4\x7f\x21\0\0\0ssss"), {0}, true},
		{ROW(XZ_BEGINS "\2\x40\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80"), {0}, true},
		{ROW(XZ_BEGINS "\2\0\x21\1\x16\0\0\0ssss\3"), {8 << 20}, true},
		{ROW(XZ_BEGINS), {0}, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (size_t step = 1; step <= rows[i].len; step++)
			check_walk(&rows[i], i, step);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_are_known_by_their_first_bytes),
		cmocka_unit_test(tar_is_known_with_and_without_its_magic),
		cmocka_unit_test(what_has_one_member_gives_it_its_name),
		cmocka_unit_test(more_than_its_size_allows_is_not_read),
		cmocka_unit_test(the_dictionary_of_each_block_of_xz_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
