#!/usr/bin/env bash
# patent-personalize doctor and metrics, and the station's configuration file, as a user runs them:
# doctor.sh PATENT_PERSONALIZE PATENT_CARD PATENT_PKI MAKE_SAMPLE_ORDERS SOURCE_FOLDER
. "$(dirname "$0")/../expect.sh"
personalize=$(realpath "$1") card=$(realpath "$2") pki=$(realpath "$3") orders=$(realpath "$4") source=$(realpath "$5")
cd "$work" || exit 1

at=2026-03-10
"$pki" init trust --sample --at $at >pki.out 2>&1 || { cat pki.out; exit 1; }
"$orders" --people "$source/samples/people.json" --at $at --out made || exit 1
"$card" new --domain trust a.card >card.out 2>&1
"$personalize" issue made/orders/01-sharipov.json --reader virtual:a.card --domain trust --at $at --ledger status.db \
  --list-uri https://status.example/lists >issue.out 2>&1 || { cat issue.out; exit 1; }

# No test may depend on a service of the machine: nobody answers here.
export PCSCLITE_CSOCK_NAME=$work/nobody
now=$at
doctor() { "$personalize" doctor "$@" --at "$now"; }
findings() {
  doctor --json "$@" | python3 -c 'import json, sys
for line in sys.stdin:
    found = json.loads(line)
    if found.get("code", "ok") != "ok": print(found["severity"], found["code"])'
}
# finds "SEVERITY CODE" ARGUMENTS...: among others, if need be.
finds() {
  local want=$1
  shift
  check "the doctor finds $want: $*" test -n "$(findings "$@" | grep -xF "$want")"
}
# A vault is opened slowly, on purpose: this domain leaves it shut.
shut="--domain trust --passphrase-source prompt"
misses() {
  local code=$1
  shift
  check "the doctor does not find $code: $*" test -z "$(findings "$@" | grep -F " $code")"
}

# --- help, usage, words
expect 0 "Examples:" doctor --help
expect 0 "Examples:" "$personalize" metrics --help
expect 64 "ledger or --domain is missing" "$personalize" metrics
expect 2 "no PC/SC service answers at $work/nobody [pcscd_away]" doctor $shut --ledger status.db --lang en
expect 2 "systemctl start pcscd" doctor --lang en
expect 2 "служба PC/SC не отвечает" doctor --lang ru
expect 2 '"severity":"fault"' doctor --json
expect 2 '"code":"ok"' doctor --json
check "one is no plural" grep -qxE '(1 fault|[02-9] faults), (1 warning|[02-9] warnings)' <(doctor --lang en | tail -1)
check "the last line counts" grep -qE '^\{"faults":[12],"warnings":[0-9]+\}$' <(doctor --json | tail -1)

# --- each area of a station, well and not
finds "warning sample_keys" --domain trust
check "nothing else is wrong with it" test -z \
  "$(findings --domain trust --ledger status.db | grep -vE ' (pcscd_away|sample_keys|disk_[a-z]*|time_zones_missing)$')"
finds "fault domain_unreadable" --domain nowhere
finds "fault ledger_missing" --ledger nowhere.db
check "and makes none" test ! -e nowhere.db
finds "fault ledger_away" --ledger "postgresql://127.0.0.1:1/none"
echo "no database at all, but a text that is long enough to look like a file" >text.db
finds "fault ledger_unusable" --ledger text.db
cp status.db newer.db && chmod 600 newer.db
python3 -c 'import sqlite3
base = sqlite3.connect("newer.db")
base.execute("INSERT INTO schema_version VALUES (999)")
base.commit()'
finds "fault ledger_newer" --ledger newer.db
chmod 644 status.db
finds "fault file_exposed" --ledger status.db
chmod 600 status.db
chmod 644 trust/keys/INSECURE-SAMPLE-csca.p8
finds "fault file_exposed" $shut
chmod 600 trust/keys/INSECURE-SAMPLE-csca.p8
finds "warning disk_low" --ledger status.db --min-free 4000000000
TZDIR=$work finds "warning time_zones_missing"
echo wrong >wrong.pass && chmod 600 wrong.pass
finds "fault passphrase_wrong" --domain trust --passphrase-source file:wrong.pass
finds "fault passphrase_unreadable" --domain trust --passphrase-source file:none.pass
finds "fault passphrase_unreadable" --domain trust --passphrase-source credential:none
mv trust/keys/INSECURE-SAMPLE-status-signer.p8 away
finds "fault key_missing" --domain trust
mv away trust/keys/INSECURE-SAMPLE-status-signer.p8

# --- time goes on, and back
now=2026-05-30
finds "warning signing_ends_soon" $shut
finds "fault terminal_ended" $shut
misses signing_ends_soon $shut --ahead 3
now=2026-07-01
finds "fault signing_ended" $shut
finds "fault revocations_overdue" $shut
now=2026-03-09
finds "fault clock_set_back" $shut
finds "fault clock_set_back" --ledger status.db
now=$at

# --- another process writes for a long time
python3 -c 'import sqlite3, time
base = sqlite3.connect("status.db", isolation_level=None)
base.execute("BEGIN EXCLUSIVE")
open("locked", "w").close()
time.sleep(30)' &
locker=$!
until [[ -e locked ]]; do sleep 0.1; done
misses ledger_unusable --ledger status.db
kill $locker && wait $locker 2>/dev/null

# --- metrics: each line is a head's or a sample's
expect 0 "" "$personalize" metrics --ledger status.db --domain trust --at $at
cp out floor.prom
form='^(# (HELP|TYPE) patent_[a-z_]+ .+|patent_[a-z_]+(\{[a-z]+="[^"]*"\})? -?[0-9.e+-]+)$'
check "every line has the form" test -z "$(grep -vE "$form" floor.prom)"
check "days are counted" grep -qE '^patent_certificate_days_left\{name="csca"\} [0-9]{4}' floor.prom
check "orders are counted" grep -qE '^patent_orders\{state="issued"\} [0-9]+' floor.prom
if command -v promtool >/dev/null; then expect 0 "" sh -c 'promtool check metrics <floor.prom'; fi
check "metrics go into a file" "$personalize" metrics --domain trust --at $at --out out.prom
check "the same in a file, for others to read" test "$(stat -c %a out.prom)" = 644
expect 73 "cannot be written" "$personalize" metrics --domain trust --out /no/such/folder/x.prom
expect 65 "nowhere.db" "$personalize" metrics --ledger nowhere.db

# --- the station's file
printf 'domain = %s/trust\nledger = %s/status.db # ours\nlang = ru\n' "$work" "$work" >station.conf
chmod 644 station.conf
expect 2 "учебные" doctor --config station.conf
expect 2 "samples" doctor --config station.conf --lang en
expect 0 "patent_orders" "$personalize" metrics --config station.conf
echo 'pin = 4321' >>station.conf
expect 65 "station.conf:4: pin does not belong into this file" doctor --config station.conf
check "a secret is not repeated" test -z "$(grep -F 4321 out err)"
sed -i 4d station.conf
echo 'domian = x' >>station.conf
expect 65 "station.conf:4: there is no key domian" "$personalize" metrics --config station.conf
sed -i 4d station.conf
chmod 666 station.conf
expect 77 "can be changed by others" doctor --config station.conf
expect 65 "cannot be read" doctor --config none.conf
# Every key of the reference is an option of some command.
actions() { # TOOL COMMAND: the names of its actions, if it has some
  "$1" "$2" --help | sed -n "s/^  $2 \([a-z-]*\) .*/\1/p"
}
for tool in "$personalize" "$card" "$pki"; do
  for command in $("$tool" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\)  .*/\1/p'); do
    "$tool" "$command" --help
    for action in $(actions "$tool" "$command"); do "$tool" "$command" "$action" --help; done
  done
done >helps 2>/dev/null </dev/null
for key in $(sed -n '/^## The configuration file/,/^There is no key/s/^| `\([a-z-]*\)` |.*/\1/p' "$source/docs/operations.md"); do
  check "$key is an option" grep -qE -- "^ +--$key( |$)" helps
done
conclude 56
