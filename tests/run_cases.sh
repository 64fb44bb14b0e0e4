#!/bin/sh
# Golden cases: each folder of tests/cases/ is a test of the whole program.
#
#   sh tests/run_cases.sh [--update] [CASE]...
#
#   tree/   what is scanned, copied to a fresh folder, which cmd runs in
#   setup   optional: a shell script that makes there what a repository cannot
#           hold (.git folders, hostile names); $EXPAND is the program `expand`
#   cmd     a shell script, with hfscan in PATH
#   stdout, stderr, exit   what is expected; missing: nothing, nothing, 0
#
# Placeholders such as @TOKEN:a@ (src/match/sample.h) become tokens in tree/,
# setup and cmd. Times, the version and the folder's own name are evened out
# before comparing, and no case may show a token. --update writes what came out
# as what is expected: read it before you commit it.
#
# HFSCAN and EXPAND name the programs (default: those of build/release).
set -u

cd -- "$(dirname -- "$0")/.." || exit 2
top=$(pwd -P)
hfscan=${HFSCAN:-build/release/hfscan}
expand=${EXPAND:-build/release/expand}
case $hfscan in /*) ;; *) hfscan=$top/$hfscan ;; esac
case $expand in /*) ;; *) expand=$top/$expand ;; esac
for program in "$hfscan" "$expand"; do
	[ -x "$program" ] && continue
	printf 'run_cases: %s is not there: make it first\n' "$program" >&2
	exit 2
done

update=false
[ "${1-}" = --update ] && update=true && shift
# shellcheck disable=SC2046 # one word a case
[ $# -gt 0 ] || set -- $(ls tests/cases)

work=$(mktemp -d) || exit 2
work=$(cd -- "$work" && pwd -P)
trap 'chmod -R u+rwx "$work" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# ---- one case ----

expand_files()
{
	find "$1" -type f -exec grep -lE '@(TOKEN|LETTERS|ALNUM|B64URL|JWT)[0-9]*:' {} + |
	while IFS= read -r file; do
		"$expand" <"$file" >"$work/expanded" && cat "$work/expanded" >"$file"
	done
	rm -f "$work/expanded"
}

# prepare CASE: a fresh $work/case with tree/, home/, bin/ and the scripts.
prepare()
{
	chmod -R u+rwx "$work/case" 2>/dev/null
	rm -rf "$work/case"
	mkdir -p "$work/case/tree" "$work/case/home" "$work/case/bin"
	[ ! -d "$1/tree" ] || cp -R "$1/tree/." "$work/case/tree"
	cp "$1/cmd" "$work/case/cmd"
	[ ! -f "$1/setup" ] || cp "$1/setup" "$work/case/setup"
	expand_files "$work/case"
	ln -s "$hfscan" "$work/case/bin/hfscan"
	printf '[user]\n\tname = Student\n\temail = student@example.org\n[init]\n\tdefaultBranch = main\n' \
		>"$work/case/home/.gitconfig"
}

# in_case [-e] SCRIPT: runs it in tree/ with an environment that is always the same.
in_case()
{
	(
		cd "$work/case/tree" || exit 125
		exec env -i PATH="$work/case/bin:$PATH" HOME="$work/case/home" TMPDIR="$work" \
			LC_ALL=C.UTF-8 TZ=UTC TERM=dumb EXPAND="$expand" \
			GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_DATE='2026-03-01T12:00:00Z' \
			GIT_COMMITTER_DATE='2026-03-01T12:00:00Z' \
			ASAN_OPTIONS="${ASAN_OPTIONS-}" UBSAN_OPTIONS="${UBSAN_OPTIONS-}" \
			TSAN_OPTIONS="${TSAN_OPTIONS-}" \
			timeout 120 sh "$@" </dev/null
	)
}

even_out()
{
	sed -e "s|$work/case|{case}|g" \
		-e 's/ \(in\|en\) [0-9][0-9]*[.,][0-9][0-9] s/ \1 N s/g' \
		-e 's/"seconds":[0-9.e-]*/"seconds":N/g' \
		-e 's/\("name":"hfscan","version":"\)[^"]*/\1V/g' "$1" >"$1.even"
	mv "$1.even" "$1"
}

shows_token()
{
	grep -aqE '(hf_|api_|api_org_|oauth_app_secret_)[A-Za-z0-9]{32}' "$work/stdout" "$work/stderr"
}

# compare CASE: what is not as expected, as a diff; 0 when nothing.
compare()
{
	same=0
	for what in stdout stderr exit; do
		expected=$1/$what
		if [ ! -f "$expected" ]; then
			expected=$work/default
			if [ "$what" = exit ]; then echo 0; fi >"$expected"
		fi
		diff -u --label "expected $what" --label "$what" "$expected" "$work/$what" || same=1
	done
	return $same
}

rewrite()
{
	for what in stdout stderr exit; do
		cp "$work/$what" "$1/$what"
	done
	[ -s "$1/stdout" ] || rm "$1/stdout"
	[ -s "$1/stderr" ] || rm "$1/stderr"
	[ "$(cat "$1/exit")" != 0 ] || rm "$1/exit"
}

# run_case CASE: 0 when it passed; says why when not.
run_case()
{
	prepare "$1"
	if [ -f "$work/case/setup" ] && ! in_case -e ../setup >"$work/setup.log" 2>&1; then
		echo "setup failed:"
		cat "$work/setup.log"
		return 1
	fi
	in_case ../cmd >"$work/stdout" 2>"$work/stderr"
	echo $? >"$work/exit"
	even_out "$work/stdout"
	even_out "$work/stderr"
	if shows_token; then
		echo "the output shows a token, or what could be one"
		return 1
	fi
	if $update; then
		rewrite "$1"
	else
		compare "$1"
	fi
}

# ---- all of them ----

passed=0 failed=0
for name; do
	if run_case "tests/cases/$name" >"$work/log"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf 'FAILED %s\n' "$name"
		sed 's/^/    /' "$work/log"
	fi
done
printf 'cases: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
