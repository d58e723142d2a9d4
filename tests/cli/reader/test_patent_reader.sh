#!/usr/bin/env bash
# patent-reader as a user runs it: test_patent_reader.sh PATENT_READER PATENT_CARD PATENT_PKI PATENT_PERSONALIZE
. "$(dirname "$0")/../expect.sh"
data=$(cd "$(dirname "$0")/../../data" && pwd)
reader=$(realpath "$1") card=$(realpath "$2") pki=$(realpath "$3") personalize=$(realpath "$4")
cd "$work" || exit 1

# --- help and usage
expect 0 "Usage: patent-reader COMMAND" "$reader" --help
expect 0 "patent-reader 0." "$reader" --version
expect 64 "Usage: patent-reader COMMAND" "$reader"
expect 64 "there is no command judge" "$reader" judge
for command in inspect capture verify readers; do
  expect 0 "Examples:" "$reader" $command --help
  expect 64 "unrecognised option" "$reader" $command --no-such-option
done

# --- a genuine card
at=2026-03-10
"$pki" init domain --sample --at $at >/dev/null 2>&1 || exit 1
"$card" new --domain domain one.card >/dev/null 2>&1 || exit 1
python3 - "$data" <<'PYTHON'
import base64, json, sys
order = json.load(open(sys.argv[1] + "/order.json"))
file = lambda name: base64.b64encode(open(sys.argv[1] + "/" + name, "rb").read()).decode()
order["face"] = {"format": "jpeg", "data": file("face.jpg")}
order["fingers"] = [{"position": place, "format": "jpeg2000", "data": file("finger.jp2")} for place in ("right_index", "left_index")]
json.dump(order, open("order.json", "w"))
PYTHON
"$personalize" issue order.json --reader virtual:one.card --domain domain --journal journal --at $at >/dev/null 2>&1 || {
  echo "FAILED: no card could be issued"
  exit 1
}
can=$(python3 -c 'import glob, json; print(json.load(open(glob.glob("journal/*.print.json")[0]))["can"])')
echo "$can" >can.txt
inspect=("$reader" inspect --reader virtual:one.card --trust domain/trust)

expect 0 "VALID" "${inspect[@]}" --can "$can" --at $at --photo photo.jpg --save evidence.json --trace trace.txt
check "the photo is the order's" cmp -s photo.jpg "$data/face.jpg"
check "the evidence is its owner's alone" test "$(stat -c %a evidence.json)" = 600
check "the CAN is nowhere" test "$(grep -c "$can" evidence.json out | grep -vc ':0')" = 0
check "nor in the trace, which is hexadecimal" bash -c '! grep -qi "$(printf %s "$1" | od -An -tx1 | tr -d " \n")" trace.txt' - "$can"
touch before.json && chmod 644 before.json
expect 0 "VALID" "${inspect[@]}" --can "$can" --at $at --no-photo --save before.json
check "evidence is its owner's alone in a file that was there before, too" test "$(stat -c %a before.json)" = 600
expect 0 "Paid until" "${inspect[@]}" --can "$can" --at $at --no-photo --save /dev/null
check "but a device is left as it is" test "$(stat -Lc %a /dev/null)" = 666
expect 0 "ДЕЙСТВИТЕЛЕН" "${inspect[@]}" --can-file can.txt --at $at --lang ru
expect 0 '"headline" : "OK"' "${inspect[@]}" --can-fd 3 --at ${at}T09:00:00Z --json --no-photo 3<can.txt
check "at most 20 APDUs" python3 -c 'import json; v = json.load(open("out")); assert v["traffic"]["apdus"] <= 20, v["traffic"]'
expect 1 "Not valid here" "${inspect[@]}" --can "$can" --at $at --territory 46000000
expect 0 "VALID" "${inspect[@]}" --can "$can" --at $at --territory 45000000
expect 0 "Оплачен по" env LC_ALL=ru_RU.UTF-8 "${inspect[@]}" --can "$can" --at $at

mrz=$(python3 - <<'PYTHON'
import base64, json
evidence = json.load(open("evidence.json"))
print(base64.b64decode(next(f for f in evidence["files"] if f["file"] == "EF.DG1")["content"])[-90:].decode())
PYTHON
)
expect 0 "VALID" "${inspect[@]}" --mrz "${mrz:0:30}/${mrz:30:30}/${mrz:60:30}" --at $at
expect 64 "three lines" "${inspect[@]}" --mrz "${mrz:0:14}0${mrz:15}" --at $at
expect 1 '"DATA_MISMATCH"' "${inspect[@]}" --mrz "${mrz:0:60}X${mrz:61}" --at $at --json

# --- fingerprints, for the terminal that may read them
terminal=("${inspect[@]}" --can "$can" --at $at --no-photo --terminal domain)
hidden=$(base64 -w0 "$data/finger.jp2" | cut -c201-260)
expect 0 "right index" "${terminal[@]}" --fingers fingers --save fingers.json --trace fingers.trace
check "both images are the order's" bash -c 'cmp -s fingers/1-right_index.jp2 "$1" && cmp -s fingers/2-left_index.jp2 "$1"' - "$data/finger.jp2"
check "for their owner alone" test "$(stat -c %a fingers/1-right_index.jp2)" = 600
check "no image in evidence, text or trace" bash -c '! python3 - "$1" fingers.json out fingers.trace <<PYTHON
import base64, sys
image = open(sys.argv[1], "rb").read()
part = image[150:210]
texts = [part.hex(), part.hex().upper()] + [base64.b64encode(image[i:i + 60]).decode() for i in (150, 151, 152)]
sys.exit(not any(text in open(name).read() for name in sys.argv[2:] for text in texts))
PYTHON' - "$data/finger.jp2"
expect 0 "VALID" "$reader" verify fingers.json --trust domain/trust --at $at
expect 0 '"terminal_authentication"' "$reader" verify fingers.json --trust domain/trust --at $at --json
expect 0 '"right_index"' "${terminal[@]}" --json
check "the verdict has no image" bash -c '! grep -q "$1" out' - "$hidden"
expect 0 "VALID" "${terminal[@]}" --save with.json --with-fingerprints
check "the evidence has them when asked" python3 -c 'import json; e = json.load(open("with.json")); f = next(f for f in e["files"] if f["file"] == "EF.DG3"); assert f["outcome"] == "read" and len(f["content"]) > 400'
expect 0 "left index" "$reader" verify with.json --trust domain/trust --at $at
expect 0 "right of this device (TA)" "${inspect[@]}" --can "$can" --at $at --no-photo
check "nobody asked" grep -q "right of this device (TA) *not checked" out
"$pki" init stranger --sample --at $at >/dev/null 2>&1
expect 0 "Fingerprints not read" "${inspect[@]}" --can "$can" --at $at --no-photo --terminal stranger
expect 0 "Отпечатки не прочитаны" "${inspect[@]}" --can "$can" --at $at --no-photo --terminal stranger --lang ru
expect 64 "--fingers needs --terminal" "${inspect[@]}" --can "$can" --fingers fingers
expect 64 "--with-fingerprints needs --terminal" "$reader" capture --reader virtual:one.card --can "$can" --with-fingerprints
expect 65 "none" "${inspect[@]}" --can "$can" --terminal none

# --- the same evidence, other days and other trust
verify=("$reader" verify evidence.json)
expect 0 "Paid until" "${verify[@]}" --trust domain/trust --at $at
expect 2 "too old" "${verify[@]}" --trust domain/trust --at 2026-03-14
expect 2 "By the card not paid" "${verify[@]}" --trust domain/trust --at 2026-05-10
expect 2 "Not valid yet" "${verify[@]}" --trust domain/trust --at 2026-03-09
expect 1 "twelve months are over" "${verify[@]}" --trust domain/trust --at 2027-03-10
"$pki" init other --sample --at $at >/dev/null 2>&1
expect 2 "does not know the signer" "${verify[@]}" --trust other/trust --at $at
python3 - <<'PYTHON'
import base64, json
evidence = json.load(open("evidence.json"))
photo = next(file for file in evidence["files"] if file["file"] == "EF.DG2")
octets = bytearray(base64.b64decode(photo["content"]))
octets[-100] ^= 1
photo["content"] = base64.b64encode(octets).decode()
json.dump(evidence, open("forged.json", "w"))
PYTHON
expect 64 "too large" "$reader" verify /dev/zero --trust domain/trust --at $at
expect 1 "Forged" "$reader" verify forged.json --trust domain/trust --at $at
expect 1 "Forged" "$reader" verify evidence.json forged.json evidence.json --trust domain/trust --at $at
expect 2 "too old" "$reader" verify evidence.json evidence.json --trust domain/trust --at 2026-03-14

# --- a wrong CAN, and what can be captured
expect 2 "Wrong card access number" "${inspect[@]}" --can 000000 --at $at
expect 0 '"access" : "opened"' "$reader" capture --reader virtual:one.card --can "$can" --at $at
expect 2 "incomplete: access wrong_password" "$reader" capture --reader virtual:one.card --can 000000

# --- bad input
expect 64 "exactly one of" "${inspect[@]}"
expect 64 "exactly one of" "${inspect[@]}" --can "$can" --can-file can.txt
expect 64 "six digits" "${inspect[@]}" --can 12345
expect 64 "three lines" "${inspect[@]}" --mrz IWRUS
expect 64 "cannot read a line" "${inspect[@]}" --can-file none
expect 64 "the first line of /dev/zero is too long" "${inspect[@]}" --can-file /dev/zero
expect 64 "is too long" "${inspect[@]}" --can-fd 3 3</dev/zero
for option in --photo --fingers; do
  expect 64 "$option takes the images of one card" "$reader" verify evidence.json evidence.json --trust domain/trust $option images
done
check "nothing was written" test ! -e images
expect 64 "--trust DIR or --store DIR is needed" "$reader" verify evidence.json
expect 64 "not found" "$reader" verify evidence.json --trust none
expect 64 "no certificate in it; a trust domain's certificates are in its trust/ folder" "$reader" verify evidence.json --trust journal
expect 64 "not JSON" "$reader" verify trace.txt --trust domain/trust
expect 64 "FILE is missing" "$reader" verify --trust domain/trust
expect 64 "--at wants" "${inspect[@]}" --can "$can" --at yesterday
expect 64 "--lang" "${inspect[@]}" --can "$can" --lang fr
expect 64 "--territory" "${inspect[@]}" --can "$can" --territory 45
echo '{"limit": 1}' >policy.json
expect 64 "an unknown member" "${inspect[@]}" --can "$can" --policy policy.json
expect 69 "no card to read" "$reader" inspect --reader virtual:none.card --can "$can" --trust domain/trust
PCSCLITE_CSOCK_NAME=$work/nobody expect 69 "is pcscd running?" "$reader" inspect --reader 0 --wait 1 --can "$can" --trust domain/trust
head -c 8192 /dev/urandom >garbage.card
expect 2 "The chip is mute" "$reader" inspect --reader virtual:garbage.card --can "$can" --trust domain/trust --at $at
expect 69 "no" env PCSCLITE_CSOCK_NAME="$work/none" "$reader" readers
expect 69 "no" env PCSCLITE_CSOCK_NAME="$work/none" "$reader" inspect --can "$can" --trust domain/trust

conclude 74
