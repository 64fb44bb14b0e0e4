#!/bin/sh
# Writes a C file that holds page.css and page.js: struct page_data of report/html.h.
set -eu
echo '/* Made by src/report/embed.sh; do not edit. */'
echo '#include "report/html.h"'
for file in "$@"; do
  name=$(basename "$file" | tr . _)
  echo "static const unsigned char ${name}_bytes[] = {"
  od -An -v -tu1 "$file" | sed 's/  *\([0-9][0-9]*\)/\1,/g'
  echo '};'
  echo "const struct page_data $name = {${name}_bytes, sizeof(${name}_bytes)};"
done
