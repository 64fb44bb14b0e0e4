/*
 * GitHub Actions. Which event has which id where: docs.github.com, "Webhook events and
 * payloads"; what is checked out for it, and that GITHUB_SHA is that: "Events that
 * trigger workflows".
 */
#include "base/alloc.h"
#include "base/buf.h"
#include "cli/ci_change.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A push of many commits makes some MB of it. cJSON takes up to 32 times the memory. */
#define EVENT_MAX ((size_t)8 << 20)

/* ---- the event ---- */

static bool read_file(struct buf *out, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char chunk[32768];
	struct stat st;
	ssize_t got = -1;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		while ((got = read(fd, chunk, sizeof(chunk))) > 0 && !buf_overflowed(out))
			buf_append(out, chunk, (size_t)got);
	if (fd >= 0)
		close(fd);
	return got >= 0 && !buf_overflowed(out);
}

/* NULL, with the reason in *trouble, when there is none that can be read. */
static cJSON *read_event(const char **trouble)
{
	const char *path = change_variable("GITHUB_EVENT_PATH");
	cJSON *event = NULL;
	struct buf text;

	buf_init(&text, EVENT_MAX);
	if (!path)
		*trouble = "GITHUB_EVENT_PATH is not set";
	else if (!read_file(&text, path))
		*trouble = "the file of GITHUB_EVENT_PATH cannot be read, or is too large";
	else if (!(event = cJSON_ParseWithLength(text.ptr, text.len)))
		*trouble = "the file of GITHUB_EVENT_PATH is no JSON that can be read";
	buf_dispose(&text);
	return event;
}

/* The string behind some keys, ended by NULL; NULL when there is none. */
static const char *find(const cJSON *event, const char *const *keys)
{
	for (; event && *keys; keys++)
		event = cJSON_GetObjectItemCaseSensitive(event, *keys);
	return cJSON_GetStringValue(event);
}
#define FIND(event, ...) find(event, (const char *const[]){__VA_ARGS__, NULL})

/* ---- kinds of events ---- */

static void read_sha(struct change *change)
{
	change->has_sha = change_id(&change->sha, change_variable("GITHUB_SHA"));
}

static void read_target(struct change *change, const cJSON *event)
{
	change->what = "this pull request";
	change->is_request = true;
	change->has_tip = change_id(&change->tip, FIND(event, "pull_request", "head", "sha"));
	change->has_base = change_id(&change->base, FIND(event, "pull_request", "base", "sha"));
}

static void read_request(struct change *change, const cJSON *event)
{
	read_target(change, event);
	read_sha(change);
}

static void read_group(struct change *change, const cJSON *event)
{
	change->what = "this merge group";
	change->has_tip = change_id(&change->tip, FIND(event, "merge_group", "head_sha"));
	read_sha(change);
	change->has_base = change_id(&change->base, FIND(event, "merge_group", "base_sha"));
}

/* The event knows of an annotated tag itself, GITHUB_SHA of what it stands on. */
static void read_push(struct change *change, const cJSON *event)
{
	const char *ref = change_variable("GITHUB_REF");
	const char *trunk = FIND(event, "repository", "default_branch");
	bool is_branch = ref && strncmp(ref, "refs/heads/", strlen("refs/heads/")) == 0;

	change->what = "this push";
	change->has_tip = change_id(&change->tip, FIND(event, "after"));
	read_sha(change);
	change->has_base = change_id(&change->base, FIND(event, "before"));
	change->ref = ref ? xstrdup(ref) : NULL;
	if (trunk && ref && !(is_branch && strcmp(ref + strlen("refs/heads/"), trunk) == 0))
		change->trunk = change_remote_branch(trunk);
}

static const struct {
	const char *name;
	void (*read)(struct change *change, const cJSON *event);
} events[] = {
	{"push", read_push},
	{"pull_request", read_request},
	{"pull_request_review", read_request},
	{"pull_request_review_comment", read_request},
	{"pull_request_target", read_target},
	{"merge_group", read_group},
};

void ci_github_read(struct change *change)
{
	const char *name = change_variable("GITHUB_EVENT_NAME");
	cJSON *event;

	for (size_t i = 0; name && i < sizeof(events) / sizeof(*events); i++) {
		if (strcmp(events[i].name, name) != 0)
			continue;
		event = read_event(&change->trouble);
		events[i].read(change, event);
		cJSON_Delete(event);
		return;
	}
	change->what = "this run";
	change->is_whole = true;
}
