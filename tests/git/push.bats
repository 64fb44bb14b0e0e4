#!/usr/bin/env bats
# The gates of a push, as the real git calls them at both ends.
bats_require_minimum_version 1.5.0
load ../cli/helper
load gates

# A repository with one commit that its remote has, and the gate of a push.
begin()
{
	git init -q --bare ../remote.git
	git init -q
	git commit -q --allow-empty -m first
	git remote add origin ../remote.git
	git push -q origin main
	gate pre-push
}

# commit NAME [FILE]: a commit with a token in a file.
commit()
{
	plant "$1" "${2-$1.py}"
	git add -A
	git commit -qm "add $1"
}

# The same at the server.
begin_server()
{
	git init -q --bare ../remote.git
	gate pre-receive ../remote.git
	git init -q
	git remote add origin ../remote.git
}

remote_has() { git -C ../remote.git rev-parse -q --verify "$1^{}" >/dev/null; }
remote_lacks() { remote_has "$1" && return 1 || return 0; }

# ---- pre-push ----

@test "a push with a token is stopped, one without is not heard of" {
	begin
	echo clean >a.py
	git add .
	git commit -qm clean
	run -0 git push -q origin main
	[ -z "$output" ]
	commit a
	stopped git push -q origin main
	[[ $stderr == *"push stopped"*"a.py:1:8"*"$(git rev-parse --short=12 HEAD)"* ]]
	remote_lacks "$(git rev-parse HEAD)"
}

@test "a commit that deletes it again does not help, one that never had it does" {
	begin
	commit a
	git rm -q a.py
	git commit -qm delete
	stopped git push -q origin main
	git reset -q --hard HEAD~2
	git commit -q --allow-empty -m else
	run -0 git push -q origin main
}

@test "what the remote has is not judged again" {
	begin
	commit a
	git push -q --no-verify origin main
	echo more >>a.py
	echo x >x
	git add .
	git commit -qm "the token stays, in a file that changes"
	stopped git push -q origin main # a new blob
	git checkout -q HEAD~1 -- a.py
	git commit -q --amend -m "x only"
	run -0 git push -q origin main
	git mv a.py b.py
	git commit -qm move
	run -0 git push -q origin main
	git commit -q --allow-empty -m more
	run -0 git push -q origin main:new # there is no commit before it to go by
}

@test "a branch at an old commit brings nothing, whatever that says" {
	begin
	git commit -q --allow-empty -m "$(token a)"
	commit b
	git tag -a -m "$(token c)" old HEAD
	git push -q --no-verify origin main old
	git commit -q --allow-empty -m more
	git push -q origin main
	for old in main main~1 main~2; do
		run -0 hfscan hook run pre-push origin x -v \
			<<<"$old $(git rev-parse $old) refs/heads/x $(printf '%040d' 0)"
		run -0 git push -q origin "$old:refs/heads/at-$RANDOM"
	done
	run -1 git push -q origin old:again # the tag's text is in no branch
}

@test "what comes back after it was taken out is stopped, and known to be public" {
	begin
	commit a
	git push -q --no-verify origin main
	git rm -q a.py
	git commit -qm "take it out"
	git push -q origin main
	commit a
	stopped git push -q origin main
	[[ $stderr == *"It was published before"* ]]
}

@test "a new branch, a tag and a branch deleted" {
	begin
	git checkout -qb side
	run -0 git push -q origin side
	commit a
	git tag light
	git checkout -q main
	stopped git push -q origin light
	run -0 git push -q origin :side
	stopped git push -q origin side
	run -0 git push -q origin main
}

@test "an annotated tag's message and the blob a tag names" {
	begin
	git tag -a v1 -m "token $(token a)"
	stopped git push -q origin v1
	[[ $stderr == *"in the message of a tag"*"git tag -d"* ]]
	plant b b
	git tag blob "$(git hash-object -w b)"
	stopped git push -q origin blob
	git tag -a -m nested nested blob
	stopped git push -q origin nested
	mkdir tree
	mv b tree
	git add tree
	git tag tree "$(git write-tree)"
	stopped git push -q origin tree
	git reset -q
	git tag -a v2 -m clean
	run -0 git push -q origin v2
}

@test "the names of what is pushed" {
	begin
	git branch "$(token a)"
	run -0 git push -q origin main
	stopped git push -q origin --all
	[[ $stderr == *"git branch -m"* ]]
	stopped git push -q origin "main:refs/heads/$(token b)"
	run -0 git push -q origin "$(token a):other"
}

@test "messages and authors of commits" {
	begin
	git commit -q --allow-empty -m "for $(token a)"
	stopped git push -q origin main
	[[ $stderr == *"in the message of commit"* ]]
	git reset -q --hard HEAD~1
	git commit -q --allow-empty --author "$(token b) <a@example.org>" -m x
	stopped git push -q origin main
}

@test "names of files, also of a commit in between" {
	begin
	mkdir d
	echo x >"d/$(token a)"
	git add .
	git commit -qm one
	git mv d/* d/clean
	git commit -qm two
	stopped git push -q origin main
	[[ $stderr == *"in the name"* ]]
}

@test "several refs in one push: one is enough" {
	begin
	git branch clean
	git checkout -qb dirty
	commit a
	stopped git push -q origin clean dirty
	remote_lacks clean
	remote_lacks dirty
	run -0 git push -q origin clean
}

@test "a forced push is judged by what it brings" {
	begin
	commit a
	git push -q --no-verify origin main
	git reset -q --hard HEAD~1
	git commit -q --allow-empty -m other
	run -0 git push -qf origin main
	git reset -q --hard HEAD@{2}
	git commit -q --amend -m again
	stopped git push -qf origin main
}

@test "another remote has other commits" {
	begin
	commit a
	git push -q --no-verify origin main
	git init -q --bare ../second.git
	git remote add second ../second.git
	stopped git push -q second main
	git push -q --no-verify second main
	git commit -q --allow-empty -m clean
	run -0 git push -q second main
	run -0 git push -q origin main
}

@test "of remotes a and a/b each counts for itself" {
	begin
	git init -q --bare ../b.git
	git config remote.origin/b.url ../b.git
	git config remote.origin/b.fetch "+refs/heads/*:refs/remotes/origin/b/*"
	commit a
	git push -q --no-verify origin/b main
	git update-ref refs/remotes/origin/b/main main
	stopped git push -q origin main
	run -0 git push -q origin/b main:other
}

@test "a URL without a name: all that it does not tell of itself" {
	begin
	commit a
	git push -q --no-verify origin main
	stopped git push -q "file://$PWD/../remote.git" main:other
	git commit -q --allow-empty -m clean
	run -0 git push -q "file://$PWD/../remote.git" main
}

@test "a remote that went on without us" {
	begin
	git clone -q ../remote.git ../other
	git -C ../other commit -q --allow-empty -m theirs
	git -C ../other push -q origin main
	git commit -q --allow-empty -m ours
	run -0 git push -qf origin main
	git -C ../other commit -q --allow-empty -m "theirs again"
	git -C ../other push -qf origin main
	commit a
	stopped git push -qf origin main
}

@test "pushed from a linked work tree, a folder below the top, a bare clone" {
	begin
	git worktree add -q ../linked
	plant a ../linked/a.py
	git -C ../linked add .
	git -C ../linked commit -qm a
	stopped git -C ../linked push -q origin HEAD
	mkdir below
	commit b below/b.py
	cd below
	stopped git push -q origin main
	[[ $stderr == *"b.py:1:8"* ]]
	cd ..
	git clone -q --bare . ../bare.git
	gate pre-push ../bare.git
	git -C ../bare.git remote add up ../remote.git
	stopped git -C ../bare.git push -q up main
}

@test "from where a git directory lies elsewhere, nothing counts as published" {
	begin
	for shape in submodule gitfile link; do
		case $shape in
		submodule) git -c protocol.file.allow=always submodule --quiet add ../remote.git submodule ;;
		gitfile) git clone -q --separate-git-dir ../gitfile.real ../remote.git gitfile ;;
		link)
			git clone -q ../remote.git link
			mv link/.git ../link.real
			ln -s ../../link.real link/.git
			;;
		esac
		gate pre-push "$shape"
		plant a "$shape/a.py"
		git -C "$shape" add a.py
		git -C "$shape" commit -qm a
		stopped git -C "$shape" push -q origin HEAD
		[[ $stderr == *"a.py:1:8"* ]]
		[[ $stderr == *"Nothing was published"* ]]
	done
}

@test "from a shallow and from a partial clone" {
	begin
	commit a
	git push -q --no-verify origin main
	git commit -q --allow-empty -m two
	git push -q origin main
	git -C ../remote.git config uploadpack.allowFilter true
	git clone -q --depth 1 "file://$PWD/../remote.git" ../shallow
	git clone -q --filter=blob:none --no-checkout "file://$PWD/../remote.git" ../partial
	for clone in shallow partial; do
		cd "../$clone"
		gate pre-push
		git commit -q --allow-empty -m "$clone"
		run -0 git push -q origin HEAD:refs/heads/$clone
		git reset -q
		plant b b.py
		git add b.py
		git commit -qm b
		stopped git push -q origin HEAD:refs/heads/$clone
		[[ $stderr == *"push stopped: a Hugging Face token"*b.py* ]]
	done
}

@test "whatever files, branches and words are called" {
	begin
	local name
	for name in 'a b' $'new\nline' $'\xff\xfe' -n --help $'\t' '"'; do
		plant a "./$name"
		git add -A
		git commit -qm x
		stopped git push -q origin main
		git reset -q --hard HEAD~1
	done
	for name in $'\xff\xfe' '"' ';' 'a-b' ";touch\${IFS}ran" 'é'; do
		git checkout -qB "$name" main
		commit a
		stopped git push -q origin "$name"
		stopped git push -q origin "HEAD:refs/heads/$name"
	done
	stopped git push -q origin 'HEAD@{1 second ago}:refs/heads/ago' "$name"
	[ ! -e ran ]
}

@test "what cannot be read stops the push, and says so" {
	begin
	echo a >a
	git add a
	git commit -qm a
	rm -f ".git/objects/$(git rev-parse HEAD:a | sed 's,..,&/,')"
	zero=$(printf '%040d' 0)
	run -3 --separate-stderr hfscan hook run pre-push origin x \
		<<<"refs/heads/main $(git rev-parse HEAD) refs/heads/main $zero"
	[[ $stderr == *"push stopped: not all"*"missing"* ]]
	run -3 --separate-stderr hfscan hook run pre-push origin x \
		<<<"refs/heads/main ${zero//0/1} refs/heads/main $zero"
	run -2 --separate-stderr hfscan hook run pre-push origin x <<<"refs/heads/main"
	[[ $stderr == *"standard input is not what git gives"* ]]
	run -2 --separate-stderr hfscan hook run pre-push <<<""
	printf '[broken' >>.git/config
	run -2 --separate-stderr hfscan hook run pre-push origin x \
		<<<"refs/heads/main $(git rev-parse HEAD) refs/heads/main $zero"
	cd ..
	run -2 --separate-stderr hfscan hook run pre-push origin x \
		<<<"refs/heads/main ${zero//0/1} refs/heads/main $zero"
	[[ $stderr == *"no repository"* ]]
}

@test "nothing to push is nothing to say" {
	begin
	run -0 hfscan hook run pre-push origin x </dev/null
	[ -z "$output" ]
}

# ---- pre-receive ----

@test "the server refuses what has a token, and takes what has none" {
	begin_server
	echo clean >a
	git add .
	git commit -qm clean
	run -0 git push -q origin main
	remote_has main
	commit a
	refused git push -q origin main
	[[ $stderr == *"push refused"*"a.py:1:8"* ]]
	remote_lacks "$(git rev-parse HEAD)"
	[ -z "$(find ../remote.git/objects -name 'tmp_objdir*')" ]
}

@test "the server judges what is new, in a pack as loose" {
	begin_server
	mv ../remote.git/hooks/pre-receive ../remote.git/off
	commit a
	git push -q origin main
	mv ../remote.git/off ../remote.git/hooks/pre-receive
	git commit -q --allow-empty -m clean
	run -0 git push -q origin main main:other
	run -0 git push -q origin main~1:refs/heads/third
	for limit in 1 100; do
		git -C ../remote.git config receive.unpackLimit $limit
		for i in 1 2 3; do
			echo $i$limit >f$i
			git add .
			git commit -qm "$i"
		done
		run -0 git push -q origin main
		commit b$limit
		refused git push -q origin main
		git reset -q --hard HEAD~1
	done
}

@test "the server with any number of refs, new, deleted, tags and names" {
	begin_server
	git commit -q --allow-empty -m first
	for i in {1..30}; do git branch "b$i"; done
	run -0 git push -q origin --all
	run -0 git push -q origin :b1 :b2 main:b3
	git checkout -q b30
	commit a
	refused git push -q origin --all
	git tag -a t -m "$(token b)" main
	refused git push -q origin t
	git branch "$(token c)" main
	refused git push -q origin "$(token c)"
	refused git push -q origin "main:refs/weird/$(token d)"
	run -0 git push -q origin main:fine
}

@test "the server, whatever files and refs are called" {
	begin_server
	git commit -q --allow-empty -m first
	git push -q origin main
	local name
	for name in 'a b' $'new\nline' $'\xff\xfe' -n --help $'\t' '"'; do
		plant a "./$name"
		git add -A
		git commit -qm x
		refused git push -q origin main
		git reset -q --hard HEAD~1
	done
	for name in $'\xff\xfe' '"' ';' -x 'é'; do
		run -0 git push -q origin "main:refs/heads/x$name"
		commit a
		refused git push -q origin "main:refs/heads/y$name" "main:refs/tags/$name"
		git reset -q --hard HEAD~1
	done
}

@test "the server's objects lie behind a name that has to be quoted" {
	git init -q --bare ../'re:mo"te.git'
	ln -s 're:mo"te.git' ../remote.git
	gate pre-receive ../remote.git
	git init -q
	git remote add origin "$(cd .. && pwd)/re:mo\"te.git"
	git commit -q --allow-empty -m first
	run -0 git push -q origin main
	commit a
	refused git push -q origin main
	git reset -q --hard HEAD~1
	git commit -q --allow-empty -m second
	run -0 git push -q origin main
	sed -i 's/"\$@"/-v/' ../remote.git/hooks/pre-receive # what the history says
	git commit -q --allow-empty -m third
	run -0 git push -q origin main
}

@test "what the server cannot read is refused" {
	begin_server
	cd ../remote.git
	zero=$(printf '%040d' 0)
	run -3 --separate-stderr hfscan hook run pre-receive <<<"$zero ${zero//0/1} refs/heads/main"
	[[ $stderr == *"push refused: not all of it"* ]]
	run -2 --separate-stderr hfscan hook run pre-receive <<<"$zero refs/heads/main"
	run -0 hfscan hook run pre-receive <<<"${zero//0/1} $zero refs/heads/gone"
}

# ---- the first look and the history ----

# shake SEED: commits, merges, moves and tags of any kind; some files have a token.
shake()
{
	RANDOM=$1
	local file i
	for i in {1..12}; do
		file=d$((RANDOM % 3))/f$((RANDOM % 4))
		mkdir -p "${file%/*}"
		case $((RANDOM % 10)) in
		0) plant "t$1-$((RANDOM % 3))" "$file" ;;
		1) git rm -rqf --ignore-unmatch "${file%/*}" ;;
		2) [ ! -e "$file" ] || git mv -f "$file" "d0-$i" 2>/dev/null || : ;;
		3) git merge -q -s ours -m merge "$(git for-each-ref --format='%(objectname)' refs/heads refs/tags |
			sed -n $((RANDOM % 4 + 1))p)" 2>/dev/null || : ;;
		4) git checkout -q --detach "HEAD~$((RANDOM % 3))" 2>/dev/null || : ;;
		5) git tag -f -m tag "v$((RANDOM % 3))" >/dev/null ;;
		6) git update-ref "refs/remotes/origin/r$((RANDOM % 3))" HEAD ;;
		*) echo "$i$1" >"$file" ;;
		esac
		git add -A
		GIT_COMMITTER_DATE="$((1700000000 + RANDOM % 1000 * 100)) +0000" \
			git commit -qm "$i" --allow-empty
		git branch -f "b$((RANDOM % 3))"
	done
}

# Whether an object that git would send holds a token of that seed.
git_sends()
{
	git rev-list --objects "$2" --not --remotes=origin | cut -d' ' -f1 | git cat-file --batch --buffer |
		grep -qaF -e "$(token "t$1-0")" -e "$(token "t$1-1")" -e "$(token "t$1-2")"
}

@test "the first look lets pass what the history does, and nothing else" {
	local said="" sent=0
	for seed in {1..25}; do
		git init -q "r$seed"
		cd "r$seed"
		git commit -q --allow-empty -m first
		shake "$seed"
		zero=$(printf '%040d' 0)
		git for-each-ref --format="%(refname) %(objectname) %(refname) $zero" refs/heads refs/tags >../refs
		while read -r line; do
			local quick=0 whole=0
			hfscan hook run pre-push origin x <<<"$line" 2>/dev/null || quick=$?
			hfscan hook run pre-push origin x -v <<<"$line" >/dev/null 2>&1 || whole=$?
			[ "$quick" = "$whole" ] || { echo "seed $seed: $line: $quick, not $whole"; return 1; }
			# What comes back to where it was before is told as well, and is not sent.
			if git_sends "$seed" "$(cut -d' ' -f2 <<<"$line")"; then
				[ "$quick" = 1 ] || { echo "seed $seed: $line: git sends it"; return 1; }
				sent=1
			fi
			said+=$quick
		done <../refs
		cd ..
	done
	[[ $said == *0* && $said == *1* && $said != *[23]* && $sent == 1 ]]
}

@test "a push of more commits than the first look takes" {
	begin
	blob=$(plant a a && git hash-object -w a && rm a)
	for i in {1..1100}; do
		printf 'commit refs/heads/long\ncommitter x <x@example.org> %d +0000\ndata 1\nx\n' $((1700000000 + i))
		[ "$i" -ne 1 ] || printf 'from refs/heads/main\nM 100644 %s a.py\n' "$blob"
		[ "$i" -ne 50 ] || printf 'D a.py\n'
	done >../stream
	git fast-import --quiet <../stream
	stopped git push -q origin long
	[[ $stderr == *"a.py:1:8"* ]]
	sed -i '/^M 100644/d' ../stream
	git fast-import --quiet --force <../stream
	run -0 git push -q origin long
}
