/*
 * A database brings a program along: its schema, which may hold triggers, views and
 * expressions that call functions. Only plain columns of plain tables are asked for, and
 * whatever else a statement would do, the authorizer forbids. What is read is bounded by
 * the size of the file: pages may lead to each other, so that few come to more rows than
 * anybody could wait for.
 */
#include "inside/sqlite.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/endian.h"
#include "base/tr.h"
#include "inside/libsqlite.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* Where the header says how the file is written and read; 2 is by way of a second file
 * ("File format version numbers"). */
#define PAGE_SIZE_AT  16
#define WRITE_VERSION 18
#define READ_VERSION  19
#define IN_ONE_FILE   1

/* How often the library asks whether to go on, in steps of its machine; a row takes some
 * for each column. A column that was added later has no bytes in older rows. */
#define STEPS_ASKED    1000
#define STEPS_A_BYTE   ((uint64_t)16)
#define STEPS_AT_LEAST ((uint64_t)10 << 20)
/* Pages that the library asks for: for a column that is in another one, that, and all that
 * lead to it. Rows of 900 columns of a byte each asked for 1.3 a byte. */
#define PAGES_A_BYTE   ((uint64_t)2)
#define PAGES_AT_LEAST ((uint64_t)1 << 20)
/* UTF-16 may become longer; a default value stands once for all rows. */
#define READ_A_BYTE   ((uint64_t)4)
#define READ_AT_LEAST ((uint64_t)16 << 20)
#define NAME_MAX_     ((size_t)256) /* what is shown of a table's or column's name */

struct reading {
	const struct libsqlite *lib;
	const struct sqlite_told *told;
	sqlite3 *db;
	uint64_t steps_left, pages_left, bytes_left;
	bool is_spent;
	bool is_cut_short;
	int why;         /* what the library said of the first table that failed */
	unsigned failed; /* tables that cannot be read to their end */
};

struct table {
	char *name;
	char **columns;
	size_t count, cap;
};

/* ---- what is allowed ---- */

/* Called while a statement is prepared: what it would do. */
static int authorize(void *payload, int action, const char *first, const char *second,
		     const char *database, const char *inner)
{
	if (inner)
		return SQLITE_DENY; /* in a view or trigger */
	if (action == SQLITE_SELECT || action == SQLITE_READ)
		return SQLITE_OK;
	if (action == SQLITE_PRAGMA && first && strcmp(first, "table_xinfo") == 0)
		return SQLITE_OK;
	return SQLITE_DENY;
}

/* Since it was asked last. */
static uint64_t count_pages(struct reading *r)
{
	static const int kinds[] = {SQLITE_DBSTATUS_CACHE_HIT, SQLITE_DBSTATUS_CACHE_MISS};
	uint64_t sum = 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		int count = 0, highest;

		r->lib->db_status(r->db, kinds[i], &count, &highest, true);
		sum += (unsigned)count;
	}
	return sum;
}

/* Anything but 0 ends the statement. */
static int count_steps(void *payload)
{
	struct reading *r = payload;
	uint64_t pages = count_pages(r);

	if (r->steps_left < STEPS_ASKED || r->pages_left < pages)
		return r->is_spent = true;
	r->steps_left -= STEPS_ASKED;
	r->pages_left -= pages;
	return 0;
}

/* ---- complaints ---- */

/* The library's own words never hold what is in the file. */
static const char *reason(const struct reading *r, int rc)
{
	if (r->is_spent)
		return tr("it comes to more than its size explains");
	if (rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB)
		return tr("it is damaged");
	return r->lib->errstr(rc);
}

static void complain_of_all(struct reading *r, int rc)
{
	char what[480];

	snprintf(what, sizeof(what), tr("a database that cannot be read row by row: %s"),
		 reason(r, rc));
	r->told->complaint(r->told->payload, what);
}

static void complain_of_tables(struct reading *r)
{
	char what[480];

	if (!r->failed && !r->is_cut_short)
		return;
	if (!r->failed)
		snprintf(what, sizeof(what), "%s", tr("a database that is cut short"));
	else
		snprintf(what, sizeof(what),
			 r->failed == 1
				 ? tr("%u table of this database cannot be read to its end: %s")
				 : tr("%u tables of this database cannot be read to their end: %s"),
			 r->failed, reason(r, r->why));
	r->told->complaint(r->told->payload, what);
}

/* ---- statements ---- */

/* A name as SQL has it. */
static void put_name(struct buf *sql, const char *name)
{
	buf_append_byte(sql, '"');
	for (; *name; name++) {
		if (*name == '"')
			buf_append_byte(sql, '"');
		buf_append_byte(sql, (unsigned char)*name);
	}
	buf_append_byte(sql, '"');
}

static int prepare(struct reading *r, const struct buf *sql, sqlite3_stmt **out)
{
	return r->lib->prepare_v2(r->db, sql->ptr, (int)sql->len, out, NULL);
}

static char *text_of(struct reading *r, sqlite3_stmt *row, int column)
{
	const unsigned char *text = r->lib->column_text(row, column);

	return text ? xstrdup((const char *)text) : NULL;
}

/* ---- tables ---- */

/* Those that have pages of their own. */
#define LIST_TABLES "SELECT name FROM main.sqlite_master WHERE type='table' AND rootpage>0"

static int list_tables(struct reading *r, struct table **tables, size_t *count)
{
	sqlite3_stmt *row = NULL;
	size_t cap = 0;
	int rc = r->lib->prepare_v2(r->db, LIST_TABLES, -1, &row, NULL);

	grow_array(tables, &cap, *count, sizeof(**tables));
	(*tables)[(*count)++] = (struct table){.name = xstrdup("sqlite_master")};
	while (rc == SQLITE_OK && (rc = r->lib->step(row)) == SQLITE_ROW) {
		char *name = text_of(r, row, 0);

		rc = SQLITE_OK;
		if (!name)
			continue;
		grow_array(tables, &cap, *count, sizeof(**tables));
		(*tables)[(*count)++] = (struct table){.name = name};
	}
	r->lib->finalize(row);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* "hidden": 0 is an ordinary column, 3 one that was computed when it was stored; others
 * are computed when they are read. */
static bool is_stored(int64_t hidden)
{
	return hidden == 0 || hidden == 3;
}

static int list_columns(struct reading *r, struct table *table)
{
	sqlite3_stmt *row = NULL;
	struct buf sql;
	int rc;

	buf_init(&sql, BUF_MAX_PATH);
	buf_append_str(&sql, "PRAGMA main.table_xinfo(");
	put_name(&sql, table->name);
	buf_append_byte(&sql, ')');
	rc = prepare(r, &sql, &row);
	buf_dispose(&sql);
	while (rc == SQLITE_OK && (rc = r->lib->step(row)) == SQLITE_ROW) {
		char *name = is_stored(r->lib->column_int64(row, 6)) ? text_of(r, row, 1) : NULL;

		rc = SQLITE_OK;
		if (!name)
			continue;
		grow_array(&table->columns, &table->cap, table->count, sizeof(*table->columns));
		table->columns[table->count++] = name;
	}
	r->lib->finalize(row);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static void table_dispose(struct table *table)
{
	for (size_t i = 0; i < table->count; i++)
		free(table->columns[i]);
	free(table->columns);
	free(table->name);
}

/* ---- rows ---- */

/* What a row's number is called in SQL where no column is called so; NULL: nothing. */
static const char *number_name(const struct table *table)
{
	static const char *const names[] = {"_rowid_", "rowid", "oid"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		size_t taken = 0;

		while (taken < table->count && strcasecmp(table->columns[taken], names[i]) != 0)
			taken++;
		if (taken == table->count)
			return names[i];
	}
	return NULL;
}

/* number: NULL, and rows have none. Not by way of an index, which may hold less. */
static int select_rows(struct reading *r, const struct table *table, const char *number,
		       sqlite3_stmt **out)
{
	struct buf sql;
	int rc;

	buf_init(&sql, BUF_MAX_PATH);
	buf_appendf(&sql, "SELECT %s", number ? number : "0");
	for (size_t i = 0; i < table->count; i++) {
		buf_append_byte(&sql, ',');
		put_name(&sql, table->columns[i]);
	}
	buf_append_str(&sql, " FROM main.");
	put_name(&sql, table->name);
	buf_append_str(&sql, " NOT INDEXED");
	rc = prepare(r, &sql, out);
	buf_dispose(&sql);
	return rc;
}

static void put_cut(struct buf *out, const char *name)
{
	size_t len = strlen(name);

	buf_append(out, name, len < NAME_MAX_ ? len : NAME_MAX_);
	if (len > NAME_MAX_)
		buf_append_str(out, "…");
}

/* row: counted from 1 where rows have no numbers. */
static void tell(struct reading *r, const struct table *table, bool numbered, int64_t row,
		 const char *column, struct slice value)
{
	struct buf name;

	buf_init(&name, BUF_MAX_LINE);
	put_cut(&name, table->name);
	buf_appendf(&name, numbered ? " row %lld column " : " record %lld column ", (long long)row);
	put_cut(&name, column);
	r->told->value(r->told->payload, buf_slice(&name), value);
	buf_dispose(&name);
}

/* Empty for what is neither text nor blob. */
static struct slice value_of(struct reading *r, sqlite3_stmt *row, int column)
{
	int type = r->lib->column_type(row, column);
	const void *ptr;

	if (type == SQLITE_TEXT)
		ptr = r->lib->column_text(row, column);
	else if (type == SQLITE_BLOB)
		ptr = r->lib->column_blob(row, column);
	else
		return SLICE("");
	return ptr ? slice_of(ptr, (size_t)r->lib->column_bytes(row, column)) : SLICE("");
}

/* Columns are counted from 1: before them stands the number of the row. */
static void tell_row(struct reading *r, const struct table *table, sqlite3_stmt *row, bool numbered,
		     int64_t count)
{
	for (size_t i = 0; i < table->count; i++) {
		struct slice value = value_of(r, row, (int)i + 1);

		if (value.len > r->bytes_left) {
			r->is_spent = true;
			return;
		}
		r->bytes_left -= value.len;
		if (value.len && r->told->worth(r->told->payload, value))
			tell(r, table, numbered, numbered ? r->lib->column_int64(row, 0) : count,
			     table->columns[i], value);
	}
}

static int read_rows(struct reading *r, const struct table *table)
{
	const char *number = number_name(table);
	sqlite3_stmt *row = NULL;
	int64_t count = 0;
	int rc = number ? select_rows(r, table, number, &row) : SQLITE_ERROR;

	if (rc == SQLITE_ERROR) {
		number = NULL; /* a table WITHOUT ROWID */
		rc = select_rows(r, table, NULL, &row);
	}
	while (rc == SQLITE_OK && (rc = r->lib->step(row)) == SQLITE_ROW) {
		tell_row(r, table, row, number, ++count);
		rc = r->is_spent ? SQLITE_INTERRUPT : SQLITE_OK;
	}
	r->lib->finalize(row);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static void read_table(struct reading *r, struct table *table)
{
	int rc = list_columns(r, table);

	if (rc == SQLITE_OK)
		rc = read_rows(r, table);
	if (rc == SQLITE_OK)
		return;
	if (!r->why)
		r->why = rc;
	r->failed++;
}

static void read_all(struct reading *r)
{
	struct table *tables = NULL;
	size_t count = 0;
	int rc = list_tables(r, &tables, &count);

	if (rc != SQLITE_OK)
		complain_of_all(r, rc);
	for (size_t i = 0; i < count; i++) {
		if (rc == SQLITE_OK && !r->is_spent)
			read_table(r, &tables[i]);
		table_dispose(&tables[i]);
	}
	free(tables);
	if (rc == SQLITE_OK)
		complain_of_tables(r);
}

/* ---- the database ---- */

/* sqlite.org/security.html, "Untrusted SQLite Database Files". */
static int harden(struct reading *r, size_t len)
{
	static const struct {
		int option, value;
	} options[] = {
		{SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
		{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
		{SQLITE_DBCONFIG_DQS_DML, 0},
	};
	int rc = SQLITE_OK;

	for (size_t i = 0; rc == SQLITE_OK && i < sizeof(options) / sizeof(*options); i++)
		rc = r->lib->db_config(r->db, options[i].option, options[i].value, (int *)NULL);
	r->lib->limit(r->db, SQLITE_LIMIT_LENGTH, (int)(len + READ_AT_LEAST));
	r->lib->limit(r->db, SQLITE_LIMIT_ATTACHED, 0);
	r->lib->limit(r->db, SQLITE_LIMIT_WORKER_THREADS, 0);
	if (rc == SQLITE_OK)
		rc = r->lib->set_authorizer(r->db, authorize, NULL);
	r->lib->progress_handler(r->db, STEPS_ASKED, count_steps, r);
	return rc;
}

static int open_copy(struct reading *r, unsigned char *bytes, size_t len)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX;
	int rc = r->lib->open_v2(":memory:", &r->db, flags, NULL);

	if (rc == SQLITE_OK)
		rc = r->lib->deserialize(r->db, "main", bytes, (sqlite3_int64)len,
					 (sqlite3_int64)len, SQLITE_DESERIALIZE_READONLY);
	if (rc == SQLITE_OK) /* others are not counted */
		rc = r->lib->exec(r->db, "PRAGMA main.mmap_size=0", NULL, NULL, NULL);
	return rc == SQLITE_OK ? harden(r, len) : rc;
}

/* The library takes what is missing of the last page for zeros. */
static bool is_cut_short(const unsigned char *bytes, size_t len)
{
	size_t size = len > PAGE_SIZE_AT + 1 ? load_be16(bytes + PAGE_SIZE_AT) : 1;

	return len % (size == 1 || !size ? 65536 : size);
}

void sqlite_read(const struct libsqlite *lib, unsigned char *bytes, size_t len,
		 const struct sqlite_told *told)
{
	struct reading r = {
		.lib = lib,
		.told = told,
		.is_cut_short = is_cut_short(bytes, len),
		.steps_left = len * STEPS_A_BYTE + STEPS_AT_LEAST,
		.pages_left = len * PAGES_A_BYTE + PAGES_AT_LEAST,
		.bytes_left = len * READ_A_BYTE + READ_AT_LEAST,
	};
	int rc;

	if (len > READ_VERSION)
		bytes[WRITE_VERSION] = bytes[READ_VERSION] = IN_ONE_FILE;
	rc = open_copy(&r, bytes, len);
	if (rc == SQLITE_OK)
		read_all(&r);
	else
		complain_of_all(&r, rc);
	lib->close(r.db);
}
