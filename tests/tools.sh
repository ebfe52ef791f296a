#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the programs that the tests hold ours against, in build/tools: Snowflake's own CLI and Go driver, Docker's client
# of the credential-helper protocol, and other programs that talk to registries. Each is made once.
set -eu
cd "$(dirname "$0")/.."
tools=build/tools
mkdir -p $tools

if [ ! -x $tools/snow/bin/snow ]; then
  echo "installing the Snowflake CLI into $tools/snow"
  /usr/bin/python3 -m venv $tools/snow
  $tools/snow/bin/pip install --quiet --disable-pip-version-check --retries 10 -r tests/packages/snow.txt
fi

# Azure's own library, which Snowflake's connector uses in a pod. Where it cannot be had, one test skips.
if ! $tools/snow/bin/python -c "import azure.identity" 2>/dev/null; then
  $tools/snow/bin/pip install --quiet --disable-pip-version-check --retries 1 azure-identity ||
    echo "azure-identity cannot be had"
fi

if [ ! -x $tools/conformance ] || [ tests/conformance/main.go -nt $tools/conformance ]; then
  # Debian's copy of the official library, without modules and so without a network.
  GO111MODULE=off GOFLAGS= GOPATH=/usr/share/gocode GOCACHE=$PWD/build/tools/go-cache CGO_ENABLED=0 \
    /usr/bin/go build -o $tools/conformance tests/conformance/main.go
fi

tests/conformance/go_driver/build.sh
tests/clients/build.sh
tests/registry/build.sh
