#include "source/git_loose.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "source/pack/loose.h"
#include "source/pack/object_dirs.h"

#include <git2/sys/odb_backend.h>
#include <stdlib.h>

/* Where git_error_set_str() is since libgit2 1.8; before, in git2.h. */
#if __has_include(<git2/sys/errors.h>)
#include <git2/sys/errors.h>
#endif

/* libgit2's packs have 2, its loose objects 1; of two alike the first added. */
#define BEHIND_PACKS 2

struct backend {
	git_odb_backend parent; /* first: libgit2 knows no other */
	struct object_dirs dirs;
	struct inflater *inflater;
};

static int fail(const char *why)
{
	git_error_set_str(GIT_ERROR_ODB, why);
	return GIT_ERROR;
}

static int open_file(const struct backend *b, const git_oid *id, struct loose_file *file)
{
	struct oid oid = oid_from(id->id);
	struct err err;

	for (size_t i = 0; i < b->dirs.count; i++) {
		if (loose_open(file, b->dirs.list[i], &oid, &err) == 0)
			return 0;
		if (err.code != HF_ENOTFOUND)
			return fail(err.msg);
	}
	return GIT_ENOTFOUND;
}

static git_object_t type_of(const struct loose_file *file)
{
	static const git_object_t types[OBJECT_TYPES] = {
		[OBJECT_NONE] = GIT_OBJECT_INVALID, [OBJECT_COMMIT] = GIT_OBJECT_COMMIT,
		[OBJECT_TREE] = GIT_OBJECT_TREE,    [OBJECT_BLOB] = GIT_OBJECT_BLOB,
		[OBJECT_TAG] = GIT_OBJECT_TAG,
	};

	return types[file->type];
}

static int read_header(size_t *size, git_object_t *type, git_odb_backend *parent, const git_oid *id)
{
	struct loose_file file;
	int rc = open_file((struct backend *)parent, id, &file);

	if (rc < 0)
		return rc;
	*size = (size_t)file.size;
	*type = type_of(&file);
	loose_close(&file);
	return 0;
}

static int read_file(struct backend *b, struct loose_file *file, void **out)
{
	size_t len = (size_t)file->size;
	unsigned char *bytes = NULL;
	struct err err;

	if (loose_read(file, b->inflater, &bytes, &err) < 0)
		return fail(err.msg);
	*out = git_odb_backend_data_alloc(&b->parent, len ? len : 1);
	if (*out)
		memcpy(*out, bytes + file->header, len);
	wipe(bytes, file->header + len);
	free(bytes);
	return *out ? 0 : GIT_ERROR;
}

static int read_object(void **out, size_t *size, git_object_t *type, git_odb_backend *parent,
		       const git_oid *id)
{
	struct backend *b = (struct backend *)parent;
	struct loose_file file;
	int rc = open_file(b, id, &file);

	if (rc < 0)
		return rc;
	*size = (size_t)file.size;
	*type = type_of(&file);
	rc = read_file(b, &file, out);
	loose_close(&file);
	return rc;
}

/* ---- a name's beginning ---- */

static int find_prefix(const struct backend *b, const git_oid *beginning, size_t digits,
		       git_oid *id)
{
	struct oid found;
	int rc = GIT_ENOTFOUND;

	for (size_t i = 0; i < b->dirs.count && rc != GIT_EAMBIGUOUS; i++)
		switch (loose_find(b->dirs.list[i], beginning->id, digits, &found)) {
		case 0:
			break;
		case 1:
			if (rc == GIT_ENOTFOUND || oid_cmp(id->id, found.raw) == 0) {
				memcpy(id->id, found.raw, OID_BYTES);
				rc = 0;
				break;
			}
			/* fall through */
		default:
			rc = GIT_EAMBIGUOUS;
		}
	return rc;
}

static int read_prefix(git_oid *id, void **out, size_t *size, git_object_t *type,
		       git_odb_backend *parent, const git_oid *beginning, size_t digits)
{
	git_oid found;
	int rc = find_prefix((struct backend *)parent, beginning, digits, &found);

	if (rc == 0)
		rc = read_object(out, size, type, parent, &found);
	if (rc == 0)
		*id = found;
	return rc;
}

/* ---- life cycle ---- */

static void backend_free(git_odb_backend *parent)
{
	struct backend *b = (struct backend *)parent;

	object_dirs_dispose(&b->dirs);
	inflater_free(b->inflater);
	free(b);
}

/* The history tells of them. */
static void pass_over(void *payload, const char *path, const char *what)
{
}

static git_odb_backend *backend_new(git_repository *git)
{
	struct backend *b = xcalloc(1, sizeof(*b));
	struct buf objects;

	git_odb_init_backend(&b->parent, GIT_ODB_BACKEND_VERSION);
	b->parent.read = read_object;
	b->parent.read_header = read_header;
	b->parent.read_prefix = read_prefix;
	b->parent.free = backend_free;
	b->inflater = inflater_new();
	buf_init(&objects, BUF_MAX_PATH);
	buf_appendf(&objects, "%sobjects", git_repository_commondir(git));
	object_dirs_list(&b->dirs, objects.ptr, NULL, pass_over, NULL);
	buf_dispose(&objects);
	return &b->parent;
}

git_odb *git_loose_open(git_repository *git)
{
	git_odb_backend *backend;
	git_odb *odb = NULL;

	if (git_repository_odb(&odb, git) < 0)
		return NULL;
	backend = backend_new(git);
	if (git_odb_add_backend(odb, backend, BEHIND_PACKS) == 0)
		return odb;
	backend_free(backend);
	git_odb_free(odb);
	return NULL;
}
