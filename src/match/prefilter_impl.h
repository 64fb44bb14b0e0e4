/* What the prefilter's variants share; private to them. */
#ifndef MATCH_PREFILTER_IMPL_H
#define MATCH_PREFILTER_IMPL_H

#include "match/prefilter.h"

#include <stdbool.h>
#include <stdint.h>

#define BUCKETS 8
/* Bytes of an anchor the shuffles look at. */
#define FINGERPRINT 4
/* Of them, those that every anchor of the rules has. */
#define SURE_BYTES 3

/* Receives candidates while there is room for all of one position. */
struct collector {
	struct candidate *out;
	size_t count, max;
};

struct prefilter {
	struct slice *anchors;
	size_t count;
	size_t shortest;
	bool begins_ascii; /* each anchor has SURE_BYTES, and they are ASCII */
	/* Which anchors begin with a byte: members[first[b] .. first[b + 1]), and the second
	 * byte of each, in which most differ. */
	unsigned char *members, *seconds;
	size_t first[257];
	/* Of each first byte, a bit for each second. */
	uint64_t pairs[256][4];
	/* For each byte of the fingerprint and each nibble, the buckets that
	 * have an anchor with it there, one bit a bucket. */
	_Alignas(16) uint8_t low[FINGERPRINT][16];
	_Alignas(16) uint8_t high[FINGERPRINT][16];
	enum prefilter_variant variant;
	/* Searches positions [beg, end) and returns where it stopped: end, or
	 * earlier when the collector is full or a vector would not fit. */
	size_t (*sweep)(const struct prefilter *p, struct slice text, size_t beg, size_t end,
			struct collector *c);
};

/* Whether an anchor begins with these. */
static inline bool prefilter_has_pair(const struct prefilter *p, unsigned first, unsigned second)
{
	return p->pairs[first][second / 64] >> second % 64 & 1;
}

/* Adds every anchor that stands at pos. False when there may be no room. */
bool prefilter_verify(const struct prefilter *p, struct slice text, size_t pos,
		      struct collector *c);

/* The variants: NULL where this build or processor has none. */
typedef size_t (*prefilter_sweep)(const struct prefilter *, struct slice, size_t, size_t,
				  struct collector *);
prefilter_sweep prefilter_sweep_ssse3(void);
prefilter_sweep prefilter_sweep_avx2(void);
prefilter_sweep prefilter_sweep_neon(void);

#endif
