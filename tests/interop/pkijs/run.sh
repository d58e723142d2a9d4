#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh SOURCE_DIR WORK_DIR PATENT_PKI PATENT_CARD PATENT_PERSONALIZE PATENT_READER: issues a card, reads it, and lets
# the locked package judge what was read.
set -eu
source=$1 work=$2 pki=$3 card=$4 personalize=$5 reader=$6
if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
  echo "interop_pkijs is skipped: npm or node is not installed"
  exit 77
fi
mkdir -p "$work"
cp "$source/package.json" "$source/package-lock.json" "$source/judge.mjs" "$work"
cd "$work"
if ! cmp -s package-lock.json installed.lock; then
  npm ci --no-audit --no-fund
  cp package-lock.json installed.lock
fi

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
at=2026-03-10
"$pki" init "$dir/domain" --sample --at $at >/dev/null 2>&1
"$pki" init "$dir/other" --sample --at $at >/dev/null 2>&1
"$card" new --domain "$dir/domain" "$dir/one.card" >/dev/null 2>&1
node - "$source/../../data" "$dir/order.json" <<'JS'
const {readFileSync, writeFileSync} = require('node:fs');
const [data, out] = process.argv.slice(2);
const order = JSON.parse(readFileSync(`${data}/order.json`, 'utf8'));
order.face = {format: 'jpeg', data: readFileSync(`${data}/face.jpg`).toString('base64')};
writeFileSync(out, JSON.stringify(order));
JS
"$personalize" issue "$dir/order.json" --reader "virtual:$dir/one.card" --domain "$dir/domain" --journal "$dir/journal" --at $at >/dev/null
sed -n 's/.*"can" *: *"\([0-9]*\)".*/\1/p' "$dir"/journal/*.print.json >"$dir/can"
"$reader" inspect --reader "virtual:$dir/one.card" --trust "$dir/domain/trust" --can-file "$dir/can" --at $at --save "$dir/evidence.json" >/dev/null
node judge.mjs "$dir/evidence.json" "$dir/domain/certificates/csca.cer" "$dir/other/certificates/csca.cer" $at
