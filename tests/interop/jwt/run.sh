#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh PATENT_PKI PATENT_CARD PATENT_PERSONALIZE PATENT_READER: PyJWT reads lists that we publish, and we one of its.
set -euo pipefail
pki=$(realpath "$1") card=$(realpath "$2") personalize=$(realpath "$3") reader=$(realpath "$4")
here=$(cd "$(dirname "$0")" && pwd)
python=""
for candidate in python3 /usr/bin/python3; do
  if "$candidate" -c 'import jwt, cryptography' 2>/dev/null; then python=$candidate && break; fi
done
if [[ -z $python ]]; then
  echo "interop_jwt is skipped: python3-jwt or python3-cryptography is not installed"
  exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

at=2026-03-10T12:00:00Z
"$pki" init domain --sample --at 2026-03-10 >log 2>&1
"$card" new --domain domain one.card >>log 2>&1
"$python" - "$here/../../data" <<'PYTHON'
import base64, json, sys
order = json.load(open(sys.argv[1] + "/order.json"))
order["face"] = {"format": "jpeg", "data": base64.b64encode(open(sys.argv[1] + "/face.jpg", "rb").read()).decode()}
json.dump(order, open("order.json", "w"))
PYTHON
"$personalize" issue order.json --reader virtual:one.card --domain domain --ledger status.db \
  --list-uri https://status.example/lists --at 2026-03-10 >>log 2>&1 || { cat log; exit 1; }
"$personalize" status publish --ledger status.db --domain domain --out lists --at $at >>log 2>&1 || { cat log; exit 1; }
"$personalize" status show --ledger status.db "$("$python" -c 'import json
print(json.load(open("order.json"))["patent"]["card_number"])')" --json >card.json
read -r index months < <("$python" -c 'import json
card = json.load(open("card.json"))
print(card["list_index"], card["statuses"][-1]["months_paid"])')

# Ours, read by a stranger.
same() { [[ $1 == "$2" ]] || { echo "FAILED: \"$1\", wanted \"$2\""; exit 1; }; }
same "$("$python" "$here/lists.py" read lists/*.months.jwt domain/certificates/csca.cer "$index")" \
  "months https://status.example/lists/0 $months"
same "$("$python" "$here/lists.py" read lists/*.states.jwt domain/certificates/csca.cer "$index")" \
  "states https://status.example/lists/0 0"

# A stranger's, read by us; and not once it is bent.
mkdir trust
cat >stranger.conf <<'CONF'
[csca]
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[status]
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,2.25.283875176364229658380274073979443945891
authorityKeyIdentifier=keyid
[ca]
default_ca=own
[own]
database=index.txt
crlnumber=number
serial=serial
default_md=sha256
CONF
touch index.txt && echo 01 | tee number >serial
stranger() {  # of 2026-03-10, whatever this day is: no option of openssl 3.0's x509 says so, but ca's does
  openssl ecparam -name prime256v1 -genkey -noout -out "$1.key" && openssl req -new -key "$1.key" -subj "/C=RU/CN=$1" -out "$1.req"
}
days=(-startdate 20260301000000Z -enddate 20300301000000Z)
sign=(openssl ca -batch -config stranger.conf -notext -outdir . -policy any -preserveDN)
printf '[any]\ncountryName=supplied\ncommonName=supplied\n' >>stranger.conf
{
  stranger csca && "${sign[@]}" -selfsign -keyfile csca.key -in csca.req -extensions csca "${days[@]}" -out csca.pem &&
    stranger status &&
    "${sign[@]}" -cert csca.pem -keyfile csca.key -in status.req -extensions status "${days[@]}" -out status.pem &&
    openssl ca -config stranger.conf -gencrl -cert csca.pem -keyfile csca.key -crl_lastupdate 20260301000000Z \
      -crl_nextupdate 20260501000000Z -out csca.crl &&
    openssl crl -in csca.crl -outform der -out trust/csca.crl &&
    openssl x509 -in csca.pem -outform der -out trust/csca.cer &&
    openssl x509 -in status.pem -outform der -out status.cer
} >openssl.log 2>&1 || { cat openssl.log; exit 1; }
for kind in states months; do
  "$python" "$here/lists.py" write $kind $kind.jwt 1773144000 status.key status.cer
  "$reader" list $kind.jwt --trust trust --index 29 --at $at --json >list.json || exit 1
  same "$("$python" -c 'import json; l = json.load(open("list.json")); print(l["kind"], l["uri"], l["entries"], l["value"])')" \
    "$kind https://stranger.example/lists/1 1000 3"
  sed -E 's/(\..*\.)X/\1Y/; t; s/(\..*\.)./\1X/' $kind.jwt >bent.jwt  # the signature's first sign is another
  if "$reader" list bent.jwt --trust trust --at $at 2>err || ! grep -q BAD_SIGNATURE err; then
    echo "FAILED: a bent token was taken"
    exit 1
  fi
done
echo "both ways: ours by PyJWT, PyJWT's by ours"
