/*
 * A table of questions, cheapest first. Each is chosen so that people's
 * inventions answer yes and letters drawn at random nearly never do; what all
 * of them together lose is measured in tests/unit/test_placeholder.c.
 */
#include "judge/placeholder.h"

#include "judge/bigrams.h"

/* More than this many bits a pair is language, not chance. */
#define ENGLISH_BITS 0.3
/* Bodies longer than this are judged by their beginning. */
#define BODY_MAX 255

/* What the questions look at, made once. */
struct body {
	struct slice text;
	unsigned char lower[BODY_MAX]; /* text in small letters */
	unsigned char counts[256];     /* of each byte in text; BODY_MAX fits */
	const struct judge_settings *settings;
};

static void read_body(struct body *b, struct slice text, const struct judge_settings *settings)
{
	memset(b->counts, 0, sizeof(b->counts));
	b->text = text;
	b->settings = settings;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = text.ptr[i];

		b->lower[i] = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
		b->counts[c]++;
	}
}

static unsigned count_range(const struct body *b, unsigned char first, unsigned char last)
{
	unsigned sum = 0;

	for (unsigned c = first; c <= last; c++)
		sum += b->counts[c];
	return sum;
}

/* ---- the questions ---- */

/* The same character five times, case-blind. */
static bool repeats_a_character(const struct body *b)
{
	size_t run = 1;

	for (size_t i = 1; i < b->text.len; i++) {
		run = b->lower[i] == b->lower[i - 1] ? run + 1 : 1;
		if (run == 5)
			return true;
	}
	return false;
}

/* Six that follow each other up or down: abcdef, 987654. */
static bool counts_up_or_down(const struct body *b)
{
	size_t up = 1, down = 1;

	for (size_t i = 1; i < b->text.len; i++) {
		int step = b->lower[i] - b->lower[i - 1];

		up = step == 1 ? up + 1 : 1;
		down = step == -1 ? down + 1 : 1;
		if (up == 6 || down == 6)
			return true;
	}
	return false;
}

/* Two such rows in turn, over ten characters: a1b2c3d4e5. */
static bool counts_in_turn(const struct body *b)
{
	size_t steps = 0;

	for (size_t i = 2; i < b->text.len && steps < 8; i++)
		steps = b->lower[i] - b->lower[i - 2] == 1 ? steps + 1 : 0;
	return steps == 8;
}

/* Of what is above 0 and at most 1. libm's would be one library more at each start. */
static double binary_log(double x)
{
	double log = 0;

	for (; x < 1; x *= 2)
		log--;
	for (double bit = 0.5; bit > 1e-16; bit /= 2) {
		x *= x;
		if (x >= 2) {
			x /= 2;
			log += bit;
		}
	}
	return log;
}

static bool lacks_variety(const struct body *b)
{
	unsigned distinct = 0;
	double entropy = 0;

	for (int c = 0; c < 256; c++) {
		double share = (double)b->counts[c] / (double)b->text.len;

		if (!b->counts[c])
			continue;
		distinct++;
		entropy -= share * binary_log(share);
	}
	return distinct < b->settings->min_distinct || entropy < b->settings->min_entropy;
}

static bool lacks_a_case(const struct body *b)
{
	return count_range(b, 'A', 'Z') < b->settings->min_each_case ||
	       count_range(b, 'a', 'z') < b->settings->min_each_case;
}

/* More than 55 % of it is what stood up to 12 characters before. */
static bool is_periodic(const struct body *b)
{
	for (size_t period = 1; period <= 12 && period < b->text.len; period++) {
		size_t same = 0;

		for (size_t i = period; i < b->text.len; i++)
			same += b->lower[i] == b->lower[i - period];
		if (same * 100 > (b->text.len - period) * 55)
			return true;
	}
	return false;
}

/* Five keys side by side, to the right or to the left. */
static bool walks_the_keyboard(const struct body *b)
{
	static const char rows[] = "qwertyuiop|asdfghjkl|zxcvbnm";
	const char *before = NULL;
	size_t right = 1, left = 1;

	for (size_t i = 0; i < b->text.len; i++) {
		const char *key = memchr(rows, b->lower[i], sizeof(rows) - 1);

		right = key && before && key == before + 1 ? right + 1 : 1;
		left = key && before && key == before - 1 ? left + 1 : 1;
		if (right == 5 || left == 5)
			return true;
		before = key;
	}
	return false;
}

#define W(literal)                                                                                 \
	{                                                                                          \
		(const unsigned char *)literal, sizeof(literal) - 1                                \
	}

/* Words of six letters and more: shorter ones turn up in random letters. */
static bool holds_a_telling_word(const struct body *b)
{
	static const struct slice words[] = {
		W("example"),   W("placeholder"), W("replace"),   W("changeme"),  W("redacted"),
		W("hugging"),   W("yourtoken"),   W("mytoken"),   W("insert"),    W("sample"),
		W("secret"),    W("access"),      W("foobar"),    W("invalid"),   W("masked"),
		W("hidden"),    W("abcabc"),      W("tokenhere"), W("yourkey"),   W("pastehere"),
		W("testtoken"), W("faketoken"),   W("ejemplo"),   W("reemplaza"), W("tutoken"),
		W("mitoken"),   W("aquitu"),      W("cambiar"),   W("secreto"),   W("oculto"),
		W("prueba"),    W("tokenaqui"),
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (memmem(b->lower, b->text.len, words[i].ptr, words[i].len))
			return true;
	return false;
}

static bool reads_like_language(const struct body *b)
{
	return bigrams_score(b->text) > ENGLISH_BITS;
}

static const struct {
	bool (*asks)(const struct body *b);
	const char *reason;
} questions[] = {
	{repeats_a_character, "the same character again and again"},
	{counts_up_or_down, "characters in alphabetical or counting order"},
	{counts_in_turn, "characters in alphabetical or counting order"},
	{lacks_a_case, "not the mix of capital and small letters a token has"},
	{lacks_variety, "too few different characters"},
	{holds_a_telling_word, "a word that says it is an example"},
	{is_periodic, "a pattern that repeats"},
	{reads_like_language, "words or a name, not random characters"},
	{walks_the_keyboard, "keys that lie side by side"},
};

const char *placeholder_reason(struct slice body, const struct judge_settings *settings)
{
	struct body b;

	if (body.len > BODY_MAX)
		body.len = BODY_MAX;
	if (body.len == 0)
		return "nothing behind the prefix";
	read_body(&b, body, settings);
	for (size_t i = 0; i < sizeof(questions) / sizeof(*questions); i++)
		if (questions[i].asks(&b))
			return questions[i].reason;
	return NULL;
}
