#!/bin/sh
# What the pre-commit framework runs for the id `hfscan` (.pre-commit-hooks.yaml), in
# its own copy of this repository: builds hfscan there, once, and asks it. Installs
# nothing: what the build needs has to be there, else the commit is stopped.
set -u

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd) || exit 2
# shellcheck source=ci/packages.sh
. "$top/ci/packages.sh"

if [ ! -x "$top/build/hfscan" ]; then
	missing=$(packages_missing "$(packages_manager)" build)
	if [ -n "$missing" ]; then
		packages_say "stopped: to build hfscan, install $missing; or use the id hfscan-system"
		exit 2
	fi
	# git tells a hook which repository it is in; make has to do with another.
	if ! (unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE && make -s -C "$top" \
		-j "$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)") </dev/null >&2; then
		packages_say "stopped: hfscan could not be built; the compiler's message is above"
		exit 2
	fi
fi
exec "$top/build/hfscan" hook run pre-commit "$@"
