#!/usr/bin/env bats
# Hooks put in place, chained and taken back, and what the real git makes of them.
bats_require_minimum_version 1.5.0
load ../cli/helper
load gates

# Everything there is in a folder: names, types, modes, contents.
snapshot()
{
	(cd "$1" && find . -printf '%P %y %m %l\n' | sort && find . -type f -print0 | sort -z | xargs -0r sha256sum)
}

# hook FILE [LINE]...: a hook of somebody's.
hook()
{
	mkdir -p "${1%/*}"
	printf '%s\n' '#!/bin/sh' "${@:2}" >"$1"
	chmod +x "$1"
}

commit() { git commit -q --allow-empty -m "$@"; }

stages_token()
{
	plant a "${1-a.py}"
	git add -A
}

@test "installed, it stops a commit; without a name it is pre-commit" {
	git init -q
	run -0 hfscan hook install
	[[ $output == *"/.git/hooks/pre-commit: installed" ]]
	commit clean
	stages_token
	stopped git commit -qm token
	run -0 hfscan hook uninstall
	[[ $output == *"taken away" ]]
	commit token
}

@test "every hook it knows, each by its name" {
	git init -q --bare ../remote.git
	(cd ../remote.git && run -0 hfscan hook install pre-receive)
	git init -q
	git remote add origin ../remote.git
	run -0 hfscan hook install pre-commit commit-msg pre-push
	stopped git commit -q --allow-empty -m "$(token a)"
	stages_token
	git commit -q --no-verify -m a
	stopped git push -q origin main
	git push -q --no-verify origin main 2>/dev/null && return 1
	refused git push -q --no-verify origin main
	run -2 --separate-stderr hfscan hook install pre-comit
	[[ $stderr == *"pre-comit: expected"* ]]
	run -2 hfscan hook uninstall pre-commit nonsense
	[ -x .git/hooks/pre-commit ]
}

@test "twice is once, and back is exactly what was there" {
	git init -q
	for was in nothing plain quiet link; do
		rm -f .git/hooks/pre-commit
		case $was in
		plain) hook .git/hooks/pre-commit 'exit 0'; chmod 751 .git/hooks/pre-commit ;;
		quiet) printf 'no line end' >.git/hooks/pre-commit; chmod 644 .git/hooks/pre-commit ;;
		link) ln -s ../../elsewhere .git/hooks/pre-commit ;;
		esac
		snapshot .git/hooks >../before
		run -0 hfscan hook install
		snapshot .git/hooks >../installed
		run -0 hfscan hook install
		[[ $output == *"is installed already" ]]
		snapshot .git/hooks | diff - ../installed
		run -0 hfscan hook uninstall
		snapshot .git/hooks | diff - ../before
	done
	run -0 hfscan hook uninstall
	[ -z "$output" ]
	run -0 hfscan hook uninstall pre-push
	[[ $output == *"is not installed" ]]
}

@test "a hook that was there runs first, and its no counts" {
	git init -q
	hook .git/hooks/pre-commit 'echo "$0: $*" >>ran' '[ ! -e no ]'
	run -0 hfscan hook install
	[[ $output == *"the hook that was there runs first" ]]
	commit one
	grep -q pre-commit.before-hfscan ran
	stages_token
	stopped git commit -qm token
	touch no
	run -1 git commit -qm token
	[[ $output != *hfscan* ]]
	git rm -qf --cached a.py
	run -1 git commit -q --allow-empty -m clean
	chmod -x .git/hooks/pre-commit.before-hfscan # as git itself has it
	commit clean
}

@test "both read what git says of a push" {
	git init -q --bare ../remote.git
	git init -q
	git remote add origin ../remote.git
	hook .git/hooks/pre-push 'echo "$1"; cat >../told'
	hfscan hook install -q pre-push
	commit clean
	run -0 git push -q origin main
	[ "$output" = origin ]
	grep -q "^refs/heads/main $(git rev-parse main) refs/heads/main 0*$" ../told
	stages_token
	git commit -qm token
	rm ../told
	run -1 git push -q origin main
	[[ $output == *"push stopped"* ]]
	[ -s ../told ]
	hook .git/hooks/pre-push.before-hfscan 'exit 0' # reads nothing
	run -1 git push -q origin main
	[[ $output == *"push stopped"* ]]
}

@test "what was edited since stays" {
	git init -q
	hook .git/hooks/pre-commit 'exit 0'
	hfscan hook install -q
	echo '# mine' >>.git/hooks/pre-commit
	snapshot .git/hooks >../before
	run -0 hfscan hook install
	[[ $output == *"edited"* ]]
	run -2 hfscan hook uninstall
	[[ $output == *"left as it is" ]]
	snapshot .git/hooks | diff - ../before
	hook .git/hooks/pre-commit 'echo other'
	snapshot .git/hooks >../before
	run -2 --separate-stderr hfscan hook install
	[[ $stderr == *"another hook took the place"* ]]
	run -2 --separate-stderr hfscan hook uninstall
	snapshot .git/hooks | diff - ../before
	rm .git/hooks/pre-commit
	run -0 hfscan hook uninstall
	[ "$(tail -n 1 .git/hooks/pre-commit)" = "exit 0" ]
}

@test "core.hooksPath, absolute, relative and in the home folder" {
	git init -q
	for path in "$PWD/../abs" hooks/here ../beside "~/hooks" "$(printf 'a b\n\xff')"; do
		git config core.hooksPath "$path"
		run -0 hfscan hook install
		[ ! -e .git/hooks/pre-commit ]
		stages_token
		stopped git commit -qm "$path"
		mkdir -p below
		(cd below && run -0 hfscan hook install && [[ $output == *"already" ]])
		run -0 hfscan hook uninstall
		git rm -rqf --cached .
	done
}

@test "linked work trees share the hooks, submodules have their own" {
	git init -q main
	cd main
	commit one
	git worktree add -q ../linked
	cd ../linked
	run -0 hfscan hook install
	[[ $output == *"/main/.git/hooks/pre-commit: installed" ]]
	stages_token
	stopped git commit -qm token
	cd ../main
	stages_token
	stopped git commit -qm token
	git reset -q
	rm a.py
	git config extensions.worktreeConfig true
	git -C ../linked config --worktree core.hooksPath "$PWD/../own"
	cd ../linked
	run -0 hfscan hook install
	[ -x ../own/pre-commit ]
	git init -q ../sub
	git -C ../sub commit -q --allow-empty -m one
	cd ../main
	git -c protocol.file.allow=always submodule --quiet add ../sub sub
	cd sub
	run -0 hfscan hook install
	[[ $output == *"/.git/modules/sub/hooks/pre-commit: installed" ]]
	stages_token
	stopped git commit -qm token
}

@test "a hook that cannot find hfscan blocks, and one in PATH will do" {
	git init -q
	mkdir ../bin
	cp "$HFSCAN" ../bin/hfscan
	timeout 60 ../bin/hfscan hook install -q pre-commit pre-push
	commit clean
	rm ../bin/hfscan
	run -1 --separate-stderr git commit -q --allow-empty -m two
	[[ $stderr == "hfscan: stopped: hfscan cannot be found any more"* ]]
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
	git init -q --bare ../remote.git
	run -1 --separate-stderr git push -q ../remote.git main
	[[ $stderr == "hfscan: stopped: "* ]]
	ln -s "$HFSCAN" ../bin/hfscan
	PATH=$PWD/../bin:$PATH
	stages_token
	stopped git commit -qm token
}

@test "whatever the path of hfscan holds" {
	git init -q
	for name in "a b" "it's" '"q"' "\$(touch ran)" $'new\nline' $'\xff' -x; do
		mkdir -p -- "../$name"
		ln -f "$HFSCAN" "../$name/hfscan" || cp "$HFSCAN" "../$name/hfscan"
		timeout 60 "../$name/hfscan" hook install -q
		stages_token
		stopped git commit -qm token
	done
	[ ! -e ran ]
}

# As husky 9.1.7 lays them out.
@test "in husky's folder it says where to write the line, which works" {
	git init -q
	mkdir -p .husky/_ ../bin
	git config core.hooksPath .husky/_
	printf '%s\n' '#!/usr/bin/env sh' '. "$(dirname "$0")/h"' >.husky/_/pre-commit
	printf '%s\n' 's=$(dirname "$(dirname "$0")")/$(basename "$0")' '[ ! -f "$s" ] && exit 0' \
		'sh -e "$s" "$@"' 'exit $?' >.husky/_/h
	chmod +x .husky/_/pre-commit
	snapshot .husky >../before
	run -2 --separate-stderr hfscan hook install
	[[ $stderr == *"is husky's: write the line \`hfscan hook run pre-commit\` into"* ]]
	snapshot .husky | diff - ../before
	echo 'hfscan hook run pre-commit' >.husky/pre-commit
	ln -s "$HFSCAN" ../bin/hfscan
	PATH=$PWD/../bin:$PATH
	stages_token
	stopped git commit -qm token
}

@test "whatever the repository is called" {
	for name in "a b" "it's" '"q"' "\$(touch ran)" $'new\nline' $'\xff' -x; do
		git init -q -- "./$name"
		cd -- "./$name"
		hfscan hook install -q pre-commit commit-msg pre-push
		stages_token
		stopped git commit -qm token
		git commit -q --no-verify -m token
		stopped git commit -q --allow-empty -m "$(token b)"
		git init -q --bare remote.git
		stopped git push -q ./remote.git main
		run -0 hfscan hook uninstall
		commit "$(token b)"
		cd ..
	done
	[ ! -e ran ]
}

@test "outside of a repository, and where nothing can be written" {
	run -2 --separate-stderr hfscan hook install
	[[ $stderr == *"no repository"* ]]
	git init -q
	rm -rf .git/hooks
	touch .git/hooks
	run -2 --separate-stderr hfscan hook install
	[[ $stderr == *"folder for hooks"* || $stderr == *"cannot be written"* ]]
	rm .git/hooks
	hfscan hook install -q
	[ -x .git/hooks/pre-commit ]
	rm .git/hooks/pre-commit
	mkdir .git/hooks/pre-commit
	run -0 hfscan hook install
	run -0 hfscan hook uninstall
	[ -d .git/hooks/pre-commit ]
}

@test "the shells at the top of hfscan's own repository" {
	git init -q --bare ../remote.git
	git init -q
	git remote add origin ../remote.git
	cp "$TOP"/hooks/pre-commit "$TOP"/hooks/commit-msg "$TOP"/hooks/pre-push .git/hooks
	cp "$TOP"/hooks/pre-receive ../remote.git/hooks
	run -1 git commit -q --allow-empty -m one
	[[ $output == "hfscan: stopped: hfscan is not in PATH"* ]]
	mkdir ../bin
	ln -s "$HFSCAN" ../bin/hfscan
	PATH=$PWD/../bin:$PATH
	commit one
	git push -q origin main
	stages_token -x
	stopped git commit -qm token
	git commit -q --no-verify -m token
	stopped git push -q origin main
	refused git push -q --no-verify origin main
}

# ---- for all repositories ----

@test "--global covers every repository, and goes without a trace" {
	snapshot "$HOME" >before
	run -0 hfscan hook install --global
	[ "$(git config --global core.hooksPath)" = "$HOME/.config/hfscan/hooks" ]
	for name in one two; do
		git init -q $name
		cd $name
		stages_token
		stopped git commit -qm token
		cd ..
	done
	run -0 hfscan hook install --global
	[[ $output == *"already" ]]
	run -0 hfscan hook install --global pre-push
	run -0 hfscan hook uninstall --global pre-push
	stopped git -C one commit -qm token
	run -0 hfscan hook uninstall --global
	git -C one commit -qm token
	rmdir "$HOME/.config/hfscan" "$HOME/.config"
	snapshot "$HOME" | diff - before
}

@test "--global runs each repository's own hooks, which it would hide" {
	hfscan hook install -q --global
	git init -q
	hook .git/hooks/pre-commit 'echo own; [ ! -e no ]'
	hook .git/hooks/post-commit 'echo after'
	hook .git/hooks/prepare-commit-msg 'echo prepared >"$1"'
	run -0 git commit -q --allow-empty -m one
	[ "$output" = own$'\n'after ]
	[ "$(git log -1 --format=%s)" = prepared ]
	touch no
	run -1 git commit -q --allow-empty -m two
	rm no
	git worktree add -q ../linked
	cd ../linked
	stages_token
	run -1 git commit -qm token
	[[ $output == own*"commit stopped"* ]]
	git init -q --bare ../remote.git
	hook ../remote.git/hooks/update 'echo "update $1" >&2; exit 1'
	run -1 git push -q ../remote.git main
	[[ $output == *"update refs/heads/main"* ]]
}

@test "--global uses the folder that is configured, and nothing else" {
	git config --global core.hooksPath "$PWD/mine"
	hook mine/pre-commit 'echo mine'
	snapshot mine >before
	cp "$HOME/.gitconfig" config
	run -0 hfscan hook install --global
	[[ $output == *"/mine/pre-commit: installed; the hook that was there runs first" ]]
	git init -q r
	cd r
	hook .git/hooks/pre-commit 'echo hidden before as well'
	run -0 git commit -q --allow-empty -m one
	[ "$output" = mine ]
	cd ..
	run -0 hfscan hook uninstall --global
	snapshot mine | diff - before
	cmp config "$HOME/.gitconfig"
}

@test "--global leaves alone what is not its own" {
	printf '[user]\n\tname = x' >>"$HOME/.gitconfig" # no line end
	cp "$HOME/.gitconfig" config
	mkdir dotfiles
	mv "$HOME/.gitconfig" dotfiles/gitconfig
	chmod 600 dotfiles/gitconfig
	ln -s "$PWD/dotfiles/gitconfig" "$HOME/.gitconfig"
	export XDG_CONFIG_HOME="$PWD/x \"d\" g"
	run -0 hfscan hook install --global
	[ "$(git config --global core.hooksPath)" = "$XDG_CONFIG_HOME/hfscan/hooks" ]
	[ "$(stat -c %a dotfiles/gitconfig)" = 600 ]
	[ -L "$HOME/.gitconfig" ]
	echo mine >"$XDG_CONFIG_HOME/hfscan/hooks/post-index-change"
	run -0 --separate-stderr hfscan hook uninstall --global
	[[ $stderr == *"is not empty"* ]]
	rm "$XDG_CONFIG_HOME/hfscan/hooks/post-index-change"
	run -0 hfscan hook uninstall --global
	cmp config dotfiles/gitconfig
	hfscan hook install -q --global
	git config --global core.hooksPath elsewhere
	run -2 --separate-stderr hfscan hook uninstall --global
	[[ $stderr == *"relative"* ]]
}
