#include "report/names.h"

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[VERDICT_COUNT] = {
		[VERDICT_LEAK] = "leak",
		[VERDICT_WARNING] = "warning",
		[VERDICT_PLACEHOLDER] = "placeholder",
		[VERDICT_ALLOWED] = "allowed",
	};

	return names[verdict];
}

const char *severity_name(enum severity severity)
{
	static const char *const names[SEVERITY_COUNT] = {
		[SEVERITY_LOW] = "low",
		[SEVERITY_MEDIUM] = "medium",
		[SEVERITY_HIGH] = "high",
		[SEVERITY_CRITICAL] = "critical",
	};

	return names[severity];
}

const char *where_name(enum where where)
{
	static const char *const names[WHERE_COUNT] = {
		[WHERE_BLOB] = "blob",
		[WHERE_CONFIG] = "config",
		[WHERE_PATH] = "path",
		[WHERE_COMMIT_MESSAGE] = "commit-message",
		[WHERE_TAG_MESSAGE] = "tag-message",
		[WHERE_AUTHOR] = "author",
		[WHERE_REF_NAME] = "ref-name",
		[WHERE_REFLOG] = "reflog",
	};

	return names[where];
}

const char *exposure_name(enum exposure exposure)
{
	static const char *const names[EXPOSURE_COUNT] = {
		[EXPOSURE_NONE] = NULL,
		[EXPOSURE_IGNORED] = "ignored",
		[EXPOSURE_UNREACHABLE] = "unreachable",
		[EXPOSURE_WORKTREE] = "worktree",
		[EXPOSURE_STAGED] = "staged",
		[EXPOSURE_COMMITTED] = "committed",
		[EXPOSURE_PUSHED] = "pushed",
	};

	return names[exposure];
}

const char *part_name(enum cell_part part)
{
	static const char *const names[PART_COUNT] = {
		[PART_SOURCE] = "source",     [PART_OUTPUT] = "output",
		[PART_METADATA] = "metadata", [PART_ATTACHMENT] = "attachment",
		[PART_OTHER] = "other",
	};

	return names[part];
}

const char *cell_type_name(enum cell_type cell_type)
{
	static const char *const names[CELL_TYPE_COUNT] = {
		[CELL_CODE] = "code",
		[CELL_MARKDOWN] = "markdown",
		[CELL_RAW] = "raw",
		[CELL_HEADING] = "heading",
	};

	return names[cell_type];
}

const char *decoding_name(enum decoding decoding)
{
	static const char *const names[DECODED_COUNT] = {
		[DECODED_UTF16LE] = "utf-16le",  [DECODED_UTF16BE] = "utf-16be",
		[DECODED_UTF32LE] = "utf-32le",  [DECODED_UTF32BE] = "utf-32be",
		[DECODED_BASE64] = "base64",     [DECODED_HEX] = "hex",
		[DECODED_PERCENT] = "percent",   [DECODED_ESCAPES] = "escapes",
		[DECODED_ENTITIES] = "entities", [DECODED_QUOTED_PRINTABLE] = "quoted-printable",
		[DECODED_JOINED] = "joined",     [DECODED_UNWRAPPED] = "unwrapped",
		[DECODED_COUNTED] = "counted",   [DECODED_MARKUP] = "markup",
	};

	return names[decoding];
}
