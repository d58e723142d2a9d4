#!/usr/bin/env bash
# Orders that are issued, shown, voided and erased in the ledger, and a journal that moves into it:
# orders_in_ledger.sh PATENT_PERSONALIZE PATENT_CARD PATENT_PKI MAKE_SAMPLE_ORDERS SOURCE_FOLDER
. "$(dirname "$0")/../expect.sh"
personalize=$(realpath "$1") card=$(realpath "$2") pki=$(realpath "$3") orders=$(realpath "$4") source=$(realpath "$5")
cd "$work" || exit 1
field() { python3 -c 'import json, sys; print(eval("json.load(open(sys.argv[1]))" + sys.argv[2]))' "$1" "$2"; }

at=2026-03-10
"$pki" init trust --sample --at $at >pki.out 2>&1 || { cat pki.out; exit 1; }
"$orders" --people "$source/samples/people.json" --at $at --out made || exit 1
first=made/orders/01-sharipov.json second=made/orders/02-karimov.json
id=$(field $first '["order_id"]') second_id=$(field $second '["order_id"]')
blank() { "$card" new --domain trust "$1" >blank.out 2>&1 || { cat blank.out; exit 1; }; }
issue() { "$personalize" issue "$@" --domain trust --at $at --quiet --operator "Иванова А."; }
here=(--ledger floor.db --list-uri https://status.example/lists)
for name in a b; do blank $name.card; done

# --- issued: the ledger is the journal
expect 0 "floor.db#$id" issue $first --reader virtual:a.card "${here[@]}"
check "no folder was made" test ! -e trust/issued
check "the ledger is private" test "$(stat -c %a floor.db)" = 600
check "nobody is named in it in the clear" bash -c "! grep -qa -e Шарипов -e SHARIPOV -e $(field $first '["holder"]["inn"]') floor.db*"
expect 65 "issued already; its receipt is floor.db#$id" issue $first --reader virtual:b.card "${here[@]}"
expect 0 "issued  " "$personalize" show --ledger floor.db
expect 0 '"state":"issued"' "$personalize" show "$id" --ledger floor.db --json
expect 0 '"verdict" : "VALID"' "$personalize" show "$id" --ledger floor.db --receipt
check "the receipt names the operator" grep -q "Иванова А." out
expect 65 "no receipt" "$personalize" show "$second_id" --ledger floor.db --receipt
expect 73 "printer is not there: mkdir -m 0700 printer" "$personalize" show "$id" --ledger floor.db --domain trust --print-to printer
mkdir printer
expect 0 "" "$personalize" show "$id" --ledger floor.db --domain trust --print-to printer
check "the print form is private" test "$(stat -c %a "printer/$id.print.json")" = 600
check "and has the CAN" test "$(field "printer/$id.print.json" '["can"]' | wc -c)" = 7
check "the photo is beside it" test -s "printer/$id.photo.jpg"
expect 64 "--domain is missing" "$personalize" show "$id" --ledger floor.db --print-to printer
expect 64 "want --ledger" "$personalize" show --ledger floor.db --receipt

# --- a domain from before there was a ledger's key
cp -r trust old
rm old/keys/*ledger*
expect 65 "patent-pki new ledger old" "$personalize" issue $second --reader virtual:b.card --domain old --at $at "${here[@]}"

# --- voided, and erased when the time is over
expect 65 "ended by a status record" "$personalize" void "$id" --ledger floor.db
expect 65 "does not know" "$personalize" void "$second_id" --ledger floor.db
expect 64 "--ended-before is missing" "$personalize" ledger erase --ledger floor.db
expect 0 "the personal data of 0 orders" "$personalize" ledger erase --ledger floor.db --ended-before $at
coproc READER { python3 -c 'import sqlite3
ledger = sqlite3.connect("floor.db")
ledger.execute("BEGIN")
print(ledger.execute("SELECT COUNT(*) FROM orders").fetchone(), flush=True)
input()'; }
reader=$READER_PID
read -r <&"${READER[0]}"
expect 65 "give this command again when it has ended" "$personalize" ledger erase --ledger floor.db --ended-before 2026-04-10
check "erased they are" grep -q "the personal data of 1 orders" out
echo >&"${READER[1]}"
wait "$reader"
expect 0 '{"cards":0,"orders":0,"outcome":"erased","payments":0}' "$personalize" ledger erase --ledger floor.db --ended-before 2026-04-10 --json
expect 65 "no print form" "$personalize" show "$id" --ledger floor.db --domain trust --print-to printer
expect 0 '"verdict" : "VALID"' "$personalize" show "$id" --ledger floor.db --receipt
expect 65 "does not know" "$personalize" ledger release "$second_id" --ledger floor.db

# --- a journal from before: never passed over, moved whole, closed
expect 0 "trust/issued/$second_id.receipt.json" issue $second --reader virtual:b.card
expect 65 "ledger take-journal trust/issued" issue $first --reader virtual:a.card "${here[@]}"
expect 0 "1 orders are in the ledger now" "$personalize" ledger take-journal trust/issued --ledger floor.db --domain trust
expect 65 "were moved into a ledger before" "$personalize" ledger take-journal trust/issued --ledger floor.db --domain trust
expect 65 "issued already; its receipt is floor.db#$second_id" issue $second --reader virtual:a.card "${here[@]}"
expect 73 "moved-to-ledger" issue $second --reader virtual:a.card
expect 0 "" "$personalize" show "$second_id" --ledger floor.db --domain trust --print-to printer
check "its print form came along" cmp "printer/$second_id.print.json" "trust/issued/$second_id.print.json"
expect 0 '"verdict" : "VALID"' "$personalize" show "$second_id" --ledger floor.db --receipt

conclude 37
