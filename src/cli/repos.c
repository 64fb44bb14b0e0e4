/* Of eighty repositories a few are always missing, broken or listed twice. That is
 * told of each, and the others go on. */
#include "cli/repos.h"

#include "base/alloc.h"
#include "cli/cmd.h"
#include "source/name_list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct listed {
	const char *name; /* in the list's text */
	char *real;       /* NULL: it cannot be had, */
	int errnum;       /* for this reason */
	size_t line;
};

/* What a list names. */
struct repo_list {
	struct buf text;
	struct listed *list;
	size_t count, cap;
};

/* ---- reading ---- */

static int order_listed(const void *left, const void *right)
{
	const struct listed *a = left, *b = right;
	int order = strcmp(a->real ? a->real : "", b->real ? b->real : "");

	return order ? order : (a->line > b->line) - (a->line < b->line);
}

static void split(struct repo_list *l)
{
	size_t line = 0;

	for (size_t at = 0; at < l->text.len; at += strlen(l->text.ptr + at) + 1) {
		struct listed listed = {.name = l->text.ptr + at, .line = line++};

		if (!*listed.name)
			continue;
		listed.real = realpath(listed.name, NULL);
		listed.errnum = errno;
		grow_array(&l->list, &l->cap, l->count, sizeof(*l->list));
		l->list[l->count++] = listed;
	}
	if (l->count)
		qsort(l->list, l->count, sizeof(*l->list), order_listed);
}

/* Where nothing is found at all, the list is another folder's. */
static int check(const struct repo_list *l, struct err *err)
{
	if (!l->count)
		return err_set(err, HF_EUSAGE, "the list names no repository");
	/* What is not there comes first in the order. */
	if (!l->list[l->count - 1].real)
		return err_set(err, HF_EUSAGE,
			       "not one of the %zu names in the list is there: they are names of "
			       "folders, seen from the present one",
			       l->count);
	return 0;
}

static void dispose(struct repo_list *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->list[i].real);
	free(l->list);
	buf_dispose(&l->text);
}

/* ---- scanning ---- */

static void tell(struct scan *scan, const char *name, bool is_note, const char *what)
{
	const struct sink *sink = scan_sink(scan);

	sink->diag(sink->payload, 0, NULL, slice_str(name), is_note, what);
}

/* Told as a root, too, so that it has a row. */
static void tell_missing(struct scan *scan, const struct listed *listed)
{
	const char *name = listed->name;
	struct err err;

	scan_sink(scan)->root(scan_sink(scan)->payload, name);
	if (listed->errnum != ENOENT && listed->errnum != ENOTDIR)
		err_errno(&err, listed->errnum, "cannot open");
	else if (strstr(name, "://") || strncmp(name, "git@", 4) == 0)
		err_set(&err, HF_ENOTFOUND,
			"is an address, not a folder: clone it first, hfscan uses no network");
	else if (name[0] == '#')
		err_set(&err, HF_ENOTFOUND, "no such folder (every line of the list is a name)");
	else
		err_set(&err, HF_ENOTFOUND, "no such folder");
	tell(scan, name, false, err.msg);
}

/* Where only history was asked for, what has none was not looked at. */
static void tell_plain(struct scan *scan, const char *name, bool no_files)
{
	if (no_files)
		tell(scan, name, false, "there is no repository here, so no history to scan");
	else
		tell(scan, name, true, "is no repository: read as plain files");
}

static void scan_one(const char *name, const struct source_options *how, struct scan *scan)
{
	size_t met = scan_met(scan);
	uint64_t incomplete = scan_incomplete(scan);
	struct stat st;
	struct err err;

	if (stat(name, &st) == 0 && !S_ISDIR(st.st_mode)) {
		scan_sink(scan)->root(scan_sink(scan)->payload, name);
		tell(scan, name, false,
		     "is no folder: not read (a list of files goes with --files-from)");
	} else if (source_files(name, how, scan_sink(scan), &err) < 0) {
		scan_sink(scan)->root(scan_sink(scan)->payload, name);
		tell(scan, name, false, err.msg);
	} else if (met == scan_met(scan) && incomplete == scan_incomplete(scan)) {
		tell_plain(scan, name, how->no_files);
	}
}

int repos_from(const char *name, bool nul_separated, const struct source_options *how,
	       struct scan *scan)
{
	struct repo_list l = {.list = NULL};
	struct err err;
	int rc = name_list_read(&l.text, name, nul_separated, &err);

	if (rc == 0)
		split(&l);
	if (rc == 0)
		rc = check(&l, &err);
	if (rc < 0)
		complain(name, err.msg);
	for (size_t i = 0; rc == 0 && i < l.count; i++) {
		const struct listed *at = &l.list[i];

		if (!at->real) {
			tell_missing(scan, at);
		} else if (i > 0 && l.list[i - 1].real &&
			   strcmp(l.list[i - 1].real, at->real) == 0) {
			tell(scan, at->name, true, "stands in the list twice: read once");
		} else {
			scan_one(at->name, how, scan);
		}
	}
	dispose(&l);
	return rc;
}
