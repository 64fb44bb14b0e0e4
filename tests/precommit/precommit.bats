#!/usr/bin/env bats
# The real pre-commit framework with .pre-commit-hooks.yaml as it is.
bats_require_minimum_version 1.5.0
load ../cli/helper
load ../git/gates

# The hooks as the framework clones them. The id hfscan builds from the sources.
setup_file()
{
	hooks=$BATS_FILE_TMPDIR/hooks
	PRE_COMMIT_HOME=$BATS_FILE_TMPDIR/cache
	export hooks PRE_COMMIT_HOME PYTHONDONTWRITEBYTECODE=1
	if packages=$(sh "$BATS_TEST_DIRNAME/../python.sh" "$BATS_TEST_DIRNAME" pre-commit-packages); then
		PYTHONPATH=$packages
		export PYTHONPATH
	elif [ -n "${CI-}" ]; then
		return 1
	fi
	mkdir "$hooks"
	(cd "$TOP" && cp -R Makefile .pre-commit-hooks.yaml ci src rules "$hooks")
	cd "$hooks"
	git init -q
	git add .
	git -c user.name=x -c user.email=x@example.org commit -qm hooks
}

framework() { timeout 900 python3 -m pre_commit "$@"; }

# begin ID [LINE]...: a repository that uses that hook.
begin()
{
	[ -n "${PYTHONPATH-}" ] || skip "cannot fetch pre-commit"
	mkdir ../bin
	ln -s "$HFSCAN" ../bin/hfscan
	PATH=$PWD/../bin:$PATH
	git init -q
	{
		printf '%s\n' 'repos:' "- repo: $hooks" "  rev: $(git -C "$hooks" rev-parse HEAD)" \
			"  hooks:" "  - id: $1" "${@:2}"
	} >.pre-commit-config.yaml
	git add .
	git commit -qm config
	framework install >/dev/null
}

# denied COMMAND...: the framework says no, and what hfscan said is in it.
denied()
{
	run timeout 900 "$@"
	[ "$status" -eq 1 ] && [[ $output == *"Failed"*"hfscan: "* ]] &&
		[[ $output != *hf_[A-Za-z0-9][A-Za-z0-9][A-Za-z0-9]* ]]
}

@test "git commit is stopped, and goes on without the token" {
	begin hfscan-system
	plant a lab.py
	echo clean >b.py
	git add .
	denied git commit -qm token
	[[ $output == *"lab.py:1:8"* ]]
	echo clean >lab.py
	denied git commit -qm "staged all the same"
	git add .
	run -0 git commit -qm clean
	[[ $output == *"Passed"* ]]
	git rm -q b.py
	run -0 git commit -qm "nothing but a file less"
}

@test "--all-files and --files look at these files" {
	begin hfscan-system
	plant a old.py
	echo clean >new.py
	git add .
	git commit -q --no-verify -m token
	denied python3 -m pre_commit run --all-files
	[[ $output == *"old.py:1:8"* ]]
	denied python3 -m pre_commit run --files old.py
	run -0 framework run --files new.py
	[[ $output == *"Passed"* ]]
	run -0 framework run
	[[ $output == *"(no files to check)"* ]]
}

@test "whatever files are called, and however many" {
	begin hfscan-system
	for i in {1..3000}; do echo clean >"a file whose name is long enough that not all fit $i"; done
	git add .
	run -0 git commit -qm many
	for name in 'a b' $'new\nline' -n --help '"' 'ñandú'; do
		plant a "./$name"
		git add -A
		denied git commit -qm "$name"
		git rm -qf --cached -- "./$name"
		rm -- "./$name"
	done
}

@test "options of the hook, and errors that block" {
	begin hfscan-system "    args: [--strict, --]"
	printf 'login("%.30s")\n' "$(token a)" >a.py
	git add .
	denied git commit -qm warning
	echo clean >a.py
	git add .
	git commit -qm clean
	sed -i 's/--strict/--nonsense/' .pre-commit-config.yaml
	git add .
	denied git commit -qm "an option that is none"
	rm ../bin/hfscan
	run ! git commit -qm "no hfscan at all"
}

@test "the id that builds from the sources" {
	begin hfscan
	rm ../bin/hfscan
	export MODE=debug
	plant a a.py
	git add .
	denied git commit -qm token
	echo clean >a.py
	git add .
	run -0 git commit -qm clean
	echo more >a.py
	git add .
	run -0 timeout 5 git commit -qm "is not built twice"
	cd "$(dirname "$(find "$PRE_COMMIT_HOME" -name .pre-commit-hooks.yaml)")"
	rm build/hfscan
	mkdir "$BATS_TEST_TMPDIR/empty"
	PKG_CONFIG=false run -2 --separate-stderr ci/pre-commit.sh -- x
	[[ $stderr == "hfscan: stopped: to build hfscan, install "* ]]
}
