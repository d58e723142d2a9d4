#!/usr/bin/env bash
# Installs what is missing, builds, and runs the whole test suite. See --help.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'TEXT'
tests/run.sh [--fast | --threads] [--long] [CTEST OPTIONS...]

  (nothing)   Release build and every test, then the unit, hostile and fuzz tests again under ASan and UBSan
  --fast      the Release build and its tests only
  --threads   the unit tests of what runs in several threads, under ThreadSanitizer, and nothing else
  --long      besides: 10,000 PACE runs a curve, full power-cut and kill matrices, longer fuzzing (some hours)

Examples:
  tests/run.sh
  tests/run.sh --fast -R unit_crypto
  tests/run.sh --fast --long -R kill_tests
TEXT
}

sanitize=yes
threads=no
limit=1800
while :; do
  case ${1-} in
    --help | -h) usage; exit 0 ;;
    --fast) sanitize=no ;;
    --threads) threads=yes ;;
    --long) export PATENT_LONG_TESTS=1; limit=14400 ;;
    *) break ;;
  esac
  shift
done

samples/install-packages.sh build run story test
jobs=$(nproc)
werror=OFF
[[ ${CI-} ]] && werror=ON

# build FOLDER TARGETS TITLE CMAKE_OPTIONS... : configures and builds, quietly unless something is wrong.
build() {
  local folder=$1 targets=$2 title=$3
  shift 3
  echo "== $title"
  cmake -G Ninja -S . -B "$folder" "$@" >"$folder.log" 2>&1 || { cat "$folder.log"; return 1; }
  ninja -C "$folder" $targets >"$folder.log" 2>&1 || { grep -E 'error|warning|FAILED' -A5 "$folder.log" | head -200; return 1; }
}

mkdir -p build
if [[ $threads == yes ]]; then
  build build/threads "unit_crypto unit_personalize" "Building (TSan)" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG="-O1 -g1" -DPATENT_SANITIZE=thread
  exec ctest --test-dir build/threads --timeout 3600 --output-on-failure -R '^unit_(crypto|personalize)$' "$@"
fi

build build/tests all "Building (Release)" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG" -DPATENT_WERROR=$werror
ctest --test-dir build/tests -j "$jobs" --timeout $limit --output-on-failure "$@"

if [[ $sanitize == yes ]]; then
  # Warnings were judged above; what the sanitizers' code makes g++ 12 suspect is not ours.
  build build/sanitized memory_tests "Building (ASan, UBSan)" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG="-O0 -g1" -DPATENT_SANITIZE=address,undefined
  ctest --test-dir build/sanitized -j "$jobs" --timeout $limit --output-on-failure -L memory "$@"
fi
