#include "view/entities.h"

/* "&#1114111;" and more zeros than anybody writes. */
#define ENTITY_MAX 12

/* https://html.spec.whatwg.org/multipage/named-characters.html, of which these
 * are what a token or its neighbours may be written with. */
static const struct {
	struct slice name;
	unsigned char meaning;
} names[] = {
	{{(const unsigned char *)"&amp;", 5}, '&'},
	{{(const unsigned char *)"&lt;", 4}, '<'},
	{{(const unsigned char *)"&gt;", 4}, '>'},
	{{(const unsigned char *)"&quot;", 6}, '"'},
	{{(const unsigned char *)"&apos;", 6}, '\''},
	{{(const unsigned char *)"&nbsp;", 6}, ' '},
	{{(const unsigned char *)"&lowbar;", 8}, '_'},
	{{(const unsigned char *)"&equals;", 8}, '='},
	{{(const unsigned char *)"&NewLine;", 9}, '\n'},
};

/* Its digits, in either base; only ASCII matters to a token. */
static size_t read_number(struct slice rest, unsigned char *meaning)
{
	bool hex = rest.len > 2 && (rest.ptr[2] | 0x20) == 'x';
	size_t i = hex ? 3 : 2, beg = i;
	unsigned code = 0;

	for (; i < rest.len && i < ENTITY_MAX; i++) {
		unsigned char c = rest.ptr[i], low = c | 0x20;

		if (c >= '0' && c <= '9')
			code = code * (hex ? 16 : 10) + (c - '0');
		else if (hex && low >= 'a' && low <= 'f')
			code = code * 16 + (low - 'a' + 10);
		else
			break;
	}
	if (i == beg || i == rest.len || rest.ptr[i] != ';' || code == 0 || code > 126)
		return 0;
	*meaning = (unsigned char)code;
	return i + 1;
}

/* Length of the entity at the beginning of rest, 0 when it is none. */
static size_t read_entity(struct slice rest, unsigned char *meaning)
{
	if (rest.len > 3 && rest.ptr[1] == '#')
		return read_number(rest, meaning);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (slice_has_prefix(rest, names[i].name)) {
			*meaning = names[i].meaning;
			return names[i].name.len;
		}
	return 0;
}

bool entities_decode(const struct view_text *t, struct view_text *out)
{
	size_t done = 0, at = 0;
	bool any = false;

	while (at < t->len) {
		const unsigned char *and = memchr(t->ptr + at, '&', t->len - at);
		unsigned char meaning;
		struct span raw;
		size_t len;

		if (!and)
			break;
		at = (size_t)(and-t->ptr);
		len = read_entity(slice_of(and, t->len - at), &meaning);
		if (!len) {
			at++;
			continue;
		}
		if (!any)
			view_text_reset(out);
		any = true;
		view_text_append(out, t, (struct span){done, at});
		raw = view_text_raw(t, (struct span){at, at + len});
		view_text_put(out, slice_of(&meaning, 1), raw.beg, span_len(raw));
		done = at += len;
	}
	if (any)
		view_text_append(out, t, (struct span){done, t->len});
	return any;
}
