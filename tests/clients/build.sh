#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the registry clients that are tested, at the versions pinned in go.mod and requirements.txt, in build/tools/clients.
# A client that cannot be built is not an error: its tests are skipped, and <program>.missing contains the reason.
set -eu
cd "$(dirname "$0")"
into=$(cd ../.. && pwd)/build/tools/clients
mkdir -p "$into"
. ../go.sh

while read -r program package variable; do
  build "$program" "$package" "$variable"
done <programs.txt

if ! [ "$into/python/pyvenv.cfg" -nt requirements.txt ]; then
  echo "installing docker-py and testcontainers into build/tools/clients/python"
  if /usr/bin/python3 -m venv --clear "$into/python" 2>"$into/python.log" &&
     "$into/python/bin/pip" install --quiet --disable-pip-version-check -r requirements.txt 2>>"$into/python.log"; then
    rm -f "$into/python.missing"
  else
    rm -rf "$into/python"
    say_missing python "$into/python.log"
  fi
fi
