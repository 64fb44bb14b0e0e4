#include "cli/user_config.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/json_text.h"
#include "base/small_file.h"
#include "base/tr.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#define CONFIG_MAX ((size_t)1 << 20)

/* What is done instead of a run, and what decides whether this file is read. */
static const char *const never[] = {"help", "version", "generate", "no-config"};

struct reading {
	struct options *options;
	user_config_fn set;
	void *payload;
};

char *user_config_path(void)
{
	static const char name[] = "hfscan/config.json";
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct buf path;

	buf_init(&path, BUF_MAX_PATH);
	if (xdg && *xdg == '/')
		buf_appendf(&path, "%s/%s", xdg, name);
	else if (home && *home == '/')
		buf_appendf(&path, "%s/.config/%s", home, name);
	if (path.len)
		return buf_detach(&path);
	buf_dispose(&path);
	return NULL;
}

static const struct option *find(const char *name)
{
	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++)
		if (strcmp(name, never[i]) == 0)
			return NULL;
	for (const struct option *o = options_table(); o->name; o++)
		if (strcmp(o->name, name) == 0)
			return o;
	return NULL;
}

static const char *keep(struct options *options, char *text)
{
	grow_array(&options->kept, &options->kept_cap, options->kept_count, sizeof(*options->kept));
	options->kept[options->kept_count++] = text;
	return text;
}

static const char *set_value(struct reading *r, const struct option *option, const cJSON *value)
{
	char digits[32];

	if (!option->argument)
		return !cJSON_IsBool(value)  ? "must be true or false"
		       : cJSON_IsTrue(value) ? r->set(r->payload, option, NULL)
					     : NULL;
	if (cJSON_IsString(value))
		return r->set(r->payload, option, keep(r->options, xstrdup(value->valuestring)));
	if (!cJSON_IsNumber(value))
		return "must be a text or a number";
	snprintf(digits, sizeof(digits), "%.15g", value->valuedouble);
	return r->set(r->payload, option, keep(r->options, xstrdup(digits)));
}

static const char *set_values(struct reading *r, const struct option *option, const cJSON *value)
{
	const char *wrong = NULL;
	const cJSON *item;

	if (!cJSON_IsArray(value) || !option->argument)
		return set_value(r, option, value);
	cJSON_ArrayForEach(item, value) if (!wrong) wrong = set_value(r, option, item);
	return wrong;
}

static int read_object(struct reading *r, const cJSON *root, const char *file, struct err *err)
{
	const cJSON *item;

	if (!cJSON_IsObject(root))
		return err_set(err, HF_EUSAGE, "%s: line 1: must be an object of options", file);
	cJSON_ArrayForEach(item, root)
	{
		const struct option *option = find(item->string);
		const char *wrong = option ? set_values(r, option, item)
					   : "is no option that can be set here (hfscan --help "
					     "lists them)";

		if (strcmp(item->string, "$schema") == 0)
			continue;
		if (cJSON_GetObjectItemCaseSensitive(root, item->string) != item)
			wrong = "is there twice";
		if (wrong)
			return err_set(err, HF_EUSAGE, "%s: \"%.40s\" %s", file, item->string,
				       tr(wrong));
	}
	return 0;
}

int user_config_read(const char *file, struct options *options, user_config_fn set, void *payload,
		     struct err *err)
{
	struct reading r = {options, set, payload};
	cJSON *root = NULL;
	struct err why;
	struct buf text;
	int rc;

	buf_init(&text, CONFIG_MAX);
	rc = small_file_read(&text, AT_FDCWD, file, true, &why);
	if (rc < 0 && rc != HF_ENOTFOUND)
		rc = err_set(err, HF_EUSAGE, "%s: %s", file, why.msg);
	else if (rc == 0)
		rc = json_text_parse(&root, buf_slice(&text), file, err);
	if (rc == 0)
		rc = read_object(&r, root, file, err);
	cJSON_Delete(root);
	buf_dispose(&text);
	return rc == HF_ENOTFOUND ? 0 : rc;
}
