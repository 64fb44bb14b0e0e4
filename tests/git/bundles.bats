#!/usr/bin/env bats
# Packs and bundles that lie among other files, written by the real git.
load ../cli/helper

# A repository r with a token in a blob that is gone, one in a message, and one in the
# name of a file.
repository()
{
	git init -q r
	(
		cd r
		seq 2000 >numbers
		plant a secret.py
		git add . && git commit -qm "add"
		git rm -q secret.py && sed -i 's/^7$/seven/' numbers && git commit -qam "$(token b)"
		: >"$(token c).txt" && git add . && git commit -qm "name it"
	)
	oid=$(git -C r rev-parse HEAD~2:secret.py)
	message=$(git -C r rev-parse HEAD~1)
}

places()
{
	jq -r 'select(.rule) | "\(.path): \(.member // "-") \(.line):\(.column)"' report | sort
}

@test "a bundle among homework: blobs, messages and names" {
	repository
	git -C r bundle create -q ../hand-in.bundle --all
	rm -rf r
	reported .
	[ "$status" -eq 1 ]
	[ ! -s errors ]
	places | grep -qx "hand-in.bundle: blob $oid 1:8"
	places | grep -q "^hand-in.bundle: commit $message "
	places | grep -q "^hand-in.bundle: tree "
	[ "$(places | wc -l)" -eq 3 ]
}

@test "text in wide characters in a bundle, with the token in another form in it" {
	git init -q r
	(
		cd r
		seq 2000 >numbers
		{
			printf '\377\376'
			printf 'token: %s\n' "$(token a | base64)" | iconv -t utf-16le
		} >notes.txt
		git add . && git commit -qm "add"
	)
	oid=$(git -C r rev-parse HEAD:notes.txt)
	git -C r bundle create -q ../hand-in.bundle --all
	rm -rf r
	reported .
	[ "$status" -eq 1 ]
	places | grep "^hand-in.bundle: blob $oid "
	[ "$(jq -rc 'select(.rule) | .decoded' report)" = '["utf-16le","base64"]' ]
}

@test "a pack, with its index beside it or not" {
	repository
	git -C r repack -qad
	mkdir p && cp r/.git/objects/pack/* p && rm -rf r
	reported p
	[ "$status" -eq 1 ]
	[ "$(places | grep -c "pack: blob $oid 1:8")" -eq 1 ]
	rm -f p/*.idx p/*.rev
	cp report before
	reported p
	diff <(jq -S 'select(.rule)' before) <(jq -S 'select(.rule)' report)
}

@test "a repository's own packs are read as its history only" {
	repository
	git -C r repack -qad
	reported r
	[ "$status" -eq 1 ]
	[ "$(jq -r 'select(.member)' report | wc -l)" -eq 0 ]
}

@test "a bundle that is committed is as exposed as any file" {
	repository
	git init -q outer
	git -C r bundle create -q ../outer/hand-in.bundle --all
	rm -rf r
	git -C outer add . && git -C outer commit -qm bundle
	reported outer
	[ "$status" -eq 1 ]
	jq -se --arg oid "blob $oid" 'map(select(.member == $oid)) | length == 1 and (.[0] | .exposure == "committed" and .path == "hand-in.bundle")' report
	rm outer/hand-in.bundle
	reported outer
	jq -se --arg oid "blob $oid" 'map(select(.member == $oid)) | length == 1 and (.[0] | .path == "hand-in.bundle" and .git.commit)' report
}

@test "a part of a history is incomplete" {
	git init -q r
	seq 20000 >r/numbers && git -C r add . && git -C r commit -qm one
	sed -i 's/^9999$/other/' r/numbers && git -C r commit -qam two
	git -C r bundle create -q ../part.bundle main~1..main
	base=$(git -C r rev-parse HEAD~1:numbers)
	rm -rf r
	reported .
	[ "$status" -eq 3 ]
	[ "$(wc -l <errors)" -eq 1 ]
	grep -F "part.bundle: it lacks what 1 of its objects build on, such as $base" errors
	run -3 hfscan --lang es .
	[[ $output == *"le falta aquello"* ]]
}

@test "one that is cut short is incomplete" {
	repository
	git -C r bundle create -q ../hand-in.bundle --all
	rm -rf r
	head -c $(($(stat -c %s hand-in.bundle) - 500)) hand-in.bundle >short.bundle
	rm hand-in.bundle
	reported .
	[ "$(wc -l <errors)" -eq 1 ]
	grep -F "short.bundle: of its " errors
	head -c 60 short.bundle >shorter.bundle
	rm short.bundle
	reported .
	[ "$status" -eq 3 ]
	[ "$(wc -l <errors)" -eq 1 ]
}

@test "an archive in a bundle is looked into" {
	git init -q r
	plant a in.py
	python3 -m zipfile -c r/all.zip in.py && rm in.py
	git -C r add . && git -C r commit -qm one
	git -C r bundle create -q ../hand-in.bundle --all
	oid=$(git -C r rev-parse HEAD:all.zip)
	rm -rf r
	reported .
	[ "$status" -eq 1 ]
	[ "$(places)" = "hand-in.bundle: blob $oid!/in.py 1:8" ]
}
