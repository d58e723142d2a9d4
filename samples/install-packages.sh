#!/usr/bin/env bash
# Installs the Debian 12 packages that are missing: install-packages.sh build|run|story|test...
# Quiet and quick when nothing is missing. Needs root or sudo only when something is.
set -euo pipefail

build="g++ cmake ninja-build pkg-config libssl-dev libboost-program-options-dev libfmt-dev libjsoncpp-dev libvalijson-dev
  libexpected-dev libturbojpeg0-dev libopenjp2-7-dev libicu-dev libpcsclite-dev libsqlitecpp-dev libsqlite3-dev
  libpqxx-dev libpq-dev libp11-kit-dev zlib1g-dev libqrencode-dev libpng-dev libzxing-dev catch2"
run="pcscd vsmartcard-vpcd util-linux iproute2"
story="jq bsdextrautils"
test="opensc pcsc-tools openssl libeac-dev openpace npm python3 python3-jwt python3-cryptography postgresql-15 softhsm2"

wanted=""
for kind in "$@"; do
  case $kind in build | run | story | test) wanted+=" ${!kind}" ;; *) echo "usage: $0 build|run|story|test..." >&2; exit 64 ;; esac
done

missing=()
for package in $wanted; do
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
done
# A Node.js from elsewhere brings its own npm.
if command -v npm >/dev/null; then missing=("${missing[@]/#npm/}"); fi
missing=(${missing[@]+${missing[@]}})
((${#missing[@]})) || exit 0

as_root=()
if ((EUID != 0)); then
  command -v sudo >/dev/null || { echo "Missing packages: ${missing[*]}. Run this as root, or install sudo." >&2; exit 77; }
  as_root=(sudo)
fi
echo "Installing ${#missing[@]} packages: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
install() { "${as_root[@]}" apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 "${missing[@]}"; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! install >"$log" 2>&1 && ! { "${as_root[@]}" apt-get update -q >"$log" 2>&1 && install >"$log" 2>&1; }; then
  tail -20 "$log" >&2
  echo "The packages could not be installed; see above." >&2
  exit 69
fi
