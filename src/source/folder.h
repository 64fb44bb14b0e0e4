/*
 * A folder that is being walked: opened relative to its parent, so that nothing
 * that is renamed or replaced meanwhile leads out of the tree, and known by
 * device and inode, so that a loop is noticed.
 *
 * Shared by the threads; counted references.
 */
#ifndef SOURCE_FOLDER_H
#define SOURCE_FOLDER_H

#include "base/err.h"
#include "base/slice.h"

#include <stdatomic.h>
#include <sys/types.h>

struct folder {
	struct folder *parent; /* NULL for the root */
	char *path;            /* relative to the root, "" for the root itself */
	size_t path_len;
	int fd; /* -1 when it was closed to save descriptors */
	dev_t dev;
	ino_t ino;
	atomic_uint users; /* of fd: items that still open something in here */
	atomic_uint refs;  /* of this struct */
};

/* How many folders may be open at once; set once, by folder_root(). */
struct folder_budget {
	atomic_int open;
	int most;
};

/* The root: path as the user named it, symlinks followed. */
int folder_root(struct folder **out, const char *path, struct folder_budget *budget,
		struct err *err);

enum folder_result {
	FOLDER_OPENED,
	FOLDER_GONE,    /* vanished, or is no folder any more */
	FOLDER_LOOP,    /* is one of its own ancestors */
	FOLDER_REFUSED, /* *err tells */
};

/* Opens name in parent, with one reference and one user. */
enum folder_result folder_open(struct folder **out, struct folder *parent, const char *name,
			       struct folder_budget *budget, struct err *err);

/* A descriptor for the folder; to be closed by the caller when *owned. -1 with
 * errno when it cannot be had again. */
int folder_fd(struct folder *folder, bool *owned);

/* Closes the descriptor when too many are open; it is had again, at a price,
 * by folder_fd(). Only while no other thread knows the folder. */
void folder_save(struct folder *folder, struct folder_budget *budget);

void folder_use(struct folder *folder);
/* Ends a use; the last one closes the descriptor. */
void folder_unuse(struct folder *folder, struct folder_budget *budget);
void folder_ref(struct folder *folder);
void folder_unref(struct folder *folder);

#endif
