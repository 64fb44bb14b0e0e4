/*
 * The door to libsqlite3, which is loaded when the first database has to be read:
 * few runs meet one. What it frees is wiped, since it keeps copies of what it reads.
 */
#ifndef INSIDE_LIBSQLITE_H
#define INSIDE_LIBSQLITE_H

#include "base/err.h"

#include <sqlite3.h>

/* What is used of it. */
struct libsqlite {
	void *library; /* NULL: not loaded */
	__typeof__(sqlite3_config) *config;
	__typeof__(sqlite3_initialize) *initialize;
	__typeof__(sqlite3_shutdown) *shutdown;
	__typeof__(sqlite3_open_v2) *open_v2;
	__typeof__(sqlite3_close) *close;
	__typeof__(sqlite3_deserialize) *deserialize;
	__typeof__(sqlite3_db_config) *db_config;
	__typeof__(sqlite3_db_status) *db_status;
	__typeof__(sqlite3_limit) *limit;
	__typeof__(sqlite3_set_authorizer) *set_authorizer;
	__typeof__(sqlite3_progress_handler) *progress_handler;
	__typeof__(sqlite3_prepare_v2) *prepare_v2;
	__typeof__(sqlite3_exec) *exec;
	__typeof__(sqlite3_step) *step;
	__typeof__(sqlite3_finalize) *finalize;
	__typeof__(sqlite3_column_type) *column_type;
	__typeof__(sqlite3_column_int64) *column_int64;
	__typeof__(sqlite3_column_text) *column_text;
	__typeof__(sqlite3_column_blob) *column_blob;
	__typeof__(sqlite3_column_bytes) *column_bytes;
	__typeof__(sqlite3_errstr) *errstr;
};

/* HF_ENOTFOUND, with what to install, when there is none. Once at a time in a program;
 * after that, any thread. */
int libsqlite_load(struct libsqlite *lib, struct err *err);
void libsqlite_unload(struct libsqlite *lib);

#endif
