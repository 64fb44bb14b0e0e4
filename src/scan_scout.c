/*
 * A block is what a window of the worker's has that the one before had not. Of each it is
 * noted how many lines it has, and whether it is void: the matcher has nothing to tell of it,
 * and where the document is held, it is plain. Of a run of void blocks the worker reads the
 * first, in which ends what began before, and the last, which may be looked back at.
 */
#include "scan_scout.h"

#include "base/alloc.h"
#include "base/os.h"
#include "inside/inside.h"
#include "match/matcher.h"
#include "match/prefilter.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define BLOCK STREAM_WINDOW
/* What an anchor at a block's end may need behind it. */
#define BEHIND ((size_t)PREFILTER_MAX_ANCHOR)
/* So much at a document's end is the worker's: what the matcher looks at behind a block, and where
 * an archive may end that the document is, too. */
#define ENDING (MATCH_LEFT + INSIDE_END)
/* Blocks that are noted at a time, 256 MiB; behind them another is sent. */
#define BLOCKS_MAX ((size_t)4096)
/* After so many the half must have been void, or it is of no use. */
#define BLOCKS_TRIED 64

struct block {
	bool is_void;
	bool in_lines;     /* it is plain, and in lines that are written as \n */
	uint32_t ends;     /* of such */
	uint32_t lines;    /* that end in it, as a file's do */
	uint32_t line_beg; /* behind the last of these ends */
};

struct scout {
	struct patterns *patterns;
	struct matcher *matcher; /* NULL: there was no candidate yet */
	int fd;
	uint64_t first; /* where the document begins in it */
	bool held;
	size_t beg, end;       /* blocks of the document */
	atomic_size_t reached; /* from here to end they are noted */
	atomic_bool stopped;   /* it is not needed any more */
	bool joined;
	pthread_t thread;
	struct block *blocks; /* of beg and so on */
	unsigned char *bytes; /* MATCH_BEHIND, a block, MATCH_LEFT */
};

#define BYTES (MATCH_BEHIND + BLOCK + MATCH_LEFT)

/* ---- its thread ---- */

static bool read_at(const struct scout *scout, uint64_t offset, void *out, size_t len)
{
	return os_read_cached(scout->fd, out, len, scout->first + offset) == (ssize_t)len;
}

static int on_match(void *payload, const struct match *match)
{
	bool *any = payload;

	(void)match;
	*any = true;
	return 1;
}

static void on_coded(void *payload, const struct coded *coded)
{
	bool *any = payload;

	(void)coded;
	*any = true;
}

/* Asks the matcher, which needs what stands around the block. */
static bool has_nothing_to_tell(struct scout *scout, uint64_t offset)
{
	size_t behind = MATCH_BEHIND + BLOCK + BEHIND, resume;
	bool any = false;
	uint64_t seen;
	struct err err;

	if (offset < MATCH_BEHIND ||
	    !read_at(scout, offset - MATCH_BEHIND, scout->bytes, MATCH_BEHIND) ||
	    !read_at(scout, offset + BLOCK + BEHIND, scout->bytes + behind, BYTES - behind))
		return false;
	if (!scout->matcher)
		scout->matcher = matcher_new(scout->patterns);
	seen = matcher_seen(scout->matcher);
	return matcher_run(scout->matcher, slice_of(scout->bytes, BYTES), MATCH_BEHIND, false,
			   on_match, on_coded, &any, &resume, &err) == 0 &&
	       !any && matcher_seen(scout->matcher) == seen;
}

/* Returns false where it cannot be read. */
static bool look_at(struct scout *scout, size_t number, struct block *b)
{
	unsigned char *ptr = scout->bytes + MATCH_BEHIND;
	struct slice text = slice_of(ptr, BLOCK);
	uint64_t offset = (uint64_t)number * BLOCK, ends = 0;
	size_t line_beg;

	if (!read_at(scout, offset, ptr, BLOCK + BEHIND))
		return false;
	b->lines = (uint32_t)stream_count_lines(text, &line_beg);
	b->line_beg = (uint32_t)line_beg;
	b->is_void = !scout->held || condensed_is_plain(text, &b->in_lines, &ends);
	b->ends = (uint32_t)ends;
	b->is_void = b->is_void &&
		     (!patterns_may_match(scout->patterns, slice_of(ptr, BLOCK + BEHIND)) ||
		      has_nothing_to_tell(scout, offset));
	return true;
}

static void *scout_on(void *arg)
{
	struct scout *scout = arg;
	size_t voids = 0, looked_at = 0;

	for (size_t i = scout->end; i > scout->beg; i--) {
		struct block *b = &scout->blocks[i - 1 - scout->beg];

		if (atomic_load_explicit(&scout->stopped, memory_order_relaxed) ||
		    (looked_at >= BLOCKS_TRIED && 2 * voids < looked_at) ||
		    !look_at(scout, i - 1, b))
			break;
		looked_at++;
		voids += b->is_void;
		atomic_store_explicit(&scout->reached, i - 1, memory_order_release);
	}
	return NULL;
}

/* ---- the worker ---- */

/* Where the next window goes on. */
static uint64_t end_of(const struct stream *s)
{
	return s->offset + s->text.len;
}

struct scout *scout_send(const struct stream *s, struct patterns *patterns, bool held)
{
	uint64_t first, beg = end_of(s), end = stream_size(s);
	struct scout *scout;
	int fd;

	if (end - beg < SCOUT_FROM || beg % BLOCK || !stream_file(s, &fd, &first))
		return NULL;
	scout = xcalloc(1, sizeof(*scout));
	scout->patterns = patterns;
	scout->fd = fd;
	scout->first = first;
	scout->held = held;
	scout->beg = (size_t)(beg / BLOCK);
	scout->end = (size_t)((end - ENDING) / BLOCK);
	if (scout->end - scout->beg > BLOCKS_MAX)
		scout->end = scout->beg + BLOCKS_MAX;
	atomic_init(&scout->reached, scout->end);
	scout->blocks = xcalloc(scout->end - scout->beg, sizeof(*scout->blocks));
	scout->bytes = xcalloc_lines(1, BYTES);
	scout->joined = pthread_create(&scout->thread, NULL, scout_on, scout) != 0;
	return scout;
}

void scout_await(struct scout *scout)
{
	if (!scout->joined)
		pthread_join(scout->thread, NULL);
	scout->joined = true;
}

static void stop(struct scout *scout)
{
	atomic_store_explicit(&scout->stopped, true, memory_order_relaxed);
	scout_await(scout);
}

void scout_free(struct scout *scout)
{
	if (!scout)
		return;
	stop(scout);
	matcher_free(scout->matcher);
	wipe(scout->bytes, BYTES);
	free(scout->bytes);
	free(scout->blocks);
	free(scout);
}

static const struct block *block_at(const struct scout *scout, size_t number)
{
	return &scout->blocks[number - scout->beg];
}

/* The last of the void blocks, all in lines or none, that begin with this one. */
static size_t last_void(const struct scout *scout, size_t number)
{
	const struct block *first = block_at(scout, number);

	while (first->is_void && number + 1 < scout->end) {
		const struct block *next = block_at(scout, number + 1);

		if (!next->is_void || next->in_lines != first->in_lines)
			break;
		number++;
	}
	return number;
}

/* Goes by the blocks [at, to). Of the next one, which is void, the beginning is known with what
 * stands before it, which the worker does not have in view. Returns where searching goes on. */
static uint64_t pass(struct scout *scout, struct stream *s, uint64_t resume, size_t at, size_t to,
		     struct condensed *held)
{
	uint64_t lines = 0, ends = 0, line_offset = 0, offset = (uint64_t)to * BLOCK;
	uint64_t len = offset - end_of(s);

	for (size_t i = at; i < to; i++) {
		const struct block *b = block_at(scout, i);

		if (b->lines)
			line_offset = (uint64_t)i * BLOCK + b->line_beg;
		lines += b->lines;
		ends += b->ends;
	}
	if (!stream_go_to(s, offset, lines, line_offset))
		return resume;
	if (held)
		condensed_pass(held, len, ends);
	return offset + MATCH_BEHIND;
}

uint64_t scout_pass(struct scout *scout, struct stream *s, uint64_t resume, struct condensed *held,
		    bool *done)
{
	uint64_t next = end_of(s);
	size_t at = (size_t)(next / BLOCK), reached, to;

	if (at + 1 >= atomic_load_explicit(&scout->reached, memory_order_acquire))
		stop(scout); /* it is not to begin what the worker is at */
	reached = atomic_load_explicit(&scout->reached, memory_order_acquire);
	*done = at >= scout->end;
	if (*done || next % BLOCK || at <= reached || at < scout->beg + 1 || resume < next - BLOCK)
		return resume;
	to = last_void(scout, at - 1);
	if (to > at && (!held || condensed_can_pass(held, block_at(scout, at)->in_lines)))
		return pass(scout, s, resume, at, to, held);
	return resume;
}
