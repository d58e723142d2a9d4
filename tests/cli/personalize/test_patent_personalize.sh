#!/usr/bin/env bash
# patent-personalize as a user runs it:
# test_patent_personalize.sh PATENT_PERSONALIZE PATENT_CARD PATENT_PKI MAKE_SAMPLE_ORDERS SOURCE_FOLDER
. "$(dirname "$0")/../expect.sh"
personalize=$(realpath "$1") card=$(realpath "$2") pki=$(realpath "$3") orders=$(realpath "$4") source=$(realpath "$5")
cd "$work" || exit 1
field() { python3 -c 'import json, sys; print(eval("json.load(open(sys.argv[1]))" + sys.argv[2]))' "$1" "$2"; }
blank() { "$card" new --domain trust "$1" >blank.out 2>&1; }

at=2026-03-10
"$pki" init trust --sample --at $at >pki.out 2>&1 || { cat pki.out; exit 1; }
"$orders" --people "$source/samples/people.json" --at $at --out made || exit 1
first=made/orders/01-sharipov.json second=made/orders/02-karimov.json third=made/orders/03-gafurova.json
id=$(field $first '["order_id"]')

# --- help and usage
expect 0 "Usage: patent-personalize COMMAND" "$personalize" --help
expect 0 "patent-personalize 0." "$personalize" --version
expect 64 "Usage: patent-personalize COMMAND" "$personalize"
expect 64 "there is no command forge" "$personalize" forge
# Each entry of a list is a whole sentence, and none of its lines begins outside its column.
for tool in "$personalize" "$card" "$pki"; do
  "$tool" --help | sed -n '/^Commands:/,/^$/p' | sed '1d;$d' >list
  check "the list of ${tool##*/} has whole sentences" \
    awk '/^  [a-z]/ { torn += NR > 1 && last !~ /\.$/ } { last = $0 } END { exit torn || last !~ /\.$/ }' list
  check "the list of ${tool##*/} is indented" test "$(grep -c '^[^ ]' list)" = 0
done
for group in audit events ledger package payments shift status stock; do
  check "the actions' descriptions of $group are indented" \
    test "$("$personalize" $group --help | sed -n '4,/^$/p' | grep -c '^[^ ]')" = 0
done
for command in check plan issue show void; do
  expect 0 "Examples:" "$personalize" $command --help
  expect 64 "More: patent-personalize $command --help" "$personalize" $command --no-such-option
done
expect 64 "ORDER is missing" "$personalize" check
expect 64 "--at wants" "$personalize" check $first --at yesterday
expect 64 "--profile" "$personalize" plan $first --profile rot13
expect 64 "--domain is missing" "$personalize" issue $first --reader 0
expect 64 "--reader is missing" "$personalize" issue $first --domain trust --at $at

# --- check
expect 0 "all 12 orders can be issued" "$personalize" check made/orders/*.json --at $at
expect 0 '"ok":true' "$personalize" check $first --at $at --json
printf '\xef\xbb\xbf' | cat - $first >bom.json
expect 65 "byte_order_mark" "$personalize" check bom.json --at $at
echo '{"schema": 1}' >empty.json
expect 65 "order_id" "$personalize" check empty.json $first --at $at
check "all faults at once" test "$(grep -c fault err)" -gt 5
expect 65 '"ok":false' "$personalize" check empty.json --at $at --json
printf '{"\\u001b[2J": 1}' >escape.json
expect 65 "[2J" "$personalize" check escape.json --at $at
check "no stranger steers the terminal" bash -c "! grep -q \$'\\x1b' err"
expect 65 "cannot be read" "$personalize" check nothing.json --at $at
expect 65 "stands in" "$personalize" check $first $first --at $at
sed "s/\"blank_number\" *: *\"[^\"]*\"/\"blank_number\" : \"$(field $first '["patent"]["blank_number"]')\"/" $second >blank.json
expect 65 "blank number" "$personalize" check $first blank.json --at $at
sed 's/"inn" *: *"[0-9]*"/"inn" : "775123456799"/' $first >inn.json
expect 65 "контрольн" "$personalize" check inn.json --at $at --lang ru
expect 65 "inn_check_digits" "$personalize" check inn.json --at $at --lang en

# --- regions: an order is of a live profile's
expect 65 "region_not_live" "$personalize" check made/stories/other-region.json --at $at --lang en
expect 65 "не выдаёт электронные патенты" "$personalize" check made/stories/other-region.json --at $at --lang ru
expect 0 "can be issued" "$personalize" check made/stories/other-region.json --at $at --regions "$source/samples/regions.json"
expect 65 "cannot be read" "$personalize" check $first --at $at --regions nothing.json
echo '{"regions": [{"series": "77"}]}' >regions.json
expect 65 "/regions/0/name: this member is missing" "$personalize" check $first --at $at --regions regions.json

# --- plan
expect 0 '"EF.DG13"' "$personalize" plan $first --at $at
cp out plan.json
expect 0 "SET STATUS PERSONALIZED" "$personalize" plan $first --at $at
check "a plan is the same every time" cmp -s out plan.json
check "a plan is JSON" test "$(field plan.json '["patent"]["card_number"]')" = "$(field $first '["patent"]["card_number"]')"

# --- no card is touched before all orders are good
blank a.card
cp a.card a.before
expect 65 "no card was touched" "$personalize" issue $first inn.json --reader virtual:a.card --reader virtual:a.card \
  --domain trust --at $at
check "the card is as it was" cmp -s a.card a.before
check "and no journal was made" test ! -e trust/issued

# --- issue
expect 64 "as many --reader" "$personalize" issue $first $second --reader virtual:a.card --domain trust --at $at
expect 69 "no card" "$personalize" issue $first --reader virtual:none.card --domain trust --at $at
expect 0 "issued: card" "$personalize" issue $first --reader virtual:a.card --domain trust --at $at --trace trace.txt \
  --operator "Иванова А."
check "the journal is private" test "$(stat -c %a trust/issued)" = 700
check "and so is the print form" test "$(stat -c %a trust/issued/"$id".print.json)" = 600
can=$(field trust/issued/"$id".print.json '["can"]')
check "the CAN has six digits" grep -qE '^[0-9]{6}$' <<<"$can"
check "the receipt has no CAN" bash -c "! grep -q '\"$can\"' trust/issued/$id.receipt.json"
check "the receipt names the operator" test "$(field trust/issued/"$id".receipt.json '["operator"]')" = "Иванова А."
check "the receipt is as published" python3 - "$source/personalize/ledger/receipt.schema.json" trust/issued/"$id".receipt.json <<'PYTHON'
import json, re, sys
schema, receipt = (json.load(open(name)) for name in sys.argv[1:])
assert set(receipt) == set(schema["required"]) == set(schema["properties"]), set(receipt) ^ set(schema["required"])
kinds = {"string": str, "integer": int, "object": dict}
for name, rule in schema["properties"].items():
    value = receipt[name]
    assert "type" not in rule or isinstance(value, kinds[rule["type"]]), name
    assert "pattern" not in rule or re.search(rule["pattern"], value), name
    assert "enum" not in rule or value in rule["enum"], name
    assert "minimum" not in rule or value >= rule["minimum"], name
PYTHON
hex_can=$(printf %s "$can" | od -An -tx1 | tr -d ' \n')
check "the trace has no CAN" bash -c "test -s trace.txt && ! grep -qi '$hex_can' trace.txt"
check "the trace holds no plain DG1" bash -c "! grep -q 495752555350 trace.txt"
check "the trace may be read by others no more than the card" grep -q '^> 00A40400' trace.txt
expect 0 "PERSONALIZED" "$card" show a.card

# --- fingerprints are on the card and nowhere else
hold_fingers() {
  python3 - $first "$@" <<'PYTHON'
import base64, json, sys
images = [base64.b64decode(finger["data"]) for finger in json.load(open(sys.argv[1]))["fingers"]]
assert len(images) == 2
for name in sys.argv[2:]:
    content = open(name, "rb").read()
    for image in images:
        part = image[2000:2012]
        for form in (part, part.hex().encode(), part.hex().upper().encode(), base64.b64encode(image[1998:2010])):
            if form in content:
                sys.exit(0)
sys.exit(3)
PYTHON
}
export -f hold_fingers
export first
check "the order holds them" hold_fingers $first
check "the card holds them" hold_fingers a.card
"$personalize" issue $first --reader virtual:a.card --domain trust --at $at >again.out 2>again.err
find trust -type f >files
check "no plan, trace, journal or message does" bash -c "hold_fingers plan.json trace.txt again.out again.err \$(<files); test \$? = 3"
check "a plan names them" test "$(field plan.json '["files"]["EF.DG3"]["content"]["fingers"][0]["position"]')" = right_index
check "the receipt has their hash" test -n "$(field trust/issued/"$id".receipt.json '["data_groups"]["DG3"]')"
python3 - $first <<'PYTHON'
import json, sys
def write(name, change):
    order = json.load(open(sys.argv[1]))
    change(order)
    json.dump(order, open(name, "w"))
write("both.json", lambda order: order.update(fingers_absent="injured"))
write("one.json", lambda order: order["fingers"].pop())
write("twice.json", lambda order: order["fingers"][1].update(position="right_index"))
write("bad-finger.json", lambda order: order["fingers"][1].update(data=order["fingers"][1]["data"][:4000]))
def without(order):
    del order["fingers"]
    order["order_id"] = "5a3b1e00-0000-4000-8000-00000000aaaa"
    order["patent"]["card_number"] = "P00009999"
    order["patent"]["number"] = "2600999999"
write("without.json", without)
PYTHON
expect 65 "fingers_and_reason" "$personalize" check both.json --at $at --lang en
expect 65 "причина их отсутствия" "$personalize" check both.json --at $at --lang ru
expect 0 "fingers_not_two" "$personalize" check one.json --at $at --lang en
expect 65 "finger_twice" "$personalize" check twice.json --at $at --lang en
expect 65 "finger_not_an_image" "$personalize" check bad-finger.json --at $at --lang en

# --- exactly once
expect 65 "trust/issued/$id.receipt.json" "$personalize" issue $first --reader virtual:a.card --domain trust --at $at
expect 65 "personalized already" "$personalize" issue $second --reader virtual:a.card --domain trust --at $at
sed 's/"order_id" *: *"[^"]*"/"order_id" : "5a3b1e00-0000-4000-8000-00000000ffff"/' $first >again.json
blank b.card
cp b.card b.before
expect 65 "number belongs to order $id" "$personalize" issue again.json --reader virtual:b.card --domain trust --at $at
check "no card for numbers that are taken" cmp -s b.card b.before
expect 65 "ended by a status record" "$personalize" void --domain trust "$id"
expect 65 "does not know" "$personalize" void --domain trust 5a3b1e00-0000-4000-8000-00000000fffe
expect 0 "issued" "$personalize" show --domain trust "$id"
expect 0 '"state":"issued"' "$personalize" show --domain trust --json

# --- several orders, several cards; what is issued already is passed over
blank c.card
expect 65 '"result":"issued"' "$personalize" issue $first $second $third --reader virtual:a.card --reader virtual:b.card \
  --reader virtual:c.card --domain trust --at $at --json --quiet
check "two new cards" test "$("$personalize" show --domain trust --json | grep -c '"issued"')" = 3

# --- killed at any time, the same command finishes
number=0
for order in made/orders/0[4-9]-*.json; do
  blank killed.card
  ((++number))
  for _ in 1 2 3; do
    "$personalize" issue "$order" --reader virtual:killed.card --domain trust --at $at >out 2>err &
    sleep 0.0$((number * 13 % 90 + 10))
    kill -KILL $! 2>/dev/null
    wait $! 2>/dev/null
  done
  "$personalize" issue "$order" --reader virtual:killed.card --domain trust --at $at >out 2>err
  got=$?
  ((++checks))
  if [[ $got != 0 ]] && ! grep -q "issued already" err; then
    echo "FAILED: $order after being killed: exit code $got"
    cat err
    ((++failures))
  fi
  rm -f killed.card
done
check "each exactly once" test "$("$personalize" show --domain trust --json | grep -c '"issued"')" = 9

# --- another domain, another file
"$pki" init other --sample --at $at >pki.out 2>&1
"$card" new --domain other foreign.card >blank.out 2>&1
order=made/orders/10-guliyev.json
expect 65 "no try was used up" "$personalize" issue $order --reader virtual:foreign.card --domain trust --at $at
head -c 100000 /dev/urandom >garbage.card
expect 69 "cannot be reached" "$personalize" issue $order --reader virtual:garbage.card --domain trust --at $at
expect 65 'made by `patent-pki init' "$personalize" issue $order --reader virtual:b.card --domain nowhere --at $at
echo wrong >wrong.pass && chmod 600 wrong.pass
expect 77 "passphrase" "$personalize" issue $order --reader virtual:b.card --domain trust --at $at \
  --passphrase-source file:wrong.pass
blank d.card
expect 65 "renew it" "$personalize" issue $order --reader virtual:d.card --domain trust --at 2027-03-01

# Fingerprints that nobody could read back, or read at all, go onto no card; other cards do not need a terminal.
expect 65 "new terminal" "$personalize" issue $order --reader virtual:d.card --domain trust --at 2026-04-20
cp -r trust old && rm -r old/issued old/certificates/*.cvcert
expect 65 "no cvca" "$personalize" issue $order --reader virtual:d.card --domain old --at $at
expect 0 "issued: card" "$personalize" issue without.json --reader virtual:d.card --domain old --at $at

# None of these bound the order to a chip.
expect 65 "does not know" "$personalize" show --domain trust "$(field $order '["order_id"]')"

conclude 92
