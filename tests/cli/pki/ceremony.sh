#!/usr/bin/env bash
# patent-pki ceremony: two custodians, their keys and the protocol: ceremony.sh PATENT_PKI
. "$(dirname "$0")/../expect.sh"
. "$(dirname "$0")/../softhsm.sh"
pki=$(realpath "$1")
cd "$work" || exit 1
new_hsm
new_token moscow || exit 1
umask 077
echo 4711 >a.txt; echo 0815 >b.txt; echo 0816 >bad.txt
echo "404142434445464748494A4B4C4D4E4F 504A77" >known.txt
echo "404142434445464748494A4B4C4D4E4F 504A78" >slip.txt
echo "000102030405060708090A0B0C0D0E0F 8FB93C" >wrong.txt
echo "0001020304050607 123456" >short.txt
ivanova="--custodian ivanova=file:a.txt" petrov="--custodian petrov=file:b.txt" at="--at 2026-03-10"
two="$ivanova $petrov"
found=("$pki" ceremony trust --found --module $module --token moscow)
field() { python3 -c 'import json, sys; print(eval("json.load(open(sys.argv[1]))" + sys.argv[2]))' "$1" "$2"; }

# --- one custodian is none
expect 64 "two custodians" "${found[@]}" $ivanova
expect 64 "of his own" "${found[@]}" $ivanova --custodian ivanova=file:b.txt
expect 64 "of his own" "${found[@]}" $ivanova --custodian petrov=file:a.txt
cp a.txt copy.txt; ln a.txt link.txt
expect 64 "of his own" "${found[@]}" $ivanova --custodian petrov=file:./a.txt
expect 64 "of his own" "${found[@]}" $ivanova --custodian petrov=file:link.txt
expect 64 "of his own" "${found[@]}" --custodian ivanova=fd:3 --custodian petrov=fd:3 3<a.txt
expect 64 "of his own" "${found[@]}" --custodian ivanova=fd:3 --custodian petrov=fd:4 3<a.txt 4<a.txt
expect 64 "of his own" "${found[@]}" --custodian ivanova=fd:3 --custodian petrov=file:a.txt 3<a.txt
CREDENTIALS_DIRECTORY=$work expect 64 "of his own" "${found[@]}" $ivanova --custodian petrov=credential:link.txt
expect 65 "would know the whole" "${found[@]}" $ivanova --custodian petrov=file:copy.txt
expect 64 "NAME=SOURCE" "${found[@]}" $ivanova --custodian petrov
expect 64 "say --found" "$pki" ceremony trust $two
expect 77 "does not open" "${found[@]}" $ivanova --custodian petrov=file:bad.txt
expect 65 "is not there" "$pki" ceremony trust --new document-signer $two
expect 65 "at least 12" "$pki" ceremony files --found $two
check "nothing was made" test ! -e trust -a ! -e files

# --- the founding
expect 0 "Protocol: trust/ceremonies/2026-03-10T090000Z.json" "${found[@]}" $two $at
protocol=trust/ceremonies/2026-03-10T090000Z
check "all keys are in it" test "$(field $protocol.json '["keys"].__len__()')" = 11
check "made inside" test "$(grep -c '"generated_inside" : "yes"' $protocol.json)" = 11
check "by two" test "$(field $protocol.json '["custodians"][1]["name"]')" = petrov
check "no source is in it" bash -c "! grep -qE '[ab].txt' $protocol.txt $protocol.json"
check "room for two pens" test "$(grep -c ______ $protocol.txt)" = 2
expect 0 "petrov" "$pki" show $protocol.jws
LC_ALL=C sed 's/^\([^.]*\.\)\(....................\)./\1\2A/' $protocol.jws >forged.jws
expect 65 "" "$pki" show forged.jws

# --- new keys, and one that came in components
expect 64 "no KIND" "$pki" ceremony trust --new something $two $at
expect 0 "Protocol" "$pki" ceremony trust --new document-signer --new terminal --new scp03-master:scp03-2027 $two --at 2026-03-11
check "four keys" test "$(field trust/ceremonies/2026-03-11T090000Z.json '["keys"].__len__()')" = 4
enter="$pki ceremony trust --enter maker"
expect 64 "two --component" $enter $two
expect 65 "check value is another" $enter --component file:known.txt --component file:slip.txt $two
expect 65 "is not HEX KCV" $enter --component file:known.txt --component file:short.txt $two
expect 64 "of his own" $enter --component file:known.txt --component file:known.txt $two
expect 64 "of his own" $enter --component file:known.txt --component file:a.txt $two
cp known.txt copy.txt
expect 65 "are the same" $enter --component file:known.txt --component file:copy.txt $two
echo "00000000000000000000000000000000 E14D5D" >zeros.txt
expect 65 "is all zeros" $enter --component file:known.txt --component file:zeros.txt $two
expect 65 "check value is another" $enter --component file:known.txt --component file:wrong.txt $two
openssl enc -aes-128-ecb -nopad -K 000102030405060708090A0B0C0D0E0F -in <(printf '\1%.0s' {1..16}) -out block.bin
echo "000102030405060708090A0B0C0D0E0F $(head -c3 block.bin | od -An -tx1 | tr -d ' ')" >other.txt
expect 0 "Protocol" $enter --component file:known.txt --component file:other.txt $two --at 2026-03-12
whole=$(openssl enc -aes-128-ecb -nopad -K 40404040404040404040404040404040 -in <(printf '\1%.0s' {1..16}) | head -c3 |
  od -An -tx1 | tr -d ' \n' | tr a-f A-F)
check "the combined key's check value" test "$(field trust/ceremonies/2026-03-12T090000Z.json '["keys"][0]["key_check_value"]')" = "$whole"
expect 73 "exists already" $enter --component file:known.txt --component file:other.txt $two --at 2026-03-13
check "what failed is told, and nothing is open" test -e trust/ceremonies/failed-2026-03-13T090000Z.jws -a ! -e trust/ceremonies/opened.json
expect 0 "petrov" "$pki" show trust/ceremonies/failed-2026-03-13T090000Z.jws
expect 64 "--destroy goes with" $enter --component file:known.txt --component file:other.txt $two --destroy maker
expect 65 "was cut off" "$pki" ceremony trust --close $two
expect 73 "exists already" "$pki" ceremony trust --new dv $two --at 2026-03-12
conclude 43
