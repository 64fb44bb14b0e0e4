#!/usr/bin/env bats
# Much real work by people who never heard of hfscan: not one false alarm, and
# what is planted there is found where it was put. A part that cannot be had is
# a failure in CI and left out elsewhere.
bats_require_minimum_version 1.5.0

setup()
{
	export LC_ALL=C.UTF-8
	top=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)
	: "${HFSCAN:=$top/build/release/hfscan}" "${EXPAND:=$top/build/release/expand}"
	cd "$BATS_TEST_TMPDIR" || return 1
}

# part NAME: the folder it is in, in $part.
part()
{
	part=$(sh "$top/tests/real/fetch.sh" "$1") && return
	[ -z "${CI-}" ] || return 1
	skip "cannot fetch $1"
}

# finds_nothing AT_LEAST PATH...: no leak in at least so many files. --ignored,
# since build/ is, and Python may stand in a repository that ignores it; its
# history is not what this is about.
finds_nothing()
{
	files=$1
	shift
	run --separate-stderr timeout 120 "$HFSCAN" --ignored --no-history --allow-incomplete \
		-f json -o report "$@"
	jq -r '.findings[] | select(.verdict == "leak") | "\(.rule) \(.path):\(.line)"' report
	jq -r '.incomplete[]' report
	jq -c .summary report
	[ "$status" -eq 0 ]
	[ "$(jq .summary.files report)" -ge "$files" ]
	# Python's own tests need an archive that is damaged.
	jq -r '.incomplete[] | .path // "run"' report >unread
	if grep -v '/test/recursion\.tar$' unread; then return 1; fi
}

@test "no false alarm in Python's standard library" {
	finds_nothing 300 "$(python3 -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"
}

@test "no false alarm in the system's headers and programs" {
	finds_nothing 500 /usr/include /usr/lib/gcc /usr/bin
}

@test "no false alarm in the Linux kernel" {
	part linux
	finds_nothing 60000 "$part"
}

@test "no false alarm in notebooks and the programs around them" {
	part notebooks
	finds_nothing 100 "$part"
}

@test "a token in a real notebook is found at its line and column" {
	part notebooks
	cp -R "$part" planted
	for i in {1..60}; do printf '@TOKEN:n%s@\n' "$i"; done | "$EXPAND" |
		python3 "$top/tests/real/plant.py" planted | sort >expected
	[ "$(wc -l <expected)" -ge 20 ]
	run --separate-stderr timeout 120 "$HFSCAN" -f json -o report planted
	[ "$status" -eq 1 ]
	jq -r '.findings[] | select(.verdict == "leak") | "\(.path) \(.line) \(.column)"' report |
		sort >found
	diff -u expected found
}
