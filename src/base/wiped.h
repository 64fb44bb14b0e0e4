/*
 * Memory for libraries that keep copies of tokens: wiped when they give it back.
 * Like malloc(3) and its kin, NULL when there is none. Any thread.
 */
#ifndef BASE_WIPED_H
#define BASE_WIPED_H

#include <stddef.h>

void *wiped_take(size_t size);
void *wiped_take_zeroed(size_t count, size_t size);
void *wiped_take_again(void *ptr, size_t size);
char *wiped_take_copy(const char *text);
/* ptr may be NULL. */
void wiped_give_back(void *ptr);
/* Bytes that were asked for; of NULL, 0. */
size_t wiped_size(const void *ptr);

#endif
