# What the reports of forges are tried on.

# shellcheck disable=SC2034 # for those who load this
FORGES="sarif gitlab codequality junit"

# report FORMAT [WORD]...: that report in ../report, held to what its readers ask for; exit
# codes up to 3 are none of its business.
report()
{
	local format=$1 rc=0

	shift
	hfscan -f "$format" -o ../report "$@" 2>../stderr || rc=$?
	[ "$rc" -ne 2 ] && [ "$rc" -le 3 ] && python3 "$BATS_TEST_DIRNAME/forges.py" "$format" ../report
}

# results JQ: of SARIF, what it says of each result, one a line.
results()
{
	jq -r ".runs[0].results[] | $1" ../report
}

# lacks WORD...: grep finds nothing in ../report. (A plain `! grep` never fails a test.)
lacks()
{
	if grep -q "$@" ../report; then return 1; fi
}

# elements XPATH: the attributes and text of JUnit's elements there, one a line.
elements()
{
	python3 - "$1" ../report <<'PY'
import sys, xml.etree.ElementTree as E
for e in E.parse(sys.argv[2]).getroot().find("testsuite").findall(sys.argv[1]):
    print(*[f"{k}={v}" for k, v in e.attrib.items()], (e.text or "").strip().replace("\n", " "))
PY
}

# A token in files whose names are signs in some format, each of another name.
plant_hostile_names()
{
	local i=0 name

	# shellcheck disable=SC2016 # nothing is to be run
	for name in $'line\nfeed.py' '"quote".py' "apos'.py" '<b>&amp;.py' ']]>.py' $'esc\e[31m.py' -dash.py \
		'%41%.py' 'c:d.py' '\back\slash.py' $'latin-\351\377.py' $'\357\277\277\357\277\276.py' \
		$'bidi\342\200\256.py' 'sp ace?#.py' "$(token name).py" 'ñandú.py' '{0}[x](y).py' '`tick`|$(id).py'; do
		plant "hostile$((i++))" "./$name"
	done
}

# The tokens of plant_hostile_names, and one more.
hostile_tokens()
{
	token name
	echo
	for i in {0..17}; do token "hostile$i"; echo; done
}
