#include "match/promise.h"

#include "base/ascii.h"

#include <string.h>

/* No body of a token is shorter. */
#define BODY_MIN 12

static bool is_quote(unsigned char c)
{
	return c == '"' || c == '\'';
}

static struct slice behind(struct slice text, size_t at)
{
	return slice_cut(text, (struct span){at < text.len ? at : text.len, text.len});
}

/* How much of a body stands there, at most BODY_MIN. */
static size_t body_len(struct slice rest)
{
	size_t len = 0;

	while (len < rest.len && len < BODY_MIN && ascii_is_alnum(rest.ptr[len]))
		len++;
	return len;
}

/* Whether the string that ends with the quote here goes on in the next one of a
 * list: `",` and `"`; then *rest is what that begins with, all there is of it. */
static bool go_to_next(struct slice *rest)
{
	size_t i = 1;

	while (i < rest->len && ascii_is_blank(rest->ptr[i]))
		i++;
	if (i < rest->len && rest->ptr[i] != ',')
		return false;
	for (i++; i < rest->len && ascii_is_blank(rest->ptr[i]);)
		i++;
	if (i < rest->len && rest->ptr[i] != '"')
		return false;
	*rest = behind(*rest, i + 1);
	return true;
}

bool promises_behind_line(struct slice text, size_t pos)
{
	struct slice rest = behind(text, pos + strlen("hf"));

	if (!go_to_next(&rest))
		return false;
	return !rest.len || (rest.ptr[0] == '_' && body_len(behind(rest, 1)) == BODY_MIN);
}

bool promises_behind_letter(struct slice text, size_t pos)
{
	return body_len(behind(text, pos + strlen("\"f_"))) == BODY_MIN;
}

/* How far before it the literal "h" may end to which `"f_` is joined. */
#define LETTER_NEAR 16

size_t promises_letter_before(struct slice text, size_t pos)
{
	for (size_t back = 2; back <= LETTER_NEAR && back <= pos; back++)
		if (text.ptr[pos - back] == 'h' && is_quote(text.ptr[pos - back + 1]))
			return pos - back;
	return text.len;
}

/* In the midst of a picture in base64, say: right behind a letter, and neither a code
 * nor an escape, which a token may stand behind, is near. */
static bool is_inside_word(struct slice text, size_t pos)
{
	if (pos < BODY_MIN || !ascii_is_alnum(text.ptr[pos - 1]))
		return false;
	for (size_t i = pos - BODY_MIN; i < pos; i++)
		if (!ascii_is_alnum(text.ptr[i]) && text.ptr[i] != '+' && text.ptr[i] != '/')
			return false;
	return true;
}

/* "&#039;" is what many write for an apostrophe. */
bool promises_character(struct slice text, size_t pos)
{
	static const char *const numbers[] = {"104;", "102;", "95;", "68;", "66;", "5f;", "5F;"};
	struct slice number = behind(text, pos + strlen("&#"));
	bool hex = number.len && (number.ptr[0] | 0x20) == 'x';
	size_t at = hex;

	while (at < number.len && number.ptr[at] == '0')
		at++;
	for (size_t i = hex ? 3 : 0; i < (hex ? 7 : 3); i++)
		if (slice_has_prefix(behind(number, at), slice_str(numbers[i])))
			return true;
	return false;
}

/* What people put into a token by mistake: a blank, a dash, a letter of another alphabet. */
static bool is_slip(unsigned char c)
{
	return c >= 0x80 || ascii_is_blank(c) || (c && strchr("+-.,:;#@!~", c));
}

/* Whether the body, which ends at rest, goes on behind a slip. */
static bool goes_on_behind_slip(struct slice rest)
{
	size_t slip = 0;

	while (slip < 6 && slip < rest.len && is_slip(rest.ptr[slip]))
		slip++;
	return slip && body_len(behind(rest, slip)) == BODY_MIN;
}

/* A token's body without dots. */
#define BODY_LEN 34

/* How far behind a piece of a token the last one may end. */
#define PIECES_REACH ((size_t)600)

/* Whether a body of which the first `body` bytes end at rest is one with what stands in the next
 * line, or with what stands in the next literals: in a notebook's string, where quotes and the
 * line's end are escaped, and the list goes on. */
static bool adds_up(struct slice rest, size_t body)
{
	size_t at = 0, first = 0;

	while (at < rest.len && at < PIECES_REACH && body < BODY_LEN) {
		size_t beg = at;

		while (at < rest.len && ascii_is_alnum(rest.ptr[at]))
			at++;
		if (at == beg) {
			bool escape = rest.ptr[at] == '\\' && at + 1 < rest.len;

			at += escape && !is_quote(rest.ptr[at + 1]) ? 2 : 1;
			continue;
		}
		if (!first && body + (at - beg) == BODY_LEN)
			return true;
		first = beg;
		body += is_quote(rest.ptr[beg - 1]) ? at - beg : 0;
	}
	return body == BODY_LEN;
}

/* Whether the string may go on in another that begins in the next line, or before. */
static bool may_go_on(struct slice rest)
{
	size_t i = 0;

	while (i < rest.len && rest.ptr[i] == ' ')
		i++;
	return i < rest.len && (rest.ptr[i] == '\\' || (i == 0 && is_quote(rest.ptr[0])));
}

bool promises_token(struct slice text, size_t pos, size_t anchor_len)
{
	struct slice rest = behind(text, pos + anchor_len);
	size_t body = body_len(rest);

	if (is_inside_word(text, pos))
		return false;
	rest = behind(rest, body);
	if (body == BODY_MIN || rest.len < 2)
		return true;
	if (may_go_on(rest) && adds_up(rest, body))
		return true;
	if (rest.ptr[0] == '"')
		return go_to_next(&rest);
	return slice_has_prefix(rest, SLICE("\\u")) || slice_has_prefix(rest, SLICE("&#")) ||
	       (text.ptr[pos + anchor_len - 1] == '_' && goes_on_behind_slip(rest));
}
