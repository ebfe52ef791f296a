#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Records the answers of the Snowflake CLI with which the plugin is compared.
# usage: tests/as_snow/record.sh [PART OF A CASE NAME | new | projects]
set -eu
cd "$(dirname "$0")/../.."
tests/install.sh all
tests/tools.sh
export PYTHONHASHSEED=0
record_projects="build/tools/snow/bin/python tests/as_snow/project/record.py"
[ $# -gt 0 ] || $record_projects
[ "${1:-}" != projects ] || exec $record_projects
exec env DCS_BIN_DIR="$PWD/build/release/bin" DCS_SNOW="$PWD/build/tools/snow/bin/snow" PYTHONDONTWRITEBYTECODE=1 \
  /usr/bin/python3 tests/world/enter.py /usr/bin/python3 tests/as_snow/record.py "$@"
