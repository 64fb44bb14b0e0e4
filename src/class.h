/*
 * A class: whose is what that was found. Which unit of the run a place belongs to,
 * which author brought it in, and which secrets several of them share. One thread.
 */
#ifndef CLASS_H
#define CLASS_H

#include "hfscan.h"

/*
 * Fills the result's units, authors and shared secrets, and the numbers of both in
 * its findings. Call once, when result_settle() is done. met: every work tree and
 * bare repository that sources met, some several times; borrowed. listed: the user
 * listed what the units are: then folders are a class even without a repository, and
 * one is, too, so that reports of several runs look alike.
 */
void class_settle(struct result *result, const struct repository *met, size_t met_count,
		  bool listed);

/* Frees what class_settle() added. */
void class_dispose(struct result *result);

/* class_people.c, for class_settle(): who brought leaks in, and which are shared.
 * Findings know their units. */
void class_settle_people(struct result *result);

#endif
