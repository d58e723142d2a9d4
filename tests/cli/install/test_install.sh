#!/usr/bin/env bash
# The installed library, as another project finds it: test_install.sh BUILD CMAKE CXX
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$1 cmake=$2 cxx=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$cmake" --install "$build" --prefix "$work/tree" --component patentreader >/dev/null
fail() { echo "FAILED: $*"; exit 1; }

# Only the public face is installed, and only it can be linked.
headers=$(cd "$work/tree/include" && find . -type f | sort | tr '\n' ' ')
[[ $headers == "./patent/reader.hpp ./patent/verdict.hpp " ]] || fail "headers: $headers"
library=$(find "$work/tree" -name 'libpatentreader.so.0')
[[ -n $library ]] || fail "no libpatentreader.so.0"
[[ $(objdump -p "$library" | awk '/SONAME/ {print $2}') == libpatentreader.so.0 ]] || fail "SONAME"
others=$(nm -DC --defined-only "$library" | grep ' T ' | grep -v ' reader::' || true)
[[ -z $others ]] || fail "exported besides the public face: $others"

# Each header compiles alone.
for header in reader verdict; do
  echo "#include <patent/$header.hpp>" | "$cxx" -std=c++20 -Wall -Wextra -Wshadow -Wconversion -pedantic -Werror \
    -fsyntax-only -I"$work/tree/include" -x c++ -
done

# By CMake and by pkg-config.
"$cmake" -S "$here/sample" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$work/tree" -DCMAKE_CXX_COMPILER="$cxx" >/dev/null
"$cmake" --build "$work/cmake" >/dev/null
PKG_CONFIG_PATH=$(dirname "$(find "$work/tree" -name patentreader.pc)")
export PKG_CONFIG_PATH
# shellcheck disable=SC2046
"$cxx" "$here/sample/sample.cpp" -o "$work/by-pkg-config" $(pkg-config --cflags --libs patentreader)

mkdir "$work/trust"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/key" -subj "/C=RU/CN=CSCA" \
  -out "$work/trust/csca.cer" 2>/dev/null
cat >"$work/evidence.json" <<'EVIDENCE'
{"version": 1, "taken_at": "2026-03-10T09:00:00Z", "reader": "", "answer_to_reset": "", "password_kind": "can",
 "access": "wrong_password", "files": [], "records": {"outcome": "not_tried", "certificates": [], "status": []},
 "traffic": {"apdus": 0, "octets_sent": 0, "octets_received": 0, "elapsed_us": 0}}
EVIDENCE
export LD_LIBRARY_PATH=$(dirname "$library")
for program in "$work/cmake/sample" "$work/by-pkg-config"; do
  code=0
  "$program" "$work/trust" "$work/evidence.json" >"$work/out" || code=$?
  [[ $code == 2 ]] || fail "$program: exit code $code"
  grep -q '"headline" : "CAN_WRONG"' "$work/out" || fail "$program: no CAN_WRONG"
done
echo "the installed library works"
