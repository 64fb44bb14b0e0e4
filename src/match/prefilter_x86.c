/*
 * The shuffles of prefilter.c on x86: 16 positions a step with SSSE3, 32 with
 * AVX2. Both are compiled always and chosen at run time.
 */
#include "match/prefilter_impl.h"

#if defined(__x86_64__) || defined(__i386__)

#include <immintrin.h>

/* Has prefilter_verify() look at each position whose bit is set in hits. */
static bool verify_hits(const struct prefilter *p, struct slice text, size_t pos, uint64_t hits,
			struct collector *c, size_t *stopped)
{
	while (hits) {
		size_t at = pos + (size_t)__builtin_ctzll(hits);

		if (!prefilter_verify(p, text, at, c)) {
			*stopped = at;
			return false;
		}
		hits &= hits - 1;
	}
	return true;
}

#define VECTOR   16
#define OVERREAD (FINGERPRINT - 1)

__attribute__((target("ssse3"))) static inline __m128i buckets16(const struct prefilter *p,
								 const unsigned char *at, int i)
{
	const __m128i half = _mm_set1_epi8(15);
	__m128i bytes = _mm_loadu_si128((const __m128i *)(at + i));
	__m128i low = _mm_load_si128((const __m128i *)p->low[i]);
	__m128i high = _mm_load_si128((const __m128i *)p->high[i]);

	return _mm_and_si128(_mm_shuffle_epi8(low, _mm_and_si128(bytes, half)),
			     _mm_shuffle_epi8(high, _mm_and_si128(_mm_srli_epi16(bytes, 4), half)));
}

__attribute__((target("ssse3"))) static size_t sweep_ssse3(const struct prefilter *p,
							   struct slice text, size_t beg,
							   size_t end, struct collector *c)
{
	size_t pos = beg, stopped;

	while (pos + VECTOR <= end && pos + VECTOR + OVERREAD <= text.len) {
		const unsigned char *at = text.ptr + pos;
		__m128i fits =
			_mm_and_si128(_mm_and_si128(buckets16(p, at, 0), buckets16(p, at, 1)),
				      _mm_and_si128(buckets16(p, at, 2), buckets16(p, at, 3)));
		__m128i none = _mm_cmpeq_epi8(fits, _mm_setzero_si128());
		uint32_t hits = ~(uint32_t)_mm_movemask_epi8(none) & 0xffff;

		if (hits && !verify_hits(p, text, pos, hits, c, &stopped))
			return stopped;
		pos += VECTOR;
	}
	return pos;
}

#define WIDE 32

struct tables32 {
	__m256i low[FINGERPRINT], high[FINGERPRINT];
};

__attribute__((target("avx2"))) static inline struct tables32 load_tables(const struct prefilter *p)
{
	struct tables32 t;

	for (int i = 0; i < FINGERPRINT; i++) {
		t.low[i] = _mm256_broadcastsi128_si256(_mm_load_si128((const __m128i *)p->low[i]));
		t.high[i] =
			_mm256_broadcastsi128_si256(_mm_load_si128((const __m128i *)p->high[i]));
	}
	return t;
}

/* The shuffle looks at a byte's low half, and gives 0 where its top bit is set. */
__attribute__((target("avx2"))) static inline __m256i
low32(const struct tables32 *t, const unsigned char *at, int i, bool ascii)
{
	__m256i bytes = _mm256_loadu_si256((const __m256i *)(at + i));

	return _mm256_shuffle_epi8(t->low[i],
				   ascii ? bytes : _mm256_and_si256(bytes, _mm256_set1_epi8(15)));
}

__attribute__((target("avx2"))) static inline __m256i
buckets32(const struct tables32 *t, const unsigned char *at, int i, bool ascii)
{
	__m256i bytes = _mm256_loadu_si256((const __m256i *)(at + i));
	__m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));

	return _mm256_and_si256(low32(t, at, i, ascii), _mm256_shuffle_epi8(t->high[i], high));
}

/* The first bytes alone: what is common passes few of them. */
__attribute__((target("avx2"))) static inline __m256i may_fit32(const struct tables32 *t,
								const unsigned char *at, bool ascii)
{
	return _mm256_and_si256(
		_mm256_and_si256(buckets32(t, at, 0, ascii), buckets32(t, at, 1, ascii)),
		buckets32(t, at, 2, ascii));
}

/* Where the next two vectors are in which something may fit, or end. Has no room for
 * anything else: the tables fill the registers. */
__attribute__((target("avx2"), always_inline)) static inline size_t
skip(const struct prefilter *p, const unsigned char *text, size_t beg, size_t end, bool ascii)
{
	const struct tables32 tables = load_tables(p);

	for (; beg < end; beg += 2 * WIDE) {
		const unsigned char *at = text + beg;
		__m256i both = _mm256_or_si256(may_fit32(&tables, at, ascii),
					       may_fit32(&tables, at + WIDE, ascii));

		if (!_mm256_testz_si256(both, both))
			break;
	}
	return beg;
}

__attribute__((target("avx2"), noinline)) static size_t
skip_ascii(const struct prefilter *p, const unsigned char *text, size_t beg, size_t end)
{
	return skip(p, text, beg, end, true);
}

__attribute__((target("avx2"), noinline)) static size_t
skip_any(const struct prefilter *p, const unsigned char *text, size_t beg, size_t end)
{
	return skip(p, text, beg, end, false);
}

__attribute__((target("avx2"))) static inline uint32_t hits32(const struct tables32 *t,
							      const unsigned char *at)
{
	__m256i fits = buckets32(t, at, 0, false);

	for (int i = 1; i < FINGERPRINT; i++)
		fits = _mm256_and_si256(fits, buckets32(t, at, i, false));
	return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(fits, _mm256_setzero_si256()));
}

/* The same for both vectors of a step. */
__attribute__((target("avx2"), noinline)) static uint64_t hits64(const struct prefilter *p,
								 const unsigned char *at)
{
	const struct tables32 tables = load_tables(p);

	return hits32(&tables, at) | (uint64_t)hits32(&tables, at + WIDE) << WIDE;
}

__attribute__((target("avx2"))) static size_t sweep_avx2(const struct prefilter *p,
							 struct slice text, size_t beg, size_t end,
							 struct collector *c)
{
	size_t pos = beg, last, stopped;

	if (end + OVERREAD > text.len)
		end = text.len > OVERREAD ? text.len - OVERREAD : 0;
	if (end < beg + 2 * WIDE)
		return beg;
	last = end - 2 * WIDE;
	while (pos < end) {
		size_t at;

		pos = p->begins_ascii ? skip_ascii(p, text.ptr, pos, last)
				      : skip_any(p, text.ptr, pos, last);
		/* The last step looks once more at what lies before pos. */
		at = pos < last ? pos : last;
		if (!verify_hits(p, text, pos, hits64(p, text.ptr + at) >> (pos - at), c, &stopped))
			return stopped;
		pos = at + 2 * WIDE;
	}
	return pos;
}

prefilter_sweep prefilter_sweep_ssse3(void)
{
	return __builtin_cpu_supports("ssse3") ? sweep_ssse3 : NULL;
}

prefilter_sweep prefilter_sweep_avx2(void)
{
	return __builtin_cpu_supports("avx2") ? sweep_avx2 : NULL;
}

#else

prefilter_sweep prefilter_sweep_ssse3(void)
{
	return NULL;
}

prefilter_sweep prefilter_sweep_avx2(void)
{
	return NULL;
}

#endif
