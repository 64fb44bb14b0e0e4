/*
 * The plain search is the definition: at every position, take the anchors that
 * begin with the byte there and compare each.
 *
 * The fast search asks a cheaper question first, of 16 or 32 positions at
 * once: can an anchor begin here at all? The anchors are dealt into eight
 * buckets, one bit of a byte each. For the first byte of an anchor two tables
 * of 16 entries tell, for the low and for the high half of a byte of text,
 * which buckets have an anchor with such a half there; a byte shuffle looks up
 * 16 halves in one instruction, and the AND of both look-ups leaves the
 * buckets whose first byte may fit. The same is done for the next bytes, each
 * with the text moved on by one, and the AND of all leaves a bit only where
 * nearly always an anchor does stand; there the plain comparison decides. So
 * the fast search can report nothing that the plain one does not, and misses
 * nothing, since an anchor's own bytes pass every table. (The method is known
 * as Teddy, from Hyperscan: Wang et al., "Hyperscan: A Fast Multi-pattern
 * Regex Matcher for Modern CPUs", NSDI 2019.)
 */
#include "match/prefilter_impl.h"

#include "base/alloc.h"

#include <stdlib.h>

/* ---- the plain variant ---- */

bool prefilter_verify(const struct prefilter *p, struct slice text, size_t pos, struct collector *c)
{
	unsigned byte = text.ptr[pos], second = text.ptr[pos + 1];
	size_t left = text.len - pos;

	if (c->max - c->count < p->count)
		return false;
	if (!prefilter_has_pair(p, byte, second))
		return true;
	for (size_t i = p->first[byte]; i < p->first[byte + 1]; i++) {
		struct slice wanted;

		if (p->seconds[i] != second)
			continue;
		wanted = p->anchors[p->members[i]];
		if (wanted.len <= left && memcmp(text.ptr + pos, wanted.ptr, wanted.len) == 0)
			c->out[c->count++] = (struct candidate){pos, p->members[i]};
	}
	return true;
}

static size_t sweep_plain(const struct prefilter *p, struct slice text, size_t beg, size_t end,
			  struct collector *c)
{
	for (size_t pos = beg; pos < end; pos++) {
		unsigned byte = text.ptr[pos];

		if (p->first[byte] != p->first[byte + 1] && !prefilter_verify(p, text, pos, c))
			return pos;
	}
	return end;
}

/* ---- building ---- */

static int check_anchors(const struct slice *anchors, size_t count, struct err *err)
{
	if (count == 0 || count > PREFILTER_MAX_ANCHORS)
		return err_set(err, HF_ELIMIT, "%zu anchors; there may be 1 to %d", count,
			       PREFILTER_MAX_ANCHORS);
	for (size_t i = 0; i < count; i++)
		if (anchors[i].len < PREFILTER_MIN_ANCHOR || anchors[i].len > PREFILTER_MAX_ANCHOR)
			return err_set(err, HF_ELIMIT,
				       "an anchor has %zu bytes; it may have %d to %d",
				       anchors[i].len, PREFILTER_MIN_ANCHOR, PREFILTER_MAX_ANCHOR);
	return 0;
}

static bool begins_ascii(struct slice anchor)
{
	for (size_t i = 0; i < SURE_BYTES; i++)
		if (i >= anchor.len || anchor.ptr[i] >= 0x80)
			return false;
	return true;
}

static void copy_anchors(struct prefilter *p, const struct slice *anchors, size_t count)
{
	p->anchors = xcalloc(count, sizeof(*p->anchors));
	p->count = count;
	p->shortest = anchors[0].len;
	p->begins_ascii = true;
	for (size_t i = 0; i < count; i++) {
		p->anchors[i] = slice_of(xmemdup0(anchors[i].ptr, anchors[i].len), anchors[i].len);
		p->begins_ascii = p->begins_ascii && begins_ascii(anchors[i]);
		if (anchors[i].len < p->shortest)
			p->shortest = anchors[i].len;
	}
}

static void index_by_first_byte(struct prefilter *p)
{
	size_t n = 0;

	p->members = xmalloc(p->count);
	p->seconds = xmalloc(p->count);
	for (unsigned byte = 0; byte < 256; byte++) {
		p->first[byte] = n;
		for (size_t i = 0; i < p->count; i++) {
			unsigned second = p->anchors[i].ptr[1];

			if (p->anchors[i].ptr[0] != byte)
				continue;
			p->pairs[byte][second / 64] |= UINT64_C(1) << second % 64;
			p->seconds[n] = (unsigned char)second;
			p->members[n++] = (unsigned char)i;
		}
	}
	p->first[256] = n;
}

/* Anchors that begin alike share a bucket, so that one does not widen the tables of
 * another. How far to look for such, in order of their bytes. */
#define NEAR 4

/* 16 bits for each byte of the fingerprint, one for each half that it may have. */
struct bucket {
	uint64_t low, high;
	unsigned texts; /* that pass what is looked at first, as if all halves were alike */
};

_Static_assert(FINGERPRINT * 16 <= 64, "a fingerprint's halves fit in a word");

/* Of each 16 bits, how many are set. */
static uint64_t count_bits(uint64_t bits)
{
	bits -= bits >> 1 & UINT64_C(0x5555555555555555);
	bits = (bits & UINT64_C(0x3333333333333333)) + (bits >> 2 & UINT64_C(0x3333333333333333));
	bits = (bits + (bits >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	return (bits + (bits >> 8)) & UINT64_C(0x001f001f001f001f);
}

static struct bucket bucket_with(uint64_t low, uint64_t high)
{
	struct bucket b = {.low = low, .high = high, .texts = 1};

	low = count_bits(low);
	high = count_bits(high);
	b.texts *= (unsigned)(high & 0xff);
	for (size_t at = 0; at < FINGERPRINT; at++)
		b.texts *= (unsigned)(low >> 16 * at & 0xff);
	return b;
}

static struct bucket bucket_of(struct slice anchor)
{
	uint64_t low = 0, high = 0;

	for (size_t at = 0; at < FINGERPRINT; at++) {
		bool any = at >= anchor.len;

		low |= (any ? UINT64_C(0xffff) : UINT64_C(1) << (anchor.ptr[at] & 15)) << 16 * at;
		high |= (any ? UINT64_C(0xffff) : UINT64_C(1) << (anchor.ptr[at] >> 4)) << 16 * at;
	}
	return bucket_with(low, high);
}

/* Of each and the NEAR next, the two are joined that this widens least. */
static void join_nearest(struct bucket *buckets, size_t count)
{
	struct bucket best = {.texts = 0};
	int64_t least = INT64_MAX;
	size_t one = 0, other = 1;

	for (size_t i = 0; i + 1 < count; i++) {
		for (size_t j = i + 1; j < count && j <= i + NEAR; j++) {
			struct bucket joined = bucket_with(buckets[i].low | buckets[j].low,
							   buckets[i].high | buckets[j].high);
			int64_t more = (int64_t)joined.texts - buckets[i].texts - buckets[j].texts;

			if (more >= least)
				continue;
			least = more;
			best = joined;
			one = i;
			other = j;
		}
	}
	buckets[one] = best;
	memmove(&buckets[other], &buckets[other + 1], (count - other - 1) * sizeof(*buckets));
}

static int by_bytes(const void *left, const void *right)
{
	const struct slice *a = left, *b = right;

	return slice_cmp(*a, *b);
}

static bool covers(const struct bucket *b, const struct bucket *other)
{
	return !(other->low & ~b->low) && !(other->high & ~b->high);
}

/* Beginnings of the built-in rules' anchors that were seen to go well together;
 * tests/bench/README.md tells how. Those of somebody's own rules go where they widen least. */
#define BEGINNING(text, bucket)                                                                    \
	{                                                                                          \
		{(const unsigned char *)(text), sizeof(text) - 1}, bucket                          \
	}
static const struct {
	struct slice text;
	unsigned bucket;
} dealt[] = {
	BEGINNING("hm", 0),    BEGINNING("hf", 0),   BEGINNING("h=", 0),    BEGINNING("\"f_", 1),
	BEGINNING("%68", 1),   BEGINNING("HF", 2),   BEGINNING("Hf", 2),    BEGINNING("&", 3),
	BEGINNING("68", 4),    BEGINNING("\\", 4),   BEGINNING("api", 5),   BEGINNING("a\0", 5),
	BEGINNING("h\0\0", 5), BEGINNING("aGZ", 5),  BEGINNING("oauth", 6), BEGINNING("oZ", 6),
	BEGINNING("o\n", 6),   BEGINNING("o\r", 6),  BEGINNING("HU", 7),    BEGINNING("hu", 7),
	BEGINNING("o\0", 7),   BEGINNING("h\0f", 7),
};
#define NOT_DEALT BUCKETS

static unsigned dealt_into(struct slice anchor)
{
	for (size_t i = 0; i < sizeof(dealt) / sizeof(dealt[0]); i++)
		if (slice_has_prefix(anchor, dealt[i].text))
			return dealt[i].bucket;
	return NOT_DEALT;
}

/* One for what was dealt together, and one for each other beginning that no shorter one tells;
 * returns how many. */
static size_t make_buckets(const struct prefilter *p, struct bucket *buckets)
{
	struct slice *sorted = xmalloc(p->count * sizeof(*sorted));
	size_t count = 0, place[BUCKETS + 1];

	for (size_t i = 0; i <= NOT_DEALT; i++)
		place[i] = p->count;
	memcpy(sorted, p->anchors, p->count * sizeof(*sorted));
	qsort(sorted, p->count, sizeof(*sorted), by_bytes);
	for (size_t i = 0; i < p->count; i++) {
		struct bucket b = bucket_of(sorted[i]);
		unsigned into = dealt_into(sorted[i]);
		size_t at = into == NOT_DEALT && count ? count - 1 : place[into];

		if (at < count && covers(&buckets[at], &b))
			continue;
		if (into != NOT_DEALT && at < count) {
			buckets[at] =
				bucket_with(buckets[at].low | b.low, buckets[at].high | b.high);
			continue;
		}
		place[into] = count;
		buckets[count++] = b;
	}
	free(sorted);
	return count;
}

static void fill_tables(struct prefilter *p)
{
	struct bucket *buckets = xcalloc(p->count, sizeof(*buckets));
	size_t count = make_buckets(p, buckets);

	for (; count > BUCKETS; count--)
		join_nearest(buckets, count);
	for (size_t i = 0; i < count; i++) {
		for (size_t at = 0; at < FINGERPRINT; at++) {
			for (unsigned half = 0; half < 16; half++) {
				p->low[at][half] |=
					(uint8_t)((buckets[i].low >> (16 * at + half) & 1) << i);
				p->high[at][half] |=
					(uint8_t)((buckets[i].high >> (16 * at + half) & 1) << i);
			}
		}
	}
	free(buckets);
}

static prefilter_sweep find_sweep(enum prefilter_variant variant)
{
	switch (variant) {
	case PREFILTER_PLAIN:
		return sweep_plain;
	case PREFILTER_SSSE3:
		return prefilter_sweep_ssse3();
	case PREFILTER_AVX2:
		return prefilter_sweep_avx2();
	case PREFILTER_NEON:
		return prefilter_sweep_neon();
	case PREFILTER_AUTO:
		break;
	}
	return NULL;
}

static void choose_sweep(struct prefilter *p, enum prefilter_variant variant)
{
	static const enum prefilter_variant best_first[] = {PREFILTER_AVX2, PREFILTER_NEON,
							    PREFILTER_SSSE3, PREFILTER_PLAIN};

	p->variant = variant;
	p->sweep = find_sweep(variant);
	if (variant != PREFILTER_AUTO)
		return;
	for (size_t i = 0; !p->sweep; i++) {
		p->variant = best_first[i];
		p->sweep = find_sweep(best_first[i]);
	}
}

int prefilter_new(struct prefilter **out, const struct slice *anchors, size_t count,
		  enum prefilter_variant variant, struct err *err)
{
	struct prefilter *p;
	int rc = check_anchors(anchors, count, err);

	if (rc < 0)
		return rc;
	p = xcalloc(1, sizeof(*p));
	choose_sweep(p, variant);
	if (!p->sweep) {
		free(p);
		return err_set(err, HF_EUSAGE,
			       "this processor or build lacks that instruction set");
	}
	copy_anchors(p, anchors, count);
	index_by_first_byte(p);
	fill_tables(p);
	*out = p;
	return 0;
}

void prefilter_free(struct prefilter *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->count; i++)
		free((void *)p->anchors[i].ptr);
	free(p->anchors);
	free(p->members);
	free(p->seconds);
	free(p);
}

/* ---- running ---- */

size_t prefilter_run(const struct prefilter *p, struct slice text, size_t beg,
		     struct candidate *out, size_t max, size_t *resume)
{
	struct collector c = {.out = out, .max = max};
	size_t pos;

	*resume = text.len;
	if (text.len < p->shortest || beg > text.len - p->shortest)
		return 0;
	pos = p->sweep(p, text, beg, text.len - p->shortest + 1, &c);
	if (c.max - c.count >= p->count) /* what no vector fits into any more */
		pos = sweep_plain(p, text, pos, text.len - p->shortest + 1, &c);
	if (pos < text.len - p->shortest + 1)
		*resume = pos;
	return c.count;
}

const struct slice *prefilter_anchors(const struct prefilter *p, size_t *count)
{
	*count = p->count;
	return p->anchors;
}

const char *prefilter_variant_name(const struct prefilter *p)
{
	static const char *const names[] = {
		[PREFILTER_AUTO] = "auto", [PREFILTER_PLAIN] = "plain", [PREFILTER_SSSE3] = "ssse3",
		[PREFILTER_AVX2] = "avx2", [PREFILTER_NEON] = "neon",
	};

	return names[p->variant];
}
