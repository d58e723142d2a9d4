#!/usr/bin/env bash
# The installed units, as systemd reads them: units.sh BUILD CMAKE PATENT_PERSONALIZE
. "$(dirname "$0")/../expect.sh"
build=$(realpath "$1") cmake=$2 personalize=$(realpath "$3")
cd "$work" || exit 1
DESTDIR=$work/tree "$cmake" --install "$build" --prefix /usr --component station >/dev/null || exit 1
units=$work/tree/usr/lib/systemd/system
check "all units are installed" test "$(cd "$units" && echo *)" = \
  "patent-batch.service patent-doctor.service patent-doctor.timer patent-metrics.service patent-metrics.timer"
check "the user is installed" grep -q '^u patent ' tree/usr/lib/sysusers.d/patent.conf
check "the readers' rule is installed" test -s tree/usr/share/polkit-1/rules.d/50-patent.rules
check "what the units name is installed" test -s tree/usr/share/doc/patent-card-toolkit/operations.md

# What each unit starts is a command of the tool, with options that it has.
for unit in "$units"/*.service; do
  read -r -a words < <(sed -n 's/^ExecStart=//p' "$unit")
  check "${unit##*/} starts the tool" test "${words[0]##*/}" = patent-personalize
  "$personalize" "${words[1]}" --help >help 2>&1
  check "${unit##*/}: ${words[1]} is a command" grep -q '^Usage: patent-personalize '"${words[1]}" help
  for word in "${words[@]:2}"; do
    if [[ $word == --* ]]; then check "${unit##*/}: $word is an option" grep -qE -- "^ *$word( |$)" help; fi
  done
  sed -i "s#^ExecStart=[^ ]*#ExecStart=$personalize#" "$unit"
  expect 0 "" env HOME="$work" systemd-analyze security --offline=yes --no-pager --threshold=20 "$unit"
done
env HOME="$work" systemd-analyze verify "$units"/*.service "$units"/*.timer >verified 2>&1
check "systemd finds nothing wrong: $(grep -F "$units" verified)" test -z "$(grep -F "$units" verified)"
# A wrong PIN is never tried again by itself.
check "no second PIN" grep -qE '^RestartPreventExitStatus=(.* )?77( |$)' "$units/patent-batch.service"
conclude 12
