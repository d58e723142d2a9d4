#!/usr/bin/env bash
# The status authority as a user runs it:
# status.sh PATENT_PERSONALIZE PATENT_CARD PATENT_PKI MAKE_SAMPLE_ORDERS SOURCE_FOLDER
. "$(dirname "$0")/../expect.sh"
personalize=$(realpath "$1") card=$(realpath "$2") pki=$(realpath "$3") orders=$(realpath "$4") source=$(realpath "$5")
cd "$work" || exit 1
field() { python3 -c 'import json, sys; print(eval("json.load(open(sys.argv[1]))" + sys.argv[2]))' "$1" "$2"; }

at=2026-03-10
"$pki" init trust --sample --at $at >pki.out 2>&1 || { cat pki.out; exit 1; }
"$orders" --people "$source/samples/people.json" --at $at --out made || exit 1
first=made/orders/01-sharipov.json second=made/orders/02-karimov.json
number=$(field $first '["patent"]["card_number"]')
blank() { "$card" new --domain trust "$1" >blank.out 2>&1; }
issue() { "$personalize" issue "$@" --domain trust --journal trust/issued --at $at --quiet; }
lists=https://status.example/lists

# --- help and usage
for action in publish set show; do
  expect 0 "Examples:" "$personalize" status $action --help
done
expect 64 "--ledger is missing" "$personalize" status publish
expect 64 "--ledger is missing" "$personalize" status show P00000001
expect 64 "--state is missing" "$personalize" status set P00000001 --ledger status.db
expect 64 "--list-uri is missing" issue $first --reader virtual:a.card --ledger status.db
expect 64 "goes with --ledger" issue $first --reader virtual:a.card --list-uri $lists
expect 65 "there is no ledger status.db" "$personalize" status show --ledger status.db
check "no ledger is made by looking for one" test ! -e status.db

# --- issued cards are entered
blank a.card
blank b.card
expect 0 "issued: card" issue $first $second --reader virtual:a.card --reader virtual:b.card --ledger status.db --list-uri $lists
check "the ledger is private" test "$(stat -c %a status.db)" = 600
expect 0 "$lists/0: 2 cards, version 0" "$personalize" status show --ledger status.db
expect 0 "list $lists/0 index" "$personalize" status show --ledger status.db "$number"
expect 0 '"sequence":1' "$personalize" status show --ledger status.db "$number" --json
cp out card.json
index=$(field card.json '["list_index"]')
check "the journal has the place too" test "$(field trust/issued/"$(field $first '["order_id"]')".order.json '["status_list"]["index"]')" = "$index"
expect 65 "does not know the card P99999999" "$personalize" status show --ledger status.db P99999999

# --- a crash between receipt and entry: the same command enters the card
rm status.db*
sed "s/$number/P99999999/" $first >forged.json
expect 65 "not entered in the status ledger" issue forged.json --reader virtual:a.card --ledger status.db --list-uri $lists
expect 65 "does not know the card P99999999" "$personalize" status show --ledger status.db P99999999
expect 65 "issued already" issue $first --reader virtual:a.card --ledger status.db --list-uri $lists
expect 0 '"sequence":1' "$personalize" status show --ledger status.db "$number" --json
check "at its old place" test "$(field out '["list_index"]')" = "$index"
expect 65 "issued already" issue $first $second --reader virtual:a.card --reader virtual:b.card --ledger status.db --list-uri $lists
expect 0 "$lists/0: 2 cards" "$personalize" status show --ledger status.db

# --- publishing
publish() { "$personalize" status publish --ledger status.db --domain trust --out lists "$@"; }
expect 0 "$lists/0 version 1" publish --at ${at}T12:00:00Z --aggregation-uri https://status.example/lists.json
for file in status.example_lists_0.states.jwt status.example_lists_0.months.jwt lists.json index.json; do
  check "$file is there for all" test "$(stat -c %a lists/$file)" = 644
done
check "the list of lists" test "$(field lists/lists.json '["status_lists"]')" = "['$lists/0']"
value() {
  python3 - "$1" "$2" "$index" <<'PYTHON'
import base64, json, sys, zlib
part = lambda text: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
header, payload, _ = open(sys.argv[1]).read().split(".")
header, claims = json.loads(part(header)), json.loads(part(payload))
inside = claims[sys.argv[2]]
octets = zlib.decompress(part(inside["lst"]))
index = int(sys.argv[3])
assert inside["bits"] == 4 and len(octets) == 500000 and header["alg"] == "ES384" and claims["exp"] - claims["iat"] == 72 * 3600
print(octets[index // 2] >> 4 * (index % 2) & 15)
PYTHON
}
check "one month is paid" test "$(value lists/status.example_lists_0.months.jwt paid_list)" = 1
check "and the state is valid" test "$(value lists/status.example_lists_0.states.jwt status_list)" = 0
expect 65 "check the clock" publish --at ${at}T12:00:00Z
expect 64 "--ttl" publish --ttl 80

# --- decisions
set_state() { "$personalize" status set --ledger status.db "$@"; }
expect 65 "can become: valid suspended" set_state "$number" --state not_active --at 2026-03-11
expect 64 "there is no state revoked" set_state "$number" --state revoked
expect 64 "at most" set_state "$number" --state annulled --reason 256
expect 65 "paid already" set_state "$number" --state annulled --months 0
expect 65 "does not know the card" set_state P99999999 --state annulled
expect 0 '"state":"annulled"' set_state "$number" --state annulled --reason 18 --at 2026-03-11 --json
expect 65 "can become: valid" set_state "$number" --state lost --at 2026-03-11
expect 0 '"from":1' publish --at 2026-03-11 --json
check "the list knows" test "$(value lists/status.example_lists_0.states.jwt status_list)" = 12
check "a delta for those who have the list" test -s lists/status.example_lists_0.states.1-2.delta
check "a small one" test "$(stat -c %s lists/status.example_lists_0.states.1-2.delta)" -lt 500
expect 0 "reason 1" set_state "$number" --state valid --months 2 --at 2026-03-12
expect 0 "version 3" publish --at 2026-03-12
check "restored" test "$(value lists/status.example_lists_0.states.jwt status_list)" = 0
check "with its months" test "$(value lists/status.example_lists_0.months.jwt paid_list)" = 2
check "deltas to old versions are gone" test ! -e lists/status.example_lists_0.states.1-2.delta

# --- what cannot be relied on
head -c 100000 /dev/urandom >garbage.db
expect 65 "garbage.db" "$personalize" status show --ledger garbage.db
expect 73 "cannot write" "$personalize" status publish --ledger status.db --domain trust --out /proc/nowhere --at 2026-03-13
expect 65 "renew it" publish --at 2027-03-01

conclude 52
