#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each rule of check_layers.py, seen failing once, and what must not make it fail."""

import pathlib
import tempfile
import unittest

import check_layers


class CheckLayers(unittest.TestCase):
    def problems(self, **files):
        """Of a tree of files, given as path="text", with / written as __ and .hpp as _hpp."""
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

    def test_a_room_includes_only_what_is_below_it(self):
        self.assert_refused("base must not know net", common__base__a_hpp='#include "net/b.hpp"\n', common__net__b_hpp="")
        self.assertEqual(self.problems(common__net__a_hpp='#include "base/b.hpp"\n', common__base__b_hpp=""), [])

    def test_the_programs_do_not_know_each_other(self):
        for program, other in (("helper", "plugin"), ("plugin", "helper")):
            known = check_layers.MAY_INCLUDE[program]
            self.assertEqual([room for room in known if room.split("/")[0] == other], [])

    def test_an_include_without_a_directory_is_resolved(self):
        self.assert_refused("plugin/registry must not know plugin (names.hpp is plugin/names.hpp)",
                            plugin__registry__a_cpp='#include "names.hpp"\n', plugin__names_hpp="")

    def test_a_directory_below_a_room_belongs_to_the_room(self):
        self.assert_refused("docker must not know net", common__docker__a__b_cpp='#include "net/tls/c.hpp"\n',
                            common__net__tls__c_hpp="")

    def test_an_include_that_could_mean_two_files_is_refused(self):
        self.assert_refused("could be common/base/x.hpp or plugin/base/x.hpp", plugin__a_cpp='#include "base/x.hpp"\n',
                            common__base__x_hpp="", plugin__base__x_hpp="")

    def test_an_include_from_another_directory_is_refused(self):
        self.assert_refused("is written from another directory", plugin__output__a_cpp='#include "../b.hpp"\n')

    def test_the_namespace_is_the_directory(self):
        self.assert_refused("declares things in token; the namespace of net is net",
                            common__net__a_hpp="namespace token {\nstruct A { int b; };\n}\n")
        self.assert_refused("the namespace of plugin/registry is plugin::registry",
                            plugin__registry__a_cpp="namespace registry {\nvoid a() {}\n}\n")
        self.assertEqual(self.problems(
            common__net__a_hpp="namespace net {\nnamespace detail {\nint a();\n}\n}\n",
            common__net__b_cpp="namespace net::tls {\nint a() { return '{'; }\n}\nnamespace {\nint b;\n}\n",
            common__net__c_cpp='// namespace token {\nconst char* text = "namespace token {";\nnamespace net {\n}\n',
            plugin__registry__d_hpp="namespace plugin::registry {\nstruct A {};\n}\n"), [])

    def test_only_rooms_below_may_be_named_in_a_forward_declaration(self):
        self.assertEqual(self.problems(common__net__a_hpp="namespace base {\nclass Clock;\nstruct Time;\n}\n"), [])
        self.assert_refused("declares things in token", common__net__a_hpp="namespace token {\nclass Store;\n}\n")

    def test_a_library_is_included_in_its_room(self):
        self.assert_refused("only one file of net may include curl/", common__token__a_cpp="#include <curl/curl.h>\n")
        self.assert_refused("only plugin may include CLI/", helper__a_cpp="#include <CLI/CLI.hpp>\n")

    def test_a_library_is_included_by_one_file(self):
        self.assert_refused("zlib.h is included by more than one file", common__net__a_cpp="#include <zlib.h>\n",
                            common__net__b_cpp="#include <zlib.h>\n")

    def test_a_library_does_not_leave_its_room_through_another_header(self):
        self.assert_refused("common/snowflake/c.cpp: sees curl/ through what it includes",
                            common__net__a_hpp="#include <curl/curl.h>\n", common__net__b_hpp='#include "a.hpp"\n',
                            common__snowflake__c_cpp='#include "net/b.hpp"\n')


if __name__ == "__main__":
    unittest.main()
