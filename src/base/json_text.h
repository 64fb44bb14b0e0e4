/* JSON that people wrote: read whole, or refused with the place. */
#ifndef BASE_JSON_TEXT_H
#define BASE_JSON_TEXT_H

#include "base/err.h"
#include "base/slice.h"

#include <cjson/cJSON.h>

/*
 * Reads the whole of text, which may begin with a BOM and may not hold a NUL,
 * escaped or not, where cJSON would end a string. HF_EFORMAT with name and offset. The caller frees
 * *out with cJSON_Delete().
 */
int json_text_parse(cJSON **out, struct slice text, const char *name, struct err *err);

/* Goes through the objects in lists that stand in the outermost object, whatever their
 * keys; begins as {.json = text}. cJSON keeps no offsets. */
struct json_objects {
	struct slice json;
	size_t at; /* outside of strings */
	int depth;
	unsigned char parent; /* what opened the second level */
};

/* Where the next one begins; 0: there is none. */
size_t json_text_next_object(struct json_objects *objects);

/* The line, from 1, of the number'th of them (from 0); 0: there is none. */
size_t json_text_line_of(struct slice text, size_t number);

#endif
