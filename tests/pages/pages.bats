#!/usr/bin/env bats
# The html report in a real Chromium. Where none can be had that is a failure in CI; elsewhere
# these tests are left out and say so.
load ../cli/helper

# look CHECK [PICTURE]: see look.py, of ../page.html.
look()
{
	local check=$1
	shift
	timeout 120 python3 "$TOP/tests/pages/look.py" "$check" ../page.html "$@"
}

# A token of each exposure, and names that would run if they could.
class()
{
	if ! command -v chromium chromium-browser google-chrome >/dev/null; then
		[ -z "${CI-}" ] || return 1
		skip "no Chromium (sh ci/test.sh pages installs one)"
	fi
	git init -q
	git config user.name 'Eva <img src=x onerror=hostile=1>'
	git config user.email eva@example.org
	plant a pushed.py
	git add .
	git commit -q -m 'first commit <script>hostile=1</script>'
	git init -q --bare ../remote.git
	git remote add origin ../remote.git
	git push -q origin HEAD
	git config user.name Student
	git config user.email student@example.org
	plant b committed.py
	git add .
	git commit -q -m 'second commit'
	plant c "<img src=x onerror=hostile=1> ana.py"
	hfscan -f html -o ../page.html . || [ "$?" -eq 1 ]
}

@test "a box hides and shows its places, the search too" {
	class
	look filter
}

@test "the keyboard reaches and works everything, and is seen" {
	class
	look keyboard
}

@test "nothing is asked of a network, and no name runs" {
	class
	look quiet
}

@test "the page's policy stops what an escape would have missed" {
	class
	look policy
}

@test "without scripts everything is there but the filter" {
	class
	look without_script
}

@test "a screen reader finds landmarks and names" {
	class
	look names
}

@test "it can be read in light and dark, wide and narrow" {
	class
	mkdir -p "$TOP/build/pages"
	look picture "$TOP/build/pages/page"
	hfscan --lang es -f html -o ../page.html . || [ "$?" -eq 1 ]
	look picture "$TOP/build/pages/es"
}

@test "on paper everything is open" {
	class
	look print
}
