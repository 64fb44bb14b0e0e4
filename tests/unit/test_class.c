/* class: whose a place is, who brought a secret in, and what is shared. */
#include "class.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define MOST 8

/* A result as scan.c has it when result_settle() is done, with places that need not
 * be there. */
struct sandbox {
	struct result result;
	struct finding findings[MOST];
	struct origin origins[MOST];
	char *paths[MOST];
	char *roots[1];
	struct diag diags[1];
	struct repository met[MOST];
	size_t met_count;
};

static void open_sandbox(struct sandbox *s)
{
	static char root[] = "/nowhere/class";

	*s = (struct sandbox){.roots = {root}};
	s->result.findings = s->findings;
	s->result.roots = s->roots;
	s->result.root_count = 1;
	s->result.diags = s->diags;
}

static void meet(struct sandbox *s, const char *prefix, const char *common_dir)
{
	s->met[s->met_count++] = (struct repository){
		.root = s->roots[0],
		.prefix = slice_str(prefix),
		.git_dir = common_dir,
		.common_dir = common_dir,
	};
}

/* A leak of that secret; email NULL: in no commit. */
static struct finding *leak(struct sandbox *s, char *path, const char *secret, const char *email,
			    int64_t time)
{
	size_t i = s->result.finding_count++;
	struct finding *f = &s->findings[i];
	struct origin *o = &s->origins[i];

	*f = (struct finding){.verdict = VERDICT_LEAK,
			      .root = s->roots[0],
			      .path = path,
			      .path_len = strlen(path),
			      .exposure = EXPOSURE_COMMITTED};
	snprintf(f->secret.fingerprint, sizeof(f->secret.fingerprint), "%s", secret);
	if (!email)
		return f;
	s->paths[i] = strchr(path, '/') + 1;
	*o = (struct origin){.author = (char *)"Somebody",
			     .email = (char *)email,
			     .time = time,
			     .paths = &s->paths[i],
			     .path_count = 1};
	snprintf(o->commit, sizeof(o->commit), "%s-%lld", email, (long long)time);
	f->origin = o;
	return f;
}

static void two_students(struct sandbox *s)
{
	open_sandbox(s);
	meet(s, "ana/", "/nowhere/class/ana/.git/");
	meet(s, "ben/", "/nowhere/class/ben/.git/");
}

static const char *unit_of(const struct sandbox *s, const struct finding *f)
{
	return f->unit ? s->result.units[f->unit - 1].name : "";
}

static void a_place_belongs_to_the_nearest_repository(void **state)
{
	struct sandbox s;
	struct finding *in_ana, *in_lib, *like_ana, *beside;

	two_students(&s);
	meet(&s, "ana/lib/", "/nowhere/class/ana/.git/modules/lib/");
	in_ana = leak(&s, (char *)"ana/a.py", "1", NULL, 0);
	in_lib = leak(&s, (char *)"ana/lib/a.py", "2", NULL, 0);
	like_ana = leak(&s, (char *)"anastasia/a.py", "3", NULL, 0);
	beside = leak(&s, (char *)"grades.csv", "4", NULL, 0);
	class_settle(&s.result, s.met, s.met_count, false);
	assert_string_equal(unit_of(&s, in_ana), "/nowhere/class/ana");
	assert_string_equal(unit_of(&s, in_lib), "/nowhere/class/ana");
	assert_string_equal(unit_of(&s, like_ana), "/nowhere/class");
	assert_string_equal(unit_of(&s, beside), "/nowhere/class");
	assert_true(s.result.is_class);
	assert_int_equal(s.result.unit_count, 3);
	assert_true(s.result.units[0].is_rest);
	assert_int_equal(s.result.units[1].secrets, 2);
	class_dispose(&s.result);
}

static void one_repository_is_no_class_unless_it_was_listed(void **state)
{
	struct sandbox s;

	for (int listed = 0; listed < 2; listed++) {
		open_sandbox(&s);
		meet(&s, "", "/nowhere/class/.git/");
		class_settle(&s.result, s.met, s.met_count, listed);
		assert_int_equal(s.result.unit_count, 1);
		assert_int_equal(s.result.is_class, listed);
		class_dispose(&s.result);
	}
}

static void later_versions_have_the_author_of_the_oldest(void **state)
{
	struct sandbox s;

	two_students(&s);
	leak(&s, (char *)"ana/a.py", "1", "ben@x", 2);
	leak(&s, (char *)"ana/a.py", "1", "ana@x", 1);
	leak(&s, (char *)"ana/a.py", "1", "cam@x", 3);
	class_settle(&s.result, s.met, s.met_count, false);
	assert_int_equal(s.result.author_count, 1);
	assert_string_equal(s.result.authors[0].email, "ana@x");
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(s.findings[i].author, 1);
	assert_int_equal(s.result.shared_count, 0);
	class_dispose(&s.result);
}

static void the_same_path_in_another_repository_is_no_version(void **state)
{
	struct sandbox s;

	two_students(&s);
	leak(&s, (char *)"ana/a.py", "1", "Ana@X", 1);
	leak(&s, (char *)"ben/a.py", "1", "ben@x", 2);
	leak(&s, (char *)"ben/b.py", "2", " ANA@x ", 3);
	class_settle(&s.result, s.met, s.met_count, false);
	assert_int_equal(s.result.author_count, 2);
	assert_string_equal(s.result.authors[0].email, "ana@x");
	assert_int_equal(s.result.authors[0].secrets, 2);
	assert_int_equal(s.result.authors[0].units, 2);
	assert_int_equal(s.result.shared_count, 1);
	assert_int_equal(s.result.shared[0].unit_count, 2);
	assert_int_equal(s.result.shared[0].author_count, 2);
	assert_null(s.result.shared[0].commit);
	class_dispose(&s.result);
}

static void copies_of_a_template_share_its_commit(void **state)
{
	struct sandbox s;

	two_students(&s);
	leak(&s, (char *)"ana/a.py", "1", "teacher@x", 1);
	leak(&s, (char *)"ben/a.py", "1", "teacher@x", 1);
	leak(&s, (char *)"ben/a.py", "1", "ben@x", 2);
	class_settle(&s.result, s.met, s.met_count, false);
	assert_int_equal(s.result.shared_count, 1);
	assert_string_equal(s.result.shared[0].commit, "teacher@x-1");
	assert_int_equal(s.result.author_count, 1);
	class_dispose(&s.result);
}

static void what_was_not_scanned_counts_for_its_repository(void **state)
{
	struct sandbox s;

	two_students(&s);
	s.diags[0] = (struct diag){.path = (char *)"/nowhere/class/ben/", .what = (char *)"broken"};
	s.result.diag_count = 1;
	class_settle(&s.result, s.met, s.met_count, false);
	assert_string_equal(s.result.units[2].name, "/nowhere/class/ben");
	assert_int_equal(s.result.units[2].incomplete, 1);
	class_dispose(&s.result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_place_belongs_to_the_nearest_repository),
		cmocka_unit_test(one_repository_is_no_class_unless_it_was_listed),
		cmocka_unit_test(later_versions_have_the_author_of_the_oldest),
		cmocka_unit_test(the_same_path_in_another_repository_is_no_version),
		cmocka_unit_test(copies_of_a_template_share_its_commit),
		cmocka_unit_test(what_was_not_scanned_counts_for_its_repository),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
