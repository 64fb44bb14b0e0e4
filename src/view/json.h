/*
 * The strings of a JSON document and where they stand, which cJSON does not
 * tell. A pass over the bytes notes each string and writes a skeleton in which
 * it is replaced by its number, and a list's strings by the first number and how
 * many they are; cJSON reads that. So no token enters cJSON, nor
 * do strings of megabytes, and broken strings are read as far as they go.
 *
 * Serves one thread.
 */
#ifndef VIEW_JSON_H
#define VIEW_JSON_H

#include "base/err.h"
#include "view/text.h"

#include <cjson/cJSON.h>

/* A string for every other byte of a large file would take many times its size:
 * beyond this many, of 16 bytes each, there is no tree. */
#define JSON_STRINGS_MAX ((size_t)8 << 20)

/* Neighbours in json->strings: one string, or those of a list one after another. */
struct json_run {
	size_t first, count;
};

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

/* Strings of an item: of a list's children one item stands for all that follow
 * each other. False when it is no string. */
bool json_strings(const struct json *json, const cJSON *item, struct json_run *run);
/* An item's key, a place in json->strings; false when it has none. */
bool json_key(const struct json *json, const cJSON *item, size_t *at);

/* Whether the string means this word. */
bool json_is(const struct json *json, size_t at, struct slice word);

/*
 * Appends what the bytes at *rest of a string mean, up to some most bytes, and
 * moves rest behind those that were read: json->strings[at] to begin with, empty
 * in the end. An escape that means nothing stands for itself, half a surrogate
 * pair for U+FFFD.
 */
void json_unescape(const struct json *json, struct span *rest, size_t most, struct view_text *out);

#endif
