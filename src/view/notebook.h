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

/* text: one of the notebook's; lines are those of the text. where: the cell and
 * so on, its line and column left 0; NULL when the notebook's structure is not
 * known. Both are borrowed for the call. The same bytes may come in two texts. */
typedef void (*notebook_text_fn)(void *payload, const struct view_text *text,
				 const struct notebook_place *where);

/* Whether bytes, a document's or its beginning, may be a notebook's: they are
 * a JSON object. */
bool notebook_begins(struct slice bytes);
/* Whether a whole document is one: it says which nbformat it has. */
bool notebook_is(struct slice bytes);

/*
 * Tells all texts of a notebook but those that are pictures. When its structure
 * cannot be read, tells each string by itself and returns a negative number and
 * *err, which says why.
 */
int notebook_read(struct slice bytes, notebook_text_fn tell, void *payload, struct err *err);

#endif
