/*
 * A document without its long plain stretches: blocks in which nothing is quoted,
 * escaped or divided, as in a picture in base64. A notebook of 60 MB of pictures
 * comes to some hundred KB, with a map back. Whatever reads the document as JSON
 * reads the rest alike; a token that reaches into what is left out stands there
 * plainly, so that a search of the document as it is finds it. Base64 may be
 * broken into lines, whose ends JSON writes as \n: they are counted.
 *
 * Serves one thread.
 */
#ifndef VIEW_CONDENSE_H
#define VIEW_CONDENSE_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* So much of a plain stretch is kept at either end: what is no longer is kept
 * entirely where it reaches out of the stretch. */
#define CONDENSE_MARGIN ((size_t)8 << 10)

struct condensed_cut {
	size_t at;     /* what is left out stood before this byte */
	uint64_t lost; /* bytes of this cut and all before it */
	uint64_t lost_lines;
};

struct condensed {
	unsigned char *ptr;
	size_t len, cap, used;      /* used: the most there was since it was made */
	struct condensed_cut *cuts; /* ascending */
	size_t cut_count, cut_cap;
	uint64_t next; /* offset of the byte in the document that is to be added next */

	/* private: of a plain stretch that may go on */
	bool broken;      /* into lines */
	uint64_t lines;   /* their ends */
	size_t head;      /* bytes kept of its beginning */
	uint64_t dropped; /* behind them */
	size_t tail_len;  /* behind those, and not yet kept */
	unsigned char tail[CONDENSE_MARGIN];
};

/* An empty one: all zero. Dispose wipes: it may hold a token. */
void condensed_dispose(struct condensed *c);
/* Empties it, and keeps memory of some MB for the next. */
void condensed_reset(struct condensed *c);
/* So many may have to be kept: growing by steps would hold most of them twice. Costs
 * what is written to. */
void condensed_expect(struct condensed *c, size_t bytes);

/* Adds the document's bytes at offset, of which those before c->next are known
 * already; a hole before offset is left out. may_break: plain stretches may be
 * broken into lines; for bytes in which no anchor was seen, since behind \n not
 * every pattern knows its token as it is stored. */
void condensed_add(struct condensed *c, struct slice bytes, uint64_t offset, bool may_break);
/*
 * For who looks at a document in another order. Whether bytes would be left out, but for the ends
 * of the stretch; then *in_lines and *ends say what condensed_pass() has to know.
 */
bool condensed_is_plain(struct slice bytes, bool *in_lines, uint64_t *ends);
/* Whether what was added last is such a stretch, and long enough to leave out what goes on. */
bool condensed_can_pass(const struct condensed *c, bool in_lines);
/* Only then: so many bytes are left out. At least CONDENSE_MARGIN bytes of the same kind
 * are to be added behind them. */
void condensed_pass(struct condensed *c, uint64_t bytes, uint64_t ends);

/* To be called behind the last bytes. */
void condensed_end(struct condensed *c);

struct slice condensed_slice(const struct condensed *c);

/* How many bytes of the document are left out before the byte at. */
uint64_t condensed_lost(const struct condensed *c, size_t at);
/* How many \n. Between a stretch that lost some and what follows it one is kept. */
uint64_t condensed_lost_lines(const struct condensed *c, size_t at);
/* The byte that stood at offset, or the first behind it that is kept. */
size_t condensed_find(const struct condensed *c, uint64_t offset);

#endif
