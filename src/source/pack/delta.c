/* Every length is checked against what is left before it is used: packs are
 * scanned data. */
#include "source/pack/delta.h"

#include "base/endian.h"

/* A size of seven bits a byte, lowest first; NULL when it does not end. */
static const unsigned char *read_size(const unsigned char *p, const unsigned char *end,
				      uint64_t *size)
{
	*size = 0;
	for (unsigned shift = 0; p < end && shift < 63; shift += 7) {
		*size |= (uint64_t)(*p & 0x7f) << shift;
		if (!(*p++ & 0x80))
			return p;
	}
	return NULL;
}

static const unsigned char *read_sizes(struct slice delta, uint64_t *base, uint64_t *result)
{
	const unsigned char *end = delta.ptr + delta.len;
	const unsigned char *p = read_size(delta.ptr, end, base);

	return p ? read_size(p, end, result) : NULL;
}

int delta_sizes(struct slice delta, uint64_t *base, uint64_t *result, struct err *err)
{
	*base = *result = 0;
	if (!read_sizes(delta, base, result))
		return err_set(err, HF_EFORMAT, "a delta is cut short");
	return 0;
}

/* The arguments of a copy: bit i of op says whether byte i of seven is there. */
static const unsigned char *read_copy_slowly(unsigned op, const unsigned char *p,
					     const unsigned char *end, uint32_t *offset,
					     uint32_t *len)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < 7; i++) {
		if (!(op & 1u << i))
			continue;
		if (p == end)
			return NULL;
		bits |= (uint64_t)*p++ << 8 * i;
	}
	*offset = (uint32_t)bits;
	*len = (uint32_t)(bits >> 32);
	return p;
}

static inline bool is_run_of_low_bits(unsigned bits)
{
	return !(bits & (bits + 1));
}

/* Which bytes are there changes from copy to copy, so that a branch for each is
 * mostly foreseen wrongly; but those that are missing are nearly always the
 * highest of each number. */
static inline const unsigned char *read_copy(unsigned op, const unsigned char *p,
					     const unsigned char *end, uint32_t *offset,
					     uint32_t *len)
{
	/* By which bytes are there: how many, and a mask for them. */
	static const uint8_t counts[16] = {[1] = 1, [3] = 2, [7] = 3, [15] = 4};
	static const uint32_t masks[16] = {
		[1] = 0xff, [3] = 0xffff, [7] = 0xffffff, [15] = 0xffffffff};
	unsigned at = op & 15, size = op >> 4 & 7;

	*offset = *len = 0;
	if (end - p < 8 || !is_run_of_low_bits(at) || !is_run_of_low_bits(size)) {
		p = read_copy_slowly(op, p, end, offset, len);
	} else {
		*offset = load_le32(p) & masks[at];
		p += counts[at];
		*len = load_le32(p) & masks[size];
		p += counts[size];
	}
	if (*len == 0)
		*len = 0x10000;
	return p;
}

/* Short pieces are the rule: where there is room, whole blocks are quicker than a
 * call that looks how many bytes there are. That is so for long ones, too: the call
 * comes to `rep movsb`, which is slow on what the nearer caches hold. */
static inline void copy(unsigned char *to, const unsigned char *from, size_t len, size_t room_to,
			size_t room_from)
{
	enum { BLOCK = 32, TWO = 2 * BLOCK };
	size_t whole = (len + TWO - 1) / TWO * TWO;

	if (whole > room_to || whole > room_from) {
		memcpy(to, from, len);
		return;
	}
	memcpy(to, from, BLOCK);
	if (len > BLOCK)
		memcpy(to + BLOCK, from + BLOCK, BLOCK);
	for (size_t at = TWO; at < len; at += TWO)
		memcpy(to + at, from + at, TWO);
}

/* Where the reading of a delta stands. */
struct cursor {
	const unsigned char *p, *end;
	struct slice base;
	uint64_t left; /* that the result still lacks */
};

/* A stretch of the result, in base or in the delta, and how far it may be read
 * beyond its end. */
struct piece {
	const unsigned char *ptr;
	uint32_t len;
	size_t room;
	bool is_copy;
};

static int begin(struct cursor *c, struct slice base, struct slice delta, uint64_t size,
		 struct err *err)
{
	uint64_t base_size = 0, result_size = 0;

	*c = (struct cursor){NULL, delta.ptr + delta.len, base, size};
	c->p = read_sizes(delta, &base_size, &result_size);
	if (!c->p || base_size != base.len || result_size != size)
		return err_set(err, HF_EFORMAT, "a delta does not fit its base");
	return 0;
}

/* Whatever size the delta gives the result. */
static int begin_as_said(struct cursor *c, struct slice base, struct slice delta, struct err *err)
{
	uint64_t base_size, size;

	if (delta_sizes(delta, &base_size, &size, err) < 0)
		return err->code;
	return begin(c, base, delta, size, err);
}

static inline bool is_broken(struct cursor *c)
{
	c->p = NULL;
	return false;
}

/* The next piece; false at the end, or where the delta is broken. */
static inline __attribute__((always_inline)) bool next_piece(struct cursor *c, struct piece *piece)
{
	uint32_t offset;
	unsigned op;

	if (c->p == c->end)
		return false;
	op = *c->p++;
	piece->is_copy = op & 0x80;
	if (piece->is_copy) {
		c->p = read_copy(op, c->p, c->end, &offset, &piece->len);
		if (!c->p || offset > c->base.len || piece->len > c->base.len - offset)
			return is_broken(c);
		piece->ptr = c->base.ptr + offset;
		piece->room = c->base.len - offset;
	} else {
		piece->ptr = c->p;
		piece->len = op;
		piece->room = (size_t)(c->end - c->p);
		if (op == 0 || op > piece->room)
			return is_broken(c);
		c->p += op;
	}
	if (piece->len > c->left)
		return is_broken(c);
	c->left -= piece->len;
	return true;
}

static int finish(const struct cursor *c, struct err *err)
{
	if (c->p != c->end || c->left)
		return err_set(err, HF_EFORMAT, "a delta is broken");
	return 0;
}

int delta_apply(struct slice base, struct slice delta, unsigned char *out, uint64_t size,
		struct err *err)
{
	struct cursor c = {0};
	struct piece piece;
	int rc = begin(&c, base, delta, size, err);

	if (rc < 0)
		return rc;
	while (next_piece(&c, &piece)) {
		copy(out, piece.ptr, piece.len, c.left + piece.len, piece.room);
		out += piece.len;
	}
	return finish(&c, err);
}

bool delta_keeps_beginning(struct slice base, struct slice delta, size_t len)
{
	struct cursor c = {0};
	struct piece piece;
	struct err err;

	return begin_as_said(&c, base, delta, &err) == 0 && next_piece(&c, &piece) &&
	       piece.is_copy && piece.ptr == base.ptr && piece.len >= len;
}

size_t delta_beginning(struct slice base, struct slice delta, unsigned char *out, size_t room)
{
	struct cursor c = {0};
	struct piece piece;
	struct err err;
	size_t done = 0;

	if (begin_as_said(&c, base, delta, &err) < 0)
		return 0;
	while (done < room && next_piece(&c, &piece)) {
		size_t len = piece.len < room - done ? piece.len : room - done;

		memcpy(out + done, piece.ptr, len);
		done += len;
	}
	return done;
}

size_t delta_ending(struct slice base, struct slice delta, unsigned char *out, size_t room)
{
	struct cursor c = {0};
	struct piece piece = {0};
	struct err err;
	size_t done = 0;

	if (begin_as_said(&c, base, delta, &err) < 0)
		return 0;
	if (room > c.left)
		room = (size_t)c.left;
	while (next_piece(&c, &piece)) {
		uint64_t rest = c.left + piece.len; /* of the result, from this piece on */
		size_t skip = rest > room ? (size_t)(rest - room) : 0;

		if (skip >= piece.len)
			continue;
		memcpy(out + done, piece.ptr + skip, piece.len - skip);
		done += piece.len - skip;
	}
	return done;
}

/* The end of what the pieces before came to. */
struct ending {
	struct slice last;         /* piece */
	unsigned before2, before1; /* bytes */
};

/* Whether a string may begin in what was before and end in piece. */
static inline bool may_meet(const struct seams *seams, const struct ending *e,
			    const struct piece *piece)
{
	unsigned behind2 = piece->len > 1 ? piece->ptr[1] : SEAM_NO_BYTE;
	uint64_t groups = seams_groups(seams, e->before2, e->before1, piece->ptr[0], behind2);

	return __builtin_expect(groups != 0, 0) &&
	       seams_may_hold(seams, groups, e->last, slice_of(piece->ptr, piece->len));
}

static inline void pass(struct ending *e, const struct piece *piece)
{
	e->before2 = piece->len > 1 ? piece->ptr[piece->len - 2] : e->before1;
	e->before1 = piece->ptr[piece->len - 1];
	e->last = slice_of(piece->ptr, piece->len);
}

/* With a constant for `both`, so that there is one loop for each. */
static inline __attribute__((always_inline)) bool look_at_all(struct cursor *c,
							      const struct seams *seams,
							      unsigned char *result,
							      struct slice *last, bool both)
{
	struct ending ending = {.before2 = SEAM_NO_BYTE, .before1 = SEAM_NO_BYTE};
	struct piece piece;
	bool may = false;

	while ((both || !may) && next_piece(c, &piece)) {
		may |= may_meet(seams, &ending, &piece);
		pass(&ending, &piece);
		if (!both)
			continue;
		copy(result, piece.ptr, piece.len, c->left + piece.len, piece.room);
		result += piece.len;
	}
	*last = ending.last;
	return may;
}

int delta_may_hold(struct slice base, struct slice delta, const struct seams *seams,
		   unsigned char *result, struct slice *last, struct err *err)
{
	struct cursor c = {0};
	int rc = begin_as_said(&c, base, delta, err);
	bool may;

	if (rc < 0)
		return rc;
	may = result ? look_at_all(&c, seams, result, last, true)
		     : look_at_all(&c, seams, NULL, last, false);
	if (!may || result)
		rc = finish(&c, err);
	return rc < 0 ? rc : may;
}
