#!/usr/bin/env bats
# The history of repositories of every shape (repos.sh), held to what git and a
# plain search find in them (reference.py).
load ../cli/helper

# history SHAPE [OPTION]...: builds that shape and scans it, with one thread and
# with eight, which must say the same; leaves report, errors and status.
history()
{
	sh "$BATS_TEST_DIRNAME/repos.sh" "$1" .
	shift
	scan repo "$@"
}

scan()
{
	status=0 again=0
	hfscan --history-only -f jsonl -j 1 "$@" >report 2>errors || status=$?
	hfscan --history-only -f jsonl -j 8 "$@" >report8 2>errors8 || again=$?
	diff <(without_seconds <report) <(without_seconds <report8)
	diff errors errors8
	[ "$status" -eq "$again" ]
}

# as_git_says [REPO]...: the report holds what these do, and nothing else.
as_git_says()
{
	[ $# -gt 0 ] || set -- repo
	[ ! -d reference ] || set -- reference
	python3 "$BATS_TEST_DIRNAME/compare.py" "$@" <report
}

# leaks SHAPE [REPO]...: most shapes: all is read, and there is a leak.
leaks()
{
	history "$1"
	shift
	[ "$status" -eq 1 ]
	[ ! -s errors ]
	as_git_says "$@"
}

# says NAME FILTER: of some finding of that token, FILTER is true.
says()
{
	jq -es --arg fingerprint "$(token "$1" | sha256sum | cut -c 1-32)" \
		"[.[] | select(.secret.fingerprint == \$fingerprint)] | any($2)" report >/dev/null ||
		{ echo "$1: not $2"; false; }
}

# always NAME FILTER: it is found, and FILTER is true wherever it is.
always()
{
	says "$1" true
	! says "$1" "($2) | not" >/dev/null || { echo "$1: not always $2"; false; }
}

# incomplete TEXT: the run is, and says so with these words in both places.
incomplete()
{
	grep -qF -- "$1" errors
	jq -es --arg text "$1" 'any(.incomplete.what? // "" | contains($text))' report >/dev/null
}

never()
{
	run says "$1" true
	[ "$status" -ne 0 ]
}

# unreadable SHAPE [OPTION]...: the object that is not there is named, and it is not green.
unreadable()
{
	history "$@"
	[ "$status" -eq 3 ]
	incomplete "$(cat missing)"
}

commit_of()
{
	git -C repo log --all --format=%H --grep "^$1\$" | head -n 1
}

# ---- what happened ----

@test "a history that holds nothing is clean and complete" {
	history clean
	[ "$status" -eq 0 ]
	[ ! -s errors ]
	[ "$(wc -l <report)" -eq 1 ]
	as_git_says
}

@test "a repository without commits is clean and complete" {
	history empty
	[ "$status" -eq 0 ]
	[ ! -s errors ]
	as_git_says
}

@test "a leak that was removed is found, with who brought it in and what removed it" {
	leaks plain
	always a ".git.commit == \"$(commit_of 'first lab')\" and .git.author == \"Student\""
	always a ".git.removed == \"$(commit_of 'no token any more')\" and .git.in_head == false"
	always b '.git.in_head and .git.removed == null and .exposure == "committed"'
}

@test "merges: what came with a side, what came with none, and what came back" {
	leaks merges
	always b ".git.commit == \"$(commit_of right)\""
	always c ".git.commit == \"$(commit_of 'evil merge')\""
	always c ".git.removed == \"$(commit_of 'and gone again')\""
}

@test "stashes are committed, whatever part of one it is and however many there are" {
	leaks stash
	for name in a b c d e; do
		says "$name" '.exposure == "committed"'
	done
	says e '.git.where == "commit-message"'
	says e '.git.where == "reflog"'
}

@test "what an amended commit held is still there, and unreachable" {
	leaks amended
	always a '.exposure == "unreachable"'
	always b ".exposure == \"committed\" and .git.commit == \"$(commit_of second)\""
	always lost '.git.commit == null and .exposure == "unreachable"'
}

@test "a file that was renamed and copied has all its paths" {
	leaks renames
	always a '.git.paths == 7 and .git.in_head and .path == "lab copy (1).py"'
	always a ".git.commit == \"$(commit_of first)\""
}

@test "of a folder that is in six hundred others the same path is named every time" {
	git init -q repo
	for i in $(seq 600); do
		mkdir -p "repo/$i/lab"
		echo "$i" >"repo/$i/other"
	done
	plant a repo/1/lab/keys.py
	for i in $(seq 2 600); do
		cp repo/1/lab/keys.py "repo/$i/lab/"
	done
	git -C repo add .
	git -C repo -c gc.auto=0 commit -q -m copies
	for again in 1 2 3 4 5; do
		scan repo
	done
	[ "$status" -eq 1 ]
}

@test "what is only in the index is staged" {
	leaks staged
	always a '.exposure == "staged" and .path == "lab.py" and .git.commit == null'
}

@test "any history: parents, times, renames and refs at random (1)" {
	leaks random1
}

@test "any history: parents, times, renames and refs at random (2)" {
	leaks random2
}

@test "any history: parents, times, renames and refs at random (3)" {
	leaks random3
}

# ---- places other than files ----

@test "names of files and folders in the refs' tips" {
	leaks names
	says a '.git.where == "path" and .git.in_head'
	says b '.git.where == "path"'
	says c '.git.where == "path" and .git.in_head == false'
	says d '.git.where == "path"'
	never e
	says t1 ".git.commit == \"$(commit_of 'moved, and only on the other branch')\""
	# Two names in one folder, each with a commit of its own.
	says t2 ".git.commit == \"$(commit_of 'moved, and only on the other branch')\""
	says t3 ".git.commit == \"$(commit_of 'a second name')\""
}

@test "--all-names: names in every commit" {
	history names --all-names
	says e '.git.where == "path" and .exposure == "committed"'
}

@test "messages, people, branches and tags" {
	leaks messages
	says a '.git.where == "commit-message" and .line == 7'
	says b '.git.where == "commit-message"'
	says c '.git.where == "author"'
	says d '.git.where == "author"'
	says e '.git.where == "ref-name" and .path == null or (.path | contains("refs/heads/fix/"))'
	says t1 '.git.where == "ref-name"'
	says t2 '.git.where == "commit-message"'
	says t3 '.git.where == "commit-message"'
}

@test "tags: of tags, of a blob, of a tree, and one that was deleted" {
	leaks tags
	says b '.git.where == "tag-message" and .exposure == "committed"'
	says c '.git.where == "author"'
	says d '.git.where == "tag-message"'
	always e '.exposure == "committed" and .git.commit == null'
	always t1 '.exposure == "committed"'
	always t2 '.exposure == "committed" and .path == "deep.py"'
	always t3 '.exposure == "unreachable"'
}

@test "notes, those before too" {
	leaks notes
	always a '.exposure == "committed" and .git.in_head == false'
}

@test "replaced objects, and what replaces them" {
	leaks replaced
	always e '.exposure == "committed"'
	says d '.git.where == "commit-message" and .git.in_head'
}

@test "grafts hide nothing" {
	leaks grafted
}

# ---- how far it got ----

@test "refs of pull and merge requests, and what maintenance fetched ahead, were pushed" {
	leaks pull_refs
	always a '.exposure == "pushed"'
	always b '.exposure == "pushed"'
	always d '.exposure == "pushed"'
	always c '.exposure == "committed"'
}

@test "commits ahead of the remote are committed, those behind pushed" {
	leaks remote_tracking
	always a '.exposure == "pushed"'
	always b '.exposure == "committed"'
	always c '.exposure == "pushed"'
}

@test "what was force-pushed away was pushed" {
	leaks force_pushed
	always d '.exposure == "pushed"'
	always e '.exposure == "pushed"'
}

@test "in a bare repository what a ref reaches is pushed" {
	leaks bare
	always a '.exposure == "pushed" and .git.in_head == false'
	always b '.exposure == "pushed" and .git.in_head'
	always lost '.exposure == "unreachable"'
}

# ---- how it is kept ----

@test "delta chains of 50" {
	leaks deltas
}

@test "a token cut at each of its places by copies and inserts" {
	leaks splits
	# Some of the pieces that are copied from stand in two lines, and add up, too.
	[ "$(jq -s 'map(select(.rule and (.decoded | not))) | length' report)" -eq 143 ]
}

@test "the same in messages of commits and tags, and in names" {
	leaks splits_elsewhere
	for pair in "a commit-message" "b tag-message" "c path"; do
		read -r name where <<<"$pair"
		always "$name" ".git.where == \"$where\" and .exposure == \"committed\""
		[ "$(grep -c "$(token "$name" | sha256sum | cut -c 1-32)" report)" -ge 143 ]
	done
}

@test "many packs and loose objects" {
	leaks packs_and_loose
}

@test "the same object in several packs and loose is one" {
	leaks duplicates
	[ "$(grep -c '"rule"' report)" -eq 5 ]
}

@test "a history in packs of limited size" {
	leaks many_packs
	[ "$(find repo/.git/objects/pack -name '*.pack' | wc -l)" -gt 2 ]
}

@test "packs that only a multi-pack-index knows" {
	leaks midx
	[ "$(find repo/.git/objects/pack -name '*.idx' | wc -l)" -eq 1 ]
	says late true
}

@test "indexes of version 1" {
	leaks idx_v1
}

@test "deltas that name their base" {
	leaks ref_deltas
}

@test "deltas of both kinds in one pack" {
	leaks reused_deltas
}

@test "objects borrowed from one who borrows" {
	leaks alternates
}

@test "objects borrowed by way of quoted paths" {
	leaks alternates_quoted
	[ "$(grep -c '"rule"' report)" -eq 5 ]
}

@test "what is borrowed got as far as in the repository that lends it" {
	leaks lent
	always b '.exposure == "committed" and .git.in_head == false'
	always c '.exposure == "pushed"'
	always d '.exposure == "committed"'
	always t1 '.exposure == "pushed"'
	always lost '.exposure == "unreachable"'
	# The lender's branches are none of ours: what was begun anew has no HEAD yet.
	git -C repo checkout -q --orphan later
	scan repo
	as_git_says
	always b '.git.in_head == false'
}

@test "a git directory apart from its work tree is no server's" {
	leaks lent_separate
	always a '.exposure == "pushed"'
	always b '.exposure == "committed" and .git.in_head == false'
	# Nor where it is named itself.
	scan kept
	as_git_says kept
	always a '.exposure == "committed"'
	always b '.exposure == "committed"'
}

@test "repositories that borrow from each other and from themselves" {
	leaks alternates_loop
}

@test "cruft packs" {
	leaks cruft
	[ -n "$(find repo/.git/objects/pack -name '*.mtimes')" ]
	always lost '.exposure == "unreachable"'
}

@test "packed refs, and tags that they peel" {
	leaks packed_refs
	says t4 '.git.where == "ref-name"'
}

@test "binary, long and empty blobs" {
	leaks binary
	[ "$(grep -c '"rule"' report)" -eq 4 ]
}

# ---- clones and work trees ----

@test "a shallow clone is scanned as far as it goes, and never green" {
	history shallow
	[ "$status" -eq 1 ]
	incomplete 'git fetch --unshallow'
	as_git_says
	always b ".git.commit == \"$(commit_of keys)\""
}

@test "a shallow clone that holds no leak is incomplete" {
	history shallow_clean
	[ "$status" -eq 3 ]
	incomplete 'git fetch --unshallow'
	[ "$(wc -l <errors)" -eq 1 ]
	run hfscan --history-only --allow-incomplete repo
	[ "$status" -eq 0 ]
	run hfscan --no-history repo
	[ "$status" -eq 0 ]
}

@test "a partial clone is scanned as far as it goes, and never green" {
	history partial
	[ "$status" -eq 1 ]
	incomplete 'git fetch'
	as_git_says
}

@test "a partial clone that holds no leak is incomplete" {
	history partial_clean
	[ "$status" -eq 3 ]
	incomplete 'git fetch'
	run hfscan --history-only --allow-incomplete repo
	[ "$status" -eq 0 ]
	run hfscan --no-history repo
	[ "$status" -eq 0 ]
}

@test "a linked work tree has all of the history, and a HEAD of its own" {
	leaks worktree
	always b '.git.in_head == false and .exposure == "committed"'
	always c '.exposure == "committed"'
	always d '.git.in_head'
}

@test "the commits asked for are those of the repository that is named" {
	sh "$BATS_TEST_DIRNAME/repos.sh" submodule .
	for option in "--branch HEAD" "--range HEAD~1.." "--since-commit HEAD~1"; do
		# shellcheck disable=SC2086
		scan $option repo
		[ ! -s errors ]
		never c
		# shellcheck disable=SC2086
		hfscan -v $option repo >report.txt || true
		grep -qF "repo/vendor/library/: its history is left out" report.txt
	done
	scan --branch HEAD repo/vendor/library
	[ "$status" -eq 1 ]
	always c '.exposure == "pushed"'
	run --separate-stderr hfscan --branch nowhere repo
	[ "$status" -eq 2 ]
	[ "$stderr" = "hfscan: repo: there is no commit called nowhere" ]
}

@test "a submodule that is not checked out is noted where commits are asked for" {
	sh "$BATS_TEST_DIRNAME/repos.sh" submodule .
	git clone -q repo fresh
	hfscan -v --range HEAD~1.. fresh >report.txt || true
	grep -qF "fresh/vendor/library: is a submodule that is not checked out" report.txt
	# Its repository may be here all the same.
	git -C repo submodule deinit -q -f vendor/library
	hfscan -v --range HEAD~1.. repo >report.txt || true
	grep -qF "repo/vendor/library: is a submodule that is not checked out" report.txt
	grep -qF ".git/modules/vendor/library/: its history is left out" report.txt
	hfscan -v --range HEAD~1.. repo 2>&1 | grep -c "left out" | grep -qx 1
}

@test "of several repositories the ones that have the commits asked for are scanned" {
	sh "$BATS_TEST_DIRNAME/repos.sh" submodule .
	git -C library branch topic
	run --separate-stderr hfscan --branch topic -f jsonl repo library
	[ "$status" -eq 1 ]
	[ "$stderr" = "hfscan: repo: there is no commit called topic" ]
	grep -q "$(token c | sha256sum | cut -c 1-32)" <<<"$output"
}

@test "what is staged in any work tree is staged, whichever is scanned" {
	leaks staged_elsewhere
	always a '.exposure == "staged" and .path == "topic.py"'
	always b '.exposure == "staged" and .path == "gone.py"'
	always c '.exposure == "staged" and .path == "main.py"'
	scan topic
	[ "$status" -eq 1 ]
	as_git_says topic
	always a '.exposure == "staged"'
	always b '.exposure == "staged"'
	always c '.exposure == "staged"'
}

@test "what is staged in a work tree of a bare repository is staged" {
	leaks staged_of_bare
	always a '.exposure == "staged" and .path == "topic.py"'
}

@test "a submodule's history is part of it" {
	leaks submodule repo repo/.git/modules/vendor/library
	always c '.exposure == "pushed" and .git.in_head == false'
}

# ---- broken ones ----

@test "a blob that is missing from a tip is named" {
	unreadable missing_blob
}

@test "a tree that is missing from a tip is named" {
	unreadable missing_tree
}

@test "a commit that is missing behind a tip is named" {
	unreadable missing_commit
}

@test "a ref that names what is not there is named" {
	unreadable broken_ref
}

@test "what is missing behind a tag of a tag is named, and not the tag" {
	unreadable missing_tagged
	incomplete "missing from the repository: 1, among them $(cat missing)"
}

@test "a blob that cannot be inflated is named" {
	unreadable broken_blob
}

@test "an archive that cannot be read is named by its object, and so is its member" {
	git init -q repo
	cd repo
	seq 3000 | gzip >numbers.gz
	plant a lab.py
	zip -q -P pw crypt.zip lab.py
	rm lab.py
	head -c 2000 numbers.gz >cut.gz
	tar -czf outer.tgz crypt.zip
	git add cut.gz crypt.zip outer.tgz
	git commit -q -m archives
	git rev-parse HEAD:cut.gz HEAD:crypt.zip HEAD:outer.tgz >../names
	git rm -q cut.gz crypt.zip outer.tgz
	git commit -q -m gone
	git gc -q
	cd ..
	scan repo
	[ "$status" -eq 3 ]
	[ "$(wc -l <errors)" -eq 3 ]
	{
		read -r cut
		read -r crypt
		read -r outer
	} <names
	incomplete "object $cut: is damaged"
	incomplete "object $crypt!/lab.py: is encrypted"
	incomplete "object $outer!/crypt.zip!/lab.py: is encrypted"
	run -3 hfscan --lang es --history-only -q repo
	[[ $output == *"objeto $crypt!/lab.py: está cifrado"* ]]
}

@test "a blob that is missing behind the tips is named with --check-connectivity" {
	unreadable missing_old_blob --check-connectivity
}

@test "what is missing is counted once, however many folders name it, whatever thread sees it" {
	git init -q repo
	for folder in $(seq 1 300); do
		mkdir "repo/$folder"
		for file in $(seq 1 20); do
			echo "$(((folder * 7 + file * 31) % 700))" >"repo/$folder/$file"
		done
	done
	git -C repo add .
	git -C repo commit -q -m 'many folders'
	git -C repo ls-tree -r HEAD | awk '{ print $3 }' | sort -u >blobs
	while read -r id; do
		rm "repo/.git/objects/${id:0:2}/${id:2}"
	done <blobs
	scan repo
	[ "$status" -eq 3 ]
	incomplete "missing from the repository: $(wc -l <blobs), among them $(head -n 1 blobs)"
}

@test "a repository in SHA-256 format is refused in one line" {
	history sha256
	[ "$status" -ge 2 ]
	[ "$(wc -l <errors)" -eq 1 ]
	grep -q SHA-256 errors
}

@test "nothing that a repository names is run, and no remote is asked" {
	history traps
	[ "$status" -eq 1 ]
	[ ! -e ran ]
	as_git_says
	run hfscan repo
	[ "$status" -eq 1 ]
	[ ! -e ran ]
	# They would act.
	git -C repo status || true
	[ -e ran ]
}

@test "settings that include a broken file hide nothing" {
	leaks includes
	run git -C repo status
	[ "$status" -ne 0 ]
	# All of it, with the files, and with what is asked of libgit2.
	scan --branch HEAD repo
	[ "$status" -eq 1 ]
	scan --range "HEAD~1..HEAD" repo
	[ ! -s errors ]
	run hfscan -f jsonl repo
	[ "$status" -eq 1 ]
	[[ $output == *'"in_head":true'* ]]
	hfscan --staged repo
}

@test "nothing that a repository includes acts, what it says itself does" {
	sh "$BATS_TEST_DIRNAME/repos.sh" plain .
	plant e repo/new.py
	echo '*.py' >all
	printf '[core]\n\texcludesFile = %s\n\trepositoryFormatVersion = 9\n' "$PWD/all" >hidden
	for name in include.path "includeIf.gitdir:**.path"; do
		git -C repo config "$name" "$PWD/hidden"
		run --separate-stderr hfscan --no-history -f jsonl repo
		[ "$status" -eq 1 ]
		[[ $output == *'"path":"new.py"'* ]]
		[ -z "$stderr" ]
		git -C repo config --unset "$name"
	done
	git -C repo config core.excludesFile "$PWD/all"
	run hfscan --no-history -f jsonl repo
	[[ $output != *'"path":"new.py"'* ]]
	# And what the user includes.
	git -C repo config --unset core.excludesFile
	printf '[core]\n\texcludesFile = %s\n' "$PWD/all" >mine
	git config --global "includeIf.gitdir:$PWD/.path" "$PWD/mine"
	run hfscan --no-history -f jsonl repo
	[[ $output != *'"path":"new.py"'* ]]
}

@test "a configuration that is broken, or a pipe, hides nothing and is never green" {
	sh "$BATS_TEST_DIRNAME/repos.sh" plain .
	printf '[core]\n\tfoo = "bar\n' >>repo/.git/config
	scan repo
	[ "$status" -eq 1 ]
	incomplete "is broken, at or before line"
	[ "$(wc -l <errors)" -eq 1 ]
	sh "$BATS_TEST_DIRNAME/repos.sh" clean clean
	rm clean/repo/.git/config
	mkfifo clean/repo/.git/config
	for option in "" --no-history --history-only --staged; do
		# shellcheck disable=SC2086
		run --separate-stderr hfscan $option clean/repo
		[ "$status" -eq 3 ]
		[[ $stderr == *".git/config: is no regular file"* ]]
	done
}

@test "git itself is not needed, and a scan changes nothing" {
	sh "$BATS_TEST_DIRNAME/repos.sh" partial .
	find repo -type f -exec sha256sum {} + | sort >before
	mkdir nothing
	timeout 60 env PATH="$PWD/nothing" "$HFSCAN" --history-only -q repo || [ $? -eq 1 ]
	find repo -type f -exec sha256sum {} + | sort >after
	diff before after
}

@test "the history of a repository that another user owns is scanned" {
	[ "$(id -u)" -eq 0 ] || skip "only root can give files away"
	sh "$BATS_TEST_DIRNAME/repos.sh" plain .
	chown -R 65534 repo
	scan repo
	[ "$status" -eq 1 ]
	says a true
}
