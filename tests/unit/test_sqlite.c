/* Databases written by the real libsqlite3: what is hidden from who searches the bytes
 * is told, and read. */
#include "base/alloc.h"
#include "base/buf.h"
#include "inside/libsqlite.h"
#include "inside/sqlite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <dlfcn.h>

#include <cmocka.h>

#define NEEDLE "hf_needle"

/* ---- writing ---- */

struct writer {
	void *library;
	sqlite3 *db;
	__typeof__(sqlite3_exec) *exec;
	__typeof__(sqlite3_serialize) *serialize;
	__typeof__(sqlite3_free) *free;
};

static struct libsqlite library;

static int load(void **state)
{
	struct err err;

	return libsqlite_load(&library, &err);
}

static int unload(void **state)
{
	libsqlite_unload(&library);
	return 0;
}

static void *symbol(struct writer *w, const char *name)
{
	void *found = dlsym(w->library, name);

	assert_non_null(found);
	return found;
}

static void writer_init(struct writer *w)
{
	w->library = dlopen("libsqlite3.so.0", RTLD_NOW);
	assert_non_null(w->library);
	*(void **)&w->exec = symbol(w, "sqlite3_exec");
	*(void **)&w->serialize = symbol(w, "sqlite3_serialize");
	*(void **)&w->free = symbol(w, "sqlite3_free");
	assert_int_equal(library.open_v2(":memory:", &w->db,
					 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL),
			 SQLITE_OK);
}

static void run(struct writer *w, const char *sql)
{
	char *why = NULL;
	int rc = w->exec(w->db, sql, NULL, NULL, &why);

	if (rc != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
}

/* The file, which the caller frees. */
static unsigned char *written(struct writer *w, size_t *len)
{
	sqlite3_int64 size;
	unsigned char *bytes = w->serialize(w->db, "main", &size, 0), *copy;

	assert_non_null(bytes);
	copy = xmalloc((size_t)size);
	memcpy(copy, bytes, (size_t)size);
	*len = (size_t)size;
	w->free(bytes);
	library.close(w->db);
	dlclose(w->library);
	return copy;
}

static unsigned char *write_all(const char *sql, size_t *len)
{
	struct writer w;

	writer_init(&w);
	run(&w, sql);
	return written(&w, len);
}

/* ---- reading ---- */

struct told {
	char names[4096]; /* of values that hold the needle, each with a ';' behind it */
	char complaint[480];
	unsigned values, complaints;
};

static bool has_needle(struct slice bytes, const char *needle)
{
	return memmem(bytes.ptr, bytes.len, needle, strlen(needle)) != NULL;
}

static bool all_are(void *payload, struct slice bytes)
{
	return true;
}

static void on_value(void *payload, struct slice name, struct slice value)
{
	struct told *told = payload;
	size_t len = strlen(told->names);

	told->values++;
	if (has_needle(value, NEEDLE))
		snprintf(told->names + len, sizeof(told->names) - len, "%.*s;", (int)name.len,
			 name.ptr);
}

static void on_complaint(void *payload, const char *what)
{
	struct told *told = payload;

	told->complaints++;
	snprintf(told->complaint, sizeof(told->complaint), "%s", what);
}

static void read_all(unsigned char *bytes, size_t len, struct told *told)
{
	struct sqlite_told to = {all_are, on_value, on_complaint, told};

	*told = (struct told){{0}, {0}, 0, 0};
	sqlite_read(&library, bytes, len, &to);
}

static void check_read(const char *sql, const char *names)
{
	struct told told;
	size_t len;
	unsigned char *bytes = write_all(sql, &len);

	read_all(bytes, len, &told);
	assert_string_equal(told.complaint, "");
	assert_string_equal(told.names, names);
	free(bytes);
}

static bool is_worth(void *payload, struct slice bytes)
{
	return has_needle(bytes, payload);
}

static bool is_promising(void *payload, struct slice value)
{
	return value.ptr[0] != '-';
}

/* Fed as a file is read. */
static bool must_be_read(unsigned char *bytes, size_t len, const char *anchor)
{
	const struct inside_wanted wanted = {is_worth, strlen(anchor), is_promising,
					     (void *)anchor};
	struct sqlite_pages *p = sqlite_pages_new(&wanted);
	bool must;

	for (size_t at = 0; at < len; at += 65536)
		sqlite_pages_add(p, slice_of(bytes + at, len - at < 65536 ? len - at : 65536));
	must = sqlite_pages_end(p);
	sqlite_pages_free(p);
	return must;
}

/* ---- rows ---- */

static void rows_are_named(void **state)
{
	check_read("CREATE TABLE history(session INTEGER, line INTEGER, source TEXT, raw BLOB);"
		   "INSERT INTO history(rowid,session,source) VALUES(12,1,'x = \"" NEEDLE "\"');"
		   "INSERT INTO history(rowid,raw) VALUES(-3,CAST('" NEEDLE "' AS BLOB));"
		   "INSERT INTO history(source) VALUES('nothing')",
		   "history row -3 column raw;history row 12 column source;");
}

static void tables_of_every_kind_are_read(void **state)
{
	check_read("CREATE TABLE kv(k TEXT PRIMARY KEY, v) WITHOUT ROWID;"
		   "INSERT INTO kv VALUES('a','-'),('b','" NEEDLE "');"
		   "CREATE TABLE \"odd \"\" name\"(\"a \"\"b\"\"\", rowid TEXT, _rowid_ TEXT);"
		   "INSERT INTO \"odd \"\" name\" VALUES('" NEEDLE "',1,2);"
		   "CREATE TABLE all_taken(rowid, _rowid_, oid);"
		   "INSERT INTO all_taken VALUES(1,2,'" NEEDLE "');"
		   "CREATE TABLE g(a, b AS (lower(a)), c AS (a||'hf_') STORED);"
		   "INSERT INTO g(a) VALUES('" NEEDLE "')",
		   "kv record 2 column v;odd \" name row 1 column a \"b\";"
		   "all_taken record 1 column oid;g row 1 column a;g row 1 column c;");
}

static void tables_of_a_program_are_read_where_they_are_stored(void **state)
{
	check_read("CREATE VIRTUAL TABLE f USING fts5(x);INSERT INTO f VALUES('" NEEDLE "')",
		   "f_content row 1 column c0;");
}

static void text_of_a_utf_16_database_is_utf_8(void **state)
{
	static const char sql[] = "PRAGMA encoding='UTF-16be';CREATE TABLE t(a);"
				  "INSERT INTO t VALUES('caf\xc3\xa9 " NEEDLE "')";
	size_t len;
	unsigned char *bytes = write_all(sql, &len);

	assert_true(must_be_read(bytes, len, NEEDLE));
	free(bytes);
	check_read(sql, "t row 1 column a;");
}

static void what_a_schema_brings_along_is_not_run(void **state)
{
	check_read("CREATE TABLE t(a DEFAULT '" NEEDLE "'); INSERT INTO t VALUES('b');"
		   "CREATE VIEW v AS SELECT '" NEEDLE "' FROM t;"
		   "CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT '" NEEDLE "'; END",
		   "sqlite_master row 1 column sql;sqlite_master row 2 column sql;"
		   "sqlite_master row 3 column sql;");
}

static void a_database_that_is_written_by_way_of_a_second_file_is_read(void **state)
{
	struct told told;
	size_t len;
	unsigned char *bytes =
		write_all("CREATE TABLE t(a);INSERT INTO t VALUES('" NEEDLE "')", &len);

	bytes[18] = bytes[19] = 2;
	read_all(bytes, len, &told);
	assert_string_equal(told.names, "t row 1 column a;");
	assert_int_equal(told.complaints, 0);
	free(bytes);
}

/* ---- cuts ---- */

static unsigned char *write_padded(unsigned pad, const char *more, size_t *len)
{
	struct writer w;
	char sql[512];

	writer_init(&w);
	snprintf(sql, sizeof(sql),
		 "PRAGMA page_size=512;%sCREATE TABLE t(a);"
		 "INSERT INTO t VALUES(replace(hex(zeroblob(%u)),'00','.')||'" NEEDLE
		 "'||replace(hex(zeroblob(%u)),'00','.'))",
		 more, pad, 1700 - pad);
	run(&w, sql);
	return written(&w, len);
}

/* The needle moves over the ends of pages, which hide it now and then. */
static void check_cuts(const char *more)
{
	unsigned cuts = 0;

	for (unsigned pad = 0; pad <= 1700; pad++) {
		struct told told;
		size_t len;
		unsigned char *bytes = write_padded(pad, more, &len);
		bool seen = has_needle(slice_of(bytes, len), NEEDLE);

		if (!must_be_read(bytes, len, NEEDLE))
			fail_msg("with %u bytes before it", pad);
		cuts += !seen;
		read_all(bytes, len, &told);
		assert_string_equal(told.names, "t row 1 column a;");
		free(bytes);
	}
	if (cuts < 3 * (strlen(NEEDLE) - 1))
		fail_msg("cuts %u", cuts);
}

static void what_a_page_cuts_is_told(void **state)
{
	check_cuts("");
}

static void what_a_page_cuts_is_told_where_pages_are_mapped(void **state)
{
	check_cuts("PRAGMA auto_vacuum=1;");
}

#define MANY                                                                                       \
	"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<3000) "              \
	"INSERT INTO t SELECT i, hex(zeroblob(i%700)) FROM n;"

static void a_clean_database_need_not_be_read(void **state)
{
	static const char *const sqls[] = {
		"CREATE TABLE t(a,b);",
		"CREATE TABLE t(a,b);" MANY "CREATE INDEX i ON t(b);",
		"CREATE TABLE t(a,b);" MANY "DELETE FROM t WHERE a%3;",
		"CREATE TABLE t(a,b);" MANY "DELETE FROM t;",
		"PRAGMA auto_vacuum=2;CREATE TABLE t(a,b);" MANY
		"DELETE FROM t WHERE a%2;PRAGMA incremental_vacuum(10);",
		"PRAGMA page_size=65536;CREATE TABLE t(a PRIMARY KEY,b) WITHOUT ROWID;" MANY,
		"PRAGMA page_size=512;CREATE TABLE t(a,b);CREATE INDEX i ON t(b,a);" MANY,
	};

	for (size_t i = 0; i < sizeof(sqls) / sizeof(*sqls); i++) {
		size_t len;
		unsigned char *bytes = write_all(sqls[i], &len);

		if (must_be_read(bytes, len, NEEDLE))
			fail_msg("%s", sqls[i]);
		free(bytes);
	}
}

static void check_promise(const char *sql, bool must)
{
	size_t len;
	unsigned char *bytes = write_all(sql, &len);

	if (must_be_read(bytes, len, NEEDLE) != must)
		fail_msg("%s", sql);
	free(bytes);
}

static void only_what_is_promising_by_itself_has_to_be_read(void **state)
{
	check_promise("CREATE TABLE t(a,b);INSERT INTO t VALUES('x','" NEEDLE "')", true);
	check_promise("CREATE TABLE t(a,b);INSERT INTO t VALUES('x','-" NEEDLE "')", false);
	check_promise("CREATE TABLE t(a,b);INSERT INTO t VALUES('" NEEDLE "',1.5)", true);
	check_promise("CREATE TABLE t(a,b);INSERT INTO t VALUES(NULL,CAST('" NEEDLE "' AS BLOB))",
		      true);
	check_promise("CREATE TABLE t(a PRIMARY KEY,b) WITHOUT ROWID;"
		      "INSERT INTO t VALUES(7,'" NEEDLE "')",
		      true);
	check_promise("CREATE TABLE t(a,b);INSERT INTO t VALUES('hf_','needle')", false);
	/* archives and the like */
	check_promise("CREATE TABLE t(a,b);INSERT INTO t VALUES('x',x'504b030414')", true);
	check_promise("CREATE TABLE t(a,b);INSERT INTO t VALUES('x',x'504b030514')", false);
	check_promise("CREATE TABLE t(a,b);INSERT INTO t VALUES(CAST(x'1f8b08' || "
		      "hex(zeroblob(9000)) AS BLOB),1)",
		      true);
}

/* ---- damage ---- */

static void damage_is_noticed(void **state)
{
	struct told told;
	size_t len, broken;
	unsigned char *bytes = write_all("PRAGMA page_size=4096;CREATE TABLE t(a,b);" MANY, &len);
	unsigned char *copy = xmalloc(len);

	for (size_t page = 0; page * 4096 < len; page++) {
		memcpy(copy, bytes, len);
		memset(copy + page * 4096, page % 2 ? 0 : 0x5a, 4096);
		if (page > 0)
			assert_true(must_be_read(copy, len, NEEDLE));
		read_all(copy, len, &told);
		assert_int_equal(told.complaints, 1);
	}
	for (broken = 0; broken < len; broken += 5000) {
		memcpy(copy, bytes, len);
		assert_true(must_be_read(copy, broken, NEEDLE));
		read_all(copy, broken, &told);
		assert_int_equal(told.complaints, broken > 0);
	}
	free(copy);
	free(bytes);
}

static void set_child(unsigned char *page, size_t cell, uint32_t child)
{
	size_t at = (size_t)page[12 + 2 * cell] << 8 | page[13 + 2 * cell];

	page[at] = page[at + 1] = 0;
	page[at + 2] = (unsigned char)(child >> 8);
	page[at + 3] = (unsigned char)child;
}

static void what_leads_elsewhere_is_noticed(void **state)
{
	size_t len;
	unsigned char *bytes = write_all("PRAGMA page_size=512;CREATE TABLE t(a,b);" MANY, &len);
	unsigned char *page = bytes + 512;
	uint32_t other = 3;

	assert_int_equal(page[0], 5);
	while (bytes[(other - 1) * 512] != 0)
		other++;
	set_child(page, 0, other);
	assert_true(must_be_read(bytes, len, NEEDLE));
	free(bytes);
}

/* 10,000 rows that are one: more than 10,921 a page cannot have. */
static void cells_that_share_bytes_are_left_to_the_library(void **state)
{
	struct told told;
	size_t len;
	unsigned char *bytes = write_all("PRAGMA page_size=65536;CREATE TABLE t(a);"
					 "INSERT INTO t VALUES(hex(zeroblob(15000)))",
					 &len);
	unsigned char *page = bytes + 65536;

	assert_false(must_be_read(bytes, len, NEEDLE));
	page[3] = 10000 >> 8;
	page[4] = 10000 & 0xff;
	for (size_t i = 1; i < 10000; i++)
		memcpy(page + 8 + i * 2, page + 8, 2);
	assert_true(must_be_read(bytes, len, NEEDLE));
	read_all(bytes, len, &told);
	assert_non_null(strstr(told.complaint, "more than its size explains"));
	free(bytes);
}

/* Eighteen pages, all children of each the next of them: 10^30 rows. */
static void check_endless(const char *rows)
{
	struct told told;
	size_t len, depth = 0;
	unsigned char *bytes = write_all(rows, &len);
	unsigned char *last = NULL, *page;

	for (page = bytes; page < bytes + len && depth < 18; page += 512) {
		size_t cells = (size_t)page[3] << 8 | page[4];

		if (page[0] != 5 || cells < 4)
			continue;
		for (size_t i = 0; last && i < ((size_t)last[3] << 8 | last[4]); i++)
			set_child(last, i, (uint32_t)((page - bytes) / 512 + 1));
		last = page;
		depth++;
	}
	assert_int_equal(depth, 18);
	read_all(bytes, len, &told);
	assert_int_equal(told.complaints, 1);
	assert_non_null(strstr(told.complaint, "more than its size explains"));
	assert_true(told.values < 4 * 1000 * 1000);
	free(bytes);
}

static void few_pages_do_not_come_to_endless_rows(void **state)
{
	check_endless("PRAGMA page_size=512;CREATE TABLE t(a,b);" MANY);
	check_endless("PRAGMA page_size=512;CREATE TABLE t(a,b);"
		      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<90000) "
		      "INSERT INTO t SELECT i, i FROM n;");
}

static void what_is_added_to_all_rows_is_not_read_for_ever(void **state)
{
	struct told told;
	struct writer w;
	char *sql = xmalloc(200000);
	unsigned char *bytes;
	size_t len;

	writer_init(&w);
	run(&w, "CREATE TABLE t(a,b);" MANY);
	snprintf(sql, 200000, "ALTER TABLE t ADD COLUMN c DEFAULT '%0100000d'", 0);
	run(&w, sql);
	bytes = written(&w, &len);
	read_all(bytes, len, &told);
	assert_non_null(strstr(told.complaint, "more than its size explains"));
	assert_in_range(told.values, 100, 2000);
	free(bytes);
	free(sql);
}

static void bytes_broken_at_random_do_no_harm(void **state)
{
	size_t len;
	unsigned char *bytes = write_all("PRAGMA page_size=512;CREATE TABLE t(a,b);"
					 "CREATE INDEX i ON t(b);" MANY,
					 &len);
	unsigned char *copy = xmalloc(len);
	struct told told;

	srand(1);
	for (int round = 0; round < 200; round++) {
		memcpy(copy, bytes, len);
		for (int i = 0; i < 20; i++)
			copy[(size_t)rand() % (round % 2 ? len : 1024)] = (unsigned char)rand();
		memcpy(copy, SQLITE_MAGIC.ptr, SQLITE_MAGIC.len);
		must_be_read(copy, len, NEEDLE);
		read_all(copy, len, &told);
		assert_true(told.complaints <= 1);
	}
	free(copy);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_named),
		cmocka_unit_test(tables_of_every_kind_are_read),
		cmocka_unit_test(tables_of_a_program_are_read_where_they_are_stored),
		cmocka_unit_test(text_of_a_utf_16_database_is_utf_8),
		cmocka_unit_test(what_a_schema_brings_along_is_not_run),
		cmocka_unit_test(a_database_that_is_written_by_way_of_a_second_file_is_read),
		cmocka_unit_test(what_a_page_cuts_is_told),
		cmocka_unit_test(what_a_page_cuts_is_told_where_pages_are_mapped),
		cmocka_unit_test(a_clean_database_need_not_be_read),
		cmocka_unit_test(only_what_is_promising_by_itself_has_to_be_read),
		cmocka_unit_test(damage_is_noticed),
		cmocka_unit_test(what_leads_elsewhere_is_noticed),
		cmocka_unit_test(cells_that_share_bytes_are_left_to_the_library),
		cmocka_unit_test(what_is_added_to_all_rows_is_not_read_for_ever),
		cmocka_unit_test(few_pages_do_not_come_to_endless_rows),
		cmocka_unit_test(bytes_broken_at_random_do_no_harm),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
