#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds, and shows the main job in a world of its own: a fake Snowflake in front of a real
# registry, a Docker engine, a person. Ends with what was seen; exit status 1 when anything was not as it should be.
set -eu
cd "$(dirname "$0")/.."
tests/install.sh all
mkdir -p build
cmake --preset release >build/release.log 2>&1 || { cat build/release.log; exit 1; }
cmake --build --preset release
exec env DCS_BIN_DIR="$PWD/build/release/bin" PYTHONDONTWRITEBYTECODE=1 \
  /usr/bin/python3 tests/world/enter.py /usr/bin/python3 tests/demo.py
