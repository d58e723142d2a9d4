#!/usr/bin/env bash
# patent-card as a user runs it: test_patent_card.sh PATENT_CARD PATENT_PKI
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../expect.sh"
card=$(realpath "$1") pki=$(realpath "$2")
serving=()
leave_work() {
  for pid in "${serving[@]}"; do kill "$pid" 2>/dev/null; done
  rm -rf "$work"
}
cd "$work" || exit 1

# await PATTERN FILE: until a line of the file has it, 30 s at most.
await() {
  for _ in {1..600}; do
    grep -qs -- "$1" "$2" && return
    sleep 0.05
  done
  return 1
}
field() { python3 -c 'import json, sys; print(eval("json.load(sys.stdin)" + sys.argv[1]))' "$1"; }
shown() { "$card" show "$1" --json | field "$2"; }

# --- help and usage
expect 0 "Usage: patent-card COMMAND" "$card" --help
expect 0 "Examples:" "$card" --help
expect 0 "patent-card 0." "$card" --version
expect 64 "Usage: patent-card COMMAND" "$card"
expect 64 "there is no command serve" "$card" serve
for command in new run show; do
  expect 0 "Examples:" "$card" $command --help
  expect 64 "More: patent-card $command --help" "$card" $command --no-such-option
  expect 64 "Usage: patent-card $command" "$card" $command
done

# --- new
"$pki" init domain --sample >/dev/null 2>&1 || exit 1
expect 0 "chip serial 0011223344556677" "$card" new --domain domain --serial 0011223344556677 one.card
expect 0 "INSECURE-SAMPLE" "$card" new --domain domain two.card
check "a card is its owner's alone" test "$(stat -c %a one.card)" = 600
before=$(sha256sum one.card)
expect 73 "exists already" "$card" new --domain domain one.card
check "an existing card is left alone" test "$before" = "$(sha256sum one.card)"
expect 0 chipSerial "$card" new --domain domain --folder stock/of/blanks --count 3 --json
check "three files, each named by its serial" test \
  "$(field '[0]["file"]' <out)" = "stock/of/blanks/$(field '[0]["chipSerial"]' <out).card"
check "three blanks" test "$(find stock/of/blanks -type f | wc -l)" = 3
expect 0 "" "$card" new --domain domain --key-length 128 compat.card
expect 64 "--domain is missing" "$card" new x.card
expect 64 "--serial wants 16" "$card" new --domain domain --serial 00112233 x.card
expect 64 "--serial wants 16" "$card" new --domain domain --serial 0011223344556677 --folder x --count 2
expect 64 "name one FILE" "$card" new --domain domain x.card y.card
expect 64 "name one FILE" "$card" new --domain domain --count 2 x.card
expect 64 "name one FILE" "$card" new --domain domain --folder x x.card
expect 64 "--count wants" "$card" new --domain domain --folder x --count 0
expect 64 "--key-length wants" "$card" new --domain domain --key-length 512 x.card
expect 65 "patent-pki init" "$card" new --domain nowhere x.card
expect 65 "or its folder is not" "$card" new --domain domain nowhere/x.card
install -m 600 /dev/stdin passphrase <<<"correct horse battery"
install -m 600 /dev/stdin wrong <<<"wrong horse battery"
"$pki" init guarded --passphrase-source file:passphrase >/dev/null 2>&1 || exit 1
expect 0 "chip serial" "$card" new --domain guarded --passphrase-source file:passphrase guarded.card
expect 77 "is wrong or missing" "$card" new --domain guarded --passphrase-source file:wrong x.card
chmod 644 wrong
expect 77 "read by others" "$card" new --domain guarded --passphrase-source file:wrong x.card
check "nothing half-made is left" test -z "$(find . -name 'x*' -o -name '*.new-*')"

# --- show
expect 0 "OP_READY (01)" "$card" show one.card
expect 0 "0011223344556677" "$card" show one.card
check "transport keys" test "$(shown one.card '["keys"]["origin"]')$(shown one.card '["keys"]["bits"]')" = transport256
check "AES-128 keys" test "$(shown compat.card '["keys"]["bits"]')" = 128
check "showing changes nothing" test "$before" = "$(sha256sum one.card)"
expect 64 "too many positional" "$card" show one.card two.card
expect 65 "is not there" "$card" show nowhere.card
expect 65 "is no card's memory" "$card" show passphrase
cp one.card broken.card
printf 'X' | dd of=broken.card bs=1 seek=4200 conv=notrunc status=none
expect 65 "is damaged" "$card" show broken.card
expect 65 "is damaged" "$card" run broken.card
truncate -s 1000 broken.card
expect 65 "is no card's memory" "$card" run broken.card

# --- run, against a reader's end that asks for the answer to reset and for the CPLC
start_reader() {
  python3 "$here/reader_slots.py" "$1" >reader.out 2>reader.err &
  serving+=($!)
  reader=$!
  await "^port" reader.out
  port=$(sed -n 's/^port //p' reader.out)
}
start_reader 2
"$card" run one.card two.card --port "$port" >run.out 2>run.err &
serving+=($!)
runner=$!
check "the reader gets an answer from each card" wait "$reader"
check "the first slot holds the first card" grep -q "^slot 0 3B87.* 9F7F2A00000000000000000000001122334455667700*9000$" reader.out
check "the second slot holds another" grep -q "^slot 1 3B87.* 9F7F2A.*9000$" reader.out
await ready run.out
check "it says ready" test "$(cat run.out)" = ready
expect 69 "is in use" "$card" run one.card --port "$port"
expect 69 "is in use" "$card" show one.card
kill -TERM $runner
check "SIGTERM ends it well" wait $runner
check "the card is free again" "$card" show one.card >out
check "a card that leaves is said" grep -q "removed" run.err
"$card" run one.card --port "$port" >alone.out 2>alone.err &
serving+=($!)
runner=$!
check "without a reader it waits" await "waiting for vpcd" alone.err
check "and is not ready" test ! -s alone.out
kill -HUP $runner
check "it can be ended while it waits" wait $runner
expect 64 "--port wants" "$card" run one.card two.card --port 65535
expect 64 "--port wants" "$card" run one.card --port 0

conclude 60
