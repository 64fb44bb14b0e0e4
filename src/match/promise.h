/*
 * Whether what stands around an anchor, or a part of one, promises a token once escapes
 * are undone and lists of strings joined: what a notebook is read again for.
 * "hf_hub_download(" promises none, and stands in every other notebook.
 *
 * Any thread; pos: index of the first byte of what was found in text.
 */
#ifndef MATCH_PROMISE_H
#define MATCH_PROMISE_H

#include "base/slice.h"

#include <stdbool.h>

/* A whole anchor. */
bool promises_token(struct slice text, size_t pos, size_t anchor_len);
/* `hf"`: whether the next string of a list goes on with it. */
bool promises_behind_line(struct slice text, size_t pos);
/* `"f_`. */
bool promises_behind_letter(struct slice text, size_t pos);
/* Where the literal "h" before `"f_` stands, to which it may be joined; text.len: nowhere. */
size_t promises_letter_before(struct slice text, size_t pos);
/* "&#0104;" or "&#X5F;": whether "h", "f" or "_" is meant. */
bool promises_character(struct slice text, size_t pos);

#endif
