/* Objects of JSON, as reports need them: cJSON builds and escapes them, text is masked first. */
#ifndef REPORT_OBJECT_H
#define REPORT_OBJECT_H

#include "base/buf.h"

#include <cjson/cJSON.h>
#include <stdio.h>

/* Text of ours, or that was masked before. What is no UTF-8 becomes U+FFFD. */
void object_add_utf8(cJSON *object, const char *key, struct slice text);

/* Text from scanned data, masked. base64_key (may be NULL) takes what UTF-8 cannot. */
void object_add_scanned(cJSON *object, const char *key, const char *base64_key, struct slice text);

/* Appends object's text, one line, and frees object. Negative, with errno, when
 * there is no memory for it. */
int object_print(struct buf *line, cJSON *object);

/* Writes before, object's text and after, and frees object. Negative, with errno,
 * when out refused. */
int object_write(FILE *out, const char *before, cJSON *object, const char *after);

#endif
