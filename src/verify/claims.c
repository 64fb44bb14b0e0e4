#include "verify/claims.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "verify/live.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

/* A payload of Hugging Face's has some hundred bytes. */
#define PAYLOAD_MAX ((size_t)64 << 10)
#define TEXT_MAX    ((size_t)200)

/* -1 for what is no digit of base64url. */
static int digit_of(unsigned char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static bool decode(struct buf *out, struct slice text)
{
	unsigned bits = 0, count = 0;

	for (size_t i = 0; i < text.len && text.ptr[i] != '='; i++) {
		int digit = digit_of(text.ptr[i]);

		if (digit < 0)
			return false;
		bits = bits << 6 | (unsigned)digit;
		count += 6;
		if (count >= 8) {
			count -= 8;
			buf_append_byte(out, (unsigned char)(bits >> count & 0xff));
		}
	}
	return !buf_overflowed(out);
}

/* Between the first dot and the next; empty when there are none. */
static struct slice second_segment(struct slice token)
{
	const unsigned char *first = memchr(token.ptr, '.', token.len);
	const unsigned char *end = token.ptr + token.len;
	const unsigned char *second =
		first ? memchr(first + 1, '.', (size_t)(end - first - 1)) : NULL;

	return second ? slice_of(first + 1, (size_t)(second - first - 1)) : SLICE("");
}

static char *text_of(const cJSON *claims, const char *key)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(claims, key));

	return text && *text ? xmemdup0(text, strnlen(text, TEXT_MAX)) : NULL;
}

/* "read-repos inference", of a string or of a list of them. */
static char *scope_of(const cJSON *claims)
{
	const cJSON *scope = cJSON_GetObjectItemCaseSensitive(claims, "scope"), *item;
	struct buf out;

	if (!cJSON_IsArray(scope))
		return text_of(claims, "scope");
	buf_init(&out, TEXT_MAX);
	cJSON_ArrayForEach(item, scope)
	{
		if (cJSON_IsString(item))
			buf_appendf(&out, "%s%s", out.len ? " " : "", item->valuestring);
	}
	return buf_detach(&out);
}

static void take_claims(struct live *live, const cJSON *claims, int64_t now)
{
	const cJSON *expiry = cJSON_GetObjectItemCaseSensitive(claims, "exp");

	live->subject = text_of(claims, "sub");
	live->scope = scope_of(claims);
	/* 2^53: where a double is still a whole number. */
	if (!cJSON_IsNumber(expiry) || expiry->valuedouble < 1 || expiry->valuedouble > 9e15)
		return;
	live->expires_at = (int64_t)expiry->valuedouble;
	if (live->expires_at <= now)
		live_dead(live, LIVE_EXPIRED);
}

void claims_read(struct live *live, struct slice token, int64_t now)
{
	struct buf payload;
	cJSON *claims = NULL;

	buf_init(&payload, PAYLOAD_MAX);
	if (decode(&payload, second_segment(token)))
		claims = cJSON_ParseWithLength(payload.ptr, payload.len);
	if (claims)
		take_claims(live, claims, now);
	cJSON_Delete(claims);
	buf_dispose_wiped(&payload);
}
