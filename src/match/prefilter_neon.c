/* The shuffles of prefilter.c on 64-bit ARM: 16 positions a step with NEON,
 * which every such processor has. */
#include "match/prefilter_impl.h"

#if defined(__aarch64__)

#include <arm_neon.h>

#define VECTOR   16
#define OVERREAD (FINGERPRINT - 1)

static inline uint8x16_t buckets16(const struct prefilter *p, const unsigned char *at, int i)
{
	uint8x16_t bytes = vld1q_u8(at + i);
	uint8x16_t low = vqtbl1q_u8(vld1q_u8(p->low[i]), vandq_u8(bytes, vdupq_n_u8(15)));
	uint8x16_t high = vqtbl1q_u8(vld1q_u8(p->high[i]), vshrq_n_u8(bytes, 4));

	return vandq_u8(low, high);
}

static size_t sweep_neon(const struct prefilter *p, struct slice text, size_t beg, size_t end,
			 struct collector *c)
{
	size_t pos = beg;

	while (pos + VECTOR <= end && pos + VECTOR + OVERREAD <= text.len) {
		const unsigned char *at = text.ptr + pos;
		uint8x16_t fits = vandq_u8(vandq_u8(buckets16(p, at, 0), buckets16(p, at, 1)),
					   vandq_u8(buckets16(p, at, 2), buckets16(p, at, 3)));
		uint8_t lane[VECTOR];

		if (vmaxvq_u8(fits) != 0) {
			vst1q_u8(lane, fits);
			for (size_t i = 0; i < VECTOR; i++)
				if (lane[i] && !prefilter_verify(p, text, pos + i, c))
					return pos + i;
		}
		pos += VECTOR;
	}
	return pos;
}

prefilter_sweep prefilter_sweep_neon(void)
{
	return sweep_neon;
}

#else

prefilter_sweep prefilter_sweep_neon(void)
{
	return NULL;
}

#endif
