#!/usr/bin/env bash
# Every header compiles alone, with the product's warnings as errors. headers_alone.sh CXX [FLAGS...]
# A header that its own .cpp includes before anything else has been compiled alone by the build; here are the others, and
# those of the tools, whose build has parsed headers before them.
set -euo pipefail
cd "$(dirname "$0")/../.."
export compile="$* -std=c++20 -I. -Ireader/include -Wall -Wextra -Wshadow -Wconversion -pedantic -Werror -fsyntax-only -x c++ -"
proved_by_its_source() {
  [[ $1 != */pki/* && $1 != */tool/* && -f ${1%.hpp}.cpp && $(grep -m1 '^#include' "${1%.hpp}.cpp") == "#include \"$1\"" ]]
}
alone() { proved_by_its_source "$1" || { echo "#include \"$1\"" | $compile || { echo "$1 does not compile alone"; return 1; }; }; }
export -f alone proved_by_its_source
find crypto card reader personalize -name '*.hpp' -print0 | xargs -0 -P "$(nproc)" -n 1 bash -c 'alone "$1"' alone
