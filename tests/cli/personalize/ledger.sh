#!/usr/bin/env bash
# patent-personalize ledger as a user runs it, on both engines:
# ledger.sh PATENT_PERSONALIZE PATENT_CARD PATENT_PKI MAKE_SAMPLE_ORDERS SOURCE_FOLDER
. "$(dirname "$0")/../expect.sh"
personalize=$(realpath "$1") card=$(realpath "$2") pki=$(realpath "$3") orders=$(realpath "$4") source=$(realpath "$5")
cd "$work" || exit 1

ledger() { "$personalize" ledger "$@"; }
payments() { "$personalize" payments "$@"; }
coproc SERVER { "$source/tests/postgres.sh" 2>server.err; }
database() { echo "$1" >&"${SERVER[1]}" && read -r uri <&"${SERVER[0]}"; }

at=2026-03-10
"$pki" init trust --sample --at $at >pki.out 2>&1 || { cat pki.out; exit 1; }
"$orders" --people "$source/samples/people.json" --at $at --out made || exit 1
"$card" new --domain trust a.card >card.out 2>&1
"$personalize" issue made/orders/01-sharipov.json --reader virtual:a.card --domain trust --at $at --ledger floor.db \
  --list-uri https://status.example/lists >issue.out 2>&1 || { cat issue.out; exit 1; }

# --- help and usage
expect 0 "ledger export" ledger --help
for action in export import; do expect 0 "Examples:" ledger $action --help; done
expect 64 "--out is missing" ledger export --ledger floor.db
expect 64 "--ledger is missing" ledger export --out a.jsonl
expect 65 "none.db" ledger export --ledger none.db --out a.jsonl
check "nothing is made for nothing" test ! -e a.jsonl

# --- there and back
expect 0 "exported: " ledger export --ledger floor.db --out floor.jsonl
check "only its owner reads it" test "$(stat -c %a floor.jsonl)" = 600
expect 73 "is there already" ledger export --ledger floor.db --out floor.jsonl
database floor || { cat server.err; exit 1; }
expect 0 "imported: " ledger import floor.jsonl --ledger "$uri"
expect 65 "has rows already" ledger import floor.jsonl --ledger "$uri"
expect 0 '"card":1' ledger export --ledger "$uri" --out again.jsonl --json
check "nothing is lost on the way" cmp floor.jsonl again.jsonl
expect 0 '"card":1' ledger import again.jsonl --ledger copy.db --json
number=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["patent"]["card_number"])' made/orders/01-sharipov.json)
for ledger in "$uri" copy.db; do expect 0 "$number" payments show "$number" --ledger "$ledger"; done

# --- what is no export
head -n -1 floor.jsonl >cut.jsonl
expect 65 "cut short" ledger import cut.jsonl --ledger empty.db
expect 65 "not that of an exported ledger" ledger import issue.out --ledger empty.db
expect 65 "cannot be read" ledger import none.jsonl --ledger empty.db
expect 0 "imported: " ledger import floor.jsonl --ledger empty.db

# --- a server that is away, and a password where everybody sees it
expect 69 "postgresql:///none" ledger export --ledger "postgresql:///none?host=/nowhere" --out no.jsonl
expect 65 "no password may stand in a URI" ledger export --ledger postgresql://clerk:secret@db/floor --out no.jsonl
check "it is not repeated" bash -c '! grep -q secret err'

conclude 24
