# shellcheck shell=sh disable=SC2154
# Tokens where no file holds them: names, messages, tags, notes, replacements.

shape_names()
{
	start repo
	put "$(tokens 'data/run-@TOKEN:a@.log')" 'a log'
	put "$(tokens 'out/@TOKEN:b@/model.txt')" 'a model'
	put "$(tokens 'old-@TOKEN:c@.txt')" 'old'
	put "$(tokens 'both/@TOKEN:d@.py')" 'login("@TOKEN:d@")'
	put "$(tokens 'gone/@TOKEN:e@.py')" 'gone'
	commit 'names'
	git rm -r -q gone
	commit 'one less'
	git branch topic
	git rm -q "$(tokens 'old-@TOKEN:c@.txt')"
	git mv data data2
	git rm -r -q both
	put "$(tokens 'late/later-@TOKEN:t1@.txt')" 'later'
	put "$(tokens 'lib/@TOKEN:t2@/model.txt')" 'another name elsewhere'
	commit 'moved, and only on the other branch'
	put "$(tokens 'lib/@TOKEN:t3@.log')" 'a second name in a folder'
	commit 'a second name'
}

shape_messages()
{
	start repo
	put lab.py 'login()'
	commit 'first

It was @TOKEN:a@, and not @TOKEN:b@.'
	put lab.py 'login(1)'
	clock
	git add lab.py
	GIT_AUTHOR_NAME=$(tokens 'Ann @TOKEN:c@') GIT_COMMITTER_EMAIL=$(tokens '@TOKEN:d@@example.org') \
		git commit -q -m 'who am I'
	git branch "$(tokens 'fix/@TOKEN:e@')"
	git tag "$(tokens '@TOKEN:t1@')"
	# A line of the header that is none of git's own, and a message that looks like one.
	clock
	{
		git cat-file commit HEAD | sed '/^$/,$d'
		printf 'note %s\n\nauthor %s <a@example.org> 1 +0000\n' \
			"$(tokens '@TOKEN:t2@')" "$(tokens '@TOKEN:t3@')"
	} >"$folder/commit"
	git update-ref refs/heads/odd "$(git hash-object -t commit -w --stdin <"$folder/commit")"
}

shape_tags()
{
	start repo
	put lab.py 'login()'
	put keys/key.env 'HF_TOKEN=@TOKEN:a@'
	commit 'first'
	clock
	git tag -a -m "$(tokens 'release with @TOKEN:b@')" v1
	GIT_COMMITTER_NAME=$(tokens 'Ann @TOKEN:c@') git tag -a -m 'by Ann' v2
	git tag -a -m "$(tokens 'of a tag @TOKEN:d@')" nested v1
	git tag -a -m 'of a tag of a tag' nested-twice nested
	git tag -a -m 'of a blob' blob \
		"$(tokens 'login("@TOKEN:e@")' | git hash-object -w --stdin)"
	git tag light-blob "$(tokens 'login("@TOKEN:t1@")' | git hash-object -w --stdin)"
	git tag -a -m 'of a tree' tree "$(printf '100644 blob %s\tdeep.py\n' \
		"$(tokens 'login("@TOKEN:t2@")' | git hash-object -w --stdin)" | git mktree)"
	git tag light-tree HEAD:keys
	# One that no ref names any more.
	git tag -a -m "$(tokens 'dropped @TOKEN:t3@')" dropped
	git tag -d dropped
}

shape_notes()
{
	start repo
	put lab.py 'login()'
	commit 'first'
	clock
	git notes add -m "$(tokens 'ran with @TOKEN:a@')"
	clock
	git notes --ref review add -m "$(tokens 'reviewed with @TOKEN:b@')"
	clock
	git notes add -f -m 'ran without'
}

shape_replaced()
{
	start repo
	history
	put blob.py 'login("@TOKEN:c@")'
	commit 'to be replaced, with @TOKEN:d@'
	git replace "$(id HEAD:blob.py)" "$(echo 'login()' | git hash-object -w --stdin)"
	git cat-file commit HEAD | sed 's/^to be .*/replaced/' >"$folder/commit"
	git replace "$(id HEAD)" "$(git hash-object -t commit -w --stdin <"$folder/commit")"
	git replace "$(id HEAD:notes/week1.md)" \
		"$(tokens 'login("@TOKEN:e@")' | git hash-object -w --stdin)"
	git replace --graft HEAD~2
}

# The old way to cut a history short.
shape_grafted()
{
	start repo
	history
	id HEAD~2 >.git/info/grafts
}
