#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: build.sh DIRECTORY [VERSION...]    builds the kubelet's code (oracle/main.go) as DIRECTORY/oracle-VERSION and the API
# server's (manifests/main.go) as DIRECTORY/manifests-VERSION for each version of Kubernetes, from the Go module proxy. Needs a
# network, Go, two minutes and a gigabyte for each; with DIRECTORY build/tools/kubelet, e2e/kubelet_oracle runs them. The tests
# that run without them repeat what they said (verdicts.json). Of 1.34, the whole kubelet as well (kubelet/main.go), for
# e2e/kubelet_pod: later ones want a newer containerd and cgroups of version 2.
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
    # The modules that live in Kubernetes' own repository are published as v0.A.B beside v1.A.B.
    sed -n "s|^[[:space:]]*\(k8s.io/[^ ]*\) => ./staging.*|replace \1 => \1 v0.${version#v1.}|p" "$kubernetes"
  } >go.mod
  go mod tidy
  for program in $programs; do
    go build -p 1 -trimpath -ldflags="-s -w -X k8s.io/component-base/version.gitVersion=$version" \
      -o "$directory/$program-$version" "./$program"
  done
done
