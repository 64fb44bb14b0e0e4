/* Which parts of a zip file are to be read, and how. */
#include "inside/zip_parts.h"
#include "inside/zip_records.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define STORED_LEN 4

static void put(struct buf *b, unsigned bytes, uint64_t value)
{
	for (; bytes; bytes--, value >>= 8)
		buf_append_byte(b, (unsigned char)value);
}

static void put_zeros(struct buf *b, unsigned bytes)
{
	put(b, bytes, 0);
}

/* A member called "m" of so many bytes by its own account, and four in truth. */
static void put_local(struct buf *b, unsigned said)
{
	buf_append(b, "PK\3\4", 4);
	put(b, 2, 20);
	put_zeros(b, 12); /* flags, method, time, sum */
	put(b, 4, said);
	put(b, 4, said);
	put(b, 2, 1);
	put_zeros(b, 2);
	buf_append_str(b, "mdata");
}

static void put_entry(struct buf *b, uint32_t at)
{
	buf_append(b, "PK\1\2", 4);
	put(b, 4, 20 | 20 << 16);
	put_zeros(b, 12);
	put(b, 4, STORED_LEN);
	put(b, 4, STORED_LEN);
	put(b, 2, 1);
	put_zeros(b, 12); /* extra, comment, disk, attributes */
	put(b, 4, at);
	buf_append_byte(b, 'm');
}

static void put_end(struct buf *b, unsigned count, uint32_t size, uint32_t at)
{
	buf_append(b, "PK\5\6", 4);
	put_zeros(b, 4);
	put(b, 2, count);
	put(b, 2, count);
	put(b, 4, size);
	put(b, 4, at);
	put_zeros(b, 2);
}

#define LOCAL_LEN 35
#define ENTRY_LEN 47
#define END_LEN   22

/* What a file is made of, letter by letter: l and L: a member, which says that it has
 * more; e0, e1, ...: an entry, of what begins at so many members; .0, .1, ...: the end, which
 * counts so many entries, all that are; x: 30 bytes of something else. */
static void build(struct buf *b, const char *made_of)
{
	unsigned entries = 0;
	size_t base = 0, last = 0;

	for (const char *c = made_of; *c; c++) {
		if (*c == 'l' || *c == 'L')
			put_local(b, *c == 'l' ? STORED_LEN : STORED_LEN + 1);
		else if (*c == 'x')
			buf_append_str(b, "..............................");
		if (*c == 'l' || *c == 'L' || *c == 'x')
			last = b->len;
		if (*c == 'e')
			put_entry(b, (uint32_t)(*++c - '0') * LOCAL_LEN), entries++;
		if (*c != '.')
			continue;
		put_end(b, (unsigned)(*++c - '0'), entries * ENTRY_LEN, (uint32_t)(last - base));
		base = last = b->len;
		entries = 0;
	}
}

struct row {
	const char *made_of;
	size_t count;
	struct zip_part parts[3];
};

/* Two members and their directory. */
#define TWO (2 * LOCAL_LEN + 2 * ENTRY_LEN + END_LEN)
#define ONE (LOCAL_LEN + ENTRY_LEN + END_LEN)
#define NO_DIRECTORY(b, e)                                                                         \
	{                                                                                          \
		.beg = (b), .end = (e)                                                             \
	}
#define ODD(b, e)                                                                                  \
	{                                                                                          \
		.beg = (b), .end = (e), .is_odd = true                                             \
	}
#define DIRECTORY(b, e, m)                                                                         \
	{                                                                                          \
		.beg = (b), .end = (e), .by_directory = true, .members = (m)                       \
	}

static const struct row rows[] = {
	{"lle0e1.2", 1, {DIRECTORY(0, TWO, 2)}},
	{".0", 1, {DIRECTORY(0, END_LEN, 0)}},
	/* A member that is not listed, at either end and between others. */
	{"lle1.1", 2, {DIRECTORY(0, ONE + LOCAL_LEN, 1), NO_DIRECTORY(0, LOCAL_LEN)}},
	{"lle0.1", 2, {DIRECTORY(0, ONE + LOCAL_LEN, 1), NO_DIRECTORY(LOCAL_LEN, 2 * LOCAL_LEN)}},
	{"llle0e2.2",
	 2,
	 {DIRECTORY(0, TWO + LOCAL_LEN, 2), NO_DIRECTORY(LOCAL_LEN, 2 * LOCAL_LEN)}},
	{"lle0.1x", 2, {DIRECTORY(0, ONE + LOCAL_LEN, 1), NO_DIRECTORY(LOCAL_LEN, 2 * LOCAL_LEN)}},
	/* One archive behind the other: the last one is what most see. */
	{"le0.1le0.1", 2, {DIRECTORY(ONE, 2 * ONE, 1), DIRECTORY(0, ONE, 1)}},
	{"le0.1x", 1, {DIRECTORY(0, ONE, 1)}},
	{"le0.1l", 2, {DIRECTORY(0, ONE, 1), NO_DIRECTORY(ONE, ONE + LOCAL_LEN)}},
	/* What does not add up. */
	{"lle0e1.1", 1, {ODD(0, TWO)}},
	{"lle0e1.3", 1, {ODD(0, TWO)}},
	{"lle0e3.2", 1, {ODD(0, TWO)}},
	{"lLe0e1.2", 1, {ODD(0, TWO)}},
	{"ll", 1, {ODD(0, 2 * LOCAL_LEN)}},
	{"lle0e1", 1, {ODD(0, TWO - END_LEN)}},
	{"x", 1, {ODD(0, 30)}},
};

static void check(const struct row *row, const struct zip_part *parts, size_t count)
{
	if (count != row->count)
		fail_msg("%s: %zu parts", row->made_of, count);
	for (size_t i = 0; i < count; i++) {
		const struct zip_part *a = &parts[i], *b = &row->parts[i];

		if (a->beg != b->beg || a->end != b->end || a->by_directory != b->by_directory ||
		    a->members != b->members || a->is_odd != b->is_odd)
			fail_msg("%s: part %zu from %u to %u", row->made_of, i, (unsigned)a->beg,
				 (unsigned)a->end);
	}
}

static void whatever_is_no_member_of_a_directory_is_another_part(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct zip_part parts[4];
		struct zip_parts *p;
		struct stream s;
		struct buf b;
		size_t count = 0;

		buf_init(&b, BUF_MAX_LINE);
		build(&b, rows[i].made_of);
		stream_from_memory(&s, buf_slice(&b));
		p = zip_parts_new(&s, 100);
		while (count < 4 && zip_parts_next(p, &parts[count]))
			count++;
		check(&rows[i], parts, count);
		zip_parts_free(p);
		buf_dispose(&b);
	}
}

/* Nobody knows where members by themselves end but who reads them. */
static void it_goes_on_where_members_by_themselves_ended(void **state)
{
	struct zip_part part;
	struct zip_parts *p;
	struct stream s;
	struct buf b;

	buf_init(&b, BUF_MAX_LINE);
	build(&b, "lxl");
	stream_from_memory(&s, buf_slice(&b));
	p = zip_parts_new(&s, 100);
	assert_true(zip_parts_next(p, &part));
	zip_parts_go_on(p, LOCAL_LEN);
	assert_true(zip_parts_next(p, &part));
	assert_int_equal(part.beg, LOCAL_LEN + 30);
	assert_false(part.is_odd);
	zip_parts_go_on(p, 2 * LOCAL_LEN + 30);
	assert_false(zip_parts_next(p, &part));
	zip_parts_free(p);
	buf_dispose(&b);
}

static void a_zip_is_known_by_its_end(void **state)
{
	static const struct {
		const char *made_of, *behind;
		size_t comment;
		bool is_one;
	} ends[] = {
		{"xxle0.1", "", 0, true},        {"xx.0", "", 0, true},
		{"xxle0.1", "comment", 7, true}, {"xxle0.1", "comment", 6, false},
		{"xxle0.1", "\5", 0, false},     {"xxxxxx", "", 0, false},
		{"xx", "PK\5\6", 0, false},
	};

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		struct buf b;

		buf_init(&b, BUF_MAX_LINE);
		build(&b, ends[i].made_of);
		if (ends[i].comment)
			b.ptr[b.len - 2] = (char)ends[i].comment;
		buf_append_str(&b, ends[i].behind);
		if (inside_holds_others(buf_slice(&b)) != ends[i].is_one)
			fail_msg("row %zu", i);
		buf_dispose(&b);
	}
}

#define METHOD_XZ    95
#define XZ_BLOCKS    10000
#define READ_AT_ONCE 66000
#define XZ_LARGEST   ((uint64_t)64 << 20)

/* A stream of small blocks, of which the last looks back on most: 8 MiB, and 64 MiB. */
static void put_xz(struct buf *b)
{
	buf_append(b, "\xfd\67zXZ\0\0\1ssss", 12);
	for (unsigned i = 0; i < XZ_BLOCKS; i++) {
		buf_append(b, "\2\0\x21\1", 4);
		buf_append_byte(b, i + 1 < XZ_BLOCKS ? 0x16 : 0x1c);
		buf_append(b, "\0\0\0ssss\0\0\0\0SSSS", 15);
	}
}

/* Not once more for each block: a member may have millions of them. */
static void what_is_read_of_xz_is_read_once(void **state)
{
	struct zip_bytes bytes;
	struct stream s;
	struct buf b;

	buf_init(&b, 1 << 20);
	put_xz(&b);
	stream_from_memory(&s, buf_slice(&b));
	zip_bytes_init(&bytes, &s);
	assert_int_equal(zip_dictionary(&bytes, METHOD_XZ, (struct zip_range){0, b.len}),
			 XZ_LARGEST);
	assert_int_equal(bytes.block_at, b.len / READ_AT_ONCE * READ_AT_ONCE);
	assert_int_equal(bytes.block_len, b.len % READ_AT_ONCE);
	zip_bytes_dispose(&bytes);
	buf_dispose(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_is_no_member_of_a_directory_is_another_part),
		cmocka_unit_test(it_goes_on_where_members_by_themselves_ended),
		cmocka_unit_test(a_zip_is_known_by_its_end),
		cmocka_unit_test(what_is_read_of_xz_is_read_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
