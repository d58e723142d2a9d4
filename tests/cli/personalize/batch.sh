#!/usr/bin/env bash
# Many cards by many readers as a user writes them:
# batch.sh PATENT_PERSONALIZE PATENT_CARD PATENT_PKI MAKE_SAMPLE_ORDERS SOURCE_FOLDER
. "$(dirname "$0")/../expect.sh"
personalize=$(realpath "$1") card=$(realpath "$2") pki=$(realpath "$3") orders=$(realpath "$4") source=$(realpath "$5")
cd "$work" || exit 1

at=2026-03-10
"$pki" init trust --sample --at $at >pki.out 2>&1 || { cat pki.out; exit 1; }
"$orders" --people "$source/samples/people.json" --at $at --out made || exit 1
# day.jsonl and more.jsonl: six orders each that name no blank, of one person's.
python3 - <<'PY'
import json
order = json.load(open("made/orders/01-sharipov.json"))
del order["patent"]["blank_number"]
for name, first in (("day", 1), ("more", 7)):
    with open(name + ".jsonl", "w") as out:
        for n in range(first, first + 6):
            order["order_id"] = "5a3b1e00-0000-4000-8000-%012d" % n
            order["patent"]["number"] = "26%08d" % n
            order["patent"]["card_number"] = "P%08d" % n
            out.write(json.dumps(order, ensure_ascii=False) + "\n")
PY
mkdir cards
echo "number,product,chip_serial" >delivery.csv
for n in 01 02 03 04 05 06 07 08 09 10 11 12; do
  "$card" new --domain trust --serial "00112233445566$n" "cards/$n.card" >card.out 2>&1 || { cat card.out; exit 1; }
  echo "PR00000$n,PATENT-V1,00112233445566$n" >>delivery.csv
done
floor="--domain trust --ledger floor.db --feed virtual:cards --at $at --list-uri https://status.example/lists
  --station hall-1 --operator i.petrova"
batch() { timeout -s KILL 300 "$personalize" batch "$@" $floor; }

# --- help and usage
expect 0 "Examples:" "$personalize" batch --help
expect 64 "--domain is missing" "$personalize" batch day.jsonl --ledger floor.db
expect 64 "--ledger is missing" "$personalize" batch day.jsonl --domain trust
expect 64 "--follow goes without ORDER" "$personalize" batch day.jsonl --domain trust --ledger floor.db --follow
expect 64 "--list-uri is missing" "$personalize" batch day.jsonl --domain trust --ledger floor.db
expect 64 "--list-uri is missing" "$personalize" batch --follow --domain trust --ledger floor.db
expect 64 "--list-uri is a URI" "$personalize" batch day.jsonl --domain trust --ledger floor.db --list-uri foo
expect 65 "none.jsonl, no.json cannot be read: not there" batch none.jsonl day.jsonl no.json
check "and no ledger is made for it" test ! -e floor.db
mkdir folder.jsonl
expect 65 "folder.jsonl: cannot be read" batch folder.jsonl --readers 1
check "it has no line" bash -c '! grep -q "jsonl:0" err'

# --- a chip that the stock does not know, and an order that names no blank: nothing is held for it
expect 65 "neither the order nor the stock names the blank" batch day.jsonl --readers 1
expect 0 "" "$personalize" stock receive delivery.csv --ledger floor.db --operator i.petrova --at $at

# --- a day's orders, a line of which is torn
sed '4s/.\{200\}$//' day.jsonl >torn.jsonl
expect 65 "5 issued" batch torn.jsonl --readers 2
check "the torn line is named" grep -q "torn.jsonl:4:" err
expect 0 "1 issued, 5 issued before" batch day.jsonl --readers 2 --quiet
expect 0 "0 issued, 6 issued before" batch day.jsonl --readers 2
check "the cards were put away" test "$(find cards/issued -name '*.card' | wc -l)" = 6

mkdir none
expect 69 "put blanks into the feed, then the same command" timeout -s KILL 300 "$personalize" batch more.jsonl --domain trust \
  --ledger floor.db --list-uri https://status.example/lists --station hall-1 --at $at --feed virtual:none
expect 65 "many at once are for patent-personalize batch" "$personalize" check more.jsonl --at $at
expect 65 "cards is a folder" "$personalize" check cards --at $at
PCSCLITE_CSOCK_NAME=$work/nobody expect 69 "is pcscd running?" "$personalize" issue made/orders/01-sharipov.json --reader 0 \
  --domain trust --at $at --wait 1

# --- killed half-way, and resumed; as JSON
"$personalize" batch more.jsonl --readers 2 --json $floor >killed.json 2>killed.err &
runner=$!
until grep -q card_issued killed.json || ! kill -0 $runner 2>/dev/null; do sleep 0.05; done
kill -KILL $runner 2>/dev/null
wait $runner 2>/dev/null
expect 0 "batch_ended" batch more.jsonl --readers 2 --json
check "each line is JSON" python3 -c 'import json, sys; [json.loads(line) for line in open("out")]'
check "every card was put away" test "$(find cards/issued -name '*.card' | wc -l)" = 12
expect 0 "0 issued, 12 issued before" batch day.jsonl more.jsonl --readers 1
expect 0 "" "$personalize" stock report --ledger floor.db --check

conclude 27
