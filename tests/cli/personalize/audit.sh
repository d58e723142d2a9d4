#!/usr/bin/env bash
# patent-personalize audit as a user runs it:
# audit.sh PATENT_PERSONALIZE PATENT_CARD PATENT_PKI MAKE_SAMPLE_ORDERS SOURCE_FOLDER
. "$(dirname "$0")/../expect.sh"
personalize=$(realpath "$1") card=$(realpath "$2") pki=$(realpath "$3") orders=$(realpath "$4") source=$(realpath "$5")
cd "$work" || exit 1
field() { python3 -c 'import json, sys; print(eval("json.load(open(sys.argv[1]))" + sys.argv[2]))' "$1" "$2"; }

at=2026-03-10
"$pki" init trust --sample --at $at >pki.out 2>&1 || { cat pki.out; exit 1; }
"$pki" init other --sample --at $at >pki.out 2>&1 || { cat pki.out; exit 1; }
"$orders" --people "$source/samples/people.json" --at $at --out made || exit 1
first=made/orders/01-sharipov.json
number=$(field $first '["patent"]["card_number"]')
audit() { "$personalize" audit "$@"; }

# --- help and usage
for action in anchor export verify; do expect 0 "Examples:" audit $action --help; done
expect 64 "--ledger or --export" audit verify
expect 64 "--domain is missing" audit anchor --ledger floor.db
expect 65 "floor.db" audit verify --ledger floor.db
check "no ledger is made by looking for one" test ! -e floor.db

# --- a card's life is in the chain, without its holder
"$card" new --domain trust a.card >card.out 2>&1
"$personalize" issue $first --reader virtual:a.card --domain trust --at $at --quiet --ledger floor.db --station floor-1 \
  --operator "Иванова А." --list-uri https://status.example/lists >issue.out 2>&1 || { cat issue.out; exit 1; }
"$personalize" status set "$number" --ledger floor.db --state annulled --reason 18 --at $at --station desk-1 >set.out 2>&1 ||
  { cat set.out; exit 1; }
expect 0 "floor-1: whole" audit verify --ledger floor.db
expect 0 "desk-1: whole" audit verify --ledger floor.db --trust trust/trust --at $at
expect 0 "lines after the last, since 2026-03-10T" audit verify --ledger floor.db --trust trust/trust --at 2026-03-11
expect 65 "desk-1: line 1: no signature that holds" audit verify --ledger floor.db --trust trust/trust --at 2026-03-12
expect 0 '"unsigned_since":"2026-03-10T' audit verify --ledger floor.db --trust trust/trust --at 2026-03-12 --unsigned-hours 48 --json
audit export --ledger floor.db --at $at >plain.jsonl
for what in card_begun card_issued status_changed; do
  check "the chain tells of $what" grep -q "\"what\":\"$what\"" plain.jsonl
done
check "and who did it" grep -q '"operator":"Иванова А."' plain.jsonl
surname=$(field $first '["holder"]["surname"]') inn=$(field $first '["holder"]["inn"]')
check "no personal data" bash -c "! grep -q -e '$surname' -e '$inn' plain.jsonl"

# --- anchors
expect 0 "station floor-1, line" audit anchor --ledger floor.db --domain trust --station floor-1 --at $at --out one.anchor
expect 73 "one.anchor" audit anchor --ledger floor.db --domain trust --station floor-1 --at $at --out one.anchor
expect 0 '"format":"patent-audit-anchor"' audit anchor --ledger floor.db --domain trust --station desk-1 --at $at
cp out desk.anchor
expect 65 "did not sign" audit anchor --ledger floor.db --domain trust --station floor-1 --at 2046-03-10
expect 0 "floor-1: whole" audit verify --ledger floor.db --trust trust/trust --anchor one.anchor --anchor desk.anchor --at $at
expect 0 '"whole":true' audit verify --ledger floor.db --trust trust/trust --anchor one.anchor --json --at $at
expect 65 "[stranger]" audit verify --ledger floor.db --trust other/trust --at $at
expect 65 "one.anchor is signed by no status signer" audit verify --ledger floor.db --trust other/trust --anchor one.anchor --at $at
expect 65 "is no anchor" audit verify --ledger floor.db --anchor $first
expect 65 "cannot be used" audit verify --ledger floor.db --trust made

# --- exports
expect 0 "lines" audit export --ledger floor.db --out audit.jsonl --at $at
check "for its owner" test "$(stat -c %a audit.jsonl)" = 600
expect 73 "is there already" audit export --ledger floor.db --out audit.jsonl
expect 0 "floor-1: whole" audit verify --export audit.jsonl --trust trust/trust --anchor one.anchor --at $at
expect 65 "no export" audit verify --export $first
last=$(grep -c '"station":"floor-1"' audit.jsonl)
sed 's/Иванова/Петрова/' audit.jsonl >changed.jsonl
expect 65 "floor-1: line 1 is not what was written [changed]" audit verify --export changed.jsonl
grep -v '"what":"card_issued"' audit.jsonl >gap.jsonl
expect 65 "[gap]" audit verify --export gap.jsonl
sed '$d' audit.jsonl >cut.jsonl
expect 65 "floor-1: line $last is missing: the end was cut off [truncated]" audit verify --export cut.jsonl
check "the other chain is whole" grep -q "desk-1: whole" out

# --- who writes the database itself
python3 - <<'PYTHON'
import sqlite3
ledger = sqlite3.connect("floor.db")
try:
    ledger.execute("UPDATE audit_line SET line = 'x'")
    raise SystemExit("the table can be written")
except sqlite3.IntegrityError:
    pass
ledger.executescript("DROP TRIGGER audit_line_is_kept; DELETE FROM audit_line WHERE station = 'floor-1' AND number > 1;"
                     "UPDATE audit_head SET number = 1, hash = (SELECT hash FROM audit_line WHERE station = 'floor-1'"
                     " AND number = 1) WHERE station = 'floor-1'")
PYTHON
check "a cut end with a head moved back needs the anchor" audit verify --ledger floor.db --at $at
python3 - <<'PYTHON'
import shutil, sqlite3
shutil.copy("floor.db", "gone.db")
sqlite3.connect("gone.db").executescript(
    "DELETE FROM audit_line WHERE station = 'floor-1'; DELETE FROM audit_head WHERE station = 'floor-1'")
PYTHON
expect 65 "floor-1: line 1 and all others are missing: there is no chain left [chain_missing]" audit verify --ledger gone.db --at $at
audit export --ledger gone.db --at $at >gone.jsonl
expect 65 "[chain_missing]" audit verify --export gone.jsonl
expect 65 "floor-1: line 2 is missing" audit verify --ledger floor.db --trust trust/trust --anchor one.anchor --at $at

conclude 40
