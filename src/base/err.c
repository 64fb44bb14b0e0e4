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
	/* Of a number that exists strerror() returns a constant: safe in threads. */
	snprintf(err->msg + len, sizeof(err->msg) - len, ": %s", strerror(errnum));
	return err->code;
}
