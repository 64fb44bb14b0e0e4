/*
 * Tokens in pieces: literals that a program joins, lines into which somebody broke
 * one. What comes out is searched as any text: only an exact token counts.
 */
#include "view/form_decoders.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static bool is_quote(unsigned char c)
{
	return c == '"' || c == '\'' || c == '`';
}

static unsigned char byte_at(struct slice text, size_t at)
{
	return at < text.len ? text.ptr[at] : 0;
}

static size_t skip_blanks(struct slice text, size_t at)
{
	while (ascii_is_blank(byte_at(text, at)))
		at++;
	return at;
}

static bool begins_at(struct slice text, size_t at, struct slice what)
{
	return at <= text.len &&
	       slice_has_prefix(slice_cut(text, (struct span){at, text.len}), what);
}

/* Of the strings in a list the one that text[at] begins with; count: none. */
static size_t which_begins(struct slice text, size_t at, const char *const *list, size_t count)
{
	size_t i = 0;

	while (i < count && !begins_at(text, at, slice_str(list[i])))
		i++;
	return i;
}

/* ---- pieces ---- */

/* A word in pieces. */
struct pieces {
	struct slice text;
	size_t at;
	bool listed; /* some stand in a list: they are its pieces only where a call joins that */
	/* Where the next piece of a word that ends at text[at] begins; 0 when it has none. */
	size_t (*next)(struct pieces *p, size_t at);
};

static size_t skip_word(struct slice text, size_t at)
{
	while (form_is_of_token(byte_at(text, at)))
		at++;
	return at;
}

static size_t count_lines(struct slice word)
{
	size_t count = 0;

	for (size_t i = 0; i < word.len; i++)
		count += word.ptr[i] == '_';
	return count;
}

/* With how many more pieces, at most so many, the word is as long as a token; 0: with none. Of a
 * token with dots nobody knows how long it is: pieces never add up to one. */
static size_t find_exact(struct pieces *p, size_t most)
{
	struct span word = {p->at, skip_word(p->text, p->at)};
	size_t len = span_len(word), lines = count_lines(slice_cut(p->text, word));

	for (size_t i = 1; i <= most && len <= FORM_TOKEN_MAX && lines <= FORM_LINES_MAX; i++) {
		word.beg = p->next(p, word.end);
		if (!word.beg)
			break;
		word.end = skip_word(p->text, word.beg);
		len += span_len(word);
		lines += count_lines(slice_cut(p->text, word));
		if (form_is_exact(len, lines))
			return i;
	}
	return 0;
}

/* Writes the word with so many more pieces, which it has. */
static void put_pieces(struct pieces *p, size_t count, struct view_text *out)
{
	struct slice text = p->text;
	size_t beg = p->at > FORM_NEIGHBOURS ? p->at - FORM_NEIGHBOURS : 0;
	size_t end = skip_word(text, p->at);

	for (size_t i = 0; i < count; i++) {
		view_text_copy(out, slice_cut(text, (struct span){beg, end}), beg);
		beg = p->next(p, end);
		end = skip_word(text, beg);
	}
	end = text.len - end > FORM_NEIGHBOURS ? end + FORM_NEIGHBOURS : text.len;
	view_text_copy(out, slice_cut(text, (struct span){beg, end}), beg);
}

/* ---- literals ---- */

#define CALL_NEAR 96

/* Whether it is the parenthesis of a call that joins, or a format that does. */
static bool is_call(struct slice text, size_t at)
{
	/* The last letters of join, Join, strcat, CONCAT, concat!, paste0, implode, printf, ... */
	static const char *const calls[] = {"oin",   "cat",   "CAT", "cat!",  "paste",
					    "aste0", "plode", "ntf", "ormat", "-join "};
	struct slice before = slice_of(text.ptr, at);

	if (text.ptr[at] == '%' || text.ptr[at] == '{')
		return begins_at(text, at, SLICE("%s%s")) || begins_at(text, at, SLICE("{}{}"));
	for (size_t i = 0; text.ptr[at] == '(' && i < COUNT(calls); i++)
		if (slice_has_suffix(before, slice_str(calls[i])))
			return true;
	return false;
}

/* Whether a call near by joins the list in which the word stands. */
static bool is_in_joined_list(const struct pieces *p)
{
	size_t left = p->text.len - p->at;
	size_t end = left < 8 * CALL_NEAR ? p->text.len : p->at + 8 * CALL_NEAR;

	for (size_t i = p->at > CALL_NEAR ? p->at - CALL_NEAR : 0; i < end; i++)
		if (is_call(p->text, i))
			return true;
	return false;
}

/* What may stand between two literals that are one: the operators of Python, C,
 * JavaScript, PHP, Lua, Visual Basic, Haskell, OCaml and Julia, or nothing. Where a comma
 * joins, a call says so. */
static size_t skip_operator(struct pieces *p, size_t at)
{
	static const char *const operators[] = {"..", "<>", "||", "++", ".concat(", ".",
						"+",  "&",  "~",  "^",  "*"};
	size_t which;

	if (byte_at(p->text, at) == ',') {
		p->listed = true;
		return at + 1;
	}
	if (!strchr(".<|+&~^*", byte_at(p->text, at)))
		return at;
	which = which_begins(p->text, at, operators, COUNT(operators));
	return which < COUNT(operators) ? at + strlen(operators[which]) : at;
}

static bool is_of_name(unsigned char c)
{
	return form_is_of_token(c) || c == '$' || c == '.' || c == '[' || c == ']';
}

#define NAME_MAX_LEN 64

/* A statement that goes on with what the one before assigned: `; t += `. */
static size_t skip_assignment(struct slice text, size_t at)
{
	static const char *const operators[] = {"+=", ".=", "&=", "..="};
	size_t beg = skip_blanks(text, at + (byte_at(text, at) == ';')), end = beg, which;

	while (end < beg + NAME_MAX_LEN && is_of_name(byte_at(text, end)))
		end++;
	end = skip_blanks(text, end - (end > beg && text.ptr[end - 1] == '.'));
	which = end > beg ? which_begins(text, end, operators, COUNT(operators)) : COUNT(operators);
	return which < COUNT(operators) ? end + strlen(operators[which]) : at;
}

/* "rb" and the like, right before a quote. */
static size_t skip_prefix(struct slice text, size_t at)
{
	size_t i = at;

	while (i < at + 2 && byte_at(text, i) && strchr("rRbBfFuUL@$", byte_at(text, i)))
		i++;
	return is_quote(byte_at(text, i)) ? i : at;
}

#define COMMENT_MAX 160

static size_t skip_comment(struct slice text, size_t at)
{
	static const struct {
		const char *begins, *ends;
	} comments[] = {{"/*", "*/"}, {"//", "\n"}, {"#", "\n"}, {"--", "\n"}};

	if (!strchr("/#-", byte_at(text, at)))
		return at;
	for (size_t i = 0; i < COUNT(comments); i++) {
		size_t left = text.len - at, ends = strlen(comments[i].ends);
		const unsigned char *end;

		if (!begins_at(text, at, slice_str(comments[i].begins)))
			continue;
		end = memmem(text.ptr + at, left < COMMENT_MAX ? left : COMMENT_MAX,
			     comments[i].ends, ends);
		return end ? (size_t)(end - text.ptr) + ends : at;
	}
	return at;
}

/* A line that goes on in the next: '\\', and '_' of Visual Basic, '`' of PowerShell. */
static size_t skip_continuation(struct slice text, size_t at)
{
	unsigned char c = byte_at(text, at), next = byte_at(text, at + 1);

	if (c == '`')
		return next == '\r' || next == '\n' ? at + 1 : at;
	return (c == '\\' || c == '_') && ascii_is_blank(next) ? at + 1 : at;
}

static size_t skip_gap(struct slice text, size_t at)
{
	size_t beg;

	do {
		beg = at;
		at = skip_continuation(text, skip_comment(text, skip_blanks(text, at)));
	} while (at != beg);
	return at;
}

/* In the midst of a literal, or of a word without quotes: "\\" at the end of a line. */
static size_t behind_cut_line(struct slice text, size_t at)
{
	at += byte_at(text, at + 1) == '\\' ? 2 : 1;
	at += byte_at(text, at) == '\r';
	return byte_at(text, at) == '\n' ? skip_blanks(text, at + 1) : 0;
}

/* Where the next literal's first byte stands, at being behind the one before. */
static size_t next_literal(struct pieces *p, size_t at)
{
	struct slice text = p->text;
	size_t gap, joint;

	if (byte_at(text, at) == '\\')
		return behind_cut_line(text, at);
	if (!is_quote(byte_at(text, at)))
		return 0;
	gap = skip_gap(text, at + 1);
	joint = skip_operator(p, gap);
	if (joint == gap)
		joint = skip_assignment(text, gap);
	joint = skip_prefix(text, skip_gap(text, joint));
	if (is_quote(byte_at(text, joint)))
		return joint + 1;
	/* A shell's word, of which only a part stands in quotes. */
	return ascii_is_alnum(byte_at(text, at + 1)) ? at + 1 : 0;
}

/* A letter in each is more than anybody writes. */
#define PIECES_MAX 40

bool form_joined(const struct form_source *from, struct view_text *out)
{
	struct slice text = slice_of(from->text.ptr, form_around(from).end);
	struct pieces p = {.text = text, .at = from->at, .next = next_literal};
	size_t count = find_exact(&p, PIECES_MAX);

	if (!count || (p.listed && !is_in_joined_list(&p)))
		return false;
	put_pieces(&p, count, out);
	return true;
}

/* ---- lines ---- */

/* What lines begin with in mail, comments, differences and on a terminal; or end with there:
 * its frame is U+2502. */
static size_t skip_margin(struct slice text, size_t at)
{
	unsigned char c;

	while ((c = byte_at(text, at)) != 0 &&
	       (strchr(" \t>#*/|+;%", c) || begins_at(text, at, SLICE("\xe2\x94\x82"))))
		at += c == 0xe2 ? 3 : 1;
	return at;
}

static size_t next_line(struct pieces *p, size_t at)
{
	size_t end = at;

	while (byte_at(p->text, end) == ' ')
		end++;
	if (end > at && begins_at(p->text, end, SLICE("\xe2\x94\x82")))
		end += 3;
	end += byte_at(p->text, end) == '\r';
	return byte_at(p->text, end) == '\n' ? skip_margin(p->text, end + 1) : 0;
}

/* A token in two lines or three. */
#define LINE_ENDS_MAX 2

/* Every word at the end of a line may go on in the next: only what adds up does. */
bool form_unwrapped(const struct form_source *from, struct view_text *out)
{
	struct slice text = slice_of(from->text.ptr, form_around(from).end);
	struct pieces p = {.text = text, .at = from->at, .next = next_line};
	size_t count = find_exact(&p, LINE_ENDS_MAX);

	if (count)
		put_pieces(&p, count, out);
	return count > 0;
}
