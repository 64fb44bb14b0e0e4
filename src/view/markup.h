/*
 * The text of an office document's or a page's part, as people read it: without tags. What an
 * editor put into several runs of one paragraph is one text again.
 */
#ifndef VIEW_MARKUP_H
#define VIEW_MARKUP_H

#include "view/text.h"

/* Writes the text of bytes, XML or HTML that may be broken, to out. Entities stay. A
 * paragraph, cell or line ends with a line feed. */
void markup_text(struct slice bytes, struct view_text *out);

#endif
