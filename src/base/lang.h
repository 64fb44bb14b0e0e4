/* Which language the user reads. */
#ifndef BASE_LANG_H
#define BASE_LANG_H

#include "hfscan.h"

/* By LC_ALL, LC_MESSAGES, LANG, the first that is set (POSIX.1-2008, 8.2). */
enum lang lang_of_locale(void);

#endif
