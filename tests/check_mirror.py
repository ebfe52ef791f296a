#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that every source file has a test, and every unit test a source file.

Usage: check_mirror.py [ROOT]

tests/unit mirrors the source tree: common/net/url.cpp has tests/unit/net/url_test.cpp, plugin/x.cpp has
tests/unit/plugin/x_test.cpp. tests/owned_by_e2e.txt lists the sources that other tests cover. as_snow_test.cpp has no source
file: it compares a whole layer with recorded answers."""

import fnmatch
import pathlib
import sys


def mirrored_name(path):
    """Returns net/url for common/net/url.cpp, and plugin/x for plugin/x.hpp."""
    return str(path.with_suffix("")).removeprefix("common/")


def parse_owners(text):
    """Returns the lines of owned_by_e2e.txt as [(pattern of sources, [files below tests/])]."""
    rows = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(pattern, tests) for pattern, *tests in rows]


def find_problems(root):
    root = pathlib.Path(root)
    sources = [path.relative_to(root) for top in ("common", "helper", "plugin") for path in sorted((root / top).rglob("*.[ch]pp"))]
    names = {mirrored_name(path) for path in sources}
    tests = {str(path.relative_to(root / "tests/unit"))[:-len("_test.cpp")] for path in (root / "tests/unit").rglob("*_test.cpp")}
    rows = parse_owners((root / "tests/owned_by_e2e.txt").read_text())
    for test in sorted(test for test in tests - names if not test.endswith("/as_snow")):
        yield f"tests/unit/{test}_test.cpp: there is no source of that name"
    for source in sources:
        owned = any(fnmatch.fnmatch(str(source), pattern) for pattern, _ in rows)
        if source.suffix == ".cpp" and mirrored_name(source) not in tests and not owned:
            yield f"{source}: has no unit test, and tests/owned_by_e2e.txt names no other"
    for pattern, files in rows:
        if not any(fnmatch.fnmatch(str(source), pattern) for source in sources):
            yield f"tests/owned_by_e2e.txt: nothing matches {pattern}"
        if not files:
            yield f"tests/owned_by_e2e.txt: no test owns {pattern}"
        for name in files:
            if not (root / "tests" / name).is_file():
                yield f"tests/owned_by_e2e.txt: there is no tests/{name}"


def main():
    found = list(find_problems(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent))
    print("\n".join(found) or "every source has a test")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
