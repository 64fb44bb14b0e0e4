#include "inside/libsqlite.h"

#include "base/library.h"
#include "base/wiped.h"

#include <stdbool.h>

/* ---- memory that is wiped ---- */

static void *take(int size)
{
	return wiped_take((size_t)size);
}

static void *take_again(void *ptr, int size)
{
	return wiped_take_again(ptr, (size_t)size);
}

static int size_of(void *ptr)
{
	return (int)wiped_size(ptr);
}

static int round_up(int size)
{
	return (size + 7) & ~7;
}

static int begin(void *payload)
{
	return SQLITE_OK;
}

static void end(void *payload)
{
}

static const sqlite3_mem_methods memory = {
	.xMalloc = take,
	.xFree = wiped_give_back,
	.xRealloc = take_again,
	.xSize = size_of,
	.xRoundup = round_up,
	.xInit = begin,
	.xShutdown = end,
};

/* ---- loading ---- */

static bool find_all(struct libsqlite *l)
{
	const struct library_symbol symbols[] = {
		{"sqlite3_config", &l->config},
		{"sqlite3_initialize", &l->initialize},
		{"sqlite3_shutdown", &l->shutdown},
		{"sqlite3_open_v2", &l->open_v2},
		{"sqlite3_close", &l->close},
		{"sqlite3_deserialize", &l->deserialize},
		{"sqlite3_db_config", &l->db_config},
		{"sqlite3_db_status", &l->db_status},
		{"sqlite3_limit", &l->limit},
		{"sqlite3_set_authorizer", &l->set_authorizer},
		{"sqlite3_progress_handler", &l->progress_handler},
		{"sqlite3_prepare_v2", &l->prepare_v2},
		{"sqlite3_exec", &l->exec},
		{"sqlite3_step", &l->step},
		{"sqlite3_finalize", &l->finalize},
		{"sqlite3_column_type", &l->column_type},
		{"sqlite3_column_int64", &l->column_int64},
		{"sqlite3_column_text", &l->column_text},
		{"sqlite3_column_blob", &l->column_blob},
		{"sqlite3_column_bytes", &l->column_bytes},
		{"sqlite3_errstr", &l->errstr},
	};

	return library_find(l->library, symbols, sizeof(symbols) / sizeof(*symbols));
}

/* Each thread has connections of its own, and counts nothing. */
static bool prepare(struct libsqlite *l)
{
	return l->config(SQLITE_CONFIG_MALLOC, &memory) == SQLITE_OK &&
	       l->config(SQLITE_CONFIG_MULTITHREAD) == SQLITE_OK &&
	       l->config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK && l->initialize() == SQLITE_OK;
}

int libsqlite_load(struct libsqlite *l, struct err *err)
{
	static const char *const names[] = {"libsqlite3.so.0", NULL};

	*l = (struct libsqlite){.library = library_open(names)};
	if (!l->library)
		return err_set(
			err, HF_ENOTFOUND,
			"libsqlite3 is not installed: reading a database row by row needs it "
			"(Debian: libsqlite3-0)");
	if (find_all(l) && prepare(l))
		return 0;
	library_close(l->library);
	l->library = NULL;
	return err_set(err, HF_ENOTFOUND, "libsqlite3 cannot be used: is it older than 3.36?");
}

void libsqlite_unload(struct libsqlite *l)
{
	if (!l->library)
		return;
	l->shutdown();
	library_close(l->library);
	l->library = NULL;
}
