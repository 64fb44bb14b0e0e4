/*
 * Shapes: huggingface/hf-mcp-server, packages/app/src/server/utils/hf-dataset-transport.ts.
 * A refresh token and an app's secret are answered by 401 whether they work or not, and
 * of hf_app_ and hf_s3_ nobody has told what whoami says: they are not sent.
 */
#include "verify/kind.h"

#include "base/ascii.h"

static const struct kind kinds[] = {
	/* prefix, body, asks, is_jwt, revocable; longer prefixes first */
	{"hf_oauth__refresh_", 34, false, false, false},
	{"hf_oauth_", 0, true, true, false},
	{"hf_jwt_", 0, true, true, false},
	{"hf_s3_", 0, false, true, false},
	{"hf_app_", 32, false, false, false},
	{"hf_", 34, true, false, true},
	{"api_org_", 34, true, false, true},
	{"api_", 34, true, false, true},
	{"oauth_app_secret_", 34, false, false, false},
};

/* Three segments of base64url with dots between them. */
static bool is_jwt(struct slice body)
{
	size_t dots = 0;

	for (size_t i = 0; i < body.len; i++) {
		unsigned char c = body.ptr[i];

		if (c == '.')
			dots++;
		else if (!ascii_is_alnum(c) && c != '_' && c != '-')
			return false;
	}
	return dots == 2 && body.len >= 5;
}

static bool is_body(const struct kind *kind, struct slice body)
{
	if (kind->body == 0)
		return is_jwt(body);
	for (size_t i = 0; i < body.len; i++)
		if (!ascii_is_alnum(body.ptr[i]))
			return false;
	return body.len == kind->body;
}

const struct kind *kind_of(struct slice token)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const struct kind *kind = &kinds[i];
		struct slice prefix = slice_str(kind->prefix);

		if (slice_has_prefix(token, prefix) &&
		    is_body(kind, slice_cut(token, (struct span){prefix.len, token.len})))
			return kind;
	}
	return NULL;
}
