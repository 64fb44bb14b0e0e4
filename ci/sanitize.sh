#!/bin/sh
# Unit tests and golden cases under what finds the errors a test does not show:
#
#   sh ci/sanitize.sh [asan|ubsan|tsan|valgrind]...     default: all four
#
# Expects the test tools (ci/test.sh installs them). Exit 1 if any fails.
set -u

cd -- "$(dirname -- "$0")/.." || exit 2
[ $# -gt 0 ] || set -- asan ubsan tsan valgrind

jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
failed=
for kind in "$@"; do
	printf '== check-%s\n' "$kind"
	make -s -j "$jobs" "check-$kind" || failed="$failed $kind"
done
[ -z "$failed" ] && exit 0
printf 'failed:%s\n' "$failed" >&2
exit 1
