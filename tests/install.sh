#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the missing packages for building and testing on Debian 12. Needs root or sudo.
# usage: tests/install.sh [build|arm64|all]
# arm64: the packages for cross-building for arm64 and testing in QEMU. Some of them replace packages of the native
# architecture, so use a separate container.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
case ${1:-all} in
  build) list=$here/packages/build.txt ;;
  arm64) list=$here/packages/arm64.txt ;;
  *) list="$here/packages/build.txt $here/packages/test.txt" ;;
esac

missing=
for package in $(cat $list); do
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "install these packages as root:$missing" >&2; exit 1; }
  as_root=sudo
fi
echo "installing:$missing"
case $missing in *:arm64*) $as_root dpkg --add-architecture arm64 ;; esac
# Packages must not start their daemons: the tests run their own.
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
  $as_root chmod 755 $policy
  trap '$as_root rm -f $policy' EXIT
fi
# During an update of the mirror, its package lists and packages may not match for a while.
for pause in 20 60 0; do
  $as_root apt-get -o Acquire::Retries=5 update -qq &&
    $as_root apt-get -o Acquire::Retries=5 install -y -qq --no-install-recommends $missing >/dev/null && exit 0
  sleep $pause
done
echo "these packages could not be installed:$missing" >&2
exit 1
