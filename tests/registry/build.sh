#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes build/tools/registry: the third version of the registry whose second one is in Debian.
set -eu
cd "$(dirname "$0")"
into=$(cd ../.. && pwd)/build/tools
mkdir -p "$into"
. ../go.sh

build registry github.com/distribution/distribution/v3/cmd/registry github.com/distribution/distribution/v3/version.version
