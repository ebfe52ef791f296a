#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: build.sh FOLDER [VERSION...]    builds the kubelet's code (oracle/main.go) as FOLDER/oracle-VERSION and the API
# server's (manifests/main.go) as FOLDER/manifests-VERSION for each version of Kubernetes, from the Go module proxy. Needs a
# network, Go, two minutes and a gigabyte for each; with FOLDER build/tools/kubelet, e2e/kubelet_oracle runs them. The tests
# that run without them repeat what they said (verdicts.json).
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
mkdir -p "$1"
folder=$(CDPATH='' cd -- "$1" && pwd)
shift
[ $# -gt 0 ] || set -- v1.34.4 v1.37.2
export CGO_ENABLED=0 GOFLAGS=-mod=mod
for version in "$@"; do
  work=$folder/source-$version
  mkdir -p "$work/oracle" "$work/manifests"
  cp "$here/oracle/main.go" "$work/oracle/"
  cp "$here/manifests/main.go" "$work/manifests/"
  cd "$work"
  kubernetes=$(GOFLAGS='' go mod download -json "k8s.io/kubernetes@$version" | sed -n 's/.*"GoMod": "\(.*\)".*/\1/p')
  {
    echo "module kubelet-oracle"
    grep '^go ' "$kubernetes"
    echo "require k8s.io/kubernetes $version"
    # The modules that live in Kubernetes' own repository are published as v0.A.B beside v1.A.B.
    sed -n "s|^[[:space:]]*\(k8s.io/[^ ]*\) => ./staging.*|replace \1 => \1 v0.${version#v1.}|p" "$kubernetes"
  } >go.mod
  go mod tidy
  for program in oracle manifests; do
    go build -p 1 -trimpath -ldflags='-s -w' -o "$folder/$program-$version" "./$program"
  done
done
