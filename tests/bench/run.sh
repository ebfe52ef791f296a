#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs missing packages, builds, and prints benchmarks that compare our programs with others.
set -eu
cd "$(dirname "$0")/../.."
tests/install.sh all
tests/tools.sh
cmake --preset release >build/release.log 2>&1 || { cat build/release.log; exit 1; }
cmake --build --preset release
mkdir -p build/bench
cc -O2 -static -o build/bench/empty tests/bench/empty.c
c++ -std=c++20 -O2 -o build/bench/measure tests/bench/measure.cpp
exec env DCS_BIN_DIR="$PWD/build/release/bin" DCS_SNOW="$PWD/build/tools/snow/bin/snow" DCS_BENCH_DIR="$PWD/build/bench" \
  PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=tests \
  /usr/bin/python3 tests/world/enter.py /usr/bin/python3 tests/bench/bench.py
