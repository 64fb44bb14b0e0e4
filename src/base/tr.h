/*
 * Messages in the user's language. The text in the source is English and the key to its
 * translation in po/<language>.po, which GNU msgfmt compiles and the build embeds: a
 * program that was copied somewhere, or runs with LANG=C and --lang, needs no file and no
 * locale beside it. Any thread, once the language is set.
 */
#ifndef BASE_TR_H
#define BASE_TR_H

#include "hfscan.h"

/* Once, before threads. English until then. */
void tr_set(enum lang lang);

enum lang tr_lang(void);

/* text in the language that was set; text itself when there is no translation. Static. */
const char *tr(const char *text) __attribute__((format_arg(1)));
/* The same in one that is named. */
const char *tr_in(enum lang lang, const char *text) __attribute__((format_arg(2)));
/* For one or for many of something: n == 1, which is how English and Spanish count. */
const char *tr_n(enum lang lang, const char *one, const char *many, uint64_t n)
	__attribute__((format_arg(2))) __attribute__((format_arg(3)));

/* The compiled catalogs; written by src/base/embed.sh. In the order of enum lang, but for
 * English, which needs none. */
struct tr_catalog {
	const char *name;
	const unsigned char *bytes;
	size_t len;
};
extern const struct tr_catalog tr_catalogs[];

#endif
