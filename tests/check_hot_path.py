#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that the helper is linked with libc only: other libraries would slow down every start.

Usage: check_hot_path.py HELPER

e2e/test_hot_path.py checks what a cached `get` opens at run time."""

import re
import subprocess
import sys

ALLOWED = {"libc.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}


def main():
    dynamic = subprocess.run(["readelf", "-d", sys.argv[1]], capture_output=True, text=True, check=True).stdout
    needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic))
    extra = needed - ALLOWED
    print("needs:", ", ".join(sorted(needed)))
    if extra:
        sys.exit(f"the helper must not be linked with {', '.join(sorted(extra))}")


if __name__ == "__main__":
    main()
