#!/usr/bin/env bats
# What a repository may say of how it is scanned, and what it may not.
bats_require_minimum_version 1.5.0
load helper

C=.hfscan.json

# narrowed: what the summary says, from jsonl or json in $output.
narrowed()
{
	tail -n 1 <<<"$output" | jq -c '.summary.narrowed // [] | map(del(.file))'
}

@test "rules are turned off, and that stands in every summary" {
	plant a a.py
	echo '{"disable-rule": ["hf-user-access-token"]}' >$C
	run -0 hfscan
	[[ $output == *"Narrowed by:"*"$C: turns hf-user-access-token off (in 1 place)"*"1 allowed"* ]]
	run -0 hfscan --lang es
	[[ $output == *"Limitado por:"*"$C: desactiva hf-user-access-token (en 1 lugar)"* ]]
	run -0 hfscan -v
	[[ $output == *"ALLOWED"*"the repository's $C turns its rule off"*a.py:1:8* ]]
	run -0 hfscan -f jsonl
	[ "$(narrowed)" = '[{"kind":"rule-off","rule":"hf-user-access-token","places":1}]' ]
	run -0 hfscan -f json
	jq -e '.summary.narrowed | length == 1' <<<"$output"
	echo clean >a.py # told all the same
	run -0 hfscan
	[[ $output == *"turns hf-user-access-token off (in 0 places)"* ]]
}

@test "paths are ignored as git ignores them, from the top of the repository" {
	git init -q
	mkdir -p docs/deep lab/docs
	for f in docs/a.py docs/deep/b.py docs/keep.py lab/docs/c.py x.golden lab/y.golden real.py; do
		plant "$f" $f
	done
	echo '{"ignore": ["/docs/*", "!keep.py", "*.golden", "# no pattern"]}' >$C
	run -1 hfscan -f jsonl
	[ "$(jq -r 'select(.verdict == "leak") | .path' <<<"$output" | paste -sd' ')" = "docs/keep.py lab/docs/c.py real.py" ]
	[ "$(narrowed)" = '[{"kind":"paths-ignored","patterns":3,"places":4}]' ]
	cd lab
	run -1 hfscan -f jsonl # its patterns count from the top all the same
	[ "$(jq -r 'select(.verdict == "leak") | .path' <<<"$output" | paste -sd' ')" = "lab/docs/c.py" ]
}

@test "a file that is named is reported whatever is ignored, one that a list names is not" {
	git init -q
	plant a a.golden
	echo '{"ignore": ["*.golden"]}' >$C
	run -0 hfscan
	run -1 hfscan a.golden
	run -0 hfscan --files-from - <<<a.golden
	[[ $output == *"1 allowed"* ]]
}

@test "history is ignored where all its paths are, and never silently" {
	git init -q
	mkdir old
	plant a old/a.py
	plant b old/b.py
	cp old/b.py b.py
	git add .
	git commit -qm one
	git rm -qr old b.py
	echo '{"ignore": ["old/"]}' >$C
	git add .
	git commit -qm "two $(token c)"
	run -1 hfscan -f jsonl
	[ "$(jq -r 'select(.verdict == "leak") | "\(.git.where // "file") \(.path // "")"' <<<"$output" | sort | paste -sd,)" = \
		"blob b.py,commit-message ,file .git/COMMIT_EDITMSG,reflog .git/logs/HEAD,reflog .git/logs/refs/heads/main" ]
	[ "$(narrowed)" = '[{"kind":"paths-ignored","patterns":1,"places":1}]' ]
}

@test "what lived at one path that is not ignored is not ignored" {
	git init -q
	mkdir docs real
	plant a docs/a.py
	plant a real/a.py
	plant b docs/b.py
	git add .
	git commit -qm one
	git rm -qr real
	git commit -qm two
	echo '{"ignore": ["docs/"]}' >.hfscan.json
	run -1 hfscan -f jsonl
	[ "$(jq -r 'select(.verdict == "leak") | .path' <<<"$output")" = docs/a.py ]
	git rm -qr docs
	git commit -qm three
	run -1 hfscan -f jsonl
	[ "$(jq -r 'select(.verdict == "leak") | .path' <<<"$output")" = real/a.py ]
	[ "$(jq -r 'select(.verdict == "allowed") | .path' <<<"$output")" = docs/b.py ]
}

@test "no pattern hides git's own places" {
	git init -q
	git remote add origin "https://user:$(token a)@example.org/x"
	git commit -qm "$(token b)" --allow-empty
	git branch "$(token c)"
	echo '{"ignore": ["*", ".git/", "/**"]}' >$C
	run -1 hfscan -f jsonl
	[ "$(jq -r 'select(.verdict == "leak") | .git.where' <<<"$output" | sort -u | paste -sd' ')" = "commit-message config ref-name reflog" ]
}

@test "a repository that ignores everything is green, and says so" {
	git init -q
	plant a a.py
	git add .
	git commit -qm one
	echo '{"ignore": ["*"]}' >$C
	run -0 hfscan
	[[ $output == *"$C: ignores paths by 1 pattern (in 1 place)"*"1 allowed"* ]]
	run -1 hfscan --no-repo-config
	[[ $output != *Narrowed* ]]
}

@test "severities are changed in what is shown, not in what is a leak" {
	plant a a.py
	echo '{"severity": {"hf-user-access-token": "low"}}' >$C
	run -1 hfscan
	[[ $output == "LOW "*"$C: changes the severity: hf-user-access-token CRITICAL → LOW (in 1 place)"* ]]
	run -1 hfscan -f jsonl
	[ "$(head -1 <<<"$output" | jq -r .severity)" = low ]
	[ "$(narrowed)" = '[{"kind":"severity","rule":"hf-user-access-token","severity":"low","places":1}]' ]
	echo '{"severity": {"hf-user-access-token": "critical"}}' >$C
	run -1 hfscan
	[[ $output == "CRITICAL "* && $output != *Narrowed* ]]
}

@test "the language is the repository's, unless the user asks for one" {
	plant a a.py
	echo '{"lang": "es"}' >$C
	run -1 hfscan
	[[ $output == CRÍTICA* ]]
	run -1 hfscan --lang en
	[[ $output == CRITICAL* ]]
	run -1 hfscan --no-repo-config
	[[ $output == CRITICAL* ]]
}

@test "the repository's language is that of its report, whatever the format" {
	plant a a.py
	echo '{"lang": "es"}' >$C
	run -1 hfscan -f markdown
	[[ $output == *"**Qué hacer**"* ]]
	run -1 hfscan -f sarif
	[[ $output == *"Lo alto del repositorio"* ]]
	[[ $output == *'"primaryLocationLineHash"'* && $output == *'"hf-user-access-token"'* ]]
	# The user's own configuration has the last word but one.
	mkdir -p "$HOME/.config/hfscan"
	echo '{"lang": "en"}' >"$HOME/.config/hfscan/config.json"
	run -1 hfscan -f markdown
	[[ $output == *"**What to do**"* ]]
}

@test "what narrowed a report is named as it can be opened from here" {
	git init -q repo
	plant a repo/a.py
	mkdir repo/sub
	echo '{"ignore": ["a.py"]}' >repo/$C
	run -0 hfscan "$PWD/repo"
	[[ $output == *"  repo/$C: ignores paths"* ]]
	run -0 hfscan repo/sub
	[[ $output == *"  repo/$C: ignores paths"* ]]
}

@test "a rule that is not known is a note" {
	plant a a.py
	echo "{\"disable-rule\": [\"$(token b)\"], \"severity\": {\"nope\": \"low\"}}" >$C
	run -1 hfscan
	[[ $output != *Narrowed* && $output != *"there is no rule"* ]]
	run -1 hfscan -v
	[[ $output == *"there is no rule nope"* && $output != *"$(token b)"* ]]
}

@test "what it may not say stops the run, with one line" {
	plant a a.py
	local key
	for key in '"output": "x"' '"format": "json"' '"report": ["html=x"]' '"show-secrets": true' \
		'"max-memory": "1T"' '"jobs": 256' '"no-history": true' '"range": "a..b"' '"history-only": true' \
		'"allow-incomplete": true' '"exit-code": 0' '"strict": false' '"quiet": true' '"verify": true' \
		'"network": "https://example.org"' '"proxy": "x"' '"rules": ["../evil.json"]' \
		'"rules": [{"id": "x", "pattern": "(a+)+$"}]' '"no-default-rules": true' '"baseline": "/x"' \
		'"no-inline-allow": true' '"files-from": "/etc/passwd"' '"ignored": true' '"include": "/etc/passwd"'; do
		echo "{\"ignore\": [], $key}" >$C
		run -2 hfscan
		[ "${#lines[@]}" -eq 1 ]
		[[ $output == "hfscan: $C: line 1: "*"a repository may set disable-rule, ignore, severity and lang" ]] ||
			{ echo "$key: $output"; false; }
		[[ $output == *'"'"${key:1:4}"* ]]
		[ "$(find . -type f | wc -l)" -eq 2 ]
		run -1 hfscan --no-repo-config
	done
}

@test "what is broken stops the run, with one line" {
	plant a a.py
	while IFS='|' read -r text what; do
		printf "$text" >$C
		run -2 hfscan
		[[ $output == "hfscan: $C: "*"$what"* && ${#lines[@]} -eq 1 ]] || { echo "$text: $output"; false; }
		run -1 hfscan --no-repo-config
	done <<'TABLE'
|not valid JSON at offset 0
{"ignore":["a"]|not valid JSON at offset
{"ignore":["a"]} {}|not valid JSON at offset 17
{"ignore":["a\0b"]}|not valid JSON at offset 13
{"ignore":["a\\u0000b"]}|cannot stand in a text
[]|line 1: must be an object
"*"|line 1: must be an object
{\n"ignore":["*"],\n"ignore":[]}|"ignore" is there twice
{\n"ignore":"*"}|line 2: "ignore" must be a list
{"ignore":[7]}|"ignore" must hold patterns
{"ignore":[""]}|"ignore" must hold patterns
{"ignore":["a\\n*"]}|"ignore" must hold patterns of one line each
{"disable-rule":"x"}|"disable-rule" must be a list
{"disable-rule":[null]}|"disable-rule" must be a list
{"severity":["low"]}|"severity" must be an object
{"severity":{"x":"none"}}|"severity" must name low, medium, high or critical
{"severity":{"hf-user-access-token":"low","hf-user-access-token":"high"}}|"severity" names a rule twice
{"lang":"fr"}|"lang" must be en or es
{"lang":null}|"lang" must be en or es
TABLE
	printf '\xef\xbb\xbf{"lang": "es"}\r\n' >$C # as Windows' editors write it
	run -1 hfscan
	[[ $output == CRÍTICA* ]]
}

@test "what is no file, or would take for ever, is refused at once" {
	plant a a.py
	mkfifo $C
	run -2 hfscan
	[[ $output == "hfscan: $C: is no regular file" ]]
	rm $C
	echo '{"ignore": ["*"]}' >../elsewhere
	ln -s ../elsewhere $C
	run -2 hfscan
	[[ $output == "hfscan: $C: is a link, which is not followed here" ]]
	rm $C
	mkdir $C
	run -2 hfscan
	[[ $output == "hfscan: $C: is no regular file" ]]
	rmdir $C
	truncate -s 1T $C
	run -2 hfscan --no-repo-config a.py || [ "$status" -eq 1 ]
	run -2 hfscan
	[[ $output == "hfscan: $C: is larger than 16384 KB" ]]
	head -c 100000 /dev/zero | tr '\0' '[' >$C
	run -2 hfscan
	jq -n '{ignore: [range(1001) | "a"]}' >$C
	run -2 hfscan
	[[ $output == *"a list of at most 1000 patterns"* ]]
	jq -n '{ignore: ["*" + "a*" * 128]}' >$C
	run -2 hfscan
	[[ $output == *"patterns of one line each, of at most 256 bytes" ]]
}

@test "patterns that would take for ever are given up, and ignore nothing more" {
	local deep i
	jq -n '{ignore: [range(1000) | "**/" + "a*" * 120 + "b"]}' >$C
	deep=$(printf '%0200d/' {1..19} | tr 0-9 a)
	mkdir -p "$deep"
	for i in {1..300}; do plant "$((i % 9))" "${deep}f$i.py"; done
	run -1 timeout 40 "$HFSCAN" -q
}

@test "in a class each repository has its own, and a broken one stops no other" {
	for r in ok broken; do
		git init -q class/$r
		plant a class/$r/a.py
	done
	echo '{"ignore": ["*"]}' >class/ok/$C
	echo '{"output": "x"}' >class/broken/$C
	run -1 --separate-stderr hfscan class
	[[ $output == *class/broken/a.py* && $output != *class/ok/a.py* && $output == *"1 thing could not be scanned"* ]]
	[[ $stderr == "hfscan: class/broken/$C: line 1: \"output\" is for whoever scans to say"* ]]
	echo clean >class/broken/a.py
	run -3 hfscan class
	run -2 hfscan class/broken
	run -3 hfscan class/broken class/ok
}

@test "--staged and the index: what is not staged does not count" {
	git init -q
	plant a a.py
	git add a.py
	echo '{"ignore": ["*"]}' >$C
	run -1 hfscan --staged
	git add -N $C
	run -1 hfscan --staged
	git add $C
	rm $C
	run -0 hfscan --staged
	[[ $output == *"$C: ignores paths by 1 pattern (in 1 place)"* ]]
	ln -s a.py $C
	git add $C
	run -2 hfscan --staged
	[[ $output == *"$C: is a link, which is not followed here" ]]
	run -1 hfscan --staged --no-repo-config
	rm $C
	echo '{' >$C
	git add $C
	run -2 hfscan --staged
	rm ".git/objects/$(git rev-parse :$C | sed 's,^..,&/,')"
	run -2 hfscan --staged
	[[ $output == *"is missing or broken"* ]]
}

@test "marks fall under --no-repo-config" {
	printf 'x = "%s" # hfscan:allow\n' "$(token a)" >a.py
	run -0 hfscan
	run -1 hfscan --no-repo-config
}
