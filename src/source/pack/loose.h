/* Objects that lie each in a file of its own (gitrepository-layout(5)). */
#ifndef SOURCE_PACK_LOOSE_H
#define SOURCE_PACK_LOOSE_H

#include "source/pack/inflate.h"
#include "source/pack/pack.h"

struct loose {
	struct oid oid;
	uint16_t dir; /* which of the folders given */
};

/* Called for what cannot be listed; path and what are borrowed. */
typedef void (*loose_problem_fn)(void *payload, const char *path, const char *what);

/* Adds the loose objects in the folder "objects" of number dir to *list. */
void loose_list(struct loose **list, size_t *count, size_t *cap, const char *objects, uint16_t dir,
		loose_problem_fn problem, void *payload);

/* Whether objects are there whose names begin with those digits (2 or more) of
 * oid: 0, 1 and then *found, or 2 for more than one. */
int loose_find(const char *objects, const unsigned char *oid, size_t digits, struct oid *found);

/* One that was opened. */
struct loose_file {
	struct slice map;
	enum object_type type;
	uint64_t size; /* of the object */
	size_t header; /* bytes of the stream before the object's */
};

/* HF_EFORMAT when it is none, HF_EIO when it cannot be read. Caller disposes. */
int loose_open(struct loose_file *file, const char *objects, const struct oid *oid,
	       struct err *err);
void loose_close(struct loose_file *file);

/* The whole of it, allocated for the caller, who wipes and frees it: header
 * bytes, then the object. */
int loose_read(struct loose_file *file, struct inflater *inflater, unsigned char **out,
	       struct err *err);

#endif
