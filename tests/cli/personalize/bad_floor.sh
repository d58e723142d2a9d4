#!/usr/bin/env bash
# What goes wrong on a floor ends in a clear state, with words, and the same command goes on when it is mended:
# bad_floor.sh PATENT_PERSONALIZE PATENT_CARD PATENT_PKI MAKE_SAMPLE_ORDERS SOURCE_FOLDER
. "$(dirname "$0")/../expect.sh"
. "$(dirname "$0")/../softhsm.sh"
personalize=$(realpath "$1") card=$(realpath "$2") pki=$(realpath "$3") orders=$(realpath "$4") source=$(realpath "$5")
cd "$work" || exit 1
export PCSCLITE_CSOCK_NAME=$work/nobody

at=2026-03-10
blanks() { # DOMAIN [OPTION...]: four new ones in ./cards, and the papers of their delivery
  local domain=$1 n
  shift
  mkdir -p cards
  echo "number,product,chip_serial" >delivery.csv
  for n in 1 2 3 4; do
    "$card" new --domain "$domain" --serial "001122334455660$n" "$@" "cards/$n.card" >card.out 2>&1 || cat card.out
    echo "PR000000$n,PATENT-V1,001122334455660$n" >>delivery.csv
  done
}
receive() { "$personalize" stock receive "${1-delivery.csv}" --ledger "${2-floor.db}" --operator i.petrova --at $at >stock.out 2>&1 || cat stock.out; }
drafts() { # DATE FOLDER: two orders of that day that name no blank
  "$orders" --people "$source/samples/people.json" --at "$1" --out made || exit 1
  python3 - "$2" <<'PY'
import glob, json, os, sys
os.mkdir(sys.argv[1])
for n, name in enumerate(sorted(glob.glob("made/orders/*.json"))[:2]):
    order = json.load(open(name))
    del order["patent"]["blank_number"]
    json.dump(order, open(f"{sys.argv[1]}/{n}.json", "w"), ensure_ascii=False)
PY
  rm -r made
}
mkdir new && (cd new && "$pki" init trust --sample --at $at >pki.out 2>&1 && blanks trust && receive) || exit 1
drafts $at today
drafts 2026-06-11 june

floor() { # NAME: a station of its own, with four blanks
  cd "$work" && cp -a new "$1" && cd "$1" || exit 1
  now=$at ledger=floor.db source_of_pin=()
}
batch() {
  timeout -s KILL 120 "$personalize" batch --domain trust --ledger "$ledger" --feed virtual:cards --at "$now" --quiet \
    --list-uri https://status.example/lists --operator i.petrova "${source_of_pin[@]}" "$@"
}
issued() { find cards/issued -name '*.card' 2>/dev/null | wc -l; }
codes() { "$personalize" doctor --json --at "$now" "$@" | sed -n 's/.*"code":"\([a-z_]*\)".*/\1/p'; }
# untouched WHAT: no card was written, and no order is held for what was the station's fault.
untouched() {
  check "$1: no card was touched" test "$(issued)" = 0
  check "$1: no order is held, none open" bash -c '! grep -qE "orders_(held|open)"' < <(codes --ledger "$ledger")
}
# goes_on ORDERS...: the same command ends it: both issued, once, and the books fit.
goes_on() {
  expect 0 "" batch "$@"
  check "$PWD: one card for each order" test "$(issued)" = 2
  expect 0 "0 issued, 2 issued before" batch "$@"
  books_fit
}
books_fit() {
  expect 0 "fits" "$personalize" stock report --ledger "$ledger" --check
  expect 0 "" "$personalize" audit verify --ledger "$ledger" --trust trust/trust --at "$now"
}
two="../today/0.json ../today/1.json"

# --- a wrong passphrase: asked for once, nothing is touched
floor passphrase
(umask 077 && echo wrong >wrong.pass)
expect 77 "passphrase" batch $two --passphrase-source file:wrong.pass
cat >typist.py <<'PY'
import os, pty, sys
told = b""
def read(fd):
    global told
    data = os.read(fd, 1024)
    told += data
    if data.endswith(b": "): os.write(fd, b"wrong\n")
    return data
status = pty.spawn(sys.argv[1:], read)
sys.exit(os.waitstatus_to_exitcode(status) if told.count(b": \r\n") == 1 else 1)
PY
expect 77 "assphrase" timeout -s KILL 20 python3 typist.py "$personalize" batch $two --domain trust --ledger floor.db \
  --feed virtual:cards --list-uri https://status.example/lists --at $at --passphrase-source prompt </dev/null
untouched "wrong passphrase"
goes_on $two

# --- a key is missing: the words name it
floor key
for key in document-signer status-signer scp03-issuer ledger; do
  file=$(ls trust/keys/*"$key"*)
  mv "$file" away
  expect 65 "$key" batch $two
  mv away "$file"
done
untouched "a missing key"
goes_on $two

# --- the ledger is locked by somebody, before the batch and in the midst of it
floor locked
lock() { # by another process, until unlock; with a word: as soon as the batch has said it, for a card takes no time here
  rm -f locked
  python3 - "$@" <<'PY' &
import sqlite3, sys, time
base = sqlite3.connect("floor.db", isolation_level=None, timeout=10)
open("waiting", "w").close()
while sys.argv[1:] and sys.argv[1] not in open("out").read(): time.sleep(0.001)
base.execute("BEGIN IMMEDIATE")
open("locked", "w").close()
time.sleep(60)
PY
  locker=$!
}
locked() { until [[ -e $1 ]] || ! kill -0 $locker; do sleep 0.01; done; }
unlock() { kill $locker; wait $locker 2>/dev/null; }
lock
locked locked
expect 65 "let it end, then give the same command again" batch $two
unlock
untouched "a locked ledger"
rm -f waiting
: >out
lock card_begun
locked waiting
timeout -s KILL 120 "$personalize" batch $two --domain trust --ledger floor.db --feed virtual:cards \
  --list-uri https://status.example/lists --at $at --json --operator i.petrova >>out 2>err &
runner=$!
wait $runner
code=$?
check "a ledger locked in the midst ends the batch: $code" test $code = 65
unlock
check "it says by whom" grep -q "journal_in_use" out
goes_on $two

# --- the disk is full: a file can grow no more, wherever that falls; then there is room again
floor full
for limit in 40 400 700; do
  (trap '' XFSZ; ulimit -f $limit; batch $two) >out 2>err
  code=$?
  check "a full disk ($limit KiB): $code" test $code = 73
  check "and it is said" grep -qE "cannot be (read or )?written" out err
done
goes_on $two

# --- the clock is set back: orders from files and from the queue wait
floor clock
expect 0 "" "$personalize" intake $two --domain trust --ledger floor.db --operator i.petrova --at $at
for now in 2026-03-09 2026-03-01; do
  expect 65 "" batch $two
  expect 65 "stopped: the " batch
  check "the doctor sees it" grep -qx clock_set_back <(codes --ledger floor.db)
  untouched "a clock set back to $now"
done
now=$at
expect 0 "2 issued, 0 issued before" batch
goes_on $two

# --- signers, terminals and the revocation list ended overnight
floor expired
now=2026-06-11
expect 65 "terminal" batch ../june/*.json
untouched "terminals that expired"
"$pki" crl trust --at $now >pki.out && "$pki" new dv trust --at $now >pki.out && "$pki" new terminal trust --at $now >pki.out || cat pki.out
goes_on ../june/*.json
check "the signer has a successor" test "$(ls trust/certificates/document-signer*.cer | wc -l)" = 2

# --- blanks of another product are binned and no order is lost for it; one that is not in the stock ends the batch
floor blanks
rm floor.db
mv cards/3.card cards/0.card
sed '/PR0000001/d; /PR0000003/s/PATENT-V1/PATENT-V0/' delivery.csv >part.csv
receive part.csv
expect 65 "enter the delivery" batch $two
check "that of another product is in the bin" test -e cards/rejected/0.card
untouched "a blank that is not in the stock"
receive delivery.csv >stock.err
check "a delivery that says otherwise is refused" grep -q known_otherwise stock.err
sed -n '1p; /PR0000001/p' delivery.csv >rest.csv
receive rest.csv
goes_on $two

# --- a blank that is used already: the stock gives it to no second order, and a card that nobody numbered is not to blame
rm cards/4.card
"$card" new --domain trust --serial 0011223344556699 cards/9.card >card.out 2>&1 || cat card.out
python3 - <<'PY'
import json
order = json.load(open("../today/1.json"))
order["order_id"] = "5a3b1e00-0000-4000-8000-000000000099"
order["patent"]["blank_number"] = "PR0000001"
order["patent"]["number"], order["patent"]["card_number"] = "2600000099", "P00000099"
json.dump(order, open("used.json", "w"), ensure_ascii=False)
PY
expect 65 "blank_used" batch used.json
check "no card is binned for it" test -e cards/9.card
books_fit

# --- the same order twice, in two files, and again
floor twice
cat ../today/0.json >again.json
expect 0 "2 issued" batch $two ../today/0.json again.json
goes_on $two

# --- the ledger's server is gone: before a batch, and in its midst
floor server
ledger=postgresql://127.0.0.1:1/none
expect 69 "the same command goes on" batch $two
check "the doctor says so" grep -qx ledger_away <(codes --ledger $ledger)
if compgen -G "/usr/lib/postgresql/*/bin/postgres" >/dev/null; then
  coproc "$source/tests/postgres.sh"
  server=$COPROC_PID
  echo floor >&"${COPROC[1]}"
  read -r ledger <&"${COPROC[0]}"
  receive delivery.csv "$ledger"
  timeout -s KILL 120 "$personalize" batch $two --domain trust --ledger "$ledger" --feed virtual:cards \
  --list-uri https://status.example/lists --at $at --json --operator i.petrova >out 2>err &
  runner=$!
  until grep -q card_begun out || ! kill -0 $runner 2>/dev/null; do sleep 0.02; done
  psql -q -X "$ledger" -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = 'floor'" >psql.out 2>&1
  wait $runner
  code=$?
  check "a batch outlives a server that comes again: $code" test $code = 0
  goes_on $two
  eval "exec ${COPROC[1]}>&-"
  wait "$server"
fi

# --- a wrong PIN is tried once, and the token says so to the doctor without another try
if command -v softhsm2-util >/dev/null; then
  cd "$work" && mkdir hsm-floor && cd hsm-floor || exit 1
  new_hsm
  new_token moscow || exit 1
  now=$at ledger=floor.db source_of_pin=(--passphrase-source file:pin.txt)
  "$pki" init trust --module "$module" --token moscow --passphrase-source file:pin.txt --at $at >pki.out 2>&1 || cat pki.out
  blanks trust --passphrase-source file:pin.txt
  receive
  check "the doctor finds nothing about a good PIN" test -z "$(codes --domain trust | grep -E '^(pin|hsm)_')"
  source_of_pin=(--passphrase-source file:wrong-pin.txt)
  expect 77 "" batch $two
  check "the doctor knows of the wrong PIN" grep -qx pin_was_wrong <(codes --domain trust)
  source_of_pin=(--passphrase-source file:pin.txt)
  goes_on $two
  check "and the doctor is content" test -z "$(codes --domain trust | grep -E '^pin_')"
fi
conclude 75
