# SPDX-License-Identifier: Apache-2.0
# Sourced by scripts that build Go programs into the directory $into, at the versions pinned in their go.mod.
# A program that cannot be built is not an error: its tests are skipped, and <program>.missing contains the reason.

# Prints the path of a Go that go.mod accepts: an installed one, or the toolchain downloaded as a module.
find_go() {
  for found in go /usr/local/go/bin/go; do
    GOTOOLCHAIN=local "$found" list -m >/dev/null 2>&1 && { echo "$found"; return; }
  done
  any=/usr/bin/go
  module=golang.org/toolchain@v0.0.1-go$(sed -n 's/^go //p' go.mod).$($any env GOOS)-$($any env GOARCH)
  (cd / && $any mod download "$module") || return
  root=$($any env GOMODCACHE)/$module
  # Modules do not store file permissions.
  chmod -R u+x "$root/bin" "$root/pkg/tool" && echo "$root/bin/go"
}

# build PROGRAM PACKAGE [VARIABLE]: VARIABLE is set to the version of the program
build() {
  [ -e "$into/$1" ] && [ -z "$(find . \( -name go.mod -o -name '*.go' \) -newer "$into/$1")" ] && return
  [ -n "${go:-}" ] || go=$(find_go 2>"$into/go.log") || { say_missing "$1" "$into/go.log"; return; }
  echo "building $1 into build/${into##*/build/}"
  version=${3:+-X $3=$(GOTOOLCHAIN=local "$go" list -f '{{.Module.Version}}' "$2" 2>/dev/null)}
  # No optimization: build time matters more than speed.
  if CGO_ENABLED=0 GOFLAGS=-mod=readonly GOTOOLCHAIN=local \
     "$go" build -trimpath -gcflags='all=-N -l' -ldflags="-s -w $version" -o "$into/$1" "$2" 2>"$into/$1.log"; then
    rm -f "$into/$1.missing"
  else
    say_missing "$1" "$into/$1.log"
  fi
}

say_missing() {
  reason=$(tail -n 1 "$2")
  echo "$1 is not available: $reason" | tee "$into/$1.missing"
}
