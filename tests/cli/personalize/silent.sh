#!/usr/bin/env bash
# Who gets a card stands in no log, metric, event, step, audit line or progress of the floor:
# silent.sh PATENT_PERSONALIZE PATENT_CARD PATENT_PKI MAKE_SAMPLE_ORDERS SOURCE_FOLDER
. "$(dirname "$0")/../expect.sh"
personalize=$(realpath "$1") card=$(realpath "$2") pki=$(realpath "$3") orders=$(realpath "$4") source=$(realpath "$5")
cd "$work" || exit 1
export PCSCLITE_CSOCK_NAME=$work/nobody

at=2026-03-10
"$pki" init trust --sample --at $at >pki.out 2>&1 || { cat pki.out; exit 1; }
"$orders" --people "$source/samples/people.json" --at $at --out made || exit 1
# Senders call files after the holders; the ledger does not take that over. One of five has a fault.
mkdir in blanks
number=0
for order in made/orders/*.json; do ((++number <= 4)) && cp "$order" in/$number-${order##*/}; done
python3 -c 'import glob, json
order = json.load(open(glob.glob("in/4-*")[0]))
order["order_id"] = "0b9cbd3e-7e0e-4a7e-9d7a-2f3a1c5d6eff"
order["holder"]["inn"] = "123"
json.dump(order, open("in/5.json", "w"), ensure_ascii=False)'
python3 -c 'import glob, json
print("number,product")
for name in glob.glob("made/orders/*.json"): print(json.load(open(name))["patent"]["blank_number"] + ",PATENT-V1")' >delivery.csv
"$personalize" stock receive delivery.csv --ledger floor.db --operator i.petrova --at $at >stock.out || cat stock.out
for i in 1 2 3 4 5; do "$card" new --domain trust blanks/$i.card >card.out 2>&1 || cat card.out; done

timeout -s KILL 300 "$personalize" batch in/*.json --domain trust --ledger floor.db --feed virtual:blanks --at $at \
  --list-uri https://status.example/lists --station moscow-3 --log log.jsonl --metrics floor.prom --json >out.jsonl 2>err.txt
check "four cards are issued" test "$(find blanks/issued -name '*.card' | wc -l)" = 4
check "the faulty order is told of" grep -q '"event":"document_refused"' log.jsonl
timeout -s KILL 60 "$personalize" batch in/1-*.json --domain trust --ledger floor.db --feed virtual:blanks --at $at --log - \
  --list-uri https://status.example/lists --quiet >again.txt 2>journal.txt
check "for the journal, each line has its priority" grep -qE '^<[3-7]>\{.*"event":"batch_ended"' journal.txt
"$personalize" metrics --ledger floor.db --domain trust --at $at >standing.prom
"$personalize" doctor --ledger floor.db --domain trust --at $at >doctor.txt
"$personalize" events next --ledger floor.db --receiver portal >events.txt
"$personalize" audit export --ledger floor.db --out audit.jsonl >audit.txt 2>&1
python3 -c 'import sqlite3
base = sqlite3.connect("floor.db")
for table in ("order_step", "audit_line", "event", "receipt", "blank_movement"):
    for row in base.execute("SELECT * FROM " + table): print(table, *row)
for row in base.execute("SELECT * FROM orders"): print("orders", *row)' >tables.txt || check "the tables can be read" false

# Everything that is there to be seen, and what must not be: every text of the persons, in either script.
all="log.jsonl floor.prom out.jsonl err.txt again.txt journal.txt standing.prom doctor.txt events.txt tables.txt"
[[ -e audit.jsonl ]] && all+=" audit.jsonl"
python3 -c 'import glob, json
def texts(value):
    if isinstance(value, dict):
        for one in value.values(): yield from texts(one)
    elif isinstance(value, list):
        for one in value: yield from texts(one)
    elif isinstance(value, str): yield value
for file in glob.glob("in/[1-4]-*"):
    for text in texts(json.load(open(file))["holder"]):
        if 4 < len(text) < 200: print(text)' | sort -u >persons.txt
check "there is something to look for" test "$(wc -l <persons.txt)" -ge 20
check "and it is found where it is" grep -qFf persons.txt in/1-*.json
for file in $all; do
  check "$file is not empty" test -s "$file"
  check "$file names nobody: $(grep -niFf persons.txt "$file" | head -2)" test -z "$(grep -iFf persons.txt "$file")"
done
check "metrics count" grep -qx 'patent_batch_cards_issued_total 4' floor.prom
check "steps are timed" grep -qE '^patent_batch_step_seconds_count\{step="[^"]+"\} [48]$' floor.prom
conclude 25
