#!/usr/bin/env bats
# The user's own configuration file.
bats_require_minimum_version 1.5.0
load helper

# config JSON: becomes it.
config()
{
	mkdir -p "$HOME/.config/hfscan"
	printf '%s\n' "$1" >"$HOME/.config/hfscan/config.json"
}

@test "options by their long names: flags, words, numbers and lists" {
	printf 'login("%s")\n' "$(token a | head -c 36)" >a.py
	run -0 hfscan
	config '{"strict": true, "jobs": 2, "format": "jsonl", "color": "always", "quiet": false, "$schema": "x"}'
	run -1 hfscan
	[[ $output == '{"rule":'* ]]
	config '{"format": "text", "disable-rule": ["hf-user-access-token", "hf-organization-token"], "verbose": true}'
	plant a a.py
	run -0 hfscan
	config '{"disable-rule": "hf-user-access-token"}'
	run -0 hfscan
}

@test "the command line beats it" {
	plant a a.py
	git init -q
	config '{"format": "json", "lang": "es", "disable-rule": ["hf-user-access-token"], "no-history": true, "color": "always"}'
	run -1 hfscan --format text --disable-rule hf-organization-token --lang en --no-color
	[[ $output == "CRITICAL "* && $output == *"history not searched"* ]]
	git add .
	git commit -qm one
	run -0 hfscan -f json --history-only # no-history does not go with it
	run -0 hfscan -f json --staged
	run -1 hfscan --no-config
	[[ $output == CRITICAL* ]]
}

@test "what is of another verb is for when that is called" {
	plant a a.py
	git init -q
	git add .
	config '{"format": "json", "output": "report", "staged": true, "reason": "old"}'
	run -1 hfscan hook run pre-commit
	[ ! -e report ]
	run -0 hfscan rules list
	run -0 hfscan baseline create
	jq -e '.allowed[0].reason == "old"' .hfscan-baseline.json
	run -0 hfscan --help
	[[ $output == *hfscan* ]]
}

@test "a broken one stops every run, with one line" {
	local file="$HOME/.config/hfscan/config.json"
	while IFS='|' read -r text what; do
		config "$text"
		run -2 hfscan
		[[ $output == "hfscan: $file: "*"$what"* && ${#lines[@]} -eq 1 ]] || { echo "$text: $output"; false; }
		run -0 hfscan --no-config
		run -0 hfscan --version
	done <<'TABLE'
{|not valid JSON at offset
[]|must be an object of options
{"colour": "never"}|"colour" is no option that can be set here
{"help": true}|"help" is no option
{"version": true}|"version" is no option
{"generate": "man"}|"generate" is no option
{"color": "blue"}|"color" must be one of
{"color": true}|"color" must be a text or a number
{"strict": "yes"}|"strict" must be true or false
{"strict": [true]}|"strict" must be true or false
{"jobs": 0}|"jobs" must be a number from 1 to 256
{"jobs": 1.5}|"jobs" must be a number
{"jobs": 2, "jobs": 3}|"jobs" is there twice
{"max-memory": "1K"}|"max-memory" must be a size
{"disable-rule": [["a"]]}|"disable-rule" must be a text or a number
TABLE
	config '{"disable-rule": "nope"}'
	run -2 hfscan
	[[ $output == *"there is no rule nope"* ]]
	rm "$file"
	mkfifo "$file"
	run -2 hfscan
	[[ $output == "hfscan: $file: is no regular file" ]]
	rm "$file"
	echo '{"lang": "es"}' >"$HOME/mine.json"
	ln -s "$HOME/mine.json" "$file" # the user's own, wherever it really is
	run -0 hfscan
	[[ $output == "No se encontr"* ]]
}

@test "XDG_CONFIG_HOME says where it is, and a relative one nothing" {
	config '{"lang": "es"}'
	run -0 env XDG_CONFIG_HOME="$HOME/xdg" "$HFSCAN"
	[[ $output == No\ Hugging* ]]
	mkdir -p "$HOME/xdg/hfscan"
	echo '{"format": "json"}' >"$HOME/xdg/hfscan/config.json"
	run -0 env XDG_CONFIG_HOME="$HOME/xdg" "$HFSCAN"
	[[ $output == '{"schema"'* ]]
	run -0 env XDG_CONFIG_HOME= "$HFSCAN"
	[[ $output == "No se encontr"* ]]
	mkdir -p hfscan .config/hfscan
	echo '{"disable-rule": ["hf-user-access-token"]}' | tee hfscan/config.json >.config/hfscan/config.json
	plant a a.py
	for xdg in . "" .config; do
		run -1 env XDG_CONFIG_HOME=$xdg "$HFSCAN"
	done
	run -1 env -u HOME -u XDG_CONFIG_HOME "$HFSCAN"
	run -1 env -u XDG_CONFIG_HOME HOME=. "$HFSCAN"
}

@test "it shows no token that stands in it" {
	config "{\"$(token a)\": true}"
	run -2 hfscan
	[[ $output != *"$(token a)"* ]]
	config "{\"disable-rule\": \"$(token a)\"}"
	run -2 hfscan
	[[ $output != *"$(token a)"* ]]
}

@test "a report asked for on standard output stands instead of a configured format" {
	config '{"format": "json"}'
	run -0 --separate-stderr hfscan --report jsonl=-
	[[ $output == *'"summary"'* && $output != *'"findings"'* && -z $stderr ]]
	run -0 hfscan --report jsonl=../r.jsonl
	[[ $output == *'"findings"'* ]]
	run -0 hfscan --report jsonl=- -o ../r.json
	[[ $output != *'"findings"'* && $(cat ../r.json) == *'"findings"'* ]]
	run -2 hfscan -f json --report jsonl=-
}
