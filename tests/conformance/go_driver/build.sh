#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes build/tools/go-driver: a login with Snowflake's own Go driver.
set -eu
cd "$(dirname "$0")"
into=$(cd ../../.. && pwd)/build/tools
mkdir -p "$into"
. ../../go.sh

build go-driver .
