#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds both programs and the packages once more, in a copy of the sources that lies elsewhere, and fails when a byte
# differs from those of build/release. Takes as long as that build did, so that it is a command of its own.
set -eu
cd "$(dirname "$0")/.."
first=$PWD
export SOURCE_DATE_EPOCH=1700000000

build() {
  cmake --preset release >/dev/null
  cmake --build --preset release --target docker-credential-snowflake docker-snowflake packaging/documents
  cpack --config build/release/CPackConfig.cmake -B "$1" >/dev/null
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build "$work/first"

second="$work/another place/as long a path as one likes/sources"
mkdir -p "$second"
tar -cf - --exclude=./build --exclude=./.git . | tar -C "$second" -xf -
cd "$second"
build "$work/second"

cd "$work/first"
for file in *.deb *.rpm *.tar.gz; do
  cmp "$file" "$work/second/$file"
done
for program in docker-credential-snowflake docker-snowflake; do
  cmp "$first/build/release/bin/$program" "$second/build/release/bin/$program"
done
echo "the same bytes in two places: both programs, .deb, .rpm and .tar.gz"
