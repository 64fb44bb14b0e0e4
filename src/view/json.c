#include "view/json.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <stdlib.h>

/* ---- strings ---- */

/* The quote that ends the string whose text begins at beg: the first before
 * which an even number of backslashes stands. */
static const unsigned char *find_quote(const unsigned char *beg, const unsigned char *end)
{
	const unsigned char *at = beg;

	while (at < end && (at = memchr(at, '"', (size_t)(end - at)))) {
		const unsigned char *p = at;

		while (p > beg && p[-1] == '\\')
			p--;
		if ((at - p) % 2 == 0)
			return at;
		at++;
	}
	return NULL;
}

static void add_string(struct json *json, size_t beg, size_t end)
{
	grow_array(&json->strings, &json->cap, json->count, sizeof(*json->strings));
	json->strings[json->count++] = (struct span){beg, end};
}

/* ---- the skeleton ---- */

/* cJSON's own (CJSON_NESTING_LIMIT). */
#define DEPTH_MAX CJSON_NESTING_LIMIT

struct skeleton {
	struct buf text;
	size_t depth, deepest;
};

static bool is_blank(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void add_structure(struct skeleton *s, unsigned char c)
{
	if (is_blank(c))
		return;
	buf_append_byte(&s->text, c);
	if (c == '[' || c == '{')
		s->deepest = ++s->depth > s->deepest ? s->depth : s->deepest;
	else if ((c == ']' || c == '}') && s->depth)
		s->depth--;
}

static int write_skeleton(struct json *json, struct skeleton *s, struct err *err)
{
	const unsigned char *beg = json->bytes.ptr, *end = beg + json->bytes.len, *p = beg;

	while (p < end) {
		const unsigned char *quote;

		if (*p != '"') {
			/* Blanks part numbers and words. */
			if (is_blank(*p) && s->text.len && p > beg && !is_blank(p[-1]))
				buf_append_byte(&s->text, ' ');
			add_structure(s, *p++);
			continue;
		}
		quote = find_quote(++p, end);
		add_string(json, (size_t)(p - beg), (size_t)((quote ? quote : end) - beg));
		if (!quote)
			return err_set(err, HF_EFORMAT, "a string in it does not end");
		if (json->count > JSON_STRINGS_MAX)
			return err_set(err, HF_ELIMIT, "it has more than %zu strings",
				       JSON_STRINGS_MAX);
		buf_appendf(&s->text, "\"%zu\"", json->count - 1);
		p = quote + 1;
	}
	if (s->deepest > DEPTH_MAX)
		return err_set(err, HF_ELIMIT, "it is nested deeper than %d levels", DEPTH_MAX);
	return 0;
}

static int read_tree(struct json *json, const struct buf *skeleton, struct err *err)
{
	const char *end = NULL;

	json->tree = cJSON_ParseWithLengthOpts(skeleton->ptr, skeleton->len, &end, false);
	if (!json->tree)
		return err_set(err, HF_EFORMAT, "it is no JSON");
	while (end < skeleton->ptr + skeleton->len && *end == ' ')
		end++;
	if (end < skeleton->ptr + skeleton->len)
		return err_set(err, HF_EFORMAT, "something follows behind its JSON");
	return 0;
}

int json_read(struct json *json, struct slice bytes, struct err *err)
{
	struct skeleton s = {.depth = 0};
	int rc;

	*json = (struct json){.bytes = bytes};
	buf_init(&s.text, BUF_MAX_REPORT);
	rc = write_skeleton(json, &s, err);
	if (rc == 0)
		rc = read_tree(json, &s.text, err);
	buf_dispose(&s.text);
	return rc;
}

void json_dispose(struct json *json)
{
	free(json->strings);
	cJSON_Delete(json->tree);
	*json = (struct json){0};
}

/* ---- questions ---- */

static bool read_number(const struct json *json, const char *text, size_t *at)
{
	char *end;

	if (!text || !*text)
		return false;
	*at = strtoul(text, &end, 10);
	return !*end && *at < json->count;
}

bool json_string(const struct json *json, const cJSON *item, size_t *at)
{
	return cJSON_IsString(item) && read_number(json, item->valuestring, at);
}

bool json_key(const struct json *json, const cJSON *item, size_t *at)
{
	return read_number(json, item->string, at);
}

bool json_is(const struct json *json, size_t at, struct slice word)
{
	return slice_eq(slice_cut(json->bytes, json->strings[at]), word);
}

/* ---- escapes ---- */

static int hex_digit(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "\uXXXX" at the beginning of rest. */
static bool read_unit(struct slice rest, unsigned *unit)
{
	*unit = 0;
	if (rest.len < 6 || rest.ptr[0] != '\\' || rest.ptr[1] != 'u')
		return false;
	for (size_t i = 2; i < 6; i++) {
		int digit = hex_digit(rest.ptr[i]);

		if (digit < 0)
			return false;
		*unit = *unit << 4 | (unsigned)digit;
	}
	return true;
}

static size_t encode_utf8(unsigned char out[4], unsigned code)
{
	if (code < 0x80) {
		out[0] = (unsigned char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (unsigned char)(0xc0 | code >> 6);
		out[1] = (unsigned char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (unsigned char)(0xe0 | code >> 12);
		out[1] = (unsigned char)(0x80 | (code >> 6 & 0x3f));
		out[2] = (unsigned char)(0x80 | (code & 0x3f));
		return 3;
	}
	out[0] = (unsigned char)(0xf0 | code >> 18);
	out[1] = (unsigned char)(0x80 | (code >> 12 & 0x3f));
	out[2] = (unsigned char)(0x80 | (code >> 6 & 0x3f));
	out[3] = (unsigned char)(0x80 | (code & 0x3f));
	return 4;
}

/* RFC 8259, section 7: what is beyond the basic plane is a pair of surrogates. */
static size_t put_unicode(struct slice rest, size_t raw, unsigned unit, struct view_text *out)
{
	unsigned char utf8[4];
	unsigned low;
	size_t len = 6;

	if (unit >= 0xd800 && unit < 0xdc00 &&
	    read_unit(slice_cut(rest, (struct span){6, rest.len}), &low) && low >= 0xdc00 &&
	    low < 0xe000) {
		unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
		len = 12;
	} else if (unit >= 0xd800 && unit < 0xe000) {
		unit = 0xfffd;
	}
	view_text_put(out, slice_of(utf8, encode_utf8(utf8, unit)), raw, len);
	return len;
}

/* Appends what the escape at the beginning of rest means; returns its length. */
static size_t put_escape(struct slice rest, size_t raw, struct view_text *out)
{
	static const char meaning[256] = {['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
					  ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t'};
	unsigned unit;

	if (read_unit(rest, &unit))
		return put_unicode(rest, raw, unit, out);
	if (rest.len >= 2 && meaning[rest.ptr[1]]) {
		view_text_put(out, slice_of(&meaning[rest.ptr[1]], 1), raw, 2);
		return 2;
	}
	view_text_copy(out, slice_of(rest.ptr, 1), raw);
	return 1;
}

void json_unescape(const struct json *json, size_t at, struct view_text *out)
{
	struct span string = json->strings[at];

	while (string.beg < string.end) {
		struct slice rest = slice_cut(json->bytes, string);
		const unsigned char *escape = memchr(rest.ptr, '\\', rest.len);
		size_t plain = escape ? (size_t)(escape - rest.ptr) : rest.len;

		view_text_copy(out, slice_of(rest.ptr, plain), string.beg);
		string.beg += plain;
		if (escape)
			string.beg += put_escape(slice_cut(json->bytes, string), string.beg, out);
	}
}
