#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that programs run with the glibc of the oldest supported distribution.

Usage: check_glibc.py PROGRAM...

RHEL 9 and Amazon Linux 2023 have 2.34, Ubuntu 22.04 has 2.35, Debian 12 has 2.36."""

import re
import subprocess
import sys

OLDEST = (2, 34)


def too_new(readelf_output):
    """Returns the symbols in the output of 'readelf --dyn-syms' that need a newer glibc than OLDEST, newest first."""
    found = set()
    for line in readelf_output.splitlines():
        match = re.search(r" UND (\S+?)@+GLIBC_([\d.]+)", line)
        if match and tuple(map(int, match[2].split("."))) > OLDEST:
            found.add((tuple(map(int, match[2].split("."))), f"{match[1]} (GLIBC_{match[2]})"))
    return [name for _, name in sorted(found, reverse=True)]


def main():
    failed = False
    for program in sys.argv[1:]:
        output = subprocess.run(["readelf", "--dyn-syms", "--wide", program], capture_output=True, text=True, check=True).stdout
        names = too_new(output)
        failed = failed or bool(names)
        print(f"{program}: " + (f"needs {', '.join(names)}" if names else f"starts with glibc {'.'.join(map(str, OLDEST))}"))
    return 1 if failed or len(sys.argv) < 2 else 0


if __name__ == "__main__":
    sys.exit(main())
