/* Packs and bundles of git's that lie in a tree: their objects as members. The reading is
 * that of the history's room (source/pack/lone_pack.h). */
#include "inside/kinds.h"
#include "inside/whole.h"
#include "source/pack/lone_pack.h"

/* What is held of a pack, and of its objects while they are rebuilt. */
#define PACK_BYTES_MAX ((size_t)512 << 20)
#define MADE_BYTES_MAX ((uint64_t)512 << 20)
/* Each thread may: of a pack's objects others are noted, which may be many. */
#define PACK_BYTES_FREE ((uint64_t)4 << 20)
#define MADE_BYTES_FREE ((uint64_t)INSIDE_HELD_FREE)

struct telling {
	struct inside *inside;
	const struct inside_told *told;
	bool is_much; /* inside_take_much() was called */
	int rc;       /* what cannot be read of it, the first of that; 0 */
	struct err *err;
};

static bool is_worth(void *payload, struct slice bytes)
{
	return inside_is_worth(((const struct telling *)payload)->told->wanted, bytes);
}

static void tell_object(void *payload, struct slice name, struct stream *bytes)
{
	const struct inside_told *told = ((const struct telling *)payload)->told;
	struct inside_member member = {.name = name, .bytes = bytes};

	if (inside_may_read(told->limits, stream_size(bytes)))
		told->member(told->payload, &member);
}

static void complain(void *payload, const char *what)
{
	struct telling *t = payload;

	if (t->rc == 0)
		t->rc = err_set(t->err, HF_EFORMAT, "%s", what);
}

static void take_much(void *payload)
{
	struct telling *t = payload;

	t->is_much |= inside_take_much(t->inside, t->told->limits);
}

static int read_pack(struct telling *t, struct stream *outer, struct err *err)
{
	const struct lone_pack_told to = {is_worth, tell_object, take_much, complain, t};
	const struct lone_pack_limits limits = {MADE_BYTES_FREE, MADE_BYTES_MAX};
	struct whole whole = {0};
	int rc = 0;

	if (outer->offset == 0 && outer->text.len == stream_size(outer)) /* it is held already */
		return lone_pack_read(outer->text, &limits, &to, err);
	rc = whole_read(&whole, outer, PACK_BYTES_MAX, err);
	if (rc == HF_ELIMIT)
		rc = err_set(
			err, HF_ELIMIT,
			"a pack of more than 512 MiB: clone it (git clone FILE) and scan that");
	if (rc == 0)
		rc = lone_pack_read(slice_of(whole.ptr, whole.len), &limits, &to, err);
	whole_dispose(&whole);
	return rc;
}

int git_pack_tell(struct inside *inside, const struct inside_kind *kind, struct stream *outer,
		  const struct inside_told *told, struct err *err)
{
	struct telling t = {.inside = inside, .told = told, .err = err};
	int rc;

	if (stream_size(outer) > PACK_BYTES_FREE)
		take_much(&t);
	rc = read_pack(&t, outer, err);
	if (t.is_much)
		inside_give_much(inside, told->limits);
	if (rc == 0)
		rc = t.rc;
	return rc == 0 && told->limits->over ? err_set(err, HF_ELIMIT, "%s", told->limits->over)
					     : rc;
}
