// SPDX-License-Identifier: Apache-2.0
#include "settings_file/settings_file.hpp"

#include "base/error.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace settings_file = plugin::settings_file;

using settings_file::Setting;

namespace {

std::string set(const std::string& text, const std::string& key, const std::string& value) {
  return settings_file::set(text, "config.toml", Setting::parse(key), value);
}
std::string unset(const std::string& text, const std::string& key) {
  return settings_file::unset(text, "config.toml", Setting::parse(key));
}

}  // namespace

TEST_CASE("keys are understood with and without the quotes that shells remove") {
  const auto text =
      GENERATE("registries.\"h.example:5055\".connection", "registries.h.example:5055.connection",
               "registries.'h.example:5055'.connection", "registries.https://H.example:5055/.connection");
  const auto setting = Setting::parse(text);
  CHECK(setting.host == "h.example:5055");
  CHECK(setting.name == "connection");
  CHECK(setting.text() == "registries.\"h.example:5055\".connection");
  CHECK(Setting::parse("registries.My_Org-A.registry.snowflakecomputing.com.role").host ==
        "my-org-a.registry.snowflakecomputing.com");
}

TEST_CASE("for an unknown setting the nearest one is suggested") {
  struct Row {
    const char* key;
    const char* hint;
  };
  const auto row = GENERATE(
      Row{"stoer", "did you mean store?"}, Row{"", "the settings are: store"},
      Row{"registries", "the settings are"}, Row{"registries.connection", "registries.<host>.connection"},
      Row{"registries.h.conection", "did you mean registries.<host>.connection?"},
      Row{"registries.h.password", "registries.<host>.connection, registries.<host>.role"},
      Row{"registries.a b.role", "registries.<host>.role"});
  CAPTURE(row.key);
  const auto error = fakes::error_of([&] { Setting::parse(row.key); });
  CHECK(error.kind() == base::Kind::usage);
  CHECK(fakes::contains(error.hint(), row.hint));
}

TEST_CASE("a setting is changed or added where it belongs, and nothing else moves") {
  struct Row {
    const char* text;
    const char* key;
    const char* result;
  };
  const auto row = GENERATE(
      Row{"", "store", "store = \"none\"\n"},                                      //
      Row{"# mine\n", "store", "# mine\nstore = \"none\"\n"},                      //
      Row{"store = \"auto\"  # here\n", "store", "store = \"none\"  # here\n"},    //
      Row{"\xef\xbb\xbf  store='auto'", "store", "\xef\xbb\xbf  store=\"none\""},  //
      Row{"# all\n\n# of h\n[registries.\"h\"]\r\n", "store",
          "# all\n\nstore = \"none\"\n\n# of h\n[registries.\"h\"]\r\n"},     //
      Row{"", "registries.h.role", "[registries.\"h\"]\nrole = \"none\"\n"},  //
      Row{"store = \"auto\"", "registries.h.role",
          "store = \"auto\"\n\n[registries.\"h\"]\nrole = \"none\"\n"},
      Row{"[registries.\"h\"]\r\nconnection = \"d\" # c\r\n\r\n# end\r\n", "registries.h.role",
          "[registries.\"h\"]\r\nconnection = \"d\" # c\r\nrole = \"none\"\r\n\r\n# end\r\n"},  //
      Row{"[registries.\"HTTPS://H:443/\"]\nrole = \"a\\\"#b\" # = c\n[registries.i]\nrole = \"x\"\n",
          "registries.h.role",
          "[registries.\"HTTPS://H:443/\"]\nrole = \"none\" # = c\n[registries.i]\nrole = \"x\"\n"},  //
      Row{"registries.\"h\".role = \"a\"\n", "registries.h.role", "registries.\"h\".role = \"none\"\n"});
  CAPTURE(row.text, row.key);
  CHECK(set(row.text, row.key, "none") == row.result);
}

TEST_CASE("text of any kind is put in quotes") {
  const auto text = set("", "registries.h.role", "a\"b\\c\nd\x7f é");
  CHECK(text == "[registries.\"h\"]\nrole = \"a\\\"b\\\\c\\u000Ad\\u007F é\"\n");
  CHECK(settings_file::entries(text, "x").at(0).value == "a\"b\\c\nd\x7f é");
}

TEST_CASE("a setting is removed with its line, and a registry with its last setting") {
  struct Row {
    const char* text;
    const char* key;
    const char* result;
  };
  const auto row = GENERATE(Row{"", "store", ""}, Row{"store = \"none\" # x\n# y\n", "store", "# y\n"},
                            Row{"[registries.\"h\"]\nrole = \"a\"\nconnection = \"b\"\n", "registries.h.role",
                                "[registries.\"h\"]\nconnection = \"b\"\n"},
                            Row{"store = \"none\"\n\n[registries.\"h\"]\n# why\nrole = \"a\"\n",
                                "registries.h.role", "store = \"none\"\n# why\n"});
  CAPTURE(row.text, row.key);
  CHECK(unset(row.text, row.key) == row.result);
}

TEST_CASE("what cannot be changed by its line, or would be wrong, is refused") {
  struct Row {
    const char* text;
    const char* key;
    const char* value;
    const char* why;
  };
  const auto row =
      GENERATE(Row{"", "store", "disk", R"(must be "auto", "keyring", "secret-service" or "none")"},
               Row{"", "registries.h.role", "", "string that is not empty"},
               Row{"stor = 1\n", "store", "none", "stor is not a setting"},
               Row{"store = [", "store", "none", "this is not valid TOML"},
               Row{"[registries]\nh = {role = \"a\"}\n", "registries.h.role", "b",
                   "config.toml:2: this is written in a form"},
               Row{"registries = {}\n", "registries.h.role", "b", "config.toml:1: this is written in a form"},
               Row{"", "registries.h.role", "\xff", "not text in UTF-8"},
               Row{"[registries.h]\nrole = \"\"\"\na\"\"\"\n", "registries.h.role", "b",
                   "config.toml:2: this is written in a form"});
  CAPTURE(row.text, row.key);
  CHECK(fakes::contains(fakes::error_of([&] { set(row.text, row.key, row.value); }).what(), row.why));
}
