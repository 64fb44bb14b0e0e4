#include "base/json_text.h"

/* \u0000, but not \\u0000, which is a backslash and text. */
static bool has_nul_escape(struct slice json)
{
	static const char nul[] = "u0000";

	for (size_t i = 0; i + sizeof(nul) <= json.len; i++) {
		if (json.ptr[i] != '\\')
			continue;
		i++; /* what is escaped is no escape itself */
		if (memcmp(json.ptr + i, nul, sizeof(nul) - 1) == 0)
			return true;
	}
	return false;
}

/* cJSON ends a string at a NUL, escaped or not, and takes text after the end. */
static int check(const cJSON *root, struct slice json, const char *end, const char *name,
		 struct err *err)
{
	static const char blanks[] = " \t\r\n";
	size_t at = (size_t)(end - (const char *)json.ptr);
	const unsigned char *nul = json.len ? memchr(json.ptr, '\0', json.len) : NULL;
	int rc = 0;

	while (root && at < json.len && memchr(blanks, json.ptr[at], sizeof(blanks) - 1))
		at++;
	if (nul)
		at = (size_t)(nul - json.ptr);
	if (!root || at < json.len)
		rc = err_set(err, HF_EFORMAT, "%s: not valid JSON at offset %zu", name, at);
	else if (has_nul_escape(json))
		rc = err_set(err, HF_EFORMAT, "%s: \\u0000 cannot stand in a text", name);
	if (rc < 0 && err)
		err->offset = at;
	return rc;
}

int json_text_parse(cJSON **out, struct slice text, const char *name, struct err *err)
{
	const char *end;
	cJSON *root;
	int rc;

	if (slice_has_prefix(text, SLICE("\xEF\xBB\xBF"))) /* what Windows editors put there */
		text = slice_cut(text, (struct span){3, text.len});
	end = (const char *)text.ptr;
	root = cJSON_ParseWithLengthOpts((const char *)text.ptr, text.len, &end, 0);
	rc = check(root, text, end, name, err);
	if (rc < 0)
		cJSON_Delete(root);
	else
		*out = root;
	return rc;
}

/* The objects two levels down whose parent is a list. */
size_t json_text_next_object(struct json_objects *c)
{
	bool in_string = false;

	while (c->at < c->json.len) {
		size_t i = c->at++;
		unsigned char byte = c->json.ptr[i];

		if (in_string) {
			c->at += byte == '\\';
			in_string = byte != '"';
		} else if (byte == '"') {
			in_string = true;
		} else if (byte == '{' || byte == '[') {
			if (++c->depth == 2)
				c->parent = byte;
			if (c->depth == 3 && c->parent == '[' && byte == '{')
				return i;
		} else if (byte == '}' || byte == ']') {
			c->depth--;
		}
	}
	return 0;
}

size_t json_text_line_of(struct slice text, size_t number)
{
	struct json_objects objects = {.json = text};
	size_t offset = json_text_next_object(&objects), line1 = 1;

	while (offset && number-- > 0)
		offset = json_text_next_object(&objects);
	for (size_t i = 0; i < offset; i++)
		line1 += text.ptr[i] == '\n';
	return offset ? line1 : 0;
}
