// SPDX-License-Identifier: Apache-2.0
// Every project of tests/as_snow/project, beside what the Snowflake CLI made of it.
#include <algorithm>
#include <cctype>

#include "base/file.hpp"
#include "base/file_change.hpp"
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
  const fakes::TemporaryDirectory directory;
  for (const auto& [name, text] : recorded.at("files").items())
    base::write_file(directory.path() / name, bytes(text, recorded.at("binary").get<bool>()));
  std::optional<std::string> entity;
  if (recorded.at("entity").is_string()) entity = recorded.at("entity").get<std::string>();
  try {
    plugin::project_file::Overrides overrides;
    for (const auto& text : recorded.at("overrides")) {
      auto [key, value] = plugin::project_file::parse_override(text.get<std::string>());
      overrides.insert_or_assign(std::move(key), std::move(value));
    }
    const base::Environment environment{recorded.at("environment").get<base::Environment::Variables>()};
    const auto project = plugin::project_file::ProjectFile::read(directory.path(), overrides, environment);
    return {project.choose(entity).name.text(), ""};
  } catch (const base::Error& error) {
    std::string text = error.what();
    if (const auto at = text.find(directory.path().string()); at != std::string::npos)
      text.replace(at, directory.path().string().size(), "<project>");
    return {"", text};
  }
}

/// What an error is about: the words that the Snowflake CLI puts in quotes, or behind its last colon.
std::vector<std::string> named_things(const std::string& theirs) {
  std::string text;
  for (std::size_t at = 0, quote = 0; (quote = theirs.find('\'', at)) != std::string::npos;) {
    const auto end = std::min(theirs.find('\'', quote + 1), theirs.size());
    text += theirs.substr(quote + 1, end - quote - 1) + " ";
    at = std::min(end + 1, theirs.size());
  }
  if (const auto colon = theirs.rfind(": "); colon != std::string::npos) text += theirs.substr(colon + 2);
  if (text.empty()) text = theirs;
  for (char& c : text) {
    const bool is_word = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
    if (!is_word) c = ' ';
  }
  std::vector<std::string> things;
  for (auto& word : base::split(text, ' ')) {
    if (!word.empty()) things.push_back(std::move(word));
  }
  return things;
}

/// The sentence is ours; what it names must be what theirs names.
bool names_the_same(const std::string& error, const std::string& theirs) {
  const auto things = named_things(theirs);
  return things.empty() ||
         std::ranges::any_of(things, [&](const auto& thing) { return fakes::contains(error, thing); });
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
  return names_the_same(ours.error, snow.at("error").get<std::string>()) ? "" : said;
}

}  // namespace

TEST_CASE(
    "a project leads to the same repository as in the Snowflake CLI, or to an error about the same thing") {
  const auto recorded = base::parse_json(*base::read_file(DCS_RECORDED_PROJECTS));
  REQUIRE(recorded);
  for (const auto& project : recorded->at("cases")) {
    const auto ours = answer(project);
    const auto wrong = complaint(project, ours);
    INFO(project.at("title").get<std::string>() << "\nsnow: " << project.at("snow").dump());
    CHECK(wrong == "");
  }
}
