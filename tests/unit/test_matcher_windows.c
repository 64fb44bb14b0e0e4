/* match/matcher: where a token ends and another thing begins, and rules of all
 * sorts held to searching plainly, with a window's end at every byte. */
#include "match/matcher.h"

#include "base/alloc.h"
#include "base/stream.h"
#include "match/rules.h"
#include "match/sample.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "finder.h"

struct hit {
	size_t beg, end;
	unsigned rule;
};

struct hits {
	struct hit list[1024];
	size_t count, origin; /* of the window that is searched */
	size_t errors, error_offset;
};

static int add_hit(void *payload, const struct match *match)
{
	struct hits *h = payload;

	assert_true(h->count < sizeof(h->list) / sizeof(*h->list));
	h->list[h->count++] = (struct hit){h->origin + match->secret.beg,
					   h->origin + match->secret.end, match->rule->index};
	return 0;
}

/* Goes on behind what PCRE2 gave up at; returns where the next window begins. */
static size_t search(struct finder *f, struct slice window, size_t beg, bool last, struct hits *out)
{
	size_t resume = beg;
	struct err err;

	while (matcher_run(f->matcher, window, beg, last, add_hit, NULL, out, &resume, &err) < 0) {
		assert_int_equal(err.code, HF_ELIMIT);
		out->errors++;
		out->error_offset = out->origin + err.offset;
		beg = resume;
	}
	return resume;
}

/* As a scan does; the first window has `first` bytes, each next one brings
 * `step` more. Each is a block of its own, so that none is read beyond. */
static void find(struct finder *f, struct slice text, size_t first, size_t step, struct hits *out)
{
	size_t beg = 0, next = 0, end = first < text.len ? first : text.len;

	*out = (struct hits){.count = 0};
	for (;;) {
		unsigned char *window = xmalloc(end - beg);
		size_t resume;

		memcpy(window, text.ptr + beg, end - beg);
		out->origin = beg;
		resume = search(f, slice_of(window, end - beg), next - beg, end == text.len, out);
		free(window);
		if (end == text.len)
			return;
		next = beg + resume;
		beg += resume > MATCH_BEHIND ? resume - MATCH_BEHIND : 0;
		assert_true(end - beg <= STREAM_KEEP_MAX);
		end += step < text.len - end ? step : text.len - end;
	}
}

static void check_hits(const struct hits *got, const struct hits *wanted, size_t first, size_t step)
{
	bool same = got->count == wanted->count;

	for (size_t i = 0; same && i < got->count; i++)
		same = got->list[i].beg == wanted->list[i].beg &&
		       got->list[i].end == wanted->list[i].end &&
		       got->list[i].rule == wanted->list[i].rule;
	if (!same)
		fail_msg("%zu matches, not %zu, or others: windows of %zu and %zu", got->count,
			 wanted->count, first, step);
}

/* ---- boundaries ---- */

static void a_token_begins_and_ends_where_no_word_goes_on(void **test_state)
{
	static const struct {
		const char *text, *secrets[3];
	} rows[] = {
		{"@TOKEN:a@", {"@TOKEN:a@"}},
		{"\n@TOKEN:a@\n", {"@TOKEN:a@"}},
		{"x\\n@TOKEN:a@\\n", {"@TOKEN:a@"}},
		{"%3D@TOKEN:a@%26", {"@TOKEN:a@"}},
		{"\x1b[32m@TOKEN:a@\x1b[0m", {"@TOKEN:a@"}},
		{"user:@TOKEN:a@@host", {"@TOKEN:a@"}},
		{"?token=@TOKEN:a@&x=1", {"@TOKEN:a@"}},
		{"<b>@TOKEN:a@</b>", {"@TOKEN:a@"}},
		{"令牌@TOKEN:a@令牌", {"@TOKEN:a@"}},
		{"\xff@TOKEN:a@\xff", {"@TOKEN:a@"}},
		{"_@TOKEN:a@_", {"@TOKEN:a@"}},
		{"@TOKEN:a@@TOKEN:b@", {"@TOKEN:a@", "@TOKEN:b@"}},
		{"@TOKEN:a@@TOKEN:b@@TOKEN:c@", {"@TOKEN:a@", "@TOKEN:b@", "@TOKEN:c@"}},
		{"@TOKEN:a@api_org_@LETTERS34:b@", {"@TOKEN:a@", "api_org_@LETTERS34:b@"}},
		{"hf_oauth_@JWT:a@@TOKEN:b@", {"hf_oauth_@JWT:a@", "@TOKEN:b@"}},
		{"hf_oauth__refresh_@ALNUM34:a@", {"hf_oauth__refresh_@ALNUM34:a@"}},
		{"x@TOKEN:a@", {NULL}},
		{"9@TOKEN:a@", {NULL}},
		{"@TOKEN:a@x", {NULL}},
		{"@TOKEN:a@_x", {NULL}},
		{"@TOKEN:a@hf_", {NULL}},
		{"hf_@LETTERS33:a@", {NULL}},
		{"hf_@LETTERS33:a@-", {NULL}},
		{"HF_@LETTERS34:a@", {NULL}},
	};
	struct finder f;

	finder_init(&f, NULL);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct hits found;
		struct buf text;
		size_t n = 0;

		buf_init(&text, BUF_MAX_LINE);
		sample_expand(&text, slice_str(rows[i].text));
		find(&f, buf_slice(&text), text.len, 1, &found);
		for (; n < 3 && rows[i].secrets[n]; n++) {
			struct buf secret;
			struct hit h = n < found.count ? found.list[n] : (struct hit){0};

			buf_init(&secret, BUF_MAX_LINE);
			sample_expand(&secret, slice_str(rows[i].secrets[n]));
			if (!slice_eq(slice_of(text.ptr + h.beg, h.end - h.beg),
				      buf_slice(&secret)))
				fail_msg("row %zu: not found: %s", i, rows[i].secrets[n]);
			buf_dispose(&secret);
		}
		if (found.count != n)
			fail_msg("row %zu: %zu matches, not %zu", i, found.count, n);
		buf_dispose(&text);
	}
	finder_dispose(&f);
}

/* ---- rules that overlap, held to searching plainly ---- */

#define RULE(id, anchor, before, pattern)                                                          \
	"{\"id\":\"" id "\",\"title\":{\"en\":\"t\"},\"explanation\":{\"en\":\"e\"},"              \
	"\"severity\":\"low\",\"anchors\":[\"" anchor "\"],\"before\":" before ",\"pattern\":"     \
	"\"" pattern "\",\"judge\":{\"body\":\"any\"},"                                            \
	"\"examples\":{\"match\":[\"x\"],\"no_match\":[\"y\"]}}"

#define RULES(list) "{\"schema\":1,\"rules\":[" list "]}"

/* A run swallows words, and each may overlap a tail, which begins before its
 * anchor. No tail is near enough to another to be mistaken for it. */
#define WORD_RULE RULE("word", "ab_", "0", "(?<![a-z])(?<secret>ab_[a-z]{5})(?![a-z])")
#define RUN_RULE  RULE("run", "ab_long_", "0", "(?<secret>ab_long_[a-z_]{4,}+)")
#define TAIL_RULE RULE("tail", "@42", "4", "(?<secret>[a-z]{1,4}@42[0-9]{8})")
#define WILD_RULE RULE("wild", "zz_", "0", "(?<secret>zz_(?:a|aa|aaa)+b)")
#define FAR_RULE  RULE("far", "far_", "0", "(?<secret>far_x{10,9000}!)")
static const char overlapping[] = RULES(WORD_RULE "," RUN_RULE "," TAIL_RULE "," WILD_RULE);
enum { WORD, RUN, TAIL };

static bool is_letter(struct slice text, size_t at)
{
	return at < text.len && text.ptr[at] >= 'a' && text.ptr[at] <= 'z';
}

static bool stands(struct slice text, size_t at, const char *what)
{
	return slice_has_prefix(slice_cut(text, (struct span){at, text.len}), slice_str(what));
}

/* The match whose anchor is at `at`; beg == end when there is none. */
static struct hit match_plainly(struct slice text, size_t at, unsigned rule)
{
	struct hit none = {0}, h = {at, at, rule};
	static const char *const anchors[] = {"ab_", "ab_long_", "@42"};

	if (!stands(text, at, anchors[rule]))
		return none;
	h.end += strlen(anchors[rule]);
	if (rule == TAIL) {
		while (h.beg > 0 && at - h.beg < 4 && is_letter(text, h.beg - 1))
			h.beg--;
		while (h.end < text.len && h.end < at + 11 && text.ptr[h.end] >= '0' &&
		       text.ptr[h.end] <= '9')
			h.end++;
		return h.beg < at && h.end == at + 11 ? h : none;
	}
	while (is_letter(text, h.end) ||
	       (rule == RUN && h.end < text.len && text.ptr[h.end] == '_'))
		h.end++;
	if (rule == RUN)
		return h.end - at >= 12 ? h : none;
	return h.end - at == 8 && !(at > 0 && is_letter(text, at - 1)) ? h : none;
}

static bool loses(struct hit a, struct hit b)
{
	size_t a_len = a.end - a.beg, b_len = b.end - b.beg;

	if (a.end <= b.beg || b.end <= a.beg)
		return false;
	return a_len != b_len ? a_len < b_len : a.rule > b.rule;
}

static void find_plainly(struct slice text, struct hits *out)
{
	static struct hit all[4096];
	size_t count = 0;

	for (size_t at = 0; at < text.len; at++)
		for (unsigned rule = WORD; rule <= TAIL; rule++) {
			all[count] = match_plainly(text, at, rule);
			count += all[count].end > all[count].beg;
		}
	out->count = 0;
	for (size_t i = 0; i < count; i++) {
		bool lost = false;

		for (size_t j = 0; j < count && !lost; j++)
			lost = loses(all[i], all[j]);
		if (!lost)
			out->list[out->count++] = all[i];
	}
}

static uint64_t draw(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

static void append_random(struct buf *text, size_t len, uint64_t *state)
{
	static const char *const pieces[] = {
		"ab_",      "ab_long_", "ab_abcde",    "ab_long_ab_abcde",
		"ab_long_", "@42",      "@4212345678", "cdef",
		"gh",       "_",        "1",           " ",
		".",        "\n"};

	for (size_t end = text->len + len; text->len < end;)
		buf_append_str(text, pieces[draw(state) % (sizeof(pieces) / sizeof(*pieces))]);
}

static void append_dots(struct buf *text, size_t len)
{
	for (; len > 0; len--)
		buf_append_byte(text, '.');
}

static void rules_that_overlap_give_what_searching_plainly_gives(void **test_state)
{
	static const size_t steps[] = {SIZE_MAX, 7, 500, 4096, 20000};
	uint64_t state = 20261123;
	struct hits wanted, found;
	struct finder f;

	finder_init(&f, overlapping);
	for (size_t round = 0; round < 40; round++) {
		size_t step = steps[round % 5];
		struct buf text;

		buf_init(&text, BUF_MAX_FILE);
		append_random(&text, 6000, &state);
		append_dots(&text, 9000);
		append_random(&text, 6000, &state);
		find_plainly(buf_slice(&text), &wanted);
		assert_true(wanted.count > 200);
		find(&f, buf_slice(&text), 1 + draw(&state) % text.len, step, &found);
		check_hits(&found, &wanted, 0, step);
		buf_dispose(&text);
	}
	finder_dispose(&f);
}

static void a_window_may_end_at_any_byte(void **test_state)
{
	uint64_t state = 7;
	struct hits wanted, found;
	struct finder f;
	struct buf text;

	finder_init(&f, overlapping);
	buf_init(&text, BUF_MAX_FILE);
	append_random(&text, 2000, &state);
	append_dots(&text, MATCH_AHEAD);
	append_random(&text, 300, &state);
	find_plainly(buf_slice(&text), &wanted);
	for (size_t cut = 1; cut <= text.len; cut++) {
		find(&f, buf_slice(&text), cut, SIZE_MAX, &found);
		check_hits(&found, &wanted, cut, SIZE_MAX);
	}
	buf_dispose(&text);
	finder_dispose(&f);
}

static void a_runaway_is_told_once_and_hides_nothing_around_it(void **test_state)
{
	struct hits found;
	struct finder f;
	struct buf text;

	finder_init(&f, overlapping);
	buf_init(&text, BUF_MAX_FILE);
	append_dots(&text, 100);
	/* The word before it is not handed out yet, as a tail might overlap it. */
	buf_append_str(&text, "ab_abcde zz_");
	for (int i = 0; i < 60; i++)
		buf_append_byte(&text, 'a');
	buf_append_str(&text, "! b ab_fghij");
	append_dots(&text, MATCH_AHEAD + 200);
	for (size_t cut = text.len - 300; cut <= text.len; cut++) {
		find(&f, buf_slice(&text), cut, SIZE_MAX, &found);
		assert_int_equal(found.errors, 1);
		assert_int_equal(found.error_offset, 109);
		assert_int_equal(found.count, 2);
		assert_int_equal(found.list[0].beg, 100);
		assert_int_equal(found.list[1].beg, 176);
	}
	buf_dispose(&text);
	finder_dispose(&f);
}

/* Without its last byte it is none, so that the window has to hold it whole. */
static void a_secret_may_be_as_long_as_is_promised(void **test_state)
{
	size_t end = 10 + MATCH_AHEAD;
	struct hits found;
	struct finder f;
	struct buf text;

	finder_init(&f, RULES(FAR_RULE));
	buf_init(&text, BUF_MAX_FILE);
	append_dots(&text, 10);
	buf_append_str(&text, "far_");
	while (text.len < end - 1)
		buf_append_byte(&text, 'x');
	buf_append_byte(&text, '!');
	append_dots(&text, 2 * MATCH_AHEAD);
	for (size_t cut = 1; cut <= text.len; cut += 61) {
		find(&f, buf_slice(&text), cut, 1000, &found);
		assert_int_equal(found.count, 1);
		assert_int_equal(found.list[0].beg, 10);
		assert_int_equal(found.list[0].end, end);
	}
	buf_dispose(&text);
	finder_dispose(&f);
}

static void a_secret_that_goes_on_longer_is_taken_to_end_there(void **test_state)
{
	struct hits found;
	struct finder f;
	struct buf text;

	finder_init(&f, overlapping);
	buf_init(&text, BUF_MAX_FILE);
	buf_append_str(&text, "ab_long_");
	while (text.len < 3 * MATCH_AHEAD)
		buf_append_byte(&text, 'x');
	for (size_t cut = 1; cut <= text.len; cut += 997) {
		find(&f, buf_slice(&text), cut, 1000, &found);
		assert_int_equal(found.count, 1);
		assert_int_equal(found.list[0].beg, 0);
		assert_in_range(found.list[0].end, MATCH_AHEAD, 2 * MATCH_AHEAD);
	}
	buf_dispose(&text);
	finder_dispose(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_begins_and_ends_where_no_word_goes_on),
		cmocka_unit_test(rules_that_overlap_give_what_searching_plainly_gives),
		cmocka_unit_test(a_window_may_end_at_any_byte),
		cmocka_unit_test(a_runaway_is_told_once_and_hides_nothing_around_it),
		cmocka_unit_test(a_secret_may_be_as_long_as_is_promised),
		cmocka_unit_test(a_secret_that_goes_on_longer_is_taken_to_end_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
