/* match/prefilter: every variant gives the candidates that comparing each
 * anchor at each byte gives, and reads no byte outside the text. */
#include "match/prefilter.h"

#include "base/alloc.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

/* The rules', a crowd, one, and such as begin alike or lie in each other. */
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
static const char *const *const sets[] = {todays, crowd, lone, nested};
#define SETS (sizeof(sets) / sizeof(*sets))

struct subject {
	struct slice anchors[32];
	size_t count;
	struct prefilter *prefilter;
};

static uint64_t draw(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

/* False when this machine has no such variant. */
static bool subject_init(struct subject *s, const char *const *set, enum prefilter_variant variant)
{
	s->count = 0;
	while (set[s->count]) {
		s->anchors[s->count] = slice_str(set[s->count]);
		s->count++;
	}
	return prefilter_new(&s->prefilter, s->anchors, s->count, variant, NULL) == 0;
}

static size_t find_plainly(const struct subject *s, struct slice text, size_t beg,
			   struct candidate *out)
{
	size_t found = 0;

	for (size_t pos = beg; pos < text.len; pos++)
		for (size_t a = 0; a < s->count; a++)
			if (text.len - pos >= s->anchors[a].len &&
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

		found += prefilter_run(s->prefilter, text, at, out + found, PREFILTER_MAX_ANCHORS,
				       &at);
		assert_true(at > before && at <= text.len);
	}
	return found;
}

static void check(const struct subject *s, struct slice text, size_t beg)
{
	size_t room = (text.len + 1) * s->count + PREFILTER_MAX_ANCHORS;
	struct candidate *wanted = xcalloc(room, sizeof(*wanted));
	struct candidate *got = xcalloc(room, sizeof(*got));
	size_t wanted_count = find_plainly(s, text, beg, wanted);
	size_t got_count = find_in_steps(s, text, beg, got);

	if (got_count != wanted_count)
		print_error("%s: %zu bytes at %zu from %zu\n", prefilter_variant_name(s->prefilter),
			    text.len, (size_t)((uintptr_t)text.ptr % 64), beg);
	assert_int_equal(got_count, wanted_count);
	for (size_t i = 0; i < got_count; i++) {
		assert_int_equal(got[i].pos, wanted[i].pos);
		assert_int_equal(got[i].anchor, wanted[i].anchor);
	}
	free(got);
	free(wanted);
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
		for (size_t shift = 0; shift < 64; shift += 1 + draw(state) % 3) {
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
	size_t len = 20000;
	unsigned char *text = xmalloc(len);

	for (int round = 0; round < 24; round++) {
		fill(s, text, len, state);
		check(s, slice_of(text, len - draw(state) % 70), draw(state) % 70);
	}
	free(text);
}

/* All the same byte, and all the same anchor: the most candidates there can be. */
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

	for (size_t i = 0; i < SETS; i++) {
		struct subject s;

		if (!subject_init(&s, sets[i], variant))
			skip();
		check_floods(&s);
		check_alignments(&s, &state);
		check_long_texts(&s, &state);
		prefilter_free(s.prefilter);
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

static void auto_is_one_of_them(void **state)
{
	struct subject s;

	assert_true(subject_init(&s, todays, PREFILTER_AUTO));
	assert_non_null(prefilter_variant_name(s.prefilter));
	assert_int_equal(prefilter_longest(s.prefilter), strlen("hf_oauth__refresh_"));
	prefilter_free(s.prefilter);
}

static void anchors_that_cannot_be_are_refused(void **state)
{
	const struct slice short_one = SLICE("x"), empty = SLICE("");
	const struct slice long_one = SLICE("123456789012345678901234567890123");
	struct prefilter *p;
	struct err err;

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
		cmocka_unit_test(auto_is_one_of_them),
		cmocka_unit_test(anchors_that_cannot_be_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
