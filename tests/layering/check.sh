#!/usr/bin/env bash
# Reads every #include of the product against layers.txt. Prints each breach; exit 1 when there is one.
# check.sh [ROOT]
set -euo pipefail
root=${1:-$(cd "$(dirname "$0")/../.." && pwd)}
cd "$root"
find crypto card reader personalize \( -name '*.cpp' -o -name '*.hpp' -o -name '*.in' \) -print0 | sort -z |
  xargs -0 grep -Hn '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' |
  awk -F: -v table="$(dirname "$(realpath "$0")")/layers.txt" '
    # The longest row of the table that a path stands under.
    function owner(path,   row, best) {
      best = ""
      for (row in allowed) if ((path == row || index(path, row "/") == 1) && length(row) > length(best)) best = row
      return best
    }
    BEGIN {
      while ((getline line < table) > 0) {
        if (line ~ /^#/ || line ~ /^[[:space:]]*$/) continue
        n = split(line, word, /[[:space:]]+/)
        allowed[word[1]] = " " word[1] " "
        for (i = 2; i <= n; ++i) allowed[word[1]] = allowed[word[1]] word[i] " "
      }
    }
    {
      target = $0; sub(/^[^"]*"/, "", target); sub(/".*$/, "", target)
      if (target ~ /^patent\/(verdict|reader)\.hpp$/) target = "reader/include/" target   # the installed face
      if (target !~ /\//) { beside = $1; sub(/[^\/]*$/, "", beside); target = beside target }
      from = owner($1); to = owner(target); ++read
      if (from == "" || to == "") { print $1 ":" $2 ": \"" target "\" is in no layer"; ++breaches }
      else if (index(allowed[from], " " to " ") == 0) { print $1 ":" $2 ": " from " may not reach " to " (" target ")"; ++breaches }
    }
    END {
      if (read < 100) { print "only " read " includes were read: the check itself is broken"; exit 1 }
      if (breaches) exit 1
      print read " includes, no breach"
    }'
