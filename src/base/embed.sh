#!/bin/sh
# Writes a C file that holds the given files: an array NAME, which HEADER declares, of
# {the file's name, its bytes, how many}, ended by a row of zeros.
#
#   sh embed.sh HEADER TYPE NAME FILE...
set -eu

header=$1 type=$2 name=$3
shift 3
echo '/* Made by src/base/embed.sh; do not edit. */'
echo "#include \"$header\""
n=0
for file in "$@"; do
	echo "static const unsigned char data_${n}[] = {"
	od -An -v -tu1 "$file" | sed 's/  *\([0-9][0-9]*\)/\1,/g'
	echo '};'
	n=$((n + 1))
done
echo "const $type ${name}[] = {"
n=0
for file in "$@"; do
	echo "	{\"$file\", data_$n, sizeof(data_$n)},"
	n=$((n + 1))
done
echo '	{0},'
echo '};'
