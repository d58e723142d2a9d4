#!/usr/bin/env bash
# The card kit as a tester runs it, against a card that the product's own tools made:
# test_chip.sh embedded|pcsc PATENT_CONFORM PATENT_CARD PATENT_PKI PATENT_PERSONALIZE
. "$(dirname "$0")/../cli/expect.sh"
here=$(cd "$(dirname "$0")" && pwd)
way=$1 conform=$(realpath "$2") card=$(realpath "$3") pki=$(realpath "$4") personalize=$(realpath "$5")
cd "$work" || exit 1

# --- a card with fingerprints
at=2026-03-10
"$pki" init domain --sample --at $at >/dev/null 2>&1 || exit 1
"$card" new --domain domain one.card >/dev/null 2>&1 || exit 1
python3 - "$here/../data" <<'PYTHON'
import base64, json, sys
def octets(name):
    return base64.b64encode(open(sys.argv[1] + "/" + name, "rb").read()).decode()
order = json.load(open(sys.argv[1] + "/order.json"))
order["face"] = {"format": "jpeg", "data": octets("face.jpg")}
order["fingers"] = [{"position": position, "format": "jpeg2000", "data": octets("finger.jp2")}
                    for position in ("right_index", "left_index")]
json.dump(order, open("order.json", "w"))
PYTHON
"$personalize" issue order.json --reader virtual:one.card --domain domain --journal journal --at $at >issue.log 2>&1 || {
  echo "FAILED: no card could be issued"
  tail -5 issue.log
  exit 1
}
python3 -c 'import glob, json; print(json.load(open(glob.glob("journal/*.print.json")[0]))["can"])' >can.txt
chip=("$conform" chip --domain domain --can-file can.txt --at $at)
cp one.card untouched.card

# The report's counts: report_has FILE PYTHON_EXPRESSION, with `summary` and `results` (id -> result) in it.
report_has() {
  python3 - "$@" <<'PYTHON'
import json, sys
report = json.load(open(sys.argv[1]))
summary = report["summary"]
results = {case["id"]: case["result"] for case in report["cases"]}
bad = {case["id"]: case["seen"] for case in report["cases"] if case["result"] in ("failed", "error")}
if not eval(sys.argv[2]):
    sys.exit(f"{summary} {bad}")
PYTHON
}
all_green='summary["failed"] == summary["error"] == 0 and summary["passed"] >= 100'

if [[ $way == pcsc ]]; then
  # --- a card in a reader
  code=0
  started=$("$here/../../samples/private-pcscd.sh" start "$work/pcsc") || exit $?
  export $started
  "$card" run one.card --port "$VPCD_PORT" >card.log 2>&1 &
  runner=$!
  stop() {
    kill $runner 2>/dev/null
    wait $runner 2>/dev/null
    "$here/../../samples/private-pcscd.sh" stop "$work/pcsc"
    leave_work
  }
  trap stop EXIT
  inserted=(--reader "Virtual PCD 00 00" --wait 10)
  expect 0 "" "${chip[@]}" "${inserted[@]}" --report json --out spared.json --only ISO7816_M --quiet
  check "what changes a card for good is asked for" report_has spared.json 'set(results.values()) == {"not applicable"}'
  expect 0 "" "${chip[@]}" "${inserted[@]}" --migration secp256r1 --change-card --report json --out report.json
  check "every applicable case passes" report_has report.json "$all_green"
  check "the changes are there" report_has report.json 'results["ISO7816_M_6"] == results["ISO7816_N_1"] == "passed"'
  expect 1 "ISO7816_J_1 failed" "${chip[@]}" "${inserted[@]}" --only ISO7816_J_1
  conclude 6
  exit
fi

# --- the tool
expect 64 "Usage: patent-conform COMMAND" "$conform"
expect 0 "Usage: patent-conform chip" "$conform" chip --help
expect 0 "ISO7816_M_3" "$conform" chip --list
check "148 published numbers" test "$(wc -l <out)" = 148
expect 64 "--domain DIR is needed" "$conform" chip
expect 64 "exactly one of" "$conform" chip --domain domain
expect 64 "six digits" "$conform" chip --domain domain --can 12345
expect 64 "no case is selected" "${chip[@]}" --only ISO7816_Q
expect 64 "--report is" "${chip[@]}" --report html
expect 64 "--without takes" "${chip[@]}" --reader virtual:one.card --without rsa
expect 64 "--migration takes" "${chip[@]}" --reader virtual:one.card --migration P-256
expect 69 "cannot be copied" "${chip[@]}" --reader virtual:none.card
expect 69 "no card to test" env PCSCLITE_CSOCK_NAME="$work/none" "${chip[@]}"
expect 69 "cannot be tested" "$conform" chip --domain domain --can 000000 --at $at --reader virtual:one.card
expect 73 "cannot write" "${chip[@]}" --reader virtual:one.card --only LDS_L_1 --out none/report.txt

# --- a card in a file: a copy of it is used up
in_file=(--reader virtual:one.card --migration secp256r1)
expect 0 "" "${chip[@]}" "${in_file[@]}" --report json --out report.json --quiet
check "every applicable case passes" report_has report.json "$all_green"
check "148 cases have a result" report_has report.json 'len(results) == summary["selected"] == 148'
check "the profile's own stay out" report_has report.json \
  'results["LDS_H_1"] == results["ISO7816_J_32"] == results["ISO7816_L_13"] == results["ISO7816_K_3"] == "not applicable"'
expect 0 "Summary" "${chip[@]}" "${in_file[@]}" --only ISO7816_M --only LDS_F
check "and once more, because only a copy was changed" grep -q "6 passed, 0 failed\|7 passed, 0 failed" out
expect 0 "" "${chip[@]}" "${in_file[@]}" --report junit --out report.xml --quiet
if command -v xmllint >/dev/null; then check "the JUnit report is XML" xmllint --noout report.xml; fi
check "the JUnit report counts" grep -q 'tests="148" failures="0" errors="0"' report.xml
if python3 -c 'import jsonschema' 2>/dev/null; then
  check "the JSON report has its published form" python3 -c 'import json, jsonschema, sys
jsonschema.validate(json.load(open("report.json")), json.load(open(sys.argv[1])))' "$here/kit/report.schema.json"
fi
check "no CAN in any report" test "$(grep -l "$(cat can.txt)" report.json report.xml | wc -l)" = 0
python3 -c 'import base64, json; d = base64.b64decode(json.load(open("order.json"))["fingers"][0]["data"]); print(" ".join("%02X" % b for b in d[200:216]))' >ridges
check "no fingerprint in any report" test "$(grep -lf ridges report.json report.xml | wc -l)" = 0
expect 0 "6 passed, 0 failed, 0 errors, 10 not applicable" "${chip[@]}" --reader virtual:one.card --only ISO7816_H --without odd-ins --quiet

# --- Ctrl-C: the case at hand ends, and what has run is reported
"${chip[@]}" "${in_file[@]}" --report json --out stopped.json >/dev/null 2>&1 &
sleep 0.7
kill -INT $!
wait $!
code=$?
check "a stopped run says so, or was over" test $code = 130 -o $code = 0
if [[ $code == 130 ]]; then check "what has run is reported" report_has stopped.json 'len(results) < summary["selected"] and len(results) > 0'; fi

# --- a wrong card: the chips' trust point is another domain's
"$pki" init other --sample --at $at >/dev/null 2>&1
expect 1 "ISO7816_J_1 failed" "$conform" chip --domain other --can-file can.txt --at $at --reader virtual:one.card --only ISO7816_J_1
check "the card's file was never changed" cmp -s one.card untouched.card
expect 0 "made to the card" "${chip[@]}" --reader virtual:one.card --change-card --only ISO7816_M_1
check "but with --change-card it is" bash -c '! cmp -s one.card untouched.card'

conclude 25
