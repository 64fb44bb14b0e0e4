# shellcheck shell=sh disable=SC2154,SC2164 # repos.sh sets folder, and -e
# Parts of a repository, and several of them in one.

shape_shallow()
{
	shape_plain
	mv "$folder/repo" "$folder/origin"
	git clone -q --depth 2 "file://$folder/origin" "$folder/repo"
}

shape_shallow_clean()
{
	shape_clean
	mv "$folder/repo" "$folder/origin"
	git clone -q --depth 1 "file://$folder/origin" "$folder/repo"
}

# partial_clone OPTION...: of what was built, without most of its blobs.
partial_clone()
{
	git config uploadpack.allowFilter true
	mv "$folder/repo" "$folder/origin"
	git clone -q "$@" "file://$folder/origin" "$folder/repo"
	git -C "$folder/repo" config protocol.file.allow never
}

shape_partial()
{
	shape_plain
	partial_clone --filter=blob:none
}

shape_partial_clean()
{
	shape_clean
	partial_clone --filter=blob:none --no-checkout
}

shape_worktree()
{
	start main-one
	history
	git worktree add -q -b topic "$folder/repo"
	git worktree add -q --detach "$folder/other" HEAD~1
	cd "$folder/other"
	put detached.py 'login("@TOKEN:c@")'
	commit 'detached'
	cd "$folder/repo"
	git rm -q -r src
	put topic.py 'login("@TOKEN:d@")'
	commit 'topic'
}

# What two linked work trees have staged and nowhere else; one of them is gone.
shape_staged_elsewhere()
{
	start repo
	put lab.py 'login()'
	commit 'first'
	git worktree add -q -b topic "$folder/topic"
	git worktree add -q -b gone "$folder/gone"
	cd "$folder/topic"
	put topic.py 'login("@TOKEN:a@")'
	git add topic.py
	cd "$folder/gone"
	put gone.py 'login("@TOKEN:b@")'
	git add gone.py
	cd "$folder/repo"
	put main.py 'login("@TOKEN:c@")'
	git add main.py
	rm -rf "$folder/gone"
}

# The same of a repository that has no work tree of its own.
shape_staged_of_bare()
{
	shape_clean
	git clone -q --bare "$folder/repo" "$folder/bare"
	rm -rf "$folder/repo"
	mv "$folder/bare" "$folder/repo"
	cd "$folder/repo"
	git worktree add -q -b topic "$folder/topic"
	cd "$folder/topic"
	put topic.py 'login("@TOKEN:a@")'
	git add topic.py
}

shape_submodule()
{
	start library
	put lib.py 'login("@TOKEN:c@")'
	commit 'library'
	git rm -q lib.py
	put lib2.py 'login()'
	commit 'clean'
	start repo
	history
	git -c protocol.file.allow=always submodule --quiet add "$folder/library" vendor/library
	commit 'with a submodule'
}
