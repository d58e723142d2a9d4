#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh PATENT_PKI: the tool as its users run it, well and badly.
set -u
pki=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
faults=0

# want CODE TEXT ARGUMENT...: exit code, and a text on either output.
want() {
  code=$1 text=$2
  shift 2
  "$pki" "$@" >"$dir/out" 2>&1 </dev/null
  got=$?
  if [ $got != "$code" ] || ! grep -q -e "$text" "$dir/out"; then
    echo "FAILED: patent-pki $*: exit $got, wanted $code with \"$text\":" >&2
    cat "$dir/out" >&2
    faults=$((faults + 1))
  fi
}
check() {
  if ! "$@"; then
    echo "FAILED: $*" >&2
    faults=$((faults + 1))
  fi
}

want 0 'Commands:' --help
want 0 'patent-pki [0-9]' --version
want 64 'Usage' 
want 64 'no command bogus' bogus
for command in init new revoke crl request certify show; do
  want 0 'Examples:' "$command" --help
  want 64 'is missing' "$command"
  want 64 'patent-pki '"$command"' --help' "$command" --nonsense
done

want 64 'profile wants' init "$dir/a" --sample --profile gost
want 64 'country wants' init "$dir/a" --sample --country ru
want 64 'state wants' init "$dir/a" --sample --state RU
want 64 'organization wants' init "$dir/a" --sample --organization ""
want 64 'at wants' init "$dir/a" --sample --at 10.03.2026
want 64 'at wants' init "$dir/a" --sample --at 2026-02-30
want 64 'makes its own' init "$dir/a" --sample --passphrase-source prompt
want 64 'never the passphrase itself' init "$dir/a" --passphrase-source "secret words here"
check sh -c '! grep -q "secret words" "$1"' - "$dir/out"
want 77 'passphrase-source' init "$dir/a" --passphrase-source fd:0
check test ! -e "$dir/a"

umask 077
echo 'correct horse battery staple' >"$dir/passphrase"
echo short >"$dir/short"
umask 022
want 65 'at least 12' init "$dir/a" --passphrase-source "file:$dir/short"
chmod 644 "$dir/short"
want 77 'chmod 600' init "$dir/a" --passphrase-source "file:$dir/short"
want 0 'Trust domain' init "$dir/a" --passphrase-source "file:$dir/passphrase" --profile icao-compat --at 2026-03-10
check test -z "$(find "$dir/a/keys" -type f ! -perm 600)"
check test -z "$(find "$dir/a" -name 'INSECURE*')"
want 73 'exists already' init "$dir/a" --passphrase-source "file:$dir/passphrase"
want 0 'secp256r1' show "$dir/a"
check sh -c '! grep -q key_check_value "$1"' - "$dir/out"
want 0 'key_check_value' show "$dir/a" --passphrase-source "file:$dir/passphrase"
want 0 '"key_check_value" : "[0-9A-F]\{6\}"' show "$dir/a" --json --passphrase-source "file:$dir/passphrase"
check sh -c '! grep -q "correct horse" "$1"' - "$dir/out"
want 0 'country signing CA' show "$dir/a/certificates/csca.cer"
want 0 'number *1$' show "$dir/a/trust/csca.crl"
want 65 'is malformed' show "$dir/passphrase"
want 65 'is not there' show "$dir/absent"

echo 'another passphrase of mine' >"$dir/wrong"
chmod 600 "$dir/wrong"
want 77 'does not open' new document-signer "$dir/a" --passphrase-source "file:$dir/wrong"
want 65 'is not there' new document-signer "$dir/absent" --passphrase-source "file:$dir/passphrase"
want 64 'no KIND' new something "$dir/a"
want 64 'wants --name' new scp03-master "$dir/a"
want 64 'aes wants' new scp03-master "$dir/a" --name more --aes 512
want 65 'not allowed' new scp03-master "$dir/a" --name ../more --passphrase-source "file:$dir/passphrase"
want 73 'exists already' new scp03-master "$dir/a" --name scp03-issuer --passphrase-source "file:$dir/passphrase"
want 0 'check value [0-9A-F]\{6\}$' new scp03-master "$dir/a" --name more --aes 192 --passphrase-source "file:$dir/passphrase"
want 73 'exists already' new ledger "$dir/a" --passphrase-source "file:$dir/passphrase"
rm "$dir/a/keys/ledger.master"  # as in a domain from before it
want 0 'New master key ledger, AES-256, key check value [0-9A-F]\{6\}$' new ledger "$dir/a" --passphrase-source "file:$dir/passphrase"
want 65 'no credential pin' crl "$dir/a" --passphrase-source credential:pin
want 0 'valid until 2036-07-01' new document-signer "$dir/a" --at 2026-04-01 --passphrase-source "file:$dir/passphrase"
want 65 'new csca-link' new document-signer "$dir/a" --at 2032-01-01 --passphrase-source "file:$dir/passphrase"
want 0 'Revoked' revoke "$dir/a" status-signer --at 2026-04-02 --passphrase-source "file:$dir/passphrase"
want 65 'revoked already' revoke "$dir/a" status-signer --at 2026-04-02 --passphrase-source "file:$dir/passphrase"
want 65 'is not there' revoke "$dir/a" nobody --passphrase-source "file:$dir/passphrase"
want 65 'before the' crl "$dir/a" --at 2026-01-01 --passphrase-source "file:$dir/passphrase"
want 0 'list 3: 1 entries' crl "$dir/a" --at 2026-04-03 --passphrase-source "file:$dir/passphrase"
want 0 'Give readers' new csca-link "$dir/a" --at 2026-05-01 --passphrase-source "file:$dir/passphrase"
want 0 'CSCA link' show "$dir/a/trust"
want 0 'list 5: 1 entries' crl "$dir/a" --at 2026-05-02 --passphrase-source "file:$dir/passphrase"

want 0 'role *country verifying CA' show "$dir/a/certificates/cvca.cvcert"
want 0 'rights *read fingerprints (DG3)$' show "$dir/a/certificates/terminal-inspection.cvcert"
want 0 'rights *append records$' show "$dir/a/certificates/terminal-status.cvcert"
want 0 '"holder" : "RUPATDV00001"' show "$dir/a/certificates/dv.cvcert" --json
want 0 'terminal-status: RUPATSTAT00002, valid until 2026-05-20' new terminal "$dir/a" --at 2026-04-20 --passphrase-source "file:$dir/passphrase"
want 65 'Renew it first' new terminal "$dir/a" --at 2026-06-11 --passphrase-source "file:$dir/passphrase"
want 0 'RUPATCVCA00002, valid until 2029-06-11' new cvca-link "$dir/a" --at 2026-06-11 --passphrase-source "file:$dir/passphrase"
want 0 'authority *RUPATCVCA00001' show "$dir/a/certificates/cvca-link-00002.cvcert"
want 0 'RUPATDV00002, valid until 2026-09-11' new dv "$dir/a" --at 2026-06-11 --passphrase-source "file:$dir/passphrase"
want 0 'RUPATINSP00003, valid until 2026-07-11' new terminal "$dir/a" --at 2026-06-11 --passphrase-source "file:$dir/passphrase"
want 0 'authority *RUPATDV00002' show "$dir/a/certificates/terminal-status.cvcert"
want 0 '"fits_certificate" : true' show "$dir/a" --json --passphrase-source "file:$dir/passphrase"
check sh -c '! grep -q "fits_certificate. : false" "$1"' - "$dir/out"
# A terminal elsewhere gets a certificate, and later another under its own old key.
want 0 'Trust domain' init "$dir/b" --sample --profile icao-compat --country BY --state BLR --at 2026-06-11
want 64 'holder is missing' request "$dir/b" handheld "$dir/first.cvreq"
want 65 'two letters' request "$dir/b" handheld "$dir/first.cvreq" --holder HANDHELD
want 0 'Request' request "$dir/b" handheld "$dir/first.cvreq" --holder RUHANDHELD00001 --authority RUPATDV00002
want 73 'exists already' request "$dir/b" handheld "$dir/first.cvreq" --holder RUHANDHELD00001
want 0 'holder *RUHANDHELD00001$' show "$dir/first.cvreq"
want 0 'signed_by_its_key *yes$' show "$dir/first.cvreq"
want 0 '"authority" : "RUPATDV00002"' show "$dir/first.cvreq" --json
certify="certify $dir/a"
passphrase="--passphrase-source file:$dir/passphrase --at 2026-06-12"
want 64 'right wants' $certify "$dir/first.cvreq" --right everything $passphrase
want 64 'role wants' $certify "$dir/first.cvreq" --role cvca $passphrase
want 65 'meant for another issuer' $certify "$dir/first.cvreq" --role dv $passphrase
want 65 'does not hold at this time' $certify "$dir/first.cvreq" --passphrase-source "file:$dir/passphrase" --at 2027-01-01
want 65 'is malformed' $certify "$dir/a/certificates/dv.cvcert" $passphrase
want 0 'Certified RUHANDHELD00001 until 2026-07-12' $certify "$dir/first.cvreq" --right fingerprints $passphrase
want 73 'exists already' $certify "$dir/first.cvreq" --right fingerprints $passphrase
want 0 'authority *RUPATDV00002$' show "$dir/a/certificates/RUHANDHELD00001.cvcert"
want 0 'rights *read fingerprints (DG3)$' show "$dir/a/certificates/RUHANDHELD00001.cvcert"
cp "$dir/a/certificates/RUHANDHELD00001.cvcert" "$dir/b/certificates/handheld.cvcert"
want 0 'Request' request "$dir/b" handheld-2 "$dir/next.cvreq" --holder RUHANDHELD00002 --signer handheld
want 0 'signed_once_more *RUHANDHELD00001$' show "$dir/next.cvreq"
want 0 'Certified RUHANDHELD00002' $certify "$dir/next.cvreq" --right fingerprints --right append $passphrase
want 0 'rights *read fingerprints (DG3), append records$' show "$dir/a/certificates/RUHANDHELD00002.cvcert"
want 0 'Request' request "$dir/b" handheld-3 "$dir/stranger.cvreq" --holder RUHANDHELD00003 --signer terminal-status
want 65 'not there' $certify "$dir/stranger.cvreq" $passphrase
want 0 'Request' request "$dir/b" neighbour "$dir/neighbour.cvreq" --holder BYNEIGHB00001
want 0 'Certified BYNEIGHB00001 until 2026-09-12' $certify "$dir/neighbour.cvreq" --role dv-foreign --right fingerprints $passphrase
want 0 'role *foreign document verifier' show "$dir/a/certificates/BYNEIGHB00001.cvcert"
want 0 'Request' request "$dir/b" honest "$dir/honest.cvreq" --holder RUHANDHELD00005
LC_ALL=C sed 's/RUHANDHELD00005/RUHANDHELD00006/' "$dir/honest.cvreq" >"$dir/forged.cvreq"
want 0 'signed_by_its_key *no$' show "$dir/forged.cvreq"
want 65 'not signed by' $certify "$dir/forged.cvreq" $passphrase
want 0 'Trust domain' init "$dir/c" --sample --profile icao-2026 --at 2026-06-11
want 0 'Request' request "$dir/c" handheld "$dir/curve.cvreq" --holder RUHANDHELD00004
want 65 'another algorithm or curve' $certify "$dir/curve.cvreq" $passphrase
head -c 60 "$dir/first.cvreq" >"$dir/torn.cvreq"
want 65 'is malformed' show "$dir/torn.cvreq"
want 0 '"fits_certificate" : true' show "$dir/b" --json
check sh -c '! grep -q "fits_certificate. : false" "$1"' - "$dir/out"
head -c 100 "$dir/a/certificates/dv.cvcert" >"$dir/torn.cvcert"
want 65 'is malformed' show "$dir/torn.cvcert"

"$pki" crl "$dir/a" --at 2026-05-03 --passphrase-source fd:3 3<"$dir/passphrase" >"$dir/out" 2>&1
check grep -q 'list 6' "$dir/out"

chmod 640 "$dir/a/keys/csca.p8"
want 77 'chmod 600' crl "$dir/a" --at 2026-05-04 --passphrase-source "file:$dir/passphrase"

[ $faults = 0 ] && echo "all as wanted"
exit $((faults != 0))
