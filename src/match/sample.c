/*
 * The generator is splitmix64 (Steele, Lea and Flood, "Fast Splittable
 * Pseudorandom Number Generators", OOPSLA 2014), started from a hash of the
 * placeholder's name: the same name always gives the same token.
 */
#include "match/sample.h"

#include <stdint.h>

#define SEED          UINT64_C(0x68667363616e2026)
#define MAX_LENGTH    200
#define MAX_NAME      32
#define JWT_SIGNATURE 86 /* Ed25519: 64 bytes in base64url */

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char alnum[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static uint64_t next(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* FNV-1a over what stands between the at signs. */
static uint64_t seed_of(struct slice placeholder)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ SEED;

	for (size_t i = 0; i < placeholder.len; i++)
		hash = (hash ^ placeholder.ptr[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static void draw(struct buf *out, uint64_t *state, const char *alphabet, size_t size, size_t length)
{
	while (length-- > 0)
		buf_append_byte(out, (unsigned char)alphabet[next(state) % size]);
}

static void append_base64url(struct buf *out, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i += 3) {
		unsigned group = (unsigned char)text[i] << 16;
		size_t left = len - i;

		group |= left > 1 ? (unsigned)(unsigned char)text[i + 1] << 8 : 0;
		group |= left > 2 ? (unsigned char)text[i + 2] : 0;
		for (size_t digit = 0; digit <= (left < 3 ? left : 3); digit++)
			buf_append_byte(out,
					(unsigned char)base64url[group >> (18 - 6 * digit) & 63]);
	}
}

static void append_jwt(struct buf *out, uint64_t *state)
{
	struct buf payload;

	buf_init(&payload, BUF_MAX_LINE);
	buf_append_str(&payload, "{\"sub\":\"");
	draw(&payload, state, "0123456789abcdef", 16, 24);
	buf_append_str(&payload, "\",\"scope\":\"openid\",\"iat\":1767225600,\"exp\":1767254400}");
	append_base64url(out, "{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}");
	buf_append_byte(out, '.');
	append_base64url(out, payload.ptr);
	buf_append_byte(out, '.');
	draw(out, state, base64url, sizeof(base64url) - 1, JWT_SIGNATURE);
	buf_dispose(&payload);
}

/* The number after a kind: "ALNUM32:a" has 32; 0 when there is none. */
static size_t length_of(struct slice kind)
{
	size_t length = 0;

	for (size_t i = 0; i < kind.len; i++) {
		if (kind.ptr[i] < '0' || kind.ptr[i] > '9' || length > MAX_LENGTH)
			return 0;
		length = length * 10 + (size_t)(kind.ptr[i] - '0');
	}
	return length <= MAX_LENGTH ? length : 0;
}

/* Expands "KIND:name"; false when it is no placeholder. */
static bool expand_one(struct buf *out, struct slice text)
{
	static const struct {
		struct slice kind;
		const char *alphabet;
		size_t size;
	} drawn[] = {
		{{(const unsigned char *)"LETTERS", 7}, letters, sizeof(letters) - 1},
		{{(const unsigned char *)"ALNUM", 5}, alnum, sizeof(alnum) - 1},
		{{(const unsigned char *)"B64URL", 6}, base64url, sizeof(base64url) - 1},
	};
	const unsigned char *colon = memchr(text.ptr, ':', text.len);
	uint64_t state = seed_of(text);
	struct slice kind;

	if (!colon || colon == text.ptr || colon + 1 == text.ptr + text.len)
		return false;
	kind = slice_of(text.ptr, (size_t)(colon - text.ptr));
	if (slice_eq(kind, SLICE("TOKEN"))) {
		buf_append_str(out, "hf_");
		draw(out, &state, letters, sizeof(letters) - 1, 34);
		return true;
	}
	if (slice_eq(kind, SLICE("JWT"))) {
		append_jwt(out, &state);
		return true;
	}
	for (size_t i = 0; i < sizeof(drawn) / sizeof(*drawn); i++) {
		size_t length;

		if (!slice_has_prefix(kind, drawn[i].kind))
			continue;
		length = length_of(slice_cut(kind, (struct span){drawn[i].kind.len, kind.len}));
		draw(out, &state, drawn[i].alphabet, drawn[i].size, length);
		return length > 0;
	}
	return false;
}

void sample_expand(struct buf *out, struct slice text)
{
	while (text.len > 0) {
		const unsigned char *at = memchr(text.ptr, '@', text.len);
		size_t before = at ? (size_t)(at - text.ptr) : text.len;
		const unsigned char *end;

		buf_append(out, text.ptr, before);
		text = slice_cut(text, (struct span){before, text.len});
		if (!at)
			return;
		end = memchr(at + 1, '@',
			     text.len - 1 < MAX_NAME + 16 ? text.len - 1 : MAX_NAME + 16);
		if (end && expand_one(out, slice_of(at + 1, (size_t)(end - at - 1)))) {
			text = slice_cut(text, (struct span){(size_t)(end - at) + 1, text.len});
			continue;
		}
		buf_append_byte(out, '@');
		text = slice_cut(text, (struct span){1, text.len});
	}
}
