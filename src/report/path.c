/* The text report's paths are there to be clicked on or pasted after `code`
 * or `vim`, so they have to open from where the user stands. */
#include "report/path.h"

static bool is_absolute(struct slice path)
{
	return path.len > 0 && path.ptr[0] == '/';
}

/* "./a" and ".//a" name "a"; "." names nothing. */
static struct slice without_dot(struct slice root)
{
	while (slice_has_prefix(root, SLICE("./"))) {
		root = slice_cut(root, (struct span){2, root.len});
		while (is_absolute(root))
			root = slice_cut(root, (struct span){1, root.len});
	}
	return slice_eq(root, SLICE(".")) ? SLICE("") : root;
}

static void join(struct buf *out, const char *root_name, struct slice path)
{
	struct slice root = root_name ? without_dot(slice_str(root_name)) : SLICE("");

	if (root.len > 0 && !is_absolute(path)) {
		buf_append_slice(out, root);
		if (path.len > 0 && root.ptr[root.len - 1] != '/')
			buf_append_byte(out, '/');
	}
	buf_append_slice(out, path);
}

/* What of path lies below folder; path itself when it does not. */
static struct slice below(struct slice folder, struct slice path)
{
	size_t skip = folder.len;

	if (folder.len == 0 || !slice_has_prefix(path, folder))
		return path;
	if (folder.ptr[folder.len - 1] != '/') {
		if (path.len == skip || path.ptr[skip] != '/')
			return path;
	}
	while (skip < path.len && path.ptr[skip] == '/')
		skip++;
	return path.len > skip ? slice_cut(path, (struct span){skip, path.len}) : path;
}

void path_show(struct buf *out, const char *cwd, const char *root, struct slice path)
{
	struct buf joined;

	buf_init(&joined, BUF_MAX_PATH);
	join(&joined, root, path);
	buf_append_slice(out, below(slice_str(cwd), buf_slice(&joined)));
	buf_dispose(&joined);
}

void path_show_whole(struct buf *out, const char *cwd, const char *root, struct slice path)
{
	struct buf joined;

	buf_init(&joined, BUF_MAX_PATH);
	join(&joined, root, path);
	if (!is_absolute(buf_slice(&joined))) {
		buf_append_str(out, cwd);
		buf_append_byte(out, '/');
	}
	buf_append_slice(out, buf_slice(&joined));
	buf_dispose(&joined);
}
