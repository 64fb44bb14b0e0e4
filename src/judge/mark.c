#include "judge/mark.h"

#include <string.h>

/* What counts on the secret's own line. */
static const char *const on_line[] = {
	"hfscan:allow",
	"gitleaks:allow",
	"betterleaks:allow",
	"trufflehog:ignore",
	"kingfisher:ignore",
	"ggignore",
	"pragma: allowlist secret",
	"pragma:allowlist secret",
	"pragma: whitelist secret",
	"pragma:whitelist secret",
	"secretlint-disable-line",
};

/* What counts when the line before begins with it. */
static const char *const on_line_before[] = {
	"hfscan:allow",
	"pragma: allowlist nextline secret",
	"pragma:allowlist nextline secret",
	"pragma: whitelist nextline secret",
	"pragma:whitelist nextline secret",
	"secretlint-disable-next-line",
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

static bool is_letter_or_digit(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* "hfscan:allowed" and "no-hfscan:allow" are other words. */
static bool is_of_word(unsigned char c)
{
	return is_letter_or_digit(c) || c == '_' || c == '-';
}

static bool stands_at(struct slice line, size_t at, const char *mark)
{
	size_t end = at + strlen(mark);

	return end <= line.len && memcmp(line.ptr + at, mark, end - at) == 0 &&
	       (at == 0 || !is_of_word(line.ptr[at - 1])) &&
	       (end == line.len || !is_of_word(line.ptr[end]));
}

static bool stands_in(struct slice line, const char *mark)
{
	size_t at = 0;

	while (at < line.len) {
		const unsigned char *found =
			memmem(line.ptr + at, line.len - at, mark, strlen(mark));

		if (!found)
			return false;
		at = (size_t)(found - line.ptr);
		if (stands_at(line, at, mark))
			return true;
		at++;
	}
	return false;
}

/* Behind what begins a comment, whatever the language. */
static bool begins_with(struct slice line, const char *mark)
{
	size_t at = 0;

	while (at < line.len && !is_letter_or_digit(line.ptr[at]))
		at++;
	return stands_at(line, at, mark);
}

/* The line around text[at], no further from there than the reach. */
static struct span line_around(struct slice text, struct span at)
{
	size_t least = at.beg > MARK_REACH ? at.beg - MARK_REACH : 0;
	size_t most = text.len - at.end > MARK_REACH ? at.end + MARK_REACH : text.len;
	const unsigned char *beg = memrchr(text.ptr + least, '\n', at.beg - least);
	const unsigned char *end = memchr(text.ptr + at.end, '\n', most - at.end);

	return (struct span){
		beg ? (size_t)(beg - text.ptr) + 1 : least,
		end ? (size_t)(end - text.ptr) : most,
	};
}

const char *mark_reason(struct slice text, struct span secret)
{
	struct span line = line_around(text, secret), before;

	for (size_t i = 0; i < COUNT(on_line); i++)
		if (stands_in(slice_cut(text, (struct span){line.beg, secret.beg}), on_line[i]) ||
		    stands_in(slice_cut(text, (struct span){secret.end, line.end}), on_line[i]))
			return "a mark on its line allows it";
	if (line.beg == 0 || text.ptr[line.beg - 1] != '\n')
		return NULL;
	before = line_around(text, (struct span){line.beg - 1, line.beg - 1});
	for (size_t i = 0; i < COUNT(on_line_before); i++)
		if (begins_with(slice_cut(text, before), on_line_before[i]))
			return "a mark on the line before allows it";
	return NULL;
}
