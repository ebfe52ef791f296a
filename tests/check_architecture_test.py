#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests check_architecture.py: each rule with a page that breaks it."""

import pathlib
import tempfile
import unittest
from unittest import mock

import check_architecture

PAGE = "# A\n\n## One: 2 files\n`helper/a.cpp`, then `helper/b.cpp`, and `helper/a.cpp` again.\n"


class CheckArchitecture(unittest.TestCase):
    def problems(self, page, limit=2, files=("helper/a.cpp", "helper/b.cpp")):
        with tempfile.TemporaryDirectory() as directory, mock.patch.object(check_architecture, "LIMITS", {"One": limit}):
            for name, text in {".github/ARCHITECTURE.md": page, **dict.fromkeys(files, "")}.items():
                path = pathlib.Path(directory, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return list(check_architecture.find_problems(directory))

    def test_files_are_counted_once(self):
        self.assertEqual(self.problems(PAGE), [])
        self.assertEqual(self.problems(PAGE.replace("2 files", "3 files")), [".github/ARCHITECTURE.md: One names 2 files, and says 3"])

    def test_files_of_an_earlier_section_are_not_counted_again(self):
        more = PAGE + "\n## Two: 1 files more\n`helper/a.cpp`, `helper/c.cpp`\n"
        self.assertEqual(self.problems(more, files=("helper/a.cpp", "helper/b.cpp", "helper/c.cpp")),
                         [".github/ARCHITECTURE.md: Two takes 1 files, more than 0"])

    def test_every_path_must_exist(self):
        self.assertEqual(self.problems(PAGE, files=("helper/a.cpp",)), [".github/ARCHITECTURE.md: there is no helper/b.cpp"])

    def test_every_limit_needs_a_section_within_it(self):
        self.assertEqual(len(self.problems(PAGE, limit=1)), 1)
        self.assertEqual(self.problems("# A\n"), [".github/ARCHITECTURE.md: the section One is missing"])


if __name__ == "__main__":
    unittest.main()
