/*
 * The stack holds the way from a family's root to where the walk is: a frame for
 * every base on it, with its bytes or, where they were given back, without.
 * Buffers are kept by size for the next object, since those used last are the
 * ones still in the processor's cache.
 *
 * What a blob that holds nothing of interest shares with its delta holds nothing
 * either: then only the delta itself is looked at, for what it inserts, and the bytes
 * around the places where pieces meet. A blob that nobody is a delta of is not even put
 * together.
 */
#include "source/pack/rebuild.h"

#include "base/alloc.h"
#include "source/pack/delta.h"
#include "source/pack/inflate.h"

#include <stdatomic.h>
#include <stdlib.h>

/* Buffers come in sizes of 2^k and 1.5 * 2^k; large ones as they are needed. */
#define CLASSES     24
#define SMALLEST    ((size_t)1024)
#define KEPT_ASIDE  4                /* free buffers of one size */
#define DEFLATE_MAX ((uint64_t)1032) /* no stream grows by more: zlib's technical notes */

struct block {
	unsigned char *ptr; /* NULL: none */
	size_t len;         /* in use */
	size_t cap;
};

enum state {
	STATE_UNKNOWN,
	STATE_CLEAN, /* neither worth() nor kind() say that it is of interest */
	STATE_WORTH,
	STATE_BROKEN, /* cannot be had, nor what descends from it: r->why */
};

struct frame {
	uint32_t node;
	struct block bytes;
	enum state state;
};

struct free_list {
	unsigned char *blocks[KEPT_ASIDE];
	unsigned count;
};

struct rebuilder {
	struct inflater *inflater;
	struct stream_buffer buffer; /* for what is streamed */
	struct free_list aside[CLASSES];
	uint64_t held, max_bytes; /* in frames and blocks at work; not aside */
	uint64_t aside_bytes;
	struct frame *frames;
	size_t depth, frame_cap;
	size_t emptied;  /* frames before this one were given back */
	uint32_t *chain; /* scratch */
	size_t chain_cap;
	uint32_t broken; /* a node of the way that cannot be had, and why; else NO_NODE */
	struct err why;
	const struct pack *pack;
	const struct rebuild_sink *sink;
	uint64_t unpaid; /* bytes made of pack that are not yet counted there */
	bool is_spent;   /* it may not come to more */
};

/* ---- blocks ---- */

static size_t class_size(unsigned size_class)
{
	size_t whole = SMALLEST << size_class / 2;

	return size_class % 2 ? whole + whole / 2 : whole;
}

/* CLASSES: it is a large one. */
static unsigned class_of(size_t len)
{
	unsigned size_class = 0;

	while (size_class < CLASSES && class_size(size_class) < len)
		size_class++;
	return size_class;
}

/* Of a block for len bytes, with the room that inflating is quicker by. */
static size_t cap_for(size_t len)
{
	size_t cap = len + INFLATE_SPARE;
	unsigned size_class = class_of(cap);

	return size_class < CLASSES ? class_size(size_class) : cap;
}

static struct block block_take(struct rebuilder *r, size_t len)
{
	struct block block = {.len = len, .cap = cap_for(len)};
	unsigned size_class = class_of(block.cap);

	if (size_class < CLASSES && r->aside[size_class].count) {
		struct free_list *aside = &r->aside[size_class];

		block.ptr = aside->blocks[--aside->count];
		r->aside_bytes -= block.cap;
	} else {
		block.ptr = xmalloc(block.cap);
	}
	r->held += block.cap;
	return block;
}

static void block_give(struct rebuilder *r, struct block *block)
{
	unsigned size_class = class_of(block->cap);

	if (!block->ptr)
		return;
	r->held -= block->cap;
	if (size_class < CLASSES && r->aside[size_class].count < KEPT_ASIDE) {
		struct free_list *aside = &r->aside[size_class];

		aside->blocks[aside->count++] = block->ptr;
		r->aside_bytes += block->cap;
	} else {
		wipe(block->ptr, block->cap);
		free(block->ptr);
	}
	*block = (struct block){0};
}

static void drop_aside(struct rebuilder *r)
{
	for (unsigned i = 0; i < CLASSES; i++)
		while (r->aside[i].count) {
			unsigned char *ptr = r->aside[i].blocks[--r->aside[i].count];

			wipe(ptr, class_size(i));
			free(ptr);
		}
	r->aside_bytes = 0;
}

/* Makes room for len bytes more, taking them from the bases that are furthest
 * back; those from frame `keep` on stay. */
static int make_room(struct rebuilder *r, uint64_t len, size_t keep)
{
	uint64_t need = len;

	if (len > r->max_bytes)
		return HF_ELIMIT;
	need = cap_for((size_t)len);
	for (; r->emptied < keep && r->held + need > r->max_bytes; r->emptied++)
		block_give(r, &r->frames[r->emptied].bytes);
	if (r->held + r->aside_bytes + need > r->max_bytes)
		drop_aside(r);
	return r->held + need > r->max_bytes ? HF_ELIMIT : 0;
}

/* ---- how much ---- */

#define PAID_AT_ONCE ((uint64_t)64 << 20) /* workers share the count */

static void settle(struct rebuilder *r)
{
	if (r->pack->left)
		r->is_spent =
			atomic_fetch_sub(r->pack->left, (int64_t)r->unpaid) < (int64_t)r->unpaid;
	r->unpaid = 0;
}

/* Counts what is about to be made. No memory bounds the time that takes: a few bytes
 * of a delta come to a hundred megabytes, and the next ones again. */
static int pay(struct rebuilder *r, uint64_t size, struct err *err)
{
	r->unpaid += size;
	if (r->unpaid >= PAID_AT_ONCE)
		settle(r);
	return r->is_spent ? err_set(err, HF_EFORMAT,
				     "the deltas of its pack come to too much: it was not rebuilt")
			   : 0;
}

/* ---- one object ---- */

/* Inflates the node's own stream. keep: as in make_room(). */
static int inflate_node(struct rebuilder *r, uint32_t node, size_t keep, struct block *out,
			struct err *err)
{
	uint64_t size;
	struct slice in = pack_stream(r->pack, node, &size);
	size_t used;
	int rc;

	if (size > in.len * DEFLATE_MAX)
		return err_set(err, HF_EFORMAT, "it does not have the size it says");
	if (make_room(r, size, keep) < 0)
		return err_set(err, HF_ELIMIT, "it takes more memory than --max-memory allows");
	if (pay(r, size, err) < 0)
		return err->code;
	*out = block_take(r, (size_t)size);
	rc = inflate_whole(r->inflater, in, out->ptr, out->len, out->cap, &used, err);
	if (rc < 0)
		block_give(r, out);
	return rc;
}

/* Applies a delta that was inflated. */
static int apply(struct rebuilder *r, struct block delta, struct slice base, size_t keep,
		 struct block *out, struct err *err)
{
	struct slice in = slice_of(delta.ptr, delta.len);
	uint64_t base_size, size;
	int rc = delta_sizes(in, &base_size, &size, err);

	if (rc < 0)
		return rc;
	if (make_room(r, size, keep) < 0)
		return err_set(err, HF_ELIMIT, "it takes more memory than --max-memory allows");
	if (pay(r, size, err) < 0)
		return err->code;
	*out = block_take(r, (size_t)size);
	rc = delta_apply(base, in, out->ptr, size, err);
	if (rc < 0)
		block_give(r, out);
	return rc;
}

/* Builds node; base: its base's bytes, for a delta. */
static int build(struct rebuilder *r, uint32_t node, struct slice base, size_t keep,
		 struct block *out, struct err *err)
{
	struct block delta = {0};
	int rc;

	if (!r->pack->nodes[node].is_delta)
		return inflate_node(r, node, keep, out, err);
	rc = inflate_node(r, node, keep, &delta, err);
	if (rc < 0)
		return rc;
	rc = apply(r, delta, base, keep, out, err);
	block_give(r, &delta);
	return rc;
}

/* ---- what need not be looked at ---- */

static bool is_worth(struct rebuilder *r, struct slice bytes)
{
	return r->sink->worth(r->sink->payload, bytes);
}

static bool is_of_kind(struct rebuilder *r, struct slice bytes)
{
	return r->sink->kind && r->sink->kind(r->sink->payload, bytes);
}

static bool is_clean(struct rebuilder *r, struct frame *frame)
{
	struct slice bytes = slice_of(frame->bytes.ptr, frame->bytes.len);

	if (frame->state == STATE_UNKNOWN)
		frame->state =
			is_worth(r, bytes) || is_of_kind(r, bytes) ? STATE_WORTH : STATE_CLEAN;
	return frame->state == STATE_CLEAN;
}

/* By which kind() may know what it is: a tar archive's first block. */
#define BEGINNING 512

/* base is clean. */
static bool begins_as_kind(struct rebuilder *r, struct slice base, struct slice delta)
{
	unsigned char beginning[BEGINNING];

	if (delta_keeps_beginning(base, delta, BEGINNING))
		return false;
	return is_of_kind(
		r, slice_of(beginning, delta_beginning(base, delta, beginning, sizeof(beginning))));
}

/* The same of its end: that of a zip with a comment of 1,002 bytes. A longer one, which kind()
 * would know, is not worth rebuilding as much of each object. */
#define ENDING 1024

/* base is clean, and delta sound; last: as delta_may_hold() says. */
static bool ends_as_kind(struct rebuilder *r, struct slice base, struct slice delta,
			 struct slice last)
{
	unsigned char ending[ENDING];

	if (last.len >= ENDING && last.ptr + last.len == base.ptr + base.len)
		return false; /* base's own */
	return is_of_kind(r, slice_of(ending, delta_ending(base, delta, ending, sizeof(ending))));
}

/* What the delta of a clean base makes of it. If that is clean too: frame->state, and,
 * unless it is a leaf, frame->bytes; else frame->bytes may be missing. */
static int apply_to_clean(struct rebuilder *r, struct slice base, struct slice delta, bool is_leaf,
			  struct frame *frame, uint64_t *size, struct err *err)
{
	struct slice last = {0};
	uint64_t base_size;
	int may;

	if (delta_sizes(delta, &base_size, size, err) < 0)
		return err->code;
	if (is_worth(r, delta))
		return 0;
	if (!is_leaf && make_room(r, *size, r->depth - 1) < 0)
		return err_set(err, HF_ELIMIT, "it takes more memory than --max-memory allows");
	if (!is_leaf && pay(r, *size, err) < 0)
		return err->code;
	if (!is_leaf)
		frame->bytes = block_take(r, (size_t)*size);
	may = delta_may_hold(base, delta, r->sink->seams, frame->bytes.ptr, &last, err);
	if (may < 0)
		block_give(r, &frame->bytes);
	else if (!may && !begins_as_kind(r, base, delta) && !ends_as_kind(r, base, delta, last))
		frame->state = STATE_CLEAN;
	return may < 0 ? may : 0;
}

/* ---- the way ---- */

static void push(struct rebuilder *r, struct frame frame)
{
	grow_array(&r->frames, &r->frame_cap, r->depth, sizeof(*r->frames));
	r->frames[r->depth++] = frame;
}

static void cut_way(struct rebuilder *r, size_t depth)
{
	while (r->depth > depth)
		block_give(r, &r->frames[--r->depth].bytes);
	if (r->emptied > r->depth)
		r->emptied = r->depth;
}

/* Lists base and its bases in r->chain, the root last; returns how many. */
static size_t list_chain(struct rebuilder *r, uint32_t base)
{
	size_t count = 0;

	for (; base != PACK_NO_NODE; base = r->pack->nodes[base].base) {
		grow_array(&r->chain, &r->chain_cap, count, sizeof(*r->chain));
		r->chain[count++] = base;
	}
	return count;
}

/* Makes the way end at base. Mostly it does, or did a few frames ago. */
static void go_to(struct rebuilder *r, uint32_t base)
{
	size_t at = r->depth, count, same = 0;

	while (at > 0 && r->frames[at - 1].node != base)
		at--;
	if (at > 0 || base == PACK_NO_NODE) {
		cut_way(r, at);
		return;
	}
	count = list_chain(r, base);
	while (same < r->depth && same < count &&
	       r->frames[same].node == r->chain[count - 1 - same])
		same++;
	cut_way(r, same);
	while (same < count)
		push(r, (struct frame){.node = r->chain[count - 1 - same++]});
}

/* Remembers what failed: all that descend from it fail with it. */
static int note(struct rebuilder *r, uint32_t node, int rc, const struct err *err)
{
	if (rc < 0 && node != r->broken) {
		r->broken = node;
		r->why = *err;
	}
	return rc;
}

static int build_noted(struct rebuilder *r, uint32_t node, struct block base, size_t keep,
		       struct block *out, struct err *err)
{
	if (node == r->broken) {
		*err = r->why;
		return err->code;
	}
	return note(r, node, build(r, node, slice_of(base.ptr, base.len), keep, out, err), err);
}

/* Gives the last frame of the way its bytes. */
static int fill_last(struct rebuilder *r, struct err *err)
{
	size_t last = r->depth - 1, from = r->depth;

	while (from > 0 && !r->frames[from - 1].bytes.ptr)
		from--;
	if (r->emptied > from)
		r->emptied = from;
	for (size_t i = from; i <= last; i++) {
		struct block base = i ? r->frames[i - 1].bytes : (struct block){0};
		int rc = build_noted(r, r->frames[i].node, base, i ? i - 1 : 0, &r->frames[i].bytes,
				     err);

		if (rc < 0)
			return rc;
	}
	return 0;
}

/* ---- the walk ---- */

static bool is_streamed(const struct pack *pack, uint32_t node)
{
	const struct pack_node *n = &pack->nodes[node];

	return !n->is_delta && n->child == PACK_NO_NODE && n->type == OBJECT_BLOB &&
	       n->size > REBUILD_STREAMED;
}

static void stream_node(struct rebuilder *r, uint32_t node, const struct rebuild_sink *sink)
{
	uint64_t size;
	struct inflate_pieces *pieces = inflate_pieces_new(pack_stream(r->pack, node, &size));
	struct stream stream;
	struct err err;

	inflate_pieces_stream(pieces, &stream, &r->buffer, size);
	sink->large(sink->payload, r->pack, node, &stream);
	if (inflate_pieces_failed(pieces)) {
		err_set(&err, HF_EFORMAT, "it is broken, or has not the size it says");
		sink->broken(sink->payload, r->pack, node, &err);
	}
	inflate_pieces_free(pieces);
}

/* Whether an object that was just built is needed again: next comes right after
 * it. */
static bool is_base_of(const struct pack *pack, uint32_t node, uint32_t next)
{
	return next != PACK_NO_NODE && pack->nodes[next].base == node;
}

static void tell_error(struct rebuilder *r, uint32_t node, const struct err *err)
{
	const struct rebuild_sink *sink = r->sink;

	if (err->code == HF_ELIMIT)
		sink->postponed(sink->payload, r->pack, node);
	else
		sink->broken(sink->payload, r->pack, node, err);
}

static void tell_bytes(struct rebuilder *r, struct frame *frame)
{
	const struct rebuild_sink *sink = r->sink;
	struct slice bytes = slice_of(frame->bytes.ptr, frame->bytes.len);

	if (sink->worth && r->pack->nodes[frame->node].type == OBJECT_BLOB && is_clean(r, frame))
		sink->clean(sink->payload, r->pack, frame->node, bytes.len);
	else
		sink->object(sink->payload, r->pack, frame->node, bytes);
}

/* A blob whose base is the last frame, which is clean. */
static int build_on_clean(struct rebuilder *r, struct frame *frame, bool is_leaf, struct err *err)
{
	struct slice base =
		slice_of(r->frames[r->depth - 1].bytes.ptr, r->frames[r->depth - 1].bytes.len);
	const struct rebuild_sink *sink = r->sink;
	struct block delta = {0};
	uint64_t size = 0;
	int rc = inflate_node(r, frame->node, r->depth - 1, &delta, err);

	if (rc < 0)
		return rc;
	rc = apply_to_clean(r, base, slice_of(delta.ptr, delta.len), is_leaf, frame, &size, err);
	if (rc == 0 && is_leaf && frame->state == STATE_CLEAN)
		sink->clean(sink->payload, r->pack, frame->node, size);
	else if (rc == 0 && !frame->bytes.ptr)
		rc = apply(r, delta, base, r->depth - 1, &frame->bytes, err);
	block_give(r, &delta);
	return rc;
}

/* Gives frame its bytes, unless it is a leaf that could be told without. */
static int build_frame(struct rebuilder *r, struct frame *frame, bool is_leaf, struct err *err)
{
	struct frame *base = r->depth ? &r->frames[r->depth - 1] : NULL;
	int rc;

	if (base && base->state == STATE_BROKEN) {
		*err = r->why;
		return err->code;
	}
	rc = base ? fill_last(r, err) : 0;
	if (rc < 0)
		return rc;
	if (base && r->sink->worth && r->pack->nodes[frame->node].type == OBJECT_BLOB &&
	    is_clean(r, base)) {
		rc = build_on_clean(r, frame, is_leaf, err);
		return note(r, frame->node, rc, err);
	}
	return build_noted(r, frame->node, base ? base->bytes : (struct block){0},
			   base ? r->depth - 1 : 0, &frame->bytes, err);
}

static void rebuild_node(struct rebuilder *r, uint32_t node, uint32_t next)
{
	const struct pack_node *n = &r->pack->nodes[node];
	struct frame frame = {.node = node};
	bool is_leaf = !is_base_of(r->pack, node, next);
	struct err err;
	int rc;

	go_to(r, n->base);
	if (is_streamed(r->pack, node)) {
		stream_node(r, node, r->sink);
		return;
	}
	rc = build_frame(r, &frame, is_leaf, &err);
	if (n->sibling == PACK_NO_NODE && r->depth)
		block_give(r, &r->frames[r->depth - 1].bytes); /* nobody needs it any more */
	if (rc < 0) {
		frame.state = STATE_BROKEN;
		tell_error(r, node, &err);
	} else if (frame.bytes.ptr) {
		tell_bytes(r, &frame);
	}
	if (is_leaf)
		block_give(r, &frame.bytes);
	else
		push(r, frame);
}

#define AHEAD_NODE   ((uint32_t)8)
#define AHEAD_STREAM ((uint32_t)2)

/* The order of families is not that of the pack: what comes next would be waited
 * for. */
static void look_ahead(const struct pack *pack, const uint32_t *nodes, uint32_t count, uint32_t i)
{
	if (count - i > AHEAD_NODE)
		__builtin_prefetch(&pack->nodes[nodes[i + AHEAD_NODE]]);
	if (count - i > AHEAD_STREAM) {
		const unsigned char *at =
			pack->map.ptr + pack->nodes[nodes[i + AHEAD_STREAM]].offset;

		__builtin_prefetch(at);
		__builtin_prefetch(at + 64);
	}
}

void rebuild(struct rebuilder *r, const struct pack *pack, const uint32_t *nodes, uint32_t count,
	     const struct rebuild_sink *sink)
{
	r->pack = pack;
	r->sink = sink;
	r->broken = PACK_NO_NODE;
	settle(r);
	for (uint32_t i = 0; i < count; i++) {
		look_ahead(pack, nodes, count, i);
		rebuild_node(r, nodes[i], i + 1 < count ? nodes[i + 1] : PACK_NO_NODE);
	}
	cut_way(r, 0);
	settle(r);
}

/* ---- life cycle ---- */

struct rebuilder *rebuilder_new(uint64_t max_bytes)
{
	struct rebuilder *r = xcalloc(1, sizeof(*r));

	r->inflater = inflater_new();
	r->max_bytes = max_bytes;
	stream_buffer_init(&r->buffer);
	return r;
}

void rebuilder_free(struct rebuilder *r)
{
	if (!r)
		return;
	cut_way(r, 0);
	drop_aside(r);
	stream_buffer_dispose(&r->buffer);
	inflater_free(r->inflater);
	free(r->frames);
	free(r->chain);
	free(r);
}
