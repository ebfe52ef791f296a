#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs missing packages, builds, and runs every test: tests/run.sh [ctest options]
# DCS_QUICK=1: only the release build, not the one with sanitizers.
set -eu
cd "$(dirname "$0")/.."
tests/install.sh all
mkdir -p build
# Mostly downloads, so it runs during the build.
tests/tools.sh >build/tools.log 2>&1 &
tools=$!

cmake --preset release >build/release.log 2>&1 || { cat build/release.log; exit 1; }
cmake --build --preset release
presets=release
if [ -z "${DCS_QUICK:-}" ]; then
  # Its first test compiles it, while the tests of the release build run.
  cmake --preset dev >build/dev.log 2>&1 || { cat build/dev.log; exit 1; }
  presets="release dev"
fi
wait $tools || { cat build/tools.log; exit 1; }
# One ctest run for all builds, with one summary.
mkdir -p build/all
for preset in $presets; do echo "subdirs(\"$PWD/build/$preset\")"; done >build/all/CTestTestfile.cmake
# Two tests per core: most tests wait more than they compute.
exec ctest --test-dir build/all -j "$((2 * $(nproc)))" --output-on-failure "$@"
