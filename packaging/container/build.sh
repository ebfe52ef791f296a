#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: build.sh PACKAGE.deb [NAME]    builds the image NAME (default: docker-credential-snowflake:latest) from a package
# of this project, with buildah where it is installed and no daemon runs, else with docker.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
[ $# -ge 1 ] && [ -f "$1" ] || { echo "usage: build.sh PACKAGE.deb [NAME]" >&2; exit 2; }
name=${2:-docker-credential-snowflake:latest}
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
cp "$here/Containerfile" "$here/renew-pull-secrets" "$1" "$context/"
if command -v buildah >/dev/null; then
  buildah build --tag "$name" "$context"
elif command -v docker >/dev/null; then
  docker build --tag "$name" "$context"
else
  echo "build.sh: install buildah or docker" >&2
  exit 1
fi
