/*
 * Jupyter notebooks, nbformat 3 and 4: what is written in them, cell by cell,
 * as people read it. A source that is stored as a list of lines is one text
 * again, escapes are undone, and so are the codes that colour a traceback.
 *
 * Serves one thread.
 * The format: https://nbformat.readthedocs.io/en/latest/format_description.html
 */
#ifndef VIEW_NOTEBOOK_H
#define VIEW_NOTEBOOK_H

#include "base/err.h"
#include "hfscan.h"
#include "view/text.h"

/* One of a notebook's texts, or a part of one that is long. It may come in several
 * forms, and in all of them the same bytes. */
struct notebook_text {
	unsigned form; /* 0, or up to NOTEBOOK_FORMS - 1, before which the lower ones came */
	const struct view_text *text;
	const struct view_text *shown; /* the form that people see: lines are those of it */
	/* Where shown begins: line and column in the text, and the line's first byte
	 * in the notebook. */
	uint64_t line1, column1;
	size_t line_raw;
	size_t text_raw;                    /* the text's first byte in the notebook */
	size_t beg;                         /* of text; what is before was searched */
	bool last;                          /* no other part follows */
	bool tagged;                        /* source or output of a cell tagged NOTEBOOK_TAG */
	const struct notebook_place *where; /* line and column left 0; its part may be unknown */
};
#define NOTEBOOK_FORMS 3
/* People may give it to a cell in whose source and outputs secrets may stay. */
#define NOTEBOOK_TAG "hfscan-allow"

/* Returns where in text->text searching has to go on in the next part. What text
 * points to is borrowed for the call. */
typedef size_t (*notebook_text_fn)(void *payload, const struct notebook_text *text);

/* Whether something may stand in a picture, of which this is what is stored. */
typedef bool (*notebook_worth_fn)(void *payload, struct slice stored);

/* Whether bytes, a document's or its beginning, may be a notebook's: they are
 * a JSON object. */
bool notebook_begins(struct slice bytes);
/* Whether a whole document is one: it says which nbformat it has. */
bool notebook_is(struct slice bytes);

/*
 * Tells all texts of a notebook, long ones in parts, but those pictures of which
 * worth() says no; NULL: they all are. behind: how many bytes before
 * the place where searching goes on a part has to have. When the structure cannot
 * be read, tells each string by itself and returns a negative number and *err,
 * which says why.
 */
int notebook_read(struct slice bytes, size_t behind, notebook_text_fn tell, notebook_worth_fn worth,
		  void *payload, struct err *err);

#endif
