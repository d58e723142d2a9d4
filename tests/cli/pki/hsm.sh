#!/usr/bin/env bash
# patent-pki with keys in an HSM, well and badly: hsm.sh PATENT_PKI
. "$(dirname "$0")/../expect.sh"
. "$(dirname "$0")/../softhsm.sh"
pki=$(realpath "$1")
cd "$work" || exit 1
new_hsm
new_token moscow && new_token other || exit 1
at=2026-03-10 pin="--passphrase-source file:pin.txt"
init=("$pki" init trust --module $module --token moscow)

# --- what is refused, and leaves nothing
expect 64 "go together" "$pki" init trust --module $module
expect 64 "leave --module out" "${init[@]}" --sample
expect 64 "never the passphrase itself" "${init[@]}" --passphrase-source 47110815
expect 69 "is away: look at --module (the whole path) and --token" "$pki" init trust --module $module --token nowhere $pin
expect 69 "no-such-module.so is away: look at --module" "$pki" init trust --module no-such-module.so --token moscow $pin
check "no file is named that is not there" bash -c '! grep -q vault.json err'
expect 77 "does not open" "${init[@]}" --passphrase-source file:wrong-pin.txt
check "no half domain" test ! -e trust

# --- all keys are inside
expect 0 "moscow" "${init[@]}" $pin --at $at
check "no key is a file" test -z "$(find trust -type f ! -name '*.cer' ! -name '*.cvcert' ! -name '*.crl' ! -name vault.json ! -name renewal.lock)"
check "vault.json is its owner's" test "$(stat -c %a trust/vault.json)" = 600
expect 0 "Keys in token moscow" "$pki" show trust
check "no key is listed without the PIN" bash -c '! grep -q "object=" out'
expect 0 '"key_check_value"' "$pki" show trust $pin --json
check "each key is its certificate's" test "$(grep -c '"fits_certificate" : true' out)" = 8
check "and the PIN is nowhere" bash -c '! grep -rq 47110815 out trust'
expect 73 "exists already" "$pki" init again --module $module --token moscow $pin
check "and what helps" grep -q "One token, one domain: another --token" err
expect 0 "Keys in token" "$pki" show trust

# --- its life
expect 77 "does not open" "$pki" crl trust --passphrase-source file:wrong-pin.txt --at $at
expect 0 "valid until 2036-07-01" "$pki" new document-signer trust $pin --at 2026-04-01
expect 0 "0 of 400000 signatures used, until 2026-07-01" "$pki" show trust
expect 64 "goes with document-signer" "$pki" new status-signer trust --uses 5
expect 64 "1 at least" "$pki" new document-signer trust --uses 0
expect 0 "New document-signer" "$pki" new document-signer trust --uses 5000 $pin --at 2026-04-01
expect 0 '"limit" : 5000' "$pki" show trust --json
expect 0 "Give readers" "$pki" new csca-link trust $pin --at 2026-04-02
expect 0 "RUPATCVCA00002" "$pki" new cvca-link trust $pin --at 2026-04-02
expect 0 "RUPATDV00002" "$pki" new dv trust $pin --at 2026-04-02
expect 0 "RUPATSTAT00002" "$pki" new terminal trust $pin --at 2026-04-02
expect 0 "check value" "$pki" new scp03-master trust --name scp03-issuer-2027 $pin
expect 0 "Request" "$pki" request trust handheld handheld.cvreq --holder RUHANDHELD00001 $pin
expect 0 "Certified RUHANDHELD00001" "$pki" certify trust handheld.cvreq --right fingerprints $pin --at 2026-04-02
expect 0 "fits_certificate" "$pki" show trust $pin --json
check "renewed keys are their certificates'" bash -c '! grep -q "fits_certificate. : false" out'

# --- the token is away, and comes back
mv hsm/tokens hsm/away && mkdir hsm/tokens
expect 69 "is away" "$pki" crl trust $pin --at 2026-04-03
rmdir hsm/tokens && mv hsm/away hsm/tokens
expect 0 "Revocation list" "$pki" crl trust $pin --at 2026-04-03
sed -i s/moscow/other/ trust/vault.json
expect 65 "is not there" "$pki" crl trust $pin --at 2026-04-04
chmod 644 trust/vault.json
expect 77 "can be read by others" "$pki" crl trust $pin --at 2026-04-04
chmod 600 trust/vault.json
echo '{"pkcs11": {"module": "libsofthsm2.so", "token": "moscow"}}' >trust/vault.json
expect 65 "malformed" "$pki" crl trust $pin --at 2026-04-04
conclude 32
