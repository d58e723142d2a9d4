#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# foreign.sh JUDGE_OBJECT OPENSSL: the openssl program is another state, with its CSCAs, documents and master list.
set -eu
judge=$1 openssl=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
fail() { echo "FAILED: $*" >&2; exit 1; }

# csca NAME KEY_OPTIONS...: a self-signed CA.
csca() {
  name=$1
  shift
  "$openssl" req -x509 -nodes -days 30 -subj "/C=UT/CN=$name" -keyout "$name.key" -out "$name.pem" \
    -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign "$@" 2>/dev/null
  "$openssl" x509 -in "$name.pem" -outform DER -out "$name.cer"
}
# signer NAME CSCA EXTENSIONS KEY_OPTIONS...: its certificate under the CSCA.
signer() {
  name=$1 by=$2 extensions=$3
  shift 3
  "$openssl" req -new -nodes -subj "/C=UT/CN=$name" -keyout "$name.key" -out "$name.csr" "$@" 2>/dev/null
  printf '%b' "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\nkeyUsage=critical,digitalSignature\n$extensions" >"$name.ext"
  "$openssl" x509 -req -in "$name.csr" -CA "$by.pem" -CAkey "$by.key" -days 20 -extfile "$name.ext" -out "$name.pem" 2>/dev/null
}
# sign NAME TYPE IN OUT OPTIONS...
sign() {
  name=$1 type=$2 in=$3 out=$4
  shift 4
  "$openssl" cms -sign -binary -nodetach -econtent_type "$type" -in "$in" -signer "$name.pem" -inkey "$name.key" \
    -outform DER -out "$out" "$@"
}
# object TAG FILE...: a DER object of the files, with two octets of length.
object() {
  tag=$1
  shift
  size=$(cat "$@" | wc -c)
  printf "\\$(printf %o "$tag")\\202\\$(printf %o $((size / 256)))\\$(printf %o $((size % 256)))"
  cat "$@"
}
refused() { if "$judge" "$@" >/dev/null 2>&1; then fail "accepted: $*"; fi; }

csca rsa -newkey rsa:2048 -sha256
csca pss -newkey rsa:2048 -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20
csca explicit -newkey ec -pkeyopt ec_paramgen_curve:brainpoolP256r1 -pkeyopt ec_param_enc:explicit -sha224
head -c 200 /dev/urandom >content
expected=$(od -An -v -tx1 content | tr -d ' \n' | tr a-f A-F)

echo "documents"
sod=2.23.136.1.1.1
document() {
  name=$1 by=$2
  shift 2
  sign "$name" $sod content sod "$@"
  test "$("$judge" "$by.cer" sod)" = "$expected" || fail "$name under $by: $*"
  refused other.cer sod
  cp sod altered
  printf '\377' | dd of=altered bs=1 seek=$(($(wc -c <sod) - 40)) conv=notrunc 2>/dev/null
  cmp -s sod altered || refused "$by.cer" altered
}
csca other -newkey ec -pkeyopt ec_paramgen_curve:P-256
signer ds-rsa rsa "" -newkey rsa:2048
signer ds-explicit explicit "" -newkey ec -pkeyopt ec_paramgen_curve:P-384 -pkeyopt ec_param_enc:explicit
signer ds-pss pss "" -newkey rsa:3072
for hash in sha1 sha224 sha256 sha384 sha512; do
  document ds-rsa rsa -md $hash
  document ds-rsa rsa -md $hash -keyid
  document ds-explicit explicit -md $hash
  for salt in 0 20 33; do
    document ds-pss pss -md $hash -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:$salt
  done
done
document ds-rsa rsa -md sha256 -stream -indef
sign ds-rsa $sod content sod -noattr
refused rsa.cer sod
sign ds-rsa $sod content sod -nocerts
refused rsa.cer sod

echo "a master list"
master=2.23.136.1.1.2
list_signer='extendedKeyUsage=critical,2.23.136.1.1.3\n'
signer ml explicit "$list_signer" -newkey ec -pkeyopt ec_paramgen_curve:brainpoolP384r1
printf '\002\001\000' >version
object 49 rsa.cer pss.cer explicit.cer >set
object 48 version set >list
for options in "" "-keyid" "-stream -indef" "-certfile explicit.pem"; do
  # shellcheck disable=SC2086 # words on purpose
  sign ml $master list ml -md sha384 $options
  "$judge" explicit.cer ml | LC_ALL=C sort >subjects
  printf 'CN=explicit,C=UT\nCN=pss,C=UT\nCN=rsa,C=UT\n' | cmp - subjects || fail "master list $options"
  refused rsa.cer ml
done
sign ds-explicit $master list ml
refused explicit.cer ml
sign ml $sod list ml
refused explicit.cer ml
echo "all agree"
