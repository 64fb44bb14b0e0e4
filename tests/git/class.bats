#!/usr/bin/env bats
# Many repositories in one run, as a teacher has them.
bats_require_minimum_version 1.5.0
load ../cli/helper

# commit_as NAME EMAIL DIR [DAY]: all that is there, on that day of March.
commit_as()
{
	git -C "$3" add .
	GIT_AUTHOR_DATE="2026-03-${4:-01}T12:00:00Z" GIT_COMMITTER_DATE="2026-03-${4:-01}T12:00:00Z" \
		git -C "$3" -c user.name="$1" -c user.email="$2" commit -qm work
}

# student DIR TOKEN [EMAIL]: a repository with that token in its one commit; an
# empty TOKEN leaves it clean.
student()
{
	git init -q -- "$1"
	if [ -n "$2" ]; then plant "$2" "$1/lab.py"; else echo clean >"$1/lab.py"; fi
	commit_as "Student" "${3:-${1##*/}@example.org}" "$1"
}

jsonl() { hfscan -f jsonl "$@"; }

# table NAME [ARG]...: the rows of that table.
table()
{
	local name=$1
	shift
	jsonl "$@" | jq -c "select(.table == \"$name\")"
}

# no_token TEXT: it holds nothing that could be one.
no_token()
{
	! grep -qE '(hf_|api_org_)[A-Za-z0-9]{32}' <<<"$1"
}

@test "each repository has a row of its own, the worst first" {
	student ana a
	student ben ""
	student cam c
	git clone -q --bare cam remote.git
	git -C cam remote add origin ../remote.git
	git -C cam fetch -q
	rm -r remote.git
	run -1 --separate-stderr hfscan ana ben cam
	[[ $output == *"Repositories  "*"  secrets  warnings  not scanned  how far"$'\n'"  cam "*"PUSHED"$'\n'"  ana "*"committed, not pushed"$'\n'"  1 with nothing found"* ]]
	[ -z "$stderr" ]
	no_token "$output"
}

@test "a clean one is named with -v, and counted in JSON" {
	student ana a
	student ben ""
	run -1 hfscan -v .
	[[ $output =~ $'\n'"  ben"\ +0\ +0\ +0$'\n' ]]
	[ "$(table repositories . | jq -c 'select(.repository == "ben") | [.kind, .secrets, .leaks, .incomplete]')" = \
		'["repository",0,0,0]' ]
}

@test "one repository has no table" {
	student ana a
	run -1 hfscan ana
	[[ $output != *Repositories* ]]
	[ -z "$(table repositories ana)" ]
	[ "$(jsonl ana | jq 'select(.rule) | has("repository")')" = false ]
}

@test "what lies beside the repositories of a folder is its rest" {
	student class/ana a
	student class/ben ""
	plant b class/grades.csv
	[ "$(table repositories class | jq -c '[.repository, .kind, .secrets]')" = \
		'["class","rest",1]
["class/ana","repository",1]
["class/ben","repository",0]' ]
	run -1 hfscan class
	[[ $output == *"  class (in none of them) "* ]]
}

@test "a token in two repositories is one secret, shared by them" {
	student ana a
	student ben a
	student cam c
	run -1 hfscan ana ben cam
	[[ $output == *"in 2 places"$'\n'"  shared by 2 repositories: ana, ben"$'\n'* ]]
	[[ $output == *"Shared tokens"$'\n'*"shared by 2 repositories: ana, ben"$'\n'*"One token per person and project"* ]]
	no_token "$output"
	[ "$(table shared . | jq -c '[[.repositories[].repository], [.authors[].email]]')" = \
		'[["ana","ben"],["ana@example.org","ben@example.org"]]' ]
	[ "$(jsonl . | jq -s 'map(select(.summary))[0].summary.secrets')" = 2 ]
}

@test "two authors of one repository who use one token share it" {
	student ana a
	plant a ana/other.py
	echo more >>ana/other.py # the same bytes would be the same object
	commit_as Ben ben@example.org ana 02
	run -1 hfscan ana
	[[ $output == *"brought in by 2 authors: Student <ana@example.org>, Ben <ben@example.org>"* ]]
	[[ $output != *"shared by"* ]]
}

@test "who only changes another line did not bring the token in" {
	student ana a
	student ben ""
	echo more >>ana/lab.py
	commit_as Ben ben@example.org ana 02
	git -C ana mv lab.py moved.py
	commit_as Cam cam@example.org ana 03
	echo more >>ana/moved.py
	commit_as Cam cam@example.org ana 04
	[ "$(jsonl . | jq -s 'map(select(.rule)) | length')" = 3 ]
	[ "$(table authors . | jq -c '[.email, .secrets, .repositories, .exposure]')" = \
		'["ana@example.org",1,1,"committed"]' ]
	[ -z "$(table shared .)" ]
}

@test "two spellings of an address are one author" {
	student ana a Ana@Example.ORG
	student ben b " ana@example.org"
	[ "$(table authors . | jq -c '[.email, .secrets, .repositories]')" = '["ana@example.org",2,2]' ]
	student cam a ANA@example.org
	[ "$(table shared . | jq -c '[(.repositories | length), (.authors | length)]')" = '[2,1]' ]
}

@test "a template's token is one commit's in all of its copies" {
	student template a teacher@example.org
	for name in ana ben cam; do
		git clone -q template class/$name
		echo work >class/$name/work.py
		commit_as Student $name@example.org class/$name 02
	done
	run -1 hfscan class
	commit=$(git -C template rev-parse HEAD)
	[[ $output == *"shared by 3 repositories: class/ana, class/ben, class/cam"$'\n'"  commit ${commit:0:12} is in all of them"* ]]
	[ "$(table authors class | jq -c '[.email, .secrets, .repositories, .exposure]')" = \
		'["teacher@example.org",1,3,"pushed"]' ]
	[ "$(table shared class | jq -r .commit)" = "$commit" ]
}

@test "what is in no commit belongs to the repository and to no author" {
	student ana ""
	student ben ""
	plant a ana/new.py
	[ -z "$(table authors .)" ]
	[ "$(table repositories . | jq -c 'select(.repository == "ana") | [.secrets, .exposure]')" = \
		'[1,"worktree"]' ]
	run -1 hfscan .
	[[ $output != *Authors* ]]
}

@test "a submodule is part of the repository around it" {
	student lib a
	student ana ""
	git -C ana -c protocol.file.allow=always submodule add -q ../lib lib
	commit_as Student ana@example.org ana 02
	student ben ""
	[ "$(table repositories ana ben | jq -c '[.repository, .secrets]')" = '["ana",1]
["ben",0]' ]
}

@test "two work trees of one repository are one" {
	student ana a
	git -C ana worktree add -q ../second
	student ben ""
	[ "$(table repositories . | jq -r 'select(.kind == "repository") | .repository' | tr '\n' ' ')" = "ana ben " ]
	[ "$(table repositories second ana ben | jq -r .repository | tr '\n' ' ')" = "ana ben " ]
}

@test "which work tree names its repository does not depend on who came first" {
	student ana a
	git -C ana rm -q lab.py
	commit_as Student ana@example.org ana 02
	for i in $(seq 6); do git -C ana worktree add -q "../w$i"; done
	for i in $(seq 40); do
		jsonl -j8 . | head -1
	done | sort -u >reports
	[ "$(jq -r .path reports)" = ana/lab.py ]
}

@test "a broken repository is named and does not stop the others" {
	student ana a
	student ben b
	student cam c
	rm ben/.git/HEAD
	run -1 --separate-stderr hfscan .
	[[ $stderr == *"ben: "* ]]
	[[ $output == *"  ben "*" 1"* ]]
	[ "$(table repositories . | jq -c 'select(.kind == "repository") | [.repository, .incomplete]')" = \
		'["ana",0]
["ben",1]
["cam",0]' ]
	printf 'ana\nben\ncam\n' >list
	[ "$(table repositories --repos-from list | jq -c '[.repository, .incomplete]')" = \
		'["ana",0]
["ben",1]
["cam",0]' ]
}

@test "a missing object is told of its repository, and the exit code is the worst" {
	student ana ""
	student ben ""
	rm "ana/.git/objects/$(git -C ana rev-parse HEAD:lab.py | sed 's|..|&/|')"
	run -3 --separate-stderr hfscan ana ben
	[[ $output == *$'\n'"  ana "*" 1"$'\n'* ]]
	student cam c
	run -1 --separate-stderr hfscan ana ben cam
	run -0 --separate-stderr hfscan ben
}

@test "a list of repositories: lines of Windows, blank ones, duplicates" {
	student ana a
	student ben b
	printf '\xef\xbb\xbfana\r\n\r\n\r\n./ana/\r\nben\r' >list
	run -1 --separate-stderr hfscan --repos-from list
	[ -z "$stderr" ]
	[ "$(table repositories --repos-from list | jq -r .repository | tr '\n' ' ')" = "ana ben " ]
	[ "$(jsonl --repos-from list | jq -s 'map(select(.summary))[0].summary | [.repositories, .files]' -c)" = '[2,4]' ]
	run -1 hfscan -v --repos-from list
	[[ $output == *"stands in the list twice"* ]]
}

@test "a list from standard input, relative to where one stands" {
	student class/ana a
	student class/ben b
	(
		cd class
		run -1 hfscan --repos-from - <<<$'ana\nben'
		[[ $output == *"2 secrets leaked"* ]]
	)
	run -1 hfscan --repos-from - <<<$'class/ana\n'"$PWD/class/ben"
	[[ $output == *"2 secrets leaked"*  ]]
	[[ $output == *"  class/ben "* ]]
}

@test "what of a list is missing, a file or an address is not scanned, and the others are" {
	student ana ""
	echo x >file
	printf 'ana\ngone\nfile\n#ana\nhttps://example.org/%s/x.git\n' "$(token a)" >list
	run -3 --separate-stderr hfscan --repos-from list
	[[ $stderr == *"gone: no such folder"* ]]
	[[ $stderr == *"file: is no folder"* ]]
	[[ $stderr == *"#ana: no such folder (every line"* ]]
	[[ $stderr == *"clone it first"* ]]
	no_token "$output$stderr"
	no_token "$(jsonl --repos-from list 2>&1)"
	[ "$(table repositories --repos-from list 2>/dev/null | jq -s 'map(.incomplete) | add')" = 4 ]
	run -0 --separate-stderr hfscan --allow-incomplete --repos-from list
	plant a ana/lab.py
	run -1 --separate-stderr hfscan --repos-from list
}

@test "what may not be looked at is told with the reason" {
	student ana ""
	mkdir -p locked/ben
	chmod 000 locked
	printf 'ana\nlocked/ben\nlocked\n' >list
	chmod 755 "$BATS_TEST_TMPDIR" .
	run -3 --separate-stderr powerless timeout 60 "$HFSCAN" --repos-from list
	chmod 700 locked
	[[ $stderr == *"locked/ben: cannot open: Permission denied"* ]]
	[[ $stderr == *"locked: cannot"* ]]
}

@test "a list that is not there, empty, UTF-16 or of nothing there cannot start" {
	run -2 hfscan --repos-from nowhere
	[[ $output == "hfscan: nowhere: cannot open the list"* ]]
	mkdir folder
	run -2 hfscan --repos-from folder
	: >empty
	run -2 hfscan --repos-from empty
	[[ $output == "hfscan: empty: the list names no repository" ]]
	printf '\xff\xfea\0\n\0' >wide
	run -2 hfscan --repos-from wide
	[[ $output == *"UTF-16"* ]]
	printf 'gone\naway\n' >none
	run -2 hfscan --repos-from none
	[[ $output == "hfscan: none: not one of the 2 names"* ]]
}

@test "folders without a repository are scanned, and have rows" {
	mkdir ana ben
	plant a ana/lab.py
	plant a ben/lab.py
	printf 'ana\nben\n' >list
	run -1 hfscan -v --repos-from list
	[[ $output == *"ana: is no repository: read as plain files"* ]]
	[[ $output == *"shared by 2 repositories: ana, ben"* ]]
	[ "$(table repositories --repos-from list | jq -c '[.repository, .kind]')" = '["ana","folder"]
["ben","folder"]' ]
	run -3 --separate-stderr hfscan --history-only --repos-from list
	[[ $stderr == *"ana: there is no repository here"* ]]
}

@test "names with newlines, by NUL; names that paint the terminal" {
	student $'a\nb' a
	student $'c\033[31m' b
	printf '%s\0%s\0\0' $'a\nb' $'c\033[31m' >list
	run -1 --separate-stderr hfscan -0 --repos-from list
	[[ $output == *'  a\x0Ab '* && $output == *'  c\x1B[31m '* ]]
	[[ $output != *$'\033'* ]]
	[ "$(table repositories -0 --repos-from list | jq -r '.repository | @json' | tr '\n' ' ')" = '"a\nb" "c\u001b[31m" ' ]
	run -2 hfscan -0 .
	[[ $output == *"--repos-from"* ]]
}

@test "hostile authors: tokens, escapes, other bytes, no name at all" {
	student ana ""
	student ben ""
	plant a ana/1.py
	commit_as "$(token x)" "$(token y)@example.org" ana 02
	plant b ana/2.py
	commit_as $'E\033[2Jvil \xe2\x80\xae' $'e\xff@x' ana 03
	git -C ana log --format=%an >/dev/null
	plant c ana/3.py
	git -C ana add .
	tree=$(git -C ana write-tree)
	printf 'tree %s\nparent %s\nauthor  <> 1772000000 +0000\ncommitter  <> 1772000000 +0000\n\nx\n' \
		"$tree" "$(git -C ana rev-parse HEAD)" |
		git -C ana hash-object -t commit -w --stdin --literally >id
	git -C ana update-ref HEAD "$(cat id)"
	run -1 --separate-stderr hfscan ana ben
	no_token "$output"
	[[ $output != *$'\033'* && $output != *$'\xe2\x80\xae'* ]]
	json=$(jsonl ana ben) || true
	no_token "$json"
	jq -e . >/dev/null <<<"$json"
	[ "$(table authors ana ben | wc -l)" -ge 3 ]
}

@test "bare, empty and shallow repositories are units too" {
	student full a
	git clone -q --bare full bare.git
	git init -q empty
	echo more >>full/lab.py
	commit_as Student full@example.org full 02
	git clone -q --depth 1 "file://$PWD/full" shallow
	run -1 --separate-stderr hfscan bare.git empty shallow
	[ "$(table repositories bare.git empty shallow 2>/dev/null | jq -c '[.repository, .secrets, .incomplete]')" = \
		'["bare.git",1,0]
["empty",0,0]
["shallow",1,1]' ]
	[ "$(table repositories . 2>/dev/null | jq -r 'select(.kind == "repository") | .repository' | tr '\n' ' ')" = \
		"bare.git empty full shallow " ]
}

@test "a range that some repositories lack is told of these" {
	student ana a
	git -C ana tag start
	student ben b
	plant c ana/new.py
	commit_as Student ana@example.org ana 02
	printf 'ana\nben\n' >list
	run -1 --separate-stderr hfscan --range start..HEAD --repos-from list
	[[ $stderr == *"ben: there is no commit called start"* ]]
	[[ $output == *"1 secret leaked"* ]]
	run -3 --separate-stderr hfscan --range start..HEAD --repos-from - <<<ben
}

@test "twenty repositories: the same report whatever the number of threads" {
	for i in $(seq 20); do
		student "r$i" "t$((i % 7))" "s$((i % 9))@example.org"
		for j in 1 2 3; do
			seq "$i" $((i * j + 200)) >"r$i/f$j.txt"
			commit_as Student "s$i@example.org" "r$i" "0$((j + 1))"
		done
	done
	rm r3/.git/HEAD
	rm "r5/.git/objects/$(git -C r5 rev-parse HEAD:f1.txt | sed 's|..|&/|')"
	git -C r7 gc -q
	for format in text json jsonl; do
		run -1 --separate-stderr hfscan -j1 -f $format -v .
		one=$(without_seconds <<<"$output")
		for j in 2 8; do
			run -1 --separate-stderr hfscan -j$j -f $format -v .
			[ "$one" = "$(without_seconds <<<"$output")" ]
		done
	done
	[ "$(table repositories . 2>/dev/null | jq -s 'map(select(.kind == "repository")) | length')" = 20 ]
	[ "$(table repositories . 2>/dev/null | jq -s 'map(.leaks) | add')" = \
		"$(jsonl . 2>/dev/null | jq -s 'map(select(.summary))[0].summary.leaks')" ]
}

@test "a list of one has rows like any other" {
	student ana a
	[ "$(table repositories --repos-from - <<<ana | jq -r .repository)" = ana ]
	[ "$(jsonl --repos-from - <<<ana | jq -r 'select(.rule) | .repository')" = ana ]
}

@test "docs/scale.md: what GNU parallel runs in parts comes to the same" {
	for i in $(seq 12); do student "class/r$i" "t$((i % 5))" "s$i@example.org"; done
	student class/clean ""
	printf '%s\n' class/* >repositories.txt
	mkdir -p bin "$HOME/.parallel"
	ln -s "$HFSCAN" bin/hfscan
	touch "$HOME/.parallel/will-cite"
	# shellcheck disable=SC2016 # a literal fence
	sed -n '/^```sh$/,/^```$/{/^```/!p}' "$TOP/docs/scale.md" >recipe
	PATH=$PWD/bin:$PATH run -1 --separate-stderr bash -e recipe
	echo "$stderr"
	[ "$(cat parts/*.jsonl | jq -s 'map(select(.summary)) | length')" -gt 1 ]
	[ "$(wc -l <leaks.jsonl)" = 5 ]
	[ "$(jq -s -c 'map([.fingerprint, .repositories]) | sort' leaks.jsonl)" = \
		"$(table shared class | jq -s -c 'map([.secret.fingerprint, [.repositories[].repository]]) | sort')" ]
	echo class/gone >>repositories.txt
	PATH=$PWD/bin:$PATH run -1 --separate-stderr bash -e recipe
	printf 'class/clean\nclass/gone\n' >repositories.txt
	PATH=$PWD/bin:$PATH run -3 --separate-stderr bash -e recipe
	echo class/clean >repositories.txt
	PATH=$PWD/bin:$PATH run -0 --separate-stderr bash -e recipe
}

@test "two hundred repositories: few files open, and no more memory than for one" {
	student seed a
	seq 20000 >seed/long.txt
	commit_as Student s@example.org seed 02
	git -C seed gc -q
	for i in $(seq 200); do echo "r$i"; done | xargs -I{} cp -r seed {}
	rm -r seed
	one=$(peak_kb "$HFSCAN" -j4 -q r1)
	all=$(peak_kb "$HFSCAN" -j4 -q .)
	echo "$one KB, $all KB"
	[ "$all" -lt $((one + 8192)) ]
	(
		ulimit -n 64
		run -1 --separate-stderr hfscan -j8 -f json .
		[ -z "$stderr" ]
		[ "$(jq -c '[.summary.histories, .summary.secrets, .summary.incomplete]' <<<"$output")" = '[200,1,0]' ]
	)
}

# big DIR TOKEN: two versions of a file of 20 MB, the second as a delta.
big()
{
	git init -q "$1"
	seq 2600000 >"$1/big.txt"
	plant "$2" "$1/lab.py"
	commit_as Student "$1@example.org" "$1"
	{ seq 1300000; cat "$1/lab.py"; seq 1300001 2600000; } >"$1/big.txt"
	commit_as Student "$1@example.org" "$1" 02
	git -C "$1" gc -q
}

@test "what takes more than its share of the memory is read when the others have ended" {
	for name in ana ben cam; do big $name $name; done
	for i in $(seq 8); do student "r$i" "t$i"; done
	run -1 --separate-stderr hfscan -j1 --max-memory 64M -f json --history-only .
	[ -z "$stderr" ]
	one=$(without_seconds <<<"$output")
	run -1 --separate-stderr hfscan -j8 --max-memory 64M -f json --history-only .
	[ -z "$stderr" ]
	[ "$one" = "$(without_seconds <<<"$output")" ]
	[ "$(jq -c '[.summary.secrets, .summary.incomplete]' <<<"$output")" = '[11,0]' ]
}

@test "the tables in Spanish" {
	student ana a
	student ben a
	run -1 hfscan --lang es ana ben
	[[ $output == *"Repositorios  "*"  secretos  "*"sin revisar  hasta dónde"* ]]
	[[ $output == *"compartido por 2 repositorios: ana, ben"* ]]
	[[ $output == *"Un token por persona y proyecto"* ]]
}

@test "-q leaves the tables out" {
	student ana a
	student ben b
	run -1 hfscan -q ana ben
	[[ $output != *Repositories* ]]
}

@test "the page for a browser and the one for a summary have the tables, too" {
	student ana a
	student ben a
	student cam ""
	hfscan -f html -o ../page.html . || [ $? -eq 1 ]
	python3 "$TOP/tests/cli/html_page.py" ../page.html >../page
	grep -qx "Repositories" ../page
	grep -A4 -x "ana" ../page | paste -sd' ' | grep -q "^ana 1 0 0 committed, not pushed"
	grep -A3 -x "Student <ben@example.org>" ../page | paste -sd' ' | grep -q " 1 1 committed, not pushed"
	grep -q "1 with nothing found" ../page
	grep -q "shared by 2 repositories: ana, ben" ../page
	run -1 hfscan -f markdown .
	[[ $output == *"| Repositories | secrets | warnings | not scanned | how far |"$'\n'"| --- | ---: | ---: | ---: | --- |"$'\n'"| <code>ana</code> | 1 | 0 | 0 | committed, not pushed |"* ]]
	[[ $output == *"| <code>Student &#60;ben&#64;example.org&#62;</code> | 1 | 1 | committed, not pushed |"* ]]
	[[ $output == *"#### Shared tokens"$'\n\n'"- <code>hf&#95;"*"shared by 2 repositories&#58; ana, ben; "*"brought in by 2 authors"* ]]
	no_token "$output"
}

@test "one repository has no table on either page" {
	student ana a
	hfscan -f html -o ../page.html ana || [ $? -eq 1 ]
	[ "$(grep -c '<table>' ../page.html)" -eq 0 ]
	run -1 hfscan -f markdown ana
	[[ $output != *"| Repositories |"* ]]
}

@test "hostile names in the tables of the pages" {
	git init -q 'a|<b>`'
	plant a 'a|<b>`/x.py'
	commit_as '<i>| [x](y)' 'e@x|y' 'a|<b>`'
	student ben ""
	hfscan -f html -o ../page.html . || [ $? -eq 1 ]
	python3 "$TOP/tests/cli/html_page.py" ../page.html >../page
	grep -qF 'a|<b>`' ../page
	grep -qF 'e@x|y' ../page
	run -1 hfscan -f markdown .
	# No name opens a cell, a link or an element.
	grep -qF '| <code>a&#124;&#60;b&#62;&#96;</code> | 1 | 0 | 0 |' <<<"$output"
	grep -qF '&#91;x&#93;(y)' <<<"$output"
}
