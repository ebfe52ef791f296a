#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks .github/ARCHITECTURE.md against the source tree.

Usage: check_architecture.py [ROOT]

Every path in the page must exist. The heading of an operation states its number of files ("## Cached get: 12 files"), or the
number in addition to the sections before it ("30 files more"). The number must be right and within LIMITS. Sections without a
number are not counted."""

import pathlib
import re
import sys

PAGE = ".github/ARCHITECTURE.md"
PATH = re.compile(r"`((?:common|helper|plugin|tests)/[\w./-]+)`")
HEADING = re.compile(r"^## (.*): (\d+) files( more)?$", re.M)
LIMITS = {"Cached get": 12, "Cold get with a key pair": 22, "`docker snowflake images`": 30}


def find_problems(root):
    root = pathlib.Path(root)
    text = (root / PAGE).read_text()
    for name in sorted(set(PATH.findall(text))):
        if not (root / name).exists():
            yield f"{PAGE}: there is no {name}"
    parts = HEADING.split(text)
    before = set()
    names = parts[1::4]
    for name, stated, more, body in zip(names, parts[2::4], parts[3::4], parts[4::4], strict=True):
        files = set(PATH.findall(body.split("\n## ")[0])) - (before if more else set())
        before |= files
        if len(files) != int(stated):
            yield f"{PAGE}: {name} names {len(files)} files, and says {stated}"
        if len(files) > LIMITS.get(name, 0):
            yield f"{PAGE}: {name} takes {len(files)} files, more than {LIMITS.get(name, 0)}"
    for name in LIMITS.keys() - set(names):
        yield f"{PAGE}: the section {name} is missing"


def main():
    found = list(find_problems(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent))
    print("\n".join(found) or "the page matches the source")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
