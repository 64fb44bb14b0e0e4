#include "view/markup.h"

/* More than the names below have, and their NUL. Each is as long, so that they are compared as
 * numbers: every tag is asked about. */
#define NAME_SIZE 16
/* More of a name, or of its prefix, is not looked at. */
#define NAME_MAX_LEN 48

/* Elements that end a line of text, by their names without prefix: of WordprocessingML,
 * DrawingML and SpreadsheetML, of OpenDocument, of HTML. All others stand within one. */
static const char blocks[][NAME_SIZE] = {
	"p",      "h",       "h1",    "h2",         "h3",         "h4",      "h5",
	"h6",     "br",      "cr",    "tab",        "ptab",       "s",       "si",
	"is",     "v",       "f",     "c",          "row",        "tc",      "tr",
	"td",     "th",      "li",    "div",        "title",      "body",    "pre",
	"table",  "dt",      "dd",    "option",     "label",      "section", "style",
	"script", "comment", "entry", "line-break", "table-cell", "hr",      "rPh",
};

static bool is_name_byte(unsigned char c)
{
	return c > ' ' && c != '>' && c != '/';
}

static bool is_block(struct slice name)
{
	char padded[NAME_SIZE] = {0};

	if (name.len >= sizeof(padded))
		return false;
	memcpy(padded, name.ptr, name.len);
	for (size_t i = 0; i < sizeof(blocks) / sizeof(*blocks); i++)
		if (blocks[i][0] == padded[0] && memcmp(padded, blocks[i], sizeof(padded)) == 0)
			return true;
	return false;
}

/* The name in a tag, at whose first byte behind '<' rest begins, without its prefix. */
static struct slice name_of(struct slice rest)
{
	size_t beg = rest.len && rest.ptr[0] == '/', end = beg;

	while (end < rest.len && end - beg < NAME_MAX_LEN && is_name_byte(rest.ptr[end])) {
		end++;
		if (rest.ptr[end - 1] == ':')
			beg = end;
	}
	return slice_cut(rest, (struct span){beg, end});
}

/* Where the tag ends that begins at '<' there, behind its '>'; one that does not end goes
 * to the end. In the values of attributes '>' may stand. */
static size_t tag_end(struct slice bytes, size_t at)
{
	unsigned char quote = 0;

	for (at++; at < bytes.len; at++) {
		unsigned char c = bytes.ptr[at];

		if (quote)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '>')
			return at + 1;
	}
	return bytes.len;
}

static size_t end_behind(struct slice bytes, size_t at, struct slice mark)
{
	const unsigned char *end = memmem(bytes.ptr + at, bytes.len - at, mark.ptr, mark.len);

	return end ? (size_t)(end - bytes.ptr) + mark.len : bytes.len;
}

/* Passes what begins with '<' there; returns where it ends. */
static size_t pass_tag(struct slice bytes, size_t at, struct view_text *out)
{
	struct slice rest = slice_cut(bytes, (struct span){at, bytes.len});
	size_t end;

	if (slice_has_prefix(rest, SLICE("<!--")))
		return end_behind(bytes, at, SLICE("-->"));
	if (slice_has_prefix(rest, SLICE("<![CDATA["))) {
		size_t beg = at + 9, behind = end_behind(bytes, beg, SLICE("]]>"));
		bool closed = behind - beg >= 3 && memcmp(bytes.ptr + behind - 3, "]]>", 3) == 0;

		view_text_copy(out, slice_cut(bytes, (struct span){beg, behind - 3 * closed}), beg);
		return behind;
	}
	end = tag_end(bytes, at);
	if (is_block(name_of(slice_cut(bytes, (struct span){at + 1, end}))))
		view_text_put(out, SLICE("\n"), at, end - at);
	return end;
}

/* What only sets one tag below the other is no text. */
static bool is_layout(struct slice text)
{
	bool any = false;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] != ' ' && text.ptr[i] != '\t' && text.ptr[i] != '\n' &&
		    text.ptr[i] != '\r')
			return false;
		any = any || text.ptr[i] == '\n';
	}
	return any;
}

void markup_text(struct slice bytes, struct view_text *out)
{
	size_t at = 0;

	view_text_reset(out);
	while (at < bytes.len) {
		const unsigned char *tag = memchr(bytes.ptr + at, '<', bytes.len - at);
		size_t end = tag ? (size_t)(tag - bytes.ptr) : bytes.len;
		struct slice text = slice_cut(bytes, (struct span){at, end});

		if (!is_layout(text))
			view_text_copy(out, text, at);
		at = tag ? pass_tag(bytes, end, out) : end;
	}
}
