/* What a byte is as ASCII, whatever the locale. Bytes from 0x80 on are nothing. */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>

static inline bool ascii_is_alnum(unsigned char c)
{
	unsigned char low = c | 0x20;

	return (c >= '0' && c <= '9') || (low >= 'a' && low <= 'z');
}

/* Blanks and what ends lines. */
static inline bool ascii_is_blank(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Of a hexadecimal digit in either case; -1: it is none. */
static inline int ascii_hex_value(unsigned char c)
{
	unsigned char low = c | 0x20;

	if (c >= '0' && c <= '9')
		return c - '0';
	return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

#endif
