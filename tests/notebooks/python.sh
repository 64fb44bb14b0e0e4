#!/bin/sh
# Brings the packages that write and run the tests' notebooks (requirements.txt)
# into build/notebook-packages, once, and prints that folder, for PYTHONPATH.
# Neither the system's Python nor the user's is changed.
set -eu

here=$(cd -- "$(dirname -- "$0")" && pwd)
packages=$here/../../build/notebook-packages

if ! cmp -s "$here/requirements.txt" "$packages/requirements.txt"; then
	rm -rf "$packages" "$packages.new"
	mkdir -p "$packages.new"
	python3 -m pip install -q --disable-pip-version-check --root-user-action=ignore --only-binary :all: \
		--target "$packages.new" -r "$here/requirements.txt" >&2
	cp "$here/requirements.txt" "$packages.new"
	mv "$packages.new" "$packages"
fi
cd "$packages" && pwd
