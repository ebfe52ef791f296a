#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests check_glibc.py."""

import unittest

import check_glibc


class CheckGlibc(unittest.TestCase):
    def test_only_undefined_symbols_of_newer_versions_are_listed(self):
        self.assertEqual(check_glibc.too_new(
            "     1: 0000000000000000     0 FUNC    GLOBAL DEFAULT  UND dlopen@GLIBC_2.34 (9)\n"
            "     2: 0000000000000000     0 FUNC    GLOBAL DEFAULT  UND pipe2@GLIBC_2.9 (4)\n"
            "     3: 0000000000000000     0 FUNC    GLOBAL DEFAULT  UND _dl_find_object@GLIBC_2.35 (5)\n"
            "     4: 0000000000000000     0 FUNC    WEAK   DEFAULT  UND __isoc23_strtol@GLIBC_2.38 (6)\n"
            "     5: 0000000000001000     8 FUNC    GLOBAL DEFAULT   14 ours@@GLIBC_2.40\n"), ["__isoc23_strtol (GLIBC_2.38)", "_dl_find_object (GLIBC_2.35)"])


if __name__ == "__main__":
    unittest.main()
