#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds build/tools/go-driver, which logs in with Snowflake's Go driver.
set -eu
cd "$(dirname "$0")"
into=$(cd ../../.. && pwd)/build/tools
mkdir -p "$into"
. ../../go.sh

build go-driver .
