#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that cited documents and sections exist.

Usage: check_sources.py [ROOT]

A cited document (`name.md`) must exist: relative to the repository, to common/ or to the citing file. A cited section of a
PROTOCOL.md must be one of its headings. Each section of a PROTOCOL.md must name a public source."""

import pathlib
import re
import sys

TOPS = ("common", "helper", "plugin", "tests", "packaging", ".github", ".ci", "README.md", "CMakeLists.txt")
TEXT = {".cpp", ".hpp", ".py", ".sh", ".md", ".txt", ".in", ".cmake", ".yml", ".yaml", ".c", ".go", ".1", ".5", ""}
NUMBER = r"\d+(?:\.\d+)*"
DOCUMENT = re.compile(r"(?<![\w/.-])((?:[\w.-]+/)*[\w-]+\.md)\b")
# `PROTOCOL.md` 3.1, 4.2 to 4.4; a comment may continue on the next line
SECTIONS = re.compile(rf"((?:[\w.-]+/)*PROTOCOL\.md)[`)]*\s+(?:///?\s+|#\s+)?({NUMBER}(?:(?:, and |, | and | to ){NUMBER})*)(?!\w)")
HEADING = re.compile(rf"^#+ ({NUMBER})\.? ", re.M)
# A row in the table of sources at the top of a PROTOCOL.md: short name and URL
SHORT = re.compile(r"^\| ([\w/]+) \| https?://", re.M)
# Documents of other projects
ELSEWHERE = re.compile(r"^(docs/content/|specifications/)")


def text_files(root):
    for top in TOPS:
        path = root / top
        found = [path] if path.is_file() else sorted(path.rglob("*")) if path.is_dir() else []
        yield from (file for file in found if file.is_file() and file.suffix in TEXT and "__pycache__" not in file.parts)


def find(root, file, document):
    for directory in (root, root / "common", file.parent):
        if (directory / document).is_file():
            return directory / document
    return None


def find_problems(root):
    root = pathlib.Path(root)
    for file in text_files(root):
        if file.name.startswith("check_sources"):
            continue
        text = file.read_text(errors="replace")
        name = file.relative_to(root)
        for match in DOCUMENT.finditer(re.sub(r"https?://\S+", "", text)):
            if not ELSEWHERE.match(match.group(1)) and find(root, file, match.group(1)) is None:
                yield f"{name}: cites {match.group(1)}, which is not in the repository"
        for match in SECTIONS.finditer(text):
            target = find(root, file, match.group(1))
            headings = set(HEADING.findall(target.read_text())) if target else set()
            for number in re.findall(NUMBER, match.group(2)):
                if target and number not in headings:
                    yield f"{name}: cites section {number} of {match.group(1)}, which has none of that number"
        if file.name == "PROTOCOL.md":
            public = re.compile("|".join([r"https?://|\bRFC \d+|\bseen\b", *(rf"\b{short}\b" for short in SHORT.findall(text))]))
            parts = re.split(rf"^#+ (?={NUMBER})", text, flags=re.M)[1:]
            for part in parts:
                title, _, body = part.partition("\n")
                if body.strip() and not public.search(body):
                    yield f"{name}: section {title} names no public source"


def main():
    found = list(find_problems(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent))
    print("\n".join(found) or "all citations are valid")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
