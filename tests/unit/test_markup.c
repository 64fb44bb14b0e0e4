/* The text of office documents, and the way back from it. */
#include "view/markup.h"

#include "view/entities.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void what_people_read_is_the_text(void **state)
{
	static const struct {
		const char *stored, *meant;
	} rows[] = {
		{"", ""},
		{"plain", "plain"},
		/* WordprocessingML: runs join, paragraphs do not. */
		{"<w:p><w:r><w:t>hf</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>_x</w:t></w:r></w:p>",
		 "\nhf_x\n"},
		{"<w:p><w:r><w:t>hf</w:t></w:r></w:p><w:p><w:r><w:t>_x</w:t></w:r></w:p>",
		 "\nhf\n\n_x\n"},
		{"<w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/>", "a\nb\n"},
		{"<w:t xml:space=\"preserve\">a </w:t><w:proofErr "
		 "w:type=\"spellStart\"/><w:t>b</w:t>",
		 "a b"},
		/* SpreadsheetML: one cell's runs, and its guide to reading. */
		{"<si><r><t>hf</t></r><r><t>_x</t></r></si><si><t>y</t></si>", "\nhf_x\n\ny\n"},
		/* OpenDocument */
		{"<text:p>hf<text:span text:style-name=\"T1\">_</text:span>x</text:p>", "\nhf_x\n"},
		{"<text:p>a<text:s/>b<text:line-break/>c</text:p>", "\na\nb\nc\n"},
		/* What an editor lays out below each other is no text; a blank is. */
		{"<w:r>\n  <w:t>hf</w:t>\n</w:r>\n<w:r>\n  <w:t>_x</w:t>\n</w:r>", "hf_x"},
		{"<b>a</b> <b>c</b>", "a c"},
		/* Not tags. */
		{"a<!-- <p> -->b", "ab"},
		{"a<![CDATA[<p>b]]>c", "a<p>bc"},
		{"a<?xml version=\"1.0\"?>b", "ab"},
		{"<a href=\"x>y\">z</a>", "z"},
		/* Cut off. */
		{"a<w:t", "a"},
		{"a<", "a"},
		{"a</", "a"},
		{"a<!-- b", "a"},
		{"a<![CDATA[b", "ab"},
		{"a<![CDATA[]]", "a]]"},
		{"a<b c=\"d", "a"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct view_text text = {0};

		markup_text(slice_str(rows[i].stored), &text);
		if (!slice_eq(view_text_slice(&text), slice_str(rows[i].meant)))
			fail_msg("row %zu: %.*s", i, (int)text.len, (const char *)text.ptr);
		view_text_dispose(&text);
	}
}

static void the_way_back_goes_over_the_tags(void **state)
{
	struct slice stored = SLICE("<w:p>a <w:t>hf</w:t><w:t>&#95;x</w:t></w:p>");
	struct view_text text = {0}, plain = {0};
	struct span raw;

	markup_text(stored, &text);
	assert_true(entities_decode(&text, &plain));
	assert_true(slice_eq(view_text_slice(&plain), SLICE("\na hf_x\n")));
	raw = view_text_raw(&plain, (struct span){3, 7});
	assert_true(slice_eq(slice_cut(stored, raw), SLICE("hf</w:t><w:t>&#95;x")));
	view_text_dispose(&plain);
	view_text_dispose(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_people_read_is_the_text),
		cmocka_unit_test(the_way_back_goes_over_the_tags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
