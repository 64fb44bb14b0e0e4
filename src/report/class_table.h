/*
 * What a teacher looks at, as cells: a row for each repository and each author, the worst
 * first, and the order of the tokens that they share. text_class.c makes them; every
 * report for people writes them its own way.
 */
#ifndef REPORT_CLASS_TABLE_H
#define REPORT_CLASS_TABLE_H

#include "report/text.h"

#define CLASS_COLUMNS 5

/* Cells are masked and quoted. The first and the last column begin at the left. */
struct class_row {
	char *cells[CLASS_COLUMNS]; /* NULL: no such column */
	enum paint paint;           /* of the last column that there is */
};

struct class_table {
	struct class_row *rows; /* the first is the head */
	size_t count, cap;
	uint64_t clean;      /* repositories with nothing to tell of, which have no row */
	struct page scratch; /* private: where cells are written first */
};

/* Of a class; false, with no rows, where there is none. class_table_dispose() either way. */
bool class_table_units(struct class_table *table, const struct text *text,
		       const struct result *result);
bool class_table_authors(struct class_table *table, const struct text *text,
			 const struct result *result);
void class_table_dispose(struct class_table *table);

/* The result's shared secrets, the most sharers first; the caller frees the list. */
const struct shared **class_order_shared(const struct result *result);

#endif
