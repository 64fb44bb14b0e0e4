#!/bin/sh
# Every check there is, from a fresh machine, in one command: installs the test
# tools, builds without a warning, and runs the tests. What CI runs.
#
#   sh ci/test.sh            everything
#   sh ci/test.sh STEP...    only these: lint check notebooks office live precommit
#                            pages real asan ubsan tsan valgrind audit
#
# All steps run, whatever an earlier one came to. The last line is the total of
# every single test; exit 1 if one failed, 2 when it could not be set up.
set -u

cd -- "$(dirname -- "$0")/.." || exit 2
# shellcheck source=ci/packages.sh
. ci/packages.sh

jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
steps=${*:-lint check notebooks office live precommit pages real asan ubsan tsan valgrind audit}
log=build/log

# ---- the steps ----

build()
{
	make -s -j "$jobs" "$@" CFLAGS=-Werror
}

# The shell scripts, and what another compiler than the tests' thinks.
step_lint()
{
	shellcheck ci/*.sh tests/*.sh tests/*/*.sh src/*/*.sh hooks/* .ci/run &&
		build build/clang/debug/hfscan B=build/clang MODE=debug CC=clang
}

# First all programs on every core, then the tests one at a time.
step_check()
{
	build all && build check
}

# 300 MB in one string need more memory than every machine has to spare.
step_notebooks()
{
	HUGE=1 build check-notebooks
}

step_office()
{
	build check-office
}

step_live()
{
	build check-live
}

step_precommit()
{
	build check-precommit
}

# Where no browser can be installed, its tests say that they are left out; in CI they fail.
step_pages()
{
	packages_ensure pages
	build check-pages
}

step_real()
{
	build check-real
}

step_asan()     { build check-asan; }
step_ubsan()    { build check-ubsan; }
step_tsan()     { build check-tsan; }
step_valgrind() { build check-valgrind; }

# What README tells a newcomer, on the folder that is nearest.
step_audit()
{
	sh ci/run.sh .
}

# ---- the total ----

# run_step NAME: shows its output, keeps it in $log/NAME and its exit in $log/NAME.exit.
run_step()
{
	printf '\n==== %s\n' "$1"
	{
		"step_$1" 2>&1 </dev/null
		echo $? >"$log/$1.exit"
	} | tee "$log/$1"
	[ "$(cat "$log/$1.exit")" -eq 0 ]
}

# Lines of cmocka, of bats (TAP), of run_cases.sh and of `hfscan rules check`.
count_tests()
{
	cat "$@" | awk '
		/^\[  PASSED  \] [0-9]+ test/       { passed += $4 }
		/^\[  FAILED  \] [0-9]+ test/       { failed += $4 }
		/^ok [0-9]+ /                       { passed++ }
		/^not ok [0-9]+ /                   { failed++ }
		/^cases: [0-9]+ passed, [0-9]+ failed/ { passed += $2; failed += $4 }
		END { print passed + 0, failed + 0 }'
}

packages_ensure build test real || exit 2
mkdir -p "$log" || exit 2

passed=0 failed=0 summary=
for step in $steps; do
	began=$(date +%s)
	run_step "$step"
	bad=$?
	counts=$(count_tests "$log/$step")
	passed=$((passed + ${counts% *}))
	failed=$((failed + ${counts#* }))
	# A step without tests of its own is one; so is one that broke off.
	if [ "$counts" = "0 0" ] || { [ "$bad" -ne 0 ] && [ "${counts#* }" -eq 0 ]; }; then
		passed=$((passed + 1 - bad))
		failed=$((failed + bad))
	fi
	summary="$summary$(printf '%-10s %s  %4d s' "$step" "$([ "$bad" -eq 0 ] && echo ok || echo FAILED)" \
		$(($(date +%s) - began)))
"
done

printf '\n%s%d passed, %d failed\n' "$summary" "$passed" "$failed"
[ "$failed" -eq 0 ]
