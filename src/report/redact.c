/*
 * Masking errs on the side of too much: an identifier that is masked costs a
 * moment, a token that is not costs the token. So there is no left boundary
 * here, no right one, and no judge.
 */
#include "report/redact.h"

#include "base/alloc.h"
#include "base/ascii.h"

#include <nettle/sha2.h>

#define ELLIPSIS "\xE2\x80\xA6"
/* Bodies shorter than this are not shown in part: too little would be left. */
#define BODY_MIN 12
/* api_ begins many identifiers; 20 letters in a row after it are rare in them. */
#define API_BODY_MIN 20

static bool is_jwt(unsigned char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '-' || c == '.';
}

/* Known prefixes, a longer one before those it begins with. */
static const struct {
	struct slice prefix;
	bool (*is_body)(unsigned char c);
	size_t body_min;
} kinds[] = {
	{{(const unsigned char *)"hf_oauth__refresh_", 18}, ascii_is_alnum, BODY_MIN},
	{{(const unsigned char *)"hf_oauth_", 9}, is_jwt, BODY_MIN},
	{{(const unsigned char *)"hf_jwt_", 7}, is_jwt, BODY_MIN},
	{{(const unsigned char *)"hf_s3_", 6}, is_jwt, BODY_MIN},
	{{(const unsigned char *)"hf_app_", 7}, ascii_is_alnum, BODY_MIN},
	{{(const unsigned char *)"hf_", 3}, ascii_is_alnum, BODY_MIN},
	{{(const unsigned char *)"api_org_", 8}, ascii_is_alnum, BODY_MIN},
	{{(const unsigned char *)"api_", 4}, ascii_is_alnum, API_BODY_MIN},
	{{(const unsigned char *)"oauth_app_secret_", 17}, ascii_is_alnum, BODY_MIN},
	{{(const unsigned char *)"HFAK", 4}, ascii_is_alnum, BODY_MIN},
};

static void append_masked(struct buf *out, struct slice prefix, struct slice body)
{
	buf_append_slice(out, prefix);
	if (body.len >= BODY_MIN)
		buf_append(out, body.ptr, 2);
	buf_append_str(out, ELLIPSIS);
	if (body.len >= BODY_MIN)
		buf_append(out, body.ptr + body.len - 2, 2);
}

void redact_secret(struct buf *out, const struct rule *rule, struct slice secret)
{
	size_t prefix = slice_has_prefix(secret, rule->prefix) ? rule->prefix.len : 0;

	if (secret.len - prefix < prefix) /* a rule may call nearly all of it prefix */
		prefix = 0;
	append_masked(out, slice_cut(secret, (struct span){0, prefix}),
		      slice_cut(secret, (struct span){prefix, secret.len}));
}

/* A cheap look at two bytes; every prefix begins with one of these pairs. */
static bool may_begin(struct slice text)
{
	static const char pairs[] = "hfapoaHF";

	for (size_t i = 0; text.len >= 2 && i < sizeof(pairs) - 1; i += 2)
		if (text.ptr[0] == pairs[i] && text.ptr[1] == pairs[i + 1])
			return true;
	return false;
}

/* HFAK has no underscore and may stand in any body. */
static bool begins_glued(struct slice text)
{
	for (size_t i = 0; may_begin(text) && i < sizeof(kinds) / sizeof(*kinds); i++)
		if (slice_has_prefix(text, kinds[i].prefix))
			return text.ptr[kinds[i].prefix.len - 1] == '_';
	return false;
}

/* Whether the run of kind k that text[at] would belong to goes on there. Tokens
 * may stand glued together, and a run of letters must not eat those of the
 * next prefix; a JWT's characters are all that a prefix has, so it takes any. */
static bool goes_on(size_t k, struct slice text, size_t at)
{
	return kinds[k].is_body(text.ptr[at]) &&
	       (kinds[k].is_body == is_jwt ||
		!begins_glued(slice_cut(text, (struct span){at, text.len})));
}

/* The length of the token-shaped run that text begins with, and of its
 * prefix; 0 when it begins with none. */
static size_t masked_run(struct slice text, size_t *prefix)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		size_t end = kinds[i].prefix.len;

		if (!slice_has_prefix(text, kinds[i].prefix))
			continue;
		while (end < text.len && goes_on(i, text, end))
			end++;
		*prefix = kinds[i].prefix.len;
		if (end - *prefix >= kinds[i].body_min)
			return end;
	}
	return 0;
}

void redact_text(struct buf *out, struct slice text)
{
	size_t plain = 0; /* beginning of what was not copied yet */
	size_t at = 0;

	while (at < text.len) {
		struct slice rest = slice_cut(text, (struct span){at, text.len});
		size_t prefix, run = may_begin(rest) ? masked_run(rest, &prefix) : 0;

		if (!run) {
			at++;
			continue;
		}
		buf_append_slice(out, slice_cut(text, (struct span){plain, at}));
		append_masked(out, slice_cut(text, (struct span){at, at + prefix}),
			      slice_cut(text, (struct span){at + prefix, at + run}));
		at += run;
		plain = at;
	}
	buf_append_slice(out, slice_cut(text, (struct span){plain, text.len}));
}

void redact_fingerprint(char out[33], struct slice secret)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t sum[SHA256_DIGEST_SIZE];
	struct sha256_ctx context;

	sha256_init(&context);
	sha256_update(&context, secret.len, secret.ptr);
	sha256_digest(&context, sizeof(sum), sum);
	for (int i = 0; i < 16; i++) {
		out[2 * i] = digits[sum[i] >> 4];
		out[2 * i + 1] = digits[sum[i] & 15];
	}
	out[32] = '\0';
	wipe(&context, sizeof(context));
	wipe(sum, sizeof(sum));
}

/* ---- the excerpt ---- */

/* Longer words may be a secret that has no shape of its own. */
#define WORD_MAX 15

static bool ends_line(unsigned char c)
{
	return c == '\n' || c == '\r';
}

static struct span line_around(struct slice text, struct span secret)
{
	struct span line = secret;

	while (line.beg > 0 && secret.beg - line.beg < EXCERPT_AROUND &&
	       !ends_line(text.ptr[line.beg - 1]))
		line.beg--;
	while (line.end < text.len && line.end - secret.end < EXCERPT_AROUND &&
	       !ends_line(text.ptr[line.end]))
		line.end++;
	return line;
}

/* A token that was cut has no prefix to be known by, or a body too short to be
 * masked: what may be part of one is left out where the line goes on. */
static void drop_cut_words(const struct excerpt_of *of, struct span *line)
{
	bool begins = line->beg == 0 ? of->begins : ends_line(of->text.ptr[line->beg - 1]);
	bool ends = line->end == of->text.len ? of->ends : ends_line(of->text.ptr[line->end]);

	while (!begins && line->beg < of->secret.beg && is_jwt(of->text.ptr[line->beg]))
		line->beg++;
	while (!ends && line->end > of->secret.end && is_jwt(of->text.ptr[line->end - 1]))
		line->end--;
}

/* A part of a token, or one in a form that nobody knows: letters of both cases, but not as names
 * have them, in which a capital is followed by two small letters or more. */
static bool looks_random(struct slice word)
{
	size_t upper = 0, lower = 0, run = 2; /* small letters behind the last capital */
	bool is_name = true;

	for (size_t i = 0; i < word.len; i++) {
		unsigned char c = word.ptr[i];
		bool is_upper = c >= 'A' && c <= 'Z';

		if (is_upper) {
			is_name = is_name && run >= 2;
			upper++;
		}
		run = is_upper ? 0 : run + 1;
		lower += c >= 'a' && c <= 'z';
	}
	return word.len >= BODY_MIN && upper >= 2 && lower >= 2 && !is_name;
}

/* What bytes as numbers are written with: "68 66 5f", "0x68, 0x66", "\u0068", "&#104;". */
static bool is_of_numbers(unsigned char c)
{
	return ascii_hex_value(c) >= 0 || (c && strchr(" xXuU\\%&#;,:=-{}", c));
}

/* So many digits of them, and so many bytes, are more than a date or a colour has. */
#define NUMBERS_DIGITS 16
#define NUMBERS_LEN    24

/* Where the numbers end that begin at text[beg]; *many: too many to be shown. */
static size_t numbers_end(struct slice text, size_t beg, bool *many)
{
	size_t end = beg, digits = 0;

	while (end < text.len && is_of_numbers(text.ptr[end]))
		digits += ascii_hex_value(text.ptr[end++]) >= 0;
	*many = end - beg >= NUMBERS_LEN && digits >= NUMBERS_DIGITS;
	return end;
}

/* Hexadecimal right behind a letter, or base32: so long a word with so many digits is no name. */
static bool looks_coded(struct slice word)
{
	size_t digits = 0;

	for (size_t i = 0; i < word.len; i++)
		digits += word.ptr[i] >= '0' && word.ptr[i] <= '9';
	return word.len >= NUMBERS_LEN && digits >= 3;
}

/* What somebody wrote apart, letter by letter or in groups of one length: "h f _ A b". So many
 * bytes stand between two, so many letters are in one, and so many in all: in single ones, in
 * groups that look random. */
#define APART_MAX    6
#define APART_GROUP  4
#define APART_SINGLE 16
#define APART_RANDOM 24

static bool is_letter(unsigned char c)
{
	return ascii_is_alnum(c) || c == '_';
}

static size_t letters_end(struct slice text, size_t at)
{
	while (at < text.len && is_letter(text.ptr[at]))
		at++;
	return at;
}

/* Groups of one length, each behind the other. */
struct row {
	size_t group, len;
	unsigned char letters[2 * APART_RANDOM];
};

/* Adds a group; returns whether they may be a token together. */
static bool add_group(struct row *row, struct slice group)
{
	if (group.len != row->group)
		*row = (struct row){.group = group.len};
	if (row->len + group.len <= sizeof(row->letters)) {
		memcpy(row->letters + row->len, group.ptr, group.len);
		row->len += group.len;
	}
	return row->len >= (group.len == 1 ? APART_SINGLE : APART_RANDOM) &&
	       (group.len == 1 || looks_random(slice_of(row->letters, row->len)));
}

/* Where the groups end that begin at text[beg]; *many: some of them may be a token. */
static size_t groups_end(struct slice text, size_t beg, bool *many)
{
	struct row row = {0};
	size_t at = beg, end = beg, group;

	*many = false;
	if (beg && is_letter(text.ptr[beg - 1]))
		return beg;
	while ((group = letters_end(text, at)) > at && group - at <= APART_GROUP) {
		*many |= add_group(&row, slice_cut(text, (struct span){at, group}));
		at = end = group;
		while (at < text.len && at - end < APART_MAX && !is_letter(text.ptr[at]))
			at++;
	}
	wipe(&row, sizeof(row));
	return end;
}

/* How far it was looked for what stands apart, of which a part need not be looked at again. */
struct apart_seen {
	size_t numbers, groups;
};

/* Where what has to be left out ends that begins at text[beg]; beg when nothing does. */
static size_t apart_end(struct slice text, size_t beg, struct apart_seen *seen)
{
	bool many = false;

	if (beg >= seen->numbers)
		seen->numbers = numbers_end(text, beg, &many);
	if (many)
		return seen->numbers;
	if (beg >= seen->groups)
		seen->groups = groups_end(text, beg, &many);
	return many ? seen->groups : beg;
}

static bool is_word(unsigned char c)
{
	return ascii_is_alnum(c) || c == '+' || c == '/' || c == '_' || c == '-';
}

static void append_short_words(struct buf *out, struct slice text)
{
	struct apart_seen seen = {0};
	size_t beg = 0, end;

	for (; beg < text.len; beg = end) {
		end = apart_end(text, beg, &seen);
		if (end > beg) {
			buf_append_str(out, ELLIPSIS);
			continue;
		}
		while (end < text.len && is_word(text.ptr[end]))
			end++;
		if (end - beg > WORD_MAX)
			buf_append_str(out, ELLIPSIS);
		else
			buf_append(out, text.ptr + beg, end - beg);
		if (end < text.len)
			buf_append_byte(out, text.ptr[end++]);
	}
}

/* Leaves out what may be a token though it has no shape of one. */
static void append_unlikely(struct buf *out, struct slice text)
{
	struct apart_seen seen = {0};
	size_t beg = 0, end;
	struct slice word;

	for (; beg < text.len; beg = end) {
		end = apart_end(text, beg, &seen);
		if (end > beg) {
			buf_append_str(out, ELLIPSIS);
			continue;
		}
		while (end < text.len && ascii_is_alnum(text.ptr[end]))
			end++;
		word = slice_cut(text, (struct span){beg, end});
		if (looks_random(word) || looks_coded(word))
			buf_append_str(out, ELLIPSIS);
		else
			buf_append_slice(out, word);
		if (end == beg)
			buf_append_byte(out, text.ptr[end++]);
	}
}

/* What stands beside the secret. */
static void append_side(struct buf *out, const struct excerpt_of *of, struct slice side)
{
	struct buf masked;

	buf_init(&masked, BUF_MAX_LINE);
	redact_text(&masked, side);
	if (of->wary)
		append_short_words(out, buf_slice(&masked));
	else
		append_unlikely(out, buf_slice(&masked));
	buf_dispose(&masked);
}

static bool continues_character(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* The last `most` bytes of s, beginning at a character. */
static struct slice tail_of(struct slice s, size_t most)
{
	size_t cut = s.len > most ? s.len - most : 0;

	while (cut > 0 && cut < s.len && continues_character(s.ptr[cut]))
		cut++;
	return slice_cut(s, (struct span){cut, s.len});
}

/* The first `most` bytes of s, ending with a character. */
static struct slice head_of(struct slice s, size_t most)
{
	size_t cut = s.len > most ? most : s.len;

	while (cut > 0 && cut < s.len && continues_character(s.ptr[cut]))
		cut--;
	return slice_cut(s, (struct span){0, cut});
}

/* And what an editor of Windows' begins a file with, which nobody sees there. */
static struct slice skip_blanks(struct slice s)
{
	const struct slice mark = SLICE("\xef\xbb\xbf");

	if (slice_has_prefix(s, mark))
		s = slice_cut(s, (struct span){mark.len, s.len});
	while (s.len > 0 && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
		s = slice_cut(s, (struct span){1, s.len});
	return s;
}

char *redact_excerpt(const struct rule *rule, const struct excerpt_of *of, size_t *beg, size_t *end)
{
	struct slice secret = slice_cut(of->text, of->secret);
	struct span line = line_around(of->text, of->secret);
	struct slice shown_before, shown_after;
	struct buf before, after, out;
	size_t room;

	buf_init(&before, BUF_MAX_LINE);
	buf_init(&after, BUF_MAX_LINE);
	buf_init(&out, BUF_MAX_LINE);
	drop_cut_words(of, &line);
	append_side(&before, of,
		    skip_blanks(slice_cut(of->text, (struct span){line.beg, of->secret.beg})));
	redact_secret(&out, rule, secret);
	append_side(&after, of, slice_cut(of->text, (struct span){of->secret.end, line.end}));

	/* Half of what is left to each side, or more where the other needs less. */
	room = EXCERPT_MAX > out.len + 2 * strlen(ELLIPSIS)
		       ? EXCERPT_MAX - out.len - 2 * strlen(ELLIPSIS)
		       : 0;
	shown_after =
		head_of(buf_slice(&after), before.len < room / 2 ? room - before.len : room / 2);
	shown_before = tail_of(buf_slice(&before), room - shown_after.len);
	buf_reset(&out);
	if (shown_before.len < before.len)
		buf_append_str(&out, ELLIPSIS);
	buf_append_slice(&out, shown_before);
	*beg = out.len;
	redact_secret(&out, rule, secret);
	*end = out.len;
	buf_append_slice(&out, shown_after);
	if (shown_after.len < after.len)
		buf_append_str(&out, ELLIPSIS);
	for (size_t i = 0; i < out.len; i++)
		if (out.ptr[i] == '\0') /* the excerpt is a C string */
			out.ptr[i] = ' ';
	buf_dispose(&after);
	buf_dispose(&before);
	return buf_detach(&out);
}
