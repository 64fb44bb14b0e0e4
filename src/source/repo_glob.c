/*
 * Patterns of file names as gitignore(5) has them: '*' and '?' stop at a '/',
 * "**" as a whole name does not.
 *
 * No recursion: patterns and names come from hostile trees, and matchers that
 * try every split take exponential time on "*a*a*a*b".
 */
#include "source/repo_private.h"

#include <ctype.h>

#define NONE ((size_t)-1)

static unsigned char folded(unsigned char c, bool fold)
{
	return fold && c >= 'A' && c <= 'Z' ? (unsigned char)(c + ('a' - 'A')) : c;
}

static const struct {
	const char *name; /* with what follows "[:" */
	int (*holds)(int c);
} classes[] = {
	{"alnum:]", isalnum}, {"alpha:]", isalpha}, {"blank:]", isblank}, {"cntrl:]", iscntrl},
	{"digit:]", isdigit}, {"graph:]", isgraph}, {"lower:]", islower}, {"print:]", isprint},
	{"punct:]", ispunct}, {"space:]", isspace}, {"upper:]", isupper}, {"xdigit:]", isxdigit},
};

/* A "[:name:]" at p[*at]: moves past it and says whether c is in it. */
static bool match_class(struct slice p, size_t *at, unsigned char c, bool fold, bool *is_class)
{
	struct slice rest = slice_of(p.ptr + *at, p.len - *at);

	*is_class = false;
	if (!slice_has_prefix(rest, SLICE("[:")))
		return false;
	rest = slice_of(rest.ptr + 2, rest.len - 2);
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		struct slice name = slice_str(classes[i].name);

		if (!slice_has_prefix(rest, name))
			continue;
		*is_class = true;
		*at += 2 + name.len;
		return c < 0x80 &&
		       (classes[i].holds(c) ||
			(fold && (classes[i].holds(tolower(c)) || classes[i].holds(toupper(c)))));
	}
	return false;
}

static bool take_set_byte(struct slice p, size_t *at, unsigned char *byte)
{
	if (*at < p.len && p.ptr[*at] == '\\')
		++*at;
	if (*at >= p.len)
		return false;
	*byte = p.ptr[(*at)++];
	return true;
}

/* One byte, range or class of a set. False when the set is not closed. */
static bool match_member(struct slice p, size_t *at, unsigned char c, bool fold, bool *matched)
{
	unsigned char low, high;
	bool is_class, in_class = match_class(p, at, c, fold, &is_class);

	if (is_class) {
		*matched |= in_class;
		return true;
	}
	if (!take_set_byte(p, at, &low))
		return false;
	high = low;
	if (*at + 1 < p.len && p.ptr[*at] == '-' && p.ptr[*at + 1] != ']') {
		++*at;
		if (!take_set_byte(p, at, &high))
			return false;
	}
	*matched |=
		(low <= c && c <= high) || (fold && ((low <= tolower(c) && tolower(c) <= high) ||
						     (low <= toupper(c) && toupper(c) <= high)));
	return true;
}

/* p[*at] is '['. */
static bool match_set(struct slice p, size_t *at, unsigned char c, bool fold)
{
	size_t i = *at + 1;
	bool negated = i < p.len && (p.ptr[i] == '!' || p.ptr[i] == '^');
	bool matched = false;

	i += negated;
	do {
		if (i >= p.len || !match_member(p, &i, c, fold, &matched))
			return false;
	} while (i >= p.len || p.ptr[i] != ']');
	*at = i + 1;
	return matched != negated && c != '/';
}

/* Whatever stands for exactly one byte. */
static bool match_byte(struct slice p, size_t *at, unsigned char c, bool fold)
{
	switch (p.ptr[*at]) {
	case '?':
		++*at;
		return c != '/';
	case '[':
		return match_set(p, at, c, fold);
	case '\\':
		++*at;
		if (*at == p.len)
			return false;
		break;
	}
	return folded(p.ptr[(*at)++], fold) == folded(c, fold);
}

/*
 * On a mismatch the last '*' takes one byte more; where it cannot, for a '/',
 * the last "**" takes one folder more. Earlier stars need no second try: what
 * follows them matched as far left as it could. So no pattern takes longer
 * than pattern times text times folders.
 */
bool glob_matches(struct slice p, struct slice t, bool fold)
{
	size_t i = 0, j = 0, star_i = NONE, star_j = 0, deep_i = NONE, deep_j = 0;

	for (;;) {
		size_t next = i;

		while (i < p.len && p.ptr[i] == '*')
			i++;
		if (i - next >= 2 && (next == 0 || p.ptr[next - 1] == '/') &&
		    (i == p.len || p.ptr[i] == '/')) {
			if (i == p.len)
				return true;
			deep_i = ++i;
			deep_j = j;
			star_i = NONE;
			continue;
		}
		if (i > next) {
			star_i = i;
			star_j = j;
		}
		if (j == t.len)
			return i == p.len;
		next = i;
		if (i < p.len && match_byte(p, &next, t.ptr[j], fold)) {
			if (t.ptr[j++] == '/')
				star_i = NONE;
			i = next;
		} else if (star_i != NONE && t.ptr[star_j] != '/') {
			i = star_i;
			j = ++star_j;
		} else if (deep_i != NONE) {
			const unsigned char *slash = memchr(t.ptr + deep_j, '/', t.len - deep_j);

			if (!slash)
				return false;
			i = deep_i;
			j = deep_j = (size_t)(slash - t.ptr) + 1;
			star_i = NONE;
		} else {
			return false;
		}
	}
}
