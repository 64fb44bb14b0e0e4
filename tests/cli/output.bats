#!/usr/bin/env bats
# Where the report goes, and what comes of it when it cannot.
load helper

@test "a reader that stops early is no failure of ours" {
	for i in {1..300}; do plant "t$i" "f$i"; done
	run --separate-stderr bash -c 'timeout 60 "$HFSCAN" -f jsonl . | head -n 1; exit ${PIPESTATUS[0]}'
	[ "$status" -eq 1 ]
	[ -z "$stderr" ]
	[ "${#lines[@]}" -eq 1 ]
}

@test "a closed standard output is told, with 2" {
	plant a lab.py
	run --separate-stderr bash -c 'timeout 60 "$HFSCAN" . >&-'
	[ "$status" -eq 2 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "a full disk is told, with 2" {
	[ -c /dev/full ] || skip "no /dev/full"
	plant a lab.py
	run --separate-stderr hfscan -o /dev/full .
	[ "$status" -eq 2 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == *"/dev/full"* ]]
	for format in text json jsonl csv html; do
		run --separate-stderr bash -c 'timeout 60 "$HFSCAN" -f "$1" . >/dev/full' - "$format"
		[ "$status" -eq 2 ]
		[ "${#stderr_lines[@]}" -eq 1 ]
	done
}

@test "a report that cannot be opened is told before the scan" {
	run --separate-stderr hfscan -o nowhere/report.json .
	[ "$status" -eq 2 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == *nowhere/report.json* ]]
}

@test "a report replaces the one before, whole" {
	plant a lab.py
	printf 'x%.0s' {1..9999} >../report
	run --separate-stderr hfscan -f json -o ../report .
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	jq -e '.findings | length == 1' ../report
}

@test "the same bytes whatever the number of threads" {
	git init -q
	for i in {1..400}; do
		mkdir -p "d$((i % 7))/e$((i % 3))"
		plant "t$((i % 40))" "d$((i % 7))/e$((i % 3))/f$i"
	done
	git add d1 d2
	for format in text json jsonl csv html; do
		hfscan -v -j 1 -f "$format" . | without_seconds >../one
		for jobs in 2 16; do
			hfscan -v -j "$jobs" -f "$format" . | without_seconds >../many
			cmp ../one ../many
		done
	done
	[ -s ../one ]
}

@test "colour on a terminal only" {
	plant a lab.py
	run on_terminal "$HFSCAN" .
	[ "$status" -eq 1 ]
	[[ $output == *$'\033['* ]]
	run hfscan .
	[[ $output != *$'\033'* ]]
	run hfscan --color=always .
	[[ $output == *$'\033['* ]]
	run on_terminal "$HFSCAN" --color=never .
	[[ $output != *$'\033'* ]]
}

@test "what was not scanned is said once on a terminal" {
	printf 'gone\n' >../list
	run on_terminal "$HFSCAN" --files-from ../list
	[ "$status" -eq 3 ]
	[ "$(grep -c 'gone.*: ' <<<"$output")" -eq 1 ]
	run on_terminal "$HFSCAN" -q --files-from ../list
	grep -q 'gone.*: ' <<<"$output"
	run --separate-stderr hfscan --files-from ../list
	[[ $output == *gone:* && $stderr == *gone:* ]]
}

@test "NO_COLOR and a dumb terminal are honoured" {
	plant a lab.py
	NO_COLOR=1 run on_terminal "$HFSCAN" .
	[[ $output != *$'\033'* ]]
	TERM=dumb run on_terminal "$HFSCAN" .
	[[ $output != *$'\033'* ]]
}

@test "standard output is the report and nothing else" {
	plant a lab.py
	ln -s nowhere broken
	run --separate-stderr hfscan -v -f json . nowhere-else
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	printf 'gone\nlab.py\n' >../list
	hfscan -v -f json --files-from ../list >../report 2>../errors || true
	jq -e '.findings[0].verdict == "leak"' ../report
	jq -e '.incomplete | length == 1' ../report
	grep -q gone ../errors
}

@test "every line of jsonl is an object, and the last is the summary" {
	plant a lab.py
	printf 'gone\nlab.py\n' >../list
	hfscan -f jsonl --files-from ../list >../report 2>/dev/null || true
	[ "$(jq -c 'type' ../report | sort -u)" = '"object"' ]
	[ "$(jq -c 'has("rule")' ../report | grep -c true)" -eq 1 ]
	[ "$(jq -c 'has("incomplete")' ../report | grep -c true)" -ge 1 ]
	tail -n 1 ../report | jq -e '.summary.leaks == 1'
}

# Beyond the first window, too, and with characters that have a byte as line ends are.
@test "lines and columns are those of an editor, whatever the encoding" {
	python3 - "$(token a)" <<-'EOF'
		import sys
		lines = ["ñ上中 %d" % n + "·" * (n % 90) for n in range(1, 3000)]
		for n in (1, 700, 1500, 2999):
		    lines[n - 1] = "señal %d 上上 = '%s'  # ñ\r" % (n, sys.argv[1])
		for encoding in "utf-8", "utf-8-sig", "utf-16", "utf-32":
		    with open(encoding, "wb") as file:
		        file.write("\n".join(lines).encode(encoding))
		for encoding in "utf-16-be", "utf-32-be":
		    with open(encoding, "wb") as file:
		        file.write("\n".join(["\ufeff" + lines[0]] + lines[1:]).encode(encoding))
		with open("unmarked", "wb") as file:
		    file.write(("ñandú\n\tmañana = '%s'\n" % sys.argv[1]).encode("utf-16-le"))
	EOF
	hfscan --jobs 1 -f jsonl . >../report || true
	for file in utf-8 utf-8-sig utf-16 utf-32 utf-16-be utf-32-be; do
		[ "$(jq -r --arg f $file 'select(.path == $f) | "\(.line):\(.column)-\(.end_column)"' ../report | paste -sd' ')" = \
			"1:15-52 700:17-54 1500:18-55 2999:18-55" ]
	done
	[ "$(jq -r 'select(.path == "unmarked") | "\(.line):\(.column)"' ../report)" = 2:12 ]
	[ "$(cat utf-16 | hfscan -f jsonl - | jq -r 'select(.rule) | .line' | paste -sd' ')" = "1 700 1500 2999" ]
}

@test "a finding can be opened by what it says of its place" {
	printf 'first\n\tx = "%s"\n' "$(token a)" >lab.py
	hfscan -f json . >../report || true
	read -r offset length column < <(jq -r '.findings[0] | "\(.offset) \(.length) \(.column)"' ../report)
	[ "$(tail -c +$((offset + 1)) lab.py | head -c "$length")" = "$(token a)" ]
	[ "$(sed -n 2p lab.py | cut -b "$column-$((column + length - 1))")" = "$(token a)" ]
	[ "$(jq -r '.findings[0].line' ../report)" -eq 2 ]
	fingerprint=$(token a | sha256sum | cut -c 1-32)
	[ "$(jq -r '.findings[0].secret.fingerprint' ../report)" = "$fingerprint" ]
}

@test "a name that is no UTF-8 is whole in path_base64" {
	name=$(printf 'latin1-\351\377.py')
	plant a "$name"
	hfscan -f json . >../report || true
	iconv -f UTF-8 -t UTF-8 ../report >/dev/null
	[ "$(jq -r '.findings[0].path_base64' ../report | base64 -d)" = "$name" ]
}

@test "the blob that is named is the file's own" {
	git init -q
	plant a lab.py
	git add lab.py
	hfscan -f json . >../report || true
	[ "$(jq -r '.findings[0].git.blob' ../report)" = "$(git hash-object lab.py)" ]
}

@test "what is to be read is not written over" {
	plant a lab.py
	cp lab.py ../before
	for words in "lab.py -o lab.py" "lab.py . -o ./lab.py" "--files-from lab.py -o lab.py" \
		"--repos-from lab.py -o lab.py"; do
		# shellcheck disable=SC2086
		run --separate-stderr hfscan $words
		[ "$status" -eq 2 ]
		[[ $stderr == *lab.py* ]]
		cmp lab.py ../before
	done
}

@test "a closed stream is no place for a report" {
	printf 'gone\n' >../list
	hfscan -f json -o ../report --files-from ../list 2>&- || true
	jq -e '.incomplete | length == 1' ../report
}

@test "--help on a full disk is not given" {
	for words in --help --version "rules list" "--generate man"; do
		# shellcheck disable=SC2086
		run --separate-stderr bash -c "\"$HFSCAN\" $words >/dev/full"
		[ "$status" -eq 2 ]
		[ "${#stderr_lines[@]}" -eq 1 ]
	done
}

@test "no escape of a mistyped option or of a rules file reaches the terminal" {
	run --separate-stderr hfscan $'--\e]0;title\a' .
	[[ $stderr != *$'\e'* ]]
	[ "$status" -eq 2 ]
	jq -n '{schema: 1, rules: [{id: "own", title: {en: "\u001b[31mred"}, explanation: {en: "\u001b[5m"},
		severity: "low", anchors: ["own_"], pattern: "(?<secret>own_[a-z]{12})", judge: {body: "any"},
		examples: {match: ["own_abcdefghijkl"], no_match: ["own_"]}}]}' >../own.json
	for words in "rules list" "rules explain own" "rules check"; do
		# shellcheck disable=SC2086
		run --separate-stderr hfscan --rules ../own.json $words
		[[ $output$stderr != *$'\e'* ]]
		[ "$status" -eq 0 ]
	done
}
