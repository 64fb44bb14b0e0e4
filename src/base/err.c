/* Errors are values that are passed in, so threads never share one. */
#include "base/err.h"

#include "base/tr.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int err_set(struct err *err, enum hf_err code, const char *format, ...)
{
	va_list args;

	if (!err)
		return code;
	err->code = code;
	err->offset = 0;
	va_start(args, format);
	vsnprintf(err->msg, sizeof(err->msg), tr(format), args);
	va_end(args);
	return code;
}

/* What strerror() says of what goes wrong most, word for word: it would need the language
 * installed, and setlocale(), to say it otherwise. */
static const struct {
	int errnum;
	const char *text;
} reasons[] = {
	{ENOENT, "No such file or directory"},
	{EACCES, "Permission denied"},
	{EPERM, "Operation not permitted"},
	{EISDIR, "Is a directory"},
	{ENOTDIR, "Not a directory"},
	{EEXIST, "File exists"},
	{ELOOP, "Too many levels of symbolic links"},
	{ENAMETOOLONG, "File name too long"},
	{ENOSPC, "No space left on device"},
	{EROFS, "Read-only file system"},
	{EFBIG, "File too large"},
	{EIO, "Input/output error"},
	{EMFILE, "Too many open files"},
	{EPIPE, "Broken pipe"},
};

const char *err_reason(int errnum)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (reasons[i].errnum == errnum)
			return tr(reasons[i].text);
	return strerror(errnum); /* of a number that exists a constant: safe in threads */
}

int err_errno(struct err *err, int errnum, const char *format, ...)
{
	va_list args;
	size_t len;

	if (!err)
		return HF_EIO;
	err->code = errnum == ENOENT ? HF_ENOTFOUND : HF_EIO;
	err->offset = 0;
	va_start(args, format);
	vsnprintf(err->msg, sizeof(err->msg), tr(format), args);
	va_end(args);
	len = strlen(err->msg);
	snprintf(err->msg + len, sizeof(err->msg) - len, ": %s", err_reason(errnum));
	return err->code;
}
