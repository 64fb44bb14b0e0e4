#!/bin/sh
# Brings real work of other people for the tests that need much of it, and
# prints the folder it is in. Kept in build/corpus, fetched once.
#
#   sh tests/real/fetch.sh linux       the kernel's sources, as Debian packs them
#   sh tests/real/fetch.sh notebooks   the notebooks that nbconvert and nbformat
#                                      ship to test themselves
set -eu

cd -- "$(dirname -- "$0")/../.."
corpus=$(pwd)/build/corpus
part=${1?a part: linux or notebooks}
new=$corpus/$part.new

fetch_linux()
{
	# The package without a version depends on the newest one that has it.
	[ -n "$(apt-cache pkgnames linux-source)" ] || apt-get -qq update
	package=$(apt-cache depends --no-recommends --no-suggests linux-source |
		sed -n 's/^ *Depends: //p')
	(cd "$new" && apt-get -qq -o APT::Sandbox::User=root download "$package" && dpkg-deb --fsys-tarfile "$package"_*.deb |
		tar -xO --wildcards '*.tar.xz' | tar -xJ && rm "$package"_*.deb)
}

# These versions' wheels hold their tests; wheels are unpacked, not installed.
fetch_notebooks()
{
	python3 -m pip download -q --disable-pip-version-check --no-deps --only-binary :all: \
		-d "$new" nbconvert==6.5.4 nbformat==5.1.3
	for wheel in "$new"/*.whl; do
		python3 -m zipfile -e "$wheel" "$new"
		rm "$wheel"
	done
}

if [ ! -d "$corpus/$part" ]; then
	rm -rf "$new"
	mkdir -p "$new"
	"fetch_$part" >&2
	mv "$new" "$corpus/$part"
fi
printf '%s\n' "$corpus/$part"
