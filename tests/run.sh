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

presets="release dev"
[ -z "${DCS_QUICK:-}" ] || presets=release
for preset in $presets; do
  cmake --preset $preset >build/$preset.log 2>&1 || { cat build/$preset.log; exit 1; }
  cmake --build --preset $preset
done
wait $tools || { cat build/tools.log; exit 1; }
# All builds in one run, so that one summary tells of everything.
mkdir -p build/all
for preset in $presets; do echo "subdirs(\"$PWD/build/$preset\")"; done >build/all/CTestTestfile.cmake
exec ctest --test-dir build/all -j "$(($(nproc) + 1))" --output-on-failure "$@"
