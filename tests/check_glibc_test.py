#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check_glibc.py, seen failing once."""

import unittest

import check_glibc


class CheckGlibc(unittest.TestCase):
    def test_only_newer_symbols_that_are_asked_for_are_named(self):
        self.assertEqual(check_glibc.too_new(
            "0000 DF *UND*\t0000 (GLIBC_2.34) dlopen\n0000 DF *UND*\t0000 (GLIBC_2.9) pipe2\n"
            "0000 DF *UND*\t0000 (GLIBC_2.35) _dl_find_object\n0000 w DF *UND*\t0000  GLIBC_2.38 __isoc23_strtol\n"
            "0000 g DF .text\t0000  GLIBC_2.40 ours\n"), ["__isoc23_strtol (GLIBC_2.38)", "_dl_find_object (GLIBC_2.35)"])


if __name__ == "__main__":
    unittest.main()
