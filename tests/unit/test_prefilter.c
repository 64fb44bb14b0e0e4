/* match/prefilter: every variant gives the candidates that comparing each
 * anchor at each byte gives, and reads no byte outside the text. */
#include "match/prefilter.h"

#include "base/alloc.h"
#include "match/patterns.h"
#include "match/rules.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

/* The rules', a crowd, one, such as begin alike or lie in each other, and such
 * as are as long as may be, the longest first. */
static const char *const todays[] = {
	"hf_",    "api_org_",           "api_",    "hf_oauth_",         "hf_jwt_",
	"hf_s3_", "hf_oauth__refresh_", "hf_app_", "oauth_app_secret_", "HFAK",
	NULL};
static const char *const crowd[] = {
	"hf_",   "api_", "aGZf",     "hmX",    "oZl",   "\\u0068", "\\u0048", "hf%5F", "hf%5f",
	"HFAK",  "%68f", "h\\u0066", "sk-",    "ghp_",  "glpat-",  "AKIA",    "xox",   "eyJ",
	"BEGIN", "ssh-", "://",      "secret", "_auth", "key",     NULL};
static const char *const lone[] = {"zq", NULL};
static const char *const nested[] = {"aa",  "aaa",  "aab",   "ab",       "ba",
				     "aba", "abab", "b\xff", "\x80\x80", NULL};
static const char *const longest[] = {"0123456789abcdef0123456789abcdef",
				      "0123456789abcdef0123456789abcdeg",
				      "0123456789abcdef0123456789abcde", "01", NULL};
static const char *const *const sets[] = {todays, crowd, lone, nested, longest};
#define SETS (sizeof(sets) / sizeof(*sets))

#define LONG_TEXT ((size_t)20000)
#define CROWD_MAX ((size_t)32)

struct subject {
	struct slice anchors[PREFILTER_MAX_ANCHORS];
	size_t count;
	struct prefilter *prefilter;
	struct candidate *wanted, *got; /* of the text at hand */
};

static uint64_t draw(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

/* Asked here too, so that a variant left out by mistake is no skipped test. */
static bool is_there(enum prefilter_variant variant)
{
#if defined(__x86_64__) || defined(__i386__)
	if (variant == PREFILTER_SSSE3)
		return __builtin_cpu_supports("ssse3");
	if (variant == PREFILTER_AVX2)
		return __builtin_cpu_supports("avx2");
#elif defined(__aarch64__)
	if (variant == PREFILTER_NEON)
		return true;
#endif
	return variant == PREFILTER_PLAIN || variant == PREFILTER_AUTO;
}

/* For the anchors s has. */
static void subject_ready(struct subject *s, enum prefilter_variant variant)
{
	size_t room = LONG_TEXT * s->count + PREFILTER_MAX_ANCHORS;

	assert_int_equal(prefilter_new(&s->prefilter, s->anchors, s->count, variant, NULL), 0);
	s->wanted = xcalloc(room, sizeof(*s->wanted));
	s->got = xcalloc(room, sizeof(*s->got));
}

static void subject_init(struct subject *s, const char *const *set, enum prefilter_variant variant)
{
	for (s->count = 0; set[s->count]; s->count++)
		s->anchors[s->count] = slice_str(set[s->count]);
	assert_true(s->count <= CROWD_MAX);
	subject_ready(s, variant);
}

static void subject_dispose(struct subject *s)
{
	prefilter_free(s->prefilter);
	free(s->wanted);
	free(s->got);
}

static size_t find_plainly(const struct subject *s, struct slice text, size_t beg,
			   struct candidate *out)
{
	size_t found = 0;

	for (size_t pos = beg; pos < text.len; pos++)
		for (size_t a = 0; a < s->count; a++)
			if (text.ptr[pos] == s->anchors[a].ptr[0] &&
			    text.len - pos >= s->anchors[a].len &&
			    memcmp(text.ptr + pos, s->anchors[a].ptr, s->anchors[a].len) == 0)
				out[found++] = (struct candidate){pos, (unsigned)a};
	return found;
}

/* All calls together, with as little room as is allowed. */
static size_t find_in_steps(const struct subject *s, struct slice text, size_t beg,
			    struct candidate *out)
{
	size_t found = 0, at = beg;

	while (at < text.len) {
		size_t before = at;
		size_t more = prefilter_run(s->prefilter, text, at, out + found,
					    PREFILTER_MAX_ANCHORS, &at);

		found += more;
		/* All of one place come at once. */
		if (more > PREFILTER_MAX_ANCHORS || at <= before || at > text.len ||
		    (more > 0 && out[found - 1].pos >= at))
			fail_msg("from %zu: %zu candidates, then from %zu", before, more, at);
	}
	return found;
}

static void check(const struct subject *s, struct slice text, size_t beg)
{
	size_t wanted_count = find_plainly(s, text, beg, s->wanted);
	size_t got_count = find_in_steps(s, text, beg, s->got);

	bool same = got_count == wanted_count;

	for (size_t i = 0; same && i < got_count; i++)
		same = s->got[i].pos == s->wanted[i].pos && s->got[i].anchor == s->wanted[i].anchor;
	if (!same)
		fail_msg("%s: %zu bytes at %zu from %zu", prefilter_variant_name(s->prefilter),
			 text.len, (size_t)((uintptr_t)text.ptr % 64), beg);
}

/* ---- texts ---- */

/* Bytes of the anchors, whole anchors, beginnings of anchors, anything. */
static void fill(const struct subject *s, unsigned char *text, size_t len, uint64_t *state)
{
	uint64_t kind = draw(state) % 4;

	for (size_t at = 0; at < len;) {
		struct slice anchor = s->anchors[draw(state) % s->count];
		size_t take = kind == 1 ? anchor.len : 1 + draw(state) % anchor.len;

		if (kind == 3 || draw(state) % 8 == 0) {
			text[at++] = (unsigned char)draw(state);
			continue;
		}
		if (kind == 0) {
			text[at++] = anchor.ptr[draw(state) % anchor.len];
			continue;
		}
		if (take > len - at)
			take = len - at;
		memcpy(text + at, anchor.ptr, take);
		at += take;
	}
}

/* One page between two that may not be touched. */
static unsigned char *guarded_page(size_t *size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char *map = mmap(NULL, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(map != MAP_FAILED);
	assert_int_equal(mprotect(map + page, page, PROT_READ | PROT_WRITE), 0);
	*size = page;
	return map + page;
}

static void free_guarded(unsigned char *page, size_t size)
{
	munmap(page - size, 3 * size);
}

/* ---- tests ---- */

static void check_alignments(const struct subject *s, uint64_t *state)
{
	size_t size;
	unsigned char *page = guarded_page(&size);

	for (size_t len = 0; len <= 200; len++) {
		for (size_t shift = 0; shift < 64; shift++) {
			/* Ends shift bytes before the page does; begins with it. */
			unsigned char *late = page + size - shift - len;

			fill(s, late, len, state);
			check(s, slice_of(late, len), 0);
			fill(s, page + shift, len, state);
			check(s, slice_of(page + shift, len), len ? draw(state) % len : 0);
		}
	}
	free_guarded(page, size);
}

static void check_long_texts(const struct subject *s, uint64_t *state)
{
	size_t len = LONG_TEXT;
	unsigned char *text = xmalloc(len);

	for (int round = 0; round < 24; round++) {
		fill(s, text, len, state);
		check(s, slice_of(text, len - draw(state) % 70), draw(state) % 70);
	}
	free(text);
}

/* All the same byte, and all the same anchor: the most candidates there can be.
 */
static void check_floods(const struct subject *s)
{
	unsigned char text[1500];

	for (size_t a = 0; a < s->count; a++) {
		for (size_t at = 0; at < sizeof(text); at++)
			text[at] = s->anchors[a].ptr[at % s->anchors[a].len];
		check(s, slice_of(text, sizeof(text)), 0);
		memset(text, s->anchors[a].ptr[0], sizeof(text));
		check(s, slice_of(text, sizeof(text)), 0);
	}
}

static void check_variant(enum prefilter_variant variant)
{
	uint64_t state = 20261123;

	if (!is_there(variant))
		skip();
	for (size_t i = 0; i < SETS; i++) {
		struct subject s;

		subject_init(&s, sets[i], variant);
		check_floods(&s);
		check_alignments(&s, &state);
		check_long_texts(&s, &state);
		subject_dispose(&s);
	}
}

static void plain_finds_what_is_there(void **state)
{
	check_variant(PREFILTER_PLAIN);
}

static void ssse3_finds_what_is_there(void **state)
{
	check_variant(PREFILTER_SSSE3);
}

static void avx2_finds_what_is_there(void **state)
{
	check_variant(PREFILTER_AVX2);
}

static void neon_finds_what_is_there(void **state)
{
	check_variant(PREFILTER_NEON);
}

/* Two bytes each, so that one begins with every byte there is. */
static void as_many_anchors_as_there_may_be_are_found(void **test_state)
{
	unsigned char bytes[PREFILTER_MAX_ANCHORS][2], text[2000];
	uint64_t state = 7;

	for (int variant = PREFILTER_AUTO; variant <= PREFILTER_NEON; variant++) {
		struct subject s = {.count = PREFILTER_MAX_ANCHORS};

		if (!is_there((enum prefilter_variant)variant))
			continue;
		for (size_t i = 0; i < s.count; i++) {
			bytes[i][0] = (unsigned char)(i * 37);
			bytes[i][1] = (unsigned char)(i / 3);
			s.anchors[i] = slice_of(bytes[i], 2);
		}
		subject_ready(&s, (enum prefilter_variant)variant);
		for (int round = 0; round < 50; round++) {
			fill(&s, text, sizeof(text), &state);
			check(&s, slice_of(text, sizeof(text)), 0);
		}
		subject_dispose(&s);
	}
}

/* Beginnings that all are ASCII are looked at in another way. */
enum { ASCII_BYTES, FEW_BYTES, HIGH_BYTES, ANY_BYTES, BYTES_COUNT };

static unsigned char draw_byte(uint64_t *state, unsigned kind)
{
	uint64_t any = draw(state);

	switch (kind) {
	case ASCII_BYTES:
		return (unsigned char)(any & 0x7f);
	case FEW_BYTES:
		return (unsigned char)"ab\xe1\x81"[any & 3];
	case HIGH_BYTES:
		return (unsigned char)(any | 0x80);
	default:
		return (unsigned char)any;
	}
}

/* Somebody's own rules may begin with anything. */
static void draw_anchors(struct subject *s, unsigned char bytes[][PREFILTER_MAX_ANCHOR],
			 uint64_t *state)
{
	unsigned kind = (unsigned)(draw(state) % BYTES_COUNT);
	size_t least = PREFILTER_MIN_ANCHOR + draw(state) % 3;
	size_t most = least + draw(state) % (PREFILTER_MAX_ANCHOR - least + 1);

	s->count = 1 + draw(state) % CROWD_MAX;
	for (size_t i = 0; i < s->count; i++) {
		size_t len = least + draw(state) % (most - least + 1);

		for (size_t at = 0; at < len; at++)
			bytes[i][at] = draw_byte(state, at < 3 ? kind : ANY_BYTES);
		s->anchors[i] = slice_of(bytes[i], len);
	}
}

static void anchors_of_all_kinds_are_found(void **test_state)
{
	unsigned char bytes[CROWD_MAX][PREFILTER_MAX_ANCHOR], text[300];
	uint64_t state = 20261129;

	for (int round = 0; round < 200; round++) {
		int variant = PREFILTER_PLAIN + round % (PREFILTER_NEON - PREFILTER_PLAIN + 1);
		struct subject s = {.count = 0};

		draw_anchors(&s, bytes, &state);
		if (!is_there((enum prefilter_variant)variant))
			continue;
		subject_ready(&s, (enum prefilter_variant)variant);
		for (size_t len = 0; len <= sizeof(text); len++) {
			fill(&s, text, len, &state);
			check(&s, slice_of(text, len), len ? draw(&state) % len : 0);
		}
		subject_dispose(&s);
	}
}

/* What a scan looks for is dealt by hand; what somebody adds goes where it fits. */
static void the_built_in_ones_are_found_whatever_is_added(void **test_state)
{
	unsigned char bytes[CROWD_MAX][PREFILTER_MAX_ANCHOR];
	struct rules *rules = rules_new();
	struct patterns *patterns = NULL;
	uint64_t state = 1129;
	struct err err;
	size_t count;

	assert_int_equal(rules_add_builtin(rules, &err), 0);
	assert_int_equal(patterns_new(&patterns, rules, &err), 0);
	for (int round = 0; round < 4 * (PREFILTER_NEON + 1); round++) {
		int variant = round / 4;
		const struct slice *strings = patterns_strings(patterns, &count);
		struct subject s = {.count = 0};

		if (!is_there((enum prefilter_variant)variant))
			continue;
		if (round % 4)
			draw_anchors(&s, bytes, &state);
		memcpy(s.anchors + s.count, strings, count * sizeof(*strings));
		s.count += count;
		subject_ready(&s, (enum prefilter_variant)variant);
		check_floods(&s);
		check_long_texts(&s, &state);
		subject_dispose(&s);
	}
	patterns_free(patterns);
	rules_free(rules);
}

static void auto_is_one_of_them(void **state)
{
	struct subject s;
	const struct slice *anchors;
	size_t count;

	subject_init(&s, todays, PREFILTER_AUTO);
	assert_string_not_equal(prefilter_variant_name(s.prefilter), "auto");
	if (is_there(PREFILTER_AVX2))
		assert_string_equal(prefilter_variant_name(s.prefilter), "avx2");
	anchors = prefilter_anchors(s.prefilter, &count);
	assert_int_equal(count, sizeof(todays) / sizeof(*todays) - 1);
	for (size_t i = 0; i < count; i++)
		assert_true(slice_eq(anchors[i], slice_str(todays[i])));
	subject_dispose(&s);
}

static void a_variant_this_machine_lacks_is_refused(void **state)
{
	const struct slice anchor = SLICE("hf_");
	struct prefilter *p;
	struct err err;

	for (int variant = PREFILTER_AUTO; variant <= PREFILTER_NEON; variant++)
		if (!is_there((enum prefilter_variant)variant))
			assert_int_equal(prefilter_new(&p, &anchor, 1,
						       (enum prefilter_variant)variant, &err),
					 HF_EUSAGE);
}

static void anchors_that_cannot_be_are_refused(void **state)
{
	const struct slice short_one = SLICE("x"), empty = SLICE("");
	const struct slice long_one = SLICE("123456789012345678901234567890123");
	struct slice too_many[PREFILTER_MAX_ANCHORS + 1];
	struct prefilter *p;
	struct err err;

	for (size_t i = 0; i <= PREFILTER_MAX_ANCHORS; i++)
		too_many[i] = SLICE("hf_");
	assert_int_equal(
		prefilter_new(&p, too_many, PREFILTER_MAX_ANCHORS + 1, PREFILTER_AUTO, &err),
		HF_ELIMIT);
	assert_int_equal(prefilter_new(&p, &short_one, 1, PREFILTER_AUTO, &err), HF_ELIMIT);
	assert_int_equal(prefilter_new(&p, &empty, 1, PREFILTER_AUTO, &err), HF_ELIMIT);
	assert_int_equal(prefilter_new(&p, &long_one, 1, PREFILTER_AUTO, &err), HF_ELIMIT);
	assert_int_equal(prefilter_new(&p, &long_one, 0, PREFILTER_AUTO, &err), HF_ELIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_finds_what_is_there),
		cmocka_unit_test(ssse3_finds_what_is_there),
		cmocka_unit_test(avx2_finds_what_is_there),
		cmocka_unit_test(neon_finds_what_is_there),
		cmocka_unit_test(as_many_anchors_as_there_may_be_are_found),
		cmocka_unit_test(anchors_of_all_kinds_are_found),
		cmocka_unit_test(the_built_in_ones_are_found_whatever_is_added),
		cmocka_unit_test(auto_is_one_of_them),
		cmocka_unit_test(a_variant_this_machine_lacks_is_refused),
		cmocka_unit_test(anchors_that_cannot_be_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
