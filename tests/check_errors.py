#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails when a program looks into the text of an error, and not at its kind or its next step's (CONTRIBUTING, rule 5).

Usage: check_errors.py [ROOT]. What `what()` and `hint()` return, and what a variable was made from them, is printed and passed
on, but not searched or compared. Whether it is empty, or ends a sentence, may be asked."""

import pathlib
import re
import sys

TEXT = r"(?:what|hint)\(\)"
LOOKS = r"\s*(?:\.(?:find\w*|rfind|contains|starts_with|ends_with|compare|substr)\(|[!=]=)"
DIRECT = re.compile(rf"\b{TEXT}\}}?{LOOKS}")
# A variable with the text of an error: std::string_view sentence = error.what();
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
                looked = any(re.search(rf"(?<![\w.>]){name}{LOOKS}", line) for name in names)
                if DIRECT.search(line) or looked:
                    yield f"{file.relative_to(root)}:{number}: looks into the text of an error"


def main():
    found = list(find_problems(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent))
    print("\n".join(found) or "errors are told apart by their kinds")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
