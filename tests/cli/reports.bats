#!/usr/bin/env bats
# --report: several reports of one scan, each where it was asked for.
load helper

# One line on stderr, exit code 2, and nothing was scanned.
refused()
{
	run --separate-stderr hfscan "$@"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "every format at once, beside what is shown" {
	plant a lab.py
	run --separate-stderr hfscan --report json=../r.json --report jsonl=../r.jsonl \
		--report=text=../r.txt .
	[ "$status" -eq 1 ]
	[ -z "$stderr" ]
	[[ $output == *CRITICAL* ]]
	jq -e '.findings | length == 1' ../r.json
	tail -n 1 ../r.jsonl | jq -e '.summary.leaks == 1'
	grep -q CRITICAL ../r.txt
	run hfscan -f json -o ../o.json --report jsonl=../o.jsonl .
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	jq -e '.findings | length == 1' ../o.json
	[ -s ../o.jsonl ]
}

@test "a report alone is what it is beside others" {
	git init -q
	for i in {1..40}; do plant "t$((i % 7))" "f$i"; done
	git add f1 f2
	hfscan -f jsonl . | without_seconds >../alone
	hfscan -j 8 --report jsonl=../beside --report json=../more . >/dev/null || true
	without_seconds <../beside | cmp - ../alone
	[ -s ../alone ]
}

@test "- is standard output, where then nothing else goes" {
	plant a lab.py
	run --separate-stderr hfscan --report jsonl=- --report json=../r.json .
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 2 ]
	jq -e .summary <<<"${lines[1]}"
	jq -e .summary ../r.json
	run --separate-stderr hfscan -o ../r.txt --report jsonl=- .
	[ "${#lines[@]}" -eq 2 ]
	grep -q CRITICAL ../r.txt
}

@test "standard output takes one report" {
	plant a lab.py
	refused --report json=- --report jsonl=- .
	refused -f json --report jsonl=- .
	refused -o - --report jsonl=- .
	[[ $stderr == *"standard output"* ]]
}

@test "two reports in one file are refused, whatever it is called" {
	plant a lab.py
	refused --report json=../r --report jsonl=../r .
	[[ $stderr == *../r* ]]
	refused -o ../r --report jsonl=../r .
	ln -s r ../link
	refused -o ../r --report jsonl=../link .
	ln ../r ../hard
	refused --report json=../hard --report jsonl=../r .
	run --separate-stderr bash -c '"$HFSCAN" --report json=../out . >../out'
	[ "$status" -eq 2 ]
	[ ! -s ../out ]
	run --separate-stderr bash -c '"$HFSCAN" --report json=/dev/stdout . | cat; exit ${PIPESTATUS[0]}'
	[ "$status" -eq 2 ]
	run hfscan --report json=/dev/null --report jsonl=/dev/null .
	[ "$status" -eq 1 ]
}

@test "a report that makes no sense is told" {
	plant a lab.py
	for word in json =r json= yaml=r JSON=r 'json r' ''; do
		refused --report "$word" .
		[[ $stderr == *FORMAT=FILE* ]]
	done
	[ "$(ls)" = lab.py ]
	refused rules list --report json=../r
}

@test "what is to be read is not written over by any of them" {
	plant a lab.py
	cp lab.py ../before
	refused --report json=../r --report jsonl=lab.py lab.py
	[[ $stderr == *lab.py* ]]
	cmp lab.py ../before
	refused --report json=../r --report jsonl=./lab.py --files-from lab.py
	cmp lab.py ../before
}

@test "all are opened before the scan" {
	printf 'gone\n' >../list
	echo before >../r.json
	refused --report json=../r.json --report jsonl=nowhere/r --files-from ../list
	[[ $stderr == *nowhere/r* && $stderr != *gone* ]]
	[ "$(cat ../r.json)" = before ]
}

@test "one that cannot be written leaves the others whole" {
	[ -c /dev/full ] || skip "no /dev/full"
	for i in {1..60}; do plant "t$i" "f$i"; done
	run --separate-stderr hfscan --report json=/dev/full --report jsonl=../r.jsonl .
	[ "$status" -eq 2 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == *"/dev/full"* ]]
	[[ $output == *CRITICAL* ]]
	[ -s ../r.jsonl ]
	tail -n 1 ../r.jsonl | jq -e '.summary.leaks == 60'
}

@test "--show-secrets holds for each of them" {
	plant a lab.py
	umask 022
	echo before >../r.json
	run hfscan --show-secrets --report json=../r.json --report jsonl=../r.jsonl -o ../r.txt .
	[ "$status" -eq 1 ]
	for file in ../r.json ../r.jsonl ../r.txt; do
		[ "$(stat -c %a $file)" = 600 ]
		grep -qF "$(token a)" $file
	done
	export CI=1
	refused --show-secrets -o ../r.txt --report json=- .
	refused --show-secrets -o ../r.txt --report json=/dev/stderr .
	refused --show-secrets --report json=../r.json .
	run hfscan --show-secrets -o ../r.txt --report json=../r.json .
	[ "$status" -eq 1 ]
}

@test "--help and the man page name the formats" {
	for words in --help "scan --help" "--generate man"; do
		# shellcheck disable=SC2086
		run hfscan $words
		[[ $output == *jsonl*"one JSON object a line"* ]]
	done
	run hfscan rules --help
	[[ $output != *"one JSON object a line"* ]]
}
