#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests check_sources.py: each rule with a citation that breaks it and one that does not."""

import pathlib
import tempfile
import unittest

import check_sources

PROTOCOL = "| short | source |\n|---|---|\n| PY | https://example.com |\n\n## 1. One\n\n### 1.1 Part\nA fact (PY `a.py`).\n"


class CheckSources(unittest.TestCase):
    def problems(self, text, name="common/net/a.hpp", protocol=PROTOCOL):
        with tempfile.TemporaryDirectory() as directory:
            for path, content in {"common/docker/PROTOCOL.md": protocol, name: text}.items():
                file = pathlib.Path(directory, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(content)
            return list(check_sources.find_problems(directory))

    def test_a_document_that_is_not_in_the_repository_is_refused(self):
        self.assertEqual(self.problems("/// As notes.md says."),
                         ["common/net/a.hpp: cites notes.md, which is not in the repository"])

    def test_a_document_is_found_by_its_path_or_below_common(self):
        self.assertEqual(self.problems("/// `docker/PROTOCOL.md` 1.1; common/docker/PROTOCOL.md"), [])
        self.assertEqual(self.problems("/// https://example.com/page.md"), [])

    def test_a_section_that_does_not_exist_is_refused(self):
        self.assertEqual(self.problems("/// (`docker/PROTOCOL.md` 1, 1.2)."),
                         ["common/net/a.hpp: cites section 1.2 of docker/PROTOCOL.md, which has none of that number"])
        self.assertEqual(len(self.problems("/// `docker/PROTOCOL.md`\n/// 2.4")), 1)

    def test_a_section_without_a_public_source_is_refused(self):
        self.assertEqual(self.problems("", protocol=PROTOCOL + "\n### 1.2 More\nJust so.\n"),
                         ["common/docker/PROTOCOL.md: section 1.2 More names no public source"])


if __name__ == "__main__":
    unittest.main()
