#!/usr/bin/env bash
# What strangers wrote, as names of files, deliveries, people, receivers and certificates or as reasons, steers no
# terminal and forges no line: terminal.sh PATENT_PERSONALIZE PATENT_CARD PATENT_PKI MAKE_SAMPLE_ORDERS SOURCE_FOLDER
. "$(dirname "$0")/../expect.sh"
personalize=$(realpath "$1") pki=$(realpath "$3") orders=$(realpath "$4") source=$(realpath "$5")
cd "$work" || exit 1
export PCSCLITE_CSOCK_NAME=$work/nobody

at=2026-03-10
"$pki" init trust --sample --at $at >pki.out 2>&1 || { cat pki.out; exit 1; }
"$orders" --people "$source/samples/people.json" --at $at --out made || exit 1
list=(made/orders/*.json)
# Escape sequences of both control sets, a carriage return, a line of its own, and a right-to-left override.
evil=$'a\e[2J\r\nFORGED \xc2\x9b31m \xe2\x80\xae'
# tame CODE TEXT COMMAND...: as expect, and nothing of that comes through.
tame() {
  expect "$@"
  ((++checks))
  if LC_ALL=C grep -qaP '\x1b|\r|\xc2\x9b|\xe2\x80\xae|^FORGED' out err; then
    echo "FAILED: the terminal is steered by: ${*:4:3}"
    cat -v out err | head -5
    ((++failures))
  fi
}
floor() { "$personalize" "$@" --ledger floor.db --station desk-1 --operator anna --at $at; }

# --- names of files with orders, payments, blanks
printf '{"a": 1, "a": 2}' >"$evil.json"
tame 65 "[not_json]" "$personalize" check "$evil.json"
tame 65 "[not_json]" floor intake "$evil.json" --domain trust
mkdir in blanks
mv "$evil.json" in
tame 65 "[not_json]" floor intake in --domain trust
tame 65 "[not_json]" timeout -s KILL 120 "$personalize" batch "in/refused/$evil.json" --ledger floor.db --domain trust \
  --feed virtual:blanks --list-uri https://status.example/lists --at $at
printf 'number,product\nab1,P\n' >"$evil.csv"
tame 65 "[bad_number]" floor stock receive "$evil.csv"
tame 65 "cannot be read" floor stock receive "none$evil"

# --- a delivery's, an operator's, a station's name; a reason
printf 'number,product\nAB1000001,PATENT-V1\nAB1000002,PATENT-V1\n' >blanks.csv
tame 0 "2 blanks received" "$personalize" stock receive blanks.csv --ledger floor.db --note "$evil" --operator "$evil" \
  --station "$evil" --at $at
tame 0 "scratched" floor stock reject AB1000001 --reason "scratched $evil"
tame 0 "scratched" floor stock list
tame 0 "scratched" floor stock report --lang en
tame 0 "scratched" floor stock report --format html --lang ru
tame 0 "shift 1 at" "$personalize" shift open --ledger floor.db --operator "$evil" --station "$evil" --at $at
tame 0 "shift 1 at" floor shift show
tame 0 "Shift 1 at" floor shift report 1 --lang en
tame 0 "lines" "$personalize" audit verify --ledger floor.db
tame 65 "the stock has no blank" floor stock reject "$evil" --reason x

# --- why an order is held or voided
expect 0 "entered" floor intake ${list[0]} --domain trust
id=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["order_id"])' ${list[0]})
tame 0 "is voided" "$personalize" void $id --ledger floor.db --reason "lost $evil"
tame 0 "lost" "$personalize" show --ledger floor.db
tame 65 "" "$personalize" void "$evil" --ledger floor.db

# --- names of receivers, readers, options, files that are not there
tame 64 "--receiver" "$personalize" events acknowledge 999 --ledger floor.db --receiver "$evil"
tame 69 "" timeout -s KILL 60 "$personalize" batch --ledger floor.db --domain trust --readers "$evil" \
  --list-uri https://status.example/lists --at $at
tame 64 "" "$personalize" "$evil"
tame 64 "" "$personalize" stock list "--$evil"
tame 2 "" "$personalize" doctor --domain "$evil" --ledger "none$evil"

# --- a certificate's subject
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -outform DER -out evil.cer \
  -subj "/CN=$(printf 'a\xe2\x80\xaeb')" -utf8 2>req.err || check "a certificate is made" false
tame 0 "Certificate" "$pki" show evil.cer

conclude 50
