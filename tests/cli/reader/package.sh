#!/usr/bin/env bash
# Lists and trust packages on a handheld: package.sh PATENT_READER PATENT_CARD PATENT_PKI PATENT_PERSONALIZE
. "$(dirname "$0")/../expect.sh"
data=$(cd "$(dirname "$0")/../../data" && pwd)
reader=$(realpath "$1") card=$(realpath "$2") pki=$(realpath "$3") personalize=$(realpath "$4")
cd "$work" || exit 1

day1=2026-03-10T12:00:00Z day2=2026-03-11T12:00:00Z
for domain in trust stranger; do
  "$pki" init $domain --sample --at 2026-03-10 >pki.out 2>&1 || { cat pki.out; exit 1; }
done
"$card" new --domain trust one.card >card.out 2>&1 || { cat card.out; exit 1; }
python3 - "$data" <<'PYTHON'
import base64, json, sys
order = json.load(open(sys.argv[1] + "/order.json"))
order["face"] = {"format": "jpeg", "data": base64.b64encode(open(sys.argv[1] + "/face.jpg", "rb").read()).decode()}
json.dump(order, open("order.json", "w"))
PYTHON
"$personalize" issue order.json --reader virtual:one.card --domain trust --journal trust/issued --ledger status.db \
  --list-uri https://status.example/lists --at 2026-03-10 >issue.out 2>&1 || { cat issue.out; exit 1; }
publish() { "$personalize" status publish --ledger status.db --domain trust --out lists --at "$1" >publish.out 2>&1; }
build() { "$personalize" package build --domain trust --ledger status.db "$@" >build.out 2>&1; }
publish $day1 && build --out 1.package --at $day1 && cp -r lists lists-1 && publish $day2 &&
  build --out 2.package --at $day2 && build --out 1-2.package --version-again 2 --base 1 --at $day2 ||
  { cat publish.out build.out; exit 1; }

# --- help and usage
for command in "package install" "package show" list; do
  expect 0 "Examples:" "$reader" $command --help
  expect 64 "unrecognised option" "$reader" $command --no-such-option
done
expect 0 "package install" "$reader" package --help
expect 64 "--store DIR is needed" "$reader" package install 1.package
expect 64 "FILE or --store DIR is needed" "$reader" package show
expect 64 "--trust DIR or --store DIR is needed" "$reader" list lists/*.states.jwt

# --- what a package is, before anybody believes it
expect 0 "package 1, " "$reader" package show 1.package
expect 0 "on top of 1" "$reader" package show 1-2.package
expect 0 '"kind" : "months"' "$reader" package show 1.package --json
expect 65 "UNREADABLE" "$reader" package show none.package

# --- installing
install=("$reader" package install --store device)
expect 64 "NO_STORE" "$reader" package show --store device
expect 64 "NO_ANCHOR" "${install[@]}" 1.package --at $day1
expect 65 "FOREIGN_CERTIFICATE" "${install[@]}" 1.package --trust stranger/trust --at $day1
expect 65 "NO_BASE" "${install[@]}" 1-2.package --trust trust/trust --at $day2
expect 65 "FROM_FUTURE" "${install[@]}" 1.package --trust trust/trust --at 2026-03-10T09:00:00Z
expect 65 "EXPIRED" "${install[@]}" 1.package --trust trust/trust --at 2026-03-20
expect 0 "in force: version 1, current" "${install[@]}" 1.package --trust trust/trust --at $day1
head -c 2000 2.package >half.package
expect 65 "INCOMPLETE" "${install[@]}" half.package --at $day2
python3 - <<'PYTHON'
octets = bytearray(open("2.package", "rb").read())
octets[-1] ^= 1
open("bent.package", "wb").write(octets)
PYTHON
expect 65 "BAD_SIGNATURE" "${install[@]}" bent.package --at $day2
expect 64 "OTHER_ANCHOR" "${install[@]}" 2.package --trust stranger/trust --at $day2
expect 0 "in force: version 1, update due" "$reader" package show --store device --at 2026-03-11T12:00:01Z
expect 0 "in force: version 2, current" "${install[@]}" 1-2.package --at $day2
expect 65 "ROLLBACK" "${install[@]}" 2.package --at $day2
expect 65 "ROLLBACK" "${install[@]}" 1.package --at $day2
expect 0 "on top of 1" "$reader" package show --store device --at $day2
expect 0 "in force: version 2, expired" "$reader" package show --store device --at 2026-03-30

# --- judging by it: --store beside --trust, and a store's folder as --trust
python3 -c 'import glob, json; print(json.load(open(glob.glob("trust/issued/*.print.json")[0]))["can"])' >can.txt
inspect=("$reader" inspect --reader virtual:one.card --can-file can.txt --no-photo)
expect 0 "VALID" "${inspect[@]}" --store device --at $day2 --save evidence.json
expect 0 "VALID" "${inspect[@]}" --trust device --at $day2
expect 0 "VALID" "$reader" verify evidence.json --store device --at $day2
expect 64 "exclude each other" "${inspect[@]}" --store device --trust trust/trust --at $day2
expect 2 "NEEDS CHECK" "$reader" verify evidence.json --store device --at 2026-03-19

# --- lists as they are published
list=("$reader" list --at $day2)
expect 0 "1000000 entries of 4 bits" "${list[@]}" lists/*.states.jwt --trust trust/trust
expect 0 '"value" : ' "${list[@]}" lists/*.months.jwt lists/*.states.jwt --store device --index 7 --json
expect 65 "not in this list" "${list[@]}" lists/*.states.jwt --trust trust/trust --index 1000000
expect 65 "UNTRUSTED" "${list[@]}" lists/*.states.jwt --trust stranger/trust
expect 65 "OLDER" "${list[@]}" lists-1/*.states.jwt --store device
expect 65 "OLDER" "${list[@]}" lists/*.states.jwt lists-1/*.states.jwt --trust trust/trust
expect 65 "EXPIRED" "$reader" list lists/*.states.jwt --trust trust/trust --at 2026-03-20
expect 65 "FROM_FUTURE" "$reader" list lists/*.states.jwt --trust trust/trust --at $day1
expect 65 "MALFORMED" "${list[@]}" order.json --trust trust/trust

# --- a damaged store is not believed, and mended by a full package
truncate -s 1000 device/1.full
expect 65 "device/1.full: INCOMPLETE" "${inspect[@]}" --store device --at $day2
build --out 3.package --at 2026-03-11T13:00:00Z || cat build.out
expect 0 "in force: version 3" "${install[@]}" 3.package --at 2026-03-11T13:00:00Z
check "what is replaced is gone" test ! -e device/1.full -a ! -e device/2.delta
conclude 45
