# SPDX-License-Identifier: Apache-2.0
# Sourced by scripts that make programs in Go, into the directory $into, at the versions that the go.mod beside them pins.
# A program that cannot be had fails nothing: <program>.missing says why, and its tests skip.

# The Go that go.mod asks for: one of this machine, or Go's own module of it, which any Go can download.
find_go() {
  for found in go /usr/local/go/bin/go; do
    GOTOOLCHAIN=local "$found" list -m >/dev/null 2>&1 && { echo "$found"; return; }
  done
  any=/usr/bin/go
  module=golang.org/toolchain@v0.0.1-go$(sed -n 's/^go //p' go.mod).$($any env GOOS)-$($any env GOARCH)
  (cd / && $any mod download "$module") || return
  root=$($any env GOMODCACHE)/$module
  # A module holds no permissions.
  chmod -R u+x "$root/bin" "$root/pkg/tool" && echo "$root/bin/go"
}

# build PROGRAM PACKAGE [VARIABLE]: the variable is the one that holds the program's version
build() {
  [ -e "$into/$1" ] && [ -z "$(find . \( -name go.mod -o -name '*.go' \) -newer "$into/$1")" ] && return
  [ -n "${go:-}" ] || go=$(find_go 2>"$into/go.log") || { say_missing "$1" "$into/go.log"; return; }
  echo "building $1 into build/${into##*/build/}"
  version=${3:+-X $3=$(GOTOOLCHAIN=local "$go" list -f '{{.Module.Version}}' "$2" 2>/dev/null)}
  # Quick to build matters more here than quick to run.
  if CGO_ENABLED=0 GOFLAGS=-mod=readonly GOTOOLCHAIN=local \
     "$go" build -trimpath -gcflags='all=-N -l' -ldflags="-s -w $version" -o "$into/$1" "$2" 2>"$into/$1.log"; then
    rm -f "$into/$1.missing"
  else
    say_missing "$1" "$into/$1.log"
  fi
}

say_missing() {
  reason=$(tail -n 1 "$2")
  echo "$1 cannot be had: $reason" | tee "$into/$1.missing"
}
