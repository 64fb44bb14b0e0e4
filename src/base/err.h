/*
 * What went wrong, in one line a user can act on. Functions that can fail
 * return 0 or a negative enum hf_err and fill the struct err they were
 * passed; the path is added once, at the edge where the user sees it.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

enum hf_err {
	HF_OK = 0,
	HF_EUSAGE = -1,    /* the user asked for something that cannot be */
	HF_ENOTFOUND = -2, /* no such file, rule, topic */
	HF_EIO = -3,       /* the system refused: open, read, write */
	HF_EFORMAT = -4,   /* input that should have a format has not */
	HF_ELIMIT = -5,    /* a named ceiling was reached */
	HF_EGIT = -6,      /* a repository cannot be read */
};

struct err {
	enum hf_err code;
	size_t offset; /* byte offset in the input, where the code is HF_EFORMAT */
	char msg[480]; /* one line, no newline, never holds scanned text */
};

/* Fills *err (which may be NULL) and returns code, so that
 * `return err_set(err, HF_EIO, "...")` reads as one step. format is translated (base/tr.h). */
int err_set(struct err *err, enum hf_err code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* err_set() with ": " and the text of the errno value appended. */
int err_errno(struct err *err, int errnum, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* What went wrong, for an errno value, in the language that was set. Static. */
const char *err_reason(int errnum);

#endif
