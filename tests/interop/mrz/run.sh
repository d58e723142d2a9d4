#!/bin/sh
# run.sh SOURCE_DIR WORK_DIR WRITE_ZONES: installs the locked package and lets it read our zones.
set -eu
if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
  echo "interop_mrz is skipped: npm or node is not installed"
  exit 77
fi
mkdir -p "$2"
cp "$1/package.json" "$1/package-lock.json" "$1/compare.mjs" "$2"
cd "$2"
if ! cmp -s package-lock.json installed.lock; then
  npm ci --no-audit --no-fund
  cp package-lock.json installed.lock
fi
"$3" >zones.json
node compare.mjs zones.json
