/* One judge for each kind of body a rule may name. */
#include "judge/judge.h"

#include "judge/placeholder.h"

static struct slice body_of(const struct rule *rule, struct slice secret)
{
	size_t skip = slice_has_prefix(secret, rule->prefix) ? rule->prefix.len : 0;

	return slice_cut(secret, (struct span){skip, secret.len});
}

static const char *judge_random(const struct rule *rule, struct slice secret)
{
	return placeholder_reason(body_of(rule, secret), &rule->judge);
}

/*
 * The first segment of a JWT is base64url of a JSON object (RFC 7515), so its
 * text begins with '{' (0x7b), which is 'e' and a character whose upper two
 * bits are 11: 'w' to '9', '-' or '_'. The last one is a signature.
 */
static const char *judge_jwt(const struct rule *rule, struct slice secret)
{
	static const struct judge_settings signature = {.min_entropy = 3, .min_distinct = 8};
	struct slice body = body_of(rule, secret);
	const unsigned char *dot = memrchr(body.ptr, '.', body.len);
	size_t last = dot ? (size_t)(dot - body.ptr) + 1 : 0;

	if (body.len < 2 || body.ptr[0] != 'e' ||
	    !memchr("wxyz0123456789-_", body.ptr[1], sizeof("wxyz0123456789-_") - 1))
		return "its first part is no JSON, which a real one is";
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
