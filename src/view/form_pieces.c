/*
 * Tokens in pieces, and one that runs into its neighbour: literals that a program
 * joins, lines into which somebody broke it, strings behind their length. What
 * comes out is searched as any text: only an exact token counts.
 */
#include "view/form_decoders.h"

static bool is_quote(unsigned char c)
{
	return c == '"' || c == '\'' || c == '`';
}

static unsigned char byte_at(struct slice text, size_t at)
{
	return at < text.len ? text.ptr[at] : 0;
}

static size_t skip_word(struct slice text, size_t at)
{
	while (form_is_of_token(byte_at(text, at)))
		at++;
	return at;
}

static size_t skip_blanks(struct slice text, size_t at)
{
	while (ascii_is_blank(byte_at(text, at)))
		at++;
	return at;
}

/* ---- pieces ---- */

/* Where the next piece of a word that ends at text[at] begins; 0 when it has none. */
typedef size_t (*next_piece)(struct slice text, size_t at);

/* No token is shorter. */
#define TOKEN_MIN 37

/* How long the word is with all its pieces, at most 1 + most of them. */
static size_t word_len(struct slice text, size_t at, next_piece next, size_t most)
{
	size_t end = skip_word(text, at), len = end - at, beg;

	for (size_t i = 0; i < most && (beg = next(text, end)) != 0; i++) {
		end = skip_word(text, beg);
		len += end - beg;
	}
	return len;
}

/* Writes the word that begins at the anchor in one piece. False: it is not in pieces. */
static bool put_pieces(const struct form_source *from, next_piece next, size_t most,
		       struct view_text *out)
{
	struct slice text = slice_of(from->text.ptr, form_around(from).end);
	size_t beg = from->at > FORM_NEIGHBOURS ? from->at - FORM_NEIGHBOURS : 0;
	size_t end = skip_word(text, from->at), more;

	if (!next(text, end))
		return false;
	for (size_t i = 0; i < most && (more = next(text, end)) != 0; i++) {
		view_text_copy(out, slice_cut(text, (struct span){beg, end}), beg);
		beg = more;
		end = skip_word(text, beg);
	}
	end = text.len - end > FORM_NEIGHBOURS ? end + FORM_NEIGHBOURS : text.len;
	view_text_copy(out, slice_cut(text, (struct span){beg, end}), beg);
	return true;
}

/* ---- literals ---- */

static bool begins_at(struct slice text, size_t at, struct slice what)
{
	return at <= text.len &&
	       slice_has_prefix(slice_cut(text, (struct span){at, text.len}), what);
}

#define CALL_NEAR 96

/* Whether a call near by joins the list in which text[at] stands. */
static bool is_joined_list(struct slice text, size_t at)
{
	size_t beg = at > CALL_NEAR ? at - CALL_NEAR : 0;
	size_t end = text.len - at < 8 * CALL_NEAR ? text.len : at + 8 * CALL_NEAR;

	for (size_t i = beg; i < end; i++)
		if (begins_at(text, i, SLICE("join(")) || begins_at(text, i, SLICE("concat(")) ||
		    begins_at(text, i, SLICE("CONCAT(")) || begins_at(text, i, SLICE("paste0(")) ||
		    begins_at(text, i, SLICE("implode(")))
			return true;
	return false;
}

/* What may stand between two literals that are one: the operators of Python, C,
 * JavaScript, PHP, Lua and Visual Basic, or nothing. Where a comma joins, a call
 * says so. */
static size_t skip_operator(struct slice text, size_t at)
{
	static const struct slice operators[] = {
		{(const unsigned char *)"..", 2}, {(const unsigned char *)"<>", 2},
		{(const unsigned char *)"||", 2}, {(const unsigned char *)".", 1},
		{(const unsigned char *)"+", 1},  {(const unsigned char *)"&", 1},
		{(const unsigned char *)"~", 1},
	};

	if (byte_at(text, at) == ',')
		return is_joined_list(text, at) ? at + 1 : at;
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (begins_at(text, at, operators[i]))
			return at + operators[i].len;
	return at;
}

/* "rb" and the like, right before a quote. */
static size_t skip_prefix(struct slice text, size_t at)
{
	size_t i = at;

	while (i < at + 2 && byte_at(text, i) && strchr("rRbBfFuUL@$", byte_at(text, i)))
		i++;
	return is_quote(byte_at(text, i)) ? i : at;
}

/* Blanks, lines that go on behind a backslash, and the '_' of Visual Basic. */
static size_t skip_gap(struct slice text, size_t at)
{
	size_t next;

	while ((next = skip_blanks(text, at)) != at ||
	       ((byte_at(text, at) == '\\' || byte_at(text, at) == '_') &&
		(next = skip_blanks(text, at + 1)) != at + 1))
		at = next;
	return at;
}

/* Where the next literal's first byte stands, at being behind the one before;
 * 0 when none is joined to it. */
static size_t next_literal(struct slice text, size_t at)
{
	if (byte_at(text, at) == '\\') {
		size_t next = at + 1 + (byte_at(text, at + 1) == '\r');

		return byte_at(text, next) == '\n' ? next + 1 : 0;
	}
	if (!is_quote(byte_at(text, at)))
		return 0;
	at = skip_gap(text, at + 1);
	at = skip_gap(text, skip_operator(text, at));
	at = skip_prefix(text, at);
	return is_quote(byte_at(text, at)) ? at + 1 : 0;
}

/* A letter in each is more than anybody writes. */
#define PIECES_MAX 40

bool form_joined(const struct form_source *from, struct view_text *out)
{
	struct slice text = slice_of(from->text.ptr, form_around(from).end);

	return word_len(text, from->at, next_literal, PIECES_MAX) >= TOKEN_MIN &&
	       put_pieces(from, next_literal, PIECES_MAX, out);
}

/* ---- lines ---- */

/* Behind what a quoted or indented line begins with. */
static size_t skip_margin(struct slice text, size_t at)
{
	while (byte_at(text, at) == ' ' || byte_at(text, at) == '\t' || byte_at(text, at) == '>')
		at++;
	return at;
}

static size_t next_line(struct slice text, size_t at)
{
	at += byte_at(text, at) == '\r';
	return byte_at(text, at) == '\n' ? skip_margin(text, at + 1) : 0;
}

/* A token in two lines or three. */
#define LINE_ENDS_MAX 2

/* hf_, api_, hf_app_, api_org_, oauth_app_secret_ and hf_oauth__refresh_ with their bodies. */
static bool is_exact(size_t len)
{
	return len == 37 || len == 38 || len == 39 || len == 42 || len == 51 || len == 52;
}

/* Every word at the end of a line may go on in the next: only what adds up does. */
bool form_unwrapped(const struct form_source *from, struct view_text *out)
{
	struct slice text = slice_of(from->text.ptr, form_around(from).end);

	for (size_t ends = 1; ends <= LINE_ENDS_MAX; ends++)
		if (is_exact(word_len(text, from->at, next_line, ends)))
			return put_pieces(from, next_line, ends, out);
	return false;
}

/* ---- strings behind their length ---- */

/* Python's pickle (Lib/pickletools.py), MessagePack (spec.md), CBOR (RFC 8949): what
 * stands before a string, and how many bytes say how long it is. */
static const struct {
	unsigned char opcode;
	unsigned char width;
	bool big;
} counts[] = {
	{'X', 4, false},  /* pickle BINUNICODE */
	{0x8c, 1, false}, /* pickle SHORT_BINUNICODE */
	{0x8d, 8, false}, /* pickle BINUNICODE8 */
	{'U', 1, false},  /* pickle SHORT_BINSTRING */
	{'T', 4, false},  /* pickle BINSTRING */
	{'C', 1, false},  /* pickle SHORT_BINBYTES */
	{'B', 4, false},  /* pickle BINBYTES */
	{0xd9, 1, true},  /* MessagePack str 8 */
	{0xda, 2, true},  /* MessagePack str 16 */
	{0x78, 1, true},  /* CBOR text, length in one byte */
	{0x79, 2, true},  /* CBOR text, in two */
};

static uint64_t count_at(const unsigned char *p, size_t width, bool big)
{
	uint64_t value = 0;

	for (size_t i = 0; i < width; i++)
		value = value << 8 | p[big ? i : width - 1 - i];
	return value;
}

/* Of the string that begins at text[beg], if its length stands before it. 0: it
 * does not. */
static size_t counted_len(struct slice text, size_t beg, size_t at_least)
{
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		size_t width = counts[i].width;
		uint64_t len;

		if (beg < width + 1 || text.ptr[beg - width - 1] != counts[i].opcode)
			continue;
		len = count_at(text.ptr + beg - width, width, counts[i].big);
		if (len >= at_least && len <= text.len - beg)
			return (size_t)len;
	}
	return 0;
}

/* Of the string that begins at text[beg] as a line of protocol 0. */
static size_t line_len(struct slice text, size_t beg)
{
	const unsigned char *end;

	if (beg < 2 || text.ptr[beg - 1] != 'V' || text.ptr[beg - 2] != '\n')
		return 0;
	end = memchr(text.ptr + beg, '\n', text.len - beg);
	return end ? (size_t)(end - text.ptr) - beg : 0;
}

/* How far before the anchor its string may begin: "Bearer ". */
#define STRING_BEFORE 64

bool form_counted(const struct form_source *from, struct view_text *out)
{
	struct span span = form_around(from);
	struct slice text = slice_of(from->text.ptr, span.end);

	for (size_t back = 0; back <= STRING_BEFORE && back <= from->at; back++) {
		size_t beg = from->at - back;
		size_t len = counted_len(text, beg, back + TOKEN_MIN);

		if (!len)
			len = line_len(text, beg);
		if (len) {
			view_text_copy(out, slice_cut(text, (struct span){beg, beg + len}), beg);
			return true;
		}
	}
	return false;
}
