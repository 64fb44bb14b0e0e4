#include "source/visit.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

void visitor_init(struct visitor *v, const struct sink *sink, unsigned worker)
{
	v->sink = sink;
	v->worker = worker;
	stream_buffer_init(&v->buffer);
}

void visitor_dispose(struct visitor *v)
{
	stream_buffer_dispose(&v->buffer);
}

void visit_tell(struct visitor *v, const struct document *doc, bool is_note, const char *what)
{
	v->sink->diag(v->sink->payload, v->worker, doc->from.root, doc->from.path, is_note, what);
}

void visit_memory(struct visitor *v, struct slice bytes, struct document *doc)
{
	struct stream stream;

	stream_from_memory(&stream, bytes);
	doc->bytes = &stream;
	v->sink->document(v->sink->payload, v->worker, doc);
}

void visit_name(struct visitor *v, struct document *doc)
{
	struct slice path = doc->from.path;

	doc->from.where = WHERE_PATH;
	visit_memory(v, slice_last_name(path), doc);
}

static const char *kind_of(mode_t mode)
{
	static const struct {
		mode_t kind;
		const char *what;
	} kinds[] = {
		{S_IFIFO, "is a FIFO: not read"},
		{S_IFSOCK, "is a socket: not read"},
		{S_IFCHR, "is a device: not read"},
		{S_IFBLK, "is a device: not read"},
		{S_IFDIR, "is a folder: name it as PATH to scan it"},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if ((mode & S_IFMT) == kinds[i].kind)
			return kinds[i].what;
	return "is no regular file: not read";
}

/* What git stores of a symlink is its text. */
static bool visit_link(struct visitor *v, int fd, const char *name, struct document *doc,
		       struct stat *st)
{
	char text[PATH_MAX];
	ssize_t len = readlinkat(fd, name, text, sizeof(text));

	/* st before the sink is called: it may look. */
	if (len < 0 || fstatat(fd, name, st, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	visit_memory(v, slice_of(text, (size_t)len), doc);
	return true;
}

static bool refused(struct visitor *v, const struct document *doc, bool named, int errnum)
{
	struct err err;

	if (errnum == ENOENT && !named) {
		visit_tell(v, doc, true, "was gone when its turn came");
		return false;
	}
	err_errno(&err, errnum, "cannot open");
	visit_tell(v, doc, false, err.msg);
	return false;
}

bool visit_file(struct visitor *v, int fd, const char *name, enum visit_flags flags,
		struct document *doc, struct stat *st)
{
	/* O_NONBLOCK: a FIFO that took a file's place must not hold us up. */
	int how = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int file = openat(fd, name, flags & VISIT_FOLLOW ? how : how | O_NOFOLLOW);
	struct stream stream;

	if (file < 0 && errno == ELOOP && !(flags & VISIT_FOLLOW))
		return flags & VISIT_LINK ? visit_link(v, fd, name, doc, st) : false;
	if (file < 0 && errno == ENXIO) {
		visit_tell(v, doc, !(flags & VISIT_NAMED), kind_of(S_IFSOCK));
		return false;
	}
	if (file < 0)
		return refused(v, doc, flags & VISIT_NAMED, errno);
	if (fstat(file, st) < 0 || !S_ISREG(st->st_mode)) {
		visit_tell(v, doc, !(flags & VISIT_NAMED), kind_of(st->st_mode));
		close(file);
		return false;
	}
	stream_from_fd(&stream, file, &v->buffer, (uint64_t)st->st_size,
		       (uint64_t)st->st_blocks * 512 < (uint64_t)st->st_size);
	doc->bytes = &stream;
	v->sink->document(v->sink->payload, v->worker, doc);
	close(file);
	return true;
}
