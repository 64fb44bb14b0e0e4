#include "source/pack/loose.h"

#include "base/alloc.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/os.h"
#include "source/pack/mapped.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The longest header: "commit ", twenty digits, NUL. */
#define HEADER_MAX 32

/* ---- which there are ---- */

struct listing {
	struct loose **list;
	size_t *count, *cap;
	char name[OID_HEX + 1]; /* the folder's two digits, then the file's */
	uint16_t dir;
};

static void list_name(void *payload, const char *name, enum os_type type)
{
	struct listing *l = payload;
	struct loose loose = {.dir = l->dir};

	if (strlen(name) != OID_HEX - 2)
		return; /* tmp_obj_... */
	memcpy(l->name + 2, name, OID_HEX - 2);
	if (!oid_from_hex(&loose.oid, (const unsigned char *)l->name))
		return;
	grow_array(l->list, l->cap, *l->count, sizeof(**l->list));
	(*l->list)[(*l->count)++] = loose;
}

static void mark_folder(void *payload, const char *name, enum os_type type)
{
	int high = ascii_hex_value((unsigned char)name[0]);
	int low = high < 0 ? -1 : ascii_hex_value((unsigned char)name[1]);
	bool *there = payload;

	if (low >= 0 && !name[2])
		there[high * 16 + low] = true;
}

/* Which of the 256 folders there are. Most repositories have few, and to ask for each takes
 * longer than all else of a small one. Where they cannot be listed each is tried. */
static void mark_folders(bool there[256], const char *objects)
{
	int fd = open(objects, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	memset(there, fd < 0, 256);
	if (fd >= 0 && os_list_folder(fd, mark_folder, there) != 0)
		memset(there, true, 256);
	if (fd >= 0)
		close(fd);
}

void loose_list(struct loose **list, size_t *count, size_t *cap, const char *objects, uint16_t dir,
		loose_problem_fn problem, void *payload)
{
	struct listing l = {.list = list, .count = count, .cap = cap, .dir = dir};
	bool there[256];
	struct buf path;
	struct err err;

	buf_init(&path, BUF_MAX_PATH);
	mark_folders(there, objects);
	for (unsigned i = 0; i < 256; i++) {
		int fd;

		if (!there[i])
			continue;
		snprintf(l.name, sizeof(l.name), "%02x", i);
		buf_reset(&path);
		buf_appendf(&path, "%s/%s", objects, l.name);
		fd = open(path.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0 && os_list_folder(fd, list_name, &l) == 0) {
			close(fd);
			continue;
		}
		if (errno != ENOENT) { /* git deletes empty ones, at any time */
			err_errno(&err, errno, "cannot be listed");
			problem(payload, path.ptr, err.msg);
		}
		if (fd >= 0)
			close(fd);
	}
	buf_dispose(&path);
}

/* ---- by the beginning of a name ---- */

struct finding {
	char wanted[OID_HEX + 1], hex[OID_HEX + 1]; /* hex: each that there is */
	size_t digits;
	struct oid *found;
	int count;
};

static void find_name(void *payload, const char *name, enum os_type type)
{
	struct finding *f = payload;
	struct oid oid;

	if (strlen(name) != OID_HEX - 2)
		return;
	memcpy(f->hex + 2, name, OID_HEX - 2);
	if (memcmp(f->hex, f->wanted, f->digits) != 0 ||
	    !oid_from_hex(&oid, (const unsigned char *)f->hex))
		return;
	*f->found = oid;
	f->count += f->count < 2;
}

int loose_find(const char *objects, const unsigned char *oid, size_t digits, struct oid *found)
{
	struct finding f = {.digits = digits, .found = found};
	struct buf path;
	int fd;

	oid_to_hex(f.wanted, oid);
	memcpy(f.hex, f.wanted, sizeof(f.hex));
	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%s/%.2s", objects, f.hex);
	fd = open(path.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	buf_dispose(&path);
	if (fd < 0)
		return 0;
	os_list_folder(fd, find_name, &f);
	close(fd);
	return f.count;
}

/* ---- one of them ---- */

/* "blob 12\0": as git writes it, no blanks and no leading zeros more. */
static int read_header(struct loose_file *file, const unsigned char *p, size_t len)
{
	static const struct {
		const char *name;
		enum object_type type;
	} types[] = {
		{"commit ", OBJECT_COMMIT},
		{"tree ", OBJECT_TREE},
		{"blob ", OBJECT_BLOB},
		{"tag ", OBJECT_TAG},
	};
	const unsigned char *nul = memchr(p, '\0', len);
	size_t at = 0;

	for (size_t i = 0; nul && i < sizeof(types) / sizeof(*types); i++)
		if (slice_has_prefix(slice_of(p, len), slice_str(types[i].name))) {
			file->type = types[i].type;
			at = strlen(types[i].name);
		}
	if (!at || p + at == nul)
		return HF_EFORMAT;
	for (; p[at]; at++) {
		if (p[at] < '0' || p[at] > '9' || file->size > UINT64_MAX / 20)
			return HF_EFORMAT;
		file->size = file->size * 10 + (p[at] - '0');
	}
	file->header = at + 1;
	return 0;
}

int loose_open(struct loose_file *file, const char *objects, const struct oid *oid, struct err *err)
{
	unsigned char first[HEADER_MAX];
	char hex[OID_HEX + 1];
	struct buf path;
	long len;
	int rc;

	*file = (struct loose_file){.type = OBJECT_NONE};
	oid_to_hex(hex, oid->raw);
	buf_init(&path, BUF_MAX_PATH);
	buf_appendf(&path, "%s/%.2s/%s", objects, hex, hex + 2);
	rc = mapped_open(&file->map, path.ptr, err);
	buf_dispose(&path);
	if (rc < 0)
		return rc;
	len = inflate_first(file->map, first, sizeof(first), err);
	if (len < 0 || read_header(file, first, (size_t)len) < 0) {
		loose_close(file);
		return err_set(err, HF_EFORMAT, "it is no object, or a broken one");
	}
	return 0;
}

void loose_close(struct loose_file *file)
{
	mapped_dispose(&file->map);
}

int loose_read(struct loose_file *file, struct inflater *inflater, unsigned char **out,
	       struct err *err)
{
	size_t size = file->header + (size_t)file->size, used;
	int rc;

	if (file->size > file->map.len * (uint64_t)1040)
		return err_set(err, HF_EFORMAT, "it does not have the size it says");
	*out = xmalloc(size);
	rc = inflate_whole(inflater, file->map, *out, size, size, &used, err);
	if (rc < 0) {
		wipe(*out, size);
		free(*out);
		*out = NULL;
	}
	return rc;
}
