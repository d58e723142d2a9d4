#!/usr/bin/env bash
# The log of checks as a user keeps it: log.sh PATENT_READER PATENT_CARD PATENT_PKI PATENT_PERSONALIZE
. "$(dirname "$0")/../expect.sh"
data=$(cd "$(dirname "$0")/../../data" && pwd)
reader=$(realpath "$1") card=$(realpath "$2") pki=$(realpath "$3") personalize=$(realpath "$4")
cd "$work" || exit 1
log() { "$reader" log "$@"; }

expect 64 "log verify FILE" log
expect 0 "log trim --log FILE" log --help
for action in show export verify trim; do expect 0 "Examples:" log $action --help; done

# --- a card, its terminal, two checks
"$pki" init domain --sample >/dev/null 2>&1 || exit 1
"$card" new --domain domain one.card >/dev/null 2>&1 || exit 1
python3 - "$data" <<'PYTHON'
import base64, datetime, json, sys
order = json.load(open(sys.argv[1] + "/order.json"))
file = lambda name: base64.b64encode(open(sys.argv[1] + "/" + name, "rb").read()).decode()
order["face"] = {"format": "jpeg", "data": file("face.jpg")}
json.dump(order, open("order.json", "w"))
PYTHON
at=2026-03-10
"$pki" init issuer --sample --at $at >/dev/null 2>&1 || exit 1
"$card" new --domain issuer two.card >/dev/null 2>&1 || exit 1
"$personalize" issue order.json --reader virtual:two.card --domain issuer --journal journal --at $at >/dev/null 2>&1 || {
  echo "FAILED: no card could be issued"
  exit 1
}
can=$(python3 -c 'import glob, json; print(json.load(open(glob.glob("journal/*.print.json")[0]))["can"])')
inspect=("$reader" inspect --reader virtual:two.card --trust issuer/trust --can "$can")
expect 0 "VALID" "${inspect[@]}" --at $at --save evidence.json --log checks.db --device tram-7 --role inspector
expect 1 "Not valid here" "${inspect[@]}" --at $at --territory 46000000 --log checks.db --device tram-7 --role inspector
expect 2 "too old" "$reader" verify evidence.json evidence.json --trust issuer/trust --at 2026-03-14 --log checks.db
expect 2 "Wrong card access number" "$reader" inspect --reader virtual:two.card --trust issuer/trust --can 000000 --log checks.db
check "a log is its owner's alone" test "$(stat -c %a checks.db checks.db.head | uniq)" = 600
expect 0 "tram-7 (inspector) OK" log show --log checks.db
check "five checks" test "$(wc -l <out)" = 5
expect 0 '"WRONG_TERRITORY"' log show --log checks.db --json
check "its numbers" python3 -c 'import json; assert [e["number"] for e in json.load(open("out"))] == [1, 2, 3, 4, 5]'
check "nothing of the holder but the card's number" bash -c '! grep -aqE "ШАРИПОВ|SHARIPOV|TJK|Рустам" checks.db'
expect 0 "whole, entries 1 to 5" log verify checks.db
expect 0 "цел, записи с 1 по 5" log verify checks.db --lang ru

# --- what cannot be recorded is said before the card is touched
expect 73 "cannot be read or written" "${inspect[@]}" --log none/checks.db --trace trace.txt
check "no card was touched" test ! -e trace.txt
expect 65 "no log of checks" "${inspect[@]}" --log order.json
expect 64 "--device is said in the log" "${inspect[@]}" --device tram-7
expect 64 "at most 64 printable" "${inspect[@]}" --log checks.db --device $'a\nb'

# --- signed export, which strangers' tools verify
root=domain/certificates/cvca.cvcert
expect 0 "entries 1 to 5, signed by" log export --log checks.db --out first.jsonl --terminal domain
expect 73 "exists already" log export --log checks.db --out first.jsonl --terminal domain
expect 65 "do not hold today" log export --log checks.db --out old.jsonl --terminal issuer
expect 0 "whole, entries 1 to 5" log verify first.jsonl --trust $root
expect 0 '"signer"' log verify first.jsonl --trust $root --json
expect 64 "--trust is needed" log verify first.jsonl
expect 1 "no terminal under the given trust point" log verify first.jsonl --trust issuer/certificates/cvca.cvcert
check "the chain and the signature, with Python and openssl alone" python3 - <<'PYTHON'
import base64, hashlib, json, subprocess
lines = open("first.jsonl", "rb").read().splitlines(keepends=True)
head, entries, signature = json.loads(lines[0]), lines[1:-1], json.loads(lines[-1])["signature"]
hash = bytes.fromhex(head["removed"]["hash"])
for line in entries:
    hash = hashlib.sha256(hash + json.dumps(json.loads(line)["entry"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).digest()
    assert hash.hex().upper() == json.loads(line)["hash"]
assert head["head"] == {"number": len(entries), "hash": hash.hex().upper()}
open("signed", "wb").write(b"".join(lines[:-1]))
open("key.der", "wb").write(base64.b64decode(signature["public_key"]))
open("signature.der", "wb").write(base64.b64decode(signature["value"]))
digest = "-" + signature["hash"].lower().replace("-", "")
subprocess.run(["openssl", "dgst", digest, "-verify", "key.der", "-keyform", "DER", "-signature", "signature.der", "signed"], check=True, stdout=subprocess.DEVNULL)
PYTHON

# --- changes, gaps, cuts
expect 0 "VALID" "${inspect[@]}" --at $at --log checks.db
expect 0 "whole, entries 1 to 6" log verify checks.db --against first.jsonl --trust $root
tamper() { cp checks.db bad.db && cp checks.db.head bad.db.head && python3 -c 'import sqlite3, sys; d = sqlite3.connect("bad.db"); d.execute(sys.argv[1]); d.commit()' "$1"; }
tamper "UPDATE entries SET line = replace(line, 'INVALID', 'VALID') WHERE number = 2"
expect 1 "entry 2: not what was written" log verify bad.db
expect 1 '"fault" : "changed"' log verify bad.db --json
expect 1 "entry 2: not what was written" log show --log bad.db
expect 1 "Nothing was done" log export --log bad.db --out bad.jsonl --terminal domain
expect 1 "Nothing was done" log trim --log bad.db --keep 1
tamper "DELETE FROM entries WHERE number = 4"
expect 1 "entry 4: missing" log verify bad.db
tamper "DELETE FROM entries WHERE number = 6"
expect 1 "entry 6: missing, the end was cut off" log verify bad.db
expect 65 "keep both files as evidence" "${inspect[@]}" --log bad.db
tamper "PRAGMA user_version = 2"
expect 65 "newer version" log show --log bad.db
sed '3s/INVALID/VALID/' first.jsonl >bad.jsonl
expect 1 "entry 2: not what was written" log verify bad.jsonl --trust $root
sed '$d' first.jsonl >bad.jsonl
expect 1 "no signature that holds" log verify bad.jsonl --trust $root
expect 65 "neither a log of checks" log verify order.json --trust $root

# --- retention: a log whose first entries are of last year, its chain made by a stranger
python3 - <<'PYTHON'
import hashlib, json, shutil, sqlite3
shutil.copy("checks.db", "aged.db")
database = sqlite3.connect("aged.db")
hash = bytes(32)
for number, line in database.execute("SELECT number, line FROM entries ORDER BY number").fetchall():
    if number <= 2: line = line.replace(json.loads(line)["written"], "2025-01-0%dT09:00:00Z" % number)
    hash = hashlib.sha256(hash + line.encode()).digest()
    database.execute("UPDATE entries SET line = ?, hash = ? WHERE number = ?", (line, hash, number))
database.commit()
open("aged.db.head", "w").write("6 %s\n" % hash.hex().upper())
PYTHON
expect 0 "whole, entries 1 to 6" log verify aged.db
expect 1 "entry 1: the earlier export has another one" log verify aged.db --against first.jsonl --trust $root
expect 64 "--keep takes" log trim --log aged.db --keep 0
expect 0 "0 entries removed" log trim --log checks.db --keep 90
expect 0 "2 entries removed" log trim --log aged.db --keep 90
expect 0 "whole, entries 3 to 7" log verify aged.db
expect 0 "removed: up to 2" log show --log aged.db
check "what was removed is overwritten" bash -c '! grep -aq 2025-01-01 aged.db'

conclude 50
