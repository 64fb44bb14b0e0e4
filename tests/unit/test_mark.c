/* judge/mark: which marks count, and how far they reach. */
#include "judge/mark.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Whether the first SECRET in text is allowed. */
static bool is_allowed(const char *text)
{
	const char *at = strstr(text, "SECRET");
	size_t beg = (size_t)(at - text);

	return mark_reason(slice_str(text), (struct span){beg, beg + strlen("SECRET")}) != NULL;
}

static void marks_count_on_the_line_and_alone_before(void **state)
{
	static const char *const allowed[] = {
		"SECRET # hfscan:allow",
		"# hfscan:allow: revoked in May\nSECRET",
		"/* hfscan:allow */ SECRET",
		"x\nSECRET // gitleaks:allow\r\ny",
		"SECRET # betterleaks:allow",
		"SECRET # trufflehog:ignore",
		"SECRET # kingfisher:ignore",
		"SECRET # ggignore",
		"SECRET # pragma: allowlist secret",
		"SECRET # pragma:whitelist secret",
		"SECRET // secretlint-disable-line",
		"x\n\t<!-- hfscan:allow -->\r\nSECRET",
		"# pragma: allowlist nextline secret\nSECRET",
		"// secretlint-disable-next-line\nSECRET",
		"hfscan:allow\nSECRET",
	};
	static const char *const told[] = {
		"SECRET",
		"SECRET # hfscan:allowed",
		"SECRET # hfscan:allow_not",
		"SECRET # no-hfscan:allow",
		"SECRET # hfscan: allow",
		"SECRET # HFSCAN:ALLOW",
		"SECRET\n# hfscan:allow",
		"# hfscan:allow\n\nSECRET",
		"x = 1 # hfscan:allow\nSECRET",
		"# gitleaks:allow\nSECRET", /* theirs is for its own line */
		"# pragma: allowlist secret\nSECRET",
		"SECRET # pragma: allowlist nextline secret",
	};

	for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++)
		if (!is_allowed(allowed[i]))
			fail_msg("not allowed: %s", allowed[i]);
	for (size_t i = 0; i < sizeof(told) / sizeof(*told); i++)
		if (is_allowed(told[i]))
			fail_msg("allowed: %s", told[i]);
}

/* The text ends where the mark would go on, or begins within it. */
static void a_mark_that_is_cut_is_none(void **state)
{
	static const char text[] = "hfscan:allow SECRET hfscan:allow";
	struct span secret = {13, 19};

	for (size_t beg = 0; beg <= 13; beg++)
		for (size_t end = 19; end < sizeof(text); end++) {
			struct slice part = slice_of(text + beg, end - beg);
			struct span at = {secret.beg - beg, secret.end - beg};
			bool whole = beg == 0 || end == sizeof(text) - 1;

			assert_int_equal(mark_reason(part, at) != NULL, whole);
		}
}

static void a_mark_reaches_so_far_and_no_further(void **state)
{
	for (size_t gap = MARK_REACH - 20; gap < MARK_REACH + 5; gap++) {
		bool near = gap + strlen("hfscan:allow") <= MARK_REACH;
		struct buf text;

		buf_init(&text, BUF_MAX_REPORT);
		buf_append_str(&text, "SECRET");
		for (size_t i = 0; i < gap; i++)
			buf_append_byte(&text, ' ');
		buf_append_str(&text, "hfscan:allow");
		assert_int_equal(is_allowed(text.ptr), near);
		buf_reset(&text);
		buf_append_str(&text, "hfscan:allow");
		for (size_t i = 0; i < gap; i++)
			buf_append_byte(&text, ' ');
		buf_append_str(&text, "SECRET");
		assert_int_equal(is_allowed(text.ptr), near);
		buf_dispose(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_count_on_the_line_and_alone_before),
		cmocka_unit_test(a_mark_that_is_cut_is_none),
		cmocka_unit_test(a_mark_reaches_so_far_and_no_further),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
