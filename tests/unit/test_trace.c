/* trace: what history knows of an object in which something was found, on
 * histories that the real git wrote at dates that are given. */
#include "trace/trace.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "source/repo.h"

#include "git_sandbox.h"
#include "pack_writer.h"

#define NEEDLE "needle!"

/* ---- histories ---- */

/* In a repository r with a first commit, each commit a minute after the one before:
 * c NAME commits all there is and notes its id for the test, id NAME [REV] does
 * only that, and f FILE TEXT writes a file that holds the needle. */
#define SCRIPT                                                                                     \
	"n=0; at() { n=$((n + 60)); export GIT_AUTHOR_DATE=\"$((1700000000 + n)) +0000\" "         \
	"GIT_COMMITTER_DATE=\"$((1700000000 + n)) +0000\"; }; "                                    \
	"id() { git rev-parse ${2:-HEAD} > ../id.$1; }; "                                          \
	"c() { at; git add -A; git commit -q --allow-empty -m \"summary of $1\"; id $1; }; "       \
	"f() { mkdir -p \"$(dirname \"$1\")\"; echo \"" NEEDLE " $2\" > \"$1\"; }; "               \
	"cd .. && rm -rf r id.* && git init -q --template= -b main r && cd r && "                  \
	"c first && "

/* ---- what is told ---- */

struct told {
	struct origin *list;
	size_t count, cap;
	unsigned diags;
};

static void on_document(void *payload, unsigned worker, struct document *doc)
{
	struct buf all;
	struct err err;

	buf_init(&all, BUF_MAX_REPORT);
	while (stream_next(doc->bytes, doc->bytes->text.len, &err) > 0)
		buf_append_slice(&all, doc->bytes->text);
	if (holds(buf_slice(&all), NEEDLE) && doc->found)
		doc->found(doc);
	buf_dispose(&all);
}

static bool has_needle(void *payload, struct slice bytes)
{
	return holds(bytes, NEEDLE);
}

static void on_passed(void *payload, unsigned worker, uint64_t bytes)
{
}

static void on_diag(void *payload, unsigned worker, const char *root, struct slice path,
		    bool is_note, const char *what)
{
	((struct told *)payload)->diags++; /* all from one thread, as they come here */
}

static unsigned on_repository(void *payload, unsigned worker, const struct repository *which)
{
	return 1;
}

static void on_origin(void *payload, const struct origin *origin)
{
	struct told *t = payload;

	grow_array(&t->list, &t->cap, t->count, sizeof(*t->list));
	t->list[t->count++] = *origin;
}

static void told_dispose(struct told *t)
{
	for (size_t i = 0; i < t->count; i++) {
		for (size_t j = 0; j < t->list[i].path_count; j++)
			free(t->list[i].paths[j]);
		free(t->list[i].paths);
		free(t->list[i].name);
		free(t->list[i].author);
		free(t->list[i].email);
		free(t->list[i].summary);
	}
	free(t->list);
}

static struct told trace_in(const char *git_dir, bool bare, struct history_options options)
{
	char dir[PATH_MAX];
	struct repository repository = {
		.root = "r", .prefix = SLICE(""), .git_dir = dir, .common_dir = dir, .bare = bare};
	struct told t = {0};
	struct slice needle = SLICE(NEEDLE);
	struct sink sink = {
		.document = on_document,
		.worth = has_needle,
		.worth_strings = &needle,
		.worth_count = 1,
		.passed = on_passed,
		.diag = on_diag,
		.repository = on_repository,
		.origin = on_origin,
		.payload = &t,
	};
	struct history h;
	struct err err;

	snprintf(dir, sizeof(dir), "%.4000s/", in_sandbox(git_dir));
	options.max_bytes = options.max_bytes ? options.max_bytes : (uint64_t)1 << 30;
	if (history_open(&h, &repository, 1, &options, &sink, &err) < 0)
		fail_msg("%s", err.msg);
	history_scan(&h);
	trace(&h);
	history_dispose(&h);
	return t;
}

static struct told trace_of(const char *git_dir, unsigned jobs)
{
	return trace_in(git_dir, false, (struct history_options){.jobs = jobs});
}

/* ---- what is expected ---- */

/* The id that a history noted under a name; "" for "". */
static void noted_id(char hex[65], const char *name)
{
	char path[PATH_MAX];
	FILE *file;

	memset(hex, 0, 65);
	if (!*name)
		return;
	snprintf(path, sizeof(path), "id.%s", name);
	file = fopen(in_sandbox(path), "r");
	if (!file || fscanf(file, "%40s", hex) != 1)
		fail_msg("no id was noted for %s", name);
	fclose(file);
}

/* "=TEXT" is the blob of a file that the script's f wrote, else a name. */
static void id_of(char hex[65], const char *object)
{
	char text[256];

	if (*object != '=') {
		noted_id(hex, object);
		return;
	}
	snprintf(text, sizeof(text), NEEDLE " %s\n", object + 1);
	oid_to_hex(hex, object_id(OBJECT_BLOB, slice_str(text)).raw);
}

static const struct origin *find_origin(const struct told *t, const char *object)
{
	char hex[65];

	id_of(hex, object);
	for (size_t i = 0; i < t->count; i++)
		if (strcmp(t->list[i].object, hex) == 0)
			return &t->list[i];
	fail_msg("nothing is told of %s", object);
	return NULL;
}

static void append_origin(struct buf *out, const char *commit, const char *removed,
			  const char *paths, enum exposure exposure, bool in_head)
{
	static const char *const exposures[EXPOSURE_COUNT] = {
		[EXPOSURE_UNREACHABLE] = "unreachable",
		[EXPOSURE_STAGED] = "staged",
		[EXPOSURE_COMMITTED] = "committed",
		[EXPOSURE_PUSHED] = "pushed",
	};

	buf_appendf(out, "commit %s, removed %s, at %s, %s%s", commit, removed, paths,
		    exposures[exposure] ? exposures[exposure] : "?", in_head ? ", in HEAD" : "");
}

struct expected {
	const char *what, *script;
	const char *object, *commit, *removed;
	const char *paths; /* one behind the other, a blank between them */
	enum exposure exposure;
	bool in_head;
};

static void check_origin(const struct told *t, const struct expected *e)
{
	const struct origin *o = find_origin(t, e->object);
	char commit[65], removed[65];
	struct buf wanted, is, paths;

	noted_id(commit, e->commit);
	noted_id(removed, e->removed);
	buf_init(&wanted, BUF_MAX_LINE);
	buf_init(&is, BUF_MAX_LINE);
	buf_init(&paths, BUF_MAX_LINE);
	for (size_t i = 0; i < o->path_count; i++)
		buf_appendf(&paths, "%s%s", i ? " " : "", o->paths[i]);
	append_origin(&wanted, commit, removed, e->paths, e->exposure, e->in_head);
	append_origin(&is, o->commit, o->removed, paths.ptr, o->exposure, o->in_head);
	if (strcmp(wanted.ptr, is.ptr) != 0)
		fail_msg("%s:\n%s\nand not\n%s", e->what, is.ptr, wanted.ptr);
	assert_int_equal(o->repository, 1);
	assert_int_equal(o->paths_total, o->path_count);
	assert_false(o->outside);
	if (*commit) {
		assert_non_null(o->author);
		if (strncmp(o->summary, "summary of ", 11) == 0)
			assert_string_equal(o->summary + 11, e->commit);
	} else {
		assert_true(!o->author && !o->email && !o->summary);
	}
	buf_dispose(&paths);
	buf_dispose(&is);
	buf_dispose(&wanted);
}

static void check_all(const struct expected *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		sh("{ mkdir -p r && cd r && " SCRIPT "%s; } > /dev/null", cases[i].script);
		for (unsigned jobs = 1; jobs <= 8; jobs += 7) {
			struct told t = trace_of("r/.git", jobs);

			check_origin(&t, &cases[i]);
			told_dispose(&t);
		}
	}
}

#define CHECK_ALL(cases) check_all(cases, sizeof(cases) / sizeof(*(cases)))

/* ---- which commit ---- */

static void the_commit_is_that_which_brought_it_in(void **state)
{
	static const struct expected cases[] = {
		{"in the middle", "f a x && c one && echo > b && c two", "=x", "one", "", "a",
		 EXPOSURE_COMMITTED, true},
		{"in the first of all",
		 "git checkout -q --orphan o && f a x && c one && git branch -qD main", "=x", "one",
		 "", "a", EXPOSURE_COMMITTED, true},
		{"changed to something else", "f a x && c one && f a y && c two", "=x", "one",
		 "two", "a", EXPOSURE_COMMITTED, false},
		{"and what it was changed to", "f a x && c one && f a y && c two", "=y", "two", "",
		 "a", EXPOSURE_COMMITTED, true},
		{"deep in folders", "f a/b/c/d x && c one && echo > a/b/e && c two", "=x", "one",
		 "", "a/b/c/d", EXPOSURE_COMMITTED, true},
		{"brought back", "f a x && c one && rm a && c two && f a x && c three", "=x", "one",
		 "", "a", EXPOSURE_COMMITTED, true},
		{"on a branch that was merged",
		 "git checkout -qb side && f a x && c one && git checkout -q main && echo > b && "
		 "c two && at && git merge -q -m m side",
		 "=x", "one", "", "a", EXPOSURE_COMMITTED, true},
		{"on a branch that was not merged",
		 "git checkout -qb side && f a x && c one && git checkout -q main && c two", "=x",
		 "one", "", "a", EXPOSURE_COMMITTED, false},
		{"by a merge itself",
		 "git checkout -qb side && echo > b && c one && git checkout -q main && echo > d "
		 "&& "
		 "c two && git merge -q --no-commit side 2> /dev/null && f a x && c merge",
		 "=x", "merge", "", "a", EXPOSURE_COMMITTED, true},
		{"on both of two branches, the earlier",
		 "git checkout -qb side && f a x && c one && git checkout -q main && f b x && "
		 "c two",
		 "=x", "one", "", "b a", EXPOSURE_COMMITTED, true},
		{"by a commit that was amended and by what came of it",
		 "f a x && c one && at && echo > b && git add b && "
		 "git commit -q --amend -m 'summary of two' && id two",
		 "=x", "two", "", "a", EXPOSURE_COMMITTED, true},
		{"with a grafted parent, as the objects have it",
		 "f a x && c one && c two && git replace --graft HEAD", "=x", "one", "", "a",
		 EXPOSURE_COMMITTED, true},
	};

	CHECK_ALL(cases);
}

static void what_took_it_out_is_the_last_that_did(void **state)
{
	static const struct expected cases[] = {
		{"once", "f a x && c one && rm a && c two && c three", "=x", "one", "two", "a",
		 EXPOSURE_COMMITTED, false},
		{"twice", "f a x && c one && rm a && c two && f b x && c three && rm b && c four",
		 "=x", "one", "four", "a b", EXPOSURE_COMMITTED, false},
		{"a folder", "f a/b/c x && c one && rm -r a && c two", "=x", "one", "two", "a/b/c",
		 EXPOSURE_COMMITTED, false},
		{"by a merge itself",
		 "git checkout -qb side && f a x && c one && git checkout -q main && echo > d && "
		 "c two && git merge -q --no-commit side 2> /dev/null && git rm -qf a && c merge",
		 "=x", "one", "merge", "a", EXPOSURE_COMMITTED, false},
		{"on a branch that was merged, to where it still was",
		 "f a x && c one && git checkout -qb side && rm a && c two && git checkout -q main "
		 "&& "
		 "echo > b && c three && at && git merge -q -m m side",
		 "=x", "one", "two", "a", EXPOSURE_COMMITTED, false},
		{"on both of two branches, the later",
		 "f a x && c one && git checkout -qb side && rm a && c two && git checkout -q main "
		 "&& "
		 "rm a && echo > b && c three && at && git merge -q -m m side",
		 "=x", "one", "three", "a", EXPOSURE_COMMITTED, false},
		{"a copy is not all of it", "f a x && f b x && c one && rm a && c two", "=x", "one",
		 "", "b a", EXPOSURE_COMMITTED, true},
	};

	CHECK_ALL(cases);
}

/* ---- where ---- */

/* One that is in HEAD first, the others in order. */
static void every_path_it_lived_at_is_listed(void **state)
{
	static const struct expected cases[] = {
		{"renamed", "f b x && c one && mkdir d && git mv b d/e && c two", "=x", "one", "",
		 "d/e b", EXPOSURE_COMMITTED, true},
		{"renamed and gone", "f b x && c one && git mv b a && c two && rm a && c three",
		 "=x", "one", "three", "b a", EXPOSURE_COMMITTED, false},
		{"copied, then one of them gone",
		 "f b x && c one && mkdir c && cp b c/d && c two && rm b && c three", "=x", "one",
		 "", "c/d b", EXPOSURE_COMMITTED, true},
		{"a folder renamed, twice",
		 "f a/b/c x && c one && git mv a d && c two && git mv d/b d/e && c three", "=x",
		 "one", "", "d/e/c a/b/c d/b/c", EXPOSURE_COMMITTED, true},
		{"a folder copied into itself",
		 "f a/b x && c one && cp -r a ../t && mv ../t a/a && rm a/b && c two", "=x", "one",
		 "", "a/a/b a/b", EXPOSURE_COMMITTED, true},
		{"names of any bytes", "f \"$(printf 'a\\001/\\303\\274')\" x && c one", "=x",
		 "one", "", "a\001/\303\274", EXPOSURE_COMMITTED, true},
	};

	CHECK_ALL(cases);
}

static void more_paths_than_fit_are_counted(void **state)
{
	struct told t;
	const struct origin *o;

	sh("mkdir -p r && cd r && " SCRIPT
	   "for i in $(seq 1000 1149); do f a/$i x; done && c one && git rm -qr a && "
	   "f a/1120 x && c two");
	t = trace_of("r/.git", 1);
	o = find_origin(&t, "=x");
	assert_int_equal(o->path_count, ORIGIN_PATHS_MAX);
	assert_int_equal(o->paths_total, 150);
	assert_string_equal(o->paths[0], "a/1120");
	for (size_t i = 1; i < o->path_count; i++) {
		char path[16];

		snprintf(path, sizeof(path), "a/%zu", 999 + i);
		assert_string_equal(o->paths[i], path);
	}
	told_dispose(&t);
}

/* ---- how far ---- */

static void how_far_it_got_is_how_far_what_reaches_it_did(void **state)
{
	static const struct expected cases[] = {
		{"a remote-tracking ref",
		 "f a x && c one && c two && git update-ref refs/remotes/origin/main HEAD", "=x",
		 "one", "", "a", EXPOSURE_PUSHED, true},
		{"commits behind a remote-tracking ref",
		 "git update-ref refs/remotes/origin/main HEAD && f a x && c one", "=x", "one", "",
		 "a", EXPOSURE_COMMITTED, true},
		{"a pull request",
		 "f a x && c one && git update-ref refs/pull/1/head HEAD && "
		 "git reset -q --hard HEAD~1",
		 "=x", "one", "", "a", EXPOSURE_PUSHED, false},
		{"removed, but pushed before that",
		 "f a x && c one && git update-ref refs/remotes/origin/main HEAD && rm a && c two",
		 "=x", "one", "two", "a", EXPOSURE_PUSHED, false},
		{"forced away from a remote, which its reflog remembers",
		 "f a x && c one && "
		 "git update-ref --create-reflog -m p refs/remotes/origin/main HEAD && "
		 "git reset -q --hard HEAD~1 && c two && "
		 "git update-ref -m q refs/remotes/origin/main HEAD",
		 "=x", "one", "", "a", EXPOSURE_PUSHED, false},
		{"amended away, which a local reflog remembers",
		 "f a x && c one && f a y && git add a && at && git commit -q --amend -m two", "=x",
		 "one", "", "a", EXPOSURE_UNREACHABLE, false},
		{"a stash", "echo > a && c one && f a x && at && git stash -q && id stash stash",
		 "=x", "stash", "", "a", EXPOSURE_COMMITTED, false},
		{"a stash below another",
		 "echo > a && c one && f a x && at && git stash -q && id stash stash && f a y && "
		 "at && git stash -q",
		 "=x", "stash", "", "a", EXPOSURE_COMMITTED, false},
		{"a stash of what was not tracked",
		 "f a x && at && git stash -q -u && id one stash^3", "=x", "one", "", "a",
		 EXPOSURE_COMMITTED, false}, /* the stash itself lacks it, and took out nothing */
		{"a tag", "f a x && c one && git tag t && git reset -q --hard HEAD~1", "=x", "one",
		 "", "a", EXPOSURE_COMMITTED, false},
		{"a tag of a tag of a commit",
		 "f a x && c one && git tag -am m t && git tag -am m u t 2> /dev/null && git tag "
		 "-d t && "
		 "git reset -q --hard HEAD~1",
		 "=x", "one", "", "a", EXPOSURE_COMMITTED, false},
		{"a packed branch that was amended since",
		 "f a x && c one && git pack-refs --all && f a y && git add a && at && "
		 "git commit -q --amend -m two",
		 "=x", "one", "", "a", EXPOSURE_UNREACHABLE, false},
		{"HEAD that is no branch", "git checkout -q --detach && f a x && c one", "=x",
		 "one", "", "a", EXPOSURE_COMMITTED, true},
		{"the HEAD of another work tree",
		 "git worktree add -q --detach ../w && cd ../w && f a x && c one && cd ../r && "
		 "rm -rf ../w",
		 "=x", "one", "", "a", EXPOSURE_COMMITTED, false},
		{"notes",
		 "f ../n x && at && git notes add -F ../n && id one refs/notes/commits && "
		 "git ls-tree --name-only refs/notes/commits",
		 "=x", "one", "", NULL, EXPOSURE_COMMITTED, false},
		{"nothing", "f a x && git hash-object -w a", "=x", "", "", "", EXPOSURE_UNREACHABLE,
		 false},
		{"the index", "f d/a x && git add d", "=x", "", "", "d/a", EXPOSURE_STAGED, false},
		{"the index, and a commit that nothing reaches",
		 "f a x && c one && git reset -q --soft HEAD~1", "=x", "one", "", "a",
		 EXPOSURE_STAGED, false},
		{"the index, and a commit", "f a x && c one && git mv a b", "=x", "one", "", "a b",
		 EXPOSURE_COMMITTED, true},
		{"a tag of the blob itself", "f a x && git tag t $(git hash-object -w a)", "=x", "",
		 "", "", EXPOSURE_COMMITTED, false},
		{"a tag, which was pushed, of a tag of the blob itself",
		 "f a x && git tag -am m t $(git hash-object -w a) && "
		 "git update-ref refs/remotes/origin/t $(git rev-parse t)",
		 "=x", "", "", "", EXPOSURE_PUSHED, false},
		{"a tag of a tree",
		 "f d/a x && git add d && git tag t $(git write-tree) && git rm -qrf d", "=x", "",
		 "", "d/a", EXPOSURE_COMMITTED, false},
	};
	struct expected notes = cases[0];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char commit[65];

		if (cases[i].paths) {
			check_all(&cases[i], 1);
			continue;
		}
		sh("mkdir -p r && cd r && " SCRIPT ":"); /* its path is the id of what is noted */
		noted_id(commit, "first");
		notes = cases[i];
		notes.paths = commit;
		check_all(&notes, 1);
	}
}

/* Pushes a tree by hand, in which an object d has a mode: w MODE OBJECT. */
#define BY_HAND                                                                                    \
	"w() { at; t=$({ printf \"$1 d\\\\0\"; perl -e 'print pack \"H*\", shift' $2; } | "        \
	"git hash-object -w -t tree --literally --stdin); git update-ref "                         \
	"refs/remotes/origin/main $(git commit-tree -p HEAD -m 'summary of one' $t); "             \
	"id one origin/main; }; "

static void what_a_tree_calls_wrong_went_along_with_it(void **state)
{
	static const struct expected cases[] = {
		{"a file that is called a folder",
		 BY_HAND "f a x && w 40000 $(git hash-object -w a)", "=x", "one", "", "d",
		 EXPOSURE_PUSHED, false},
		{"a file that is called a folder, as old programs wrote it",
		 BY_HAND "f a x && w 040000 $(git hash-object -w a)", "=x", "one", "", "d",
		 EXPOSURE_PUSHED, false},
		{"a file that is called a submodule",
		 BY_HAND "f a x && w 160000 $(git hash-object -w a)", "=x", "one", "", "d",
		 EXPOSURE_PUSHED, false},
		{"a folder that is called a file",
		 BY_HAND "f a x && git add a && w 100644 $(git write-tree) && git rm -qf a", "=x",
		 "one", "", "d/a", EXPOSURE_PUSHED, false},
		{"a folder that is called a submodule",
		 BY_HAND "f a x && git add a && w 160000 $(git write-tree) && git rm -qf a", "=x",
		 "one", "", "d/a", EXPOSURE_PUSHED, false},
	};

	CHECK_ALL(cases);
}

/* ---- what is no blob ---- */

static void commits_tags_and_names_are_traced_too(void **state)
{
	static const struct expected cases[] = {
		{"a message",
		 "at && git commit -q --allow-empty -m '" NEEDLE "' && id one && c two", "one",
		 "one", "", "", EXPOSURE_COMMITTED, true},
		{"a message on another branch",
		 "git checkout -qb side && at && git commit -q --allow-empty -m '" NEEDLE "' && "
		 "id one && git update-ref refs/remotes/origin/side HEAD && git checkout -q main",
		 "one", "one", "", "", EXPOSURE_PUSHED, false},
		{"a message that was amended",
		 "at && git commit -q --allow-empty -m '" NEEDLE "' && id one && "
		 "git commit -q --allow-empty --amend -m two",
		 "one", "one", "", "", EXPOSURE_UNREACHABLE, false},
		{"an author",
		 "at && git commit -q --allow-empty --author '" NEEDLE " <a@example.org>' -m m && "
		 "id one",
		 "one", "one", "", "", EXPOSURE_COMMITTED, true},
		{"a tag's message", "git tag -am '" NEEDLE "' t && id tag t", "tag", "", "", "",
		 EXPOSURE_COMMITTED, false},
		{"a tag's message, pushed",
		 "git tag -am '" NEEDLE "' t && git update-ref refs/remotes/origin/t t && id tag t",
		 "tag", "", "", "", EXPOSURE_PUSHED, false},
		{"a tag's message, deleted",
		 "git tag -am '" NEEDLE "' t && id tag t && git tag -d t", "tag", "", "", "",
		 EXPOSURE_UNREACHABLE, false},
		{"a name",
		 "mkdir d && echo > d/" NEEDLE " && c one && echo > d/b && c two && "
		 "id tree HEAD:d",
		 "tree", "one", "", "d", EXPOSURE_COMMITTED, true},
		{"the name of a folder",
		 "mkdir -p d/" NEEDLE " && echo > d/" NEEDLE "/a && c one && "
		 "echo > d/" NEEDLE "/b && c two && id tree HEAD:d",
		 "tree", "one", "", "d", EXPOSURE_COMMITTED, true},
		{"a name at the top", "echo > " NEEDLE " && c one && id tree HEAD^{tree}", "tree",
		 "one", "", "", EXPOSURE_COMMITTED, true},
	};

	CHECK_ALL(cases);
}

static void the_person_and_the_date_are_the_authors(void **state)
{
	struct told t;
	const struct origin *o;

	sh("mkdir -p r && cd r && " SCRIPT "f a x && git add a && "
	   "GIT_AUTHOR_DATE='1600000000 -0800' GIT_COMMITTER_DATE='1700000500 +0100' "
	   "git commit -q --author 'J\303\266rg <j@example.org>' -m 'first line' -m "
	   "rest");
	t = trace_of("r/.git", 1);
	o = find_origin(&t, "=x");
	assert_string_equal(o->author, "J\303\266rg");
	assert_string_equal(o->email, "j@example.org");
	assert_true(o->time == 1600000000);
	assert_string_equal(o->summary, "first line");
	told_dispose(&t);
}

/* ---- many, and other shapes ---- */

/* More than are traced at once: each of 150 files lives for ten commits. */
static void many_objects_are_told_apart(void **state)
{
	struct told t, same;

	sh("mkdir -p r && cd r && " SCRIPT "for i in $(seq 0 149); do f d$((i %% 7))/$i $i; "
	   "rm -f d*/$((i - 10)); c $i; done && git repack -adfq");
	t = trace_of("r/.git", 1);
	same = trace_of("r/.git", 8);
	assert_int_equal(t.count, 150);
	assert_int_equal(same.count, 150);
	for (unsigned i = 0; i < 150; i++) {
		char object[8], removed[8] = "", path[16];
		struct expected e = {"one of many",      NULL,    object, object + 1, removed, path,
				     EXPOSURE_COMMITTED, i >= 140};

		snprintf(object, sizeof(object), "=%u", i);
		snprintf(path, sizeof(path), "d%u/%u", i % 7, i);
		if (i < 140)
			snprintf(removed, sizeof(removed), "%u", i + 10);
		check_origin(&t, &e);
		check_origin(&same, &e);
	}
	told_dispose(&t);
	told_dispose(&same);
}

static void a_servers_repository_has_all_of_it_pushed(void **state)
{
	static const struct expected cases[] = {
		{"of a branch", NULL, "=x", "one", "", "a", EXPOSURE_PUSHED, true},
		{"of nothing", NULL, "=y", "", "", "", EXPOSURE_UNREACHABLE, false},
	};
	struct told t;

	sh("mkdir -p r && cd r && " SCRIPT "f a x && c one && cd .. && rm -rf bare && "
	   "git clone -q --bare r bare && echo '" NEEDLE
	   " y' | git -C bare hash-object -w --stdin > id.y");
	t = trace_in("bare", true, (struct history_options){.jobs = 2});
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check_origin(&t, &cases[i]);
	told_dispose(&t);
}

static void where_history_was_cut_off_the_first_commit_is_it(void **state)
{
	struct expected e = {"shallow", NULL, "=x", "two", "", "a", EXPOSURE_PUSHED, true};
	struct told t;

	sh("mkdir -p r && cd r && " SCRIPT "f a x && c one && c two && c three && cd .. && "
	   "rm -rf clone && git clone -q --depth 2 \"file://$PWD/r\" clone");
	t = trace_of("clone/.git", 1);
	check_origin(&t, &e);
	assert_int_equal(t.diags, 1); /* that it is shallow */
	told_dispose(&t);
}

static void a_range_takes_in_what_its_commits_brought(void **state)
{
	static const struct {
		const char *from, *to;
		const char *inside; /* of the letters w, x, y, z */
	} cases[] = {
		{NULL, "HEAD", "wxyz"},   {"one", "HEAD", "xyz"}, {"one", "two", "x"},
		{"HEAD~2", "HEAD", "yz"}, {"two", "side", "z"},   {"HEAD", "HEAD", ""},
		{NULL, "one", "w"},       {"HEAD", "one", ""},
	};
	struct told t;

	sh("mkdir -p r && cd r && " SCRIPT
	   "f w w && c one && git branch one && f x x && c two && git branch two && "
	   "git checkout -qb side && f z z && c side && git checkout -q main && f y y && c three "
	   "&& "
	   "at && git merge -q -m merge side");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		t = trace_in("r/.git", false,
			     (struct history_options){
				     .jobs = 1, .from = cases[i].from, .to = cases[i].to});
		for (const char *at = "wxyz"; *at; at++) {
			char object[3] = {'=', *at};
			bool inside = strchr(cases[i].inside, *at);
			const struct origin *o = find_origin(&t, object);

			if (o->outside == inside)
				fail_msg("%s..%s: %c", cases[i].from ? cases[i].from : "",
					 cases[i].to, *at);
			assert_int_equal(*o->commit != '\0', inside);
		}
		told_dispose(&t);
	}
}

/* Ids that the history noted, in one list. */
static struct oids noted_ids(const char *const *names)
{
	struct oids ids = {0};
	struct oid oid;
	char hex[65];

	for (; *names; names++) {
		noted_id(hex, *names);
		assert_true(oid_from_hex(&oid, (const unsigned char *)hex));
		oids_add(&ids, &oid);
	}
	return ids;
}

static void a_range_is_any_number_of_tips_without_any_number_of_others(void **state)
{
	static const struct {
		const char *tips[4], *had[4];
		const char *inside; /* of the letters w, x, y, z; t is in a tree that a tag names */
	} cases[] = {
		{{"x", "y"}, {NULL}, "wxy"},
		{{"x", "y"}, {"w"}, "xy"},
		{{"x", "y"}, {"w", "x"}, "y"},
		{{"z"}, {"x", "y"}, "z"},
		{{"z"}, {"y", "w"}, "xz"},
		{{"tree-tag"}, {NULL}, "wxyzt"},
		{{"tree-tag"}, {"z"}, "t"},
		{{"tree-tag"}, {"tree-tag"}, ""},
		{{"tree-tag", "x"}, {"w"}, "xyzt"},
		{{"old-tree"}, {"w"}, ""},
		{{"blob"}, {"z"}, "b"},
		{{"tag-of-blob", "y"}, {"z"}, "b"},
		{{"x"}, {"blob"}, "wx"},
	};
	struct told t;

	sh("mkdir -p r && cd r && " SCRIPT "f w w && c w && f x x && c x && git checkout -q -b "
	   "side HEAD~1 && f y y && c y && at && "
	   "git merge -q -m merge main && f z z && c z && id old-tree $(cat ../id.w)^{tree} && "
	   "f t t && git add t && git tag -a -m tree tree $(git write-tree) && id tree-tag tree && "
	   "git reset -q --hard && f b b && git tag blob $(git hash-object -w b) && id blob blob "
	   "&& "
	   "git tag -a -m blob of-blob blob && id tag-of-blob of-blob");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct oids tips = noted_ids(cases[i].tips), had = noted_ids(cases[i].had);

		t = trace_in("r/.git", false,
			     (struct history_options){.jobs = 1, .tips = &tips, .had = &had});
		assert_int_equal(t.diags, 0);
		for (const char *at = "wxyztb"; *at; at++) {
			char object[3] = {'=', *at};

			if (find_origin(&t, object)->outside == !!strchr(cases[i].inside, *at))
				fail_msg("case %zu: %c", i, *at);
		}
		told_dispose(&t);
		free(tips.list);
		free(had.list);
	}
}

static void a_range_that_does_not_reach_where_history_ends_is_complete(void **state)
{
	struct told t;

	sh("mkdir -p r && cd r && " SCRIPT "c one && c two && c three && cd .. && "
	   "rm -rf clone && git clone -q --depth 2 \"file://$PWD/r\" clone && cd clone && "
	   "git commit -q --allow-empty -m four");
	for (unsigned back = 1; back <= 2; back++) {
		char from[16];

		snprintf(from, sizeof(from), "HEAD~%u", back);
		t = trace_in("clone/.git", false,
			     (struct history_options){.jobs = 1, .from = from, .to = "HEAD"});
		assert_int_equal(t.diags, 0);
		told_dispose(&t);
	}
	t = trace_in("clone/.git", false, (struct history_options){.jobs = 1, .to = "HEAD"});
	assert_int_equal(t.diags, 1);
	told_dispose(&t);
}

static void where_nothing_was_found_nothing_is_told(void **state)
{
	static const char *const scripts[] = {"c one", "cd .. && rm -rf r && git init -q r"};

	for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++) {
		struct told t;

		sh("mkdir -p r && cd r && " SCRIPT "%s", scripts[i]);
		t = trace_of("r/.git", 1);
		assert_int_equal(t.count, 0);
		assert_int_equal(t.diags, 0);
		told_dispose(&t);
	}
}

static int open_library(void **state)
{
	repo_library_init();
	return sandbox_setup(state);
}

static int close_library(void **state)
{
	repo_library_shutdown();
	return sandbox_teardown(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_commit_is_that_which_brought_it_in),
		cmocka_unit_test(what_took_it_out_is_the_last_that_did),
		cmocka_unit_test(every_path_it_lived_at_is_listed),
		cmocka_unit_test(more_paths_than_fit_are_counted),
		cmocka_unit_test(how_far_it_got_is_how_far_what_reaches_it_did),
		cmocka_unit_test(what_a_tree_calls_wrong_went_along_with_it),
		cmocka_unit_test(commits_tags_and_names_are_traced_too),
		cmocka_unit_test(the_person_and_the_date_are_the_authors),
		cmocka_unit_test(many_objects_are_told_apart),
		cmocka_unit_test(a_servers_repository_has_all_of_it_pushed),
		cmocka_unit_test(where_history_was_cut_off_the_first_commit_is_it),
		cmocka_unit_test(a_range_takes_in_what_its_commits_brought),
		cmocka_unit_test(a_range_is_any_number_of_tips_without_any_number_of_others),
		cmocka_unit_test(a_range_that_does_not_reach_where_history_ends_is_complete),
		cmocka_unit_test(where_nothing_was_found_nothing_is_told),
	};

	return cmocka_run_group_tests(tests, open_library, close_library);
}
