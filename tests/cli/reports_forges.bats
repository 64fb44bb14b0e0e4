#!/usr/bin/env bats
# sarif, gitlab, codequality and junit: what is the same for all.
load helper
load forges

@test "hostile names are names in every format, and no token is shown" {
	plant_hostile_names
	hostile_tokens >../tokens
	for format in $FORGES; do
		report "$format" .
		lacks -qFf ../tokens
		lacks -q $'\e'
		[ "$(grep -oE 'hf_[A-Za-z0-9]{2}…' ../report | sort -u | wc -l)" -ge 18 ]
	done
}

@test "hostile names of what could not be scanned" {
	printf '%s\0' 'a<b>&"' $'n\nl' $'\e[31m' $'\351' ']]>' /no/such/file ../up "$(token a)" >../list
	for format in $FORGES; do
		report "$format" -0 --files-from ../list
		lacks -qF "$(token a)"
		lacks -qE '"/no|\.\./up'
		[ "$(grep -o 'No such file' ../report | wc -l)" -ge 8 ]
	done
}

@test "hostile authors and messages" {
	git init -q
	plant a lab.py
	git add lab.py
	git -c user.name=$'A & "B" ]]> \351 \e[31m' -c user.email="$(token mail)@x" commit -qm "<&\"']]> $(token msg)"
	git rm -q lab.py
	git commit -qm 'gone'
	for format in $FORGES; do
		report "$format" .
		for name in a mail msg; do
			lacks -qF "$(token "$name")"
			[[ $(cat ../report) == *hf_"$(token "$name" | cut -b 4-5)"…* ]]
		done
	done
}

@test "nothing found" {
	echo fine >lab.py
	report sarif .
	jq -e '.runs[0] | .results == [] and .tool.driver.rules == []' ../report
	report gitlab .
	jq -e '.vulnerabilities == [] and .scan.status == "success"' ../report
	report codequality .
	jq -e '. == []' ../report
	report junit .
	[ "$(elements testcase | wc -l)" -eq 1 ]
	[ "$(elements 'testcase/*' | wc -l)" -eq 0 ]
	report junit --lang es .
	elements testcase | grep -q 'No se encontró'
}

@test "what was narrowed stands in each, and where" {
	local name=$'a<b>&"\n'"$(token name)" format
	mkdir "$name" && plant a "$name/lab.py"
	echo '{"ignore": ["lab.py"]}' >"$name/.hfscan.json"
	for format in sarif gitlab junit; do
		report "$format" "$name"
		[ "$(grep -c 'ignores paths by 1 pattern (in 1 place)' ../report)" -eq 1 ]
		grep -q '\.hfscan\.json' ../report
		lacks -qF "$(token name)"
		lacks -qF "$BATS_TEST_TMPDIR"
	done
	report gitlab "$name"
	jq -e '.scan.status == "success" and .scan.messages[0].level == "info"' ../report
	report sarif "$name"
	jq -e '.runs[0].invocations[0] | .executionSuccessful
		and .toolExecutionNotifications[0].level == "note"' ../report
	for format in github markdown html; do
		hfscan -f "$format" -o ../report "$name"
		[ "$(grep -c 'ignores paths by 1 pattern (in 1 place)' ../report)" -eq 1 ]
		grep -q 'Narrowed by' ../report
		lacks -qF "$(token name)"
		hfscan --lang es -f "$format" -o ../report "$name"
		grep -q 'Limitado por' ../report
	done
}

@test "what could not be scanned stands in each" {
	plant a lab.py
	printf 'lab.py\nsub/gone\n' >../list
	report sarif --files-from ../list
	jq -e '.runs[0].invocations[0] | .executionSuccessful == false and
		.toolExecutionNotifications[0].level == "error" and
		.toolExecutionNotifications[0].locations[0].physicalLocation.artifactLocation.uri == "sub/gone"' ../report
	report gitlab --files-from ../list
	jq -e '.scan | .status == "failure" and (.messages[0].value | startswith("sub/gone: "))' ../report
	report codequality --files-from ../list
	jq -e '.[1] | .check_name == "incomplete" and .location.path == "sub/gone"' ../report
	report junit --files-from ../list
	[ "$(elements testcase/error | wc -l)" -eq 1 ]
	[ "$(elements testcase/failure | wc -l)" -eq 1 ]
}

@test "no secret in full, not even with --show-secrets, nor a path of this machine" {
	git init -q
	plant a lab.py
	git add lab.py
	git commit -qm one
	plant b "lab.py"
	ln -s lab.py link
	mkdir ../plain
	plant c ../plain/x.py
	plant d gone.py
	git add gone.py
	git commit -qm two
	blob=$(git rev-parse HEAD:gone.py)
	rm -f ".git/objects/${blob:0:2}/${blob:2}" gone.py
	for format in $FORGES; do
		report "$format" --show-secrets -v "$PWD" "$BATS_TEST_TMPDIR/plain" "$BATS_TEST_TMPDIR/plain/x.py"
		for name in a b c; do lacks -qF "$(token "$name")"; done
		lacks -qF "${BATS_TEST_TMPDIR#/}"
		grep -q "$blob" ../report # is not there, which is told with a path
	done
}

@test "paths are those of the repository, wherever one stands" {
	git init -q
	mkdir -p unit1/src ../plain
	plant a unit1/src/lab.py
	plant b ../plain/x.py
	for format in $FORGES; do
		for way in . unit1 unit1/src unit1/src/lab.py "$PWD/unit1"; do
			report "$format" --no-history "$way"
			grep -qF '"unit1/src/lab.py"' ../report
		done
		(cd unit1 && report "$format" --no-history src && grep -qF '"unit1/src/lab.py"' ../report)
		cd ..
		hfscan -f "$format" scanned plain >report || true
		grep -qF '"scanned/unit1/src/lab.py"' report
		grep -qF '"plain/x.py"' report
		cd scanned
	done
}

@test "identities stay when lines move, and are never shared" {
	identities()
	{
		report sarif --no-history . && results .partialFingerprints.primaryLocationLineHash >"../$1.sarif"
		report gitlab --no-history . && jq -r '.vulnerabilities[].id' ../report >"../$1.gitlab"
		report codequality --no-history . && jq -r '.[].fingerprint' ../report >"../$1.codequality"
	}
	git init -q
	plant a lab.py
	identities one
	printf '# a\n# b\n' | cat - lab.py >../moved
	cp ../moved lab.py
	git add lab.py # in the index: the same place, another exposure
	identities moved
	plant a other.py
	plant a again
	cat lab.py again >../twice
	cp ../twice lab.py
	rm again
	identities twice
	plant b lab.py
	identities other
	for format in sarif gitlab codequality; do
		[ "$(wc -l <../one.$format)" -eq 1 ]
		cmp ../one.$format ../moved.$format
		[ "$(sort -u ../twice.$format | wc -l)" -eq 4 ] # two in the file, one staged, one beside
		grep -qFf ../one.$format ../twice.$format
		[ "$(sort -u ../other.$format | wc -l)" -eq 3 ]
		[ "$(head -n 1 ../other.$format)" != "$(cat ../one.$format)" ]
	done
}

@test "a finding of history tells its commit, and where it was" {
	git init -q
	mkdir unit1
	printf '\n\nx = "%s"\n' "$(token a)" >unit1/lab.py
	git add unit1
	git -c user.name=Ana commit -qm 'add the lab' --date 2026-03-01T12:00:00Z
	commit=$(git rev-parse HEAD)
	git rm -q unit1/lab.py
	git commit -qm 'see '"$(token b)"
	said=$(git rev-parse HEAD)
	report sarif .
	results 'select(.properties.commit == "'"$commit"'")' >../one
	jq -e '.locations[0].physicalLocation | .artifactLocation.uri == "unit1/lab.py" and .region.startLine == 3' ../one
	jq -e '.properties | .author == "Ana" and .date == "2026-03-01T12:00:00Z" and .exposure == "committed" and
		.summary == "add the lab"' ../one
	results 'select(.properties.object == "'"$said"'")' >../one
	jq -e '.locations[0] | .physicalLocation.artifactLocation.uri == ".git/objects/'"${said:0:2}/${said:2}"'" and
		.logicalLocations[0].fullyQualifiedName == "commit-message/'"$said"'"' ../one
	report gitlab .
	jq -e '.vulnerabilities[] | select(.location.file == "unit1/lab.py") | .location | .start_line == 3 and
		.commit == {sha: "'"$commit"'", author: "Ana", date: "2026-03-01T12:00:00Z", message: "add the lab"}' ../report
	report codequality .
	jq -e '.[] | select(.location.path == "unit1/lab.py") | .location.lines.begin == 3' ../report
	report junit .
	elements testcase | grep -q "classname=unit1/lab.py name=.*in commit ${commit:0:12} (committed, not pushed)"
}

@test "the place in a notebook is told, and the file's line with it" {
	jq -n --arg t "$(token a)" '{nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [
		{cell_type: "markdown", id: "a", metadata: {}, source: ["hello"]},
		{cell_type: "code", id: "b", metadata: {}, execution_count: 1, source: ["import os\n", "t = \"\($t)\""],
		 outputs: [{output_type: "stream", name: "stdout", text: ["\($t)\n"]}]}]}' >lab.ipynb
	line=$(grep -n '"t = ' lab.ipynb | cut -d : -f 1)
	report sarif .
	results 'select(.locations[0].logicalLocations[0].fullyQualifiedName == "cell 2/source/line 2")' >../one
	jq -e ".locations[0].physicalLocation.region.startLine == $line" ../one
	jq -e '.message.text | endswith(" › cell 2 › source line 2")' ../one
	[ "$(results '.locations[0].logicalLocations[0].fullyQualifiedName' | grep -c '^cell 2/output 1/line 1$')" -eq 1 ]
	for format in gitlab codequality junit; do
		report "$format" .
		grep -q 'cell 2 › output 1, line 1' ../report
	done
	report codequality --lang es .
	grep -q 'celda 2' ../report
}

@test "what is allowed or a placeholder is no alert" {
	printf 'x = "%s" # hfscan:allow made up\ny = "hf_%s"\n' "$(token a)" "$(printf 'x%.0s' {1..34})" >lab.py
	report sarif .
	[ -z "$(results .ruleId)" ]
	for format in gitlab codequality; do
		report "$format" -v .
		lacks -q 'hf-user-access-token'
	done
	report junit .
	[ "$(elements 'testcase/*' | wc -l)" -eq 0 ]
	report junit -v .
	[ "$(elements testcase/skipped | wc -l)" -eq 2 ]
	report sarif -v .
	# What a mark allows is allowed where it stands, what a list does is not.
	[ "$(results 'select(.suppressions[0].kind == "inSource" and .suppressions[0].justification) | .level')" = note ]
	[ "$(results 'select(.kind == "informational") | .level')" = none ]
}

@test "what a list allows is suppressed from outside, with the reason" {
	plant a lab.py
	plant b docs.py
	mkdir ../other
	mv docs.py ../other
	hfscan baseline create --reason "old" . >../told 2>&1
	mv ../other/docs.py .
	echo '{"ignore": ["docs.py"]}' >.hfscan.json
	report sarif -v .
	[ "$(results '.suppressions[0] | "\(.kind): \(.justification)"' | sort)" = "external: the baseline allows it
external: the repository's .hfscan.json ignores its path" ]
}

@test "identities of GitLab's issues are the same in every language" {
	plant a lab.py
	printf '%s\n' lab.py missing1 missing2 >../list
	for lang in en es; do
		report codequality --lang $lang --files-from ../list
		jq -c '[.[].fingerprint] | sort' ../report >../prints.$lang
	done
	[ "$(jq length ../prints.en)" -eq 3 ]
	[ "$(jq 'unique | length' ../prints.en)" -eq 3 ]
	diff ../prints.en ../prints.es
}

@test "warnings are alerts of the lowest degree, and fail with --strict" {
	token a | head -c 36 | sed 's/.*/login("&")/' >lab.py
	report sarif .
	[ "$(results .level)" = warning ]
	report gitlab .
	jq -e '.vulnerabilities[0] | .severity == "Info" and (has("solution") | not)' ../report
	report codequality .
	jq -e '.[0].severity == "info"' ../report
	report junit .
	[ "$(elements testcase/skipped | wc -l)" -eq 1 ]
	report junit --strict .
	[ "$(elements testcase/failure | wc -l)" -eq 1 ]
}

@test "two tokens on a line are two vulnerabilities for GitLab" {
	printf '%s %s\n' "$(token a)" "$(token b)" >lab.py
	report gitlab .
	# What it tells them apart by: report type, first identifier, file and lines.
	jq -e '.vulnerabilities | length == 2 and
		(map([.identifiers[0].type, .identifiers[0].value, .location.file, .location.start_line]) | unique | length == 2)' ../report
	jq -e '.vulnerabilities[] | .identifiers[1].value == "hf-user-access-token"' ../report
}

@test "a full disk is told" {
	[ -c /dev/full ] || skip "no /dev/full"
	plant a lab.py
	for format in $FORGES; do
		run --separate-stderr hfscan -f "$format" -o /dev/full .
		[ "$status" -eq 2 ]
		[ "${#stderr_lines[@]}" -eq 1 ]
	done
}

@test "the same bytes whatever the number of threads" {
	git init -q
	for i in {1..150}; do
		mkdir -p "d$((i % 7))"
		plant "t$((i % 20))" "d$((i % 7))/f$i"
	done
	git add d1 d2
	git commit -qm one
	rm d1/f1
	for format in $FORGES; do
		for jobs in 1 8; do
			report "$format" -j "$jobs" .
			sed -E 's/(_time":"|time=")[^"]*"/\1"/g' ../report >"../$jobs"
		done
		cmp ../1 ../8
	done
}

@test "-q leaves annotations and nothing else" {
	plant a lab.py
	run -1 hfscan -q -f github .
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == "::error "* ]]
}
