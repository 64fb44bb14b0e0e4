#include "source/revisions.h"

#include "base/alloc.h"
#include "base/slice.h"
#include "source/git_loose.h"

#include <git2.h>
#include <stdlib.h>

struct revisions {
	git_repository *git;
	git_odb *objects;
};

int revisions_open(struct revisions **out, const char *git_dir, struct err *err)
{
	struct revisions *r = xcalloc(1, sizeof(*r));

	*out = r;
	if (git_repository_open_bare(&r->git, git_dir) == 0 &&
	    (r->objects = git_loose_open(r->git)) != NULL)
		return 0;
	return err_set(err, HF_EGIT, "the repository cannot be opened");
}

void revisions_free(struct revisions *r)
{
	if (!r)
		return;
	git_odb_free(r->objects);
	git_repository_free(r->git);
	free(r);
}

static git_oid as_git(const struct oid *oid)
{
	git_oid id;

	git_oid_fromraw(&id, oid->raw);
	return id;
}

bool revisions_have(const struct revisions *r, const struct oid *oid)
{
	git_oid id = as_git(oid);
	git_object *object = NULL, *commit = NULL;
	bool has = git_object_lookup(&object, r->git, &id, GIT_OBJECT_ANY) == 0 &&
		   git_object_peel(&commit, object, GIT_OBJECT_COMMIT) == 0;

	git_object_free(commit);
	git_object_free(object);
	return has;
}

bool revisions_head(const struct revisions *r, struct oid *oid)
{
	git_oid id;

	if (git_reference_name_to_id(&id, r->git, "HEAD") < 0)
		return false;
	*oid = oid_from(id.id);
	return true;
}

bool revisions_ref(const struct revisions *r, const char *name, struct oid *oid)
{
	git_oid id;

	if (!git_reference_is_valid_name(name) || git_reference_name_to_id(&id, r->git, name) < 0)
		return false;
	*oid = oid_from(id.id);
	return true;
}

/* Takes "parent " and a name off the beginning of text. */
static bool take_parent(struct slice *text, struct oid *oid)
{
	const struct slice key = SLICE("parent ");
	size_t len = key.len + OID_HEX + 1;

	if (text->len < len || !slice_has_prefix(*text, key) ||
	    !oid_from_hex(oid, text->ptr + key.len))
		return false;
	*text = slice_cut(*text, (struct span){len, text->len});
	return true;
}

/* Read from the object itself: newer libgit2 hides the parents of where a shallow
 * history ends. Behind "tree " and a name they come first. */
unsigned revisions_parents(const struct revisions *r, const struct oid *commit,
			   struct oid parents[2])
{
	const size_t tree = strlen("tree ") + OID_HEX + 1;
	git_oid id = as_git(commit);
	git_odb_object *object = NULL;
	struct slice text;
	unsigned count = 0;
	struct oid oid;

	if (git_odb_read(&object, r->objects, &id) < 0)
		return 0;
	text = slice_of(git_odb_object_data(object), git_odb_object_size(object));
	if (git_odb_object_type(object) == GIT_OBJECT_COMMIT && text.len > tree)
		text = slice_cut(text, (struct span){tree, text.len});
	for (; take_parent(&text, &oid); count++)
		if (count < 2)
			parents[count] = oid;
	git_odb_object_free(object);
	return count;
}
