#include "report/object.h"

#include "base/alloc.h"
#include "base/quote.h"
#include "report/formats.h"
#include "report/redact.h"

#include <errno.h>
#include <string.h>

static bool holds_nul(struct slice text)
{
	return text.len > 0 && memchr(text.ptr, '\0', text.len) != NULL;
}

/* cJSON ends a string at its first NUL, so none may get that far. */
static void quote_without_nul(struct buf *out, struct slice text)
{
	while (holds_nul(text)) {
		const unsigned char *nul = memchr(text.ptr, '\0', text.len);
		size_t len = (size_t)(nul - text.ptr);

		quote_utf8(out, slice_cut(text, (struct span){0, len}));
		buf_append_str(out, "\xEF\xBF\xBD");
		text = slice_cut(text, (struct span){len + 1, text.len});
	}
	quote_utf8(out, text);
}

void object_add_utf8(cJSON *object, const char *key, struct slice text)
{
	struct buf quoted;

	buf_init(&quoted, BUF_MAX_REPORT);
	quote_without_nul(&quoted, text);
	cJSON_AddStringToObject(object, key, quoted.ptr);
	buf_dispose_wiped(&quoted);
}

static void append_base64(struct buf *out, struct slice bytes)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t left = bytes.len - i;
		unsigned group = (unsigned)bytes.ptr[i] << 16;

		if (left > 1)
			group |= (unsigned)bytes.ptr[i + 1] << 8;
		if (left > 2)
			group |= bytes.ptr[i + 2];
		buf_append_byte(out, (unsigned char)digits[group >> 18]);
		buf_append_byte(out, (unsigned char)digits[group >> 12 & 63]);
		buf_append_byte(out, left > 1 ? (unsigned char)digits[group >> 6 & 63] : '=');
		buf_append_byte(out, left > 2 ? (unsigned char)digits[group & 63] : '=');
	}
}

void object_add_scanned(cJSON *object, const char *key, const char *base64_key, struct slice text)
{
	struct buf masked, encoded;

	buf_init(&masked, BUF_MAX_REPORT);
	buf_init(&encoded, BUF_MAX_REPORT);
	redact_text(&masked, text);
	object_add_utf8(object, key, buf_slice(&masked));
	if (base64_key && (!quote_is_utf8(buf_slice(&masked)) || holds_nul(text))) {
		append_base64(&encoded, buf_slice(&masked));
		cJSON_AddStringToObject(object, base64_key, encoded.ptr);
	}
	buf_dispose(&encoded);
	buf_dispose(&masked);
}

int object_print(struct buf *line, cJSON *object)
{
	char *text = cJSON_PrintUnformatted(object);

	cJSON_Delete(object);
	if (!text) {
		errno = ENOMEM;
		return -1;
	}
	quote_json(line, slice_str(text));
	wipe(text, strlen(text));
	cJSON_free(text);
	return 0;
}

int object_write(FILE *out, const char *before, cJSON *object, const char *after)
{
	struct buf line;
	int rc;

	buf_init(&line, BUF_MAX_REPORT);
	buf_append_str(&line, before);
	rc = object_print(&line, object);
	buf_append_str(&line, after);
	if (rc == 0)
		rc = report_flush(out, &line);
	buf_dispose_wiped(&line);
	return rc;
}
