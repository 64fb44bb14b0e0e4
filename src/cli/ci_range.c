#include "cli/ci_range.h"

#include "base/alloc.h"
#include "base/tr.h"

#include <stdlib.h>

/* ---- what is said ---- */

static void say_id(struct buf *out, const struct oid *oid)
{
	char hex[OID_HEX + 1];

	oid_to_hex(hex, oid->raw);
	buf_appendf(out, "%.12s", hex);
}

/* "judged: this push, 123456789012..210987654321" */
static void say_range(struct ci_range *range, const struct change *change)
{
	buf_appendf(&range->said, tr("judged: %s, "), tr(change->what));
	say_id(&range->said, &range->had.list[0]);
	buf_append_str(&range->said, "..");
	say_id(&range->said, &range->tips.list[0]);
}

static void say_whole(struct ci_range *range, const char *why)
{
	buf_appendf(&range->said, tr("judged: the whole history, since %s"), tr(why));
}

/* ---- what is judged ---- */

/* A request's own commits have merges, too, of which the first parent is no target. */
static bool is_merge(const struct change *change, const struct oid *head, const struct oid *second)
{
	bool is_second = change->has_tip && oid_cmp(second->raw, change->tip.raw) == 0;
	bool is_own = change->has_tip && oid_cmp(head->raw, change->tip.raw) == 0;
	bool is_named = change->has_sha && oid_cmp(head->raw, change->sha.raw) == 0;

	return is_second || (is_named && !is_own);
}

/* The merge of a request with its target, which is what CI checks out: its first parent
 * is the target as it was then. */
static bool find_merge(const struct change *change, const struct revisions *revisions,
		       struct oid *tip, struct oid *base)
{
	struct oid head, parents[2];

	if (!change->is_request || !revisions_head(revisions, &head) ||
	    revisions_parents(revisions, &head, parents) != 2 ||
	    !is_merge(change, &head, &parents[1]))
		return false;
	*tip = head;
	*base = parents[0];
	return true;
}

static bool find_base(const struct change *change, const struct revisions *revisions,
		      struct oid *base)
{
	*base = change->base;
	if (change->has_base && revisions_have(revisions, base))
		return true;
	return change->trunk && revisions_ref(revisions, change->trunk, base) &&
	       revisions_have(revisions, base);
}

/* An annotated tag is more than the commit that it stands on. */
static void add_tag(struct ci_range *range, const struct change *change,
		    const struct revisions *revisions)
{
	struct oid tag;

	if (change->ref && strncmp(change->ref, "refs/tags/", strlen("refs/tags/")) == 0 &&
	    revisions_ref(revisions, change->ref, &tag))
		oids_add(&range->tips, &tag);
}

enum ends { ENDS_FOUND, ENDS_NO_BASE, ENDS_NO_TIP };

static enum ends find_ends(const struct change *change, const struct revisions *revisions,
			   struct oid *tip, struct oid *base)
{
	bool has_base;

	if (find_merge(change, revisions, tip, base)) {
		has_base = revisions_have(revisions, base);
	} else {
		*tip = change->has_tip ? change->tip : change->sha;
		if (!(change->has_tip || change->has_sha) || !revisions_have(revisions, tip))
			return ENDS_NO_TIP;
		has_base = find_base(change, revisions, base);
	}
	return has_base ? ENDS_FOUND : ENDS_NO_BASE;
}

static const char *why_not(const struct change *change, enum ends ends)
{
	if (change->trouble)
		return change->trouble;
	if (ends == ENDS_NO_TIP)
		return change->has_tip || change->has_sha
			       ? "the commit that the change ends with is not here"
			       : "no commit is told that the change ends with";
	return change->has_base || change->is_request
		       ? "the commit that the change begins behind is not here"
		       : "no commit is told that the change begins behind";
}

/* No system starts a job for it. */
static bool is_no_change(const struct change *change, const struct oid *tip, const struct oid *base)
{
	return oid_cmp(tip->raw, base->raw) == 0 && change->has_base &&
	       oid_cmp(change->base.raw, base->raw) == 0;
}

/* What is checked out is judged, too, whatever else the change is told to end with. */
static void add_sha(struct ci_range *range, const struct change *change,
		    const struct revisions *revisions)
{
	if (change->has_sha && revisions_have(revisions, &change->sha))
		oids_add(&range->tips, &change->sha);
}

static void find_change(struct ci_range *range, const struct change *change,
			const struct revisions *revisions)
{
	struct oid tip, base;
	enum ends ends = find_ends(change, revisions, &tip, &base);

	range->is_blind = ends == ENDS_NO_TIP;
	range->is_whole = ends != ENDS_FOUND || is_no_change(change, &tip, &base);
	if (ends != ENDS_FOUND) {
		say_whole(range, why_not(change, ends));
	} else if (range->is_whole) {
		say_whole(range, "the change is told to end where it begins");
	} else {
		oids_add(&range->tips, &tip);
		oids_add(&range->had, &base);
		add_sha(range, change, revisions);
		add_tag(range, change, revisions);
		say_range(range, change);
	}
}

void ci_range_find(struct ci_range *range, const struct change *change,
		   const struct revisions *revisions)
{
	*range = (struct ci_range){0};
	buf_init(&range->said, BUF_MAX_LINE);
	range->is_whole = change->is_whole;
	if (change->is_whole)
		say_whole(range, "this run is for no push or pull request");
	else
		find_change(range, change, revisions);
}

void ci_range_dispose(struct ci_range *range)
{
	free(range->tips.list);
	free(range->had.list);
	buf_dispose(&range->said);
}
