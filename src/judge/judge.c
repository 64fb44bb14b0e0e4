/* One judge for each kind of body a rule may name. */
#include "judge/judge.h"

#include "judge/placeholder.h"

#include <string.h>

static struct slice body_of(const struct rule *rule, struct slice secret)
{
	size_t skip = slice_has_prefix(secret, rule->prefix) ? rule->prefix.len : 0;

	return slice_cut(secret, (struct span){skip, secret.len});
}

static const char *judge_random(const struct rule *rule, struct slice secret)
{
	return placeholder_reason(body_of(rule, secret), &rule->judge);
}

static int base64url_digit(unsigned char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* The byte that text, base64url without padding, ends with; -1 when it is none. */
static int last_byte(struct slice text)
{
	/* What is left of the last four digits: two stand for one byte, three for
	 * two, four for three. */
	unsigned digits = text.len % 4 ? text.len % 4 : 4, bits = 0;

	if (text.len < 2 || digits == 1)
		return -1;
	for (size_t i = text.len - digits; i < text.len; i++)
		bits = bits << 6 | (unsigned)(base64url_digit(text.ptr[i]) & 63);
	return (int)(bits >> (digits == 4 ? 0 : digits == 3 ? 2 : 4) & 0xff);
}

/*
 * The first segment of a JWT is base64url of a JSON object (RFC 7515), so its
 * text begins with '{' (0x7b), which is 'e' and a character whose upper two
 * bits are 11: 'w' to '9', '-' or '_'; and it ends with '}', or white space
 * behind that. The last one is a signature.
 */
static bool is_json_object(struct slice text)
{
	int last = last_byte(text);

	return text.len >= 2 && text.ptr[0] == 'e' && text.ptr[1] &&
	       strchr("wxyz0123456789-_", text.ptr[1]) &&
	       (last == '}' || last == '\n' || last == ' ');
}

static const char *judge_jwt(const struct rule *rule, struct slice secret)
{
	static const struct judge_settings signature = {.min_entropy = 3, .min_distinct = 8};
	struct slice body = body_of(rule, secret);
	const unsigned char *first = body.len ? memchr(body.ptr, '.', body.len) : NULL;
	const unsigned char *dot = body.len ? memrchr(body.ptr, '.', body.len) : NULL;
	size_t last = dot ? (size_t)(dot - body.ptr) + 1 : 0;

	if (first)
		body.len = (size_t)(first - body.ptr);
	if (!is_json_object(body))
		return "its first part is no JSON, which a real one is";
	body = body_of(rule, secret);
	return placeholder_reason(slice_cut(body, (struct span){last, body.len}), &signature);
}

static const char *judge_any(const struct rule *rule, struct slice secret)
{
	(void)rule;
	(void)secret;
	return NULL;
}

struct judgement judge_secret(const struct rule *rule, struct slice secret)
{
	static const char *(*const judges[BODY_COUNT])(const struct rule *, struct slice) = {
		[BODY_RANDOM] = judge_random,
		[BODY_JWT] = judge_jwt,
		[BODY_ANY] = judge_any,
	};
	const char *reason = judges[rule->judge.body](rule, secret);

	if (reason)
		return (struct judgement){VERDICT_PLACEHOLDER, reason};
	return (struct judgement){rule->verdict, NULL};
}
