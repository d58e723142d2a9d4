#!/usr/bin/env bash
# A ceremony that is killed before each step that a disk keeps: no key is left of which neither a protocol nor an opening
# tells, and the ceremony can be held after all: torn_ceremony.sh PATENT_PKI DIE_AT_STEP.so [EVERY]
. "$(dirname "$0")/../expect.sh"
. "$(dirname "$0")/../softhsm.sh"
pki=$(realpath "$1") killer=$(realpath "$2") every=${3:-1}
cd "$work" || exit 1
umask 077
echo 4711-ivanova-part >a.txt; echo 0815-petrov-part >b.txt; echo 4711-ivanova-part0815-petrov-part >whole.txt
echo "404142434445464748494A4B4C4D4E4F 504A77" >one.txt; echo "000102030405060708090A0B0C0D0E0F C35280" >other.txt
two=(--custodian ivanova=file:a.txt --custodian petrov=file:b.txt)
whole() { test -e trust/ceremonies/2026-03-10T090000Z.jws; }
is_open() { test -e trust.ceremony-opened.json -o -e trust/ceremonies/opened.json; }
keys() { "$pki" show "$1" --passphrase-source file:whole.txt --json |
  python3 -c 'import json, sys; print(sorted(one["name"] for one in json.load(sys.stdin)["keys"]))'; }
# torn STEP ARGUMENTS...: killed before that step; fails when the ceremony came to its end.
torn() {
  { LD_PRELOAD=$killer DIE_AT_STEP=$1 ASAN_OPTIONS=verify_asan_link_order=0 \
    "$pki" ceremony trust "${@:2}" "${two[@]}" --at 2026-03-10 >out 2>err; } 2>none  # bash tells who was killed
  local got=$?
  [[ $got == 0 ]] && return 1
  check "killed at step $1" test "$got" = 137
}
# close STEP ARGUMENTS...: ends the torn one, and destroys those of the keys it left that the pattern $ends names.
close() {
  local step=$1 name destroy=()
  shift
  expect 65 "was cut off" "$pki" ceremony trust "$@" "${two[@]}" --at 2026-03-11
  "$pki" ceremony trust --close "${place[@]}" --destroy no-such-key "${two[@]}" >out 2>err
  for name in $(sed -n 's/.*those are: //p' err | tr ' ' '\n' | grep -xE "$ends"); do destroy+=(--destroy "$name"); done
  expect 0 "Protocol: " "$pki" ceremony trust --close "${place[@]}" "${destroy[@]}" "${two[@]}" --at 2026-03-11
  check "step $step: a protocol tells" \
    eval "compgen -G 'trust.ceremony-failed-*.txt' >none || compgen -G 'trust/ceremonies/failed-*.txt' >none"
  check "step $step: nothing is open" eval "! is_open"
}

# --- new keys in a domain of files
place=() ends=maker
arguments=(--new document-signer --enter maker --component file:one.txt --component file:other.txt)
expect 0 "Protocol" "$pki" ceremony template --found "${two[@]}" --at 2026-03-01
before=$(keys template)
for ((step = 1; ; step += every)); do
  rm -rf trust
  cp -a template trust
  torn "$step" "${arguments[@]}" || break
  if is_open && ! whole; then close "$step" "${arguments[@]}"
  elif ! is_open && ! whole; then check "step $step: nothing was made" test "$(keys trust)" = "$before"; fi
  if whole; then expect 0 "" "$pki" ceremony trust --new terminal "${two[@]}" --at 2026-03-12
  else expect 0 "Protocol" "$pki" ceremony trust "${arguments[@]}" "${two[@]}" --at 2026-03-12; fi
done
check "the ceremony was killed often enough: $step" test "$step" -gt 20

# --- a closing that is killed when it has begun to tell: the next one ends the ceremony, and what was told stands
there() { compgen -G "trust/$1" >none; }
for ((step = 1; step < 40; ++step)); do
  rm -rf trust torn
  cp -a template trust
  torn "$step" --enter maker --component file:one.txt --component file:other.txt
  is_open && there 'keys/*maker.master' && break
done
mv trust torn
for ((step = 1; step < 40; ++step)); do
  rm -rf trust
  cp -a torn trust
  torn "$step" --close --destroy maker
  there 'ceremonies/failed-*Z.json' && break
done
check "it was not at its end" is_open
expect 0 "Protocol: trust/ceremonies/failed-2026-03-10T090000Z-2.json" \
  "$pki" ceremony trust --close "${two[@]}" --at 2026-03-11
check "nothing is open after it" eval "! is_open && ! there 'keys/*maker.master'"
check "what the first one destroyed is told" \
  grep -q '"name" : "maker"' trust/ceremonies/failed-2026-03-10T090000Z.json

# --- the founding of a domain in a token
new_hsm
place=(--module $module --token) ends='.*'
for ((step = 1; ; step += 12 * every)); do
  rm -rf trust*
  softhsm2-util --init-token --free --label "t$step" --pin "$(cat whole.txt)" --so-pin 08154711 >util.out 2>&1
  place=(--module $module --token "t$step")
  arguments=(--found "${place[@]}")
  torn "$step" "${arguments[@]}" || break
  if is_open && ! whole; then
    founded=$(test -e trust && echo yes)
    [[ -n $founded ]] && ends=none || ends='.*'
    close "$step" "${arguments[@]}"
    [[ -n $founded ]] && continue
  fi
  whole || expect 0 "Protocol" "$pki" ceremony trust "${arguments[@]}" "${two[@]}" --at 2026-03-12
done
check "the founding was killed often enough: $step" test "$step" -gt 20

# --- a closing that is killed at any step: all that is destroyed is told, and no half of a key stays
fresh() {
  rm -rf trust* hsm
  new_hsm
  softhsm2-util --init-token --free --label "$1" --pin "$(cat whole.txt)" --so-pin 08154711 >util.out 2>&1
  place=(--module $module --token "$1")
}
# keys_left and keys_destroyed, of all protocols together
names() { python3 -c 'import glob, json, sys
print(sorted({key["name"] for file in glob.glob("trust.ceremony-failed-*.json") for key in json.load(open(file))[sys.argv[1]]}))' "$1"; }
left() { "$pki" ceremony trust --close "${place[@]}" --destroy no-such-key "${two[@]}" 2>&1 >out | sed -n 's/.*those are: //p'; }
destroying() { sed 's/none//; s/[^ ]*/--destroy &/g; s/--destroy $//' <<<"$(left)"; }
objects() { find hsm/tokens -name '*.object' ! -name token.object | wc -l; }
for ((torn_at = 80; torn_at < 400; torn_at += 20)); do
  fresh torn
  torn "$torn_at" --found "${place[@]}"
  [[ $(left) == *' '* ]] && break
done
keys=$(destroying) told=$(python3 -c 'import sys; print(sorted(sys.argv[1:]))' $(left))
check "keys were left: $keys" test "$(wc -w <<<"$keys")" -ge 4
cp -a hsm hsm.torn; cp trust.ceremony-opened.json opened.torn
for ((step = 1; ; step += 1 + every / 9)); do
  rm -rf trust* hsm
  cp -a hsm.torn hsm; cp opened.torn trust.ceremony-opened.json
  torn "$step" --close "${place[@]}" $keys || break
  is_open && expect 0 "Protocol" "$pki" ceremony trust --close "${place[@]}" $(destroying) "${two[@]}" --at 2026-03-11
  check "step $step: what is destroyed is told: $(names keys_destroyed)" test "$(names keys_destroyed)" = "$told"
  check "step $step: destroyed whole" test "$(objects)" = 0
done
check "the closing was killed often enough: $step" test "$step" -gt 20

# --- two foundings in one token: the late one destroys nothing of the other's, when it fails and when it is closed
stopped() {  # a founding that has opened, and not yet made a key
  for ((step = 1; step < 40; ++step)); do
    rm -rf trust*
    LD_PRELOAD=$killer DIE_AT_STEP=$step ONLY_STOP=1 ASAN_OPTIONS=verify_asan_link_order=0 \
      "$pki" ceremony trust --found "${place[@]}" "${two[@]}" --at 2026-03-10 >late.out 2>late.err &
    late=$!
    until [[ $(ps -o state= -p $late) == T* ]]; do sleep 0.02; done
    is_open && [[ $(objects) == 0 ]] && return
    kill -KILL $late; wait $late 2>none
  done
}
unspoilt() { test "$("$pki" show other --passphrase-source file:whole.txt --json | grep -cE '"fits_certificate" : true|key_check_value')" = 11; }
for how in CONT KILL; do
  rm -rf other
  fresh "$how"
  stopped
  check "it has opened" is_open
  expect 0 "Trust domain" "$pki" init other "${place[@]}" --passphrase-source file:whole.txt --at 2026-03-10
  kill -$how $late; wait $late 2>none
  check "the late one ends" test $? = "$([[ $how == CONT ]] && echo 73 || echo 137)"
  if [[ $how == KILL ]]; then
    expect 65 "those are: none" "$pki" ceremony trust --close "${place[@]}" --destroy csca "${two[@]}"
    expect 0 "Protocol" "$pki" ceremony trust --close "${place[@]}" "${two[@]}"
  fi
  check "nothing is open, and nothing was destroyed" eval "! is_open && [[ \$(names keys_destroyed) == '[]' ]]"
  check "the other's keys are all there after $how" unspoilt
done
conclude 30
