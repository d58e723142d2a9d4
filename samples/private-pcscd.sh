#!/usr/bin/env bash
# Starts and stops a PC/SC service of one's own, with virtual readers, beside the system's. See --help.
set -euo pipefail

usage() {
  cat <<'TEXT'
samples/private-pcscd.sh start FOLDER [READERS]
samples/private-pcscd.sh stop FOLDER

start runs a pcscd whose socket, configuration and log lie in FOLDER, with 2 virtual readers (or READERS, up to 16,
rounded up to an even number), and prints what its users need:

  PCSCLITE_CSOCK_NAME=...   for programs that talk to a card: the service's socket
  VPCD_PORT=...             for cards: reader i listens on port VPCD_PORT + i

The system's service and its files are not touched, and root is not needed. stop ends what start began; a second stop
does nothing.

Example:
  export $(samples/private-pcscd.sh start /tmp/pcsc)
  patent-card run blank.card --port $VPCD_PORT &
  opensc-tool --list-readers
  samples/private-pcscd.sh stop /tmp/pcsc

Exit codes: 0 done, 64 usage, 69 pcscd or its virtual driver is missing or does not start, 75 this machine forbids
namespaces (use cards in files instead: --reader virtual:FILE)
TEXT
}

fail() {
  echo "private-pcscd: $2" >&2
  exit "$1"
}

driver=/usr/lib/pcsc/drivers/serial/libifdvpcd.so
export PATH=$PATH:/usr/sbin:/sbin

# The time a process began, in ticks: with its number, a name that is never used again. None of one that has ended but
# that nobody waited for, as in a container whose first process does not.
birth_of() { sed -n 's/.*) \([^ZX] .*\)/\1/p' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# pid_of FOLDER: the service that start began there, if it still lives.
pid_of() {
  local pid birth
  read -r pid birth 2>/dev/null <"$1/started" || return 1
  [[ $(birth_of "$pid") == "$birth" ]] && echo "$pid"
}

listens() { grep -qs ":$(printf %04X "$1") 0\{8,32\}:0000 0A" /proc/net/tcp /proc/net/tcp6; }

# free_ports COUNT: the first of so many ports in a row that nobody listens on.
free_ports() {
  local base i
  for _ in {1..50}; do
    base=$((20000 + RANDOM % 12000))
    for ((i = 0; i < $1; ++i)); do listens $((base + i)) && continue 2; done
    echo $base
    return
  done
  return 1
}

# One entry per two readers; entries with the same driver file overwrite each other, so each has a copy of its own.
configure() {
  local folder=$1 readers=$2 port=$3 entry
  mkdir -p "$folder/reader.conf.d"
  : >"$folder/reader.conf.d/virtual"
  for ((entry = 0; entry < readers / 2; ++entry)); do
    cp "$driver" "$folder/driver$entry.so"
    printf 'FRIENDLYNAME "Virtual PCD%s"\nDEVICENAME /dev/null:0x%X\nLIBPATH %s\nCHANNELID 0x%X\n' \
      "$( ((entry)) && echo " $entry")" $((port + 2 * entry)) "$folder/driver$entry.so" $((port + 2 * entry)) \
      >>"$folder/reader.conf.d/virtual"
  done
}

start() {
  local folder=$1 readers=$((($2 + 1) / 2 * 2)) port pid=
  command -v pcscd >/dev/null || fail 69 "pcscd is not installed (samples/install-packages.sh run)"
  [[ -e $driver ]] || fail 69 "vsmartcard-vpcd is not installed (samples/install-packages.sh run)"
  mkdir -p "$folder"
  folder=$(cd "$folder" && pwd -P)
  [[ ${#folder} -lt 90 && $folder != *[[:space:]]* ]] ||
    fail 64 "$folder: too long for a socket, or with a space, which pcscd's configuration cannot say"
  pid_of "$folder" >/dev/null && fail 69 "$folder: a service is running there; stop it first"

  # pcscd's place is fixed at /run/pcscd: it gets a view of the file system in which that is FOLDER.
  local namespace=(unshare --mount --propagation private) enter
  ((EUID)) && namespace=(unshare --map-root-user --mount --propagation private)
  enter='{ [ -d /run/pcscd ] || { mount -t tmpfs tmpfs /run && mkdir /run/pcscd; }; } && mount --bind . /run/pcscd'
  (cd "$folder" && "${namespace[@]}" sh -c "$enter") 2>/dev/null ||
    fail 75 "this machine forbids namespaces, so there can be no private PC/SC service"

  rm -f "$folder"/pcscd.{comm,pid} "$folder"/driver*.so "$folder"/reader.conf.d/*
  port=$(free_ports "$readers") || fail 69 "no free ports"
  configure "$folder" "$readers" "$port"
  cd "$folder"
  # In a session of its own, so that a terminal's Ctrl-C does not reach it; without its caller's lock (descriptor 9).
  setsid "${namespace[@]}" sh -c "$enter && exec pcscd --foreground --config $folder/reader.conf.d" \
    </dev/null >log 2>&1 9>&- &
  pid=$!
  trap 'kill $pid 2>/dev/null || true' EXIT
  trap 'exit 130' INT TERM
  local ready
  for _ in {1..100}; do
    sleep 0.05
    kill -0 $pid 2>/dev/null || break
    ready=0
    for ((i = 0; i < readers; ++i)); do listens $((port + i)) && ((++ready)); done
    if [[ -S pcscd.comm ]] && ((ready == readers)); then
      echo "$pid $(birth_of $pid)" >started
      trap - EXIT
      printf 'PCSCLITE_CSOCK_NAME=%s\nVPCD_PORT=%s\n' "$folder/pcscd.comm" "$port"
      return
    fi
  done
  tail -5 log >&2
  fail 69 "pcscd does not start; its log is $folder/log"
}

stop() {
  local folder=$1 pid
  if pid=$(pid_of "$folder"); then
    kill "$pid" 2>/dev/null || true
    for _ in {1..100}; do
      pid_of "$folder" >/dev/null || break
      sleep 0.05
    done
    pid_of "$folder" >/dev/null && kill -KILL "$pid" 2>/dev/null
  fi
  rm -rf "$folder"/{started,reader.conf.d} "$folder"/pcscd.{comm,pid} "$folder"/driver*.so
}

case ${1-} in
  --help | -h) usage ;;
  start)
    readers=${3-2}
    [[ $# -ge 2 && $# -le 3 && $readers =~ ^([1-9]|1[0-6])$ ]] || { usage >&2; exit 64; }
    start "$2" "$readers"
    ;;
  stop)
    [[ $# -eq 2 ]] || { usage >&2; exit 64; }
    stop "$2"
    ;;
  *) usage >&2; exit 64 ;;
esac
