#!/usr/bin/env bash
# A card feed for virtual PC/SC readers, and a pattern for one of a printer (docs/card-feed.md). See --help.
set -uo pipefail

usage() {
  cat <<'TEXT'
samples/card-feed.sh FOLDER

Puts the blank cards FOLDER/*.card into one virtual reader of samples/private-pcscd.sh, as patent-personalize batch asks
by lines on standard input. A finished card goes to FOLDER/issued, a spoilt one to FOLDER/rejected; one in hand lies in
FOLDER/slot-N, and is given again after a crash, by whichever feed comes by first. Any number of feeds share a folder.

  VPCD_PORT      the first reader's port, as private-pcscd.sh prints it (default 35963)
  PATENT_CARD    the program that plays a card (default patent-card)

Example:
  export $(samples/private-pcscd.sh start /tmp/pcsc 4)
  patent-personalize batch orders/*.json --readers all --feed "program:samples/card-feed.sh /tmp/blanks" ...
TEXT
}

case ${1---help} in --help | -h) usage; exit 0 ;; esac
folder=$1
card='' player=''

# slot_of READER: "Virtual PCD 1 00 01" is the second entry's second slot; its port is the first one plus 3.
slot_of() {
  [[ $1 =~ ^Virtual\ PCD(\ ([0-9]+))?\ [0-9A-F]{2}\ 0([01])$ ]] || return 1
  echo $((2 * ${BASH_REMATCH[2]:-0} + BASH_REMATCH[3]))
}

# open_slot READER: makes the slot's folder ours, for as long as we live.
open_slot() {
  [[ -n ${slot-} ]] && return
  slot=$(slot_of "$1") || { slot=''; echo "failed no virtual reader: $1"; return 1; }
  mkdir -p "$folder"/{issued,rejected} "$folder/slot-$slot" && exec {ours}>"$folder/slot-$slot/lock" &&
    flock -w 5 "$ours" && return # one that has just lost its batch may still be ending
  slot=''
  echo "failed another feed has this reader, or the folder cannot be written"
  return 1
}

# Moving a file is all or nothing: of two feeds that want one card, one gets it.
take_from() {
  local file
  for file in "$1"/*.card; do
    [[ -f $file ]] && mv "$file" "$folder/slot-$slot/" 2>/dev/null && return
  done
  return 1
}

in_slot() { compgen -G "$folder/slot-$slot/*.card" | head -1; }

# A reader that is asked for its card every 400 ms would not see a quicker change.
let_reader_look() { sleep 1; }

# What a feed that died had in hand comes first; it may have been in the reader until this moment.
find_card() {
  card=$(in_slot)
  [[ -n $card ]] && let_reader_look && return
  local other lock
  for other in "$folder"/slot-*; do
    [[ $other != "$folder/slot-$slot" ]] || continue
    exec {lock}>>"$other/lock" && flock -n "$lock" && take_from "$other" && { exec {lock}>&-; card=$(in_slot); return; }
    exec {lock}>&-
  done
  take_from "$folder" && card=$(in_slot)
}

insert() {
  local word out
  exec {out}< <(exec "${PATENT_CARD:-patent-card}" run "$card" --port $((${VPCD_PORT:-35963} + slot)) --quiet {ours}>&-)
  player=$!
  read -r -t 10 word <&"$out"
  exec {out}<&-
  [[ ${word-} == ready ]]
}

remove() {
  [[ -n $player ]] && kill "$player" 2>/dev/null && wait "$player" 2>/dev/null
  player=''
}
trap remove EXIT
trap 'exit 0' TERM INT HUP

# put_away PLACE
put_away() {
  remove
  if [[ -z $card ]]; then
    echo "failed no card is in hand"
  elif [[ -e $folder/$1/${card##*/} ]] || ! mv "$card" "$folder/$1/"; then
    echo "failed $card cannot be moved to $1"
  else
    card=''
    echo ok
  fi
}

while read -r request rest; do
  case $request in
    get)
      open_slot "$rest" || continue
      if [[ -z $card ]] && ! find_card; then
        echo empty
      elif [[ -n $player ]] || insert; then
        echo ok
      else
        echo "failed $card cannot be put into the reader"
      fi
      ;;
    again)
      remove
      let_reader_look
      if [[ -n $card ]] && insert; then echo ok; else echo "failed no card is in hand"; fi
      ;;
    done) put_away issued ;;
    reject) put_away rejected ;;
    *) echo "failed unknown request" ;;
  esac
done
