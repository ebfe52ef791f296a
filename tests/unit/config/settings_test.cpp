// SPDX-License-Identifier: Apache-2.0
#include "config/settings.hpp"

#include "base/file_change.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace {

struct File {
  fakes::TemporaryDirectory directory;
  std::filesystem::path path = directory.path() / "config.toml";

  config::Settings read(const std::string& text) const {
    base::write_file(path, text);
    std::filesystem::permissions(path, std::filesystem::perms{0644});
    return config::Settings::read(path);
  }
};

}  // namespace

TEST_CASE("without a file all settings have their defaults") {
  const auto settings = config::Settings::read("/nowhere/config.toml");
  CHECK(settings.store == config::StoreChoice::automatic);
  CHECK_FALSE(settings.helper_may_prompt);
  CHECK(settings.registries.empty());
}

TEST_CASE("settings have a store, and registries with connection and role, in any spelling of the host") {
  const File file;
  const auto settings = file.read(R"(store = "keyring"
[registries."https://My_Org-Acct.registry.snowflakecomputing.com:443/"]
connection = "dev"
role = "PUSHER"
[registries."127.0.0.1:5055"]
connection = "local"
)");
  CHECK(settings.store == config::StoreChoice::keyring);
  CHECK(settings.named_hosts() ==
        std::vector<std::string>{"127.0.0.1:5055", "my-org-acct.registry.snowflakecomputing.com"});
  CHECK(settings.registries.at("my-org-acct.registry.snowflakecomputing.com").role == "PUSHER");
  CHECK_FALSE(settings.registries.at("127.0.0.1:5055").role);
}

TEST_CASE("the helper may prompt at a terminal only when the settings say so") {
  const File file;
  CHECK(file.read("interactive = \"terminal\"\n").helper_may_prompt);
  CHECK_FALSE(file.read("interactive = \"never\"\n").helper_may_prompt);
}

TEST_CASE("errors name file, line and key") {
  struct Row {
    const char* text;
    const char* what;
  };
  const auto row = GENERATE(
      Row{"\nstor = 1\n", ":2: stor is not a setting"},
      Row{"store = 1\n", ":1: store must be \"auto\", \"keyring\", \"secret-service\" or \"none\""},
      Row{"store = \"disk\"\n", ":1: store must be \"auto\", \"keyring\", \"secret-service\" or \"none\""},
      Row{"interactive = true\n", ":1: interactive must be \"never\" or \"terminal\""},
      Row{"interactive = \"yes\"\n", ":1: interactive must be \"never\" or \"terminal\""},
      Row{"registries = 1\n", ":1: registries must be a table"},
      Row{"[registries]\nx = 1\n", ":2: registries.\"x\" must be a table"},
      Row{"[registries.\"a b\"]\n", ":1: registries.\"a b\" is not a valid host name"},
      Row{"[registries.\"h\"]\nconnection = 1\n", ":2: registries.\"h\".connection must be a string"},
      Row{"[registries.\"h\"]\nrole = \"\"\n", ":2: registries.\"h\".role must be a string"},
      Row{"[registries.\"h\"]\npassword = \"x\"\n", ":2: registries.\"h\".password is not a setting"});
  const File file;
  const auto error = fakes::error_of([&] { file.read(row.text); });
  CHECK(std::string{error.what()}.starts_with(file.path.string() + row.what));
  CHECK_FALSE(error.hint().empty());
}

TEST_CASE("settings that others may write to are refused") {
  const File file;
  base::write_file(file.path, "store = \"none\"\n");
  std::filesystem::permissions(file.path, std::filesystem::perms{0646});
  CHECK_THROWS_AS(config::Settings::read(file.path), base::Error);
}

TEST_CASE("a host that Docker never asks for has no effect, with a warning that names the commands") {
  const auto settings = config::Settings::parse(
      "[registries.foo]\nconnection = \"dev\"\nrole = \"R\"\n[registries.\"foo:5000\"]\nrole = \"R\"\n",
      "f.toml");
  CHECK(settings.named_hosts() == std::vector<std::string>{"foo:5000"});
  REQUIRE(settings.warnings.size() == 1);
  CHECK(settings.warnings.front().starts_with("f.toml:1: [registries.foo] has no effect"));
  CHECK(
      settings.warnings.front().ends_with("docker snowflake config unset registries.foo.connection; docker "
                                          "snowflake config unset registries.foo.role"));
}
