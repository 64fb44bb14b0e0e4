#!/usr/bin/env bats
# sarif: what code scanning makes of it.
load helper
load forges

# Where the token stands by what SARIF says, cut out by somebody else's UTF-16.
cut_out()
{
	results '.locations[0].physicalLocation | "\(.artifactLocation.uri) \(.region.startLine) \(.region.startColumn) \(.region.endColumn)"' |
		python3 -c '
import sys, urllib.parse
for row in sys.stdin:
    uri, line, beg, end = row.split()
    with open(urllib.parse.unquote_to_bytes(uri), "rb") as file:
        text = file.read().split(b"\n")[int(line) - 1].decode("utf-8", "replace")
    units = text.encode("utf-16-le")
    print(units[2 * int(beg) - 2 : 2 * int(end) - 2].decode("utf-16-le"))'
}

@test "columns are UTF-16 code units" {
	printf '\n\tñ€🔑 = "%s" # 🔑\n' "$(token a)" >utf8.py
	printf '\xe9\xff\x80x = "%s"\n' "$(token b)" >latin1.py
	printf 'plain = "%s"; ü = "%s"\n' "$(token c)" "$(token d)" >two.py
	report sarif .
	[ "$(cut_out | sort)" = "$(for name in a b c d; do token $name; echo; done | sort)" ]
}

@test "columns in a notebook that is one line" {
	jq -cn --arg a "$(token a)" --arg b "$(token b)" --arg p "$(printf 'iVBOR%.0s' {1..4000})" '
		{nbformat: 4, nbformat_minor: 5, metadata: {title: "ñ€🔑"}, cells: [
		{cell_type: "code", id: "a", metadata: {}, execution_count: 1, source: ["ñ = \"\($a)\"\n", "🔑 = \"\($b)\""],
		 outputs: [{output_type: "display_data", metadata: {}, data: {"image/png": $p, "text/plain": ["ü \($a)"]}}]}]}' >lab.ipynb
	[ "$(wc -l <lab.ipynb)" -eq 1 ]
	report sarif .
	[ "$(cut_out | sort)" = "$(for name in a a b; do token $name; echo; done | sort)" ]
}

@test "a URI leads back to the file, whatever its name" {
	plant_hostile_names
	rm ./*hf_*
	report sarif .
	results '.locations[0].physicalLocation.artifactLocation.uri' |
		python3 -c 'import sys, urllib.parse
for uri in sys.stdin:
    open(urllib.parse.unquote_to_bytes(uri.strip()))'
	[ "$(results .ruleId | wc -l)" -eq "$(find . -type f -printf x | wc -c)" ]
}

@test "rules are those of the results, with a degree for each" {
	plant a lab.py
	token b | head -c 36 | sed 's/.*/login("&")/' >warned.py
	report sarif .
	jq -e '.runs[0].tool.driver.rules | map({(.id): .properties["security-severity"]}) | add ==
		{"hf-user-access-token": "9.5", "hf-mistyped-token": "3.0"}' ../report
	jq -e '.runs[0].tool.driver.rules[0].help.markdown | contains("Settings")' ../report
	report sarif --lang es .
	jq -e '.runs[0].tool.driver.rules[0].shortDescription.text == "Token de acceso de usuario"' ../report
}
