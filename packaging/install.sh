#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs both programs for one user, without root, from an unpacked archive or from a build directory:
#
#   install.sh [--prefix DIRECTORY] [--docker-config DIRECTORY] [--from DIRECTORY]
#   install.sh --uninstall [--logout] [--prefix DIRECTORY]
#
# --uninstall first runs docker snowflake setup --undo. It keeps connections, and stored sessions and tokens, which expire;
# --logout removes those (docker snowflake logout).
#
# Programs, manual pages and completions go below --prefix (~/.local), the plugin into Docker's directory (DOCKER_CONFIG, or
# ~/.docker). What was installed is noted there, so that only that is ever replaced or removed.
set -eu
umask 022

name=docker-credential-snowflake
here=$(CDPATH='' cd -- "$(dirname "$0")" && pwd)
prefix=
docker_config=
from=
action=install
logs_out=

fail() {
  echo "Error: $1" >&2
  echo "Next: $2" >&2
  exit "${3:-1}"
}

while [ $# -gt 0 ]; do
  case $1 in
    --uninstall) action=uninstall; shift; continue ;;
    --logout) logs_out=yes; shift; continue ;;
    -h | --help) sed -n '3,12s/^# \{0,1\}//p' "$0"; exit 0 ;;
    --prefix | --docker-config | --from)
      [ -n "${2:-}" ] || fail "$1 needs a directory" "write $1 DIRECTORY" 2 ;;
    *) fail "$1 is not an option of this script" "$0 --help" 2 ;;
  esac
  case $1 in
    --prefix) prefix=$2 ;;
    --docker-config) docker_config=$2 ;;
    --from) from=$2 ;;
  esac
  shift 2
done

if [ -z "$prefix" ] || { [ -z "$docker_config" ] && [ -z "${DOCKER_CONFIG:-}" ]; }; then
  [ -n "${HOME:-}" ] || fail "HOME is not set" "name the directories with --prefix and --docker-config"
fi
[ -n "$prefix" ] || prefix=$HOME/.local
[ -n "$docker_config" ] || docker_config=${DOCKER_CONFIG:-${HOME:-}/.docker}

absolute() {
  case $1 in
    /*) echo "$1" ;;
    *) echo "$PWD/$1" ;;
  esac
}
prefix=$(absolute "$prefix")
docker_config=$(absolute "$docker_config")
# Lines of "file <SHA-256> <path>" and "directory <path>".
manifest=$prefix/share/$name/installed
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# As one word of a command that can be pasted.
quoted() {
  case $1 in
    *[!A-Za-z0-9_./:@%+,=-]*) printf "'%s'\n" "$(printf %s "$1" | sed "s/'/'\\\\''/g")" ;;
    *) printf '%s\n' "$1" ;;
  esac
}

sum_of() { sha256sum <"$1" | cut -d ' ' -f 1; }

# Whether that very file was put there by this script.
is_ours() {
  [ -f "$manifest" ] && [ ! -L "$1" ] && [ -f "$1" ] && grep -qxF "file $(sum_of "$1") $1" "$manifest"
}

# Directories that must be made for a path, the outermost first.
missing_directories() {
  [ -d "$1" ] && return
  missing_directories "$(dirname "$1")"
  echo "directory $1"
}

remove_directories() {
  # Inner ones first. One that holds something else by now stays.
  sed -n 's/^directory //p' "$1" | sort -r | while IFS= read -r directory; do
    rmdir "$directory" 2>/dev/null || :
  done
}

# Whether Docker will find another installation of the helper.
has_other_helper() {
  (
    IFS=:
    for directory in ${PATH:-}; do
      [ "$directory" = "$prefix/bin" ] || [ ! -x "$directory/$name" ] || exit 0
    done
    exit 1
  )
}

# Nothing else removes stored sessions and tokens once the plugin is gone.
log_out() {
  "$plugin" connection list --quiet >"$work/connections" 2>/dev/null || :
  [ -s "$work/connections" ] || return 0
  if [ -z "$logs_out" ] && [ -t 0 ]; then
    printf 'Remove stored sessions and tokens as well (docker snowflake logout)? [y/N] '
    read -r answer || answer=
    case $answer in
      [yY] | [yY][eE][sS]) logs_out=yes ;;
    esac
  fi
  if [ -z "$logs_out" ]; then
    echo "Kept: stored sessions and tokens, until they expire; --uninstall --logout would have removed them"
    return
  fi
  while IFS= read -r connection; do
    "$plugin" logout -c "$connection" </dev/null || :
  done <"$work/connections"
}

# Without the helper, its entries in Docker's config would break pulls and builds.
undo_setup() {
  # Its advice to run docker snowflake logout cannot be followed any more.
  if "$plugin" setup --undo --yes >"$work/undone"; then
    sed '/docker snowflake logout/d' "$work/undone"
    return
  fi
  cat "$work/undone"
  tell_of_entries
}

tell_of_entries() {
  echo "Docker's config may still name the helper: remove the lines that say \"snowflake\" from $docker_config/config.json" >&2
}

uninstall() {
  [ -f "$manifest" ] || fail "nothing is installed below $prefix" "name the directory it was installed to with --prefix"
  cp "$manifest" "$work/installed"
  plugin=$(sed -n 's|^file [^ ]* \(/.*/cli-plugins/docker-snowflake\)$|\1|p' "$work/installed" | head -n 1)
  if ! has_other_helper; then
    if [ -n "$plugin" ] && is_ours "$plugin"; then
      log_out
      undo_setup
    else
      tell_of_entries
    fi
  fi
  sed -n 's/^file [^ ]* //p' "$work/installed" | while IFS= read -r target; do
    if is_ours "$target"; then
      rm -f "$target"
    elif [ -e "$target" ] || [ -L "$target" ]; then
      echo "$target has been changed, and stays" >&2
    fi
  done
  rm -f "$manifest"
  remove_directories "$work/installed"
  echo "$name is removed from $prefix"
}

# Creates $work/tree: what there is to install, laid out as below a prefix.
gather() {
  if [ -z "$from" ]; then
    from=$here
    [ -x "$from/bin/$name" ] || from=$here/../build/release
  fi
  [ -x "$from/bin/$name" ] ||
    fail "there are no programs in $from" "build them, or name an unpacked archive or a build directory with --from"
  if [ -f "$from/cmake_install.cmake" ]; then
    cmake --install "$from" --prefix "$work/tree" --strip >/dev/null
  else
    mkdir "$work/tree"
    for directory in bin libexec share; do
      [ -d "$from/$directory" ] || fail "$from has no directory $directory: the archive was not fully unpacked" "unpack it again"
      cp -R "$from/$directory" "$work/tree"
    done
  fi
  "$work/tree/bin/$name" version >/dev/null ||
    fail "the programs do not run on this machine" "they need glibc 2.34 or newer, which Alpine, Debian 11 and RHEL 8 do not have"
}

target_of() {
  case $1 in
    libexec/docker/*) echo "$docker_config/${1#libexec/docker/}" ;;
    *) echo "$prefix/$1" ;;
  esac
}

refuse_foreign() {
  while IFS= read -r file; do
    target=$(target_of "$file")
    if [ -e "$target" ] || [ -L "$target" ]; then
      is_ours "$target" || { [ ! -L "$target" ] && cmp -s "$target" "$work/tree/$file"; } ||
        fail "$target is there already, and was not put there by this script" "move it away, or choose another directory"
    fi
  done <"$work/files"
}

note_all() {
  while IFS= read -r file; do
    target=$(target_of "$file")
    # Another user's file with the same content: it stays as it is.
    [ ! -e "$target" ] || is_ours "$target" || continue
    missing_directories "$(dirname "$target")"
    echo "file $(sum_of "$work/tree/$file") $target"
  done <"$work/files"
  missing_directories "$(dirname "$manifest")"
  [ ! -f "$manifest" ] || sed -n '/^directory /p' "$manifest"
}

put_all() {
  while IFS= read -r file; do
    target=$(target_of "$file")
    mkdir -p "$(dirname "$target")"
    # Written beside it, then renamed over it: a program that is running keeps the old file.
    cp "$work/tree/$file" "$target.new"
    mv -f "$target.new" "$target"
  done <"$work/files"
}

remove_what_is_no_more() {
  [ ! -f "$work/before" ] || sed -n 's/^file [^ ]* //p' "$work/before" | while IFS= read -r target; do
    grep -qF " $target" "$work/installed" || ! is_ours "$target" || rm -f "$target"
  done
}

# How this shell and the next ones find the helper.
tell_path() {
  echo "Next: put $prefix/bin on the PATH, where Docker looks for the helper."
  shell=${SHELL:-}
  case ${shell##*/} in
    fish)
      echo "In this shell and in the next ones:"
      echo "  fish_add_path $(quoted "$prefix/bin")"
      return
      ;;
    bash) profile='.bashrc' ;;
    zsh) profile='.zshrc' ;;
    *) profile='.profile' ;;
  esac
  line="export PATH=$(quoted "$prefix/bin"):\"\$PATH\""
  echo "In this shell:"
  echo "  $line"
  echo "In the next ones:"
  echo "  echo $(quoted "$line") >> ~/$profile"
}

install_all() {
  gather
  (cd "$work/tree" && find . -type f | sed 's|^\./||' | LC_ALL=C sort) >"$work/files"
  refuse_foreign
  note_all | sort -u >"$work/installed"
  mkdir -p "$(dirname "$manifest")"
  # Both lists until all is done, so that a second run may go on where this one was interrupted.
  [ ! -f "$manifest" ] || cp "$manifest" "$work/before"
  cat "$work/installed" >>"$manifest"
  put_all
  # The unpacked archive may be gone when the programs are to be removed.
  uninstaller=$(dirname "$manifest")/install.sh
  cp "$0" "$uninstaller.new"
  chmod 755 "$uninstaller.new"
  mv -f "$uninstaller.new" "$uninstaller"
  echo "file $(sum_of "$uninstaller") $uninstaller" >>"$work/installed"
  remove_what_is_no_more
  cp "$work/installed" "$manifest.new"
  mv -f "$manifest.new" "$manifest"

  echo "$name $("$prefix/bin/$name" version | sed 's/.* //') is installed in $prefix and $docker_config/cli-plugins"
  case :${PATH:-}: in
    *:"$prefix/bin":*) echo "Next: docker snowflake setup" ;;
    *)
      tell_path
      echo "Then: docker snowflake setup"
      ;;
  esac
  echo "To remove it: $(quoted "$uninstaller") --uninstall --prefix $(quoted "$prefix")"
}

case $action in
  install) install_all ;;
  uninstall) uninstall ;;
esac
