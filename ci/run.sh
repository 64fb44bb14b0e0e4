#!/bin/sh
# From a fresh machine to an audited folder in one command.
#
#   sh ci/run.sh [PATH [OPTION]...]   installs what is missing, builds, audits
#                                     PATH (default: the present folder)
#   sh ci/run.sh --build-only         stops before the audit
#
# Ends with hfscan's own exit code, or 2 when it could not be set up. Standard
# output is the report and nothing else.
set -u

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd) || exit 2
# shellcheck source=ci/packages.sh
. "$top/ci/packages.sh"

build()
{
	[ -x "$top/build/hfscan" ] || packages_say "building"
	make -s -C "$top" -j "$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)"
}

case ${1-} in
-h | --help)
	sed -n 's/^# \{0,1\}//; 2,9p' "$0"
	exit 0
	;;
esac

packages_ensure build || exit 2
if ! build </dev/null >&2; then
	packages_say "could not be built; the compiler's message is above"
	exit 2
fi
[ "${1-}" = --build-only ] && exit 0
# The verb is spelt out, so that a folder may have a verb's name.
exec "$top/build/hfscan" scan "$@"
