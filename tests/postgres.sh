#!/usr/bin/env bash
# A PostgreSQL server for tests, on a socket of its own in a temporary folder, as an ordinary user where root starts it.
# For each name read from standard input it makes a database and prints its URI; for ".stop" and ".start" the server
# does so, and it prints that. When standard input ends, or whoever started it dies, the server is gone and so is the
# folder.
#
#   tests/postgres.sh [--durable]     --durable: commits wait for the disk, as they do outside of tests
set -euo pipefail
fsync=off
[[ ${1-} == --durable ]] && fsync=on

bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -1)
[[ -x $bin/postgres ]] || { echo "tests/postgres.sh: no PostgreSQL server here; samples/install-packages.sh test" >&2; exit 69; }
folder=$(mktemp -d "${TMPDIR:-/tmp}/patent-postgres-XXXXXX")
server=
stop() {
  if [[ $server ]]; then
    kill -INT "$server" 2>/dev/null || true
    wait "$server" || true
    server=
  fi
}
finish() {
  trap '' TERM
  stop
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 143' TERM

as=(setpriv --pdeathsig INT)
if ((EUID == 0)); then
  chown nobody:nogroup "$folder"
  as=(setpriv --reuid nobody --regid nogroup --clear-groups --pdeathsig INT)
fi
cd "$folder"
"${as[@]}" "$bin/initdb" -D data -U patent -A trust -E UTF8 --locale C --no-sync >log 2>&1 || { cat log >&2; exit 70; }
start() {
  "${as[@]}" "$bin/postgres" -D data -k "$folder" -c listen_addresses= -c fsync=$fsync -c max_connections=50 >>log 2>&1 </dev/null &
  server=$!
  for _ in {1..200}; do
    if "$bin/pg_isready" -q -h "$folder" -U patent -d postgres; then return; fi
    kill -0 "$server" 2>/dev/null || { cat log >&2; exit 70; }
    sleep 0.05
  done
}
start

while read -r name; do
  case $name in
    .stop | .start)
      "${name#.}"
      echo "$name"
      ;;
    *)
      "$bin/psql" -q -X -h "$folder" -U patent -d postgres -c "CREATE DATABASE $name" >&2
      echo "postgresql:///$name?host=$folder&user=patent"
      ;;
  esac
done
