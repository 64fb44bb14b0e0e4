# shellcheck shell=sh disable=SC2154
# What happened to the files: removed, merged, stashed, amended, renamed.

shape_clean()
{
	start repo
	put lab.py 'login()'
	commit 'clean'
	put lab.py 'login(token=None)'
	commit 'still clean'
}

shape_plain()
{
	start repo
	history
}

shape_merges()
{
	start repo
	put lab.py 'login()'
	commit 'first'
	git checkout -q -b left
	put left.py 'login("@TOKEN:a@")'
	commit 'left'
	git checkout -q -b third main
	put third.py 'print(3)'
	commit 'third'
	git checkout -q main
	put right.py 'login("@TOKEN:b@")'
	commit 'right'
	clock
	git merge -q -m 'both sides' left
	clock
	# An evil merge: what it brings in was on neither side.
	git checkout -q left
	put more.py 'print(1)'
	commit 'more'
	git checkout -q main
	git merge -q --no-commit left
	put evil.py 'login("@TOKEN:c@")'
	put left.py 'login("@TOKEN:d@")'
	commit 'evil merge'
	# An octopus, and a merge that takes only one side's word.
	git checkout -q -b fourth left
	put fourth.py 'login("@TOKEN:e@")'
	commit 'fourth'
	git checkout -q main
	clock
	git merge -q -m 'octopus' third fourth
	git checkout -q -b dropped
	put dropped.py 'login("@TOKEN:t1@")'
	commit 'dropped'
	git checkout -q main
	clock
	git merge -q -s ours -m 'ours' dropped
	# Another beginning.
	git checkout -q --orphan other
	git rm -r -q -f .
	put other.py 'login("@TOKEN:t2@")'
	commit 'other root'
	git checkout -q main
	clock
	git merge -q --allow-unrelated-histories -m 'two roots' other
	# What left the tree and came back.
	git rm -q evil.py
	commit 'evil is gone'
	put evil.py 'login("@TOKEN:c@")'
	commit 'evil is back'
	git rm -q evil.py
	commit 'and gone again'
}

shape_stash()
{
	start repo
	put lab.py 'login()'
	commit 'first'
	put lab.py 'login("@TOKEN:a@")'
	clock
	git stash push -q -m 'work'
	put lab.py 'login("@TOKEN:b@")'
	git add lab.py
	put lab.py 'login("@TOKEN:c@")'
	put new.py 'login("@TOKEN:d@")'
	clock
	git stash push -q -u -m "$(tokens 'work with @TOKEN:e@')"
}

shape_amended()
{
	start repo
	put lab.py 'login()'
	commit 'first'
	put lab.py 'login("@TOKEN:a@")'
	put kept.py 'login("@TOKEN:b@")'
	commit 'second, with @TOKEN:c@'
	put lab.py 'login(get_token())'
	commit 'second' --amend
	unreachable
}

shape_renames()
{
	start repo
	put lab.py 'login("@TOKEN:a@")'
	put clean.py 'login()'
	commit 'first'
	git mv lab.py moved.py
	commit 'renamed'
	mkdir -p copies/a copies/b
	cp moved.py copies/a/lab.py
	cp moved.py copies/b/lab.py
	commit 'copied'
	git mv copies kopien
	commit 'folder renamed'
	git rm -r -q kopien
	commit 'copies gone'
	cp moved.py 'lab copy (1).py'
	git rm -q moved.py
	commit 'the last one'
	chmod +x 'lab copy (1).py'
	commit 'may be run'
}

shape_staged()
{
	start repo
	put lab.py 'login()'
	commit 'first'
	put lab.py 'login("@TOKEN:a@")'
	git add lab.py
	put lab.py 'login("@TOKEN:b@")'
}

shape_empty()
{
	start repo
}

# random SEED
random()
{
	start repo
	# shellcheck disable=SC2046 # one word a token
	python3 "$here/stream.py" random "$1" $(for n in $(seq 20); do
		tokens "@TOKEN:t$n@ "
	done) | git -c fastimport.unpackLimit=1 fast-import --quiet
	git for-each-ref --format='delete %(refname)' 'refs/heads/tmp*' | git update-ref --stdin
	git reset -q --hard
}

shape_random1()
{
	random 1
}

shape_random2()
{
	random 2
}

shape_random3()
{
	random 3
}
