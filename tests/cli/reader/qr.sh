#!/usr/bin/env bash
# The QR code of a card's back, from its issue to its judgement: qr.sh PATENT_READER PATENT_CARD PATENT_PKI
# PATENT_PERSONALIZE
. "$(dirname "$0")/../expect.sh"
data=$(cd "$(dirname "$0")/../../data" && pwd)
reader=$(realpath "$1") card=$(realpath "$2") pki=$(realpath "$3") personalize=$(realpath "$4")
cd "$work" || exit 1
at=2026-03-10

expect 0 "Examples:" "$reader" qr --help
expect 64 "unrecognised option" "$reader" qr --no-such-option
expect 64 "FILE" "$reader" qr

"$pki" init domain --sample --at $at >/dev/null 2>&1 || exit 1
expect 0 "seal signer" "$pki" show domain
"$card" new --domain domain one.card >/dev/null 2>&1 || exit 1
python3 - "$data" <<'PYTHON'
import base64, json, sys
order = json.load(open(sys.argv[1] + "/order.json"))
order["face"] = {"format": "jpeg", "data": base64.b64encode(open(sys.argv[1] + "/face.jpg", "rb").read()).decode()}
json.dump(order, open("order.json", "w"))
PYTHON
"$personalize" issue order.json --reader virtual:one.card --domain domain --journal journal --ledger status.db \
  --list-uri https://status.example/lists --at $at >/dev/null 2>&1 || {
  echo "FAILED: no card could be issued"
  exit 1
}
png=$(ls journal/*.qr.png) form=$(ls journal/*.print.json)
check "a picture for printers lies beside it" grep -q "<svg " journal/*.qr.svg
check "the pictures are their owner's alone" test "$(stat -c %a "$png")" = 600
field() { python3 -c "import json; print(json.load(open('$form'))$1)"; }
can=$(field '["can"]')
field '["back"]["qr"]["octets"]' >seal.b64
base64 -d seal.b64 >seal.bin
check "the CAN is not in the seal" bash -c '! grep -q "$1" seal.bin' - "$can"
check "at most 350 octets" test "$(stat -c %s seal.bin)" -le 350

qr=("$reader" qr --trust domain/trust --at $at)
expect 2 "NEEDS CHECK" "${qr[@]}" "$png"
expect 2 '"headline" : "NO_CHIP"' "${qr[@]}" "$png" --json
check "whose patent, and that no status is known" python3 -c 'import json
v = json.load(open("out"))
assert v["document"]["confirmed"] and v["document"]["card_number"], v
assert [f["reason"] for f in v["findings"]] == ["NO_CHIP", "STATUS_MISSING"], v["findings"]
assert next(c for c in v["checks"] if c["check"] == "seal_signature")["state"] == "successful", v["checks"]'
expect 2 '"headline" : "NO_CHIP"' "${qr[@]}" seal.bin --json
expect 2 '"headline" : "NO_CHIP"' "${qr[@]}" seal.b64 --json
expect 2 "НУЖНА ПРОВЕРКА" "${qr[@]}" "$png" --lang ru

number=$(field '["front"]["number"]') surname=$(field '["front"]["surname"]') born=$(field '["front"]["birth_date"]')
expect 2 "NEEDS CHECK" "${qr[@]}" "$png" --print "number=$number,surname=$surname" --print "birth_date=$born"
expect 1 "number (print)" "${qr[@]}" "$png" --print number=2600000000
expect 1 '"headline" : "DATA_MISMATCH"' "${qr[@]}" "$png" --print surname=Другой --json
expect 64 "where NAME is one of series" "${qr[@]}" "$png" --print colour=red

"$reader" inspect --reader virtual:one.card --can "$can" --trust domain/trust --at $at --no-photo --save evidence.json >/dev/null
expect 2 "NEEDS CHECK" "${qr[@]}" "$png" --evidence evidence.json
check "seal and chip agree" bash -c '"$@" --json | grep -A2 seal_agreement | grep -q successful' - "${qr[@]}" "$png" --evidence evidence.json
expect 1 "Not valid here" "${qr[@]}" "$png" --territory 46000000

# --- status by number: a handheld that has a package says all that can be said without a photo
day=2026-03-11
"$personalize" status publish --ledger status.db --domain domain --out lists --at $day >/dev/null 2>&1
"$personalize" package build --domain domain --ledger status.db --out 1.package --at $day >/dev/null 2>&1
expect 0 "in force" "$reader" package install 1.package --store device --trust domain/trust --at $day
expect 2 '"headline" : "NO_CHIP"' "$reader" qr --store device --at $day "$png" --json
check "paid and in force, by the lists alone" python3 -c 'import json
v = json.load(open("out"))
assert [f["reason"] for f in v["findings"]] == ["NO_CHIP"], v["findings"]
assert v["document"]["paid_until"] == "2026-04-09" and v["document"]["confirmed"], v["document"]'
next=2026-03-12
"$personalize" status set P00001701 --ledger status.db --state annulled --reason 18 --at 2026-03-11T12:00:00Z >/dev/null 2>&1
"$personalize" status publish --ledger status.db --domain domain --out lists --at $next >/dev/null 2>&1
"$personalize" package build --domain domain --ledger status.db --out 2.package --at $next >/dev/null 2>&1
expect 0 "in force" "$reader" package install 2.package --store device --at $next
expect 1 '"headline" : "ANNULLED"' "$reader" qr --store device --at $next "$png" --json

# --- what speaks against a seal
python3 -c 'seal = bytearray(open("seal.bin", "rb").read()); seal[-1] ^= 1; open("forged.bin", "wb").write(seal)'
expect 1 '"headline" : "FORGED"' "${qr[@]}" forged.bin --json
mkdir no-signer && cp domain/trust/csca* no-signer
expect 2 '"reason" : "UNKNOWN_ISSUER"' "$reader" qr --trust no-signer --at $at "$png" --json
"$pki" revoke domain seal-signer --at 2026-03-11 >/dev/null 2>&1
expect 2 '"reason" : "SIGNER_REVOKED"' "$reader" qr --trust domain/trust --at 2026-03-11 "$png" --json
expect 65 "no readable QR code" "${qr[@]}" "$data/face.jpg"
expect 65 "neither PNG nor JPEG" "${qr[@]}" order.json
head -c 200 "$png" >torn.png
expect 65 "damaged" "${qr[@]}" torn.png
expect 64 "cannot read" "${qr[@]}" nowhere.png
python3 - <<'PYTHON'
import struct, zlib  # 3600 finder patterns, and no code: every three of them could be one
finder = ["1111111000", "1000001000", "1011101000", "1011101000", "1011101000", "1000001000", "1111111000"] + 3 * ["0" * 10]
rows = ["".join("\0" * 3 if dot == "1" else "\xff" * 3 for dot in row) * 60 for row in finder for _ in range(3)]
def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
pixels = b"".join(b"\0" + row.encode("latin-1") for row in rows) * 60
open("crowd.png", "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1800, 1800, 8, 0, 0, 0, 0)) +
                              chunk(b"IDAT", zlib.compress(pixels, 9)) + chunk(b"IEND", b""))
PYTHON
expect 65 "takes too long" timeout -s KILL 120 "${qr[@]}" crowd.png
expect 2 '"headline" : "NOT_A_PATENT"' "${qr[@]}" --json <(printf 484848)

# --- a domain from before visible seals
rm domain/certificates/seal-signer.cer domain/keys/*seal-signer*
"$card" new --domain domain two.card >/dev/null 2>&1 || exit 1
python3 - <<'PYTHON'
import json
order = json.load(open("order.json"))
order["order_id"] = "0b9cbd3e-7e0e-4a7e-9d7a-2f3a1c5d6e02"
order["patent"] |= {"card_number": "P00001702", "number": "2600123402", "blank_number": "ПР 1234502"}
json.dump(order, open("two.json", "w"))
PYTHON
expect 0 "no QR on these cards" "$personalize" issue two.json --reader virtual:two.card --domain domain --journal journal --ledger status.db \
  --list-uri https://status.example/lists --at 2026-03-11
check "and none is there" test "$(ls journal/*.qr.png | wc -l)" = 1
conclude 35
