#!/usr/bin/env bats
# Repositories as git made them long ago, as a power cut left them, or as somebody
# bent them by hand. What they hold is found, with its commit; what cannot be read is
# named, and never green.
load ../cli/helper
load look

# made NAME: a new repository; a work tree and its two commits, without a token.
made()
{
	git init -q "$1"
	git -C "$1" config gc.auto 0
	seq 100 >"$1/lab.py"
	git -C "$1" add .
	git -C "$1" commit -q -m zero
	seq 101 >"$1/lab.py"
	git -C "$1" add .
	git -C "$1" commit -q -m one
}

# leaking NAME: the same with a token that the next commit takes out, and one that it brings in.
leaking()
{
	made "$1"
	plant a "$1/lab.py"
	git -C "$1" add .
	git -C "$1" commit -q -m first
	seq 101 >"$1/lab.py"
	plant b "$1/keep.py"
	git -C "$1" add .
	git -C "$1" commit -q -m second
}

# says NAME FILTER: of some finding of that token, FILTER is true.
says()
{
	jq -es --arg fingerprint "$(token "$1" | sha256sum | cut -c 1-32)" \
		"[.[] | select(.secret.fingerprint == \$fingerprint)] | any($2)" ../report >/dev/null ||
		{ echo "$1: not $2"; cat ../errors; false; }
}

# The two tokens of `leaking`, each with its commit.
both()
{
	[ "$status" -eq 1 ]
	says a '.git.summary == "first" and .exposure == "committed" and (.git.in_head | not)'
	says b '.git.summary == "second" and .exposure == "committed" and .git.in_head'
}

# bend NAME SCRIPT: a copy called repo of a repository, in whose .git the script is run.
bend()
{
	rm -rf repo
	cp -R "../$1" repo
	(cd repo/.git && eval "$2")
}

# whole SCRIPT: with that done, all is still read.
whole()
{
	echo "$1"
	bend leaking "$1"
	look repo
	[ ! -s ../errors ]
	both
}

# told SCRIPT TEXT: with that done, something cannot be read: it is named in these
# words, beside what was found, and where nothing was, it is not green.
told()
{
	echo "$1"
	bend clean "$1"
	look --history-only repo
	[ "$status" -eq 3 ]
	grep -qF -- "$2" ../errors
	jq -es --arg text "$2" 'any(.incomplete | .path? + ": " + .what? | contains($text))' ../report
	bend leaking "$1"
	look repo
	[ "$status" -eq 1 ]
	grep -qF -- "$2" ../errors
}

templates()
{
	leaking ../leaking
	made ../clean
}

# ---- the way to the repository ----

@test "a .git that is a link is followed, as git does" {
	leaking repo
	mv repo/.git real
	ln -s ../real repo/.git
	look repo
	both
	look --history-only "$PWD/repo"
	both
	# The folder that the link leads to is no server's, whoever comes to it first.
	look .
	both
	mv real a-real
	ln -sfn ../a-real repo/.git
	look "$PWD"
	both
}

@test "a .git that is a link to a file is followed, from where the link is" {
	leaking repo
	mv repo/.git real
	mkdir -p deep/er
	for way in "$PWD/real" ../real; do
		printf 'gitdir: %s\r\n' "$way" >deep/er/pointer
		ln -sfn ../deep/er/pointer repo/.git
		git -C repo rev-parse --quiet --verify HEAD >/dev/null # git reads it
		look repo
		both
		[ ! -s ../errors ]
		look --history-only "$PWD/repo"
		both
		run -0 hfscan --staged repo
		(cd repo && run -0 hfscan hook install)
		[ -x real/hooks/pre-commit ]
		rm real/hooks/pre-commit
	done
}

@test "a git directory that lies beside its work tree is no server's" {
	leaking repo
	mv repo/.git a-real
	echo 'gitdir: ../a-real' >repo/.git
	look "$PWD"
	both
	echo "gitdir: $PWD/a-real" >repo/.git
	look repo
	both
	printf 'gitdir: ../a-real\r\n' >repo/.git
	look repo
	both
}

@test "a .git that leads nowhere is told, whatever it is" {
	made repo
	mv repo/.git real
	mkdir other
	for way in 'ln -s nowhere .git' 'ln -s .git .git' 'mkdir .git' \
		'echo gitdir: .git >.git' 'echo gitdir: ../other/.git >.git' \
		'echo gitdir: nowhere >.git' 'echo gitdir: /nowhere >.git' ': >.git' \
		'echo gitdir: >.git' 'head -c 100000 /dev/zero >.git' 'ln -s /dev/zero .git' \
		'echo gitdir: nowhere >../file; ln -s ../file .git' \
		'echo nothing >../file; ln -s ../file .git' ': >../file; ln -s ../file .git' \
		'echo gitdir: .git >../file; ln -s ../file .git' \
		'head -c 100000 /dev/zero >../file; ln -s ../file .git'; do
		echo "$way"
		rm -rf repo/.git
		(cd repo && eval "$way")
		echo 'gitdir: ../repo/.git' >other/.git
		look repo
		[ "$status" -eq 3 ]
		grep -qF 'repo: cannot open the repository' ../errors
		look --history-only repo
		[ "$status" -eq 3 ]
	done
}

@test "where the main work tree has moved, the linked one is told" {
	leaking repo
	git -C repo worktree add -q ../linked
	echo locked >repo/.git/worktrees/linked/locked
	look linked
	both
	mv repo moved
	look --history-only linked
	[ "$status" -eq 3 ]
	grep -qF 'linked: cannot open the repository' ../errors
	look moved
	both
	rm -rf linked moved/.git/worktrees/linked/{HEAD,gitdir}
	look moved
	both
}

@test "a bare repository in a work tree is read, tracked or not; core.bare says whose it is" {
	made repo
	leaking other
	git clone -q --bare other repo/inner.git
	for state in untracked tracked; do
		[ "$state" = untracked ] || git -C repo add -f inner.git
		look repo
		[ "$status" -eq 1 ]
		says a '.git.summary == "first" and .exposure == "pushed"'
	done
	for bare in true:pushed false:committed nonsense:pushed; do
		git -C other config core.bare "${bare%:*}"
		look other
		both
		git -C repo/inner.git config core.bare "${bare%:*}"
		look repo/inner.git
		says a ".git.summary == \"first\" and .exposure == \"${bare#*:}\""
	done
}

# ---- formats ----

@test "formats that are not known are told" {
	templates
	set='git config core.repositoryFormatVersion 1 && git config'
	told "$set extensions.objectFormat sha256" 'it names objects by SHA-256'
	told "$set extensions.refStorage reftable" 'it keeps refs in a reftable'
	told "$set extensions.somethingNew true" 'an extension of git that is not known'
	told 'git config core.repositoryFormatVersion 2' 'newer than version 1'
	# As git itself leaves one: no refs but in the table.
	told "$set extensions.refStorage reftable && echo 'ref: refs/heads/.invalid' >HEAD &&
		rm -rf refs/* && echo 'this repository uses the reftable format' >refs/heads &&
		mkdir reftable && printf 'REFT' >reftable/x.ref" 'it keeps refs in a reftable'
	whole "$set extensions.worktreeConfig true && echo '[core]' >config.worktree"
	whole "$set extensions.preciousObjects true"
}

# ---- HEAD and refs ----

@test "HEAD in every spelling" {
	templates
	whole 'rm HEAD && ln -s refs/heads/main HEAD'
	whole 'rm HEAD && ln -s refs/heads/main HEAD && git pack-refs --all'
	run -0 hfscan --staged repo
	look --range HEAD~1..HEAD --history-only repo
	says b '.git.summary == "second" and .git.in_head'
	# A submodule's, and a repository that is nothing but a git directory.
	made around
	mkdir around/.git/modules
	mv repo/.git around/.git/modules/sub
	look --history-only around
	says a '.git.summary == "first"'
	[ ! -s ../errors ]
	look --history-only around/.git/modules/sub
	says a '.git.summary == "first"'
	rm -rf around
	whole 'printf "ref:\trefs/heads/main \r\n" >HEAD'
	whole 'git tag -a -m tag v1 && id=$(git rev-parse v1) && echo "$id" >HEAD'
	whole 'git symbolic-ref refs/heads/a refs/heads/main && git symbolic-ref HEAD refs/heads/a'
	told ': >HEAD' 'HEAD: is broken'
	told 'echo garbage >HEAD' 'HEAD: is broken'
	told 'rm HEAD && ln -s nowhere HEAD' 'repo: cannot open the repository'
	told 'git pack-refs --all && rm HEAD && ln -s refs/heads/ma HEAD && echo x >packed-refs' 'packed-refs: is broken'
	told 'rm HEAD' 'repo: cannot open the repository'
	told 'rm HEAD && mkdir HEAD' 'repo: cannot open the repository'
	told 'printf "%040d\n" 1 >HEAD' 'missing from the repository'
	# Not there yet, or in a ring: all that is there is read.
	for head in refs/heads/none refs/heads/ring ../../../other; do
		bend leaking "echo 'ref: refs/heads/ring' >refs/heads/ring && echo 'ref: $head' >HEAD"
		look --history-only repo
		[ ! -s ../errors ]
		says a '.git.summary == "first" and .exposure == "committed"'
		says b '.git.summary == "second" and (.git.in_head | not)'
	done
}

@test "refs that stand for others, as texts and as links, and what they name" {
	templates
	for links in false true; do
		set="git config core.preferSymlinkRefs $links"
		whole "$set && git symbolic-ref refs/heads/alias refs/heads/main && git pack-refs --all"
		whole "$set && git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main"
		told "$set && : >refs/heads/alias" 'is broken'
		# Only the alias names what is not there; a name that is there is one place.
		bend clean "$set && git symbolic-ref refs/heads/alias refs/heads/$(token a) &&
			git branch $(token b) && git symbolic-ref refs/heads/other refs/heads/$(token b)"
		look --history-only repo
		[ ! -s ../errors ]
		for name in a b; do
			says "$name" '.git.where == "ref-name" and .exposure == "committed"'
		done
		[ "$(grep -c ref-name ../report)" -eq 2 ]
	done
	bend clean "git config core.preferSymlinkRefs true && git symbolic-ref HEAD refs/heads/$(token a)"
	look --history-only repo
	says a '.git.where == "ref-name"'
}

@test "what is in HEAD by way of a tag is not staged" {
	leaking repo
	git -C repo tag -a -m tag v1
	id=$(git -C repo rev-parse v1)
	echo "$id" >repo/.git/HEAD
	look --no-history repo
	says b '.exposure == "committed"'
	run -0 hfscan --staged repo
}

@test "packed refs in every disorder" {
	templates
	pack='git branch x HEAD~1 && git tag -a -m tag v1 && git pack-refs --all'
	whole "$pack && sed -i 's/\$/\r/' packed-refs"
	whole "$pack && sed -i '/^#/d' packed-refs"
	whole "$pack && sort -r packed-refs -o packed-refs"
	whole "$pack && sed -i 's/^^.*/^$(printf '%040d' 1)/' packed-refs"
	told "$pack && truncate -s -9 packed-refs" 'packed-refs: is broken'
	told "$pack && echo >>packed-refs" 'packed-refs: is broken'
	told "$pack && : >refs/heads/main" 'refs/heads/main: is broken'
	told 'git pack-refs --all && sed -i "s/^[0-9a-f]*/$(printf %040d 1)/" packed-refs' \
		'missing from the repository'
}

@test "names of 4,000 bytes and of a thousand folders; a hundred thousand refs" {
	leaking repo
	id=$(git -C repo rev-parse HEAD)
	python3 - "$id" "$(token c)" "$(token d)" >repo/.git/packed-refs <<-'END'
		import sys
		print(sys.argv[1], "refs/heads/" + "a" * 4000 + "/" + sys.argv[2])
		print(sys.argv[1], "refs/heads/" + "d/" * 1000 + sys.argv[3])
		for i in range(100000):
		    print(sys.argv[1], f"refs/changes/{i:06}/head")
	END
	look --history-only repo
	[ ! -s ../errors ]
	says a '.git.summary == "first"'
	says c '.git.where == "ref-name"'
	says d '.git.where == "ref-name"'
	deep=repo/.git/refs/heads/$(python3 -c 'print("d/" * 1000)')
	mkdir -p "$deep"
	look --history-only repo
	grep -qF 'lies too deep' ../errors
}

# ---- objects of every make ----

blob()
{
	token "$1" | git -C repo hash-object -w --stdin
}

@test "trees with entries of any order, mode and name" {
	made repo
	row=0
	while read -r names; do
		eval "set -- $names"
		row=$((row + 1))
		git -C repo update-ref refs/heads/main "$(git -C repo commit-tree -m "tree $row" "$(tree "$@")")"
		look --history-only repo
		[ "$status" -eq 1 ]
		[ ! -s ../errors ]
		for name in a b; do
			says "$name" ".git.summary == \"tree $row\" and .exposure == \"committed\" and .git.in_head"
		done
		git -C repo reflog expire --expire=now --all
		git -C repo prune --expire=now
	done <<-'END'
		"100644 f $(blob a)" "100644 f $(blob b)" "100644 f $(blob a)"
		"100644 z $(blob a)" "40000 m $(tree "100644 k $(blob b)")" "100644 B $(blob a)"
		"000000 a $(blob a)" "140000 b $(blob b)" "777777 c $(blob b)"
		"120000 link $(blob a)" "100755 x $(blob b)" "160000 sub 0123456789012345678901234567890123456789"
		"100644 .git $(blob a)" "100644 .. $(blob b)" "40000 . $(tree "100644 ../../x $(blob a)")"
		"40000 .git $(tree "100644 config $(blob a)")" "100644 a/b $(blob b)"
	END
	for entry in '100644 ' '0 f' '777777777777 f' '100x44 f'; do
		id=$(tree "$entry $(blob a)")
		git -C repo update-ref refs/heads/main "$(git -C repo commit-tree -m none "$id")"
		look --history-only repo
		[ "$status" -eq 1 ]
		grep -qF "$id: it is a broken tree" ../errors
	done
}

# commit_of NAME HEADERS [MESSAGE]: on a branch of that name, with that token in its tree.
commit_of()
{
	{
		printf 'tree %s\n' "$(tree "100644 $1.py $(blob "$1")")"
		printf '%b' "$2"
		printf '\n%b\n' "${3-words}"
	} >made
	git -C repo update-ref "refs/heads/$1" "$(git -C repo hash-object -t commit -w --literally "$PWD/made")"
}

@test "commits with absurd dates, encodings, people, parents and messages" {
	made repo
	main=$(git -C repo rev-parse main)
	commit_of a "author A <a@b> 99999999999999999999999999 +9999\ncommitter A <a@b> -1 -9999\n"
	commit_of b 'author A <a@b>\ncommitter A <a@b> 99999999999 +0000\nencoding KLINGON-8\n' '\377\376'
	commit_of c 'author\ncommitter \n'
	commit_of d "parent $main\nparent $main\nparent $main\n" "words\0$(token t1)"
	commit_of e "$(for i in $(seq 100); do
		echo "parent $(git -C repo commit-tree -m "$i" -p "$main" "$main^{tree}")\\n"
	done | tr -d '\n')author A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n" octopus
	look --history-only repo
	[ "$status" -eq 1 ]
	[ ! -s ../errors ]
	for name in a b c d e; do
		tip=$(git -C repo rev-parse "$name")
		says "$name" ".git.commit == \"$tip\" and .exposure == \"committed\" and .path == \"$name.py\""
	done
	says t1 '.git.where == "commit-message" and .git.summary == "words"'
	commit_of f "parent $(printf '%040d' 1)\n"
	look --history-only repo
	says f '.exposure == "committed"'
	grep -qF "missing from the repository: 1, among them $(printf '%040d' 1)" ../errors
}

# ---- how objects are kept ----

@test "packs and indexes of which a part is lost" {
	templates
	repack='git repack -adq && chmod u+w objects/pack/*'
	whole "$repack && printf garbage >objects/info/commit-graph"
	whole 'git pack-objects -q objects/pack/pack </dev/null'
	whole "git pack-objects -q --all pack </dev/null && cp pack-*.idx objects/pack/"
	told "$repack && rm objects/pack/*.idx" 'has no index'
	told "$repack && rm objects/pack/*.pack" 'its pack is not here'
	told "$repack && : >\$(echo objects/pack/*.pack)" 'is no pack'
	told "$repack && : >\$(echo objects/pack/*.idx)" 'its index cannot be used'
	told "$repack && git multi-pack-index write && rm objects/pack/*.idx &&
		printf x | dd of=objects/pack/multi-pack-index bs=1 seek=12 conv=notrunc" 'lacks a part'
	told 'rm -rf objects/pack && ln -s nowhere objects/pack' 'objects/pack: cannot be listed'
	# Of an old file only the index tells; all that HEAD holds is there.
	told 'git rev-parse main~1:lab.py | git pack-objects -q objects/pack/pack &&
		git prune-packed && rm objects/pack/*.pack' 'its pack is not here'
}

@test "folders and packs that are links" {
	templates
	away='mkdir ../../away && mv'
	whole "rm -rf ../../away; mv objects ../../away && ln -s ../../away objects"
	whole "rm -rf ../../away; git repack -adq && $away objects/pack/* ../../away/ &&
		for f in ../../away/*; do ln -s ../../../../away/\${f##*/} objects/pack/; done"
	whole "rm -rf ../../away; git repack -adq && mv objects/pack ../../away &&
		ln -s ../../../away objects/pack"
	whole "rm -rf ../../away; $away objects/[0-9a-f]? ../../away/ &&
		for f in ../../away/*; do ln -s ../../../away/\${f##*/} objects/; done"
}

@test "loose objects after a power cut, of no type, under names that are not theirs" {
	templates
	aa=objects/aa/$(printf '%038d' 1)
	told "mkdir -p objects/aa && : >$aa" "object aa$(printf '%038d' 1)"
	told 'echo x | git hash-object -t nonsense -w --literally --stdin' 'it is no object'
	told 'mkdir -p objects/aa && cp -R objects/pack '"$aa" 'is no regular file'
	bend clean "mkdir -p objects/aa && id=\$(token c | git hash-object -w --stdin) &&
		mv objects/\${id:0:2}/\${id:2} $aa"
	look --history-only repo
	[ "$status" -eq 1 ]
	says c .
	grep -qF 'its contents are not those its name stands for' ../errors
	# And a folder for every two digits, with what is no object in each.
	whole 'mkdir -p objects/{0,1,2,3,4,5,6,7,8,9,a,b,c,d,e,f}{0,1,2,3,4,5,6,7,8,9,a,b,c,d,e,f} &&
		for d in objects/??; do : >$d/tmp_obj_x; : >$d/zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz; done'
}

@test "pipes, sockets and devices in .git hold nothing up" {
	templates
	for file in FETCH_HEAD COMMIT_EDITMSG info/grafts logs/pipe config.worktree hooks/pipe \
		worktrees modules commondir objects/info/commit-graph; do
		rm -rf "../leaking/.git/$file"
		mkfifo "../leaking/.git/$file"
	done
	whole 'python3 -c "import socket; socket.socket(socket.AF_UNIX).bind(\"logs/socket\")"'
	told 'rm -rf objects/11 && mkfifo objects/11' 'objects/11: cannot be listed'
	told 'mkfifo refs/tags/pipe' 'refs/tags/pipe: is no regular file'
	told 'python3 -c "import socket; socket.socket(socket.AF_UNIX).bind(\"refs/tags/socket\")"' \
		'refs/tags/socket: cannot be opened'
	told 'ln -s /dev/zero refs/tags/zero' 'refs/tags/zero: is no regular file'
}

@test "what may not be read is told" {
	made repo
	for name in objects objects/pack refs refs/heads logs packed-refs HEAD config info shallow; do
		touch repo/.git/packed-refs repo/.git/shallow
		chmod 000 "repo/.git/$name"
		echo "$name"
		run powerless timeout 60 "$HFSCAN" --history-only repo
		chmod 755 "repo/.git/$name"
		[ "$status" -eq 3 ]
		[[ $output == *".git/$name"* ]]
	done
}

@test "borrowed from one after another, as far as git follows" {
	git init -q r1
	plant a r1/lab.py
	git -C r1 add .
	git -C r1 commit -q -m first
	for i in 2 3 4 5 6 7 8; do
		made "r$i"
		echo "$PWD/r$((i - 1))/.git/objects" >"r$i/.git/objects/info/alternates"
	done
	git -C r7 cat-file -e "$(git -C r1 rev-parse HEAD)"
	look --history-only r7
	[ ! -s ../errors ]
	says a '.git.summary == "first"'
	run git -C r8 cat-file -e "$(git -C r1 rev-parse HEAD)"
	[ "$status" -ne 0 ]
	look --history-only r8
	[ "$status" -eq 3 ]
	grep -qF "$PWD/r1/.git/objects: borrowed from over too many repositories" ../errors
}

# lend COUNT: makes submodules m1, m2, ... of repo, each of which borrows from all others, and
# the last of which holds a token.
lend()
{
	made repo
	git init -q --bare m
	mkdir repo/.git/modules
	for i in $(seq "$1"); do
		cp -R m "repo/.git/modules/m$i"
	done
	git -C "repo/.git/modules/m$1" update-ref refs/heads/main \
		"$(git -C "repo/.git/modules/m$1" commit-tree -m "$(token a)" 4b825dc642cb6eb9a060e54bf8d69288fbee4904)"
	for i in $(seq "$1"); do
		seq -f "../../m%g/objects" "$1" | sed "${i}d" >"repo/.git/modules/m$i/objects/info/alternates"
	done
}

@test "of repositories that all borrow from each other none is too far" {
	lend 9
	look --history-only repo
	[ "$status" -eq 1 ]
	[ ! -s ../errors ]
	says a '.git.where == "commit-message" and .exposure == "committed"'
	# Only by a way that is too long for git, then by a short one, too.
	for i in $(seq 9); do
		echo "../../m$((i + 1))/objects" >"repo/.git/modules/m$i/objects/info/alternates"
	done
	rm repo/.git/modules/m9/objects/info/alternates
	look --history-only repo/.git/modules/m1
	[ "$status" -eq 3 ]
	grep -qF 'm8/objects: borrowed from over too many repositories' ../errors
	echo "../../m5/objects" >>repo/.git/modules/m1/objects/info/alternates
	look --history-only repo/.git/modules/m1
	[ ! -s ../errors ]
	says a .
}

@test "what borrows from hundreds of repositories is told once" {
	lend 140
	look --history-only repo/.git/modules/m1
	[ "$status" -eq 3 ]
	[ "$(cat ../errors)" = "hfscan: $PWD/repo/.git/modules/m1/objects: borrows from too many repositories: not all were read" ]
	yes ../../m2/objects | head -5000 >repo/.git/modules/m1/objects/info/alternates
	rm repo/.git/modules/m2/objects/info/alternates
	look --history-only repo/.git/modules/m1
	[ "$status" -eq 3 ]
	grep -qF 'borrows from too many repositories' ../errors
}

@test "the tree of nothing is there without being stored" {
	git init -q repo
	git -C repo update-ref HEAD "$(git -C repo commit-tree -m 'begin' 4b825dc642cb6eb9a060e54bf8d69288fbee4904)"
	look --history-only --check-connectivity repo
	[ "$status" -eq 0 ]
	plant a repo/lab.py
	git -C repo add .
	git -C repo commit -q -m first
	look --history-only repo
	[ ! -s ../errors ]
	says a '.git.summary == "first"'
}

@test "submodules within submodules, whoever reads them" {
	leaking inner
	git config --global protocol.file.allow always
	for pair in "middle inner" "outer middle"; do
		read -r around within <<<"$pair"
		made "$around"
		for name in c a b; do
			git -C "$around" submodule --quiet add "$PWD/$within" "$name"
		done
		git -C "$around" commit -q -m around
	done
	git -C outer submodule --quiet update --init --recursive
	for again in 1 2 3 4 5; do
		look --history-only outer
		[ "$status" -eq 1 ]
		says a '.git.summary == "first" and .exposure == "pushed"'
	done
}
