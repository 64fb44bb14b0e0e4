/*
 * The strings of a JSON document and where they stand, which cJSON does not
 * tell. A pass over the bytes notes each string and writes a skeleton in which
 * it is replaced by its number; cJSON reads that. So no token enters cJSON, nor
 * do strings of megabytes, and broken strings are read as far as they go.
 *
 * Serves one thread.
 */
#ifndef VIEW_JSON_H
#define VIEW_JSON_H

#include "base/err.h"
#include "view/text.h"

#include <cjson/cJSON.h>

/* A string for each byte of a large file would take a hundred times its size:
 * beyond this many there is no tree. */
#define JSON_STRINGS_MAX ((size_t)1 << 20)

struct json {
	struct slice bytes;   /* borrowed */
	struct span *strings; /* between the quotes, ascending */
	size_t count, cap;
	cJSON *tree; /* strings and keys in it are numbers; NULL: there is none */
};

/* Notes the strings and reads the tree. Negative, with *err, when there is no
 * tree; the strings were noted as far as they go. Dispose either way. bytes
 * must outlive it. */
int json_read(struct json *json, struct slice bytes, struct err *err);
void json_dispose(struct json *json);

/* The place in json->strings of an item that is a string, or of an item's key;
 * false when it is none. */
bool json_string(const struct json *json, const cJSON *item, size_t *at);
bool json_key(const struct json *json, const cJSON *item, size_t *at);

/* Whether the string is this word, which has no character that is escaped. */
bool json_is(const struct json *json, size_t at, struct slice word);

/* Appends what the string means. An escape that means nothing stands for
 * itself, half a surrogate pair for U+FFFD. */
void json_unescape(const struct json *json, size_t at, struct view_text *out);

#endif
