#!/usr/bin/env bats
# Every place of a repository in which no file of it stands: names of refs, git's own
# files, and repositories that an environment puts together.
load ../cli/helper
load look

# places: "token where exposure path" of all that was found, sorted; paths as jsonl has
# them, tokens by name.
places()
{
	local names=()
	for name in a b c d e f t1 t2 t3 t4 t5 t6; do
		names+=("$(token "$name" | sha256sum | cut -c 1-32)=$name")
	done
	jq -r --args 'select(.rule) | ($ARGS.positional | map(split("=") | {(.[0]): .[1]}) | add) as $names |
		[$names[.secret.fingerprint], .git.where // "file", .exposure, .path // "-"] | join(" ")' \
		"${names[@]}" <../report | sort
}

started()
{
	git init -q repo
	git -C repo config gc.auto 0
	echo 'login()' >repo/lab.py
	git -C repo add .
	git -C repo commit -q -m first
}

@test "names of refs of every kind, loose and packed, say how far they got" {
	started
	id=$(git -C repo rev-parse HEAD)
	while read -r name ref; do
		printf '%s %s\n' "$id" "refs/$ref/$(token "$name")" >>refs
	done <<-'END'
		a heads/fix
		b tags/v1
		c notes
		d replace
		e stash
		f pull/7
		t1 merge-requests/8
		t2 remotes/origin
		t3 prefetch/remotes/origin
	END
	for kind in loose packed; do
		if [ "$kind" = loose ]; then
			sed 's/\(.*\) \(.*\)/create \2 \1/' refs | git -C repo update-ref --stdin
		else
			git -C repo pack-refs --all
			[ -z "$(find repo/.git/refs -name '*hf_*')" ]
		fi
		look --history-only repo
		[ "$status" -eq 1 ]
		[ ! -s ../errors ]
		places | cut -d' ' -f1-3 >found
		diff found - <<-'END'
			a ref-name committed
			b ref-name committed
			c ref-name committed
			d ref-name committed
			e ref-name committed
			f ref-name pushed
			t1 ref-name pushed
			t2 ref-name pushed
			t3 ref-name pushed
		END
	done
}

@test "git's own files, those of work trees and submodules too" {
	git init -q library
	git -C library commit -q --allow-empty -m library
	started
	git -C repo -c protocol.file.allow=always submodule --quiet add "$PWD/library" sub
	git -C repo commit -q -m sub
	git -C repo worktree add -q ../linked
	printf '%s\t\tbranch of https://u:%s@example.org/x\n' "$(git -C repo rev-parse HEAD)" \
		"$(token a)" >repo/.git/FETCH_HEAD
	token b >repo/.git/COMMIT_EDITMSG
	token c >>repo/.git/info/exclude
	token d >repo/.git/hooks/pre-push
	token e >repo/.git/worktrees/linked/COMMIT_EDITMSG
	token f >repo/.git/modules/sub/COMMIT_EDITMSG
	git -C repo update-ref -m "by hand $(token t1)" HEAD HEAD~1
	git -C linked update-ref -m "by hand $(token t2)" HEAD HEAD~1
	git -C repo/sub update-ref --create-reflog -m "by hand $(token t3)" refs/heads/x HEAD
	look --history-only repo
	[ "$status" -eq 1 ]
	[ ! -s ../errors ]
	diff <(places) - <<-'END'
		a config ignored .git/FETCH_HEAD
		b file ignored .git/COMMIT_EDITMSG
		c file ignored .git/info/exclude
		d file ignored .git/hooks/pre-push
		e file ignored .git/worktrees/linked/COMMIT_EDITMSG
		f file ignored COMMIT_EDITMSG
		t1 reflog ignored .git/logs/HEAD
		t1 reflog ignored .git/logs/refs/heads/main
		t2 reflog ignored .git/logs/refs/heads/linked
		t2 reflog ignored .git/worktrees/linked/logs/HEAD
		t3 reflog ignored logs/refs/heads/x
	END
}

@test "what is noted beside the objects and the packed refs" {
	started
	git -C repo repack -adq
	git -C repo pack-refs --all
	look --history-only repo
	[ "$status" -eq 0 ]
	pack=$(echo repo/.git/objects/pack/*.pack)
	echo "receive-pack for https://u:$(token a)@example.org/x" >"${pack%.pack}.keep"
	echo "$(git -C repo rev-parse HEAD) refs/heads/$(token b)" >"${pack%.pack}.promisor"
	echo "https://u:$(token c)@example.org/x" >repo/.git/objects/info/http-alternates
	echo "# by hand: $(token d)" >>repo/.git/packed-refs
	# Not told as a text of its own, whatever it holds: it is a table of git's.
	token e >>"${pack%.pack}.bitmap"
	look --history-only repo
	[ ! -s ../errors ]
	diff <(places | sed 's/pack-[0-9a-f]*/pack/') - <<-'END'
		a file ignored .git/objects/pack/pack.keep
		b file ignored .git/objects/pack/pack.promisor
		c file ignored .git/objects/info/http-alternates
		d file ignored .git/packed-refs
	END
	# Each of git's own lines is passed over, so that a ref is one place.
	sed -i '/by hand/d' repo/.git/packed-refs
	git -C repo tag -a -m tag "$(token f)"
	git -C repo pack-refs --all
	look --history-only repo
	[ "$(places | grep -c '^f ref-name committed')" -eq 1 ]
	[ -z "$(places | grep packed-refs)" ]
}

@test "a bare repository's configuration and files" {
	started
	git clone -q --bare repo repo.git
	git -C repo.git config remote.origin.url "https://u:$(token a)@example.org/x"
	token b >repo.git/description
	look --history-only repo.git
	[ "$status" -eq 1 ]
	diff <(places) - <<-'END'
		a config ignored config
		b file ignored description
	END
}

@test "a work tree and a git directory that the environment names" {
	started
	plant a repo/lab.py
	git -C repo commit -q -a -m leak
	git -C repo commit -q --allow-empty -m "$(token b)"
	mv repo/.git elsewhere
	plant c repo/more.py
	GIT_DIR=$PWD/elsewhere GIT_WORK_TREE=$PWD/repo look
	[ "$status" -eq 1 ]
	[ ! -s ../errors ]
	diff <(places) - <<-'END'
		a blob committed lab.py
		b commit-message committed -
		b file ignored COMMIT_EDITMSG
		b reflog ignored logs/HEAD
		b reflog ignored logs/refs/heads/main
		c file worktree more.py
	END
	jq -es 'map(.git.summary? // empty) | contains(["leak"])' ../report
	# Where only the first is named it is the present folder.
	cd repo
	GIT_DIR=../elsewhere look
	places | grep -qx 'a blob committed lab.py'
	places | grep -qx 'c file worktree more.py'
}
