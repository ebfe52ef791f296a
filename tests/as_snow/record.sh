#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Asks the real Snowflake CLI everything that test_as_snow.py compares, and keeps its answers in recorded.json:
#   tests/as_snow/record.sh [part of the names of cases]
set -eu
cd "$(dirname "$0")/../.."
tests/install.sh all
tests/tools.sh
exec env DCS_BIN_DIR="$PWD/build/release/bin" DCS_SNOW="$PWD/build/tools/snow/bin/snow" PYTHONDONTWRITEBYTECODE=1 \
  /usr/bin/python3 tests/world/enter.py /usr/bin/python3 tests/as_snow/record.py "$@"
