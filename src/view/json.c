#include "view/json.h"

#include "base/alloc.h"
#include "base/ascii.h"
#include "base/buf.h"

#include <stdint.h>
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
	bool is_list[DEPTH_MAX + 1]; /* of each level that is open, whether it is a list */
	size_t depth, deepest;
	struct json_run run; /* that is not written yet: a list may go on with it */
	bool comma;          /* neither is the comma behind it */
};

static void write_run(struct skeleton *s)
{
	if (s->run.count == 1)
		buf_appendf(&s->text, "\"%zu\"", s->run.first);
	else if (s->run.count)
		buf_appendf(&s->text, "\"%zu+%zu\"", s->run.first, s->run.count);
	if (s->comma)
		buf_append_byte(&s->text, ',');
	s->run.count = 0;
	s->comma = false;
}

static void add_to_run(struct skeleton *s, size_t string)
{
	if (!s->comma)
		write_run(s);
	if (!s->run.count)
		s->run.first = string;
	s->run.count++;
	s->comma = false;
}

static void add_structure(struct skeleton *s, unsigned char c)
{
	if (c == ',' && s->run.count && !s->comma && s->depth && s->is_list[s->depth]) {
		s->comma = true;
		return;
	}
	write_run(s);
	buf_append_byte(&s->text, (char)c);
	if (c == '[' || c == '{') {
		s->deepest = ++s->depth > s->deepest ? s->depth : s->deepest;
		if (s->depth <= DEPTH_MAX)
			s->is_list[s->depth] = c == '[';
	} else if ((c == ']' || c == '}') && s->depth) {
		s->depth--;
	}
}

/* Up to the next string, or the end. */
static const unsigned char *write_structure(struct skeleton *s, const unsigned char *p,
					    const unsigned char *end)
{
	for (bool blank = false; p < end && *p != '"'; p++) {
		if (ascii_is_blank(*p)) {
			blank = true;
			continue;
		}
		/* Blanks part numbers and words. */
		if (blank && !s->run.count)
			buf_append_byte(&s->text, ' ');
		blank = false;
		if (s->deepest <= DEPTH_MAX)
			add_structure(s, *p);
	}
	return p;
}

static int write_skeleton(struct json *json, struct skeleton *s, struct err *err)
{
	const unsigned char *beg = json->bytes.ptr, *end = beg + json->bytes.len, *p = beg;

	while ((p = write_structure(s, p, end)) < end) {
		const unsigned char *quote = find_quote(++p, end);

		add_string(json, (size_t)(p - beg), (size_t)((quote ? quote : end) - beg));
		if (!quote)
			return err_set(err, HF_EFORMAT, "a string in it does not end");
		if (json->count > JSON_STRINGS_MAX)
			return err_set(err, HF_ELIMIT, "it has more than %zu strings",
				       JSON_STRINGS_MAX);
		add_to_run(s, json->count - 1);
		p = quote + 1;
	}
	write_run(s);
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

/* "12", or "12+3" for three from there on. */
static bool read_run(const struct json *json, const char *text, struct json_run *run)
{
	char *end;

	if (!text || !*text)
		return false;
	run->first = strtoul(text, &end, 10);
	run->count = *end == '+' ? strtoul(end + 1, &end, 10) : 1;
	return !*end && run->first < json->count && run->count <= json->count - run->first;
}

bool json_strings(const struct json *json, const cJSON *item, struct json_run *run)
{
	return cJSON_IsString(item) && read_run(json, item->valuestring, run);
}

bool json_key(const struct json *json, const cJSON *item, size_t *at)
{
	struct json_run run;

	if (!read_run(json, item->string, &run))
		return false;
	*at = run.first;
	return true;
}

/* ---- escapes ---- */

/* "\uXXXX" at the beginning of rest. */
static bool read_unit(struct slice rest, unsigned *unit)
{
	*unit = 0;
	if (rest.len < 6 || rest.ptr[0] != '\\' || rest.ptr[1] != 'u')
		return false;
	for (size_t i = 2; i < 6; i++) {
		int digit = ascii_hex_value(rest.ptr[i]);

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

void json_unescape(const struct json *json, struct span *rest, size_t most, struct view_text *out)
{
	size_t full = most < SIZE_MAX - out->len ? out->len + most : SIZE_MAX;

	while (rest->beg < rest->end && out->len < full) {
		struct slice bytes = slice_cut(json->bytes, *rest);
		const unsigned char *escape;
		size_t plain = bytes.len < full - out->len ? bytes.len : full - out->len;

		escape = memchr(bytes.ptr, '\\', plain);
		if (escape)
			plain = (size_t)(escape - bytes.ptr);
		view_text_copy(out, slice_of(bytes.ptr, plain), rest->beg);
		rest->beg += plain;
		if (escape)
			rest->beg += put_escape(slice_cut(json->bytes, *rest), rest->beg, out);
	}
}

bool json_is(const struct json *json, size_t at, struct slice word)
{
	struct span string = json->strings[at];
	struct slice stored = slice_cut(json->bytes, string);
	struct view_text meant = {0};
	bool is;

	if (!memchr(stored.ptr, '\\', stored.len))
		return slice_eq(stored, word);
	json_unescape(json, &string, word.len + 1, &meant);
	is = string.beg == string.end && slice_eq(view_text_slice(&meant), word);
	view_text_dispose(&meant);
	return is;
}
