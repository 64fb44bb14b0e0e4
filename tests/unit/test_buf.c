/* base/buf and base/alloc: growth, ceilings, and what stays true of ptr. */
#include "base/alloc.h"
#include "base/buf.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static void an_empty_buf_reads_as_an_empty_string(void **state)
{
	struct buf b;
	char *s;

	buf_init(&b, 100);
	assert_string_equal(b.ptr, "");
	s = buf_detach(&b);
	assert_string_equal(s, "");
	free(s);
	buf_dispose(&b);
}

static void growth_keeps_the_bytes_and_the_nul(void **state)
{
	struct buf b;

	buf_init(&b, 100000);
	for (int i = 0; i < 10000; i++) {
		buf_append_byte(&b, (unsigned char)i);
		assert_int_equal(b.ptr[b.len], 0);
	}
	assert_int_equal(b.len, 10000);
	for (int i = 0; i < 10000; i++)
		assert_int_equal((unsigned char)b.ptr[i], (unsigned char)i);
	assert_false(buf_overflowed(&b));
	buf_dispose(&b);
}

static void nothing_grows_past_the_ceiling(void **state)
{
	struct buf b;

	buf_init(&b, 10);
	buf_append_str(&b, "12345678");
	assert_false(buf_overflowed(&b));
	buf_append_str(&b, "9abc");
	assert_true(buf_overflowed(&b));
	assert_string_equal(b.ptr, "123456789a");
	buf_append_str(&b, "x");
	assert_int_equal(b.len, 10);
	buf_reset(&b);
	assert_false(buf_overflowed(&b));
	assert_string_equal(b.ptr, "");
	buf_dispose(&b);
}

static void formatted_text_longer_than_the_stack_buffer_is_whole(void **state)
{
	struct buf b;
	char long_text[1000];

	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	buf_init(&b, BUF_MAX_LINE);
	buf_appendf(&b, "<%s|%d>", long_text, 7);
	assert_int_equal(b.len, 999 + 4);
	assert_string_equal(b.ptr + 1000, "|7>");
	buf_dispose(&b);
}

static void detaching_leaves_an_empty_buf(void **state)
{
	struct buf b;
	char *s;

	buf_init(&b, 100);
	buf_append_str(&b, "abc");
	s = buf_detach(&b);
	assert_string_equal(s, "abc");
	assert_string_equal(b.ptr, "");
	buf_append_str(&b, "d");
	assert_string_equal(b.ptr, "d");
	free(s);
	buf_dispose(&b);
}

static void slices_order_bytewise_and_by_length(void **state)
{
	assert_true(slice_cmp(SLICE("a"), SLICE("b")) < 0);
	assert_true(slice_cmp(SLICE("a"), SLICE("ab")) < 0);
	assert_true(slice_cmp(SLICE("a\xff"), SLICE("ab")) > 0);
	assert_int_equal(slice_cmp(SLICE("a\0b"), SLICE("a\0b")), 0);
	assert_true(slice_cmp(SLICE("a\0b"), SLICE("a\0c")) < 0);
	assert_true(slice_has_prefix(SLICE("hf_x"), SLICE("hf_")));
	assert_false(slice_has_prefix(SLICE("hf"), SLICE("hf_")));
	assert_true(slice_has_suffix(SLICE("lab.ipynb"), SLICE(".ipynb")));
	assert_false(slice_has_suffix(SLICE("b"), SLICE(".ipynb")));
}

static jmp_buf escape;
static size_t refused_bytes;

static void refuse(size_t bytes)
{
	refused_bytes = bytes;
	longjmp(escape, 1);
}

static void a_failed_allocation_calls_the_handler(void **state)
{
	volatile bool called = false;

	alloc_on_failure(refuse);
	if (setjmp(escape) == 0)
		free(xmalloc(SIZE_MAX / 2));
	else
		called = true;
	assert_true(called);
	assert_int_equal(refused_bytes, SIZE_MAX / 2);
}

static void an_array_grows_one_element_at_a_time_without_loss(void **state)
{
	int *numbers = NULL;
	size_t cap = 0;

	for (size_t n = 0; n < 1000; n++) {
		grow_array(&numbers, &cap, n, sizeof(*numbers));
		assert_true(cap > n);
		numbers[n] = (int)n;
	}
	for (int n = 0; n < 1000; n++)
		assert_int_equal(numbers[n], n);
	free(numbers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_buf_reads_as_an_empty_string),
		cmocka_unit_test(growth_keeps_the_bytes_and_the_nul),
		cmocka_unit_test(nothing_grows_past_the_ceiling),
		cmocka_unit_test(formatted_text_longer_than_the_stack_buffer_is_whole),
		cmocka_unit_test(detaching_leaves_an_empty_buf),
		cmocka_unit_test(slices_order_bytewise_and_by_length),
		cmocka_unit_test(a_failed_allocation_calls_the_handler),
		cmocka_unit_test(an_array_grows_one_element_at_a_time_without_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
