/*
 * What a .7z takes: known of whatever libarchive would read, unless it is told why not.
 *
 * Input: a byte, the file. Of an even byte the file is a header alone, and the rest is made up
 * around it. Sums are mended, or libarchive would read next to nothing.
 */
#include "inside/sevenzip.h"
#include "base/alloc.h"

#include <assert.h>
#include <libdeflate.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SIGNATURE_LEN 32
/* More, and libarchive is not asked. */
#define MEMORY_MAX ((uint64_t)16 << 20)

static void put(unsigned char *out, unsigned bytes, uint64_t value)
{
	for (; bytes; bytes--, value >>= 8)
		*out++ = (unsigned char)value;
}

static uint64_t get(const unsigned char *from)
{
	uint64_t value = 0;

	for (unsigned i = 8; i--;)
		value = value << 8 | from[i];
	return value;
}

/* Whether libarchive may be asked without what is asked here before: no number has more than 21
 * bits, for which it would take memory. */
static bool is_small(const unsigned char *header, uint64_t len)
{
	for (uint64_t i = 0; i < len; i++)
		if (header[i] >= 0xe0)
			return false;
	return true;
}

/* Puts the sums in that the header, and what says where it is, must have. False: it may be read
 * though it is damaged. Of one that is not there libarchive reads what there is; of properties,
 * which nobody writes, it passes over too much or too little, as its version is; what is packed
 * may be either. */
static bool mend(unsigned char *file, size_t size)
{
	uint64_t at = get(file + 12), len = get(file + 20);
	bool is_there = at <= size - SIGNATURE_LEN && len <= size - SIGNATURE_LEN - at;

	if (is_there)
		put(file + 28, 4, libdeflate_crc32(0, file + SIGNATURE_LEN + at, (size_t)len));
	put(file + 8, 4, libdeflate_crc32(0, file + 12, 20));
	return is_there && len > 1 && file[SIGNATURE_LEN + at] == 1 &&
	       file[SIGNATURE_LEN + at + 1] != 2 && is_small(file + SIGNATURE_LEN + at, len);
}

/* Whether libarchive reads a member of it, or says that it is empty. */
static bool is_read(const struct archive_library *lib, const unsigned char *file, size_t size)
{
	struct archive *a = lib->archive_read_new();
	struct archive_entry *entry;
	int rc;

	lib->archive_read_support_format_7zip(a);
	rc = lib->archive_read_open_memory(a, file, size);
	if (rc == ARCHIVE_OK)
		rc = lib->archive_read_next_header(a, &entry);
	lib->archive_read_free(a);
	return rc == ARCHIVE_OK || rc == ARCHIVE_EOF;
}

static void check(const unsigned char *file, size_t size, bool is_sound)
{
	static struct archive_library lib; /* loading takes longer than all else */
	uint64_t memory = 0;
	struct stream s;
	struct err err;
	int rc;

	if (!lib.library && archive_library_load(&lib, &err) < 0)
		return;
	stream_from_memory(&s, slice_of(file, size));
	rc = sevenzip_memory(&lib, &s, &memory, &err);
	if (rc == 0 && memory <= MEMORY_MAX)
		is_read(&lib, file, size);
	if (rc == HF_EFORMAT && is_sound && strstr(err.msg, "damaged"))
		assert(!is_read(&lib, file, size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t before, len;
	unsigned char *file;

	if (!size)
		return 0;
	before = data[0] % 2 ? 0 : SIGNATURE_LEN;
	len = before + size - 1;
	if (len < SIGNATURE_LEN)
		return 0;
	file = xmalloc(len);
	memset(file, 0, len);
	memcpy(file + before, data + 1, size - 1);
	memcpy(file, "7z\xbc\xaf\x27\x1c\0\4", 8);
	if (before)
		put(file + 20, 8, size - 1);
	check(file, len, mend(file, len));
	free(file);
	return 0;
}
