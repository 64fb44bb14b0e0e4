#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

void *library_open(const char *const *names)
{
	void *library = NULL;

	for (size_t i = 0; !library && names[i]; i++)
		library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
	return library;
}

bool library_find(void *library, const struct library_symbol *symbols, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		void *symbol = dlsym(library, symbols[i].name);

		if (!symbol)
			return false;
		memcpy(symbols[i].slot, &symbol, sizeof(symbol));
	}
	return true;
}

void library_close(void *library)
{
	if (library)
		dlclose(library);
}
