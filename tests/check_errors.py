#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that no code makes decisions by the text of an error (CONTRIBUTING, rule 5).

Usage: check_errors.py [ROOT]

The results of `what()` and `hint()`, and variables initialized with them, may be printed, passed on and tested for being empty,
but not searched or compared."""

import pathlib
import re
import sys

TEXT = r"(?:what|hint)\(\)"
INSPECTS = r"\s*(?:\.(?:find\w*|rfind|contains|starts_with|ends_with|compare|substr)\(|[!=]=)"
DIRECT = re.compile(rf"\b{TEXT}\}}?{INSPECTS}")
# A variable initialized with the text of an error: std::string_view sentence = error.what();
VARIABLE = re.compile(rf"\b(\w+)\s*(?:=|\{{|\()\s*(?:std::string(?:_view)?\s*[{{(]\s*)?\w+(?:\.|->){TEXT}\s*[)}}]?\s*[;)}}]")


def find_problems(root):
    root = pathlib.Path(root)
    for top in ("common", "helper", "plugin"):
        for file in sorted((root / top).rglob("*.[ch]pp")):
            names = set()
            for number, line in enumerate(file.read_text().splitlines(), 1):
                if line.startswith("}"):
                    names.clear()
                names |= set(VARIABLE.findall(line))
                inspected = any(re.search(rf"(?<![\w.>]){name}{INSPECTS}", line) for name in names)
                if DIRECT.search(line) or inspected:
                    yield f"{file.relative_to(root)}:{number}: depends on the text of an error"


def main():
    found = list(find_problems(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent))
    print("\n".join(found) or "no code depends on the text of an error")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
