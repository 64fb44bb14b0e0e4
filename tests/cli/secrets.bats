#!/usr/bin/env bats
# A token never gets further than it already was.
load helper

@test "tokens are shown to those who ask, and to nobody else" {
	plant a lab.py
	for format in text json jsonl; do
		run hfscan -v -f "$format" .
		[[ $output != *"$(token a)"* ]]
		run hfscan --show-secrets -f "$format" .
		[[ $output == *"$(token a)"* ]]
	done
}

@test "--show-secrets is refused where the output is a CI log" {
	plant a lab.py
	CI=true run --separate-stderr hfscan --show-secrets .
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	CI=true run --separate-stderr hfscan --show-secrets -o ../report .
	[ "$status" -eq 1 ]
	grep -q "$(token a)" ../report
}

@test "a report with secrets is for its owner alone" {
	plant a lab.py
	run hfscan --show-secrets -o ../report .
	[ "$(stat -c %a ../report)" = 600 ]
}

@test "another token on the same line is masked as well" {
	printf '%s %s hf_%s\n' "$(token a)" "$(token b)" "$(printf '@LETTERS33:c@' | "$EXPAND")" >line
	run hfscan -v .
	[[ $output != *"$(token a)"* ]]
	[[ $output != *"$(token b)"* ]]
	[[ $output != *"$(printf '@LETTERS33:c@' | "$EXPAND")"* ]]
}

@test "nothing is written anywhere but the report" {
	plant a lab.py
	mkdir ../tmp
	TMPDIR=$BATS_TEST_TMPDIR/tmp run hfscan .
	[ "$status" -eq 1 ]
	[ -z "$(find ../tmp -mindepth 1)" ]
	[ "$(find . -mindepth 1)" = ./lab.py ]
	[ "$(find ../home -mindepth 1)" = ../home/.gitconfig ]
}

@test "no core dump can hold one" {
	[ -r /proc/self/limits ] || skip "no /proc"
	mkfifo fifo
	"$HFSCAN" - <fifo >/dev/null 3>&- &
	exec 4>fifo
	for _ in {1..50}; do
		limit=$(awk '/^Max core file size/ { print $5 + $6 }' "/proc/$!/limits")
		[ "$limit" != 0 ] || break
		sleep 0.1
	done
	exec 4>&-
	wait $!
	[ "$limit" = 0 ]
}

# What a hostile repository could have git run.
@test "nothing that a repository names is run" {
	git init -q
	marker=$BATS_TEST_TMPDIR/ran
	printf '#!/bin/sh\necho "$0" >>"%s"\ncat\n' "$marker" >../trap.sh
	chmod +x ../trap.sh
	trap_=$BATS_TEST_TMPDIR/trap.sh
	plant a lab.py
	echo '*.py filter=evil diff=evil merge=evil' >.gitattributes
	git add .
	git commit -q -m first
	echo >>lab.py
	for key in core.fsmonitor core.pager core.editor core.sshCommand core.askPass \
		filter.evil.clean filter.evil.smudge filter.evil.process diff.evil.textconv \
		diff.external merge.evil.driver credential.helper uploadpack.packObjectsHook; do
		git config "$key" "$trap_"
	done
	git config filter.evil.required true
	for hook in post-index-change post-checkout pre-commit reference-transaction; do
		cp ../trap.sh ".git/hooks/$hook"
	done
	run --separate-stderr hfscan -f jsonl .
	[ "$status" -eq 1 ]
	[ ! -e "$marker" ]
}

@test "a scan changes nothing in the repository" {
	git init -q
	plant a lab.py
	git add .
	git commit -q -m first
	sleep 1.1
	touch lab.py
	find . -type f -exec sha256sum {} + | sort >../before
	run --separate-stderr hfscan .
	[ "$status" -eq 1 ]
	find . -type f -exec sha256sum {} + | sort >../after
	cmp ../before ../after
}

@test "a CI log stays one by whatever name it goes" {
	plant a lab.py
	export CI=true
	for out in - /dev/stdout /dev/stderr /dev/tty; do
		run --separate-stderr hfscan --show-secrets -o "$out" lab.py
		[ "$status" -eq 2 ]
		[[ $output != *"$(token a)"* ]]
		[[ $stderr != *"$(token a)"* ]]
	done
	run on_terminal "$HFSCAN" --show-secrets lab.py
	[[ $output != *"$(token a)"* ]]
	"$HFSCAN" --show-secrets -o log lab.py >>log || true
	[ -z "$(grep -F "$(token a)" log)" ]
}

@test "a report with secrets closes a file that others could read" {
	plant a lab.py
	touch ../report
	chmod 644 ../report
	hfscan --show-secrets -o ../report lab.py || true
	grep -qF "$(token a)" ../report
	[ "$(stat -c %a ../report)" = 600 ]
}

# ---- what is no credential, but a habit ----

# warned: RULE LINE of each warning in the folder.
warned()
{
	hfscan -f jsonl "$@" . | jq -r 'select(.verdict == "warning") | "\(.rule) \(.line)"' | paste -sd, -
}

short()
{
	printf '@ALNUM31:%s@' "$1" | "$EXPAND"
}

@test "mistyped tokens and printed ones are warned of, and fail nothing but --strict" {
	printf 'login(token="hf_%s")\nprint(HF_TOKEN)\nlogin(token="hf_xxxxxxxxxxxx")\n' "$(short a)" >lab.py
	run -0 hfscan .
	[[ $output == *"2 warnings (-v shows them)"* ]]
	run -1 hfscan --strict .
	[ "$(warned)" = "hf-mistyped-token 1,hf-token-printed 2" ]
	for lang in en es; do
		run -0 hfscan -v --lang "$lang" .
		[[ $output != *"$(short a)"* && $output == *lab.py:1:14* ]]
	done
	[[ $output == *"Línea que muestra un token"* ]]
}

@test "a token of the right length is a leak, and no warning beside" {
	printf 'login(token=" %s")\nlogin(token=""%s"")\n' "$(token a)" "$(token b)" >lab.py
	[ -z "$(warned)" ]
	run -1 hfscan .
	[[ $output == *"2 secrets leaked"* ]]
}

@test "a rule can be turned off" {
	printf 'login(token="hf_%s")\nprint(HF_TOKEN)\n' "$(short a)" >lab.py
	[ "$(warned --disable-rule hf-mistyped-token)" = "hf-token-printed 2" ]
	run -0 hfscan --strict --disable-rule hf-mistyped-token --disable-rule hf-token-printed .
	run --separate-stderr hfscan --disable-rule nothing .
	[ "$status" -eq 2 ]
	[[ ${#stderr_lines[@]} -eq 1 && $stderr == *"no rule nothing"* ]]
}

@test "a printed token is warned of in its cell, though nothing else is in the notebook" {
	for line in 'print(HF_TOKEN)' 'print(os.environ["HF_TOKEN"])' 'x = 1\nprint("it is", hf_token)'; do
		jq -cn --arg s "$(printf '%b' "$line")" '{nbformat: 4, cells: [{cell_type: "markdown", source: "x"},
			{cell_type: "code", source: $s, outputs: []}]}' >lab.ipynb
		run -0 hfscan -f jsonl -v .
		[ "$(jq -r 'select(.rule) | "\(.rule) \(.notebook.cell)"' <<<"$output")" = 'hf-token-printed 2' ]
	done
}

# half NAME: as many letters as a body that is cut in two has on either side.
half()
{
	printf '@ALNUM17:%s@' "$1" | "$EXPAND"
}

@test "a token with a slip in it is warned of in a notebook, and masked whole" {
	jq -n --arg a "hf_$(half a)" --arg b "$(half b)" '[
		"login(token=\"\($a)а\($b)\")", "login(token=\"\($a)\u200b\($b)\")",
		"login(token=\"\($a)-\($b)\")", "login(\"\($a)\($b[1:])\u00a0\")",
		"token = '"'"'\($a)...'"'"'", "token = '"'"'\($a)…'"'"'", "login(\n    \"\($a)\($b[1:])\"\n)",
		"!huggingface-cli login --token \($a)\($b[1:])", "login(token=\"\($a)\($b[1:])",
		"login(token=“\($a)\($b[1:])”)", "login(token=\"hf_ \($a[3:])\($b)\")",
		"login(token=\"hf-\($a[3:])\($b)\")", "login(token=\"Hf_\($a[3:])\($b)\")"] |
		{cells: map({cell_type: "code", source: ., outputs: []}), nbformat: 4}' >lab.ipynb
	run -0 hfscan -f jsonl -v .
	[ "$(jq -r 'select(.rule == "hf-mistyped-token") | .notebook.cell' <<<"$output" | paste -sd,)" = \
		1,2,3,4,5,6,7,8,9,10,11,12,13 ]
	for format in text json jsonl; do
		run -0 hfscan -f "$format" -v .
		[[ $output != *"$(half a | cut -c4-14)"* && $output != *"$(half b | cut -c4-14)"* ]]
	done
}

@test "in notebooks the warning tells the cell" {
	jq -n --arg s "login(\"hf_$(short a)\")" '{cells: [{cell_type: "markdown", source: ["x"]},
		{cell_type: "code", source: [$s + "\n", "print(hf_token)\n"], outputs: []}],
		nbformat: 4, nbformat_minor: 5}' >lab.ipynb
	run -0 hfscan -v .
	[[ $output == *"cell 2 › source line 1"* && $output == *"cell 2 › source line 2"* ]]
}
