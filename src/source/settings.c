#include "source/settings.h"

#include "base/buf.h"
#include "base/small_file.h"

#include <fcntl.h>

static const char *const names[] = {SETTINGS_CONFIG, SETTINGS_BASELINE};

/* An error other than that there is none is told as well: whoever put something
 * there meant it. */
static void tell(const struct sink *sink, unsigned worker, struct settings *settings, int rc,
		 const struct buf *text, const struct err *err)
{
	if (rc == HF_ENOTFOUND)
		return;
	settings->text = buf_slice(text);
	settings->refused = rc < 0 ? err->msg : NULL;
	sink->settings(sink->payload, worker, settings);
}

void settings_tell_folder(const struct sink *sink, unsigned worker,
			  const struct source_options *options, const char *root,
			  struct slice prefix, const char *top)
{
	size_t len = strlen(top);

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct settings settings = {.root = root, .prefix = prefix, .name = names[i]};
		struct buf path, text;
		struct err err;

		if (options->settings != SETTINGS_FILES || !sink->settings)
			return;
		buf_init(&path, BUF_MAX_PATH);
		buf_init(&text, SETTINGS_MAX);
		buf_appendf(&path, "%s%s%s", top, len && top[len - 1] == '/' ? "" : "/", names[i]);
		tell(sink, worker, &settings,
		     small_file_read(&text, AT_FDCWD, path.ptr, false, &err), &text, &err);
		buf_dispose(&text);
		buf_dispose(&path);
	}
}

void settings_tell_repo(const struct sink *sink, unsigned worker,
			const struct source_options *options, const char *root, struct slice prefix,
			struct repo *repo)
{
	if (options->settings != SETTINGS_INDEX) {
		settings_tell_folder(sink, worker, options, root, prefix, repo_top(repo));
		return;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(*names) && sink->settings; i++) {
		struct settings settings = {.root = root, .prefix = prefix, .name = names[i]};
		struct buf text;
		struct err err;

		buf_init(&text, SETTINGS_MAX);
		tell(sink, worker, &settings,
		     repo_read_staged(repo, worker, slice_str(names[i]), &text, &err), &text, &err);
		buf_dispose(&text);
	}
}
