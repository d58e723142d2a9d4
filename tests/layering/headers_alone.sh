#!/usr/bin/env bash
# Every header compiles alone, with the product's warnings as errors. headers_alone.sh CXX [FLAGS...]
set -euo pipefail
cd "$(dirname "$0")/../.."
export compile="$* -std=c++20 -I. -Ireader/include -Wall -Wextra -Wshadow -Wconversion -pedantic -Werror -fsyntax-only -x c++ -"
alone() { echo "#include \"$1\"" | $compile || { echo "$1 does not compile alone"; return 1; }; }
export -f alone
find crypto card reader personalize -name '*.hpp' -print0 | xargs -0 -P "$(nproc)" -n 1 bash -c 'alone "$1"' alone
