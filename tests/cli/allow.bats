#!/usr/bin/env bats
# Marks and tags by which people allow a secret.
load helper

# cells FORM CELL...: a notebook of cells, each as JSON; FORM: compact, or indented.
cells()
{
	local indent=--compact-output
	[ "$1" = compact ] || indent=--indent\ 1
	shift
	# shellcheck disable=SC2086 # one word or two
	jq -n $indent --jsonargs '{cells: $ARGS.positional, metadata: {}, nbformat: 4, nbformat_minor: 5}' "$@"
}

# cell SOURCE [TAG]: a code cell whose output shows its first token again.
cell()
{
	jq -nc --arg source "$1" --arg tag "${2-other}" '{
		cell_type: "code", id: "a", execution_count: 1, source: $source,
		metadata: {tags: ["x", $tag]},
		outputs: [{output_type: "stream", name: "stdout", text: $source}]
	}'
}

# cells_of VERDICT: cells and parts with findings of that verdict.
cells_of()
{
	jq -r "select(.verdict == \"$1\") | \"\(.notebook.cell) \(.notebook.part)\"" report | sort -u | paste -sd, -
}

@test "what is marked is allowed, counted, and told why with -v" {
	printf 'a = "%s"  # hfscan:allow revoked in May\n# gitleaks:allow\nb = "%s"\n' "$(token a)" "$(token b)" >f.py
	run -1 hfscan f.py
	[[ $output == *f.py:3:* && $output != *f.py:1:* && $output == *"1 allowed"* ]]
	run -1 hfscan -v f.py
	[[ $output == *ALLOWED*"a mark on its line allows it"*f.py:1:* ]]
	sed -i 3d f.py
	run -0 hfscan f.py
	hfscan -f json f.py | jq -e '.summary.allowed == 1 and .findings[0].verdict == "allowed"'
}

@test "--no-inline-allow takes marks and tags for nothing" {
	printf 'a = "%s"  # hfscan:allow\n' "$(token a)" >f.py
	cells compact "$(cell "print('$(token b)')" hfscan-allow)" >lab.ipynb
	run -0 hfscan .
	run -1 hfscan --no-inline-allow .
	[[ $output == *"2 secrets leaked in 3 places"* ]]
}

@test "in a notebook a mark counts for its own line of its own cell" {
	for form in compact indented; do
		cells "$form" "$(cell "x = '$(token a)'  # hfscan:allow")" "$(cell "y = '$(token b)'")" \
			"$(cell "# hfscan:allow"$'\n'"z = '$(token c)'"$'\n'"z = '$(token d)'")" >lab.ipynb
		hfscan -f jsonl lab.ipynb >report && false
		[ "$(cells_of leak)" = "2 output,2 source,3 output,3 source" ]
		[ "$(cells_of allowed)" = "1 output,1 source,3 output,3 source" ]
		[ "$(jq 'select(.verdict == "leak")' report | grep -c '"fingerprint"')" -eq 4 ]
	done
}

@test "the tag hfscan-allow allows source and outputs of its cell" {
	for form in compact indented; do
		cells "$form" "$(cell "a = '$(token a)'" hfscan-allow)" "$(cell "b = '$(token b)'")" \
			"$(cell "c = 1" hfscan-allow | jq -c --arg t "$(token c)" '.metadata.note = $t')" >lab.ipynb
		hfscan -f jsonl lab.ipynb >report && false
		[ "$(cells_of leak)" = "2 output,2 source,3 metadata" ]
		[ "$(cells_of allowed)" = "1 output,1 source" ]
	done
}

@test "a JSON file that is no notebook has marks on its lines" {
	printf '{\n "token": "%s", "//": "gitleaks:allow",\n "other": "%s"\n}\n' "$(token a)" "$(token b)" >config.json
	hfscan -f jsonl config.json >report && false
	[ "$(jq -r 'select(.rule) | "\(.line) \(.verdict)"' report | paste -sd, -)" = "2 allowed,3 leak" ]
}

@test "marks in history allow, and names have no line for one" {
	git init -q repo
	printf 'a = "%s"  # hfscan:allow\n' "$(token a)" >repo/f.py
	git -C repo add . && git -C repo commit -qm one
	git -C repo rm -q f.py && git -C repo commit -qm two
	run -0 hfscan repo
	: >"repo/$(token b) hfscan:allow"
	run -1 hfscan repo
}
