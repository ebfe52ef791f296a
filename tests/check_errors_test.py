#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests check_errors.py with code that breaks the rule and code that does not."""

import pathlib
import tempfile
import unittest

import check_errors

FAILING = """void report(const base::Error& error) {
  if (error.hint().starts_with("chmod")) fix();
  if (std::string{error.what()} == "no answer") wait();
  const std::string_view hint = error.hint();
  const auto command = hint.find("docker snowflake ");
}
"""
FINE = """void report(const base::Error& error) {
  std::string line = error.what() + std::string{"; "} + error.hint();
  if (error.hint().empty()) return;
  if (error.kind() == base::Kind::denied) print(error.what());
}
void other(const std::string& hint) {
  if (hint == "none") return;
}
"""


class CheckErrors(unittest.TestCase):
    def problems(self, text):
        with tempfile.TemporaryDirectory() as directory:
            file = pathlib.Path(directory, "helper/advice.cpp")
            file.parent.mkdir()
            file.write_text(text)
            return list(check_errors.find_problems(directory))

    def test_searching_or_comparing_the_text_is_an_error(self):
        self.assertEqual(self.problems(FAILING), [f"helper/advice.cpp:{line}: depends on the text of an error" for line in (2, 3, 5)])

    def test_printing_the_text_is_allowed(self):
        self.assertEqual(self.problems(FINE), [])


if __name__ == "__main__":
    unittest.main()
