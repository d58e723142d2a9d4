#!/usr/bin/env bash
# Trust packages as the status authority builds them:
# package.sh PATENT_PERSONALIZE PATENT_CARD PATENT_PKI MAKE_SAMPLE_ORDERS SOURCE_FOLDER PATENT_READER
. "$(dirname "$0")/../expect.sh"
personalize=$(realpath "$1") card=$(realpath "$2") pki=$(realpath "$3") orders=$(realpath "$4") source=$(realpath "$5")
reader=$(realpath "$6")
cd "$work" || exit 1
field() { python3 -c 'import json, sys; print(eval("json.load(open(sys.argv[1]))" + sys.argv[2]))' "$1" "$2"; }

day1=2026-03-10T12:00:00Z day2=2026-03-11T12:00:00Z day3=2026-03-12T12:00:00Z
"$pki" init trust --sample --at 2026-03-10 >pki.out 2>&1 || { cat pki.out; exit 1; }
"$orders" --people "$source/samples/people.json" --at 2026-03-10 --out made || exit 1
"$card" new --domain trust a.card >card.out 2>&1 || { cat card.out; exit 1; }
"$personalize" issue made/orders/01-sharipov.json --reader virtual:a.card --domain trust --ledger status.db \
  --list-uri https://status.example/lists --at 2026-03-10 >issue.out 2>&1 || { cat issue.out; exit 1; }
publish() { "$personalize" status publish --ledger status.db --domain trust --out lists --at "$1" >publish.out 2>&1; }
build=("$personalize" package build --domain trust --ledger status.db)

# --- usage
expect 0 "package build" "$personalize" package --help
expect 64 "package build" "$personalize" package
expect 0 "Examples:" "$personalize" package build --help
expect 64 "--domain is needed" "$personalize" package build
expect 64 "--ledger is needed" "$personalize" package build --domain trust
expect 64 "--out is needed" "${build[@]}"
expect 64 "takes a package's version" "${build[@]}" --out a --base 0
expect 64 "takes a package's version" "${build[@]}" --out a --base one
expect 65 "none.db" "$personalize" package build --domain trust --ledger none.db --out a
expect 65 "status publish" "${build[@]}" --out a --at $day1
expect 65 "no such package before" "${build[@]}" --out a --version-again 1 --at $day1
echo '{"unheard_of": 1}' >bad.json
expect 65 "no policy" "${build[@]}" --out a --policy bad.json --at $day1
check "nothing was written" test ! -e a

# --- day after day
publish $day1 || cat publish.out
expect 65 "no such package before" "${build[@]}" --out a --base 1 --at $day1
check "nor then" test ! -e a
echo '{"status_hard_limit_hours": 48}' >policy.json
expect 0 "1.package: version 1" "${build[@]}" --out 1.package --policy policy.json --at $day1
expect 73 "is there already" "${build[@]}" --out 1.package --at $day1
expect 0 '"state" : "current"' "$reader" package install 1.package --store device --trust trust/trust --at $day1 --json
check "it has both lists" test "$(field out '["lists"][0]["kind"]')$(field out '["lists"][1]["kind"]')" = statesmonths
publish $day2 || cat publish.out
expect 65 "later ones only" "${build[@]}" --out 2.package --at 2026-03-10T11:00:00Z
expect 0 '"version":2' "${build[@]}" --out 1-2.package --base 1 --policy policy.json --at $day2 --json
check "a day without changes weighs little" test "$(field out '["octets"]')" -lt 4000
check "it has deltas only" test "$(field out '["lists"]')$(field out '["deltas"]')" = 02
expect 0 "2.package: version 2" "${build[@]}" --out 2.package --version-again 2 --at $day2
expect 0 "in force: version 2" "$reader" package install 1-2.package --store device --at $day2
expect 0 "in force: version 2" "$reader" package install 2.package --store other --trust trust/trust --at $day2
check "both devices have the same" cmp <("$reader" package show --store device --json --at $day2 | sed '/"packages"/,$d') \
  <("$reader" package show --store other --json --at $day2 | sed '/"packages"/,$d')
expect 65 "ROLLBACK" "$reader" package install 2.package --store device --at $day2

# --- a new CSCA, and the signers under it
publish $day3 || cat publish.out
"$pki" new csca-link trust --at $day3 >>pki.out 2>&1 && "$pki" new status-signer trust --at $day3 >>pki.out 2>&1 ||
  cat pki.out
expect 0 "version 3 for those who have 2" "${build[@]}" --out 2-3.package --base 2 --at $day3
expect 0 "in force: version 3" "$reader" package install 2-3.package --store device --at $day3
conclude 27
