/*
 * A notebook's text on its way from the strings that it is stored as to who
 * searches it: long ones go in parts, each in the forms that people may see.
 *
 * Serves one thread.
 */
#ifndef VIEW_NOTEBOOK_PARTS_H
#define VIEW_NOTEBOOK_PARTS_H

#include "view/json.h"
#include "view/notebook.h"

struct notebook_parts {
	const struct json *json;
	size_t behind;         /* as notebook_read() has it */
	notebook_text_fn tell; /* told of each part, in each form */
	void *payload;

	/* private: the text at work */
	const struct notebook_place *where;
	bool is_html, tagged;
	struct view_text stored;                /* without JSON's escapes */
	struct view_text forms[NOTEBOOK_FORMS]; /* made of it */
	uint64_t line1, column1;                /* where shown begins, see struct notebook_text */
	size_t line_raw, text_raw;
	size_t resume_raw; /* where searching goes on */
	bool continued;
};

/* Begins a text, which is empty; where is borrowed until its end. is_html: entities
 * may stand in it. tagged: as in struct notebook_text. */
void notebook_parts_begin(struct notebook_parts *p, const struct notebook_place *where,
			  bool is_html, bool tagged);
/* Adds bytes that stand nowhere, before the string that comes next. */
void notebook_parts_add_between(struct notebook_parts *p, struct slice between, size_t next);
/* Adds what json->strings[string] means. */
void notebook_parts_add(struct notebook_parts *p, size_t string);
/* Tells what was not told yet. */
void notebook_parts_end(struct notebook_parts *p);

/* Wipes: it may hold a token. */
void notebook_parts_dispose(struct notebook_parts *p);

#endif
