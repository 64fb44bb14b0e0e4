#include "base/wiped.h"

#include "base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* In front of each block, as large as any alignment asks for. */
struct head {
	size_t size;
} __attribute__((aligned(16)));

void *wiped_take(size_t size)
{
	struct head *head = size > SIZE_MAX - sizeof(*head) ? NULL : malloc(sizeof(*head) + size);

	if (!head)
		return NULL;
	head->size = size;
	return head + 1;
}

void wiped_give_back(void *ptr)
{
	struct head *head = ptr ? (struct head *)ptr - 1 : NULL;

	if (!head)
		return;
	wipe(ptr, head->size);
	free(head);
}

size_t wiped_size(const void *ptr)
{
	return ptr ? ((const struct head *)ptr - 1)->size : 0;
}

void *wiped_take_again(void *ptr, size_t size)
{
	void *other = wiped_take(size);
	size_t old = wiped_size(ptr);

	if (!other)
		return NULL;
	if (ptr)
		memcpy(other, ptr, old < size ? old : size);
	wiped_give_back(ptr);
	return other;
}

void *wiped_take_zeroed(size_t count, size_t size)
{
	void *ptr = size && count > SIZE_MAX / size ? NULL : wiped_take(count * size);

	return ptr ? memset(ptr, 0, count * size) : NULL;
}

char *wiped_take_copy(const char *text)
{
	char *copy = wiped_take(strlen(text) + 1);

	return copy ? strcpy(copy, text) : NULL;
}
