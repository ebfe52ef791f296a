#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Downloads a release, verifies its checksum, and installs it for one user, without root. See print_help.
set -eu

name=docker-credential-snowflake
releases=https://github.com/$name/$name/releases

print_help() {
  cat <<END
Downloads a release, verifies its checksum, and installs it for one user, without root:

  curl -fsSL $releases/latest/download/get.sh | sh
  sh get.sh [--version 0.1.0] [--prefix DIRECTORY] [--docker-config DIRECTORY]

Programs, manual pages and completions go below --prefix (~/.local), the plugin into
--docker-config (DOCKER_CONFIG, or ~/.docker).

DOCKER_SNOWFLAKE_DOWNLOAD names another address with the same files: https, or http on this machine.
END
}

fail() {
  echo "Error: $1" >&2
  echo "Next: $2" >&2
  exit "${3:-1}"
}

download() {
  case $1 in
    https://*) protocols='=https' ;;
    http://127.0.0.1:* | http://localhost:*) protocols='=http,https' ;;
    *) fail "$1 is not an https address" "name one in DOCKER_SNOWFLAKE_DOWNLOAD" 2 ;;
  esac
  curl --fail --silent --show-error --location --proto "$protocols" --proto-redir "$protocols" --retry 3 --output "$2" "$1" ||
    fail "$1 could not be downloaded" "check the version and the network (proxies: https_proxy)"
}

# The shell reads all of it before anything runs: an interrupted download does nothing.
main() {
  for word; do
    case $word in
      -h | --help)
        print_help
        return
        ;;
    esac
  done
  version=
  if [ "${1:-}" = --version ]; then
    [ -n "${2:-}" ] || fail "--version needs a number" "write --version 0.1.0" 2
    version=${2#v}
    shift 2
  fi
  case $(uname -s) in
    Linux) ;;
    *) fail "$(uname -s) is not supported" "run it on Linux, or in WSL" ;;
  esac
  case $(uname -m) in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=aarch64 ;;
    *) fail "there are no programs for $(uname -m)" "build them: see $releases" ;;
  esac
  for program in curl tar sha256sum; do
    command -v "$program" >/dev/null || fail "$program is not installed" "install it, and run this again"
  done
  if [ -n "${DOCKER_SNOWFLAKE_DOWNLOAD:-}" ]; then
    from=${DOCKER_SNOWFLAKE_DOWNLOAD%/}
  elif [ -n "$version" ]; then
    from=$releases/download/v$version
  else
    from=$releases/latest/download
  fi

  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM
  download "$from/SHA256SUMS" "$work/SHA256SUMS"
  # "<checksum>  <name>"; the name has no slash, so that nothing is written elsewhere.
  line=$(grep -m 1 -E "^[0-9a-f]{64}  $name-[0-9A-Za-z.~+-]*-linux-$machine\.tar\.gz\$" "$work/SHA256SUMS") ||
    fail "the release has no archive for linux-$machine" "see what there is: $releases"
  archive=${line#*  }
  download "$from/$archive" "$work/$archive"
  (cd "$work" && echo "$line" | sha256sum --check --status) ||
    fail "$archive is not what SHA256SUMS says" "download it again; if that does not help, report it"
  mkdir "$work/tree"
  tar -xzf "$work/$archive" -C "$work/tree" --strip-components=1 --no-same-owner
  sh "$work/tree/install.sh" "$@"
}

main "$@"
