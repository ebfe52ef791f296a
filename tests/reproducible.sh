#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds both programs and the packages in two directories, and fails if the results differ. Not part of the tests, because it
# takes as long as a full build.
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

second="$work/another directory/with a much longer path/sources"
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
echo "identical in both directories: both programs, .deb, .rpm and .tar.gz"
