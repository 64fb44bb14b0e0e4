# shellcheck shell=sh disable=SC2154,SC2164 # repos.sh sets folder, and -e
# How far things got: remotes, pull requests, force pushes, bare repositories.

shape_pull_refs()
{
	start repo
	put lab.py 'login()'
	commit 'first'
	git checkout -q -b theirs
	put pull.py 'login("@TOKEN:a@")'
	commit 'pull request'
	git update-ref refs/pull/1/head theirs
	put merge.py 'login("@TOKEN:b@")'
	commit 'merge request'
	git update-ref refs/merge-requests/2/head theirs
	put ahead.py 'login("@TOKEN:d@")'
	commit 'prefetched'
	git update-ref refs/prefetch/remotes/origin/main theirs
	put mine.py 'login("@TOKEN:c@")'
	commit 'mine'
	git checkout -q main
	git branch -q local theirs
	git branch -D -q theirs
}

shape_remote_tracking()
{
	start origin --bare
	start repo
	git remote add origin ../origin
	put lab.py 'login("@TOKEN:a@")'
	commit 'pushed'
	put lab.py 'login()'
	commit 'pushed too'
	git push -q -u origin main
	put ahead.py 'login("@TOKEN:b@")'
	commit 'ahead'
	git rm -q ahead.py
	commit 'ahead, and gone'
	# Both sides know it, and a branch of the remote's that is none of ours.
	put lab.py 'login("@TOKEN:a@")'
	commit 'again'
	git checkout -q -b theirs origin/main
	put theirs.py 'login("@TOKEN:c@")'
	commit 'theirs'
	git push -q origin theirs
	git checkout -q main
	git branch -D -q theirs
}

shape_force_pushed()
{
	shape_remote_tracking
	git rm -q lab.py
	put lab2.py 'login("@TOKEN:d@")'
	commit 'a mistake'
	git push -q origin main
	git reset -q --hard HEAD~2
	put lab3.py 'login("@TOKEN:e@")'
	commit 'without the mistake'
	git push -q -f origin main
	# The remote's branch was deleted; with it went its reflog.
	git push -q origin :theirs
}

shape_bare()
{
	shape_plain
	unreachable
	git clone -q --bare --mirror "$folder/repo" "$folder/mirror"
	cd "$folder/mirror"
	unreachable
	rm -rf "$folder/repo"
	mv "$folder/mirror" "$folder/repo"
}
