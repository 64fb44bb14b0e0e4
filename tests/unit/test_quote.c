/* base/quote: what reaches a terminal, and what counts as UTF-8. */
#include "base/quote.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void terminal_is(struct slice text, const char *wanted)
{
	struct buf out;

	buf_init(&out, BUF_MAX_LINE);
	quote_terminal(&out, text);
	assert_string_equal(out.ptr, wanted);
	buf_dispose(&out);
}

static void ordinary_text_is_unchanged(void **state)
{
	static const char *const texts[] = {
		"", "lab 1.ipynb", "señal/año/ü", "课程/作业.py", "naïve 🤗", "C:\\x\\y"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		terminal_is(slice_str(texts[i]), texts[i]);
}

static void controls_are_spelled_out(void **state)
{
	terminal_is(SLICE("a\x1b[2Jb"), "a\\x1B[2Jb");
	terminal_is(SLICE("a\nb\rc\x7f"), "a\\x0Ab\\x0Dc\\x7F");
	terminal_is(SLICE("a\0b"), "a\\x00b");
	terminal_is(SLICE("a\tb"), "a b");
	terminal_is(SLICE("\xc2\x9b"
			  "31m"),
		    "\\xC2\\x9B31m"); /* C1 as UTF-8 */
	terminal_is(SLICE("\x9b"
			  "31m"),
		    "\\x9B31m"); /* C1 as a raw byte */
}

static void invalid_utf8_is_spelled_out(void **state)
{
	terminal_is(SLICE("\xff\xfe"), "\\xFF\\xFE");
	terminal_is(SLICE("\xc0\xaf"), "\\xC0\\xAF");                   /* overlong '/' */
	terminal_is(SLICE("\xe0\x80\xaf"), "\\xE0\\x80\\xAF");          /* overlong */
	terminal_is(SLICE("\xed\xa0\x80"), "\\xED\\xA0\\x80");          /* a surrogate */
	terminal_is(SLICE("\xf4\x90\x80\x80"), "\\xF4\\x90\\x80\\x80"); /* past U+10FFFF */
	terminal_is(SLICE("a\xc3"), "a\\xC3");                          /* cut off */
	terminal_is(SLICE("\xe4\xbd"
			  "x"),
		    "\\xE4\\xBDx");
}

/* A line that holds ##[name] is an order to GitHub's runner. */
static void orders_to_a_runner_are_spelled_out(void **state)
{
	terminal_is(SLICE("a##[add-mask]b"), "a\\x23#[add-mask]b");
	terminal_is(SLICE("###[x] ##[y]"), "#\\x23#[x] \\x23#[y]");
	terminal_is(SLICE("## [x] #[y] ##"), "## [x] #[y] ##");
}

static void invisible_characters_are_named(void **state)
{
	terminal_is(SLICE("a\xe2\x80\xae"
			  "b"),
		    "a\\u{202E}b"); /* right-to-left override */
	terminal_is(SLICE("a\xe2\x81\xa6"
			  "b"),
		    "a\\u{2066}b");
	terminal_is(SLICE("a\xe2\x80\x8b"
			  "b"),
		    "a\\u{200B}b");
	terminal_is(SLICE("\xef\xbb\xbf"
			  "a"),
		    "\\u{FEFF}a");
	terminal_is(SLICE("\xd8\x9c"), "\\u{061C}");
	terminal_is(SLICE("\xf3\xa0\x81\xa1"), "\\u{E0061}");
}

static void only_valid_utf8_passes(void **state)
{
	assert_true(quote_is_utf8(SLICE("")));
	assert_true(quote_is_utf8(SLICE("año 🤗\0x")));
	assert_true(quote_is_utf8(SLICE("\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf")));
	assert_false(quote_is_utf8(SLICE("\xed\xa0\x80")));
	assert_false(quote_is_utf8(SLICE("\xc1\x80")));
	assert_false(quote_is_utf8(SLICE("abc\xe2\x80")));
}

static void each_invalid_byte_becomes_one_replacement(void **state)
{
	struct buf out;

	buf_init(&out, BUF_MAX_LINE);
	quote_utf8(&out, SLICE("a\xff\xc3\xb1\xe2\x80"));
	assert_string_equal(out.ptr, "a\xEF\xBF\xBDñ\xEF\xBF\xBD\xEF\xBF\xBD");
	assert_true(quote_is_utf8(buf_slice(&out)));
	buf_dispose(&out);
}

static void json_acts_on_no_terminal(void **state)
{
	static const struct {
		const char *json, *wanted;
	} rows[] = {
		{"{\"a\":\"b\"}", "{\"a\":\"b\"}"},
		{"\"\x7f\"", "\"\\u007f\""},
		{"\"##[x] #[y]\"", "\"\\u0023#[x] #[y]\""},
		{"\"\xC2\x9B\"", "\"\\u009b\""},
		{"\"a\xE2\x80\xAE z\"", "\"a\\u202e z\""},
		{"\"\xF3\xA0\x81\x81\"", "\"\\udb40\\udc41\""},
		{"\"espa\xC3\xB1ol\"", "\"espa\xC3\xB1ol\""},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf out;

		buf_init(&out, BUF_MAX_LINE);
		quote_json(&out, slice_str(rows[i].json));
		assert_string_equal(out.ptr, rows[i].wanted);
		buf_dispose(&out);
	}
}

static void utf16_counts_pairs_and_replacements(void **state)
{
	static const struct {
		const char *text;
		size_t units;
	} rows[] = {
		{"", 0},
		{"plain", 5},
		{"espa\xC3\xB1ol", 7},
		{"\xE2\x82\xAC", 1},
		{"\xF0\x9F\x94\x91 key", 6},
		{"a\xE9", 2},
		{"\xFF\xFE", 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(quote_utf16_len(slice_str(rows[i].text)), rows[i].units);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_acts_on_no_terminal),
		cmocka_unit_test(utf16_counts_pairs_and_replacements),
		cmocka_unit_test(ordinary_text_is_unchanged),
		cmocka_unit_test(controls_are_spelled_out),
		cmocka_unit_test(invalid_utf8_is_spelled_out),
		cmocka_unit_test(orders_to_a_runner_are_spelled_out),
		cmocka_unit_test(invisible_characters_are_named),
		cmocka_unit_test(only_valid_utf8_passes),
		cmocka_unit_test(each_invalid_byte_becomes_one_replacement),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
