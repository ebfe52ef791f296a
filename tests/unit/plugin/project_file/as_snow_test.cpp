// SPDX-License-Identifier: Apache-2.0
// Every project of tests/as_snow/project, beside what the Snowflake CLI made of it.
#include <algorithm>

#include "base/file.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "project_file/project_file.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace {

using base::Json;

std::string bytes(const Json& text, bool hexadecimal) {
  const auto given = text.get<std::string>();
  if (!hexadecimal) return given;
  std::string result;
  for (std::size_t at = 0; at + 1 < given.size(); at += 2)
    result += static_cast<char>(std::stoi(given.substr(at, 2), nullptr, 16));
  return result;
}

/// The name, or the error with its place.
struct Answer {
  std::string name;
  std::string error;
};

Answer answer(const Json& recorded) {
  const fakes::TemporaryFolder folder;
  for (const auto& [name, text] : recorded.at("files").items())
    base::write_file(folder.path() / name, bytes(text, recorded.at("binary").get<bool>()));
  std::optional<std::string> entity;
  if (recorded.at("entity").is_string()) entity = recorded.at("entity").get<std::string>();
  try {
    project_file::Overrides overrides;
    for (const auto& text : recorded.at("overrides")) {
      auto [key, value] = project_file::parse_override(text.get<std::string>());
      overrides.insert_or_assign(std::move(key), std::move(value));
    }
    const base::Environment environment{recorded.at("environment").get<base::Environment::Variables>()};
    const auto project = project_file::ProjectFile::read(folder.path(), overrides, environment);
    return {project.choose(entity).name.text(), ""};
  } catch (const base::Error& error) {
    std::string text = error.what();
    if (const auto at = text.find(folder.path().string()); at != std::string::npos)
      text.replace(at, folder.path().string().size(), "<project>");
    return {"", text};
  }
}

bool names_a_place(const std::string& error) { return error.starts_with("snowflake."); }

/// Without `snowflake.yml:3: `.
std::string without_place(const std::string& error) {
  return names_a_place(error) ? error.substr(error.find(": ") + 2) : error;
}

/// Without what only Python and its libraries would say.
std::string core_of(std::string error) {
  constexpr std::string_view prefix = "Value error, ";
  if (error.starts_with(prefix)) error.erase(0, prefix.size());
  const auto grammar = error.find("'. Error: ");
  return error.substr(0, grammar);
}

/// The Snowflake CLI lists every mistake on a line of its own, below a headline; here the first one ends it.
bool says_one_of(const std::string& error, const std::string& theirs) {
  return fakes::contains(theirs, core_of(without_place(error)));
}

/// What is wrong with `ours`; empty when nothing is.
std::string complaint(const Json& recorded, const Answer& ours) {
  const auto& snow = recorded.at("snow");
  const std::string said = ours.error.empty() ? "name " + ours.name : "error " + ours.error;
  if (recorded.at("ours").is_string()) {
    const auto expected = recorded.at("ours").get<std::string>();
    const bool met = ours.error.empty() ? ours.name == expected : fakes::contains(ours.error, expected);
    return met ? "" : "not as it differs on purpose: " + said;
  }
  if (snow.contains("name")) return ours.name == snow.at("name") ? "" : said;
  if (ours.error.empty()) return said;
  if (snow.contains("unexpected")) return "";
  return says_one_of(ours.error, snow.at("error").get<std::string>()) ? "" : said;
}

}  // namespace

TEST_CASE("a project leads to the repository, or to the words, that the Snowflake CLI comes to") {
  const auto recorded = base::parse_json(*base::read_file(DCS_RECORDED_PROJECTS));
  REQUIRE(recorded);
  for (const auto& project : recorded->at("cases")) {
    const auto ours = answer(project);
    const auto wrong = complaint(project, ours);
    INFO(project.at("title").get<std::string>() << "\nsnow: " << project.at("snow").dump());
    CHECK(wrong == "");
  }
}
