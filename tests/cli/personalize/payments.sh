#!/usr/bin/env bash
# patent-personalize payments as a user runs it:
# payments.sh PATENT_PERSONALIZE PATENT_CARD PATENT_PKI MAKE_SAMPLE_ORDERS SOURCE_FOLDER
. "$(dirname "$0")/../expect.sh"
personalize=$(realpath "$1") card=$(realpath "$2") pki=$(realpath "$3") orders=$(realpath "$4") source=$(realpath "$5")
cd "$work" || exit 1
field() { python3 -c 'import json, sys; print(eval("json.load(open(sys.argv[1]))" + sys.argv[2]))' "$1" "$2"; }

at=2026-03-10
"$pki" init trust --sample --at $at >pki.out 2>&1 || { cat pki.out; exit 1; }
"$orders" --people "$source/samples/people.json" --at $at --out made || exit 1
"$card" new --domain trust a.card >card.out 2>&1
order=made/orders/01-sharipov.json
"$personalize" issue $order --reader virtual:a.card --domain trust --at $at --ledger status.db \
  --list-uri https://status.example/lists >issue.out 2>&1 ||
  { cat issue.out; exit 1; }
number=$(field $order '["patent"]["card_number"]') inn=$(field $order '["holder"]["inn"]')
payments() { "$personalize" payments "$@"; }

# --- help and usage
expect 0 "payments import" payments --help
for action in import unmatched correct release show; do
  expect 0 "Examples:" payments $action --help
done
expect 64 "--ledger is missing" payments unmatched
expect 64 "FILE is missing" payments import --ledger status.db
expect 64 "unrecognised option '--inn'" payments correct 18800000000000000017 --inn $inn --ledger status.db
check "and what nobody may see is not said again" bash -c "! grep -q $inn out err"
expect 64 "--domain is missing" payments import none.csv --ledger status.db
expect 64 "--domain is missing" payments correct 18800000000000000017 --ledger status.db
expect 65 "none.db" payments unmatched --ledger none.db
check "a missing ledger is not made" test ! -e none.db

# --- a statement: one in time, one with a mis-keyed INN, one for another region
header='uin;payer_inn;kbk;oktmo;sum_kopecks;paid_on;known_on'
line() { echo "188000000000000000$1;$2;18210102040011000110;$3;1000000;$4;$4"; }
{ echo "$header"; line 17 $inn 45382000 2026-03-20; line 25 775123456799 45382000 2026-04-05
  line 33 $inn 46000000 2026-04-06; } >april.csv
expect 0 "1 payments matched, 2 unmatched: unknown_inn 1, wrong_oktmo 1, 0 known already" \
  payments import april.csv --ledger status.db --domain trust --at 2026-04-10
expect 0 "3 known already" payments import april.csv --ledger status.db --domain trust --at 2026-04-10
expect 0 '"repeated":3' payments import april.csv --ledger status.db --domain trust --at 2026-04-10 --json
expect 0 "nobody with this INN has a patent; to be corrected by 2026-05-05" payments unmatched --ledger status.db --lang en
expect 0 "оплачен другой регион" payments unmatched --ledger status.db --lang ru
expect 0 '"reason":"unknown_inn"' payments unmatched --ledger status.db --json
check "without the key nobody sees whose" bash -c '! grep -q payer_inn out'
expect 0 "UIN 18800000000000000025  INN 775123456799 " payments unmatched --ledger status.db --domain trust
"$pki" init other --sample --at $at >pki.out 2>&1 || { cat pki.out; exit 1; }
expect 77 "not under this domain's key" payments unmatched --ledger status.db --domain other
expect 77 "not under this domain's key" payments import april.csv --ledger status.db --domain other --at 2026-04-10
expect 0 "10000.00" payments show "$number" --ledger status.db
expect 0 '"uin":"18800000000000000017"' payments show "$number" --ledger status.db --json
expect 65 "no card" payments show P99999999 --ledger status.db

# --- faults: all are named, nothing is entered, unless they are passed over
{ echo "$header"; line 41 $inn 45382000 2026-04-07; echo 'x;y'; line 42 1234 45382000 2026-02-30; } >bad.csv
expect 65 "bad.csv:3: " payments import bad.csv --ledger status.db --domain trust --at 2026-04-10 --lang en
check "each fault has its column" grep -q "bad.csv:4: payer_inn: .*\[bad_inn\]" err
check "and all are named" grep -q "bad.csv:4: paid_on: .*\[bad_date\]" err
expect 65 '"fault_count":4' payments import bad.csv --ledger status.db --domain trust --at 2026-04-10 --json
expect 0 "4 faults passed over" payments import bad.csv --ledger status.db --domain trust --at 2026-04-10 --skip-bad
{ echo "$header"; line 17 $inn 45382000 2026-03-21; } >other.csv
expect 65 "uin_twice" payments import other.csv --ledger status.db --domain trust --at 2026-04-10
expect 65 "known_in_future" payments import april.csv --ledger status.db --domain trust --at 2026-04-05
expect 65 "cannot be read" payments import none.csv --ledger status.db --domain trust
echo '[]' >empty.json
expect 0 "0 payments matched" payments import empty.json --ledger status.db --domain trust

# --- the correction, and its last day
(umask 077; echo $inn >right.inn; echo 775123456799 >wrong.inn)
expect 65 "too late" payments correct 18800000000000000025 --inn-source file:right.inn --ledger status.db --domain trust --at 2026-05-06
expect 65 "check digits" payments correct 18800000000000000025 --inn-source file:wrong.inn --ledger status.db --domain trust --at 2026-05-05
expect 65 "another region" payments correct 18800000000000000033 --inn-source file:right.inn --ledger status.db --domain trust --at 2026-05-05
expect 65 "no payment of this UIN" payments correct 18800000000000000090 --inn-source file:right.inn --ledger status.db --domain trust --at 2026-05-05
expect 0 "account of card $number" payments correct 18800000000000000025 --inn-source file:right.inn --ledger status.db --domain trust --at 2026-05-05
expect 65 "stands on the account" payments correct 18800000000000000025 --inn-source fd:3 --ledger status.db --domain trust --at 2026-05-05 3<right.inn
expect 65 "never the INN itself" payments correct 18800000000000000025 --inn-source $inn --ledger status.db --domain trust
check "and it is not said again" bash -c "! grep -q $inn out err"
cp right.inn seen.inn && chmod 644 seen.inn
expect 65 "its owner's only" payments correct 18800000000000000025 --inn-source file:seen.inn --ledger status.db --domain trust
expect 65 "prompt, fd:N" setsid -w "$personalize" payments correct 18800000000000000025 --ledger status.db --domain trust

# --- a payment that is another's
expect 64 "--reason is missing" payments release 18800000000000000017 --ledger status.db
expect 65 "too late" payments release 18800000000000000017 --reason error --ledger status.db --at 2026-05-05
expect 65 "nobody's" payments release 18800000000000000033 --reason error --ledger status.db --at 2026-04-10
expect 0 "bought on card $number stands" payments release 18800000000000000017 --reason "payer's word" --operator Anna \
  --ledger status.db --at 2026-04-10
expect 0 "taken from another's account" payments unmatched --ledger status.db --lang en
"$personalize" audit export --ledger status.db --out audit.jsonl >out 2>err
check "and the audit chain has it" grep -q '"reason":"payer.s word".*"operator":"Anna".*payment_released' audit.jsonl
# at a terminal the INN is asked for, and is not shown
typed() {
  python3 - "$@" <<'PY'
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[2], sys.argv[2:])
said = b""
try:
    while piece := os.read(terminal, 1024):
        said += piece
        if said.endswith(b"INN: "):
            os.write(terminal, sys.argv[1].encode() + b"\n")
except OSError:  # nobody is there any more
    pass
sys.stdout.buffer.write(said)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
PY
}
expect 0 "\"card_number\":\"$number\"" typed $inn "$personalize" payments correct 18800000000000000017 --ledger status.db \
  --domain trust --operator Boris --at 2026-04-10 --json
check "it is not shown" bash -c "! grep -q $inn out"
"$personalize" audit export --ledger status.db --out later.jsonl >out 2>err
check "the audit chain has it too" grep -q '"uin":"18800000000000000017".*"operator":"Boris".*payment_corrected' later.jsonl
check "and of the statements, once each" test "$(grep -c '"file":"april.csv".*payments_imported' later.jsonl)" = 3
check "but of none that was undone" bash -c "! grep -q other.csv later.jsonl"
check "and no INN" bash -c "! grep -q $inn later.jsonl"

# --- no INN stands in the clear: neither in the ledger nor in its export; and they are forgotten
names_nobody() {
  "$personalize" ledger export --ledger status.db --out "$1" >out 2>err
  check "$1: no INN in the clear" bash -c "! grep -qa -e $inn -e 775123456799 status.db* '$1'"
}
names_nobody corrected.jsonl
expect 0 '"cards":0,"orders":1,"outcome":"erased","payments":1' \
  "$personalize" ledger erase --ledger status.db --ended-before 2027-03-06 --json
expect 0 "the INNs of 1 cards and 3 payments are erased" "$personalize" ledger erase --ledger status.db --ended-before 2027-03-07
names_nobody erased.jsonl
expect 0 "UIN 18800000000000000025" payments show "$number" --ledger status.db --domain trust
expect 0 "3 known already" payments import april.csv --ledger status.db --domain trust --at 2026-04-10

# --- Ctrl-C leaves nothing of the file
python3 - "$inn" >long.csv <<'PY'
import sys
print("uin;payer_inn;kbk;oktmo;sum_kopecks;paid_on;known_on")
for i in range(400000):
    print(f"199{i:017};{sys.argv[1]};18210102040011000110;45382000;100;2026-04-08;2026-04-08")
PY
"$personalize" payments import long.csv --ledger status.db --domain trust --at 2026-04-10 >out 2>err &
import=$!
until grep -q patent-personal /proc/$import/comm; do sleep 0.1; done
while kill -INT $import 2>/dev/null; do sleep 0.1; done # once it listens, it stops
wait $import
stopped=$?
check "an import that is stopped says so (ended with $stopped)" test $stopped -eq 130
check "and what became of its file" grep -q "nothing of long.csv was entered" err
expect 0 "18800000000000000017" payments show "$number" --ledger status.db
check "and nothing of it is there" bash -c '! grep -q "UIN 199" out'

conclude 50
