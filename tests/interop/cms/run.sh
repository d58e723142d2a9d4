#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh PATENT_PKI SIGN_CONTENT OPENSSL: the openssl program judges a sample trust domain and a signed object.
set -eu
pki=$1 sign=$2 openssl=$3
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
domain=$dir/domain keys=$dir/domain/keys
fail() { echo "FAILED: $*" >&2; exit 1; }
pem() { "$openssl" x509 -inform DER -in "$1" -out "$2"; }

"$pki" init "$domain" --sample 2>"$dir/warning"
grep -q INSECURE-SAMPLE "$dir/warning" || fail "no warning"
pem "$domain/certificates/csca.cer" "$dir/csca.pem"
pem "$domain/certificates/document-signer.cer" "$dir/ds.pem"
pem "$domain/certificates/status-signer.cer" "$dir/status.pem"

echo "chain, also by the strict rules of RFC 5280"
"$openssl" verify -x509_strict -CAfile "$dir/csca.pem" "$dir/ds.pem" "$dir/status.pem" >/dev/null

echo "revocation list"
"$openssl" crl -inform DER -in "$domain/trust/csca.crl" -CAfile "$dir/csca.pem" -noout 2>"$dir/crl"
grep -q "verify OK" "$dir/crl" || fail "revocation list"
"$pki" revoke "$domain" status-signer 2>/dev/null >/dev/null
"$openssl" crl -inform DER -in "$domain/trust/csca.crl" -out "$dir/crl.pem"
"$openssl" verify -crl_check -CAfile "$dir/csca.pem" -CRLfile "$dir/crl.pem" "$dir/ds.pem" >/dev/null
if "$openssl" verify -crl_check -CAfile "$dir/csca.pem" -CRLfile "$dir/crl.pem" "$dir/status.pem" >/dev/null 2>&1; then
  fail "a revoked certificate verifies"
fi

echo "signed object"
head -c 300 /dev/urandom >"$dir/content"
"$sign" "$domain" "$dir/content" "$dir/sod"
"$openssl" cms -verify -inform DER -in "$dir/sod" -CAfile "$dir/csca.pem" -purpose any -binary -out "$dir/out" 2>/dev/null ||
  fail "cms -verify"
cmp "$dir/content" "$dir/out"
"$openssl" cms -cmsout -print -inform DER -in "$dir/sod" | grep -q "eContentType: .*2.23.136.1.1.1" || fail "eContentType"
"$openssl" asn1parse -inform DER -in "$dir/sod" | grep -q "ecdsa-with-SHA384" || fail "signature algorithm"
size=$(wc -c <"$dir/sod")
head -c $((size - 1)) "$dir/sod" >"$dir/bad"
last=$(tail -c 1 "$dir/sod" | od -An -tu1)
printf "\\$(printf %o $((last ^ 1)))" >>"$dir/bad"
if "$openssl" cms -verify -inform DER -in "$dir/bad" -CAfile "$dir/csca.pem" -purpose any -binary -out /dev/null 2>/dev/null; then
  fail "an altered object verifies"
fi

echo "key files"
"$openssl" pkcs8 -in "$keys/INSECURE-SAMPLE-document-signer.p8" -passin "file:$keys/INSECURE-SAMPLE-passphrase" |
  "$openssl" pkey -pubout >"$dir/key.pub"
"$openssl" x509 -in "$dir/ds.pem" -pubkey -noout | cmp - "$dir/key.pub"
"$openssl" asn1parse -in "$keys/INSECURE-SAMPLE-document-signer.p8" | grep -q hmacWithSHA256 || fail "PBKDF2's hash"
if echo wrong | "$openssl" pkcs8 -in "$keys/INSECURE-SAMPLE-csca.p8" -passin stdin >/dev/null 2>&1; then
  fail "a wrong passphrase opens a key"
fi
"$openssl" cms -decrypt -inform PEM -in "$keys/INSECURE-SAMPLE-scp03-issuer.master" \
  -pwri_password "$(cat "$keys/INSECURE-SAMPLE-passphrase")" -out "$dir/master"
test "$(wc -c <"$dir/master")" = 32 || fail "master key"
kcv=$(printf '\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001' |
  "$openssl" enc -aes-256-ecb -nopad -K "$(od -An -v -tx1 "$dir/master" | tr -d ' \n')" | od -An -tx1 -N3 | tr -d ' ' | tr a-f A-F)
"$pki" show "$domain" 2>/dev/null | grep -A2 scp03-issuer.master | grep -q "key_check_value *$kcv" || fail "check value $kcv"

echo "roll-over: the new signer verifies under the old CSCA by the link certificate"
"$pki" new csca-link "$domain" >/dev/null 2>&1
"$pki" new document-signer "$domain" >/dev/null 2>&1
pem "$(ls "$domain"/trust/csca-link-*.cer)" "$dir/link.pem"
pem "$domain/certificates/document-signer.cer" "$dir/ds2.pem"
"$openssl" verify -CAfile "$dir/csca.pem" -untrusted "$dir/link.pem" "$dir/ds2.pem" >/dev/null
if "$openssl" verify -CAfile "$dir/csca.pem" "$dir/ds2.pem" >/dev/null 2>&1; then fail "no link certificate was needed"; fi
echo "all agree"
