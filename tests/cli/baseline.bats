#!/usr/bin/env bats
# Secrets that may stay, one by one.
bats_require_minimum_version 1.5.0
load helper

B=.hfscan-baseline.json

# fingerprint NAME: of that token.
fingerprint()
{
	token "$1" | sha256sum | head -c 32
}

# allow NAME [MEMBERS]: a baseline of one secret.
allow()
{
	printf '{"schema":1,"allowed":[{"fingerprint":"%s"%s}]}\n' "$(fingerprint "$1")" "${2-}" >$B
}

@test "what is listed is allowed and counted, wherever it moves; another on its line is not" {
	git init -q
	plant a lab.py
	run -0 hfscan baseline create --reason 'deleted in May'
	[[ $output == *": 1 added, 0 taken out, 1 in all" ]]
	[[ $output == *"a token that still works"*"has to be deleted"* ]]
	run -0 hfscan
	[[ $output == *"$B: allows 1 secret (in 1 place)"*"1 allowed"* ]]
	git add .
	git commit -qm one
	git mv lab.py moved.py
	printf '\n\nx = "%s", "%s"\n' "$(token a)" "$(token b)" >moved.py
	run -1 hfscan -f json
	jq -e '.summary | .leaks == 1 and .secrets == 1 and .allowed == 2' <<<"$output"
	jq -e '.findings[] | select(.verdict == "leak") | .column == 47' <<<"$output"
	jq -e '.summary.narrowed == [{file: "'$B'", kind: "baseline", secrets: 1, places: 2}]' <<<"$output"
}

@test "a baseline holds no token, whatever path and reason say" {
	plant a "$(token b).py"
	run -0 hfscan baseline create --reason "it was $(token c)"
	[ "$(jq '.allowed | length' $B)" -eq 2 ]
	! grep -E 'hf_[A-Za-z0-9]{3}' $B
	! grep -rE 'hf_[A-Za-z0-9]{3}' <<<"$output"
	run -0 hfscan
	run -0 hfscan baseline show
	[[ $output != *hf_[A-Za-z0-9][A-Za-z0-9][A-Za-z0-9]* && $output == *"it was hf_"* ]]
}

@test "create replaces nothing, and the other verbs make nothing" {
	for verb in update prune show; do
		run -2 hfscan baseline $verb
		[[ $output == *"hfscan baseline create"* && ! -e $B ]]
	done
	ln -s nowhere $B
	run -2 hfscan baseline create
	rm $B
	echo mine >$B
	run -2 hfscan baseline create
	[ "$(cat $B)" = mine ]
	run -2 hfscan baseline create --baseline there/is/no/folder
	run -2 hfscan baseline destroy
	run -2 hfscan baseline create . extra
	run -2 hfscan baseline prune --reason why
	run -2 hfscan baseline create --expires 2026-02-30
}

@test "a file that is named is no reason to allow all that lies around it" {
	git init -q
	plant a a.py
	plant b b.py
	run -2 --separate-stderr hfscan baseline create a.py
	[[ $stderr == "hfscan: a.py: is a file: "* ]]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[ ! -e .hfscan-baseline.json ]
	run -0 hfscan baseline create .
}

@test "update adds, keeps what stands there, and touches nothing when there is nothing new" {
	plant a a.py
	hfscan baseline create --reason one --expires 2999-12-31
	jq '. + {note: {"z": 1, "a": [true]}} | .allowed[0] += {ticket: 7, owner: "ä"}' $B >new
	mv new $B
	before=$(cat $B)
	run -0 hfscan baseline update --reason two
	[ "$(cat $B)" = "$before" ]
	plant b b.py
	run -0 hfscan baseline update --reason two
	[[ $output == *": 1 added, 0 taken out, 2 in all" ]]
	jq -e '.note == {"z": 1, "a": [true]}' $B
	jq -e '.allowed | map(.path) == ["a.py", "b.py"]' $B
	jq -e '.allowed[0] | .reason == "one" and .expires == "2999-12-31" and .ticket == 7 and .owner == "ä"' $B
	jq -e '.allowed[1] | .reason == "two" and (has("expires") | not)' $B
	jq -e --arg today "$(date -u +%F)" '.allowed[1].added == $today' $B
	[ "$(find . -type f | wc -l)" -eq 3 ] # nothing is left beside it
	chmod 600 $B
	plant c 0.py
	hfscan baseline update
	jq -e '.allowed | map(.path) == ["0.py", "a.py", "b.py"]' $B
	[ "$(stat -c %a $B)" = 600 ]
	run -0 hfscan
}

@test "from the day it expires a secret is reported again, and why" {
	plant a a.py
	hfscan baseline create --expires "$(date -u -d tomorrow +%F)"
	run -0 hfscan
	run -0 hfscan baseline show
	[[ $output != *expired* ]]
	allow a ",\"expires\":\"$(date -u +%F)\""
	run -1 hfscan
	[[ $output == *"its allowance in the baseline has expired"*"1 secret no more, which has expired"* ]]
	run -1 hfscan --lang es
	[[ $output == *"cuyo plazo venció"* ]]
	run -1 hfscan -f json
	jq -e '.summary.narrowed[0] | .kind == "baseline-expired" and .secrets == 1' <<<"$output"
	run -0 hfscan baseline show
	[[ $output == *"$(date -u +%F): expired"* ]]
	run -0 hfscan baseline show --lang es
	[[ $output == *HUELLA*": vencido"* ]]
	run -0 hfscan baseline update # it is listed already
	[[ $output == *": 0 added"* ]]
}

@test "prune takes out what a whole scan does not meet any more" {
	git init -q
	plant a a.py
	plant b b.py
	git add .
	git commit -qm one
	hfscan baseline create
	rm a.py
	git commit -qam two
	run -0 hfscan baseline prune # history has it still
	[[ $output == *"0 taken out, 2 in all" ]]
	git checkout -q --orphan new
	git commit -qm new
	git branch -qD main
	git reflog expire --expire=now --all
	git gc -q --prune=now
	mkdir -p sub
	run -0 hfscan baseline prune sub # the whole work tree all the same
	[[ $output == *": 0 added, 1 taken out, 1 in all" ]]
	[[ $output != *deleted* ]]
	jq -e '.allowed | map(.path) == ["b.py"]' $B
	run -2 hfscan baseline prune --disable-rule hf-user-access-token
}

@test "what could not be scanned is told when a baseline is made, too" {
	plant a a.py
	mkdir shut
	chmod 0 shut
	run -3 powerless "$HFSCAN" baseline create
	[[ $output == *"1 added"* && $output == *shut* ]]
	run -3 powerless "$HFSCAN" baseline update
	[[ $output == *"0 added"* && $output == *shut* ]]
	chmod 700 shut
}

@test "prune changes nothing when something could not be scanned" {
	plant a a.py
	hfscan baseline create
	rm a.py
	mkdir shut
	chmod 0 shut
	before=$(cat $B)
	run -3 powerless "$HFSCAN" baseline prune
	[[ $output == *shut*"left as it is"* ]]
	[ "$(cat $B)" = "$before" ]
	chmod 700 shut
	run -0 hfscan baseline prune
	[[ $output == *"1 taken out"* ]]
}

@test "a broken baseline is no baseline: 2, with the file and the place" {
	local f
	f=$(fingerprint a)
	plant a a.py
	while IFS='|' read -r text what; do
		printf "${text//FP/$f}" >$B
		run -2 hfscan
		[[ $output == "hfscan: $B: "*"$what"* ]] || { echo "$text: $output"; false; }
		[ "${#lines[@]}" -eq 1 ]
		run -2 hfscan baseline update
		run -2 hfscan baseline show
	done <<'TABLE'
|not valid JSON at offset 0
{|not valid JSON at offset
[]|line 1: must be an object with "schema": 1
{"schema":2,"allowed":[]}|"schema": 1
{"schema":1}|must hold one list "allowed"
{"schema":1,"allowed":[],"allowed":[]}|must hold one list "allowed"
{"schema":1,"allowed":[]} x|not valid JSON at offset 26
{"schema":1,"allowed":[7]}|"allowed" must hold objects
{"schema":1,"allowed":[{}]}|line 1: "fingerprint" is missing
{"schema":1,"others":[{}],\n"allowed":[\n{"fingerprint":"FP"},\n{"fingerprint":"abc"}]}|line 4: "fingerprint" must be 32 small hex digits
{"schema":1,"allowed":[{"fingerprint":"FPF"}]}|must be 32 small hex digits
{"schema":1,"allowed":[{"fingerprint":"FP00000000"}]}|must be 32 small hex digits
{"schema":1,"allowed":[{"fingerprint":7}]}|"fingerprint" must be a text
{"schema":1,"allowed":[{"fingerprint":"FP","fingerprint":"FP"}]}|"fingerprint" is there twice
{"schema":1,"allowed":[{"fingerprint":"FP"},{"fingerprint":"FP"}]}|is there twice
{"schema":1,"allowed":[{"fingerprint":"FP","expires":"soon"}]}|"expires" must be a day
{"schema":1,"allowed":[{"fingerprint":"FP","expires":"2026-02-29"}]}|"expires" must be a day
{"schema":1,"allowed":[{"fingerprint":"FP","expires":null}]}|"expires" must be a text
{"schema":1,"allowed":[{"fingerprint":"FP","reason":"a\\u0000b"}]}|cannot stand in a text
TABLE
	printf '{"schema":1,"allowed":[{"fingerprint":"%s","reason":"a\0b"}]}' "$f" >$B
	run -2 hfscan
	printf '\xef\xbb\xbf{"schema":1,"allowed":[{"fingerprint":"%s"}]}\r\n' "$f" >$B # Windows
	run -0 hfscan
}

@test "--baseline names another file, which counts alone and for all" {
	mkdir one two
	plant a one/a.py
	plant b two/b.py
	(cd one && allow a)
	run -0 hfscan baseline create two --baseline named.json
	[ -e named.json ] && [ ! -e two/$B ]
	ln -s named.json link.json
	run -1 hfscan --baseline link.json one two
	[[ $output == *one/a.py* && $output != *two/b.py* && $output == *"link.json: allows 1 secret"* ]]
	run -1 hfscan one two
	[[ $output != *one/a.py* && $output == *two/b.py* ]]
	run -2 hfscan --baseline absent.json one
	run -2 hfscan --baseline . one
	run -0 hfscan baseline update one --baseline link.json
	[ -L link.json ] && [ "$(jq '.allowed | length' named.json)" -eq 2 ]
	run -0 hfscan --baseline named.json one two
}

@test "each repository's counts for what lies below it" {
	for r in class/one class/two; do
		git init -q $r
		plant a $r/a.py
	done
	(cd class/one && allow a)
	run -1 hfscan class
	[[ $output == *class/two/a.py* && $output != *class/one/a.py* ]]
	(cd class && allow a)
	run -0 hfscan class
	run -1 hfscan class/two
	run -0 hfscan class/one/a.py
}

@test "another's baseline allows what it lists, but not silently, and --no-repo-config nothing" {
	plant a a.py
	allow a ",\"path\":\"$(printf 'x\\u001b[2Jy')\",\"reason\":\"\\u202egood\""
	run -0 hfscan
	[[ $output == *"$B: allows 1 secret (in 1 place)"*"1 allowed"* ]]
	run -0 hfscan -v
	[[ $output == *ALLOWED*"the baseline allows it"*a.py:1:8* ]]
	run -0 hfscan -f jsonl
	[ "$(tail -1 <<<"$output" | jq .summary.narrowed[0].secrets)" = 1 ]
	run -0 hfscan baseline show
	[[ $output == *'x\x1B[2Jy'*'\u{202E}good'* ]]
	run -1 hfscan --no-repo-config
	run -0 hfscan --no-repo-config --baseline $B
}

@test "a warning is added with --strict only" {
	printf 'login("%s")\n' "$(token a | head -c 36)" >a.py
	run -1 hfscan --strict
	run -0 hfscan baseline create --baseline lax.json
	[ "$(jq '.allowed | length' lax.json)" -eq 0 ]
	run -0 hfscan baseline create --strict
	[ "$(jq '.allowed | length' $B)" -eq 1 ]
	run -0 hfscan --strict
}

@test "as many threads as there are find the same" {
	git init -q
	for i in {1..40}; do plant "$((i % 7))" "f$i.py"; done
	hfscan baseline create
	jq '.allowed |= .[:4]' $B >new && mv new $B
	run -1 hfscan -j 1 -f json
	without_seconds <<<"$output" >../one
	run -1 hfscan -j 8 -f json
	without_seconds <<<"$output" | cmp - ../one
}
