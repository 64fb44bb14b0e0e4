#!/usr/bin/env bats
# The gates, as the real git calls them.
bats_require_minimum_version 1.5.0
load ../cli/helper
load gates

@test "a commit with a token is stopped, one without is not heard of" {
	git init -q
	gate pre-commit
	plant a lab.py
	git add .
	stopped git commit -qm one
	[[ $stderr == *"lab.py:1:8"* ]]
	echo clean >lab.py
	stopped git commit -qm one # the index still has it
	git add .
	run -0 git commit -qm one
	[ -z "$output" ]
}

@test "git commit FILE is judged by that file, git commit -a by all" {
	git init -q
	gate pre-commit
	echo a >a.py
	echo b >b.py
	git add .
	git commit -qm one
	plant a a.py
	git add a.py
	echo bb >b.py
	run -0 git commit -qm two b.py
	stopped git commit -qm three a.py
	git reset -q
	stopped git commit -qam three
}

@test "whatever a file is called" {
	git init -q
	gate pre-commit
	local name
	for name in 'a b' $'new\nline' $'\xff\xfe' -n --help ':(top)x' $'\t' '*' '"'; do
		plant a "./$name"
		git add -- "./$name" || git --literal-pathspecs add -- "./$name"
		stopped git commit -qm one
		git --literal-pathspecs rm -qf --cached -- "./$name"
		rm -- "./$name"
	done
	git --literal-pathspecs ls-files | wc -l | grep -qx 0
}

@test "in a linked work tree, a submodule and a folder below the top" {
	git init -q main
	cd main
	git commit -q --allow-empty -m one
	gate pre-commit
	git worktree add -q ../linked
	plant a ../linked/a.py
	git -C ../linked add .
	stopped git -C ../linked commit -qm two
	git init -q sub
	gate pre-commit sub
	plant b sub/b.py
	git -C sub add .
	stopped git -C sub commit -qm one
	mkdir below
	plant c below/c.py
	git add below
	cd below
	stopped git commit -qm two
}

@test "merges, amended commits and cherry-picks pass the same gate" {
	git init -q
	git commit -q --allow-empty -m base
	git checkout -qb side
	plant a a.py
	git add .
	git commit -qm side
	git checkout -q main
	gate pre-commit
	cp .git/hooks/pre-commit .git/hooks/pre-merge-commit
	stopped git merge -q --no-ff -m merge side
	git merge --abort
	plant b b.py
	git add .
	stopped git commit -q --amend -m again
}

@test "more places than fit are counted" {
	git init -q
	gate pre-commit
	for i in 1 2 3 4 5; do plant "t$i" "f$i.py"; done
	git add .
	stopped git commit -qm one
	[[ $stderr == *"… and 3 more: hfscan --staged"* ]]
}

@test "a notebook's output is cleared, not edited" {
	git init -q
	gate pre-commit
	jq -n --arg t "$(token a)" '{nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [{cell_type: "code",
		id: "a", metadata: {}, execution_count: 1, source: ["print(1)"],
		outputs: [{output_type: "stream", name: "stdout", text: ["x\n", $t]}]}]}' >lab.ipynb
	git add .
	stopped git commit -qm one
	[[ $stderr == *"lab.ipynb › cell 1 › output 1, line 2"* && $stderr == *"Clear the output"* ]]
}

@test "in Spanish where people read Spanish" {
	git init -q
	gate pre-commit
	plant a a.py
	git add .
	LC_ALL=es_ES.UTF-8 stopped git commit -qm one
	[[ $stderr == *"commit detenido"* && $stderr == *"Quítalo"* ]]
}

@test "the message is looked at too, and what was written is not lost" {
	git init -q
	gate commit-msg
	stopped git commit -q --allow-empty -m "for $(token a)"
	[[ $stderr == *".git/COMMIT_EDITMSG:1:5"* ]]
	GIT_EDITOR="sed -i s/for.*/without/" git commit -q --allow-empty -e -F .git/COMMIT_EDITMSG
	[ "$(git log --format=%s)" = without ]
}

@test "a commit that removes a token may be looked at with -v" {
	git init -q
	plant a a.py
	git add .
	git commit -qm one
	gate commit-msg
	echo clean >a.py
	GIT_EDITOR='sed -i 1s/^/two/' run -0 git commit -qav
	plant b a.py
	GIT_EDITOR='sed -i 1s/^/three/' stopped git commit -qav
}

@test "what cannot be read stops the commit, and says so" {
	git init -q
	gate pre-commit
	gate commit-msg
	echo a >a
	git add a
	rm -rf .git/objects/??
	run -3 --separate-stderr hfscan hook run pre-commit
	[[ $stderr == *"commit stopped: not all that is staged could be read"*"missing or broken"* ]]
	rm .git/index
	echo garbage >.git/index
	run -3 --separate-stderr hfscan hook run pre-commit
	[[ $stderr == *"index is damaged"* ]]
	run -2 --separate-stderr hfscan hook run commit-msg nowhere
	[[ $stderr == *"nowhere: "* ]]
	run -2 --separate-stderr hfscan hook run commit-msg
	run -2 --separate-stderr hfscan hook run post-commit
	run -2 --separate-stderr hfscan hook run
	run -2 --separate-stderr hfscan hook
	[[ $stderr == *"hook run NAME"* ]]
}

@test "an archive that cannot be read stops the commit, and the advice is for an archive" {
	git init -q
	plant a lab.py
	zip -q -P pw crypt.zip lab.py
	git add crypt.zip
	run -3 --separate-stderr hfscan hook run pre-commit
	[[ $stderr == *"crypt.zip!/lab.py: is encrypted"*"repack or leave out an archive"* ]]
}

@test "an index and a configuration that cannot be read stop it as well" {
	git init -q
	plant a a
	git add a
	chmod 0 .git/index
	run powerless timeout 60 "$HFSCAN" hook run pre-commit
	[ "$status" -eq 2 ] || [ "$status" -eq 3 ]
	[[ $output == *"index"* && $output != *"a:1:"* ]]
	chmod 644 .git/index
	printf '[broken' >>.git/config
	run -1 hfscan hook run pre-commit # what was found says more
	[[ $output == *"a:1:8"* ]]
	cp .git/config broken
	echo '[core]' >.git/config
	echo clean >a
	git add a
	mv broken .git/config
	run -3 hfscan hook run pre-commit
	[[ $output == "hfscan: "*config* ]]
	rm .git/config
	mkdir .git/config
	run hfscan hook run pre-commit
	[ "$status" -ne 0 ]
	[[ $output == "hfscan: "* ]]
}

@test "outside of a repository the gate stays shut" {
	run -2 --separate-stderr hfscan hook run pre-commit
	[[ $stderr == *"no repository"* ]]
}

@test "-v shows the whole report" {
	git init -q
	plant a a.py
	git add .
	run -1 hfscan hook run pre-commit -v
	[[ $output == *"What to do:"* ]]
}

@test "warnings stop a commit with --strict only" {
	git init -q
	printf 'login("%.30s")\n' "$(token a)" >a.py
	git add .
	run -0 hfscan hook run pre-commit
	run -1 --separate-stderr hfscan hook run pre-commit --strict
	[[ $stderr == *"a.py:1:"* ]]
}

@test "names of files scan these as they lie there" {
	git init -q
	plant a -a.py
	run -1 --separate-stderr hfscan hook run pre-commit -- -a.py
	[[ $stderr == *"in these files"*"-a.py:1:8"* ]]
	run -3 --separate-stderr hfscan hook run pre-commit gone.py
	[[ $stderr == *"gone.py"* ]]
	mkdir folder
	run -3 --separate-stderr hfscan hook run pre-commit folder
}

@test "what may stay is what the index says, not the file" {
	git init -q
	gate pre-commit
	plant a lab.py
	"$HFSCAN" baseline create
	git add lab.py
	stopped git commit -qm one
	git add .hfscan-baseline.json
	rm .hfscan-baseline.json
	run -0 git commit -qm one
	[ -z "$output" ]
	git reset -q --hard
	printf '"%s", "%s"\n' "$(token a)" "$(token b)" >lab.py
	git add .
	stopped git commit -qm two
	[[ $stderr == *"lab.py:1:43"* && $stderr != *"lab.py:1:2 "* ]]
	echo '{"ignore": ["*.py"]}' >.hfscan.json
	stopped git commit -qam two
	git add .
	run -0 git commit -qm two
}

@test "git commit FILE is judged by what it would take along" {
	git init -q
	gate pre-commit
	echo x >a.py
	echo '{"ignore": ["*.py"]}' >.hfscan.json
	git add .
	git commit -qm one
	echo '{}' >.hfscan.json
	plant a a.py
	run -0 git commit -qm two a.py
	plant b a.py
	stopped git commit -qm three a.py .hfscan.json
}

@test "a program that names the files asks for what is not ignored" {
	git init -q
	plant a a.golden
	echo '{"ignore": ["*.golden"], "lang": "es"}' >.hfscan.json
	git add .
	run -0 hfscan hook run pre-commit a.golden
	plant b b.py
	run -1 hfscan hook run pre-commit a.golden b.py
	[[ $output == *b.py:1:8* && $output != *a.golden* && $output == *detenido* ]]
	run -1 hfscan hook run pre-commit --no-repo-config a.golden
}

@test "a configuration or baseline that is no good stops the commit" {
	git init -q
	gate pre-commit
	for text in '{' '{"output": "x"}' '[]'; do
		for name in .hfscan.json .hfscan-baseline.json; do
			echo "$text" >$name
			git add $name
			stopped git commit -qm one
			[[ $stderr == "hfscan: $name: "* ]]
			git rm -qf $name
		done
	done
	ln -s /etc/passwd .hfscan.json
	git add .
	stopped git commit -qm one
	gate commit-msg
	rm .git/hooks/pre-commit
	stopped git commit -qm one
	[[ $stderr == "hfscan: .hfscan.json: is a link"* ]]
}

@test "a message may say what the baseline lists, and is in no path that is ignored" {
	git init -q
	gate commit-msg
	plant a lab.py
	"$HFSCAN" baseline create
	echo '{"ignore": ["*"]}' >.hfscan.json
	git add .
	run -0 git commit -qm "take $(token a) out"
	stopped git commit -q --allow-empty -m "take $(token b) out"
	[ "$(git rev-list --count HEAD)" -eq 1 ]
}
