#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# symbols.sh NM MEMBERS ARCHIVE...: fails when an object whose name matches MEMBERS (an extended regular expression)
# asks for a heap, an exception or a run-time type. (operator delete is allowed: every virtual destructor names it.)
nm=$1 members=$2
shift 2
for archive; do [ -f "$archive" ] || { echo "not built: $archive"; exit 1; }; done
wanted=$("$nm" -A -u "$@" | grep -E ":($members): ") || { echo "no objects match $members"; exit 1; }
forbidden='(_Zn[wa]|_ZTI|_ZSt[0-9]+__throw|__cxa_(throw|rethrow|allocate_exception|begin_catch)|__dynamic_cast'
forbidden="$forbidden|(malloc|calloc|realloc|free|strdup)\$)"
if echo "$wanted" | grep -E " U $forbidden"; then
  echo "^ heap, exceptions or run-time types in code for the card"
  exit 1
fi
