#include "base/lang.h"

#include <stdlib.h>

enum lang lang_of_locale(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return strncmp(value, "es", 2) == 0 && !strchr("abcdefghijklmnopqrstuvwxyz",
								       value[2] ? value[2] : '_')
				       ? LANG_ES
				       : LANG_EN;
	}
	return LANG_EN;
}
