#!/usr/bin/env bash
# From orders to verdicts over a real PC/SC stack, on sample data. See --help.
set -euo pipefail
caller=$PWD
cd "$(dirname "$0")/.."

usage() {
  cat <<'TEXT'
samples/quickstart.sh [--embedded] [--at YYYY-MM-DD] [--build FOLDER] [--work FOLDER]

Installs what is missing, builds, makes a sample trust domain, starts a private PC/SC service with virtual cards, issues the sample
orders, inspects each card, then bad ones; then a payment arrives, and handhelds that got a trust package say who may
work today; then a floor with four readers writes 200 cards, and somebody pulls its plug half-way. Of the system
it only installs Debian packages; all else lies in build/release and samples/work.

  --embedded      without PC/SC: cards in files, in the tools' own process
  --at DATE       the day of the story (default: today)
  --build FOLDER  take the tools from this build folder instead of building build/release
  --work FOLDER   put everything here instead of samples/work

Examples:
  samples/quickstart.sh
  samples/quickstart.sh --embedded --at 2028-02-29

Exit codes: 0 every card got the verdict it deserves, 1 one did not, 64 usage, 69 something could not be installed or started,
77 something is to be installed by root, 130 stopped.
TEXT
}

value() { [[ -n ${2-} ]] || { echo "$1 takes a value; see --help" >&2; exit 64; }; }

at=$(date +%F)
embedded=no
built=
work=samples/work
while (($#)); do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --embedded) embedded=yes ;;
    --at) value "$@"; at=$2; shift ;;
    --build) value "$@"; built=$(cd "$caller" && realpath -m "$2"); shift ;;
    --work) value "$@"; work=$(cd "$caller" && realpath -m "$2"); shift ;;
    *) usage >&2; exit 64 ;;
  esac
  shift
done
if [[ ! $at =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ ]] || ! date -d "$at" >/dev/null 2>&1; then
  echo "--at takes a day, as 2026-03-10: $at is none" >&2
  exit 64
fi
if [[ $built && ! -x $built/reader/patent-reader ]]; then
  echo "--build takes a folder that holds a build: $built does not" >&2
  exit 64
fi

# It clears this folder of earlier stories: never one that holds something else.
if [[ -d $work && ! -e $work/lock && -n $(ls -A "$work") ]]; then
  echo "$work is not empty and was not made by a quickstart: choose another folder." >&2
  exit 64
fi
mkdir -p "$work"
work=$(cd "$work" && pwd)
exec 9>"$work/lock"
flock -n 9 || { echo "Another quickstart is running in $work; wait for it or stop it." >&2; exit 69; }

# ---- what was started is stopped, however this ends
pids=()
stop_cards() {
  ((${#pids[@]})) || return 0
  kill "${pids[@]}" 2>/dev/null || true
  wait "${pids[@]}" 2>/dev/null || true
  pids=()
}
clean_up() {
  stop_cards
  [[ $embedded == yes ]] || samples/private-pcscd.sh stop "$work/pcscd" >/dev/null 2>&1 || true
}
trap clean_up EXIT
trap 'exit 130' INT TERM

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

# ---- build
samples/install-packages.sh story
if [[ $embedded == no ]]; then samples/install-packages.sh run; fi
bin=${built:-build/release}
if [[ -z $built ]]; then
  samples/install-packages.sh build
  say "Building (the first time takes some minutes; follow it: tail -f ${work#"$PWD/"}/build.log)"
  mkdir -p "$bin" # locked: quickstarts with work folders of their own share it
  { flock 8 && cmake -G Ninja -S . -B "$bin" -DCMAKE_BUILD_TYPE=Release -DPATENT_TESTS=OFF && ninja -C "$bin"; } \
    >"$work/build.log" 2>&1 8>"$bin/lock" || { tail -40 "$work/build.log" >&2; exit 69; }
fi
bin=$(cd "$bin" && pwd)
pki=$bin/crypto/patent-pki card=$bin/card/patent-card
personalize=$bin/personalize/patent-personalize reader=$bin/reader/patent-reader

# ---- the trust domain: founded long ago, its signers renewed for today
day() { date -d "$at $1" +%F; }
rm -rf "$work"/{domain,foreign,cards,floor,orders,stories,issued,issued-abroad,fingers,lists,handheld,forgotten,*.can,*.json,*.jsonl,*.db*,*.package,*.csv}
say "A sample trust domain (every key in it is an INSECURE-SAMPLE)"
founded=$(day '-401 days') renewed=$(day '-2 days')
"$pki" init "$work/domain" --sample --at "$founded" 2>/dev/null
"$pki" init "$work/foreign" --sample --organization "Nobody you know" --at "$renewed" >/dev/null 2>&1
"$bin"/samples/make-sample-orders --people samples/people.json --at "$at" --out "$work"
orders=("$work"/orders/*.json)
"$card" new --domain "$work/domain" --folder "$work/cards" --count $((${#orders[@]} + 6)) >/dev/null 2>&1
blanks=("$work"/cards/*.card)
"$card" new --domain "$work/foreign" "$work/cards/foreign.card" >/dev/null 2>&1

# ---- readers: PC/SC with virtual cards in it, or cards in files
if [[ $embedded == no ]]; then
  status=0
  settings=$(samples/private-pcscd.sh start "$work/pcscd" ${#orders[@]} 2>"$work/service.log") || status=$?
  if ((status == 75)); then
    echo "This machine forbids namespaces: using the embedded card instead of PC/SC."
    embedded=yes
  elif ((status)); then
    cat "$work/service.log" >&2
    exit 69
  else
    export ${settings?}
  fi
fi

# insert CARD...: takes out what is in the readers and puts these in; fills `readers`, one each.
insert() {
  local file i
  readers=()
  if [[ $embedded == yes ]]; then
    for file in "$@"; do readers+=("virtual:$file"); done
    return
  fi
  if ((${#pids[@]})); then stop_cards; sleep 1.2; fi # PC/SC looks for removed cards about every 400 ms
  "$card" run "$@" --port "$VPCD_PORT" --quiet >"$work/cards.log" 2>&1 &
  pids+=($!)
  for ((i = 0; i < $#; ++i)); do readers+=("$i"); done
}

# issue DOMAIN AT JOURNAL ORDER...: onto the cards in the readers, in order; into the status authority's ledger beside the journal.
issue() {
  local domain=$1 when=$2 journal=$3 i options=()
  shift 3
  for ((i = 0; i < $#; ++i)); do options+=(--reader "${readers[i]}"); done
  "$personalize" issue "$@" "${options[@]}" --domain "$domain" --journal "$journal" --ledger "$journal.db" --list-uri https://status.example/lists \
    --regions samples/regions.json --at "$when" --operator quickstart --quiet 2>>"$work/issue.log"
}

can_of() { jq -r .can "$1/$(jq -r .order_id "$2").print.json"; }

results=$work/results.tsv
: >"$results"
wrong=0
# inspect TITLE READER CAN EXPECTED_REASON [HANDHELD [AT]]: by the domain's certificates, or by what a handheld has installed.
inspect() {
  local status=0 by=(--trust "$work/domain/trust")
  [[ -z ${5-} ]] || by=(--store "$5")
  "$reader" inspect --reader "$2" --wait 5 --can-file <(echo "$3") "${by[@]}" --territory 45000000 --at "${6-$at}" --json \
    --log "$work/checks.db" --device quickstart --role officer >"$work/verdict.json" 2>>"$work/inspect.log" || status=$?
  if ((status > 2)); then echo "patent-reader ended with $status; see $work/inspect.log" >&2; exit 69; fi
  jq -r --arg title "$1" '[.document.card_number // "-", (if .document.confirmed then .document.surname_latin + " " + .document.given_names_latin else $title end),
    .outcome, .headline, (.traffic.elapsed_us / 1000 | floor), .traffic.apdus] | @tsv' "$work/verdict.json" >>"$results"
  if [[ $(jq -r .headline "$work/verdict.json") != "$4" ]]; then
    echo "Expected $4 for $1, got $(jq -r .headline "$work/verdict.json")" >&2
    wrong=1
  fi
}

# ---- a patent of last year, under the signers of last year; then the signers are renewed
say "Issuing a card thirteen months ago, then renewing the signers"
insert "${blanks[0]}"
issue "$work/domain" "$(day '-400 days')" "$work/issued" "$work/stories/lapsed.json"
for signer in document-signer status-signer seal-signer; do "$pki" new $signer "$work/domain" --at "$renewed" >/dev/null 2>&1; done
for terminals in dv terminal; do "$pki" new $terminals "$work/domain" --at "$renewed" >/dev/null 2>&1; done
"$pki" crl "$work/domain" --at "$renewed" >/dev/null 2>&1

say "Issuing ${#orders[@]} orders"
insert "${blanks[@]:5:${#orders[@]}}"
issue "$work/domain" "$at" "$work/issued" "${orders[@]}"

say "Inspecting them, with no network"
for i in "${!orders[@]}"; do inspect "order $((i + 1))" "${readers[i]}" "$(can_of "$work/issued" "${orders[i]}")" OK; done
right=$(can_of "$work/issued" "${orders[0]}")
inspect "wrong CAN" "${readers[0]}" "$(printf %06d $(((10#$right + 1) % 1000000)))" CAN_WRONG

say "Issuing and inspecting cards that somebody should look at twice"
insert "${blanks[@]:0:5}" "$work/cards/foreign.card"
all=("${readers[@]}")
readers=("${all[1]}") && issue "$work/domain" "$(day '-1 day')T15:00:00Z" "$work/issued" "$work/stories/unpaid.json"
readers=("${all[2]}") && issue "$work/domain" "$at" "$work/issued" "$work/stories/other-region.json"
readers=("${all[5]}") && issue "$work/foreign" "$at" "$work/issued-abroad" "${orders[1]}"
forge() { "$bin"/samples/forge-sample --domain "$work/domain" --at "${at}T09:00:00Z" "$@"; }
forge --order "${orders[2]}" --face-of "${orders[6]}" --reader "${all[3]}" --can-to "$work/forged.can"
forge --order "${orders[3]}" --reader "${all[4]}" --can-to "$work/cloned.can"
inspect "lapsed" "${all[0]}" "$(can_of "$work/issued" "$work/stories/lapsed.json")" TERM_OVER
inspect "unpaid" "${all[1]}" "$(can_of "$work/issued" "$work/stories/unpaid.json")" UNPAID
inspect "other region" "${all[2]}" "$(can_of "$work/issued" "$work/stories/other-region.json")" WRONG_TERRITORY
inspect "forged face" "${all[3]}" "$(<"$work/forged.can")" FORGED
inspect "cloned chip" "${all[4]}" "$(<"$work/cloned.can")" CLONE_SUSPECT
inspect "unknown signer" "${all[5]}" "$(can_of "$work/issued-abroad" "${orders[1]}")" UNKNOWN_ISSUER

say "What the inspections said"
{
  printf 'CARD\tHOLDER\tVERDICT\tREASON\tMS\tAPDUS\n'
  cat "$results"
} | column -t -s $'\t'
printf '\nOne card as an officer sees it:\n\n'
insert "${blanks[5]}"
"$reader" inspect --reader "${readers[0]}" --wait 5 --can "$right" --trust "$work/domain/trust" --territory 45000000 --at "$at" --lang ru --photo "$work/photo.jpg"
printf '\nIts photo: %s\n' "$work/photo.jpg"

# fingers WHOSE_TERMINAL EXPECTED [OPTION...]: what a terminal gets of the fingerprints on the card in the first reader.
fingers() {
  local who=$1 expected=$2 got
  shift 2
  "$reader" inspect --reader "${readers[0]}" --wait 5 --can-file <(echo "$right") --trust "$work/domain/trust" --territory 45000000 --at "$at" --json "$@" \
    >"$work/verdict.json" 2>>"$work/inspect.log" || true
  got=$(jq -r '.document.fingers // [] | if . == [] then "not readable" else map(.position) | join(", ") end' "$work/verdict.json")
  printf '  %-34s %s\n' "$who" "$got"
  if [[ $got != "$expected" ]]; then
    echo "Expected $expected" >&2
    wrong=1
  fi
}
say "Its fingerprints, for those who may read them"
fingers "no terminal certificate" "not readable"
fingers "terminal of another country" "not readable" --terminal "$work/foreign"
fingers "the domain's inspection terminal" "right_index, left_index" --terminal "$work/domain" --fingers "$work/fingers"

say "The day before: two neighbours' last paid day. Lists are published, and two handhelds get the first trust package"
yesterday=$(day '-1 day')
insert "${blanks[-1]}"
issue "$work/domain" "${yesterday}T15:00:00Z" "$work/issued" "$work/stories/payer.json"
authority=(--ledger "$work/issued.db" --domain "$work/domain" --regions samples/regions.json)
publish() { "$personalize" status publish "${authority[@]}" --out "$work/lists" --at "$1" 2>>"$work/publish.log"; }
package() { "$personalize" package build "${authority[@]}" "$@" 2>>"$work/publish.log"; }
publish "${yesterday}T16:00:00Z"
package --out "$work/1.package" --at "${yesterday}T16:30:00Z"
for handheld in handheld forgotten; do
  "$reader" package install "$work/1.package" --store "$work/$handheld" --trust "$work/domain/trust" --at "${yesterday}T17:00:00Z" >/dev/null
done

say "One of them has paid in time. The statement arrives overnight; lists and a delta go out; one handheld gets the delta only"
price=$(jq -r --arg day "$yesterday" '.regions[] | select(.series == "77").prices | map(select(.from <= $day)) | last.roubles' samples/regions.json)
{
  echo "uin,payer_inn,kbk,oktmo,sum_kopecks,paid_on,known_on"
  echo "18810000000000000017,$(jq -r .holder.inn "$work/stories/payer.json"),18210102040011000110,45000000,${price}00,$yesterday,$at"
} >"$work/payments.csv"
"$personalize" payments import "$work/payments.csv" --ledger "$work/issued.db" --domain "$work/domain" --at "${at}T05:30:00Z"
publish "${at}T06:00:00Z"
package --base 1 --out "$work/1-2.package" --at "${at}T06:30:00Z"
"$reader" package install "$work/1-2.package" --store "$work/handheld" --at "${at}T07:00:00Z"

: >"$results"
insert "${blanks[-1]}" "${blanks[1]}" "${blanks[14]}"
all=("${readers[@]}")
paid_up=${orders[9]}
inspect "payer" "${all[0]}" "$(can_of "$work/issued" "$work/stories/payer.json")" OK_EXTENDED "$work/handheld"
inspect "neighbour" "${all[1]}" "$(can_of "$work/issued" "$work/stories/unpaid.json")" UNPAID "$work/handheld"
inspect "left alone for a week" "${all[2]}" "$(can_of "$work/issued" "$paid_up")" STALE "$work/forgotten" "$(day '+7 days')"
{
  printf 'CARD\tHOLDER\tVERDICT\tREASON\tMS\tAPDUS\n'
  cat "$results"
} | column -t -s $'\t'

say "A chip that is dead: the QR code on its back, and what the lists say"
status=0
"$reader" qr "$work/issued/$(jq -r .order_id "$work/stories/payer.json").qr.png" --store "$work/handheld" --territory 45000000 --at "$at" || status=$?
((status == 2)) || wrong=1

say "What was checked, in a log that cannot be changed unseen"
"$reader" log verify "$work/checks.db"

say "The floor: 200 orders, 205 blanks from the factory, four readers"
stop_cards
floor=$work/floor
"$bin"/samples/make-sample-orders --people samples/people.json --at "$at" --out "$work" --count 200
"$card" new --domain "$work/domain" --folder "$floor" --count 205 --json 2>/dev/null |
  jq -r '"number,product,chip_serial", (to_entries[] | "PR\(1000001 + .key),PATENT-V1,\(.value.chipSerial)")' >"$work/delivery.csv"
books=(--ledger "$work/floor.db")
"$personalize" stock receive "$work/delivery.csv" "${books[@]}" --station quickstart --at "$at" --operator quickstart
feed=(--feed "virtual:$floor" --readers 4)
if [[ $embedded == no ]]; then
  samples/private-pcscd.sh stop "$work/pcscd"
  settings=$(samples/private-pcscd.sh start "$work/pcscd" 4 2>"$work/service.log") || { cat "$work/service.log" >&2; exit 69; }
  export ${settings?} PATENT_CARD=$card
  feed=(--feed "program:samples/card-feed.sh $floor" --readers all)
fi
write_batch=("$personalize" batch "$work/batch.jsonl" "${feed[@]}" "${books[@]}" --domain "$work/domain" --regions samples/regions.json
  --list-uri https://status.example/lists --station quickstart --operator quickstart --at "$at" --quiet)
finished() { find "$floor/issued" -name '*.card' 2>/dev/null | wc -l; }

"${write_batch[@]}" >"$work/batch.log" 2>&1 &
batch=$!
while (($(finished) < 100)) && kill -0 $batch 2>/dev/null; do sleep 0.1; done
kill -KILL $batch
{ wait $batch; } 2>/dev/null || true
printf 'kill -KILL at %s finished cards; four more were in the readers. The same command again:\n' "$(finished)"
"${write_batch[@]}" 2>>"$work/batch.log" || wrong=1

say "Each order is one card, and each blank accounted for"
"$personalize" stock report "${books[@]}" --station quickstart --check --at "$at" 2>&1 || wrong=1
"$personalize" audit verify "${books[@]}" --trust "$work/domain/trust" --at "$at" || wrong=1
"$personalize" events next --receiver quickstart "${books[@]}" --most 1000 >"$work/events.jsonl"
issued=$(jq -r 'select(.kind == "issued").card_number' "$work/events.jsonl" | wc -l)
different=$(jq -r 'select(.kind == "issued").card_number' "$work/events.jsonl" | sort -u | wc -l)
printf 'cards issued: %s, different ones: %s, in the tray: %s\n' "$issued" "$different" "$(finished)"
[[ $issued == 200 && $different == 200 && $(finished) == 200 ]] || wrong=1
((wrong)) || printf '\nAll as expected. Next: README, Use it by hand.\n'
exit $wrong
