/* What a database has in its -wal file, written by hand: what pages of other generations
 * and cells that lie come to. What the real libsqlite3 writes: tests/cli/databases.bats. */
#include "base/alloc.h"
#include "base/buf.h"
#include "inside/inside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define NEEDLE "hf_needle"
#define LEAF   13

/* ---- writing ---- */

static void put32(struct buf *out, uint32_t number)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_append_byte(out, (unsigned char)(number >> shift));
}

static void begin_wal(struct buf *wal, uint32_t page)
{
	buf_init(wal, BUF_MAX_REPORT);
	put32(wal, 0x377f0682);
	put32(wal, 3007000);
	put32(wal, page);
	for (int i = 0; i < 5; i++)
		put32(wal, 0);
}

/* A frame's page, zeroed, which is filled before the next is added. */
static unsigned char *add_page(struct buf *wal, uint32_t number, uint32_t salt, size_t size)
{
	unsigned char *zeros = xcalloc(1, size);

	put32(wal, number);
	put32(wal, 0);
	put32(wal, salt);
	put32(wal, salt * 7);
	put32(wal, 0);
	put32(wal, 0);
	buf_append(wal, zeros, size);
	free(zeros);
	return (unsigned char *)wal->ptr + wal->len - size;
}

static void set16(unsigned char *at, size_t number)
{
	at[0] = (unsigned char)(number >> 8);
	at[1] = (unsigned char)number;
}

/* A leaf whose pointers, so many, all lead to one place. */
static void set_leaf(unsigned char *page, size_t cells, size_t at)
{
	page[0] = LEAF;
	set16(page + 3, cells);
	for (size_t i = 0; i < cells; i++)
		set16(page + 8 + i * 2, at);
}

static size_t set_varint(unsigned char *at, uint32_t number)
{
	if (number < 0x80) {
		at[0] = (unsigned char)number;
		return 1;
	}
	at[0] = (unsigned char)(0x80 | number >> 14);
	at[1] = (unsigned char)(0x80 | number >> 7);
	at[2] = number & 0x7f;
	return 3;
}

/* A cell with one text of so many bytes: where that begins. */
static unsigned char *set_cell(unsigned char *at, size_t text)
{
	unsigned char type[3];
	size_t len = set_varint(type, (uint32_t)text * 2 + 13);

	at += set_varint(at, (uint32_t)(1 + len + text));
	*at++ = 1; /* the row */
	*at++ = (unsigned char)(1 + len);
	memcpy(at, type, len);
	return at + len;
}

/* ---- reading ---- */

struct told {
	char texts[2048]; /* of members, each with a ';' behind it, dots left out */
	unsigned members;
	uint64_t bytes, longest, looked_at;
	struct inside_limits limits;
	struct err err;
};

static bool is_worth(void *payload, struct slice bytes)
{
	((struct told *)payload)->looked_at += bytes.len;
	return memmem(bytes.ptr, bytes.len, "hf_", 3) != NULL;
}

static bool is_promising(void *payload, struct slice bytes)
{
	return memmem(bytes.ptr, bytes.len, "hf_n", 4) != NULL;
}

static void on_member(void *payload, const struct inside_member *member)
{
	struct told *told = payload;
	struct slice text = member->bytes->text;
	struct err err;
	size_t len = strlen(told->texts);

	told->members++;
	if (!text.len && stream_next(member->bytes, 0, &err) > 0)
		text = member->bytes->text;
	told->bytes += text.len;
	told->longest = text.len > told->longest ? text.len : told->longest;
	for (size_t i = 0; i < text.len && len + 3 < sizeof(told->texts); i++)
		if (text.ptr[i] && text.ptr[i] != '.')
			told->texts[len++] = (char)text.ptr[i];
	told->texts[len++] = ';';
	told->texts[len] = '\0';
}

static void on_complaint(void *payload, struct slice name, const char *what)
{
	fail_msg("%s", what);
}

static int read_wal(const struct buf *wal, struct told *told)
{
	struct inside_wanted wanted = {is_worth, 3, is_promising, told};
	struct inside_told to = {on_member, on_complaint, told, &told->limits, &wanted};
	const struct inside_kind *kind = inside_kind_of(buf_slice(wal));
	struct inside *inside = inside_new();
	struct stream stream;
	int rc;

	assert_non_null(kind);
	told->limits.size = wal->len;
	stream_from_memory(&stream, buf_slice(wal));
	rc = inside_read(inside, kind, &stream, &to, &told->err);
	inside_free(inside);
	return rc;
}

static void check_spent(const struct buf *wal, int rc, const struct told *told)
{
	assert_int_equal(rc, HF_ELIMIT);
	assert_non_null(strstr(told->err.msg, "more than its size explains"));
	assert_true(told->looked_at <= wal->len * 5 + ((uint64_t)16 << 20));
}

/* ---- cells that share bytes ---- */

static void check_shared(const char *text)
{
	struct told told = {.members = 0};
	size_t cells = 16000, len = 65536 - 8 - cells * 2 - 100;
	struct buf wal;
	unsigned char *at;

	begin_wal(&wal, 65536);
	for (uint32_t i = 0; i < 3; i++) {
		at = add_page(&wal, 2 + i, 1, 65536);
		set_leaf(at, cells, 8 + cells * 2);
		at = set_cell(at + 8 + cells * 2, len);
		memset(at, '.', len);
		memcpy(at, text, strlen(text));
	}
	check_spent(&wal, read_wal(&wal, &told), &told);
	assert_int_equal(told.members, strcmp(text, NEEDLE) == 0);
	buf_dispose(&wal);
}

static void cells_that_share_bytes_come_to_little(void **state)
{
	check_shared("nothing");
	check_shared("hf_other");
	check_shared(NEEDLE);
}

/* Their records have many values of no bytes. */
static void headers_that_are_shared_come_to_little(void **state)
{
	struct told told = {.members = 0};
	size_t cells = 16000, len = 65536 - 8 - cells * 2 - 100;
	struct buf wal;
	unsigned char *at;

	begin_wal(&wal, 65536);
	at = add_page(&wal, 2, 1, 65536);
	set_leaf(at, cells, 8 + cells * 2);
	at += 8 + cells * 2;
	at += set_varint(at, (uint32_t)len);
	*at++ = 1;
	memset(at, 8, len);
	set_varint(at, (uint32_t)len - 5);
	check_spent(&wal, read_wal(&wal, &told), &told);
	buf_dispose(&wal);
}

/* ---- generations ---- */

#define PAGE  512
#define LOCAL 103 /* bytes of the text that stay in the page */
#define TEXT  ((size_t)LOCAL + PAGE - 4)

/* A leaf with a cell that goes on in a page, and ends with what is given. */
static void add_record(struct buf *wal, uint32_t salt, uint32_t next, const char *end)
{
	unsigned char *page = add_page(wal, 2, salt, PAGE), *text;

	set_leaf(page, 1, 100);
	text = set_cell(page + 100, TEXT);
	memset(text, '.', LOCAL);
	memcpy(text + LOCAL - strlen(end), end, strlen(end));
	set16(text + LOCAL, 0);
	set16(text + LOCAL + 2, next);
}

static void add_next(struct buf *wal, uint32_t salt, uint32_t number, const char *text)
{
	unsigned char *page = add_page(wal, number, salt, PAGE);

	memset(page + 4, '.', PAGE - 4);
	memcpy(page + 4, text, strlen(text));
}

/* "2a" is the record of generation 2 that ends with "hf_nee", "2=dle" a page of that generation
 * where it goes on, "/" what comes between. */
static void check_generations(const char *frames, const char *texts)
{
	struct told told = {.members = 0};
	char copy[100], *rest = NULL;
	struct buf wal;

	begin_wal(&wal, PAGE);
	snprintf(copy, sizeof(copy), "%s", frames);
	for (char *f = strtok_r(copy, "/", &rest); f; f = strtok_r(NULL, "/", &rest)) {
		if (f[1] == '=')
			add_next(&wal, (uint32_t)f[0] - '0', 3, f + 2);
		else
			add_record(&wal, (uint32_t)f[0] - '0', 3, "hf_nee");
	}
	assert_int_equal(read_wal(&wal, &told), 0);
	assert_string_equal(told.texts, texts);
	buf_dispose(&wal);
}

static void records_go_on_in_pages_of_their_generation(void **state)
{
	check_generations("1a/1=dle", "hf_needle;");
	check_generations("1=dle/1a", "hf_needle;");
	check_generations("1=old/1a/1=dle", "hf_needle;");
	/* What is left of the generation before stands behind. */
	check_generations("2a/2=dle/1=old", "hf_needle;");
	check_generations("2=new/1a/1=dle", "hf_needle;");
	check_generations("2a/2=new/1a/1=old", "hf_neenew;hf_neeold;");
	/* What was not written again is as it was. */
	check_generations("2a/1=old/1=dle", "hf_needle;");
	check_generations("2a", "hf_nee;");
	/* Of one before that nobody knows, nor what came later. */
	check_generations("3a/1=old", "hf_nee;");
	check_generations("2=new/1a", "hf_nee;");
}

/* ---- what is there as often as it was written ---- */

/* Each record the same, or, as with a counter, the text's first byte another one. */
static void check_repeated(bool counts, unsigned members)
{
	struct told told = {.members = 0};
	const uint32_t pages = 2000, records = 3000;
	const size_t len = LOCAL + pages * (PAGE - 4);
	struct buf wal;

	begin_wal(&wal, PAGE);
	for (uint32_t i = 0; i < records; i++) {
		unsigned char *page = add_page(&wal, 2, 1, PAGE), *text;

		set_leaf(page, 1, 100);
		text = set_cell(page + 100, len);
		memset(text, '.', LOCAL);
		text[0] = counts ? 'a' + i / 26 % 26 : 'a';
		text[1] = counts ? 'a' + i % 26 : 'a';
		set16(text + LOCAL + 2, 3);
	}
	for (uint32_t i = 0; i < pages; i++) {
		unsigned char *page = add_page(&wal, 3 + i, 1, PAGE);

		set16(page + 2, i + 1 < pages ? 4 + i : 0);
		memset(page + 4, '.', PAGE - 4);
		if (i + 1 == pages)
			memcpy(page + 4, NEEDLE, strlen(NEEDLE));
	}
	assert_int_equal(read_wal(&wal, &told), 0);
	assert_int_equal(told.members, members);
	assert_int_equal(told.longest, len);
	buf_dispose(&wal);
}

static void a_long_value_is_put_together_once(void **state)
{
	check_repeated(false, 1);
	check_repeated(true, 1);
}

/* It says that it has 2 MB, and its pages lead in a circle. */
static void a_value_has_no_more_bytes_than_the_file(void **state)
{
	struct told told = {.members = 0};
	struct buf wal;
	unsigned char *page, *text;

	begin_wal(&wal, PAGE);
	page = add_page(&wal, 2, 1, PAGE);
	set_leaf(page, 1, 100);
	text = set_cell(page + 100, LOCAL + 4000 * (PAGE - 4));
	memcpy(text, NEEDLE, strlen(NEEDLE));
	set16(text + LOCAL + 2, 3);
	set16(add_page(&wal, 3, 1, PAGE) + 2, 4);
	set16(add_page(&wal, 4, 1, PAGE) + 2, 3);
	assert_int_equal(read_wal(&wal, &told), 0);
	assert_int_equal(told.members, 1);
	assert_true(told.longest <= wal.len);
	buf_dispose(&wal);
}

/* ---- ceilings ---- */

static int read_two(struct told *told)
{
	struct buf wal;
	int rc;

	begin_wal(&wal, PAGE);
	for (uint32_t i = 0; i < 2; i++) {
		unsigned char *page = add_page(&wal, 2 + i, 1, PAGE);

		set_leaf(page, 1, 100);
		snprintf((char *)set_cell(page + 100, 11), 12, "hf_needle-%u", i);
	}
	rc = read_wal(&wal, told);
	buf_dispose(&wal);
	return rc;
}

static void values_are_members(void **state)
{
	struct told told = {.members = 0}, many = {.limits = {.members = INSIDE_MEMBERS_MAX - 1}};

	assert_int_equal(read_two(&told), 0);
	assert_int_equal(told.limits.members, 2);
	assert_string_equal(told.texts, "hf_needle-0;hf_needle-1;");
	assert_int_equal(read_two(&many), HF_ELIMIT);
	assert_string_equal(many.texts, "hf_needle-0;");
	assert_non_null(strstr(many.err.msg, "100,000 members"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_that_share_bytes_come_to_little),
		cmocka_unit_test(headers_that_are_shared_come_to_little),
		cmocka_unit_test(records_go_on_in_pages_of_their_generation),
		cmocka_unit_test(a_long_value_is_put_together_once),
		cmocka_unit_test(a_value_has_no_more_bytes_than_the_file),
		cmocka_unit_test(values_are_members),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
