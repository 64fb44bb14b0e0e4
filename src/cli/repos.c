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

/* What a list names; names point into its text. */
struct repo_list {
	struct buf text;
	struct listed {
		const char *name;
		char *real; /* NULL: it is not there */
		size_t line;
	} * list;
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
		const char *name = l->text.ptr + at;

		if (!*name)
			continue;
		grow_array(&l->list, &l->cap, l->count, sizeof(*l->list));
		l->list[l->count++] = (struct listed){name, realpath(name, NULL), line++};
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

static const char *why_missing(const char *name)
{
	if (strstr(name, "://") || strncmp(name, "git@", 4) == 0)
		return "is an address, not a folder: clone it first, hfscan uses no network";
	return name[0] == '#' ? "no such folder (every line of the list is a name)"
			      : "no such folder";
}

static void tell(struct scan *scan, const char *name, bool is_note, const char *what)
{
	const struct sink *sink = scan_sink(scan);

	sink->diag(sink->payload, 0, NULL, slice_str(name), is_note, what);
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
			scan_sink(scan)->root(scan_sink(scan)->payload, at->name);
			tell(scan, at->name, false, why_missing(at->name));
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
