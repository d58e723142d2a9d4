#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh PATENT_PKI VERIFY_CHAIN CVC_PRINT CVC_CREATE
set -eu
pki=$1 verify=$2 print=$3 create=$4
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

# Ours, read and verified by theirs: the issuers lie in a folder under their references.
"$pki" init domain --sample 2>warning
mkdir trusted
cp domain/certificates/cvca.cvcert trusted/RUPATCVCA00001
cp domain/certificates/dv.cvcert trusted/RUPATDV00001
for name in dv terminal-inspection terminal-status; do
  "$print" --cvc-dir="$dir/trusted" -c domain/certificates/$name.cvcert >shown 2>&1
  grep -q 'Inspection system' shown
  grep -q '^certificate verified' shown || { cat shown; exit 1; }
done
"$print" -c domain/certificates/terminal-inspection.cvcert 2>/dev/null | grep -q 'Read.*DG 3\|[Ff]inger'

# Theirs, accepted by ours.
for key in cvca dv terminal; do
  openssl ecparam -name brainpoolP256r1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -outform DER -out $key.p8
done
last=$(date -u -d '+20 days' +%y%m%d)
"$create" --role=cvca --type=is --chat=C3 --chr=DETESTCVC00001 --expires="$last" --sign-with=cvca.p8 \
  --scheme=ECDSA_SHA_256 --out-cert=cvca.cvcert >log 2>&1
"$create" --role=dv_domestic --type=is --chat=81 --chr=DETESTDV00001 --expires="$last" --sign-with=cvca.p8 \
  --sign-as=cvca.cvcert --key=dv.p8 --scheme=ECDSA_SHA_256 --out-cert=dv.cvcert >>log 2>&1
"$create" --role=terminal --type=is --chat=03 --chr=DETESTIS00001 --expires="$last" --sign-with=dv.p8 \
  --sign-as=dv.cvcert --key=terminal.p8 --scheme=ECDSA_SHA_256 --out-cert=terminal.cvcert >>log 2>&1
[ "$("$verify" cvca.cvcert dv.cvcert terminal.cvcert)" = "DETESTIS00001 DG3" ]
if "$verify" cvca.cvcert terminal.cvcert 2>log; then exit 1; fi
echo "both ways"
