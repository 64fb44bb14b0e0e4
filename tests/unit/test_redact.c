/* report/redact: no token-shaped run gets through, and excerpts keep their place. */
#include "match/sample.h"
#include "report/redact.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static char *sample(const char *text)
{
	struct buf out;

	buf_init(&out, BUF_MAX_LINE);
	sample_expand(&out, slice_str(text));
	return buf_detach(&out);
}

static char *redacted(struct slice text)
{
	struct buf out;

	buf_init(&out, BUF_MAX_LINE);
	redact_text(&out, text);
	return buf_detach(&out);
}

/* The longest run of text that also stands in secret. */
static size_t longest_shared(const char *text, const char *secret)
{
	size_t longest = 0;

	for (const char *a = text; *a; a++)
		for (const char *b = secret; *b; b++) {
			size_t n = 0;

			while (a[n] && a[n] == b[n])
				n++;
			longest = n > longest ? n : longest;
		}
	return longest;
}

static void no_kind_of_token_gets_through(void **state)
{
	static const struct {
		const char *prefix, *body;
	} kinds[] = {
		{"hf_", "@LETTERS34:a@"},      {"hf_", "@LETTERS33:a@"},
		{"hf_", "@LETTERS60:a@"},      {"hf_", "@ALNUM34:a@"},
		{"api_org_", "@LETTERS34:a@"}, {"api_", "@LETTERS34:a@"},
		{"hf_app_", "@ALNUM32:a@"},    {"hf_oauth__refresh_", "@ALNUM34:a@"},
		{"hf_oauth_", "@JWT:a@"},      {"hf_jwt_", "@JWT:a@"},
		{"hf_s3_", "@JWT:a@"},         {"oauth_app_secret_", "@ALNUM34:a@"},
		{"HFAK", "@ALNUM16:a@"},
	};
	static const char *const around[][2] = {{"", ""},           {"x", "_y"},    {"\\n", "\\n"},
						{"token=", "&a=b"}, {"hf_", "hf_"}, {"我", "的"}};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		char *body = sample(kinds[i].body);

		for (size_t k = 0; k < sizeof(around) / sizeof(*around); k++) {
			struct buf line;
			char *masked;

			buf_init(&line, BUF_MAX_LINE);
			buf_appendf(&line, "%s%s", around[k][0], kinds[i].prefix);
			buf_append_str(&line, body);
			buf_append_str(&line, around[k][1]);
			masked = redacted(buf_slice(&line));
			assert_true(longest_shared(masked, body) <= 3);
			free(masked);
			buf_dispose(&line);
		}
		free(body);
	}
}

static void glued_tokens_are_masked_each(void **state)
{
	char *a = sample("@TOKEN:a@"), *b = sample("@TOKEN:b@"),
	     *both = sample("@TOKEN:a@@TOKEN:b@");
	char *masked = redacted(slice_str(both));

	assert_true(longest_shared(masked, a + 3) <= 3);
	assert_true(longest_shared(masked, b + 3) <= 3);
	free(masked);
	free(both);
	free(b);
	free(a);
}

static void identifiers_stay_readable(void **state)
{
	static const char *const texts[] = {
		"api_version_request_handler", "hf_model_name", "self.api_key",
		"hf_hub_download(repo_id)",    "HFAKE",         "oauth_app_secret_name"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		char *masked = redacted(slice_str(texts[i]));

		assert_string_equal(masked, texts[i]);
		free(masked);
	}
}

static void a_secret_shows_two_and_two(void **state)
{
	struct rule rule = {.prefix = SLICE("hf_")};
	char *token = sample("@TOKEN:a@");
	struct buf out, wanted;

	buf_init(&out, BUF_MAX_LINE);
	buf_init(&wanted, BUF_MAX_LINE);
	redact_secret(&out, &rule, slice_str(token));
	buf_appendf(&wanted, "hf_%.2s\xE2\x80\xA6%s", token + 3, token + 35);
	assert_string_equal(out.ptr, wanted.ptr);
	buf_reset(&out);
	redact_secret(&out, &rule, SLICE("hf_short"));
	assert_string_equal(out.ptr, "hf_\xE2\x80\xA6");
	buf_dispose(&wanted);
	buf_dispose(&out);
	free(token);
}

static void the_fingerprint_is_half_of_sha256(void **state)
{
	char hex[33];

	/* FIPS 180-2, appendix B.1: SHA-256 of "abc". */
	redact_fingerprint(hex, SLICE("abc"));
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223");
}

/* Excerpt of the first token in text; checks what holds for every excerpt. */
static char *excerpt_of(const char *text, size_t len, const char *token, size_t *beg, size_t *end)
{
	struct rule rule = {.prefix = SLICE("hf_")};
	const char *at = memmem(text, len, token, strlen(token));
	struct span secret = {(size_t)(at - text), (size_t)(at - text) + strlen(token)};
	struct excerpt_of of = {slice_of(text, len), secret, .begins = true, .ends = true};
	char *excerpt = redact_excerpt(&rule, &of, beg, end);

	assert_true(strlen(excerpt) <= EXCERPT_MAX);
	assert_true(longest_shared(excerpt, token + 3) <= 3);
	assert_true(*beg < *end && *end <= strlen(excerpt));
	assert_memory_equal(excerpt + *beg, "hf_", 3);
	return excerpt;
}

static void an_excerpt_is_the_line_without_its_indentation(void **state)
{
	char *token = sample("@TOKEN:a@");
	char *text = sample("x = 1\n\t  login(\"@TOKEN:a@\")\r\ny = 2\n");
	size_t beg, end;
	char *excerpt = excerpt_of(text, strlen(text), token, &beg, &end);

	assert_memory_equal(excerpt, "login(\"hf_", 10);
	assert_int_equal(beg, 7);
	assert_string_equal(excerpt + end, "\")");
	free(excerpt);
	free(text);
	free(token);
}

static void a_byte_order_mark_is_not_shown(void **state)
{
	char *token = sample("@TOKEN:a@"), *text = sample("\xEF\xBB\xBFHF_TOKEN=@TOKEN:a@\r\n");
	size_t beg, end;
	char *excerpt = excerpt_of(text, strlen(text), token, &beg, &end);

	assert_memory_equal(excerpt, "HF_TOKEN=hf_", 12);
	free(excerpt);
	free(text);
	free(token);
}

static void a_long_line_is_cut_at_characters(void **state)
{
	char *token = sample("@TOKEN:a@");
	struct buf text;

	for (int shift = 0; shift < 4; shift++) {
		size_t beg, end;
		char *excerpt;

		buf_init(&text, BUF_MAX_FILE);
		buf_append(&text, "xxxx", (size_t)shift);
		for (int i = 0; i < 3000; i++)
			buf_append_str(&text, "ñ中");
		buf_append_str(&text, token);
		for (int i = 0; i < 3000; i++)
			buf_append_str(&text, "中ñ");
		excerpt = excerpt_of(text.ptr, text.len, token, &beg, &end);
		assert_memory_equal(excerpt, "\xE2\x80\xA6", 3);
		assert_true((excerpt[3] & 0xc0) == 0xc0);
		assert_memory_equal(excerpt + strlen(excerpt) - 3, "\xE2\x80\xA6", 3);
		free(excerpt);
		buf_dispose(&text);
	}
	free(token);
}

static void neighbours_are_masked_even_where_the_window_cuts_them(void **state)
{
	char *token = sample("@TOKEN:a@"), *other = sample("@TOKEN:b@");

	for (size_t gap = 0; gap < 200; gap++) {
		struct buf text;
		size_t beg, end;
		char *excerpt;

		buf_init(&text, BUF_MAX_LINE);
		buf_append_str(&text, other);
		for (size_t i = 0; i < gap; i++)
			buf_append_byte(&text, '.');
		buf_append_str(&text, token);
		for (size_t i = 0; i < gap; i++)
			buf_append_byte(&text, '.');
		buf_append_str(&text, other);
		excerpt = excerpt_of(text.ptr, text.len, token, &beg, &end);
		assert_true(longest_shared(excerpt, other + 3) <= 3);
		free(excerpt);
		buf_dispose(&text);
	}
	free(other);
	free(token);
}

/* A token of several KB loses its prefix where the window begins. */
static void a_long_neighbour_is_masked_wherever_it_is_cut(void **state)
{
	char *token = sample("@TOKEN:a@");

	for (size_t len = 300; len < 1100; len += 3) {
		struct buf text, body;
		size_t beg, end;
		char *excerpt;

		buf_init(&text, BUF_MAX_LINE);
		buf_init(&body, BUF_MAX_LINE);
		for (size_t i = 0; i < len; i++)
			buf_append_byte(&body, (char)("Qz7_-K.w"[(i * 5 + i / 8) % 8]));
		buf_appendf(&text, "hf_%s%s x=%s y=hf_%s%s", "jwt_", body.ptr, token, "jwt_",
			    body.ptr);
		excerpt = excerpt_of(text.ptr, text.len, token, &beg, &end);
		assert_true(longest_shared(excerpt, body.ptr) <= 3);
		free(excerpt);
		buf_dispose(&body);
		buf_dispose(&text);
	}
	free(token);
}

/* The window's own edges cut lines too, unless the document begins there. */
static void what_the_window_cut_is_left_out(void **state)
{
	char *token = sample("@TOKEN:a@"), *other = sample("@TOKEN:b@");
	struct rule rule = {.prefix = SLICE("hf_")};
	struct buf text;
	size_t beg, end;
	char *excerpt;

	buf_init(&text, BUF_MAX_LINE);
	buf_appendf(&text, "%s %s hf_%.9s", other + 10, token, other + 3);
	excerpt = redact_excerpt(&rule,
				 &(struct excerpt_of){.text = buf_slice(&text), .secret = {28, 65}},
				 &beg, &end);
	assert_int_equal(beg, 0);
	assert_string_equal(excerpt + end, " ");
	free(excerpt);
	buf_dispose(&text);
	free(other);
	free(token);
}

static void long_words_are_masked_where_anything_may_be_secret(void **state)
{
	char *token = sample("@TOKEN:a@");
	struct rule rule = {.prefix = SLICE("hf_")};
	struct excerpt_of of = {.begins = true, .ends = true, .wary = true};
	struct buf text;
	size_t beg, end;

	buf_init(&text, BUF_MAX_LINE);
	buf_appendf(&text, "s3(\"%s\", \"Ab3dEfGh/jKlMn+p\", region)", token);
	of.text = buf_slice(&text);
	of.secret = (struct span){4, 41};
	for (int wary = 1; wary >= 0; wary--) {
		char *excerpt;

		of.wary = wary;
		excerpt = redact_excerpt(&rule, &of, &beg, &end);
		assert_string_equal(excerpt + end, wary ? "\", \"\xE2\x80\xA6\", region)"
							: "\", \"Ab3dEfGh/jKlMn+p\", region)");
		free(excerpt);
	}
	buf_dispose(&text);
	free(token);
}

/* By hand, so that no machine takes it: letter by letter, or in groups. */
static void a_neighbour_written_apart_is_left_out(void **state)
{
	static const char *const gaps[] = {" ", "-", ", ", " \xC2\xB7", "\", \""};
	char *token = sample("@TOKEN:a@"), *other = sample("@TOKEN:b@");
	struct rule rule = {.prefix = SLICE("hf_")};

	for (size_t i = 0; i < 2 * 3 * sizeof(gaps) / sizeof(*gaps); i++) {
		size_t group = i % 3 + 1, shown = 0, beg, end;
		struct excerpt_of of = {.begins = true, .ends = true, .wary = i % 2};
		struct buf text;
		char *excerpt;

		buf_init(&text, BUF_MAX_LINE);
		buf_appendf(&text, "%s is (", token);
		for (size_t at = 0; other[at]; at++)
			buf_appendf(&text, "%s%c", at && at % group == 0 ? gaps[i / 6] : "",
				    other[at]);
		buf_append_str(&text, ") apart");
		of.text = buf_slice(&text);
		of.secret = (struct span){0, strlen(token)};
		excerpt = redact_excerpt(&rule, &of, &beg, &end);
		for (size_t at = end; excerpt[at]; at++)
			shown += other[3 + shown] == excerpt[at];
		assert_true(shown <= 4);
		free(excerpt);
		buf_dispose(&text);
	}
	free(other);
	free(token);
}

static void short_words_are_shown(void **state)
{
	static const char *const lines[] = {
		" = a[i] + b[j] * c[k] - d",
		" is what you get if you ask for it at the end of the day, or so I am told by all",
		" in the US or in the EU: it is up to you, so do not ask TV or PC who did it",
		", es lo que le da a uno si lo usa sin ver que no es de uno ni de la uni",
	};
	char *token = sample("@TOKEN:a@");
	struct rule rule = {.prefix = SLICE("hf_")};

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct excerpt_of of = {.begins = true, .ends = true};
		struct buf text;
		size_t beg, end;
		char *excerpt;

		buf_init(&text, BUF_MAX_LINE);
		buf_appendf(&text, "%s%s", token, lines[i]);
		of.text = buf_slice(&text);
		of.secret = (struct span){0, strlen(token)};
		excerpt = redact_excerpt(&rule, &of, &beg, &end);
		assert_string_equal(excerpt + end, lines[i]);
		free(excerpt);
		buf_dispose(&text);
	}
	free(token);
}

static void no_more_is_shown_where_another_prefix_stands_in_a_body(void **state)
{
	char *token = sample("hf_@LETTERS9:a@"
			     "HF"
			     "AK@LETTERS21:b@");
	char *masked = redacted(slice_str(token));

	assert_true(longest_shared(masked, token + 3) <= 3);
	free(masked);
	free(token);
}

static void a_prefix_that_leaves_no_body_is_none(void **state)
{
	struct rule rule = {.prefix = SLICE("course_abcdefghijklmnopqrstu")};
	struct buf out;

	buf_init(&out, BUF_MAX_LINE);
	redact_secret(&out, &rule, SLICE("course_abcdefghijklmnopqrstuvw"));
	assert_string_equal(out.ptr, "co\xE2\x80\xA6vw");
	buf_dispose(&out);
}

static void nul_bytes_do_not_end_an_excerpt(void **state)
{
	char *token = sample("@TOKEN:a@");
	struct buf text;
	size_t beg, end;
	char *excerpt;

	buf_init(&text, BUF_MAX_LINE);
	buf_append(&text, "a\0b\0", 4);
	buf_append_str(&text, token);
	buf_append(&text, "\0c", 2);
	excerpt = excerpt_of(text.ptr, text.len, token, &beg, &end);
	assert_int_equal(beg, 4);
	assert_string_equal(excerpt + end, " c");
	free(excerpt);
	buf_dispose(&text);
	free(token);
}

/* In a form that no mask knows, or in pieces. */
static void excerpt_shows_nothing_that_may_be_a_part_of_a_token(void **state)
{
	static const struct {
		const char *beside;
		bool shown;
	} all[] = {
		{"'@LETTERS17:b@' +", false},
		{"/ @LETTERS14:c@ /", false},
		{"YUdaZlFuUWpTZ0ZhRGhIakxtUHFSdFl3Wng=", false},
		{"68 66 5f 41 51 4a 67 46 61 44 68 48", false},
		{"68665f41514a6746614468486a4c6d5071", false},
		{"key41514a6746614468486a4c6d5071", false},
		{"NBTF6QKRJJTUMYKEJBUGU3CNKBQVGQ2SOR4Q", false},
		{"[104, 102, 95, 65, 81, 74, 103, 70, 97, 68]", false},
		{"\\x68\\x66\\x5f\\x41\\x51\\x4a\\x67\\x46\\x61\\x44", false},
		{"HUGGINGFACEHUB_API_TOKEN", true},
		{"HuggingFaceEndpoint(repo_id)", true},
		{"getTheNumberRegistered", true},
		{"2026-11-29 05:23", true},
		{"#ffeedd 100%", true},
		{"https://huggingface.co/api/whoami-v2", true},
	};
	struct rule rule = {.prefix = SLICE("hf_")};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		char *token = sample("@TOKEN:a@"), *beside = sample(all[i].beside), *excerpt;
		size_t beg, end, len = strlen(beside);
		struct buf line;

		buf_init(&line, BUF_MAX_LINE);
		buf_append_str(&line, beside);
		buf_append_str(&line, "; ");
		buf_append_str(&line, token);
		excerpt = redact_excerpt(&rule,
					 &(struct excerpt_of){.text = buf_slice(&line),
							      .secret = {len + 2, line.len},
							      .begins = true,
							      .ends = true},
					 &beg, &end);
		if (all[i].shown)
			assert_non_null(strstr(excerpt, beside));
		else
			assert_true(longest_shared(excerpt, beside) <= 4);
		free(excerpt);
		buf_dispose(&line);
		free(beside);
		free(token);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_kind_of_token_gets_through),
		cmocka_unit_test(glued_tokens_are_masked_each),
		cmocka_unit_test(identifiers_stay_readable),
		cmocka_unit_test(a_secret_shows_two_and_two),
		cmocka_unit_test(the_fingerprint_is_half_of_sha256),
		cmocka_unit_test(a_byte_order_mark_is_not_shown),
		cmocka_unit_test(an_excerpt_is_the_line_without_its_indentation),
		cmocka_unit_test(a_long_line_is_cut_at_characters),
		cmocka_unit_test(neighbours_are_masked_even_where_the_window_cuts_them),
		cmocka_unit_test(a_long_neighbour_is_masked_wherever_it_is_cut),
		cmocka_unit_test(what_the_window_cut_is_left_out),
		cmocka_unit_test(long_words_are_masked_where_anything_may_be_secret),
		cmocka_unit_test(a_neighbour_written_apart_is_left_out),
		cmocka_unit_test(short_words_are_shown),
		cmocka_unit_test(no_more_is_shown_where_another_prefix_stands_in_a_body),
		cmocka_unit_test(a_prefix_that_leaves_no_body_is_none),
		cmocka_unit_test(nul_bytes_do_not_end_an_excerpt),
		cmocka_unit_test(excerpt_shows_nothing_that_may_be_a_part_of_a_token),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
