// SPDX-License-Identifier: Apache-2.0
#include "connection_file/default_connection.hpp"

#include "base/error.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace {

std::string with_default(const std::string& text) {
  return plugin::connection_file::with_default_connection(text, "config.toml", "prod");
}

}  // namespace

TEST_CASE("the default connection is changed or added, and nothing else moves") {
  struct Row {
    const char* text;
    const char* result;
  };
  const auto row = GENERATE(
      Row{"", "default_connection_name = \"prod\"\n"},
      Row{"default_connection_name = 'dev'  # here\n", "default_connection_name = \"prod\"  # here\n"},
      Row{"# all\n\n# of dev\n[connections.dev]\nuser = \"JANE\"\n",
          "# all\n\ndefault_connection_name = \"prod\"\n\n# of dev\n[connections.dev]\nuser = \"JANE\"\n"});
  CAPTURE(row.text);
  CHECK(with_default(row.text) == row.result);
}

TEST_CASE("a default connection that cannot be changed by its line is refused") {
  const auto* text = GENERATE("default_connection_name = 1\n", "default_connection_name = '''dev'''\n");
  CAPTURE(text);
  const auto error = fakes::error_of([&] { with_default(text); });
  CHECK(error.kind() == base::Kind::config);
  CHECK(fakes::contains(error.what(), "config.toml:1: this is written in a form"));
}
