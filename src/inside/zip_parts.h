/*
 * Where a zip file's members are. Most programs go by the directory at its end, others
 * by what stands before each member; libarchive believes the latter once it was led there. A
 * file in which the two differ, or that holds more than one archive (a program that unpacks
 * itself, archives joined by `cat`), is read in parts, so that whatever somebody would
 * unpack of it is seen. One thread.
 */
#ifndef INSIDE_ZIP_PARTS_H
#define INSIDE_ZIP_PARTS_H

#include "inside/inside.h"

struct zip_part {
	uint64_t beg, end;   /* what is to be read, as if it were all */
	bool by_directory;   /* else one member after the other, from the first */
	uint64_t members;    /* that the directory has */
	uint64_t dictionary; /* bytes that the greediest of them looks back on */
	bool is_odd;         /* there should be a directory, and is none that adds up */
};

/* s is borrowed, and must be readable at any place. members_max: what has a
 * directory with more is read without it. Caller frees. */
struct zip_parts;
struct zip_parts *zip_parts_new(const struct stream *s, uint64_t members_max);
void zip_parts_free(struct zip_parts *p);

/* False when there is none left. */
bool zip_parts_next(struct zip_parts *p, struct zip_part *part);
/* The last one, which has no directory, was read up to there: what is behind may be another. */
void zip_parts_go_on(struct zip_parts *p, uint64_t offset);

#endif
