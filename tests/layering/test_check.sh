#!/usr/bin/env bash
# Each check must find a planted breach; then it must find none in the product.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
planted=$(mktemp -d)
trap 'rm -rf "$planted"' EXIT
cp -r "$root"/{crypto,card,reader,personalize} "$planted"
echo '#include "card/host/nvm.hpp"' >>"$planted/reader/inspect/evidence.hpp"
if "$here/check.sh" "$planted" >"$planted/out"; then echo "a planted breach was not found"; exit 1; fi
grep -q 'reader may not reach card/host' "$planted/out"
"$here/check.sh" "$root"
printf 'namespace reader {\nenum class Verdict : char { of_another_size };\n}\n' >>"$planted/reader/inspect/evidence.hpp"
if "$here/type_names.sh" "$planted" >"$planted/out"; then echo "a planted second type was not found"; exit 1; fi
grep -q 'reader::Verdict stands in' "$planted/out"
"$here/type_names.sh" "$root"
