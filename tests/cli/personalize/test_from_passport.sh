#!/usr/bin/env bash
# patent-personalize order from-passport as an operator runs it. The document that is read is a card of this house, which
# is an identity card of size TD1 with PACE like any other state's:
# test_from_passport.sh PATENT_PERSONALIZE PATENT_CARD PATENT_PKI MAKE_SAMPLE_ORDERS SOURCE_FOLDER
. "$(dirname "$0")/../expect.sh"
personalize=$(realpath "$1") card=$(realpath "$2") pki=$(realpath "$3") orders=$(realpath "$4") source=$(realpath "$5")
cd "$work" || exit 1
field() { python3 -c 'import json, sys; print(eval("json.load(open(sys.argv[1]))" + sys.argv[2]))' "$1" "$2"; }

at=2026-03-10
"$pki" init trust --sample --at $at >pki.out 2>&1 && "$pki" init stranger --sample --at $at >>pki.out 2>&1 ||
  { cat pki.out; exit 1; }
"$orders" --people "$source/samples/people.json" --at $at --out made || exit 1
first=made/orders/01-sharipov.json
id=$(field $first '["order_id"]')
"$card" new --domain trust a.card >card.out 2>&1 || { cat card.out; exit 1; }
"$personalize" issue $first --reader virtual:a.card --domain trust --at $at >issue.out 2>&1 || { cat issue.out; exit 1; }
can=$(field trust/issued/"$id".print.json '["can"]')
passport() { "$personalize" order from-passport --reader virtual:a.card --at $at --out "$@"; }

# --- usage
expect 0 "Examples:" "$personalize" order --help
expect 64 "from-passport" "$personalize" order
expect 64 "from-passport" "$personalize" order from-thin-air --reader virtual:a.card
expect 64 "--trust is missing" passport new.json --can "$can"
expect 64 "exactly one of" passport new.json --trust trust/trust
expect 64 "exactly one of" passport new.json --trust trust/trust --can "$can" --mrz-file none.txt
expect 64 "six digits" passport new.json --trust trust/trust --can 12345
echo 'P<UTOERIKSSON' >zone.txt
expect 65 "no MRZ" passport new.json --trust trust/trust --mrz-file zone.txt
expect 64 "unrecognised option '--mrz'" passport new.json --trust trust/trust --mrz 'P<UTOERIKSSON'
expect 65 "cannot be read" passport new.json --trust trust/trust --mrz-file none.txt
expect 65 "trust folder" passport new.json --trust none --can "$can"
expect 65 "cannot be read" passport new.json --trust trust/trust --can "$can" --order none.json
echo '[1]' >list.json
expect 65 "no JSON object" passport new.json --trust trust/trust --can "$can" --order list.json
expect 69 "no document" "$personalize" order from-passport --reader virtual:none.card --trust trust/trust --can "$can" \
  --out new.json

# --- a new order
expect 0 "The document is genuine" passport new.json --trust trust/trust --can "$can" --lang en
check "an order is private" test "$(stat -c %a new.json)" = 600
check "with the Latin name" test "$(field new.json '["holder"]["surname_latin"]')" = "$(field $first '["holder"]["surname_latin"]')"
check "and the birth date" test "$(field new.json '["holder"]["birth_date"]')" = "$(field $first '["holder"]["birth_date"]')"
check "and the citizenship" test "$(field new.json '["holder"]["citizenship"]')" = "$(field $first '["holder"]["citizenship"]')"
check "and the portrait" test "$(field new.json '["face"]["format"]')" = jpeg
check "and how it was checked" test "$(field new.json '["passport_check"]["outcome"]')" = VALID
check "but no Cyrillic one" bash -c '! grep -q "\"surname\"" new.json'
expect 0 "[to_copy]" passport new.json --trust trust/trust --can "$can"
expect 0 "[schema]" passport new.json --trust trust/trust --can "$can"  # what is still open

# --- by its MRZ, from a file
python3 - $first >zone.txt <<'PY'
import json, sys
order = json.load(open(sys.argv[1]))
holder, patent = order["holder"], order["patent"]
def digit(field):
    value = lambda c: 0 if c == "<" else int(c) if c.isdigit() else ord(c) - 55
    return str(sum(value(c) * (7, 3, 1)[i % 3] for i, c in enumerate(field)) % 10)
year, month, day = patent["issue_date"].split("-")
last = __import__("datetime").date(int(year) + 1, int(month), int(day)) - __import__("datetime").timedelta(1)
number, birth, expiry = patent["card_number"], holder["birth_date"][2:].replace("-", ""), last.strftime("%y%m%d")
upper = ("IWRUS" + number + digit(number) + patent["series"] + patent["number"]).ljust(30, "<")
middle = birth + digit(birth) + holder["sex"] + expiry + digit(expiry) + holder["citizenship"] + "<" * 11
print(upper)
print(middle + digit(upper[5:30] + middle[:7] + middle[8:15] + middle[18:29]))
print((holder["surname_latin"] + "<<" + holder["given_names_latin"]).ljust(30, "<"))
PY
expect 0 "The document is genuine" passport new.json --trust trust/trust --mrz-file zone.txt
expect 0 "Документ подлинный" passport new.json --trust trust/trust --mrz-file zone.txt --lang ru

# --- an order against the document
python3 - $first >draft.json <<'PY'
import json, sys
order = json.load(open(sys.argv[1]))
for name in ("type", "number", "issued", "expires"):
    del order["holder"]["identity_document"][name]
json.dump(order, sys.stdout)
PY
expect 0 '"decision":"taken"' passport checked.json --trust trust/trust --can "$can" --order draft.json --json
check "a report is JSON" python3 -c 'import json; r = json.load(open("out")); assert r["outcome"] == "VALID" and r["fields"]'
check "what was there stayed" test "$(field checked.json '["face"]["data"]')" = "$(field draft.json '["face"]["data"]')"
sed 's/"birth_date": *"[0-9]*/"birth_date": "1971/' draft.json >other.json
rm -f checked.json
expect 65 "/holder/birth_date" passport checked.json --trust trust/trust --can "$can" --order other.json
expect 65 "[differs]" passport checked.json --trust trust/trust --can "$can" --order other.json
check "a difference writes nothing" test ! -e checked.json
python3 -c 'import json,sys; o=json.load(sys.stdin); o["holder"]["surname"]="ИВАНОВ"; json.dump(o,sys.stdout)' \
  <draft.json >unlike.json
expect 0 "[unlike]" passport checked.json --trust trust/trust --can "$can" --order unlike.json
expect 73 "cannot write" passport none/checked.json --trust trust/trust --can "$can"

# --- a document that is not proved
rm -f new.json
expect 65 "UNKNOWN_ISSUER" passport new.json --trust stranger/trust --can "$can"
expect 65 '"decision":"unproven"' passport new.json --trust stranger/trust --can "$can" --json
check "writes nothing" test ! -e new.json
expect 0 "accepted by the operator" passport new.json --trust stranger/trust --can "$can" --accept-unproven
check "unless it is accepted, and the order says so" \
  test "$(field new.json '["passport_check"]["accepted_unproven"]')" = True
expect 65 "CAN_WRONG" passport new.json --trust trust/trust --can "$(printf %06d $(((10#$can + 1) % 1000000)))"
expect 65 "DOCUMENT_EXPIRED" "$personalize" order from-passport --reader virtual:a.card --at 2027-04-01 --out old.json \
  --trust trust/trust --can "$can"

conclude 40
