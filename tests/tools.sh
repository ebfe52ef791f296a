#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs or builds the programs that the tests compare with ours, in build/tools: the Snowflake CLI, Snowflake's Go driver,
# Docker's Go client of the credential helper protocol, and registry clients. Existing ones are not rebuilt.
set -eu
cd "$(dirname "$0")/.."
tools=build/tools
mkdir -p $tools

if [ ! -x $tools/snow/bin/snow ]; then
  echo "installing the Snowflake CLI into $tools/snow"
  /usr/bin/python3 -m venv $tools/snow
  $tools/snow/bin/pip install --quiet --disable-pip-version-check --retries 10 -r tests/packages/snow.txt
fi

# Snowflake's connector uses it in a pod on AKS. Without it, one test is skipped.
if ! $tools/snow/bin/python -c "import azure.identity" 2>/dev/null; then
  $tools/snow/bin/pip install --quiet --disable-pip-version-check --retries 1 azure-identity ||
    echo "azure-identity is not available"
fi

if [ ! -x $tools/conformance ] || [ tests/conformance/main.go -nt $tools/conformance ]; then
  # Uses Debian's package of the official library, so it needs no network.
  GO111MODULE=off GOFLAGS= GOPATH=/usr/share/gocode GOCACHE=$PWD/build/tools/go-cache CGO_ENABLED=0 \
    /usr/bin/go build -o $tools/conformance tests/conformance/main.go
fi

tests/conformance/go_driver/build.sh
tests/clients/build.sh
tests/registry/build.sh
