#include "inside/whole.h"

#include "base/alloc.h"

#include <stdlib.h>

static void make_room(struct whole *whole, size_t more)
{
	struct whole larger = {.len = whole->len, .cap = whole->cap};

	if (more <= whole->cap - whole->len)
		return;
	while (larger.cap - larger.len < more)
		larger.cap += larger.cap / 2 + STREAM_WINDOW;
	larger.ptr = xmalloc(larger.cap);
	if (whole->len)
		memcpy(larger.ptr, whole->ptr, whole->len);
	whole_dispose(whole);
	*whole = larger;
}

int whole_read(struct whole *whole, struct stream *outer, size_t max, struct err *err)
{
	uint64_t size = stream_size(outer);
	uint64_t end = 0;
	int rc;

	*whole = (struct whole){0};
	if (size != UINT64_MAX && size > max)
		return err_set(err, HF_ELIMIT, "it takes too much memory");
	if (!stream_restart(outer))
		return err_set(err, HF_EUSAGE, "it cannot be read twice");
	if (size != UINT64_MAX)
		make_room(whole, (size_t)size);
	while ((rc = stream_next(outer, outer->text.len, err)) > 0) {
		/* A hole that was jumped over is zeros. */
		uint64_t hole = outer->offset - end;

		if (hole + outer->text.len > max - whole->len)
			return err_set(err, HF_ELIMIT, "it takes too much memory");
		make_room(whole, (size_t)hole + outer->text.len);
		memset(whole->ptr + whole->len, 0, (size_t)hole);
		memcpy(whole->ptr + whole->len + hole, outer->text.ptr, outer->text.len);
		whole->len += (size_t)hole + outer->text.len;
		end = outer->offset + outer->text.len;
	}
	return rc;
}

void whole_dispose(struct whole *whole)
{
	if (whole->ptr)
		wipe(whole->ptr, whole->len);
	free(whole->ptr);
	*whole = (struct whole){0};
}
