#!/bin/sh
# Times build/hfscan against the peers that are installed; a table on stdout.
#
#   sh ci/bench.sh [FOLDER [RUNS]]     default: the Linux kernel's sources, which
#                                      are fetched once into build/corpus; 11
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
folder=${1-}
if [ -z "$folder" ]; then
	# Linked to a place outside our repository, whose ignore rules would count.
	corpus=$(sh "$top/tests/real/fetch.sh" linux)
	folder=$(mktemp -d)
	trap 'rm -rf "$folder"' EXIT
	trap 'exit 130' INT TERM
	cp -Rl "$corpus/." "$folder" 2>/dev/null || cp -R "$corpus/." "$folder"
fi
python3 "$top/tests/bench/peers.py" "$top/build/hfscan" "$folder" "${2-11}"
