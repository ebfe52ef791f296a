#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests check_mirror.py: each rule with a tree that breaks it."""

import pathlib
import tempfile
import unittest

import check_mirror


class CheckMirror(unittest.TestCase):
    def problems(self, owned, *files):
        with tempfile.TemporaryDirectory() as directory:
            for name in (*files, "tests/owned_by_e2e.txt"):
                path = pathlib.Path(directory, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(owned if name.endswith(".txt") else "")
            return list(check_mirror.find_problems(directory))

    def test_a_source_has_a_unit_test_or_an_owner(self):
        self.assertEqual(self.problems("", "common/net/a.cpp", "tests/unit/net/a_test.cpp"), [])
        self.assertEqual(self.problems("# all\nplugin/* e2e/test_a.py\n", "plugin/x/a.cpp", "tests/e2e/test_a.py"), [])
        self.assertEqual(self.problems("", "common/net/a.cpp"),
                         ["common/net/a.cpp: has no unit test, and tests/owned_by_e2e.txt names no other"])

    def test_a_unit_test_has_a_source(self):
        self.assertEqual(self.problems("", "tests/unit/net/a_test.cpp"), ["tests/unit/net/a_test.cpp: there is no source of that name"])

    def test_the_list_of_owners_names_existing_files(self):
        self.assertEqual(len(self.problems("common/* e2e/test_a.py\n")), 2)
        self.assertEqual(self.problems("common/*\n", "common/net/a.cpp"), ["tests/owned_by_e2e.txt: no test owns common/*"])


if __name__ == "__main__":
    unittest.main()
