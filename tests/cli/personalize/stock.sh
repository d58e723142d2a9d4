#!/usr/bin/env bash
# patent-personalize stock, shift and readers as a user runs them: stock.sh PATENT_PERSONALIZE
. "$(dirname "$0")/../expect.sh"
personalize=$(realpath "$1")
cd "$work" || exit 1
floor() { "$personalize" "$@" --ledger floor.db --station desk-1; }
field() { python3 -c 'import json, sys; print(eval("json.load(open(sys.argv[1]))" + sys.argv[2]))' "$1" "$2"; }

# --- help and usage
for action in "stock receive" "stock list" "stock reject" "stock destroy" "stock report" \
  "shift enrol" "shift dismiss" "shift open" "shift close" "shift show" "shift report" readers; do
  expect 0 "Examples:" "$personalize" $action --help
done
expect 64 "there is no command stock recieve" "$personalize" stock recieve
expect 64 "--ledger is missing" "$personalize" stock list
expect 64 "--operator is missing" floor stock receive none.csv
expect 64 "--state is" floor stock list --state lost
expect 64 "--format is" floor stock report --format pdf
expect 65 "there is no ledger floor.db" floor stock list
expect 65 "none.csv cannot be read: not there" floor stock receive none.csv --operator anna
check "a missing ledger is not made" test ! -e floor.db
PCSCLITE_CSOCK_NAME=$work/none expect 69 "is pcscd running?" "$personalize" readers

# --- deliveries: whole or not at all, all faults at once
cat >bad.csv <<'CSV'
number,product,chip_serial
AB1000001,PATENT-V1,0000000000000001
ab1000002,PATENT-V1,
AB1000001,PATENT V1,01
CSV
expect 65 "nothing of bad.csv was entered" floor stock receive bad.csv --operator anna
check "each fault has its line" grep -q "^bad.csv:3: number: .*\[bad_number\]" err
check "and all are named" grep -q "^bad.csv:4: chip_serial: .*\[bad_chip_serial\]" err
expect 65 '"fault":"number_twice"' floor stock receive bad.csv --operator anna --json
printf '{"order_id": "1", "holder": {"surname": "Sharipov", "birth_date": "1990-01-01"}}\n' >order.json
expect 65 "order.json:1: this is no delivery: its first line must be number,product[,chip_serial]" floor stock receive order.json --operator anna
check "what a wrong file holds is not shown" bash -c '! grep -qi sharipov out err'
printf 'number;product;chip_serial\nAB1000001;PATENT-V1;0000000000000001\nAB1000002;PATENT-V1;\nAB1000003;PATENT-V1;\n' >D-1.csv
expect 0 "3 blanks received, 0 known already" floor stock receive D-1.csv --operator anna
expect 0 '"known":3' floor stock receive D-1.csv --operator anna --json
printf 'number,product,chip_serial\nAB1000009,PATENT-V1,0000000000000001\n' >D-2.csv
expect 65 "[known_otherwise]" floor stock receive D-2.csv --operator anna
expect 65 "none.csv cannot be read" floor stock receive none.csv --operator anna
expect 0 '"chip_serial":"0000000000000001"' floor stock list --json
expect 0 "AB1000003     in_stock" floor stock list

# --- people who sign
(umask 077 && echo secret-a >a.txt && echo secret-b >b.txt && echo secret-c >c.txt)
expect 73 "keys is not there: mkdir -m 0700 keys" "$personalize" shift enrol anna --keys keys --operator chief --ledger fresh.db </dev/null
check "nobody is asked for a passphrase before, and no ledger is made" bash -c '! grep -q passphrase err && test ! -e fresh.db'
mkdir keys
enrol() { floor shift enrol "$1" --keys keys --passphrase-source "file:$2" "${@:3}"; }
by_anna=(--operator anna --operator-passphrase-source file:a.txt)
by_both=("${by_anna[@]}" --witness boris --witness-passphrase-source file:b.txt)
expect 0 "anna can sign" enrol anna a.txt --operator chief
expect 65 "nobody called chief may sign" enrol boris b.txt --operator chief
expect 77 "not anna's passphrase" enrol boris b.txt --operator anna --operator-passphrase-source file:b.txt
check "no key was made" test "$(ls keys | wc -l)" = 1
expect 0 "boris can sign" enrol boris b.txt "${by_anna[@]}"
expect 64 "--witness is missing" enrol carl c.txt "${by_anna[@]}"
expect 64 "vouch for another" enrol carl c.txt "${by_anna[@]}" --witness anna
expect 64 "vouch for another" enrol anna a.txt "${by_anna[@]}"
expect 0 "carl can sign" enrol carl c.txt "${by_both[@]}"
expect 65 "has a key already" enrol carl b.txt "${by_both[@]}"
two=(--operator anna --witness boris --keys keys --passphrase-source file:a.txt --witness-passphrase-source file:b.txt)
expect 65 "nobody called dora may sign" floor shift dismiss dora "${two[@]}"
expect 64 "two must sign" floor shift dismiss carl --operator anna --witness anna --keys keys
expect 0 "carl can sign no more" floor shift dismiss carl "${two[@]}"
expect 65 "nobody called carl may sign" floor shift dismiss carl "${two[@]}"
python3 - >lines <<'PY'
import sqlite3
for (line,) in sqlite3.connect("floor.db").execute("SELECT line FROM audit_line"):
    print(line)
PY
check "the audit chain names both who vouched" grep -q '"signatory":"carl".*"witness":"boris"' lines
check "and who dismissed" grep -q 'signatory_dismissed' lines

# --- a shift
expect 65 "no shift is open" floor shift close "${two[@]}"
expect 0 "shift 1 at desk-1" floor shift open --operator anna
expect 65 "shift 1 is open" floor shift open --operator boris
expect 64 "--reason is missing" floor stock reject AB1000002 --operator anna
expect 65 "the stock has no blank AB9999999" floor stock reject AB9999999 --reason torn --operator anna
expect 0 "rejected" floor stock reject AB1000002 --reason scratched --operator anna
expect 65 "only what is rejected is destroyed" floor stock destroy AB1000001 "${two[@]}"
expect 64 "two must sign" floor stock destroy AB1000002 --operator anna --witness anna --keys keys
swapped=(--operator anna --witness boris --keys keys --passphrase-source file:b.txt --witness-passphrase-source file:b.txt)
expect 77 "not anna's passphrase" floor stock destroy AB1000002 "${swapped[@]}"
expect 65 "nobody called carl may sign" floor stock destroy AB1000002 --operator anna --witness carl --keys keys \
  --passphrase-source file:a.txt
expect 0 "in_stock" floor stock list --state in_stock
expect 77 "not anna's passphrase" floor stock destroy AB1000002 "${two[@]}" --operator-passphrase-source file:b.txt
expect 0 "destroyed" floor stock destroy AB1000002 "${by_both[@]}" --keys keys
expect 77 "not anna's passphrase" floor shift close "${swapped[@]}"
expect 65 "the clock was set back" floor shift close "${two[@]}" --at 2020-01-01
expect 0 "3 received = 0 issued + 0 rejected + 1 destroyed + 2 remaining" floor shift close "${two[@]}"
expect 0 "closed" floor shift show
expect 0 '"closed_by":"anna"' floor shift show --json
expect 0 "signatures good" floor shift report 1
expect 65 "there is no shift 7" floor shift report 7

# --- the report
expect 0 "everything was counted again, and fits" floor stock report --check
expect 0 '"remaining" : 2' floor stock report --format json --check
floor stock report --json >report.json
check "the sums are those" test "$(field report.json '["sums"]["destroyed"]')" = 1
expect 0 "fits" floor stock report --format html --check --out stock.html
check "one file, without scripts" grep -q "</html>" stock.html
check "it needs nothing else" bash -c '! grep -qE "<script|<link|src=" stock.html'
expect 73 "cannot be written" floor stock report --out none/stock.txt
python3 - <<'PY'
import sqlite3
ledger = sqlite3.connect("floor.db")
ledger.execute("UPDATE shift SET issued_after = 1, remaining_after = 1")
ledger.commit()
PY
expect 65 "shift_unsigned 1" floor stock report --check
check "and the audit chain knows other sums" grep -q "shift_changed 1" err

conclude 80
