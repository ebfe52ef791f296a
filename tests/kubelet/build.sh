#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: build.sh DIRECTORY [VERSION...]
# For each version of Kubernetes, downloads the sources from the Go module proxy and builds the credential provider code of the
# kubelet (oracle/main.go) as DIRECTORY/oracle-VERSION and the validation code of the API server (manifests/main.go) as
# DIRECTORY/manifests-VERSION. For 1.34, also builds a whole kubelet (kubelet/main.go); later ones need a newer containerd and
# cgroups v2. Each version takes two minutes and a gigabyte. The tests e2e/kubelet_oracle and e2e/kubelet_pod use the programs
# in build/tools/kubelet; other tests use their recorded answers (verdicts.json).
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
mkdir -p "$1"
directory=$(CDPATH='' cd -- "$1" && pwd)
shift
[ $# -gt 0 ] || set -- v1.34.4 v1.37.2
export CGO_ENABLED=0 GOFLAGS=-mod=mod
for version in "$@"; do
  work=$directory/source-$version
  programs='oracle manifests'
  case $version in v1.34.*) programs="$programs kubelet" ;; esac
  for program in $programs; do
    mkdir -p "$work/$program"
    cp "$here/$program/main.go" "$work/$program/"
  done
  cd "$work"
  kubernetes=$(GOFLAGS='' go mod download -json "k8s.io/kubernetes@$version" | sed -n 's/.*"GoMod": "\(.*\)".*/\1/p')
  {
    echo "module kubelet-oracle"
    grep '^go ' "$kubernetes"
    echo "require k8s.io/kubernetes $version"
    # The staging modules of Kubernetes 1.A.B are published as v0.A.B.
    sed -n "s|^[[:space:]]*\(k8s.io/[^ ]*\) => ./staging.*|replace \1 => \1 v0.${version#v1.}|p" "$kubernetes"
  } >go.mod
  go mod tidy
  for program in $programs; do
    go build -p 1 -trimpath -ldflags="-s -w -X k8s.io/component-base/version.gitVersion=$version" \
      -o "$directory/$program-$version" "./$program"
  done
done
