#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds, and runs every test: tests/run.sh [ctest options]
# With DCS_QUICK=1 only the release build is tested, not the one with sanitizers.
set -eu
cd "$(dirname "$0")/.."
tests/install.sh all
mkdir -p build
# Mostly waits for downloads: beside the builds.
tests/tools.sh >build/tools.log 2>&1 &
tools=$!

cmake --preset release >build/release.log 2>&1 || { cat build/release.log; exit 1; }
cmake --build --preset release
presets=release
if [ -z "${DCS_QUICK:-}" ]; then
  # The first of its tests compiles it, beside those of the release build.
  cmake --preset dev >build/dev.log 2>&1 || { cat build/dev.log; exit 1; }
  presets="release dev"
fi
wait $tools || { cat build/tools.log; exit 1; }
# All builds in one run, so that one summary tells of everything.
mkdir -p build/all
for preset in $presets; do echo "subdirs(\"$PWD/build/$preset\")"; done >build/all/CTestTestfile.cmake
# Most tests wait more than they compute.
exec ctest --test-dir build/all -j "$((2 * $(nproc)))" --output-on-failure "$@"
