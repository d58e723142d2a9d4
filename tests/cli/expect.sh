# Sourced by the command-line tests: a work folder of their own, checks that are counted, and the closing line.
set -uo pipefail
export LC_ALL=C.UTF-8
work=$(mktemp -d)
checks=0 failures=0
leave_work() { rm -rf "$work"; }
trap leave_work EXIT

# expect CODE TEXT COMMAND...: the exit code, and a text that stdout or stderr contains.
expect() {
  local code=$1 text=$2 got
  shift 2
  "$@" >out 2>err
  got=$?
  ((++checks))
  if [[ $got != "$code" ]] || ! grep -qF -- "$text" out err; then
    echo "FAILED: ${*/#$work/.}: exit code $got, wanted $code with \"$text\""
    head -5 out err
    ((++failures))
  fi
}
# check WHAT COMMAND...: the command succeeds.
check() {
  local what=$1
  shift
  ((++checks))
  if ! "$@"; then
    echo "FAILED: $what"
    ((++failures))
  fi
}
# conclude LEAST: so many checks must have been made, and none may have failed.
conclude() {
  echo "$checks checks, $failures failed"
  ((failures == 0 && checks >= $1))
}
