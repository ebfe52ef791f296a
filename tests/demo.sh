#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs missing packages, builds, and demonstrates the main use case with a fake Snowflake, a real registry and a Docker
# engine in their own namespaces. Exits with status 1 if a check fails.
set -eu
cd "$(dirname "$0")/.."
tests/install.sh all
mkdir -p build
cmake --preset release >build/release.log 2>&1 || { cat build/release.log; exit 1; }
cmake --build --preset release
exec env DCS_BIN_DIR="$PWD/build/release/bin" PYTHONDONTWRITEBYTECODE=1 \
  /usr/bin/python3 tests/world/enter.py /usr/bin/python3 tests/demo.py
