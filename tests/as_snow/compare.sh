#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compares the plugin with new answers of the Snowflake CLI instead of the recorded ones. Takes ten minutes.
set -eu
cd "$(dirname "$0")/../.."
tests/install.sh all
tests/tools.sh
export DCS_BIN_DIR="$PWD/build/release/bin" DCS_SNOW="$PWD/build/tools/snow/bin/snow" PYTHONDONTWRITEBYTECODE=1
export DCS_RECORDED="$PWD/build/recorded.json"
/usr/bin/python3 tests/world/enter.py /usr/bin/python3 tests/as_snow/record.py "$@"
exec /usr/bin/python3 tests/world/enter.py /usr/bin/python3 -m pytest -q -p no:cacheprovider tests/e2e/test_as_snow.py
