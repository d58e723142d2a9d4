#!/usr/bin/env bash
# The reasons explained, and the officer's own answers: explain.sh PATENT_READER PATENT_CARD PATENT_PKI PATENT_PERSONALIZE
. "$(dirname "$0")/../expect.sh"
data=$(cd "$(dirname "$0")/../../data" && pwd)
reader=$(realpath "$1") card=$(realpath "$2") pki=$(realpath "$3") personalize=$(realpath "$4")
cd "$work" || exit 1

# --- the table
expect 0 "Examples:" "$reader" explain --help
expect 0 "STATES_DIFFER" "$reader" explain
check "the worst stands first" grep -q "FORGED" <(head -1 out)
check "no place for a value is left raw" test "$(grep -c "{" out)" = 0
expect 0 "the paid period is over, by fresh facts" "$reader" explain UNPAID
expect 0 "Not paid since DATE (as of DATE)." "$reader" explain UNPAID --lang en
expect 0 "Оплачен по ДАТА (осталось N дн.)." "$reader" explain OK --lang ru
expect 0 "сведения свежие" "$reader" explain unpaid --lang ru
expect 0 "REPLACED" "$reader" explain 202
expect 0 "Patent bekor qilingan" "$reader" explain ANNULLED --holder uz
expect 0 '"said_when"' "$reader" explain STALE --json
check "two conditions are said as STALE" python3 -c 'import json; r = json.load(open("out")); assert [c["condition"] for c in r[0]["said_when"]] == ["facts_too_old", "list_expired"]'
expect 0 '"rank"' "$reader" explain --json --holder ky
check "every reason has its words, in the order of precedence" python3 -c '
import json
r = json.load(open("out"))
assert len(r) > 40 and all(x["sentence"] and x["officer"] and x["holder"] for x in r)
assert [x["rank"] for x in r] == sorted(x["rank"] for x in r)'
expect 64 "there is no reason" "$reader" explain NOTHING
expect 64 "--holder is" "$reader" explain --holder fr

# --- what only the officer knows
at=2026-03-10
"$pki" init domain --sample --at $at >/dev/null 2>&1 || exit 1
"$card" new --domain domain one.card >/dev/null 2>&1 || exit 1
python3 - "$data" <<'PYTHON'
import base64, json, sys
order = json.load(open(sys.argv[1] + "/order.json"))
order["face"] = {"format": "jpeg", "data": base64.b64encode(open(sys.argv[1] + "/face.jpg", "rb").read()).decode()}
json.dump(order, open("order.json", "w"))
PYTHON
"$personalize" issue order.json --reader virtual:one.card --domain domain --journal journal --at $at >/dev/null 2>&1 || {
  echo "FAILED: no card could be issued"
  exit 1
}
can=$(python3 -c 'import glob, json; print(json.load(open(glob.glob("journal/*.print.json")[0]))["can"])')
expect 0 "VALID" "$reader" inspect --reader virtual:one.card --trust domain/trust --can "$can" --at $at --save evidence.json --holder tg
check "the holder's line is there" grep -q "Патент то .* пардохт шудааст" out
verify=("$reader" verify evidence.json --trust domain/trust)
expect 0 "VALID" "${verify[@]}" --at $at --profession yes --receipt no
expect 2 "differs from the profession" "${verify[@]}" --at $at --profession no
expect 2 "check the receipt" "${verify[@]}" --at 2026-05-05 --receipt yes
expect 0 "VALID" "${verify[@]}" --at $at --person-flag yes --role inspector
echo '{"person_flag_roles": ["inspector"]}' >policy.json
expect 2 "register of controlled persons" "${verify[@]}" --at $at --person-flag yes --role inspector --policy policy.json
expect 0 "VALID" "${verify[@]}" --at $at --person-flag yes --role guard --policy policy.json
expect 0 '"holder"' "${verify[@]}" --at $at --holder az --json
expect 64 "--profession is yes or no" "${verify[@]}" --at $at --profession maybe
expect 64 "--holder is" "${verify[@]}" --at $at --holder fr
echo '{"clock_trust_hours": 0}' >policy.json
expect 64 "a value out of its range" "${verify[@]}" --at $at --policy policy.json

conclude 28
