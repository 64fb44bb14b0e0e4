#include "match/coded.h"

#include "base/ascii.h"

#include <string.h>

/* What credentials begin with, as far as it takes to tell them from other words. */
static const char *const families[] = {"hf_", "api_", "oaut"};

struct list {
	struct coded_anchor *out;
	size_t count;
};

/* what: all but the bytes. */
static void add(struct list *list, const void *bytes, size_t len, struct coded_anchor what)
{
	struct coded_anchor *anchor = &list->out[list->count];

	if (list->count == CODED_MAX || len > CODED_LEN)
		return;
	*anchor = what;
	anchor->len = (unsigned char)len;
	memcpy(anchor->bytes, bytes, len);
	list->count++;
}

/* ---- wide characters ---- */

/* The family in characters of `width` bytes, from its first byte to its last: that
 * is the same in either order of bytes. */
static size_t widen(const char *family, size_t width, unsigned char *out)
{
	size_t len = strlen(family);

	memset(out, 0, len * width);
	for (size_t i = 0; i < len; i++)
		out[i * width] = (unsigned char)family[i];
	return (len - 1) * width + 1;
}

/* ---- digits and escapes ---- */

/* Of "hf_", which nearly all have: whole or the underline alone, which some programs
 * escape; of its letters as far as it takes not to be found in every table of numbers. */
static const struct {
	const char *text;
	enum decoding form;
	const char *behind; /* as in coded.h */
} coded[] = {
	{"68665", DECODED_HEX, NULL},
	{"68 66 5", DECODED_HEX, NULL},
	{"6866 5", DECODED_HEX, NULL},
	{"68 665", DECODED_HEX, NULL},
	{"%68%66%", DECODED_PERCENT, NULL},
	{"hf%", DECODED_PERCENT, "52"}, /* %5F, %255F */
	{"\\x68\\x66", DECODED_ESCAPES, NULL},
	{"\\x68\\\\x66", DECODED_ESCAPES, NULL},
	{"\\150\\146", DECODED_ESCAPES, NULL},
	{"\\150\\\\146", DECODED_ESCAPES, NULL},
	{"hf\\", DECODED_ESCAPES, "_1xuU\\\""}, /* \_ \137 \x5f \u005f \\x5f \" */
	{"hf=5F", DECODED_QUOTED_PRINTABLE, NULL},
	/* Lines of e-mail are cut behind any letter. */
	{"h=\nf", DECODED_QUOTED_PRINTABLE, "_="},
	{"h=\r\nf", DECODED_QUOTED_PRINTABLE, "_="},
	{"hf=\n", DECODED_QUOTED_PRINTABLE, "_="},
	{"hf=\r\n", DECODED_QUOTED_PRINTABLE, "_="},
};

/*
 * In base64 (RFC 4648) "hf_" may stand at three places of a group: "aGZf", "hmX" and "oZl", of
 * which the last two have bits of the letter or digit that follows. Four digits random text has
 * once in 16 million places; three of them would be found in every picture, so the fourth is looked
 * at before anything is decoded. Where lines are as long as programs make them one ends between two
 * groups, and that may be in the midst of these; in lines that begin with a word it may be
 * anywhere. Of that only is looked for what costs next to nothing: what is cut behind "hmX" or
 * "oZl".
 */
static const struct {
	const char *text;
	unsigned phase;
	const char *rest, *behind; /* as in coded.h */
} in_base64[] = {
	{"aGZf", 0, NULL, NULL},   {"hmX", 2, NULL, "z0123"},  {"hm\n", 2, "X", "z0123"},
	{"hm\r", 2, "X", "z0123"}, {"hm\\", 2, "X", "z0123"},  {"oZl8", 3, NULL, NULL},
	{"oZl9", 3, NULL, NULL},   {"oZl\n", 3, NULL, "89"},   {"oZl\r", 3, NULL, "89"},
	{"o\nZl", 3, NULL, "89"},  {"o\r\nZl", 3, NULL, "89"},
};

/* The other forms of "hf_". */
static void add_rarer(struct list *list, const char *family)
{
	unsigned char wide[4 * CODED_LEN];

	add(list, wide, widen(family, 4, wide), (struct coded_anchor){.form = DECODED_UTF32LE});
	for (size_t i = 0; i < sizeof(coded) / sizeof(coded[0]); i++)
		add(list, coded[i].text, strlen(coded[i].text),
		    (struct coded_anchor){.form = coded[i].form, .behind = coded[i].behind});
	for (size_t i = 0; i < sizeof(in_base64) / sizeof(in_base64[0]); i++)
		add(list, in_base64[i].text, strlen(in_base64[i].text),
		    (struct coded_anchor){.form = DECODED_BASE64,
					  .phase = in_base64[i].phase,
					  .rest = in_base64[i].rest,
					  .behind = in_base64[i].behind});
}

size_t coded_anchors(struct slice anchor, struct coded_anchor out[CODED_MAX])
{
	struct list list = {.out = out};

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		struct slice family = slice_str(families[i]);
		unsigned char wide[CODED_LEN];

		if (!slice_eq(anchor, family) && !(i && slice_has_prefix(anchor, family)))
			continue;
		add(&list, wide, widen(families[i], 2, wide),
		    (struct coded_anchor){.form = DECODED_UTF16LE});
		if (i == 0)
			add_rarer(&list, families[i]);
	}
	return list.count;
}

/* ---- behind a coded anchor ---- */

/* What may stand between the last digit of a line and the first of the next, "\n" in a string
 * included. Who decodes asks for more. */
static bool is_between_lines(unsigned char c)
{
	return ascii_is_blank(c) || (c && strchr("\"'`,\\>#*", c));
}

#define BETWEEN_MAX 64

/* The first place at `at` or behind it that is not between two lines. */
static size_t skip_between(struct slice text, size_t at)
{
	size_t end = text.len - at > BETWEEN_MAX ? at + BETWEEN_MAX : text.len;

	while (at < end && is_between_lines(text.ptr[at])) {
		bool escape = text.ptr[at] == '\\' && at + 1 < end &&
			      (text.ptr[at + 1] == 'n' || text.ptr[at + 1] == 'r');

		at += escape ? 2 : 1;
	}
	return at;
}

bool coded_goes_on(const struct coded_anchor *anchor, struct slice text, size_t pos)
{
	size_t at = pos + anchor->len;
	const char *rest = anchor->rest ? anchor->rest : "";

	if (!anchor->behind)
		return true;
	if (anchor->form == DECODED_BASE64) {
		at -= is_between_lines(text.ptr[at - 1]);
		at = skip_between(text, at);
	}
	for (; *rest; rest++, at = skip_between(text, at + 1))
		if (at >= text.len || text.ptr[at] != (unsigned char)*rest)
			return false;
	return at < text.len && text.ptr[at] && strchr(anchor->behind, text.ptr[at]);
}

/* ---- behind a plain anchor ---- */

/* The body of most tokens. */
#define BODY_LEN 34
/* A string that was cut in two by a line's end has at least so much of it. */
#define WRAPPED_MIN 4

static size_t body_len(struct slice rest)
{
	size_t len = 0;

	while (len < rest.len && len <= BODY_LEN && ascii_is_alnum(rest.ptr[len]))
		len++;
	return len;
}

/* "=3D" before it is '='; the right '=5F' is an anchor of its own. */
static bool is_behind_quoted(struct slice text, size_t pos)
{
	return pos >= 3 && text.ptr[pos - 3] == '=' && ascii_is_alnum(text.ptr[pos - 2]) &&
	       ascii_is_alnum(text.ptr[pos - 1]);
}

/* What goes on behind "hf_" without being its body, and how long that is. */
static const struct {
	struct slice text;
	size_t body;
} kinds[] = {
	{{(const unsigned char *)"oauth__refresh_", 15}, BODY_LEN},
	{{(const unsigned char *)"app_", 4}, 32},
};

/* A word that begins with an anchor. */
struct word {
	struct slice text;
	size_t pos;
	size_t prefix; /* before its body */
	size_t body;   /* how long that has to be */
};

static struct word word_at(struct slice text, size_t pos, size_t anchor_len)
{
	struct word word = {text, pos, anchor_len, BODY_LEN};
	struct slice rest = slice_cut(text, (struct span){pos + anchor_len, text.len});

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (slice_has_prefix(rest, kinds[i].text)) {
			word.prefix += kinds[i].text.len;
			word.body = kinds[i].body;
			break;
		}
	return word;
}

static bool is_binary(unsigned char c)
{
	return c >= 0x80 || (c < ' ' && !ascii_is_blank(c));
}

/* Whether what stands before it may be the length of a string that begins so, or the 'V' before
 * a string in a pickle of protocol 0. */
static bool is_behind_count(const struct word *w)
{
	unsigned char before = w->pos ? w->text.ptr[w->pos - 1] : ' ';

	return before == 'V' || before == w->prefix + w->body ||
	       (ascii_is_alnum(before) && w->pos > 1 && is_binary(w->text.ptr[w->pos - 2]));
}

/* Whether the quote in which the word stands is itself in a string, as in JSON. */
static bool is_quoted_quote(struct slice rest)
{
	return rest.len > 1 && (rest.ptr[1] == '"' || rest.ptr[1] == '\'');
}

/* Whether the line ends behind blanks, or the frame that a terminal draws around it. */
static bool ends_line(struct slice rest)
{
	size_t i = 0;

	while (i < rest.len && rest.ptr[i] == ' ')
		i++;
	if (slice_has_prefix(slice_cut(rest, (struct span){i, rest.len}), SLICE("\xe2\x94\x82")))
		i += 3;
	return i < rest.len && (rest.ptr[i] == '\n' || rest.ptr[i] == '\r');
}

unsigned coded_forms_at(struct slice text, size_t pos, size_t anchor_len)
{
	struct word word = word_at(text, pos, anchor_len);
	struct slice rest = slice_cut(text, (struct span){pos + word.prefix, text.len});
	unsigned forms = is_behind_quoted(text, pos) ? 1u << DECODED_QUOTED_PRINTABLE : 0;
	size_t len = body_len(rest);

	if (len > word.body || is_behind_count(&word))
		forms |= 1u << DECODED_COUNTED;
	if (len >= word.body || len == rest.len)
		return forms;
	rest = slice_cut(rest, (struct span){len, rest.len});
	switch (rest.ptr[0]) {
	case '"':
	case '\'':
	case '`':
		return forms | 1u << DECODED_JOINED;
	case '\\':
		return forms | 1u << (is_quoted_quote(rest) ? DECODED_ESCAPES : DECODED_JOINED);
	case '=':
		return forms | 1u << DECODED_QUOTED_PRINTABLE;
	case ' ':
	case '\r':
	case '\n':
		if (len < WRAPPED_MIN || !ends_line(rest))
			return forms;
		return forms | 1u << DECODED_UNWRAPPED;
	default:
		return forms;
	}
}
