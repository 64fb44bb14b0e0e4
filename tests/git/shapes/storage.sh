# shellcheck shell=sh disable=SC2154,SC2164 # repos.sh sets folder, and -e
# How objects are kept: packs, deltas and indexes of all kinds, borrowed ones, cruft.

shape_deltas()
{
	start repo
	python3 "$here/stream.py" versions "$(tokens '@TOKEN:a@')" | git fast-import --quiet
	git reset -q --hard
	git repack -q -a -d -f --depth=50 --window=50
}

shape_splits()
{
	start repo
	python3 "$here/split_pack.py" "$(tokens '@TOKEN:a@')" >"$folder/split.pack"
	git index-pack --stdin <"$folder/split.pack"
	git cat-file --batch-all-objects --batch-check='100644 blob %(objectname)	%(objectname).txt' |
		git mktree >"$folder/tree"
	clock
	git update-ref HEAD "$(git commit-tree -m 'all splits' "$(cat "$folder/tree")")"
}

# The same of messages and of names.
shape_splits_elsewhere()
{
	start repo
	put lab.py 'login()'
	commit 'first'
	python3 "$here/split_pack.py" "$(tokens '@TOKEN:a@')" commit "$(id 'HEAD^{tree}')" >"$folder/a"
	python3 "$here/split_pack.py" "$(tokens '@TOKEN:b@')" tag "$(id HEAD)" >"$folder/b"
	python3 "$here/split_pack.py" "$(tokens '@TOKEN:c@')" tree "$(id HEAD:lab.py)" >"$folder/c"
	for name in a b c; do
		git index-pack --stdin <"$folder/$name"
	done
	git cat-file --batch-all-objects --batch-check='create refs/split/%(objectname) %(objectname)' |
		git update-ref --stdin
}

shape_packs_and_loose()
{
	start repo
	for n in $(seq 8); do
		put lab.py "login('@TOKEN:t$n@')"
		put "lab$n.py" "login('@TOKEN:t$((n + 8))@')"
		commit "lab $n"
		[ $((n % 2)) = 0 ] || git repack -q -d
	done
	unreachable
}

shape_duplicates()
{
	start repo
	history
	unreachable
	# Without -d the loose ones stay beside the packed ones.
	git repack -q
	for rev in HEAD~3 HEAD~1 HEAD; do
		git rev-list --objects "$rev" | git pack-objects -q .git/objects/pack/pack >/dev/null
	done
}

shape_many_packs()
{
	start repo
	for n in 1 2 3 4 5; do
		{
			noise 700000 "$n"
			tokens "login('@TOKEN:t$n@')"
		} >"blob$n.bin"
		commit "blob $n"
	done
	git -c pack.packSizeLimit=1m repack -q -a -d -f
}

shape_midx()
{
	shape_packs_and_loose
	git multi-pack-index write
	# One more, which the index of many does not know.
	put late.py 'login("@TOKEN:late@")'
	commit 'late'
	git repack -q -d
	cp -R "$folder/repo" "$folder/reference"
	for idx in .git/objects/pack/*.idx; do
		! grep -a -q "$(basename "$idx")" .git/objects/pack/multi-pack-index || rm -f "$idx"
	done
}

shape_idx_v1()
{
	shape_plain
	git -c pack.indexVersion=1 repack -q -a -d -f
}

shape_ref_deltas()
{
	shape_deltas
	git -c repack.useDeltaBaseOffset=false repack -q -a -d -f --depth=50 --window=50
}

shape_reused_deltas()
{
	shape_deltas
	put lab.py 'login("@TOKEN:b@")'
	commit 'more'
	git repack -q -d
	# Deltas of names beside deltas of places in one pack.
	git -c repack.useDeltaBaseOffset=false repack -q -a -d
	put lab.txt 'x = "@TOKEN:a@"'
	commit 'version 61'
	git repack -q -a -d --depth=50 --window=50
}

# borrow FROM: objects of another repository are ours too.
borrow()
{
	printf '%s\n' "$1" >>.git/objects/info/alternates
}

# lender NAME TOKEN: a repository to borrow from, with that token in it.
lender()
{
	start "$1"
	put lab.py "login(\"@TOKEN:$2@\")"
	commit "$2"
}

# The lender has more than was cloned: a branch, what it fetched, what it stashed, what it
# lost. The one it borrows from itself is a server's.
shape_lent()
{
	git init -q --bare "$folder/server.git"
	lender lender a
	git clone -q -s "$folder/lender" "$folder/repo"
	git checkout -q -b later
	put later.py 'login("@TOKEN:b@")'
	commit 'later'
	git checkout -q --detach main
	put fetched.py 'login("@TOKEN:c@")'
	commit 'fetched'
	git update-ref refs/remotes/origin/main HEAD
	git checkout -q later
	put later.py 'login("@TOKEN:d@")'
	git stash -q
	put lost.py 'login("@TOKEN:lost@")'
	commit 'lost'
	git reset -q --hard HEAD~1
	git push -q "$folder/server.git" main
	git checkout -q --detach main
	put served.py 'login("@TOKEN:t1@")'
	commit 'served'
	git push -q "$folder/server.git" HEAD:refs/heads/served
	git checkout -q later
	git reflog expire --expire=now --all
	git gc -q --prune=now
	borrow "$folder/server.git/objects"
	put lost.py 'login("@TOKEN:lost@")'
	commit 'lost'
	git reset -q --hard HEAD~1
	cd "$folder/repo"
	put lab.py 'login("@TOKEN:e@")'
	commit 'e'
}

# Its git directory lies elsewhere, under a name as a server's has.
shape_lent_separate()
{
	git init -q --separate-git-dir "$folder/kept" "$folder/lender"
	cd "$folder/lender"
	put lab.py 'login("@TOKEN:a@")'
	commit 'a'
	git clone -q -s "$folder/lender" "$folder/repo"
	git checkout -q -b later
	put later.py 'login("@TOKEN:b@")'
	commit 'later'
	cd "$folder/repo"
	put lab.py 'login("@TOKEN:e@")'
	commit 'e'
}

# Paths in quotes, two on a line, and one that only begins with a quote.
shape_alternates_quoted()
{
	lender 'we"ird
	dir \' a
	lender 'dé"b' b
	lender c c
	start repo
	put lab.py 'login("@TOKEN:d@")'
	commit 'd'
	git init -q --bare '.git/objects/"open'
	plant=$(tokens '@TOKEN:e@')
	printf 'login("%s")' "$plant" | git -C '.git/objects/"open' hash-object -w --stdin >/dev/null
	cat >.git/objects/info/alternates <<-'END'
		"../../../we\"ird\n\tdir \\/.git/objects"
		"../../../d\303\251\"b/.git/objects" ../../../c/.git/objects
		# "../../../nowhere"
		"open/objects
	END
}

shape_alternates()
{
	start c
	put c.py 'login("@TOKEN:a@")'
	commit 'c'
	git repack -q -a -d
	git clone -q -s "$folder/c" "$folder/b"
	cd "$folder/b"
	put b.py 'login("@TOKEN:b@")'
	commit 'b'
	git clone -q -s "$folder/b" "$folder/repo"
	cd "$folder/repo"
	put lab.py 'login("@TOKEN:c@")'
	commit 'a'
	borrow '../../../c/.git/objects'
}

shape_alternates_loop()
{
	shape_alternates
	cd "$folder/c"
	borrow "$folder/repo/.git/objects"
	cd "$folder/repo"
	borrow "$folder/repo/.git/objects"
}

shape_cruft()
{
	shape_amended
	unreachable
	git reflog expire --expire=now --all
	git repack -q --cruft -d
}

shape_packed_refs()
{
	shape_tags
	git branch "$(tokens 'fix/@TOKEN:t4@')"
	git branch stale
	git pack-refs --all --prune
	put after.py 'login("@TOKEN:t5@")'
	commit 'after'
	git reflog expire --expire=now --all
	git gc -q --prune=never
	put last.py 'login("@TOKEN:t6@")'
	commit 'last'
}

shape_binary()
{
	start repo
	: >empty
	{
		noise 5000 1
		printf '\0'
		tokens '@TOKEN:a@'
		printf '\0\0\0'
		noise 5000 2
	} >model.bin
	printf '\377\376\0' >short.bin
	tokens '@TOKEN:b@' >no-line-end
	{
		tokens '@TOKEN:c@'
		noise 3000000 3 | tr '\n' '-'
		tokens '"@TOKEN:d@"'
	} >long.bin
	commit 'binary'
	git commit -q --allow-empty --allow-empty-message -m ''
}
