/*
 * zlib streams (RFC 1950), as git stores every object: whole ones by libdeflate,
 * which is the faster, and piece by piece by zlib, which libdeflate cannot.
 */
#ifndef SOURCE_PACK_INFLATE_H
#define SOURCE_PACK_INFLATE_H

#include "base/err.h"
#include "base/slice.h"
#include "base/stream.h"

struct inflater;

/* One thread's. Caller frees. */
struct inflater *inflater_new(void);
void inflater_free(struct inflater *inflater);

/* Where out ends libdeflate goes byte by byte from so far before it on, which is where
 * most objects begin. With so much room behind them it never has to. */
#define INFLATE_SPARE ((size_t)320)

/*
 * Inflates the stream that in begins with into out, which must come to exactly
 * size bytes. room: what out has, size or more; what is behind size may be written to.
 * *used: bytes of in that were the stream. HF_EFORMAT when it is broken or has another
 * size.
 */
int inflate_whole(struct inflater *inflater, struct slice in, unsigned char *out, size_t size,
		  size_t room, size_t *used, struct err *err);

/* Passes over the stream that in begins with, which must come to exactly size bytes:
 * *used, as above. HF_EFORMAT too. */
int inflate_past(struct inflater *inflater, struct slice in, uint64_t size, size_t *used,
		 struct err *err);

/* The first bytes of the stream, at most size; returns how many, or negative
 * (HF_EFORMAT). The stream may go on or be broken behind them. Any thread. */
long inflate_first(struct slice in, unsigned char *out, size_t size, struct err *err);

/* A stream's bytes piece by piece, for what is too large to be held. */
struct inflate_pieces;
struct inflate_pieces *inflate_pieces_new(struct slice in);
void inflate_pieces_free(struct inflate_pieces *pieces);
/* Skips bytes from where it stands. HF_EFORMAT when there are fewer. */
int inflate_pieces_skip(struct inflate_pieces *pieces, size_t bytes, struct err *err);
/* Has stream read the rest, size bytes, or as far as it goes. */
void inflate_pieces_stream(struct inflate_pieces *pieces, struct stream *stream,
			   struct stream_buffer *buffer, uint64_t size);
/* Whether what was read since was broken, or is not the whole of what there is. */
bool inflate_pieces_failed(const struct inflate_pieces *pieces);

#endif
