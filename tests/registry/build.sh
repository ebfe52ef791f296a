#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds version 3 of Docker's registry as build/tools/registry; Debian has version 2.
set -eu
cd "$(dirname "$0")"
into=$(cd ../.. && pwd)/build/tools
mkdir -p "$into"
. ../go.sh

build registry github.com/distribution/distribution/v3/cmd/registry github.com/distribution/distribution/v3/version.version
