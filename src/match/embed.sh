#!/bin/sh
# Writes a C file that holds the given files: struct rules_data of match/rules.h.
set -eu
echo '/* Made by src/match/embed.sh from rules/; do not edit. */'
echo '#include "match/rules.h"'
n=0
for file in "$@"; do
  echo "static const unsigned char data_${n}[] = {"
  od -An -v -tu1 "$file" | sed 's/  *\([0-9][0-9]*\)/\1,/g'
  echo '};'
  n=$((n + 1))
done
echo 'const struct rules_data rules_data[] = {'
n=0
for file in "$@"; do
  echo "	{\"$file\", data_$n, sizeof(data_$n)},"
  n=$((n + 1))
done
echo '	{0},'
echo '};'
