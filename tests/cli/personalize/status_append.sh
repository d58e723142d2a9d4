#!/usr/bin/env bash
# patent-personalize status append as a kiosk and a station run it:
# status_append.sh PATENT_PERSONALIZE PATENT_CARD PATENT_PKI MAKE_SAMPLE_ORDERS SOURCE_FOLDER
. "$(dirname "$0")/../expect.sh"
personalize=$(realpath "$1") card=$(realpath "$2") pki=$(realpath "$3") orders=$(realpath "$4") source=$(realpath "$5")
cd "$work" || exit 1
field() { python3 -c 'import json, sys; print(eval("json.load(open(sys.argv[1]))" + sys.argv[2]))' "$1" "$2"; }

at=2026-03-10
"$pki" init trust --sample --at $at >pki.out 2>&1 && "$pki" init stranger --sample --at $at >>pki.out 2>&1 ||
  { cat pki.out; exit 1; }
"$orders" --people "$source/samples/people.json" --at $at --out made || exit 1
sed 's/"at_issue"/"at_handover"/' made/orders/01-sharipov.json >order.json
id=$(field order.json '["order_id"]') issued=$(field order.json '["patent"]["issue_date"]')
months=$(field order.json '["months_paid"]')
"$card" new --domain trust one.card >card.out 2>&1 || { cat card.out; exit 1; }
"$personalize" issue order.json --reader virtual:one.card --domain trust --at $at >issue.out 2>&1 ||
  { cat issue.out; exit 1; }
field trust/issued/"$id".print.json '["can"]' >can.txt
kiosk=("$personalize" status append --reader virtual:one.card --can-file can.txt --at $at --lang en)
append=("${kiosk[@]}" --domain trust)

# --- usage
expect 0 "status append" "$personalize" status --help
expect 64 "status append" "$personalize" status
expect 64 "status append" "$personalize" status forge
expect 0 "Examples:" "$personalize" status append --help
expect 64 "--reader is missing" "$personalize" status append --domain trust --event loss --can-file can.txt
expect 64 "--domain is missing" "${kiosk[@]}" --event loss
expect 64 "--ledger or --event" "${append[@]}"
expect 64 "no such event" "${append[@]}" --event forgery
expect 64 "goes with --event" "${append[@]}" --ledger none.db --months 3
expect 64 "--months is 12 at most" "${append[@]}" --event payment --months 13
expect 64 "--reason is 255 at most" "${append[@]}" --event loss --reason 256
expect 64 "exactly one of" "$personalize" status append --reader virtual:one.card --domain trust --event loss --at $at
expect 65 "cannot be read" "$personalize" status append --reader virtual:one.card --domain trust --event loss --can-file no.txt
expect 69 "cannot be reached" "$personalize" status append --reader virtual:none.card --domain trust --event loss \
  --can-file can.txt --at $at
check "the card is as it was issued" test "$("${append[@]}" --event activation --months 0 >/dev/null 2>&1; echo $?)" = 65

# --- who may not
echo 000000 >wrong.txt
expect 65 "check the CAN" "$personalize" status append --reader virtual:one.card --can-file wrong.txt --domain trust \
  --event activation --at $at --lang en
expect 65 "not proved genuine" "${kiosk[@]}" --domain stranger --event activation
# A station that knows the card's issuer, with another state's terminal.
cp -r stranger mixed && cp trust/trust/* mixed/trust/
expect 65 "does not accept this terminal" "${kiosk[@]}" --domain mixed --event activation

# --- a patent's life
expect 65 "does not allow" "${append[@]}" --event suspension
expect 0 "status 2 appended: valid" "${append[@]}" --event activation --trace trace.txt
check "the CAN is not in the trace" bash -c '! grep -qf can.txt trace.txt'
expect 0 "status 2 was there already" "${append[@]}" --event activation
expect 64 "" "${append[@]}" --event payment --months many
expect 65 "how many months" "${append[@]}" --event payment
expect 65 "what is paid in all" "${append[@]}" --event payment --months $((months - 1))
expect 0 "status 3 appended: valid, 11 months paid" "${append[@]}" --event payment --months 11
expect 0 '"result":"already"' "${append[@]}" --event payment --months 11 --json
check "as JSON" test "$(field out '["months_paid"]')$(field out '["sequence"]')$(field out '["state"]')" = 113valid
expect 0 "приостановлен" "$personalize" status append --reader virtual:one.card --can-file <(cat can.txt) --domain trust \
  --event suspension --reason 7 --at $at --lang ru
expect 0 '"reason":1' "${append[@]}" --event restoration --json
expect 0 "replaced" "${append[@]}" --event replacement
expect 65 '"reason":"not_from_this_state"' "${append[@]}" --event payment --months 12 --json
expect 65 "не допускает" "$personalize" status append --reader virtual:one.card --can-file can.txt --domain trust \
  --event activation --at $at --lang ru

# --- with the authority's ledger
expect 65 "none.db" "${append[@]}" --ledger none.db
second=made/orders/02-karimov.json
number=$(field $second '["patent"]["card_number"]') second_id=$(field $second '["order_id"]')
"$card" new --domain trust two.card >card.out 2>&1 || { cat card.out; exit 1; }
"$personalize" issue $second --reader virtual:two.card --domain trust --journal trust/issued --at $at --ledger status.db \
  --list-uri https://status.example/lists >issue.out 2>&1 || { cat issue.out; exit 1; }
field trust/issued/"$second_id".print.json '["can"]' >can2.txt
second=("$personalize" status append --reader virtual:two.card --can-file can2.txt --domain trust --at $at --lang en)
expect 65 "does not know this card" "${append[@]}" --ledger status.db
expect 0 "status 1 was there already" "${second[@]}" --ledger status.db
expect 0 "suspended" "$personalize" status set "$number" --ledger status.db --state suspended --at $at
expect 0 "status 2 appended: suspended" "${second[@]}" --ledger status.db
expect 0 "status 3 appended: valid" "${second[@]}" --ledger status.db --event restoration
expect 0 "$number" "$personalize" status show "$number" --ledger status.db --json
check "the ledger has it as well" grep -q '"sequence":3' out
expect 0 "status 4 appended" "${second[@]}" --event suspension
expect 65 "newest record has sequence 4" "${second[@]}" --ledger status.db
conclude 43
