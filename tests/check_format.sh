#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fails if a C++ file is not formatted according to .clang-format.
set -eu
cd "$(dirname "$0")/.."
find common helper plugin tests \( -name '*.cpp' -o -name '*.hpp' \) -print0 | xargs -0 clang-format --dry-run --Werror
