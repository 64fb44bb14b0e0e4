#include "trace/person.h"

#include "base/alloc.h"

static struct slice line_at(struct slice text, size_t beg)
{
	const unsigned char *end = memchr(text.ptr + beg, '\n', text.len - beg);

	return slice_cut(text, (struct span){beg, end ? (size_t)(end - text.ptr) : text.len});
}

/* The headers of a commit end at its first empty line. */
static size_t headers_end(struct slice commit)
{
	const unsigned char *blank = memmem(commit.ptr, commit.len, "\n\n", 2);

	return blank ? (size_t)(blank - commit.ptr) + 1 : commit.len;
}

static int64_t read_time(struct slice text)
{
	int64_t time = 0;
	size_t i = 0;

	while (i < text.len && text.ptr[i] == ' ')
		i++;
	for (; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9' && time < INT64_MAX / 20;
	     i++)
		time = time * 10 + (text.ptr[i] - '0');
	return time;
}

/* "Name <mail> seconds zone" */
static void read_author(struct slice line, struct origin *origin)
{
	const unsigned char *beg = memchr(line.ptr, '<', line.len);
	const unsigned char *end = memrchr(line.ptr, '>', line.len);
	size_t name;

	if (!beg || !end || end < beg) {
		origin->author = xmemdup0(line.ptr, line.len);
		return;
	}
	name = (size_t)(beg - line.ptr);
	while (name > 0 && line.ptr[name - 1] == ' ')
		name--;
	origin->author = xmemdup0(line.ptr, name);
	origin->email = xmemdup0(beg + 1, (size_t)(end - beg - 1));
	origin->time =
		read_time(slice_cut(line, (struct span){(size_t)(end - line.ptr) + 1, line.len}));
}

void person_read(struct slice commit, struct origin *origin)
{
	const struct slice key = SLICE("author ");
	size_t end = headers_end(commit);
	struct slice summary;

	for (size_t at = 0; at < end && !origin->author;) {
		struct slice line = line_at(commit, at);

		if (slice_has_prefix(line, key))
			read_author(slice_cut(line, (struct span){key.len, line.len}), origin);
		at += line.len + 1;
	}
	while (end < commit.len && commit.ptr[end] == '\n')
		end++;
	summary = end < commit.len ? line_at(commit, end) : SLICE("");
	origin->summary = xmemdup0(summary.ptr, summary.len);
	if (!origin->author)
		origin->author = xstrdup("");
	if (!origin->email)
		origin->email = xstrdup("");
}
