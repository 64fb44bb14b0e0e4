#include "inside/archive_library.h"

#include "base/library.h"

/* What is missing stays NULL. */
static void find_later(struct archive_library *lib)
{
	const struct library_symbol symbols[] = {
#define X(name) {#name, &lib->name},
		ARCHIVE_LATER_FUNCTIONS(X)
#undef X
	};

	for (size_t i = 0; i < sizeof(symbols) / sizeof(*symbols); i++)
		library_find(lib->library, &symbols[i], 1);
}

int archive_library_load(struct archive_library *lib, struct err *err)
{
	static const char *const names[] = {"libarchive.so.13", NULL};
	const struct library_symbol symbols[] = {
#define X(name) {#name, &lib->name},
		ARCHIVE_FUNCTIONS(X)
#undef X
	};

	*lib = (struct archive_library){.library = library_open(names)};
	if (!lib->library)
		return err_set(err, HF_ENOTFOUND, "libarchive is not installed");
	if (library_find(lib->library, symbols, sizeof(symbols) / sizeof(*symbols))) {
		find_later(lib);
		return 0;
	}
	archive_library_unload(lib);
	return err_set(err, HF_ENOTFOUND, "libarchive is too old");
}

void archive_library_unload(struct archive_library *lib)
{
	library_close(lib->library);
	lib->library = NULL;
}
