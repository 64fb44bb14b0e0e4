/*
 * Paths, names and lines come from hostile trees. Nothing of them reaches a
 * terminal or a format but through here.
 */
#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include "base/buf.h"

/*
 * Appends text for a terminal or a log: control characters (ESC, CR, LF, C1)
 * and invalid UTF-8 as \xNN, Unicode's direction overrides and other invisible
 * format characters as \u{NNNN}, backslash as it is. TAB becomes one space.
 * "##[" becomes "\x23#[", as it gives orders to GitHub's runner.
 */
void quote_terminal(struct buf *out, struct slice text);

/* Appends JSON text with what a terminal or an editor would act on (DEL, C1,
 * direction overrides, invisible characters, the first of "##[") as \uXXXX. In JSON such
 * characters stand in strings only. */
void quote_json(struct buf *out, struct slice json);

/* Whether text is valid UTF-8 (RFC 3629: no surrogates, no overlong forms). */
bool quote_is_utf8(struct slice text);

/* Appends text with each byte that is not part of valid UTF-8 replaced by
 * U+FFFD: for formats that must be UTF-8. */
void quote_utf8(struct buf *out, struct slice text);

/* How long text is in UTF-16 code units; a byte that is part of no character
 * counts as the U+FFFD that is shown for it. */
size_t quote_utf16_len(struct slice text);

#endif
