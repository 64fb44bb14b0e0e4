/*
 * Gives every file of the folders named to a fuzz target, in order, without a
 * fuzzer: any compiler, any sanitizer.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* What takes longer hangs: the slowest takes a hundredth, under a sanitizer too. */
#define INPUT_SECONDS 60

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not "." and "..". */
static int is_shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct stat st;
	uint8_t *data;

	if (!file || stat(path, &st) < 0) {
		perror(path);
		exit(2);
	}
	/* Exactly as large: a sanitizer sees what is read beyond. */
	data = malloc((size_t)st.st_size + !st.st_size);
	if (!data || fread(data, 1, (size_t)st.st_size, file) != (size_t)st.st_size) {
		perror(path);
		exit(2);
	}
	fclose(file);
	if (getenv("FUZZ_VERBOSE"))
		fprintf(stderr, "%s\n", path);
	alarm(INPUT_SECONDS);
	LLVMFuzzerTestOneInput(data, (size_t)st.st_size);
	alarm(0);
	free(data);
}

static unsigned replay_folder(const char *folder)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, is_shown, alphasort);
	char path[4096];

	if (count < 0) {
		perror(folder);
		exit(2);
	}
	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		replay(path);
		free(entries[i]);
	}
	free(entries);
	return (unsigned)count;
}

int main(int argc, char **argv)
{
	unsigned count = 0;

	for (int i = 1; i < argc; i++)
		count += replay_folder(argv[i]);
	printf("%u inputs\n", count);
	return count ? 0 : 2;
}
