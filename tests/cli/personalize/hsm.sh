#!/usr/bin/env bash
# A card from keys that are in an HSM: hsm.sh PATENT_PERSONALIZE PATENT_CARD PATENT_PKI MAKE_SAMPLE_ORDERS SOURCE_FOLDER
. "$(dirname "$0")/../expect.sh"
. "$(dirname "$0")/../softhsm.sh"
personalize=$(realpath "$1") card=$(realpath "$2") pki=$(realpath "$3") orders=$(realpath "$4") source=$(realpath "$5")
cd "$work" || exit 1
new_hsm
new_token moscow || exit 1
at=2026-03-10 pin="--passphrase-source file:pin.txt"
"$pki" init trust --module $module --token moscow $pin --at $at >pki.out 2>&1 || { cat pki.out; exit 1; }
"$orders" --people "$source/samples/people.json" --at $at --out made || exit 1
order=made/orders/01-sharipov.json

expect 0 "" "$card" new --domain trust one.card $pin
expect 77 "" "$personalize" issue $order --reader virtual:one.card --domain trust --at $at \
  --passphrase-source file:wrong-pin.txt
expect 0 "issued" "$personalize" issue $order --reader virtual:one.card --domain trust --at $at $pin
expect 65 "issued already" "$personalize" issue $order --reader virtual:one.card --domain trust --at $at $pin
check "no private key was ever a file" test -z "$(find trust/keys -type f)"

# A token that goes away between cards spoils none: the order stays open, and goes on when it is back.
expect 0 "" "$card" new --domain trust two.card $pin
mv hsm/tokens hsm/away && mkdir hsm/tokens
expect 69 "is away" "$personalize" issue made/orders/02-*.json --reader virtual:two.card --domain trust --at $at $pin
rmdir hsm/tokens && mv hsm/away hsm/tokens
expect 0 "issued" "$personalize" issue made/orders/02-*.json --reader virtual:two.card --domain trust --at $at $pin
conclude 8
