/*
 * The bytes of one document, window by window, in bounded memory. A small
 * document is one window and nothing is copied; a large one moves through a
 * buffer, keeping what its reader still needs. Never maps a file, so that one
 * that shrinks while it is read is merely shorter.
 *
 * A stream serves one thread.
 */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include "base/err.h"
#include "base/slice.h"

#include <stdint.h>
#include <sys/types.h>

/* Small enough that what read() copied is still near when it is searched:
 * on 1.2 GB of sources whole runs took 1.5 times as long with 128 KiB and more. */
#define STREAM_WINDOW ((size_t)64 << 10)
/* The most a reader may ask to keep when it moves on: what match/matcher.h may
 * leave for the next window (twice MATCH_AHEAD) and MATCH_BEHIND. */
#define STREAM_KEEP_MAX ((size_t)32 << 10)

/* A worker's buffer, reused for one document after another. */
struct stream_buffer {
	unsigned char *ptr; /* STREAM_WINDOW + STREAM_KEEP_MAX bytes */
};

void stream_buffer_init(struct stream_buffer *b);
/* Wipes: it may have held a token. */
void stream_buffer_dispose(struct stream_buffer *b);

/* Like read(2): how many bytes, 0 at the end, -1 with errno. */
typedef ssize_t (*stream_read_fn)(void *payload, void *out, size_t len);

/* Goes back to the first byte; false when that cannot be. */
typedef bool (*stream_restart_fn)(void *payload);

struct stream {
	struct slice text;    /* the bytes held now; valid until the next stream_next() */
	uint64_t offset;      /* of text.ptr[0] in the document */
	uint64_t line1;       /* line number of text.ptr[0] */
	uint64_t line_offset; /* where that line begins in the document */
	bool closed;    /* behind text is the document's end, or a hole: no more belongs to it */
	uint64_t total; /* bytes handed out so far, holes included */

	/* private */
	int fd;
	stream_read_fn read;       /* instead of fd; NULL */
	stream_restart_fn restart; /* of what is read; NULL: it goes by once */
	void *payload;
	struct stream_buffer *buffer; /* NULL: all bytes are in memory */
	uint64_t limit;               /* stop here: the size when opened; UINT64_MAX for a pipe */
	uint64_t next;                /* offset of the next byte to read */
	uint64_t data_end;            /* where the present stretch of data meets a hole */
	bool sparse;                  /* the file has holes worth jumping over */
	bool jumped;                  /* a hole was jumped over before the next window */
	bool started, ended;
};

/* All of bytes as one window. Borrows bytes. */
void stream_from_memory(struct stream *s, struct slice bytes);

/*
 * Reads fd from where it stands; the caller closes it. size: what fstat said,
 * or 0 when unknown (pipes, /proc), then to the end of file. A file that
 * grows is read up to size, one that shrinks as far as it goes. sparse: look
 * for holes and jump over them, since zeros hold no token.
 */
void stream_from_fd(struct stream *s, int fd, struct stream_buffer *buffer, uint64_t size,
		    bool sparse);

/* The same from whatever read gives; payload is borrowed. */
void stream_from_reader(struct stream *s, stream_read_fn read, void *payload,
			struct stream_buffer *buffer, uint64_t size);

/*
 * Moves to the next window. keep: index into the present s->text of the first
 * byte that must stay in view (ignored on the first call); it is moved up when
 * it would keep more than STREAM_KEEP_MAX. Returns 1 with a window, 0 when
 * there is nothing more, negative and *err when reading failed.
 * An empty document gives one empty window.
 * After 1, the byte that stood at keep is s->text.ptr[0], unless a hole was
 * jumped over, in which case s->offset alone says where the window starts.
 */
int stream_next(struct stream *s, size_t keep, struct err *err);

/* Goes back to before the first window, which is read again. False, and nothing
 * has changed, when the bytes go by once only (a pipe). */
bool stream_restart(struct stream *s);
bool stream_can_restart(const struct stream *s);

/*
 * Reads at a place of the document, whatever the windows are at and without moving
 * them: how many bytes, 0 at the end, -1 with errno. Only where stream_can_read_at().
 */
ssize_t stream_read_at(const struct stream *s, uint64_t offset, void *out, size_t len);
bool stream_can_read_at(const struct stream *s);

/* What it was said to have when opened, UINT64_MAX where nobody knows. */
uint64_t stream_size(const struct stream *s);

/* The file that is read, and where the document begins in it, for who reads it at its places
 * from another thread; false when there is none, or one with holes. */
bool stream_file(const struct stream *s, int *fd, uint64_t *first);

/*
 * Leaves out what is between the last window's end and offset, which must be less than the
 * document's: the next window begins there, and nothing of the present one is kept. lines: how
 * many line feeds are left out; line_offset: of the byte behind the last of them. False, and
 * nothing has changed, where it cannot be. Only where stream_file() is true.
 */
bool stream_go_to(struct stream *s, uint64_t offset, uint64_t lines, uint64_t line_offset);

/* Line feeds of text, and the index behind the last one (0 when there is none). */
uint64_t stream_count_lines(struct slice text, size_t *line_beg);

#endif
