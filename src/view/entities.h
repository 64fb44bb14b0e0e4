/* Characters that HTML writes by name or number. */
#ifndef VIEW_ENTITIES_H
#define VIEW_ENTITIES_H

#include "view/text.h"

/* Writes text to out with its entities as what they stand for: all numbers, and
 * the names that programs write for ASCII. False, and out is not written, when
 * it has none. */
bool entities_decode(const struct view_text *text, struct view_text *out);

#endif
