#!/usr/bin/env bash
# One name in one namespace is one type: two headers that define it give the linker functions of two sizes under one
# symbol, and no compiler sees both. Prints each pair; exit 1 when there is one. type_names.sh [ROOT]
set -euo pipefail
cd "${1:-$(dirname "$0")/../..}"
find crypto card reader personalize -name '*.hpp' -print0 | sort -z | xargs -0 awk '
  /^namespace [a-z]/ { space = $2 }
  /^(struct|class|enum|enum class|union) [A-Za-z]/ && /[{]$|[{][^}]*[}];/ {
    name = $2 == "class" ? $3 : $2
    if (name ~ /::|</) next  # a member, or a template for one type
    key = space "::" name
    if (key in at) { print FILENAME ":" FNR ": " key " stands in " at[key] " too"; ++doubles }
    at[key] = FILENAME; ++read
  }
  END {
    if (read < 100) { print "only " read + 0 " types were read: the check itself is broken"; exit 1 }
    if (doubles) exit 1
    print read " types, each once"
  }'
