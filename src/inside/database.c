/*
 * A database's values as members. Nearly all databases hold nothing: their pages are
 * looked at window by window first, and only where a value may hold something the whole
 * is held and read row by row.
 */
#include "inside/kinds.h"
#include "inside/libsqlite.h"
#include "inside/sqlite.h"
#include "inside/whole.h"

struct telling {
	const struct inside_told *told;
	int rc; /* what cannot be read of it, and why; 0 */
	struct err *err;
};

static bool is_worth(void *payload, struct slice value)
{
	const struct inside_told *told = ((const struct telling *)payload)->told;

	return !told->limits->over && inside_is_worth(told->wanted, value) &&
	       inside_is_promising(told->wanted, value);
}

static void tell_value(void *payload, struct slice name, struct slice value)
{
	const struct telling *t = payload;
	struct inside_limits *limits = t->told->limits;
	struct stream bytes;
	struct inside_member member = {.name = name, .bytes = &bytes};

	if (!inside_may_tell(limits) || !inside_may_read(limits, value.len))
		return;
	stream_from_memory(&bytes, value);
	t->told->member(t->told->payload, &member);
}

static void complain(void *payload, const char *what)
{
	struct telling *t = payload;

	t->rc = err_set(t->err, HF_EFORMAT, "%s", what);
}

/* Negative when outer cannot be read. Holes are none of a database's pages. */
static int must_be_read(struct stream *outer, const struct inside_wanted *wanted, bool *must,
			struct err *err)
{
	struct sqlite_pages *pages = sqlite_pages_new(wanted);
	uint64_t end = 0;
	bool go_on = true;
	int rc = 1;

	while (go_on && (rc = stream_next(outer, outer->text.len, err)) > 0) {
		go_on = outer->offset == end && sqlite_pages_add(pages, outer->text);
		end = outer->offset + outer->text.len;
	}
	*must = !go_on || sqlite_pages_end(pages);
	sqlite_pages_free(pages);
	return rc < 0 ? rc : 0;
}

static int read_rows(struct inside *inside, struct stream *outer, const struct inside_told *told,
		     struct err *err)
{
	struct telling t = {told, 0, err};
	const struct sqlite_told to = {is_worth, tell_value, complain, &t};
	const struct libsqlite *lib = inside_libsqlite(inside, err);
	struct whole whole;
	int rc;

	if (!lib)
		return err->code = HF_EIO; /* it is not libarchive that is missing */
	rc = whole_read(&whole, outer, SQLITE_BYTES_MAX, err);
	if (rc == HF_ELIMIT)
		rc = err_set(err, HF_ELIMIT,
			     "a database of more than 256 MiB: it was searched as it "
			     "is, not row by row");
	if (rc == 0) {
		sqlite_read(lib, whole.ptr, whole.len, &to);
		rc = t.rc;
	}
	whole_dispose(&whole);
	return rc == 0 && told->limits->over ? err_set(err, HF_ELIMIT, "%s", told->limits->over)
					     : rc;
}

static int read_database(struct inside *inside, struct stream *outer,
			 const struct inside_told *told, struct err *err)
{
	bool must;
	int rc = must_be_read(outer, told->wanted, &must, err);

	return rc == 0 && must ? read_rows(inside, outer, told, err) : rc;
}

int database_tell(struct inside *inside, const struct inside_kind *kind, struct stream *outer,
		  const struct inside_told *told, struct err *err)
{
	/* What is noted of its pages may come to as much as they are. */
	bool is_much = stream_size(outer) > INSIDE_HELD_FREE;
	int rc;

	if (!stream_restart(outer))
		return err_set(err, HF_EUSAGE, "it cannot be read twice");
	is_much = is_much && inside_take_much(inside, told->limits);
	rc = read_database(inside, outer, told, err);
	if (is_much)
		inside_give_much(inside, told->limits);
	return rc;
}
