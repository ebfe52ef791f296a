// SPDX-License-Identifier: Apache-2.0
#include "project_file/project_file.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "project_file/checks.hpp"
#include "project_file/mistakes.hpp"
#include "project_file/mixins.hpp"
#include "project_file/yaml.hpp"

namespace project_file {
namespace {

using base::Error;
using base::Kind;

bool is_ours(const Node& entity) { return entity.find("type")->text == our_type; }

/// A schema and a database of their own are one identifier each: whatever else stands there would reach SQL.
std::optional<std::string> part_of_name(const Node& identifier, const char* key) {
  const Node* part = identifier.find(key);
  if (part == nullptr || part->text.empty()) return std::nullopt;
  if (!plugin::is_identifier(part->text)) {
    throw Error(Kind::config, "Specified " + std::string{key} + " '" + shown(*part) + "' is not valid name.",
                "write one name there; a name that needs quotes has them inside of YAML's: '\"my schema\"'");
  }
  return part->text;
}

plugin::ObjectName name_of(const std::string& id, const Node& entity) {
  const Node* identifier = entity.find("identifier");
  if (identifier == nullptr) return plugin::ObjectName::parse(id);
  if (identifier->is_scalar()) return plugin::ObjectName::parse(identifier->text);
  const Node* name = identifier->find("name");
  return plugin::ObjectName::parse(name->text)
      .with(part_of_name(*identifier, "database"), part_of_name(*identifier, "schema"));
}

void check_repositories(const Node& entities) {
  for (const auto& [id, entity] : entities.members) {
    if (is_ours(entity)) check_repository(id, entity, entities);
  }
}

}  // namespace

ProjectFile ProjectFile::read(const std::filesystem::path& folder, const Overrides& overrides,
                              const base::Environment& environment) {
  ProjectFile project;
  // The last slash would be an empty name.
  project.folder_ = (std::filesystem::absolute(folder) / "").lexically_normal().parent_path();
  auto root = read_yaml(folder / "snowflake.yml");
  if (!root) {
    throw Error(Kind::config,
                "Cannot find project definition (snowflake.yml). Please provide a path to the project or run "
                "this command "
                "in a valid project directory.",
                "name its folder with --project");
  }
  if (const auto local = read_yaml(folder / "snowflake.local.yml")) merge(*root, *local);
  check_project(*root, "snowflake.yml");
  Node* entities = root->find("entities");
  if (entities == nullptr) return project;
  // Without any mixins the Snowflake CLI does not look whether one is asked for.
  if (const Node* mixins = root->find("mixins")) {
    for (auto& [id, entity] : entities->members) {
      if (is_ours(entity)) apply_mixins(id, entity, *mixins);
    }
  }
  check_repositories(*entities);
  fill_in_templates(*root, overrides, environment);
  check_project(*root, "snowflake.yml");
  check_repositories(*entities);
  std::ranges::copy_if(entities->members, std::back_inserter(project.repositories_), is_ours, &Member::value);
  return project;
}

ImageRepository ProjectFile::choose(const std::optional<std::string>& given_id) const {
  if (repositories_.empty()) {
    throw Error(Kind::config, "No image repository project definition found in " + folder_.string(),
                "add an entity of type image-repository to snowflake.yml");
  }
  const bool has_choice = given_id && !given_id->empty();
  std::vector<std::string> ids;
  for (const auto& repository : repositories_) ids.push_back(repository.key);
  if (!has_choice && repositories_.size() > 1) {
    throw Error(Kind::usage, "Multiple image repositories found. Please provide entity id for the operation.",
                "choose one of: " + base::join(ids, ", "));
  }
  const auto found =
      has_choice ? std::ranges::find(repositories_, *given_id, &Member::key) : repositories_.begin();
  if (found == repositories_.end()) {
    throw Error(Kind::usage,
                "No '" + base::printable(*given_id, 100) + "' entity in project definition file.",
                "the image repositories are: " + base::join(ids, ", "));
  }
  const auto& [id, entity] = *found;
  try {
    return {id, entity.place, name_of(id, entity)};
  } catch (const Error& error) {
    fail(entity.place, error.what(), error.hint());
  }
}

std::pair<std::string, std::string> parse_override(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos) {
    throw Error(Kind::config, "Invalid variable: '" + base::printable(text, 200) + "'",
                "write --env KEY=VALUE");
  }
  const std::string_view all{text};
  return {std::string{base::trim(all.substr(0, equals))}, std::string{base::trim(all.substr(equals + 1))}};
}

}  // namespace project_file
