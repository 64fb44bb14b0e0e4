#!/usr/bin/env bats
# hfscan ci in jobs as GitHub Actions and GitLab CI start them: real clones, made the
# way their runners make them, and the environment that these tell of it.
bats_require_minimum_version 1.5.0
load ../cli/helper

# These tests may run in a job of CI themselves.
unset GITHUB_ACTIONS GITHUB_REF GITHUB_SHA GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_STEP_SUMMARY
unset GITLAB_CI "${!CI_@}"

NONE=0000000000000000000000000000000000000000

# ---- the server ----

# A server with a main branch that has an old leak in it, and a clone of it to work in.
server()
{
	git init -q --bare "$BATS_TEST_TMPDIR/server.git"
	git -C "$BATS_TEST_TMPDIR/server.git" config uploadpack.allowAnySHA1InWant true
	git init -q work
	cd work || return 1
	git remote add origin "$BATS_TEST_TMPDIR/server.git"
	commit clean
	commit old
	git rm -q old.py
	git commit -qm "without old"
	git push -q origin main
}

# commit NAME: one that brings NAME.py, with a token by that name unless it is clean.
commit()
{
	if [[ $1 == clean* ]]; then echo "$1" >"$1.py"; else plant "$1" "$1.py"; fi
	git add .
	git commit -qm "${2-add $1}"
}

sha()
{
	git rev-parse "${1-HEAD}"
}

# A pull request: main goes on with a leak of its own, and the server merges both.
# request NAME...: whose commits bring these.
request()
{
	local name
	git switch -qc feature
	for name; do commit "$name"; done
	git switch -q main
	commit other
	git push -q origin main
	merged
	git switch -q main
}

# merged: what the server makes of a request for the branch feature; HEAD is that then.
merged()
{
	git push -qf origin feature
	git switch -q --detach main
	git merge -q --no-ff -m merge feature
	git push -qf origin HEAD:refs/pull/1/merge
}

# ---- the runner ----

# checkout DEPTH WHAT REF: as actions/checkout does, into job/; DEPTH 0 is all of it.
checkout()
{
	cd .. || return 1
	rm -rf job
	git init -q job
	git -C job remote add origin "file://$BATS_TEST_TMPDIR/server.git"
	cd job || return 1
	local depth=(--depth="$1")
	if [ "$1" -eq 0 ]; then
		depth=()
		git fetch -q --no-tags origin '+refs/heads/*:refs/remotes/origin/*' \
			'+refs/tags/*:refs/tags/*'
	fi
	git fetch -q --no-tags "${depth[@]}" origin "+$2:$3"
	git checkout -q --detach "$3"
}

# github EVENT SHA REF JSON: the environment of a step of a job.
github()
{
	export CI=true GITHUB_ACTIONS=true GITHUB_EVENT_NAME=$1 GITHUB_SHA=$2 GITHUB_REF=$3
	export GITHUB_EVENT_PATH=$BATS_TEST_TMPDIR/event.json
	export GITHUB_STEP_SUMMARY=$BATS_TEST_TMPDIR/summary.md
	printf '%s' "${4-}" >"$GITHUB_EVENT_PATH"
	: >"$GITHUB_STEP_SUMMARY"
}

# pull_request [BASE [HEAD]]: the event, for the merge that request() made.
pull_request()
{
	printf '{"number":1,"pull_request":{"title":"%s","head":{"sha":"%s"},"base":{"sha":"%s"}}}' \
		'::error::x' "${2-$(sha feature)}" "${1-$(sha main)}"
}

# pushed BEFORE AFTER [TRUNK]
pushed()
{
	printf '{"before":"%s","after":"%s","repository":{"default_branch":"%s"}}' \
		"$1" "$2" "${3-main}"
}

gitlab()
{
	export CI=true GITLAB_CI=true CI_PIPELINE_SOURCE=$1 CI_COMMIT_SHA=$2
	export CI_DEFAULT_BRANCH=main CI_COMMIT_BEFORE_SHA=$NONE
}

# judges CODE NAME...: ends with CODE, and leaks are those of these names, no others.
judges()
{
	local code=$1 name expected=
	shift
	run --separate-stderr hfscan ci -f jsonl
	[ "$status" -eq "$code" ] || return 1
	for name; do expected+=$(token "$name" | sha256sum | cut -c 1-32)$'\n'; done
	diff <(jq -r 'select(.verdict == "leak").secret.fingerprint' <<<"$output" | sort -u) \
		<(printf %s "$expected" | sort -u)
}

# What a runner takes for orders among some lines: actions/runner, ActionCommand.cs.
orders()
{
	python3 -c '
import re, sys
for line in sys.stdin.buffer.read().decode("utf-8", "replace").split("\n"):
    found = re.match(r"\s*::([^ :]+)(?: .*?)?::", line) or re.search(r"##\[([^\] ]+)[^\]]*\]", line)
    if found: print(found[1])'
}

# ---- GitHub: pull requests ----

@test "of a pull request its own commits are judged, whatever its target had or got" {
	server
	request lab
	github pull_request "$(sha refs/remotes/origin/feature)" refs/pull/1/merge "$(pull_request)"
	checkout 0 refs/pull/1/merge refs/remotes/pull/1/merge
	GITHUB_SHA=$(sha)
	judges 1 lab
	[[ $stderr == *"judged: this pull request, "*..* ]]
}

@test "a clean pull request is green, though its target leaks" {
	server
	request clean1 clean2
	github pull_request x refs/pull/1/merge "$(pull_request)"
	checkout 0 refs/pull/1/merge refs/remotes/pull/1/merge
	GITHUB_SHA=$(sha)
	judges 0
}

@test "a merge that brings a leak of its own is told" {
	server
	request clean1
	git switch -q --detach main
	git merge -q --no-ff --no-commit feature
	plant evil evil.py
	git add .
	git commit -qm merge
	git push -qf origin HEAD:refs/pull/1/merge
	github pull_request "$(sha)" refs/pull/1/merge "$(pull_request)"
	checkout 0 refs/pull/1/merge refs/remotes/pull/1/merge
	judges 1 evil
}

@test "one commit deep, a pull request is incomplete, and the line to change is told" {
	server
	request clean1
	github pull_request x refs/pull/1/merge "$(pull_request)"
	checkout 1 refs/pull/1/merge refs/remotes/pull/1/merge
	GITHUB_SHA=$(sha)
	run --separate-stderr hfscan ci
	[ "$status" -eq 1 ] # the target's: which commit brought it cannot be told
	[[ $stderr == *"fetch-depth: 0"* ]]
}

@test "one commit deep, a clean pull request is incomplete, and never green" {
	server
	git switch -qc feature
	commit clean1
	merged
	github pull_request "$(sha)" refs/pull/1/merge "$(pull_request)"
	checkout 1 refs/pull/1/merge refs/remotes/pull/1/merge
	judges 3
	[[ $stderr == *"judged: the whole history, since "*"fetch-depth: 0"* ]]
	run --separate-stderr hfscan ci
	[[ $output == "::error title=hfscan::INCOMPLETE"*"fetch-depth: 0"* ]]
	grep -q '^### hfscan: .*INCOMPLETE' "$GITHUB_STEP_SUMMARY"
	grep -q 'fetch-depth&#58; 0' "$GITHUB_STEP_SUMMARY"
}

@test "two commits deep, a pull request of one commit is complete, one of two is not" {
	server
	git switch -qc feature
	commit clean1
	merged
	github pull_request "$(sha)" refs/pull/1/merge "$(pull_request)"
	checkout 2 refs/pull/1/merge refs/remotes/pull/1/merge
	[ -f .git/shallow ]
	judges 0
	cd ../work
	git switch -q feature
	commit clean2
	merged
	github pull_request "$(sha)" refs/pull/1/merge "$(pull_request)"
	checkout 2 refs/pull/1/merge refs/remotes/pull/1/merge
	judges 3
	[[ $stderr == *"fetch-depth: 0"* ]]
}

@test "where the head of a pull request is checked out, its own merges are no merge of it" {
	server
	git switch -qc feature
	commit lab
	git switch -q main
	commit other
	git push -q origin main
	git switch -q feature
	git merge -q --no-ff -m "main into feature" main
	git push -q origin feature
	github pull_request "$NONE" refs/pull/1/merge "$(pull_request)"
	checkout 0 "$(git rev-parse feature)" refs/remotes/origin/feature
	judges 1 lab
	GITHUB_SHA=$(sha) # as if there were no other merge
	judges 1 lab
}

@test "of a pull request's target, nothing is taken for the pull request" {
	server
	request lab
	github pull_request_target "$(sha main)" refs/heads/main "$(pull_request)"
	checkout 1 "$(git rev-parse main~3)" refs/remotes/origin/main
	judges 3
	[[ $stderr == *"the commits of the change are not here"* ]]
	git fetch -q origin refs/heads/main refs/heads/feature
	git fetch -q --unshallow origin refs/heads/main
	judges 1 lab
	rm "$GITHUB_EVENT_PATH"
	run --separate-stderr hfscan ci -f jsonl
	[[ $stderr == *"the commits of the change are not here"* ]]
}

@test "a merge group is judged by its ends" {
	server
	commit lab
	git push -q origin HEAD:refs/heads/queue
	github merge_group "$(sha)" refs/heads/queue \
		"{\"merge_group\":{\"head_sha\":\"$(sha)\",\"base_sha\":\"$(sha HEAD~1)\"}}"
	checkout 0 "$(sha)" refs/remotes/origin/queue
	judges 1 lab
}

# ---- GitHub: pushes ----

@test "of a push what is new is judged" {
	server
	local before
	before=$(sha)
	commit clean1
	commit lab
	git push -q origin main
	github push "$(sha)" refs/heads/main "$(pushed "$before" "$(sha)")"
	checkout 0 "$(sha)" refs/remotes/origin/main
	judges 1 lab
	[[ $stderr == *"judged: this push, ${before:0:12}.."* ]]
	github push "$(sha)" refs/heads/main "$(pushed "$(sha)" "$(sha)")"
	judges 1 lab old # from nothing to nothing is no push: all of it
}

@test "a push one commit deep is incomplete, deep enough it is not" {
	server
	local before
	before=$(sha)
	commit clean1
	git push -q origin main
	github push "$(sha)" refs/heads/main "$(pushed "$before" "$(sha)")"
	checkout 1 "$(sha)" refs/remotes/origin/main
	judges 3
	[[ $stderr == *"fetch-depth: 0"* ]]
	checkout 2 "$(sha)" refs/remotes/origin/main
	judges 0
}

@test "a new branch is judged from the default branch on, which is judged as a whole" {
	server
	git switch -qc lab
	commit lab
	git push -q origin lab
	github push "$(sha)" refs/heads/lab "$(pushed $NONE "$(sha)")"
	checkout 0 "$(sha)" refs/remotes/origin/lab
	judges 1 lab
	github push "$(sha)" refs/heads/lab "$(pushed $NONE "$(sha)" lab)"
	judges 1 lab old
	github push "$(sha)" refs/heads/lab "$(pushed $NONE "$(sha)" gone)"
	judges 1 lab old
	[[ $stderr == *"judged: the whole history, since no commit is told that the change"* ]]
}

@test "after a force push the old commits are not there: a branch is judged from main on" {
	server
	git switch -qc lab
	commit clean1
	local before
	before=$(sha)
	git reset -q --hard main
	commit lab
	git push -q origin lab
	github push "$(sha)" refs/heads/lab "$(pushed "$before" "$(sha)")"
	checkout 0 "$(sha)" refs/remotes/origin/lab
	judges 1 lab
	github push "$(sha)" refs/heads/main "$(pushed "$before" "$(sha)")"
	judges 1 lab old
	[[ $stderr == *"since the commit that the change begins behind is not here"* ]]
}

@test "a tag is judged with its message and its name" {
	server
	git tag -am clean v1
	git push -q origin v1
	github push "$(sha)" refs/tags/v1 "$(pushed $NONE "$(sha v1)")"
	checkout 0 "$(sha)" refs/remotes/origin/x
	judges 0
	cd ../work
	git tag -am "$(token tag)" v2
	git push -q origin v2
	for after in "$(sha v2)" "$(sha v2^{commit})"; do
		github push "$(sha)" refs/tags/v2 "$(pushed $NONE "$after")"
		cd ../work
		checkout 0 "$(sha)" refs/remotes/origin/x
		judges 1 tag
	done
	github push "$(sha)" "refs/tags/$(token name)" "$(pushed $NONE "$(sha)")"
	judges 1 name
}

@test "a schedule, and what is no change, is the whole history" {
	server
	checkout 0 "$(sha)" refs/remotes/origin/main
	for event in schedule workflow_dispatch release issue_comment ''; do
		github "$event" "$(sha)" refs/heads/main '{}'
		judges 1 old
		[[ $stderr == *"judged: the whole history"* ]]
	done
}

# ---- an environment that lies ----

@test "an event that cannot be read is the whole history, and said" {
	server
	commit lab
	git push -q origin main
	checkout 0 "$(sha)" refs/remotes/origin/main
	github push "$(sha)" refs/heads/main
	local before
	before=$(sha HEAD~1)
	hard()
	{
		judges 1 lab old || return 1
		[[ $stderr == *"judged: the whole history, since "*GITHUB_EVENT_PATH* ]]
	}
	hard
	printf '{"before":"%s","after":' "$before" >"$GITHUB_EVENT_PATH" && hard
	printf '\xff\x00' >"$GITHUB_EVENT_PATH" && hard
	{ pushed "$before" "$(sha)" | head -c -1 && printf ',"x":' && head -c 100000 /dev/zero | tr '\0' '['; } \
		>"$GITHUB_EVENT_PATH" && hard
	{ pushed "$before" "$(sha)" && head -c 100000000 /dev/zero | tr '\0' ' '; } \
		>"$GITHUB_EVENT_PATH" && hard
	[ "$(peak_kb "$HFSCAN" ci)" -lt 65536 ]
	rm "$GITHUB_EVENT_PATH" && hard
	mkfifo "$GITHUB_EVENT_PATH" && hard
	GITHUB_EVENT_PATH=/dev/zero hard
	GITHUB_EVENT_PATH=/ hard
	GITHUB_EVENT_PATH='' hard
	unset GITHUB_EVENT_PATH && hard
}

@test "ids that are none, or no commit's, are the whole history or not green" {
	server
	commit lab
	git push -q origin main
	checkout 0 "$(sha)" refs/remotes/origin/main
	local blob gone=1111111111111111111111111111111111111111 bad
	blob=$(sha HEAD:lab.py)
	for bad in "$blob" "$gone" HEAD main "$NONE" '' "$(sha HEAD~1)0" "--help" '$(x)'; do
		github push "$(sha)" refs/heads/main "$(pushed "$bad" "$(sha)")"
		judges 1 lab old
		[[ $stderr == *"judged: the whole history"* ]]
	done
	git branch "$gone" HEAD # its name is an id
	github push "$(sha)" refs/heads/main "$(pushed "$gone" "$(sha)")"
	judges 1 lab old
	git branch -qD "$gone"
	for bad in "$blob" "$gone"; do
		github push "$bad" refs/heads/main "$(pushed "$(sha HEAD~1)" "$bad")"
		run --separate-stderr hfscan ci -f jsonl
		[[ $stderr == *"the commits of the change are not here"* ]]
	done
	github pull_request "$(sha)" refs/pull/1/merge '{"pull_request":{"head":[],"base":7}}'
	judges 1 lab old
	github push "$(sha)" refs/heads/main '[1, "x", null]'
	judges 1 lab old
}

@test "what is checked out is judged, though the event ends elsewhere" {
	server
	local before
	before=$(sha)
	commit clean1
	commit lab
	git push -q origin main
	checkout 0 "$(sha)" refs/remotes/origin/main
	github push "$(sha)" refs/heads/main "$(pushed "$before" "$(sha HEAD~1)")"
	judges 1 lab
}

@test "what an event says is nowhere shown" {
	server
	commit lab
	git push -q origin main
	checkout 0 "$(sha)" refs/remotes/origin/main
	github push "$(sha)" $'refs/heads/SHOWN\n::error::x' \
		"{\"before\":\"SHOWN\",\"after\":\"$(sha)\",\"repository\":{\"default_branch\":\"SHOWN\"}}"
	run hfscan ci
	[[ $output != *SHOWN* ]]
	run grep SHOWN "$GITHUB_STEP_SUMMARY"
	[ "$status" -eq 1 ]
}

@test "a commit of the range that is missing is incomplete" {
	server
	local before gone
	before=$(sha)
	commit clean1
	gone=$(sha HEAD:clean1.py)
	git rm -q clean1.py
	git commit -qm without
	github push "$(sha)" refs/heads/main "$(pushed "$before" "$(sha)")"
	judges 0
	rm -f ".git/objects/${gone:0:2}/${gone:2}"
	judges 3
	[[ $stderr == *"$gone"* ]]
}

# ---- what a step shows ----

@test "annotations on standard output, a page in the summary, also when clean" {
	server
	local before
	before=$(sha)
	commit lab
	git push -q origin main
	github push "$(sha)" refs/heads/main "$(pushed "$before" "$(sha)")"
	checkout 0 "$(sha)" refs/remotes/origin/main
	echo before >"$GITHUB_STEP_SUMMARY"
	run --separate-stderr hfscan ci
	[ "$status" -eq 1 ]
	[[ $output == "::error title=hfscan%3A User access token hf_"*",file=lab.py,line=1,endLine=1,col=8,"* ]]
	[[ $output == *"PUSHED"* ]]
	[ "$(head -n 1 "$GITHUB_STEP_SUMMARY")" = before ]
	[ "$(sed -n 2p "$GITHUB_STEP_SUMMARY")" = "### hfscan: 1 secret leaked in 1 place" ]
	! grep -qF "$(token lab)" "$GITHUB_STEP_SUMMARY"
	cd ../work
	commit clean1
	git push -q origin main
	github push "$(sha)" refs/heads/main "$(pushed "$(sha HEAD~1)" "$(sha)")"
	checkout 0 "$(sha)" refs/remotes/origin/main
	run --separate-stderr hfscan ci
	[ "$status" -eq 0 ]
	[[ $output != *::* && $output == "No Hugging Face token found"* ]]
	[ "$(head -n 1 "$GITHUB_STEP_SUMMARY")" = "### hfscan: No Hugging Face token found" ]
	run --separate-stderr hfscan ci -f text
	[[ $output == "No Hugging Face token found"* ]]
}

@test "a summary that cannot be written changes nothing but a line" {
	server
	local before
	before=$(sha)
	commit lab
	git push -q origin main
	github push "$(sha)" refs/heads/main "$(pushed "$before" "$(sha)")"
	checkout 0 "$(sha)" refs/remotes/origin/main
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	head -c 1048000 /dev/zero >"$BATS_TEST_TMPDIR/large"
	local file
	for file in /no/such/folder/x / /dev/full "$BATS_TEST_TMPDIR/pipe" "$BATS_TEST_TMPDIR/large"; do
		GITHUB_STEP_SUMMARY=$file run --separate-stderr hfscan ci
		[ "$status" -eq 1 ]
		[ "$(grep -c '^hfscan: GITHUB_STEP_SUMMARY: ' <<<"$stderr")" -eq 1 ]
	done
	GITHUB_STEP_SUMMARY='' run --separate-stderr hfscan ci
	[ "$status" -eq 1 ]
	[[ $stderr != *SUMMARY* ]]
	unset GITHUB_STEP_SUMMARY
	run --separate-stderr hfscan ci
	[ "$status" -eq 1 ]
	[[ $stderr != *SUMMARY* ]]
	before=$(sha)
	github push "$before" refs/heads/main "$(pushed "$(sha HEAD~1)" "$before")"
	GITHUB_STEP_SUMMARY=/ run --separate-stderr hfscan ci
	[ "$status" -eq 1 ]
}

@test "nothing that was scanned gives an order to the runner" {
	server
	local before name
	before=$(sha)
	for name in $'new\n::add-mask::a' '::error::b' '##[add-mask]c' $'\u00a0::stop-commands::d'; do
		plant "$name" "./$name"
		printf '::set-output name=x::%s\n##[error]%s\n' "$(token "$name")" "$(token "$name")" \
			>"./2$name"
	done
	git add .
	git -c user.name='::warning::x ##[y]' commit -qm '::error::x ##[add-mask]y'
	git push -q origin main
	github push "$(sha)" refs/heads/main "$(pushed "$before" "$(sha)")"
	checkout 0 "$(sha)" refs/remotes/origin/main
	run hfscan ci
	[ "$status" -eq 1 ]
	[ "$(orders <<<"$output" | sort -u)" = error ]
	[ "$(orders <<<"$output" | wc -l)" -eq "$(grep -c '^::error title=hfscan' <<<"$output")" ]
	for name in text json jsonl; do
		run hfscan ci -v -f "$name"
		[ "$status" -eq 1 ]
		[ -z "$(orders <<<"$output")" ]
	done
}

# ---- GitLab ----

@test "of a merge request its own commits are judged, twenty commits deep" {
	server
	git switch -qc feature
	commit clean1
	commit lab
	git push -q origin feature
	gitlab merge_request_event "$(sha)"
	export CI_MERGE_REQUEST_IID=1 CI_MERGE_REQUEST_DIFF_BASE_SHA
	CI_MERGE_REQUEST_DIFF_BASE_SHA=$(sha main)
	checkout 20 "$(sha)" refs/pipelines/1
	judges 1 lab
	[[ $stderr == *"judged: this merge request, "* ]]
	run --separate-stderr hfscan ci
	[[ $output == "CRITICAL"*PUSHED* ]]
	checkout 3 "$CI_COMMIT_SHA" refs/pipelines/1
	judges 1 lab
	checkout 2 "$CI_COMMIT_SHA" refs/pipelines/1
	run --separate-stderr hfscan ci
	[[ $stderr == *"GIT_DEPTH: 0"* ]]
}

@test "of a merge with the target, the target's commits are none of the request's" {
	server
	request lab
	git fetch -q origin refs/pull/1/merge
	gitlab merge_request_event "$(sha FETCH_HEAD)"
	export CI_MERGE_REQUEST_IID=1 CI_MERGE_REQUEST_DIFF_BASE_SHA CI_MERGE_REQUEST_TARGET_BRANCH_SHA
	CI_MERGE_REQUEST_DIFF_BASE_SHA=$(sha main~1)
	CI_MERGE_REQUEST_TARGET_BRANCH_SHA=$(sha main)
	checkout 20 refs/pull/1/merge refs/pipelines/1
	judges 1 lab
	CI_MERGE_REQUEST_TARGET_BRANCH_SHA=
	judges 1 lab other # more, but not less
}

@test "a pipeline of a push, a new branch, a tag and a schedule" {
	server
	local before
	before=$(sha)
	git switch -qc feature
	commit lab
	git push -q origin feature
	gitlab push "$(sha)"
	export CI_COMMIT_BRANCH=feature CI_COMMIT_BEFORE_SHA=$before
	checkout 0 "$(sha)" refs/remotes/origin/feature
	judges 1 lab
	CI_COMMIT_BEFORE_SHA=$NONE
	judges 1 lab
	CI_COMMIT_BRANCH=main
	judges 1 lab old
	git update-ref -d refs/remotes/origin/main
	CI_COMMIT_BRANCH=feature
	judges 1 lab old
	CI_PIPELINE_SOURCE=schedule CI_COMMIT_BEFORE_SHA=$before
	judges 1 lab old
	cd ../work
	git tag -am "$(token tag)" v1
	git push -q origin v1
	checkout 0 "$(sha)" refs/remotes/origin/feature
	export CI_PIPELINE_SOURCE=push CI_COMMIT_TAG=v1 CI_COMMIT_BEFORE_SHA=$NONE
	unset CI_COMMIT_BRANCH
	judges 1 lab tag
	CI_COMMIT_SHA=1111111111111111111111111111111111111111
	run --separate-stderr hfscan ci
	[[ $stderr == *"the commits of the change are not here"*"GIT_DEPTH: 0"* ]]
}

@test "a shallow pipeline of a new branch is incomplete, with the line to change" {
	server
	git switch -qc feature
	commit clean1
	git push -q origin feature
	gitlab push "$(sha)"
	export CI_COMMIT_BRANCH=feature
	checkout 1 "$(sha)" refs/remotes/origin/feature
	judges 3
	[[ $stderr == *"GIT_DEPTH: 0"* ]]
}

# ---- by hand ----

@test "without a CI system it is the whole history, or what is asked for" {
	server
	commit lab
	judges 1 lab old
	[[ $stderr == *"judged: the whole history, since no CI system is known"* ]]
	run hfscan ci --range HEAD~1..HEAD -f jsonl
	[ "$status" -eq 1 ]
	[ "$(grep -c '"rule"' <<<"$output")" -eq 1 ]
	run hfscan ci --since-commit HEAD .
	[ "$status" -eq 0 ]
	run hfscan ci --range gone..HEAD
	[ "$status" -eq 2 ]
	github push "$(sha)" refs/heads/main "$(pushed "$(sha HEAD~1)" "$(sha)")"
	judges 1 lab
	run hfscan ci --all -f jsonl
	[ "$(grep -c '"rule"' <<<"$output")" -eq 2 ]
	run hfscan ci --range HEAD~2..HEAD~1 -f jsonl
	[ "$status" -eq 0 ]
}

@test "a job that makes no sense does not start" {
	github push "$NONE" refs/heads/main '{}'
	run hfscan ci
	[ "$status" -eq 2 ]
	[[ $output == *"no repository"* ]]
	for args in ". ." - nowhere --show-secrets --staged "-f nothing"; do
		# shellcheck disable=SC2086 # words
		run hfscan ci $args
		[ "$status" -eq 2 ]
	done
	git init -q .
	run hfscan ci
	[ "$status" -eq 3 ] # the commits are not here
}

@test "a repository that another user checked out is judged too" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	server
	commit lab
	local after
	after=$(sha)
	github push "$after" refs/heads/main "$(pushed "$(sha HEAD~1)" "$after")"
	chown -R 12345:12345 .
	judges 1 lab
}

# ---- the jobs that teachers copy ----

# A repository of hfscan as a job gets it, but that what it builds was built before.
source_of_hfscan()
{
	git init -q "$BATS_TEST_TMPDIR/hfscan"
	mkdir "$BATS_TEST_TMPDIR/hfscan/ci"
	cat >"$BATS_TEST_TMPDIR/hfscan/ci/run.sh" <<-EOF
		[ "\$*" = --build-only ] && mkdir -p "\${0%/*}/../build" &&
			ln -s "$HFSCAN" "\${0%/*}/../build/hfscan"
	EOF
	git -C "$BATS_TEST_TMPDIR/hfscan" add .
	git -C "$BATS_TEST_TMPDIR/hfscan" commit -qm hfscan
}

# From here on what is cloned as it is now cannot be built; what the tag v0 names can.
break_after_v0()
{
	git -C "$BATS_TEST_TMPDIR/hfscan" tag v0
	echo 'exit 2' >"$BATS_TEST_TMPDIR/hfscan/ci/run.sh"
	git -C "$BATS_TEST_TMPDIR/hfscan" commit -qam broken
}

# job FORGE SOURCE [TAG]: runs the shell of ci/FORGE.yml with its variables, as the runner does.
job()
{
	python3 - "$TOP/ci/$1.yml" "$2" "$BATS_TEST_TMPDIR/job.sh" "${3-}" <<-'EOF'
		import os, sys, yaml
		file, source, script, tag = sys.argv[1:]
		job = yaml.safe_load(open(file))
		if "jobs" in job:
		    variables = job["env"]
		    steps = ["set -e\n" + s["run"] for s in job["jobs"]["hfscan"]["steps"] if "run" in s]
		else:
		    job = job["hfscan"]
		    variables = job["variables"]
		    steps = ["set -eo pipefail\n" + "\n".join(job["before_script"] + job["script"])]
		if source: variables["HFSCAN_SOURCE"] = source
		if tag: variables["HFSCAN_VERSION"] = tag
		with open(script, "w") as out:
		    for step in steps:
		        with open(script + str(len(step)), "w") as f: f.write(step)
		        out.write(f"while read -r p; do PATH=$p:$PATH; done <$GITHUB_PATH\n")
		        out.write(f"bash {script}{len(step)} || exit $?\n")
		with open(script + ".env", "w") as out:
		    for name, value in variables.items(): out.write(f"export {name}='{value}'\n")
	EOF
	export TMPDIR=$BATS_TEST_TMPDIR RUNNER_TEMP=$BATS_TEST_TMPDIR/runner GITHUB_PATH=$BATS_TEST_TMPDIR/path
	rm -rf "$RUNNER_TEMP"
	mkdir "$RUNNER_TEMP"
	: >"$GITHUB_PATH"
	# shellcheck disable=SC1091 # made above
	. "$BATS_TEST_TMPDIR/job.sh.env"
	timeout 60 bash "$BATS_TEST_TMPDIR/job.sh"
}

@test "the job for GitHub gets hfscan where its one line says, and judges" {
	source_of_hfscan
	server
	local before
	before=$(sha)
	commit lab
	git push -q origin main
	github push "$(sha)" refs/heads/main "$(pushed "$before" "$(sha)")"
	checkout 0 "$(sha)" refs/remotes/origin/main
	run job github "$BATS_TEST_TMPDIR/hfscan/.git"
	[ "$status" -eq 1 ]
	[[ $output == *"::error title=hfscan%3A User access token"* ]]
	grep -q '^### hfscan: 1 secret leaked' "$GITHUB_STEP_SUMMARY"
	cp -R "$BATS_TEST_TMPDIR/hfscan" ./tools
	github push "$(sha)" refs/heads/main "$(pushed "$(sha)" "$(sha HEAD~1)")"
	run job github ./tools
	[ "$status" -eq 0 ]
	run job github ""
	[ "$status" -eq 2 ]
	[[ $output == *"set HFSCAN_SOURCE in"* ]]
	run job github "$BATS_TEST_TMPDIR/nowhere"
	[ "$status" -ne 0 ]
	break_after_v0
	run job github "$BATS_TEST_TMPDIR/hfscan/.git"
	[ "$status" -eq 2 ]
	run job github "$BATS_TEST_TMPDIR/hfscan/.git" v0
	[ "$status" -eq 0 ]
	grep -q 'fetch-depth: 0' "$TOP/ci/github.yml"
}

@test "the job for GitLab gets hfscan where its one line says, and judges" {
	source_of_hfscan
	server
	local before
	before=$(sha)
	commit lab
	git push -q origin main
	gitlab push "$(sha)"
	export CI_COMMIT_BRANCH=main CI_COMMIT_BEFORE_SHA=$before
	checkout 0 "$(sha)" refs/remotes/origin/main
	run job gitlab "$BATS_TEST_TMPDIR/hfscan/.git"
	[ "$status" -eq 1 ]
	[[ $output == *"1 secret leaked in 1 place"* ]]
	cp -R "$BATS_TEST_TMPDIR/hfscan" ./tools
	CI_COMMIT_BEFORE_SHA=$CI_COMMIT_SHA CI_COMMIT_SHA=$before
	run job gitlab ./tools
	[ "$status" -eq 0 ]
	run job gitlab ""
	[ "$status" -eq 2 ]
	[[ $output == *"set HFSCAN_SOURCE in"* ]]
	run job gitlab "$BATS_TEST_TMPDIR/nowhere"
	[ "$status" -ne 0 ]
	break_after_v0
	run job gitlab "$BATS_TEST_TMPDIR/hfscan/.git"
	[ "$status" -eq 2 ]
	run job gitlab "$BATS_TEST_TMPDIR/hfscan/.git" v0
	[ "$status" -eq 0 ]
}
