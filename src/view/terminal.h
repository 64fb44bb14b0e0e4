/* What a terminal does not show: the codes that colour text (ECMA-48). */
#ifndef VIEW_TERMINAL_H
#define VIEW_TERMINAL_H

#include "view/text.h"

bool terminal_has_codes(const struct view_text *text);

/* Writes text to out without its control sequences and strings; for each of them
 * a blank where blanks is set. */
void terminal_strip(const struct view_text *text, bool blanks, struct view_text *out);

#endif
