/* source/pack/delta and seams: what a delta makes of its base, held to a plain twin,
 * and whether pieces of it make up what a search looks for. */
#include "source/pack/delta.h"

#include "pack_writer.h"

#define NEEDLE "abcab"

/* A slice of a literal, NULs and all, for tables. */
#define BYTES(literal)                                                                             \
	{                                                                                          \
		(const unsigned char *)("" literal), sizeof("" literal) - 1                        \
	}

/* ---- the twin ---- */

static bool plain_size(const unsigned char **p, const unsigned char *end, uint64_t *size)
{
	*size = 0;
	for (unsigned shift = 0; *p < end && shift < 63; shift += 7) {
		*size += (uint64_t)(**p & 0x7f) << shift;
		if (*(*p)++ < 0x80)
			return true;
	}
	return false;
}

/* One instruction, as gitformat-pack(5) puts it. */
static bool plain_step(const unsigned char **p, const unsigned char *end, struct slice base,
		       struct buf *out)
{
	unsigned op = *(*p)++;
	uint64_t args[7] = {0}, offset, len;

	if (op == 0)
		return false;
	for (unsigned i = 0; op >= 0x80 && i < 7; i++)
		if (op >> i & 1) {
			if (*p == end)
				return false;
			args[i] = *(*p)++;
		}
	offset = args[0] + args[1] * 256 + args[2] * 65536 + args[3] * 16777216;
	len = args[4] + args[5] * 256 + args[6] * 65536;
	for (uint64_t i = 0; op >= 0x80 && i < (len ? len : 65536); i++) {
		if (offset + i >= base.len)
			return false;
		buf_append_byte(out, base.ptr[offset + i]);
	}
	for (unsigned i = 0; op < 0x80 && i < op; i++) {
		if (*p == end)
			return false;
		buf_append_byte(out, *(*p)++);
	}
	return true;
}

/* out: to be disposed of either way. */
static bool plain_apply(struct slice base, struct slice delta, struct buf *out)
{
	const unsigned char *p = delta.ptr, *end = p + delta.len;
	uint64_t base_size, size;

	buf_init(out, BUF_MAX_REPORT);
	if (!plain_size(&p, end, &base_size) || !plain_size(&p, end, &size) ||
	    base_size != base.len)
		return false;
	while (p < end)
		if (!plain_step(&p, end, base, out))
			return false;
	return out->len == size;
}

/* ---- comparing ---- */

/* Everything in memory of its very own size, so that a sanitizer sees a step
 * beyond it. */
static unsigned char *tight(struct slice s)
{
	unsigned char *copy = malloc(s.len);

	assert_true(copy || !s.len);
	if (s.len)
		memcpy(copy, s.ptr, s.len);
	return copy;
}

/* Returns whether the delta is sound. */
static bool compare(struct slice base, struct slice delta)
{
	unsigned char *own_base = tight(base), *own_delta = tight(delta), *out = NULL;
	uint64_t base_size = 0, size = 0;
	struct err err = {0};
	struct buf wanted;
	bool sound = plain_apply(base, delta, &wanted);
	int rc = delta_sizes(slice_of(own_delta, delta.len), &base_size, &size, &err);

	if (rc == 0 && size >= 1 << 20) { /* not by these instructions */
		rc = err_set(&err, HF_EFORMAT, "too much");
	} else if (rc == 0) {
		out = malloc(size);
		rc = delta_apply(slice_of(own_base, base.len), slice_of(own_delta, delta.len), out,
				 size, &err);
	}
	assert_int_equal(rc, sound ? 0 : HF_EFORMAT);
	assert_int_equal(err.code, rc);
	if (sound)
		assert_true(slice_eq(slice_of(out, size), buf_slice(&wanted)));
	free(out);
	free(own_delta);
	free(own_base);
	buf_dispose(&wanted);
	return sound;
}

static void fill(unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		bytes[i] = (unsigned char)chance(256);
}

/* ---- delta_sizes(), delta_apply() ---- */

static void sizes_are_read_to_the_last_bit_and_no_further(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		int rc;
		uint64_t base, result;
	} cases[] = {
		{"\0\0", 2, 0, 0, 0},
		{"\x7f\x01", 2, 0, 127, 1},
		{"\x80\x01\xff\x7f", 4, 0, 128, 16383},
		{"\xff\xff\xff\xff\xff\xff\xff\xff\x7f\0", 10, 0, INT64_MAX, 0},
		{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\0", 11, HF_EFORMAT, 0, 0},
		{"\0\x80\x80\x80\x80\x80\x80\x80\x80\x80\0", 11, HF_EFORMAT, 0, 0},
		{"", 0, HF_EFORMAT, 0, 0},
		{"\x80", 1, HF_EFORMAT, 0, 0},
		{"\x05", 1, HF_EFORMAT, 0, 0},
		{"\x05\x80", 2, HF_EFORMAT, 0, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		unsigned char *own = tight(slice_of(cases[i].bytes, cases[i].len));
		uint64_t base, result;
		struct err err;

		assert_int_equal(delta_sizes(slice_of(own, cases[i].len), &base, &result, &err),
				 cases[i].rc);
		if (cases[i].rc == 0) {
			assert_true(base == cases[i].base);
			assert_true(result == cases[i].result);
		}
		free(own);
	}
}

/* Deltas of a base of eight bytes. */
static void each_instruction_does_what_it_says(void **state)
{
	static const struct {
		struct slice delta;
		const char *result; /* NULL: refused */
	} cases[] = {
		{BYTES("\x08\x00"), ""},
		{BYTES("\x08\x08\x90\x08"), "01234567"},
		{BYTES("\x08\x03\x91\x02\x03"), "234"},
		{BYTES("\x08\x04\x04wxyz"), "wxyz"},
		{BYTES("\x08\x06\x91\x06\x02\x02xy\x90\x02"), "67xy01"},
		{BYTES("\x08\x01\xff\x07\0\0\0\x01\0\0"), "7"},
		{BYTES("\x07\x03\x91\x02\x03"), NULL},     /* for another base */
		{BYTES("\x08\x02\x91\x02\x03"), NULL},     /* more than it says */
		{BYTES("\x08\x04\x91\x02\x03"), NULL},     /* less than it says */
		{BYTES("\x08\x03\x91\x06\x03"), NULL},     /* past the base's end */
		{BYTES("\x08\x03\x91\x09\x03"), NULL},     /* from behind it */
		{BYTES("\x08\x03\xf8\xff\x03\0\0"), NULL}, /* from far behind it */
		{BYTES("\x08\x08\x80"), NULL},             /* no length stands for 65536 */
		{BYTES("\x08\x00\x80"), NULL},
		{BYTES("\x08\x00\x90\x00"), NULL}, /* nor does none */
		{BYTES("\x08\x07\x90\x00\x07wxyzwxy"), NULL},
		{BYTES("\x08\x07\xf0\x00\x00\x00\x07wxyzwxy"), NULL},
		{BYTES("\x08\x03\x03wx"), NULL},           /* insert cut short */
		{BYTES("\x08\x03\x91\x02"), NULL},         /* copy cut short */
		{BYTES("\x08\x03\x91\x02\x03\x00"), NULL}, /* a reserved instruction */
		{BYTES("\x08\x03\x91\x02\x03\x01"), NULL}, /* something behind it */
		{BYTES("\x08\x00\x00"), NULL},
		{BYTES("\x08"), NULL},
	};
	struct slice base = SLICE("01234567");

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice delta = cases[i].delta;
		struct buf wanted;
		bool sound = plain_apply(base, delta, &wanted);

		if (sound != (cases[i].result != NULL) ||
		    (sound && strcmp(wanted.ptr, cases[i].result) != 0))
			fail_msg("the twin is wrong in case %zu", i);
		buf_dispose(&wanted);
		assert_int_equal(compare(base, delta), sound);
	}
}

static void a_copy_without_a_length_is_of_65536_bytes(void **state)
{
	static unsigned char bytes[0x10000 + 100];
	struct buf delta;

	fill(bytes, sizeof(bytes));
	delta_begin(&delta, sizeof(bytes), 0x10000);
	delta_put_copy(&delta, 100, 0x10000);
	assert_int_equal((unsigned char)delta.ptr[delta.len - 2], 0x81);
	assert_true(compare(slice_of(bytes, sizeof(bytes)), buf_slice(&delta)));
	buf_dispose(&delta);
}

static void a_result_of_another_size_than_was_asked_for_is_refused(void **state)
{
	struct slice base = SLICE("01234567"), delta = SLICE("\x08\x03\x91\x02\x03");
	unsigned char out[4];
	struct err err;

	assert_int_equal(delta_apply(base, delta, out, 3, &err), 0);
	assert_int_equal(delta_apply(base, delta, out, 2, &err), HF_EFORMAT);
	assert_int_equal(delta_apply(base, delta, out, 4, &err), HF_EFORMAT);
	assert_int_equal(delta_apply(SLICE("0123456"), delta, out, 3, &err), HF_EFORMAT);
}

/* Random instructions that fit a base; returns the size of the result. */
static uint32_t random_steps(struct buf *steps, struct slice base, unsigned count, uint32_t longest)
{
	unsigned char inserted[127];
	uint32_t size = 0;

	buf_init(steps, BUF_MAX_REPORT);
	for (unsigned i = 0; i < count; i++) {
		if (base.len && chance(2)) {
			uint32_t offset = chance((uint32_t)base.len);
			uint32_t most = (uint32_t)base.len - offset;
			uint32_t len = 1 + chance(most < longest ? most : longest);

			delta_put_copy(steps, offset, len);
			size += len;
		} else {
			uint32_t len = 1 + chance(longest < 127 ? longest : 127);

			fill(inserted, len);
			delta_put_insert(steps, inserted, len);
			size += len;
		}
	}
	return size;
}

static void random_deltas_come_out_as_the_twin_has_them(void **state)
{
	static const uint32_t longest[] = {3, 40, 130, 70000};
	static unsigned char bytes[200000];

	fill(bytes, sizeof(bytes));
	for (unsigned i = 0; i < 400; i++) {
		struct slice base = slice_of(bytes, i % 4 == 3 ? sizeof(bytes) : chance(300));
		struct buf steps, delta;
		uint32_t size = random_steps(&steps, base, chance(12), longest[i % 4]);

		delta_begin(&delta, base.len, size);
		buf_append_slice(&delta, buf_slice(&steps));
		assert_true(compare(base, buf_slice(&delta)));
		buf_dispose(&delta);
		buf_dispose(&steps);
	}
}

static void random_deltas_that_are_broken_are_refused_where_the_twin_refuses(void **state)
{
	unsigned char bytes[300];
	unsigned refused = 0;

	fill(bytes, sizeof(bytes));
	for (unsigned i = 0; i < 20000; i++) {
		struct slice base = slice_of(bytes, chance(sizeof(bytes)));
		struct buf steps, delta;
		uint32_t size = random_steps(&steps, base, 1 + chance(6), 100);

		delta_begin(&delta, base.len, size);
		buf_append_slice(&delta, buf_slice(&steps));
		if (chance(2))
			delta.ptr[chance((uint32_t)delta.len)] ^= (char)(1 << chance(8));
		else
			buf_truncate(&delta, chance((uint32_t)delta.len));
		refused += !compare(base, buf_slice(&delta));
		buf_dispose(&delta);
		buf_dispose(&steps);
	}
	assert_in_range(refused, 10000, 19999);
}

/* ---- delta_may_hold() ---- */

static void assert_begins(struct slice base, struct slice delta, const struct buf *wanted)
{
	size_t room = 1 + chance(16);
	unsigned char *out = malloc(room);
	size_t len = delta_beginning(base, delta, out, room);

	assert_true(len <= room);
	if (wanted) {
		assert_int_equal(len, wanted->len < room ? wanted->len : room);
		assert_memory_equal(out, wanted->ptr, len);
	}
	free(out);
}

static void assert_ends(struct slice base, struct slice delta, const struct buf *wanted)
{
	size_t room = 1 + chance(16), last = wanted->len < room ? wanted->len : room;
	unsigned char *out = malloc(room);
	size_t len = delta_ending(base, delta, out, room);

	assert_int_equal(len, last);
	assert_memory_equal(out, wanted->ptr + wanted->len - last, last);
	free(out);
}

/* What is said of the result; the same whether that is asked for too, which then is
 * the twin's. */
static int may_hold(const struct seams *seams, struct slice base, struct slice delta)
{
	unsigned char *own_base = tight(base), *own_delta = tight(delta), *result;
	struct slice in_base = slice_of(own_base, base.len), in = slice_of(own_delta, delta.len);
	struct buf wanted;
	bool sound = plain_apply(base, delta, &wanted);
	uint64_t size;
	struct err err;
	struct slice last = {0};
	int may = delta_may_hold(in_base, in, seams, NULL, &last, &err);

	if (delta_sizes(in, &size, &size, &err) == 0) {
		int again;

		result = malloc(size ? size : 1);
		again = delta_may_hold(in_base, in, seams, result, &last, &err);
		if (sound || may <= 0) /* of what may hold one no more is read */
			assert_int_equal(again, may);
		if (sound)
			assert_true(slice_eq(slice_of(result, size), buf_slice(&wanted)));
		free(result);
	}
	assert_begins(in_base, in, sound ? &wanted : NULL);
	if (sound)
		assert_ends(in_base, in, &wanted);
	if (may == 0)
		assert_true(slice_has_suffix(buf_slice(&wanted), last));
	buf_dispose(&wanted);
	free(own_delta);
	free(own_base);
	return may;
}

static struct seams *seams_of(const char *string)
{
	struct slice one = slice_str(string);

	return seams_new(&one, 1);
}

/* Letters of the needle alone, so that pieces make it up by chance; never the
 * whole of it. */
static size_t base_without(unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		bytes[i] = (unsigned char)('a' + chance(3));
		if (i + 1 >= strlen(NEEDLE) &&
		    memcmp(bytes + i + 1 - strlen(NEEDLE), NEEDLE, strlen(NEEDLE)) == 0)
			bytes[i] = 'c';
	}
	return len;
}

/* Of such letters; shortest: of a piece. */
static void random_meetings(struct buf *delta, struct slice base, uint32_t shortest)
{
	struct buf steps;
	uint32_t size = 0;

	buf_init(&steps, BUF_MAX_REPORT);
	for (unsigned j = 1 + chance(6); j-- > 0;) {
		uint32_t offset = chance((uint32_t)base.len - shortest + 1), len;
		unsigned char inserted[16];

		len = shortest + chance((uint32_t)base.len - shortest - offset + 1);
		if (chance(3)) {
			delta_put_copy(&steps, offset, len);
		} else {
			len = shortest + chance(6);
			base_without(inserted, len);
			delta_put_insert(&steps, inserted, len);
		}
		size += len;
	}
	delta_begin(delta, base.len, size);
	buf_append_slice(delta, buf_slice(&steps));
	buf_dispose(&steps);
}

static void no_needle_that_pieces_make_up_is_passed_over(void **state)
{
	struct seams *seams = seams_of(NEEDLE);
	unsigned held = 0, said = 0;

	for (unsigned i = 0; i < 40000; i++) {
		unsigned char bytes[60];
		struct slice base = slice_of(bytes, base_without(bytes, 1 + chance(sizeof(bytes))));
		struct buf delta, result;
		int may;

		random_meetings(&delta, base, 1);
		assert_true(plain_apply(base, buf_slice(&delta), &result));
		may = may_hold(seams, base, buf_slice(&delta));
		if (!may && holds(buf_slice(&result), NEEDLE))
			fail_msg("result '%s' holds it", result.ptr);
		held += holds(buf_slice(&result), NEEDLE);
		said += may == 1;
		buf_dispose(&result);
		buf_dispose(&delta);
	}
	assert_in_range(held, 400, 20000);
	assert_in_range(said, held, 35000);
	seams_free(seams);
}

static void of_long_pieces_only_those_that_make_it_up_are_looked_at(void **state)
{
	struct seams *seams = seams_of(NEEDLE);
	unsigned held = 0;

	for (unsigned i = 0; i < 40000; i++) {
		unsigned char bytes[60];
		struct slice base = slice_of(bytes, base_without(bytes, sizeof(bytes)));
		struct buf delta, result;

		random_meetings(&delta, base, strlen(NEEDLE) - 1);
		assert_true(plain_apply(base, buf_slice(&delta), &result));
		assert_int_equal(may_hold(seams, base, buf_slice(&delta)),
				 holds(buf_slice(&result), NEEDLE));
		held += holds(buf_slice(&result), NEEDLE);
		buf_dispose(&result);
		buf_dispose(&delta);
	}
	assert_in_range(held, 400, 39600);
	seams_free(seams);
}

/* Where in base the part [beg, end) of the needle stands: base holds it without
 * its last byte, and without its first. */
static uint32_t part_in_base(struct slice base, size_t beg, size_t end)
{
	const unsigned char *at = memmem(base.ptr, base.len, &NEEDLE[beg], end - beg);

	assert_non_null(at);
	return (uint32_t)(at - base.ptr);
}

/* Bit i of cuts: a piece ends behind byte i of the needle; of copies: piece i is
 * one. around: what copies take along of base, before the needle and behind it. */
static int cut_needle(const struct seams *seams, struct slice base, unsigned cuts, unsigned copies,
		      uint32_t around)
{
	const size_t last = strlen(NEEDLE);
	struct buf steps, delta;
	uint32_t size = 0;
	unsigned piece = 0;
	int may;

	buf_init(&steps, BUF_MAX_REPORT);
	for (size_t beg = 0, end; beg < last; beg = end, piece++) {
		uint32_t before, behind, at;

		for (end = beg + 1; end < last && !(cuts >> (end - 1) & 1); end++)
			;
		if (!(copies >> piece & 1) || end - beg == last) {
			delta_put_insert(&steps, NEEDLE + beg, end - beg);
			size += (uint32_t)(end - beg);
			continue;
		}
		before = beg == 0 ? around : 0;
		behind = end == last ? around : 0;
		at = part_in_base(base, beg, end);
		delta_put_copy(&steps, at - before, (uint32_t)(end - beg) + before + behind);
		size += (uint32_t)(end - beg) + before + behind;
	}
	delta_begin(&delta, base.len, size);
	buf_append_slice(&delta, buf_slice(&steps));
	may = may_hold(seams, base, buf_slice(&delta));
	buf_dispose(&delta);
	buf_dispose(&steps);
	return may;
}

/* Not cut at all, it is in the delta. */
static void a_needle_cut_anywhere_is_seen(void **state)
{
	static const uint32_t arounds[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 40};
	struct slice strings[] = {SLICE("0a0"), SLICE(NEEDLE), SLICE("x" NEEDLE), SLICE(NEEDLE)};
	struct seams *seams = seams_new(strings, sizeof(strings) / sizeof(*strings));
	struct slice base = SLICE("0123456789012345678901234567890123456789"
				  "abca0123456789012345678901234567890123456789"
				  "bcab0123456789012345678901234567890123456789");

	for (unsigned cuts = 0; cuts < 1u << (strlen(NEEDLE) - 1); cuts++)
		for (unsigned copies = 0; copies < 1u << strlen(NEEDLE); copies++)
			for (size_t i = 0; i < sizeof(arounds) / sizeof(*arounds); i++)
				assert_int_equal(cut_needle(seams, base, cuts, copies, arounds[i]),
						 cuts != 0);
	seams_free(seams);
}

/* A string of two bytes at least, of letters that others have, too. */
static struct slice random_string(unsigned char *bytes)
{
	size_t len = 2 + chance(chance(2) ? 2 : 30);

	for (size_t i = 0; i < len; i++)
		bytes[i] = (unsigned char)('a' + chance(len < 4 ? 26 : 4));
	return slice_of(bytes, len);
}

/* More strings than there are groups for them, one cut and its parts put together. */
static void of_many_strings_each_is_seen_wherever_it_is_cut(void **state)
{
	unsigned char bytes[256][32];
	struct slice strings[256];

	for (unsigned i = 0; i < 40; i++) {
		size_t count = i % 2 ? sizeof(strings) / sizeof(*strings) : 1 + chance(8);
		struct seams *seams;

		for (size_t j = 0; j < count; j++)
			strings[j] = random_string(bytes[j]);
		seams = seams_new(strings, count);
		for (size_t j = 0; j < count; j++) {
			size_t cut = 1 + chance((uint32_t)strings[j].len - 1);
			struct slice whole = strings[j];
			struct buf delta;

			delta_begin(&delta, cut, (uint32_t)whole.len);
			delta_put_copy(&delta, 0, (uint32_t)cut);
			delta_put_insert(&delta, whole.ptr + cut, whole.len - cut);
			/* One that lies in it may be in the base or in the delta. */
			if (may_hold(seams, slice_of(whole.ptr, cut), buf_slice(&delta)) != 1) {
				bool other = false;

				for (size_t k = 0; k < count; k++)
					other |= memmem(whole.ptr, cut, strings[k].ptr,
							strings[k].len) ||
						 memmem(whole.ptr + cut, whole.len - cut,
							strings[k].ptr, strings[k].len);
				assert_true(other);
			}
			buf_dispose(&delta);
		}
		seams_free(seams);
	}
}

static void a_broken_delta_is_refused_unless_it_may_hold_one_before(void **state)
{
	static const struct slice deltas[] = {
		BYTES(""),
		BYTES("\x08\x03\x91\x02\x03"),
		BYTES("\x10\x02\x91\x02\x03"),
		BYTES("\x10\x04\x91\x02\x03"),
		BYTES("\x10\x03\x91\x0e\x03"),
		BYTES("\x10\x03\x03wx"),
		BYTES("\x10\x03\x91\x02\x03\x00"),
	};
	struct seams *seams = seams_of(NEEDLE), *none = seams_new(NULL, 0);
	struct slice base = SLICE("0123456789abcdef"), late = SLICE("\x10\x09\x91\x0a\x03\x02"
								    "ab\x09");
	unsigned char result[9];
	struct slice last;
	struct err err;

	for (size_t i = 0; i < sizeof(deltas) / sizeof(*deltas); i++) {
		assert_int_equal(may_hold(seams, base, deltas[i]), HF_EFORMAT);
		assert_int_equal(may_hold(none, base, deltas[i]), HF_EFORMAT);
	}
	assert_int_equal(delta_may_hold(base, late, seams, NULL, &last, &err), 1);
	assert_int_equal(delta_may_hold(base, late, none, NULL, &last, &err), HF_EFORMAT);
	assert_int_equal(delta_may_hold(base, late, seams, result, &last, &err), HF_EFORMAT);
	seams_free(none);
	seams_free(seams);
}

static void a_beginning_is_kept_by_one_copy_of_it(void **state)
{
	static const struct {
		struct slice delta;
		size_t kept;
	} cases[] = {
		{BYTES("\x10\x10\x90\x10"), 16},
		{BYTES("\x10\x10\x90\x08\x91\x08\x08"), 8}, /* all of it, by two */
		{BYTES("\x10\x06\x90\x05\x01z"), 5},
		{BYTES("\x10\x06\x01\x30\x91\x01\x05"), 0},
		{BYTES("\x10\x05\x91\x01\x05"), 0},
		{BYTES("\x0f\x05\x90\x05"), 0}, /* for another base */
		{BYTES("\x10\x20\x90\x20"), 0},
		{BYTES("\x10"), 0},
	};
	struct slice base = SLICE("0123456789abcdef");

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		for (size_t len = 1; len <= base.len + 1; len++)
			assert_int_equal(delta_keeps_beginning(base, cases[i].delta, len),
					 len <= cases[i].kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_read_to_the_last_bit_and_no_further),
		cmocka_unit_test(each_instruction_does_what_it_says),
		cmocka_unit_test(a_copy_without_a_length_is_of_65536_bytes),
		cmocka_unit_test(a_result_of_another_size_than_was_asked_for_is_refused),
		cmocka_unit_test(random_deltas_come_out_as_the_twin_has_them),
		cmocka_unit_test(random_deltas_that_are_broken_are_refused_where_the_twin_refuses),
		cmocka_unit_test(no_needle_that_pieces_make_up_is_passed_over),
		cmocka_unit_test(of_long_pieces_only_those_that_make_it_up_are_looked_at),
		cmocka_unit_test(a_needle_cut_anywhere_is_seen),
		cmocka_unit_test(of_many_strings_each_is_seen_wherever_it_is_cut),
		cmocka_unit_test(a_beginning_is_kept_by_one_copy_of_it),
		cmocka_unit_test(a_broken_delta_is_refused_unless_it_may_hold_one_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
