// SPDX-License-Identifier: Apache-2.0
// tests/as_snow/project has the Snowflake CLI's answers; this is what is not in them.
#include "project_file/project_file.hpp"

#include "base/file_change.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace {

struct Project {
  fakes::TemporaryDirectory directory;
  plugin::project_file::Overrides overrides;
  base::Environment environment;

  std::string name_in(const std::string& yaml) const {
    base::write_file(directory.path() / "snowflake.yml", yaml);
    return plugin::project_file::ProjectFile::read(directory.path(), overrides, environment)
        .choose(std::nullopt)
        .name.text();
  }
  std::string error_in(const std::string& yaml) const {
    return fakes::error_of([&] { name_in(yaml); }).what();
  }
};

const std::string head = "definition_version: 2\nentities:\n  r:\n    type: image-repository\n";

}  // namespace

TEST_CASE("errors name file and line") {
  const Project project;
  CHECK(project.error_in(head + "    comment: x\n")
            .starts_with("snowflake.yml:5: unknown key 'comment' in entity 'r'"));
  CHECK(project.error_in(head + "    identifier: my-repo\n")
            .starts_with("snowflake.yml:4: Specified name 'my-repo'"));
  CHECK(project.error_in(head + "    type: x\n").starts_with("snowflake.yml:5: duplicate key 'type'"));
  CHECK(project.error_in("a: [1\n").starts_with("snowflake.yml:"));
}

TEST_CASE("the local file overrides the other, and errors in it name it") {
  const Project project;
  base::write_file(project.directory.path() / "snowflake.local.yml",
                   "entities:\n  r:\n    identifier: local\n");
  CHECK(project.name_in(head + "    identifier: base\n") == "local");
  base::write_file(project.directory.path() / "snowflake.local.yml", "entities:\n  r:\n    nonsense: 1\n");
  CHECK(project.error_in(head).starts_with("snowflake.local.yml:3: "));
}

TEST_CASE("filters and arithmetic are refused by name") {
  const Project project;
  CHECK(fakes::contains(project.error_in(head + "    identifier: <% ctx.env.X | upper %>\n"),
                        "the filter 'upper'"));
  CHECK(fakes::contains(project.error_in(head + "    identifier: <% 1 + 2 %>\n"),
                        "Unexpected template syntax"));
  CHECK(fakes::contains(project.error_in(head + "    identifier: <% ctx.env.X\n"), "Error parsing template"));
}

TEST_CASE("templates look into the overrides, the variables and the file, in that order") {
  Project project;
  const std::string yaml =
      head + "    identifier: <% ctx.env.X %>\nenv:\n  X: in_<% ctx.env.Y %>\n  Y: file\n";
  CHECK(project.name_in(yaml) == "in_file");
  project.environment = base::Environment{{{"X", "variable"}}};
  CHECK(project.name_in(yaml) == "variable");
  project.overrides["X"] = "override";
  CHECK(project.name_in(yaml) == "override");
}

TEST_CASE("an entity overrides its mixins") {
  const Project project;
  const std::string mixins = "mixins:\n  m:\n    identifier:\n      name: mixed\n      schema: s\n";
  CHECK(project.name_in(head + "    meta:\n      use_mixins: m\n" + mixins) == "s.mixed");
  CHECK(project.name_in(head + "    identifier: {name: own}\n    meta:\n      use_mixins: [m]\n" + mixins) ==
        "s.own");
  CHECK(project.name_in(head + "    identifier: !override {name: own}\n    meta:\n      use_mixins: [m]\n" +
                        mixins) == "own");
  CHECK(fakes::contains(
      project.error_in(head + "    meta:\n      use_mixins: [m]\nmixins:\n  m:\n    comment: x\n"),
      "unknown key 'comment'"));
}

TEST_CASE("a file that would expand to gigabytes is refused") {
  const Project project;
  std::string yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level < 10; ++level) {
    const auto name = std::to_string(level);
    yaml += "a" + name + ": &a" + name + " [";
    for (int i = 0; i < 10; ++i) yaml += "*a" + std::to_string(level - 1) + ", ";
    yaml += "]\n";
  }
  CHECK(fakes::contains(project.error_in(yaml), "is larger than a project can need"));
  CHECK(project.error_in(std::string(100'000, '[')).starts_with("snowflake.yml"));
  CHECK(fakes::contains(project.error_in(std::string(200, '[')), "nested more than 100 levels"));
  CHECK(project.error_in(head + "    identifier: " + std::string(1U << 20, 'x') + "\n").size() < 1000);
  CHECK_NOTHROW(project.error_in(std::string{"a: \0b\n", 7}));
}

TEST_CASE("variables are given as KEY=VALUE") {
  CHECK(plugin::project_file::parse_override("A=b=c") == std::pair<std::string, std::string>{"A", "b=c"});
  CHECK(plugin::project_file::parse_override("A=").second.empty());
  CHECK(plugin::project_file::parse_override(" A = b ") == std::pair<std::string, std::string>{"A", "b"});
  for (const char* text : {"", "A"}) CHECK_THROWS_AS(plugin::project_file::parse_override(text), base::Error);
}
