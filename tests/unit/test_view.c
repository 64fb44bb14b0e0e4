/* Texts that stand in a document in another form, and the way back from them. */
#include "view/condense.h"
#include "view/entities.h"
#include "view/json.h"
#include "view/notebook.h"
#include "view/terminal.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static uint32_t seed = 1;

static uint32_t chance(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

/* The string that document is, quotes included. */
static void unescape(const char *document, size_t len, struct view_text *out)
{
	struct json json;
	struct span rest;
	struct err err;

	assert_int_equal(json_read(&json, slice_of(document, len), &err), 0);
	assert_int_equal(json.count, 1);
	rest = json.strings[0];
	while (rest.beg < rest.end)
		json_unescape(&json, &rest, 1 + chance(9), out);
	json_dispose(&json);
}

static void escapes_are_undone(void **state)
{
	static const struct {
		const char *stored, *meant;
		size_t len;
	} rows[] = {
		{"\"\"", "", 0},
		{"\"plain\"", "plain", 5},
		{"\"a\\nb\\t\\\"c\\\\\\/\"", "a\nb\t\"c\\/", 8},
		{"\"\\u0068f\\u005F\\u005f\"", "hf__", 4},
		{"\"\\u0000x\"", "\0x", 2},
		{"\"\\u00e1\\u20ac\"", "\xc3\xa1\xe2\x82\xac", 5},
		{"\"\\ud83e\\udd17\"", "\xf0\x9f\xa4\x97", 4},
		{"\"\\ud83ex\"", "\xef\xbf\xbdx", 4},
		{"\"\\udd17\"", "\xef\xbf\xbd", 3},
		{"\"\\ud83e\\u0041\"",
		 "\xef\xbf\xbd"
		 "A",
		 4},
		{"\"\\q\\u12\"", "\\q\\u12", 6},
		{"\"\xc3\xa1\"", "\xc3\xa1", 2},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct view_text text = {0};

		unescape(rows[i].stored, strlen(rows[i].stored), &text);
		assert_int_equal(text.len, rows[i].len);
		if (text.len)
			assert_memory_equal(text.ptr, rows[i].meant, text.len);
		view_text_dispose(&text);
	}
}

/* Random characters, each written as it is or escaped: every one leads back to
 * where it stands, and forth again. */
static void every_byte_leads_back_to_where_it_is_stored(void **state)
{
	for (unsigned round = 0; round < 300; round++) {
		size_t begs[64], ends[64], count = chance(64);
		struct view_text text = {0};
		char meant[64];
		struct buf stored;

		buf_init(&stored, BUF_MAX_LINE);
		buf_append_byte(&stored, '"');
		for (size_t i = 0; i < count; i++) {
			meant[i] = (char)('a' + chance(26));
			begs[i] = stored.len;
			if (chance(3))
				buf_append_byte(&stored, (unsigned char)meant[i]);
			else
				buf_appendf(&stored, "\\u%04x", (unsigned)meant[i]);
			ends[i] = stored.len;
		}
		buf_append_byte(&stored, '"');
		unescape(stored.ptr, stored.len, &text);
		assert_int_equal(text.len, count);
		for (size_t i = 0; i < count; i++) {
			size_t last = i + chance((uint32_t)(count - i));
			struct span raw = view_text_raw(&text, (struct span){i, last + 1});

			assert_int_equal(text.ptr[i], meant[i]);
			assert_int_equal(raw.beg, begs[i]);
			assert_int_equal(raw.end, ends[last]);
			for (size_t r = begs[i]; r < ends[i]; r++)
				assert_int_equal(view_text_find(&text, r), i);
		}
		view_text_dispose(&text);
		buf_dispose(&stored);
	}
}

static void codes_of_terminals_are_taken_out(void **state)
{
	static const struct {
		const char *with, *without, *blanks;
	} rows[] = {
		{"\x1b[0;31mE\x1b[0m: \x1b[1mx", "E: x", " E :  x"},
		{"a\x1b]0;title\x07"
		 "b",
		 "ab", "a b"},
		{"a\x1b]8;;http://x\x1b\\b", "ab", "a b"},
		{"a\x1b]no end\nb", "ano end\nb", "a no end\nb"},
		{"a\x1b", "a", "a "},
		{"a\x1b[", "a", "a "},
		{"a\x1b[3", "a", "a "},
		{"\x1bMa", "a", " a"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (int blanks = 0; blanks < 2; blanks++) {
			struct view_text text = {0}, out = {0};
			const char *wanted = blanks ? rows[i].blanks : rows[i].without;

			view_text_copy(&text, slice_str(rows[i].with), 100);
			assert_true(terminal_has_codes(&text));
			terminal_strip(&text, blanks, &out);
			assert_int_equal(out.len, strlen(wanted));
			assert_memory_equal(out.ptr, wanted, out.len);
			assert_int_equal(
				view_text_raw(&out, (struct span){out.len - 1, out.len}).end,
				100 + (blanks || out.ptr[out.len - 1] ==
							       rows[i].with[strlen(rows[i].with) -
									    1]
					       ? strlen(rows[i].with)
					       : 1));
			view_text_dispose(&text);
			view_text_dispose(&out);
		}
}

static void entities_are_read(void **state)
{
	static const struct {
		const char *with, *without; /* NULL: it has none */
	} rows[] = {
		{"hf&#95;a &quot;b&quot;&lt;", "hf_a \"b\"<"},
		{"&#x68;&#X66;&#x5F;&lowbar;", "hf__"},
		{"&amp;#95;", "&#95;"},
		{"a & b &; &# &#; &#x; &nothing; &#95", NULL},
		{"&#0;&#200;&#99999999999999;", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct view_text text = {0}, out = {0};

		view_text_copy(&text, slice_str(rows[i].with), 0);
		assert_int_equal(entities_decode(&text, &out), rows[i].without != NULL);
		if (rows[i].without) {
			assert_int_equal(out.len, strlen(rows[i].without));
			assert_memory_equal(out.ptr, rows[i].without, out.len);
		}
		view_text_dispose(&text);
		view_text_dispose(&out);
	}
}

/* ---- notebooks ---- */

static size_t list_text(void *payload, const struct notebook_text *told)
{
	static const char parts[PART_COUNT] = {
		[PART_UNKNOWN] = '?',  [PART_SOURCE] = 's',     [PART_OUTPUT] = 'o',
		[PART_METADATA] = 'm', [PART_ATTACHMENT] = 'a', [PART_OTHER] = 'x',
	};
	static const struct slice formats_own[] = {
		{(const unsigned char *)"cell_type", 9}, {(const unsigned char *)"code", 4},
		{(const unsigned char *)"markdown", 8},  {(const unsigned char *)"raw", 3},
		{(const unsigned char *)"heading", 7},   {(const unsigned char *)"metadata", 8},
	};
	const struct notebook_place *where = told->where;
	struct slice text = view_text_slice(told->text);

	/* Of the words of the format itself one row would be like the other. */
	for (size_t i = 0; i < sizeof(formats_own) / sizeof(*formats_own); i++)
		if (where->part != PART_UNKNOWN && slice_eq(text, formats_own[i]))
			return text.len;
	buf_appendf(payload, "%u%c%u%c:%.*s|", where->cell, "?cmrh"[where->type], where -> output,
		    parts[where->part], (int)text.len, (const char *)text.ptr);
	return text.len;
}

static void every_text_is_told_with_its_place(void **state)
{
	static const struct {
		const char *notebook, *texts;
		int rc;
	} rows[] = {
		{"{\"cells\":[]}", "", 0},
		{"\xef\xbb\xbf{\"cells\":[{\"cell_type\":\"code\",\"source\":\"x\"}]}", "1c0s:x|",
		 0},
		{"{\"cells\":[{\"source\":[\"a\\n\",\"b\"],\"cell_type\":\"markdown\"},"
		 "{\"source\":[],\"cell_type\":\"raw\",\"metadata\":{\"k\":[\"v\",1]}}]}",
		 "1m0s:a\nb|2r0m:k|2r0m:v|", 0},
		{"{\"cells\":[{\"cell_type\":\"code\",\"outputs\":[{\"text\":\"t\"},"
		 "{\"traceback\":[\"1\",\"2\"],\"ename\":\"E\"},"
		 "{\"data\":{\"image/png\":\"QUJD\",\"text/html\":\"&lt;\"}}]}]}",
		 "1c1o:t|1c2o:1\n2|1c2o:ename|1c2o:E|1c3o:image/png|1c3o:QUJD|1c3o:text/"
		 "html|1c3o:&lt;|1c3o:<|",
		 0},
		{"{\"worksheets\":[{\"cells\":[{\"cell_type\":\"code\",\"input\":[\"i\"]}]},"
		 "{\"cells\":[{\"cell_type\":\"heading\",\"source\":\"h\"}]}],\"metadata\":{\"n\":"
		 "\"m\"}}",
		 "1c0s:i|2h0s:h|0?0m:n|0?0m:m|", 0},
		{"{\"cells\":[{\"cell_type\":\"raw\",\"attachments\":{\"a.txt\":{\"text/"
		 "plain\":\"t\"}},"
		 "\"odd\":{\"k\":\"v\"}}],\"cells\":[{\"source\":\"again\"}]}",
		 "1r0a:a.txt|1r0a:text/plain|1r0a:t|1r0x:odd|1r0x:k|1r0x:v|2?0s:again|", 0},
		{"{\"worksheets\":[{\"metadata\":{\"k\":\"v\"},\"cells\":[]}]}", "0?0m:k|0?0m:v|",
		 0},
		{"{\"c\\u0065lls\":[{\"s\\u006furce\":[\"a\",\"b\"],\"outputs\":{\"k\":\"v\"}}]}",
		 "1?0s:ab|1?0o:outputs|1?0o:k|1?0o:v|", 0},
		{"{\"cells\":[{\"outputs\":[{\"data\":{\"application/json\":[\"a\",\"b\"],"
		 "\"text/plain\":[\"a\",\"b\",{\"c\":\"d\"}]}}]}]}",
		 "1?1o:application/json|1?1o:a|1?1o:b|1?1o:text/"
		 "plain|1?1o:text/plain|1?1o:a|1?1o:b|1?1o:c|1?1o:d|",
		 0},
		{"{\"cells\":[{\"outputs\":[{\"data\":{\"text/html\":\"\\u001b[m&lt;\"}}]}]}",
		 "1?1o:text/html|1?1o: &lt;|1?1o:&lt;|1?1o:<|", 0},
		{"{\"cells\":[7,\"s\",[\"l\"]]}", "2?0x:s|3?0x:l|", 0},
		{"{\"cells\":{\"k\":\"v\"}}", "0?0?:cells|0?0?:k|0?0?:v|", HF_EFORMAT},
		{"{\"cells\":[{\"source\":\"cut", "0?0?:cells|0?0?:source|0?0?:cut|", HF_EFORMAT},
		{"{\"cells\":[]} more \"x\"", "0?0?:cells|0?0?:x|", HF_EFORMAT},
		{"no json \"x\"", "0?0?:x|", HF_EFORMAT},
		{"", "", HF_EFORMAT},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf texts;
		struct err err;
		buf_init(&texts, BUF_MAX_LINE);
		assert_int_equal(notebook_read(slice_str(rows[i].notebook), 0, list_text, NULL,
					       &texts, &err),
				 rows[i].rc);
		assert_string_equal(texts.len ? texts.ptr : "", rows[i].texts);
		buf_dispose(&texts);
	}
}

static bool has_a_seven(void *payload, struct slice stored)
{
	return memchr(stored.ptr, '7', stored.len) != NULL;
}

/* And of nothing else anybody is asked. */
static void a_picture_that_is_not_worth_it_is_not_told(void **state)
{
	struct buf texts;
	struct err err;

	buf_init(&texts, BUF_MAX_LINE);
	assert_int_equal(
		notebook_read(SLICE("{\"cells\":[{\"source\":\"s\",\"outputs\":[{\"data\":{"
				    "\"image/png\":\"a\\nb\",\"image/jpeg\":[\"c\",\"d7\"],"
				    "\"image/gif\":[\"e\",\"f\"],\"image/svg+xml\":\"g\","
				    "\"application/pdf\":{\"k\":\"h\"}}},{\"png\":\"i\"}]}]}"),
			      0, list_text, has_a_seven, &texts, &err),
		0);
	assert_string_equal(texts.ptr, "1?0s:s|1?1o:image/png|1?1o:image/jpeg|1?1o:cd7|"
				       "1?1o:image/gif|1?1o:image/svg+xml|1?1o:g|"
				       "1?1o:application/pdf|1?1o:application/pdf|1?1o:k|1?1o:h|"
				       "1?2o:png|");
	buf_dispose(&texts);
}

/* ---- parts ---- */

#define LONG ((size_t)3 << 20)

struct parts {
	const char *meant;
	size_t searched; /* bytes of the text */
	unsigned count;
};

/* Searches all but the last ten bytes of a part that has another behind it. */
static size_t look_at_part(void *payload, const struct notebook_text *told)
{
	struct parts *p = payload;
	size_t end = told->last ? told->text->len : told->text->len - 10;
	size_t line_beg = 0, first;

	if (told->where->part != PART_SOURCE)
		return told->text->len;
	first = p->searched - told->beg; /* of what this part begins with, in the whole */
	assert_true(p->count == 0 || told->beg >= 100);
	assert_memory_equal(told->text->ptr, p->meant + first, told->text->len);
	for (size_t i = 0; i < first; i++)
		line_beg = p->meant[i] == '\n' ? i + 1 : line_beg;
	assert_int_equal(told->column1, first - line_beg + 1);
	p->searched = first + end;
	p->count++;
	return end;
}

static void a_long_text_is_told_in_parts(void **state)
{
	char *meant = malloc(LONG);
	struct parts parts = {.meant = meant};
	struct buf notebook;
	struct err err;

	buf_init(&notebook, BUF_MAX_REPORT);
	buf_append_str(&notebook, "{\"cells\":[{\"source\":[\"");
	for (size_t i = 0; i < LONG; i++) {
		unsigned how = chance(1000);

		meant[i] = how ? (char)('a' + chance(26)) : '\n';
		if (how == 1)
			buf_append_str(&notebook, "\",\"");
		if (!how)
			buf_append_str(&notebook, "\\n");
		else
			buf_append_byte(&notebook, (unsigned char)meant[i]);
	}
	buf_append_str(&notebook, "\"]}]}");
	assert_int_equal(notebook_read(slice_of(notebook.ptr, notebook.len), 100, look_at_part,
				       NULL, &parts, &err),
			 0);
	assert_int_equal(parts.searched, LONG);
	assert_true(parts.count >= 3);
	buf_dispose(&notebook);
	free(meant);
}

/* ---- what is held ---- */

enum { MIXED, PLAIN, LINES };

/* One of these; returns its length. Lines are of one length, which no end of a block
 * or piece knows of. */
static size_t put_stretch(unsigned char *out, unsigned kind)
{
	size_t len = chance(3) ? chance(9000) : chance(70000), line = 20 + chance(100);

	for (size_t i = 0; i < len; i++) {
		out[i] = (unsigned char)(kind == MIXED ? " \"\\,[]{}&an"[chance(11)]
						       : "0123456789mno+/="[chance(16)]);
		if (kind == LINES && i % line > line - 3)
			out[i] = i % line == line - 2 ? '\\' : 'n';
	}
	return len;
}

static void add_in_pieces(struct condensed *c, const unsigned char *bytes, size_t len,
			  bool may_break)
{
	size_t at = 0;

	condensed_reset(c);
	while (at < len) {
		size_t back = chance(3) ? 0 : chance((uint32_t)(at < 5000 ? at + 1 : 5000));
		size_t piece = back + 1 + chance(100000);

		piece = piece > len - (at - back) ? len - (at - back) : piece;
		condensed_add(c, slice_of(bytes + at - back, piece), at - back, may_break);
		at = at - back + piece;
	}
	condensed_end(c);
}

static bool is_left_out(const struct condensed *c, uint64_t offset)
{
	size_t found = condensed_find(c, offset);

	return found == c->len || found + condensed_lost(c, found) != offset;
}

static bool ends_line(const unsigned char *bytes, size_t i)
{
	return i > 0 && bytes[i - 1] == '\\' && bytes[i] == 'n';
}

/* Of what is kept, and where it stood: they lose as many lines as is said. */
static void check_lines(const struct condensed *c, const unsigned char *bytes, const char *kinds)
{
	uint64_t stored = 0, held = 0, offset = 0;

	for (size_t i = 0; i < c->len; i++) {
		uint64_t until = i + condensed_lost(c, i);

		held += ends_line(c->ptr, i);
		for (; offset <= until; offset++)
			stored += ends_line(bytes, offset);
		if (kinds[until] == MIXED)
			assert_int_equal(condensed_lost_lines(c, i), stored - held);
	}
}

/* Plain stretches of all lengths, in lines or not, between others, added in pieces
 * that overlap: what is held stands in the document where the map says, what is not
 * is plain and far from the next that is not. */
static void check_held(bool may_break)
{
	struct condensed c = {.len = 0};
	uint64_t lost[3] = {0};

	for (unsigned round = 0; round < 60; round++) {
		size_t len = 0, cap = (size_t)1 << 20, held = 0;
		unsigned char *bytes = malloc(cap);
		char *kinds = malloc(cap);

		while (len < cap - 70000) {
			unsigned kind = chance(3);
			size_t stretch = put_stretch(bytes + len, kind);

			memset(kinds + len, (int)kind, stretch);
			len += stretch;
		}
		add_in_pieces(&c, bytes, len, may_break);
		for (size_t i = 0; i < len; i++) {
			if (!is_left_out(&c, i)) {
				assert_int_equal(condensed_find(&c, i), held);
				assert_int_equal(c.ptr[held++], bytes[i]);
				continue;
			}
			lost[(unsigned char)kinds[i]]++;
			assert_true(i >= CONDENSE_MARGIN && i + CONDENSE_MARGIN < len);
			assert_int_not_equal(kinds[i - CONDENSE_MARGIN], MIXED);
			assert_int_not_equal(kinds[i + CONDENSE_MARGIN], MIXED);
		}
		assert_int_equal(held, c.len);
		check_lines(&c, bytes, kinds);
		free(bytes);
		free(kinds);
	}
	assert_int_equal(lost[MIXED], 0);
	assert_true(lost[PLAIN] > 0);
	assert_int_equal(lost[LINES] > 0, may_break);
	condensed_dispose(&c);
}

static void what_is_held_leads_back(void **state)
{
	check_held(false);
}

static void ends_of_lines_that_are_not_held_are_counted(void **state)
{
	check_held(true);
}

/* One byte that is not plain, wherever it stands and be it among the last that come
 * at once, which are looked at one by one: what is around it is kept. */
static void nothing_else_is_left_out(void **state)
{
	static const char bad[] = "_\"&,{}[]%'# \t\n\x80\xc1\xff\x7f\\^|~";
	struct condensed c = {.len = 0};
	unsigned char *bytes = malloc(40000);

	for (unsigned round = 0; round < 2000; round++) {
		size_t at = 9000 + chance(20000), line = chance(2) ? 40000 : 20 + chance(100);
		size_t piece = at + 1 + chance(70);

		for (size_t i = 0; i < 40000; i++)
			bytes[i] = (unsigned char)(i % line == 0   ? '\\'
						   : i % line == 1 ? 'n'
								   : 'A');
		bytes[at] = (unsigned char)bad[chance(sizeof(bad) - 1)];
		if (ends_line(bytes, at + 1))
			continue;
		condensed_reset(&c);
		condensed_add(&c, slice_of(bytes, piece), 0, true);
		condensed_add(&c, slice_of(bytes + piece, 40000 - piece), piece, true);
		condensed_end(&c);
		assert_true(c.cut_count > 0);
		for (size_t i = at - CONDENSE_MARGIN; i < at + CONDENSE_MARGIN; i++)
			assert_false(is_left_out(&c, i));
	}
	condensed_dispose(&c);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_picture_that_is_not_worth_it_is_not_told),
		cmocka_unit_test(escapes_are_undone),
		cmocka_unit_test(every_byte_leads_back_to_where_it_is_stored),
		cmocka_unit_test(codes_of_terminals_are_taken_out),
		cmocka_unit_test(entities_are_read),
		cmocka_unit_test(every_text_is_told_with_its_place),
		cmocka_unit_test(a_long_text_is_told_in_parts),
		cmocka_unit_test(what_is_held_leads_back),
		cmocka_unit_test(ends_of_lines_that_are_not_held_are_counted),
		cmocka_unit_test(nothing_else_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
