#!/bin/sh
# Brings the Python packages that FOLDER/requirements.txt names into build/NAME,
# once, and prints that folder, for PYTHONPATH. Neither the system's Python nor the
# user's is changed.
#
#   sh tests/python.sh FOLDER NAME
set -eu

wanted=$1/requirements.txt
packages=$(dirname -- "$0")/../build/$2

if ! cmp -s "$wanted" "$packages/requirements.txt"; then
	rm -rf "$packages" "$packages.new"
	mkdir -p "$packages.new"
	python3 -m pip install -q --disable-pip-version-check --root-user-action=ignore --only-binary :all: \
		--target "$packages.new" -r "$wanted" >&2
	cp "$wanted" "$packages.new"
	mv "$packages.new" "$packages"
fi
cd "$packages" && pwd
