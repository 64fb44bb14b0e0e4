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

/* Keeps the compiler from reading the same bytes twice, and from working on so many at
 * once that there are no registers for the tables. */
#define STAY(vector) __asm__ volatile("" : "+x"(vector))

__attribute__((target("avx2"))) static inline __m256i load32(const unsigned char *at, int i)
{
	__m256i bytes = _mm256_loadu_si256((const __m256i *)(at + i));

	STAY(bytes);
	return bytes;
}

/* The shuffle looks at a byte's low half, and gives 0 where its top bit is set. */
__attribute__((target("avx2"))) static inline __m256i low32(const struct tables32 *t, __m256i bytes,
							    int i, bool ascii)
{
	const __m256i half = _mm256_set1_epi8(15);

	return _mm256_shuffle_epi8(t->low[i], ascii ? bytes : _mm256_and_si256(bytes, half));
}

__attribute__((target("avx2"))) static inline __m256i high32(const struct tables32 *t,
							     __m256i bytes, int i)
{
	const __m256i half = _mm256_set1_epi8(15);
	__m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half);

	return _mm256_shuffle_epi8(t->high[i], high);
}

/* All low halves, which are the cheaper ones, and one high half: what is common passes
 * few of them. */
__attribute__((target("avx2"))) static inline __m256i may_fit32(const struct tables32 *t,
								const unsigned char *at, bool ascii)
{
	__m256i bytes = load32(at, 0);
	__m256i fits = _mm256_and_si256(low32(t, bytes, 0, ascii), high32(t, bytes, 0));

	for (int i = 1; i < FINGERPRINT; i++)
		fits = _mm256_and_si256(fits, low32(t, load32(at, i), i, ascii && i < SURE_BYTES));
	STAY(fits);
	return fits;
}

/* Of what may fit, a bit for each that does when the other halves are looked at too. */
__attribute__((target("avx2"))) static inline uint64_t fits32(const struct tables32 *t,
							      const unsigned char *at, __m256i fits)
{
	for (int i = 1; i < FINGERPRINT; i++)
		fits = _mm256_and_si256(fits, high32(t, load32(at, i), i));
	return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(fits, _mm256_setzero_si256()));
}

/* A bit for each of two vectors' positions. */
__attribute__((target("avx2"), always_inline)) static inline uint64_t
step(const struct tables32 *t, const unsigned char *at, bool ascii)
{
	__m256i first = may_fit32(t, at, ascii), second = may_fit32(t, at + WIDE, ascii);
	__m256i both = _mm256_or_si256(first, second);

	if (_mm256_testz_si256(both, both))
		return 0;
	return fits32(t, at, first) | fits32(t, at + WIDE, second) << WIDE;
}

/* Of what fits, what has the first two bytes of an anchor: to stop costs as much as ten steps. */
static inline uint64_t begin_anchors(const struct prefilter *p, const unsigned char *at,
				     uint64_t fits)
{
	uint64_t begin = 0;

	for (; fits; fits &= fits - 1) {
		const unsigned char *text = at + __builtin_ctzll(fits);

		if (prefilter_has_pair(p, text[0], text[1]))
			begin |= fits & -fits;
	}
	return begin;
}

/* Where the next step is in which an anchor may begin, or end; *hits is where in it. Calls
 * nothing: the tables stay in registers. */
__attribute__((target("avx2"), always_inline)) static inline size_t skip(const struct prefilter *p,
									 const unsigned char *text,
									 size_t beg, size_t end,
									 bool ascii, uint64_t *hits)
{
	const struct tables32 tables = load_tables(p);
	uint64_t fits = 0;

	for (; beg < end; beg += 2 * WIDE) {
		fits = step(&tables, text + beg, ascii);
		if (fits)
			fits = begin_anchors(p, text + beg, fits);
		if (fits)
			break;
	}
	*hits = fits;
	return beg;
}

__attribute__((target("avx2"), noinline)) static size_t skip_ascii(const struct prefilter *p,
								   const unsigned char *text,
								   size_t beg, size_t end,
								   uint64_t *hits)
{
	return skip(p, text, beg, end, true, hits);
}

__attribute__((target("avx2"), noinline)) static size_t skip_any(const struct prefilter *p,
								 const unsigned char *text,
								 size_t beg, size_t end,
								 uint64_t *hits)
{
	return skip(p, text, beg, end, false, hits);
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
		uint64_t hits;
		size_t at;

		pos = p->begins_ascii ? skip_ascii(p, text.ptr, pos, last, &hits)
				      : skip_any(p, text.ptr, pos, last, &hits);
		at = pos;
		if (at >= last) {
			/* The last step looks once more at what lies before pos. */
			at = last;
			skip_any(p, text.ptr, at, at + 1, &hits);
			hits >>= pos - at;
		}
		if (!verify_hits(p, text, pos, hits, c, &stopped))
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
