#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests check_layers.py: each rule with code that breaks it and code that does not."""

import pathlib
import tempfile
import unittest

import check_layers


class CheckLayers(unittest.TestCase):
    def problems(self, **files):
        """Returns the problems of a tree of files, given as path="text" with __ for / and _hpp for .hpp."""
        with tempfile.TemporaryDirectory() as directory:
            for name, text in files.items():
                path = pathlib.Path(directory, name.replace("__", "/").replace("_hpp", ".hpp").replace("_cpp", ".cpp"))
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return check_layers.find_problems(directory)[0]

    def assert_refused(self, sentence, **files):
        found = self.problems(**files)
        self.assertEqual(len(found), 1, found)
        self.assertIn(sentence, found[0])

    def test_a_layer_includes_only_lower_layers(self):
        self.assert_refused("base must not include net", common__base__a_hpp='#include "net/b.hpp"\n', common__net__b_hpp="")
        self.assertEqual(self.problems(common__net__a_hpp='#include "base/b.hpp"\n', common__base__b_hpp=""), [])

    def test_the_programs_do_not_include_each_other(self):
        for program, other in (("helper", "plugin"), ("plugin", "helper")):
            known = check_layers.MAY_INCLUDE[program]
            self.assertEqual([layer for layer in known if layer.split("/")[0] == other], [])

    def test_an_include_without_a_directory_is_resolved(self):
        self.assert_refused("plugin/registry must not include plugin (names.hpp is plugin/names.hpp)",
                            plugin__registry__a_cpp='#include "names.hpp"\n', plugin__names_hpp="")

    def test_a_subdirectory_belongs_to_its_layer(self):
        self.assert_refused("docker must not include net", common__docker__a__b_cpp='#include "net/tls/c.hpp"\n',
                            common__net__tls__c_hpp="")

    def test_an_ambiguous_include_is_an_error(self):
        self.assert_refused("could be common/base/x.hpp or plugin/base/x.hpp", plugin__a_cpp='#include "base/x.hpp"\n',
                            common__base__x_hpp="", plugin__base__x_hpp="")

    def test_an_include_with_dots_is_an_error(self):
        self.assert_refused("contains '..'", plugin__output__a_cpp='#include "../b.hpp"\n')

    def test_a_file_uses_the_namespace_of_its_layer(self):
        self.assert_refused("declares names in token; the namespace of net is net",
                            common__net__a_hpp="namespace token {\nstruct A { int b; };\n}\n")
        self.assert_refused("the namespace of plugin/registry is plugin::registry",
                            plugin__registry__a_cpp="namespace registry {\nvoid a() {}\n}\n")
        self.assertEqual(self.problems(
            common__net__a_hpp="namespace net {\nnamespace detail {\nint a();\n}\n}\n",
            common__net__b_cpp="namespace net::tls {\nint a() { return '{'; }\n}\nnamespace {\nint b;\n}\n",
            common__net__c_cpp='// namespace token {\nconst char* text = "namespace token {";\nnamespace net {\n}\n',
            plugin__registry__d_hpp="namespace plugin::registry {\nstruct A {};\n}\n"), [])

    def test_forward_declarations_are_allowed_for_lower_layers_only(self):
        self.assertEqual(self.problems(common__net__a_hpp="namespace base {\nclass Clock;\nstruct Time;\n}\n"), [])
        self.assert_refused("declares names in token", common__net__a_hpp="namespace token {\nclass Store;\n}\n")

    def test_a_library_is_included_in_its_layer_only(self):
        self.assert_refused("only one file of net may include curl/", common__token__a_cpp="#include <curl/curl.h>\n")
        self.assert_refused("only plugin may include CLI/", helper__a_cpp="#include <CLI/CLI.hpp>\n")

    def test_a_library_is_included_by_one_file_only(self):
        self.assert_refused("zlib.h is included by more than one file", common__net__a_cpp="#include <zlib.h>\n",
                            common__net__b_cpp="#include <zlib.h>\n")

    def test_a_library_is_not_included_indirectly_by_another_layer(self):
        self.assert_refused("common/snowflake/c.cpp: includes curl/ indirectly",
                            common__net__a_hpp="#include <curl/curl.h>\n", common__net__b_hpp='#include "a.hpp"\n',
                            common__snowflake__c_cpp='#include "net/b.hpp"\n')


if __name__ == "__main__":
    unittest.main()
