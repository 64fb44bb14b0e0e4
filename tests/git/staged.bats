#!/usr/bin/env bats
# What the next commit would bring in, held against the real git.
bats_require_minimum_version 1.5.0
load ../cli/helper

staged() { hfscan --staged "$@"; }

# The paths in which --staged finds something, NUL behind each, sorted.
found()
{
	staged -f jsonl | jq -j 'select(.rule and (.git.where == "blob")) | .path, "\u0000"' | sort -z
}

# What git says the next commit would change, but for what it would delete.
changed()
{
	git diff --cached --no-renames --diff-filter=d --name-only -z | sort -z
}

same_as_git() { cmp <(found) <(changed); }

@test "the index counts, not the file" {
	git init -q
	plant a lab.py
	git add lab.py
	echo clean >lab.py
	run -1 staged -q
	[[ $output == *"lab.py:1:8  staged for commit"* ]]
	git add lab.py
	plant a lab.py
	run -0 staged
}

@test "the first commit is looked at whole" {
	git init -q
	plant a a.py
	mkdir d
	plant b d/b.py
	git add .
	same_as_git
	run -1 staged
}

@test "what HEAD has already is not staged, in whatever folder" {
	git init -q
	mkdir -p d/e/f
	plant a d/e/f/old.py
	git add .
	git commit -qm one
	run -0 staged
	plant b d/e/f/new.py
	git add .
	same_as_git
	[ "$(found | tr '\0' '\n')" = d/e/f/new.py ]
}

@test "a renamed file is looked at again" {
	git init -q
	plant a a.py
	git add .
	git commit -qm one
	git mv a.py b.py
	same_as_git
	run -1 staged
}

@test "what is only intended is not staged" {
	git init -q
	plant a a.py
	git add -N a.py
	run -0 staged
}

@test "both sides of a conflict count" {
	git init -q
	echo base >a.py
	git add .
	git commit -qm base
	git checkout -qb side
	plant a a.py
	git commit -qam side
	git checkout -q main
	echo other >a.py
	git commit -qam other
	git merge -q side && return 1
	run -1 staged -q
	[[ $output == *"a.py:1:8"* ]]
}

@test "a merge brings in what the other side has" {
	git init -q
	echo base >base
	git add .
	git commit -qm base
	git checkout -qb side
	plant a a.py
	git add .
	git commit -qm side
	git checkout -q main
	git merge -q --no-ff --no-commit side
	same_as_git
	run -1 staged
}

@test "a linked work tree and a submodule have an index of their own" {
	git init -q main
	cd main
	git commit -q --allow-empty -m one
	git worktree add -q ../linked
	git init -q ../sub
	git -C ../sub commit -q --allow-empty -m one
	git -c protocol.file.allow=always submodule --quiet add ../sub sub
	git commit -qm sub
	plant a ../linked/a.py
	git -C ../linked add a.py
	run -0 staged
	run -1 staged ../linked
	plant b sub/b.py
	git -C sub add b.py
	run -0 staged
	run -1 staged sub
}

@test "git's environment names the index, a PATH beats it" {
	git init -q
	plant a a.py
	GIT_INDEX_FILE=$PWD/other git add a.py
	run -0 staged
	GIT_INDEX_FILE=other run -1 staged
	GIT_INDEX_FILE=other run -0 staged .
	mkdir tree
	mv a.py tree
	GIT_DIR=.git GIT_WORK_TREE=tree git add a.py
	GIT_DIR=.git GIT_WORK_TREE=tree run -1 staged -q
	[[ $output == *"tree/a.py:1:8"* ]]
}

@test "only what lies below PATH" {
	git init -q
	mkdir one onemore
	plant a one/a.py
	plant b onemore/b.py
	git add .
	run -1 staged -q one
	[[ $output == *one/a.py* && $output != *onemore* ]]
	run -1 staged -q onemore/b.py
	[[ $output == *onemore/b.py* && $output != *one/a.py* ]]
}

@test "names of staged files and folders count" {
	git init -q
	name=$(token a)
	mkdir "$name"
	echo x >"$name/file"
	git add .
	run -1 staged -q
	[[ $output != *"$name"* && $output == *"in the name"* ]]
}

@test "no textconv, filter or attribute hides what is staged" {
	git init -q
	printf '*.py diff=blind filter=blind -diff\n*.ipynb binary\n' >.gitattributes
	git config diff.blind.textconv 'echo nothing; touch ran #'
	git config filter.blind.smudge 'echo nothing; touch ran #'
	git config core.fsmonitor 'touch ran; false'
	plant a a.py
	git -c core.fsmonitor=false add a.py
	rm -f ran
	run -1 staged -q
	[ ! -e ran ]
}

@test "what is no blob that can be read is not passed over" {
	git init -q
	echo a >a.py
	git add a.py
	rm -rf .git/objects/??
	run -3 staged
	[[ $output == *"missing or broken"* ]]
}

@test "a damaged index stops it" {
	git init -q
	plant a a.py
	git add .
	printf 'x' | dd of=.git/index bs=1 seek=40 conv=notrunc status=none
	run -3 staged
	[[ $output == *"index is damaged"* ]]
}

@test "a HEAD that cannot be read makes everything new" {
	git init -q
	plant a a.py
	git add .
	git commit -qm one
	rm ".git/objects/$(git rev-parse HEAD | sed 's,..,&/,')"
	run -1 staged
}

@test "where there is no repository there is nothing staged" {
	run -2 --separate-stderr staged
	[[ $stderr == *"no repository"* ]]
	git init -q --bare bare
	run -2 --separate-stderr staged bare
	[[ $stderr == *"bare repository"* ]]
}

@test "it goes with nothing that names other things" {
	git init -q
	for option in --history-only --range=a..b --since-commit=a --branch=a --files-from=x --ignored -; do
		run -2 --separate-stderr staged $option
		[[ $stderr == *"--staged: cannot go with"* ]]
	done
}

# shake SEED: makes 40 changes of any kind, each file with a token of its own.
shake()
{
	RANDOM=$1
	local dirs=(. a a/b a/b/c a-b a.c z) i file
	for i in {1..40}; do
		file=${dirs[RANDOM % 7]}/f$((RANDOM % 9))
		mkdir -p "$(dirname "$file")"
		case $((RANDOM % 12)) in
		0) git rm -qf --cached "$file" 2>/dev/null || : ;;
		1) git rm -rqf --cached "$(dirname "$file")" 2>/dev/null || : ;;
		2) git add -N "$file" 2>/dev/null || : ;;
		3) git commit -qm "$i" 2>/dev/null || : ;;
		4) git write-tree >/dev/null 2>&1 || : ;;
		5) git reset -q --soft HEAD~1 2>/dev/null || : ;;
		6) rm -f "$file" && ln -s "$(token "l$1-$i")" "$file" && git add "$file" 2>/dev/null || : ;;
		*) rm -f "$file" && plant "t$1-$i" "$file" && git add "$file" 2>/dev/null || : ;;
		esac
	done
}

@test "whatever was done to the index, it is what git says would be committed" {
	for seed in {1..15}; do
		git init -q "r$seed"
		cd "r$seed"
		shake "$seed"
		same_as_git || { echo "seed $seed"; diff <(found | tr '\0' '\n') <(changed | tr '\0' '\n'); return 1; }
		cd ..
	done
}
