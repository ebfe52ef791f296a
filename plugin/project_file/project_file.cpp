// SPDX-License-Identifier: Apache-2.0
#include "project_file/project_file.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "project_file/mixins.hpp"

namespace project_file {
namespace {

using base::Error;
using base::Kind;

constexpr const char* our_type = "image-repository";
constexpr std::array<std::string_view, 10> known_types = {
    "application", "application package", "streamlit", "function",
    "procedure",   "compute-pool",        our_type,    "service",
    "notebook",    "snowflake-app"};
const std::vector<std::string> top_keys = {"definition_version", "entities", "env", "mixins"};
const std::vector<std::string> entity_keys = {"type", "identifier", "meta"};
const std::vector<std::string> identifier_keys = {"name", "schema", "database"};
const std::vector<std::string> meta_keys = {"warehouse",  "role",       "post_deploy",
                                            "use_mixins", "depends_on", "action_arguments"};

[[noreturn]] void fail(const std::string& place, const std::string& what, const std::string& hint) {
  throw Error(Kind::config, place + ": " + what, hint);
}

void check_keys(const Node& node, const std::string& path, const std::vector<std::string>& allowed) {
  for (const auto& [key, value] : node.members) {
    if (std::ranges::find(allowed, key) != allowed.end()) continue;
    fail(value.place,
         "Extra inputs are not permitted. You provided field '" + path + key + "' with value '" +
             base::printable(value.in_words(), 200) + "' that is not supported in given version.",
         "allowed there: " + base::join(allowed, ", "));
  }
}

void check_version(const Node& root, const std::string& file) {
  const Node* version = root.find("definition_version");
  if (version == nullptr) {
    fail(file, "Your project definition is missing the following field: 'definition_version'",
         "write definition_version: 2");
  }
  if (version->text == "2") return;
  if (version->text == "1" || version->text == "1.1") {
    fail(version->place,
         "definition_version " + version->text + " knows no entities, and so no image repositories",
         "write definition_version: 2");
  }
  fail(version->place,
       "For field definition_version you provided '" + base::printable(version->in_words(), 100) +
           "'. This caused: Value error, Version " + base::printable(version->in_words(), 100) +
           " is not supported. Supported versions: 1, 1.1, 2",
       "write definition_version: 2");
}

void check_type(const std::string& id, const Node& entity) {
  const Node* type = entity.find("type");
  const std::string given = "For field entities." + id + " you provided '" +
                            base::printable(entity.in_words(), 200) + "'. This caused: ";
  if (!entity.is_mapping() || type == nullptr) {
    fail(entity.place, given + "Unable to extract tag using discriminator 'type'",
         "write type: image-repository");
  }
  if (std::ranges::find(known_types, type->text) != known_types.end()) return;
  std::vector<std::string> names;
  for (const auto name : known_types) names.push_back("'" + std::string{name} + "'");
  fail(type->place,
       given + "Input tag '" + base::printable(type->in_words(), 100) +
           "' found using 'type' does not match any of the expected tags: " + base::join(names, ", "),
       "write type: image-repository");
}

void check_repository(const std::string& id, const Node& entity) {
  const std::string path = "entities." + id + ".image-repository.";
  check_keys(entity, path, entity_keys);
  if (const Node* meta = entity.find("meta")) check_keys(*meta, path + "meta.", meta_keys);
  const Node* identifier = entity.find("identifier");
  if (identifier == nullptr || identifier->is_scalar()) return;
  if (!identifier->is_mapping()) {
    fail(identifier->place,
         "Input should be a valid string for field '" + path + "identifier.str', you provided '" +
             base::printable(identifier->in_words(), 200) + "'.",
         "write identifier: <name>, or its name, schema and database below it");
  }
  check_keys(*identifier, path + "identifier.Identifier.", identifier_keys);
  if (identifier->find("name") == nullptr) {
    fail(identifier->place,
         "Your project definition is missing the following field: '" + path + "identifier.Identifier.name'",
         "write name: <name> below identifier");
  }
}

void check_dependencies(const std::string& id, const Node& entity, const Node& entities) {
  const Node* meta = entity.find("meta");
  const Node* depends = meta == nullptr ? nullptr : meta->find("depends_on");
  if (depends == nullptr) return;
  for (const auto& item : depends->items) {
    if (entities.find(item.text) != nullptr) continue;
    fail(item.place, "Entity " + id + " depends on non-existing entities: " + base::printable(item.text, 100),
         "define it below entities, or remove it from depends_on");
  }
}

plugin::ObjectName name_of(const std::string& id, const Node& entity) {
  const Node* identifier = entity.find("identifier");
  if (identifier == nullptr) return plugin::ObjectName::parse(id);
  if (identifier->is_scalar()) return plugin::ObjectName::parse(identifier->text);
  const auto part = [&](const char* key) {
    const Node* node = identifier->find(key);
    return node == nullptr ? std::optional<std::string>{} : node->text;
  };
  return plugin::ObjectName::parse(part("name").value_or("")).with(part("database"), part("schema"));
}

std::vector<ImageRepository> repositories_in(Node& root, const std::string& file, const Overrides& overrides,
                                             const base::Environment& environment) {
  check_version(root, file);
  check_keys(root, "", top_keys);
  Node* entities = root.find("entities");
  if (entities == nullptr) return {};
  if (!entities->is_mapping())
    fail(entities->place, "entities should be a mapping", "write <id>: and its type below it");
  for (auto& [id, entity] : entities->members) {
    check_type(id, entity);
    if (entity.find("type")->text != our_type) continue;
    // Without any mixins the Snowflake CLI does not look whether one is asked for.
    if (const Node* mixins = root.find("mixins")) apply_mixins(id, entity, *mixins, entity_keys);
    check_repository(id, entity);
    check_dependencies(id, entity, *entities);
  }
  fill_in_templates(root, overrides, environment);
  std::vector<ImageRepository> repositories;
  for (const auto& [id, entity] : root.find("entities")->members) {
    if (entity.find("type")->text != our_type) continue;
    try {
      repositories.push_back({id, entity.place, name_of(id, entity)});
    } catch (const Error& error) {
      fail(entity.place, error.what(), error.hint());
    }
  }
  return repositories;
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
  project.repositories_ = repositories_in(*root, "snowflake.yml", overrides, environment);
  return project;
}

const ImageRepository& ProjectFile::choose(const std::optional<std::string>& id) const {
  if (repositories_.empty()) {
    throw Error(Kind::config, "No image repository project definition found in " + folder_.string(),
                "add an entity of type image-repository to snowflake.yml");
  }
  std::vector<std::string> ids;
  for (const auto& repository : repositories_) ids.push_back(repository.id);
  if (id) {
    const auto found = std::ranges::find(repositories_, *id, &ImageRepository::id);
    if (found != repositories_.end()) return *found;
    throw Error(Kind::usage, "No '" + base::printable(*id, 100) + "' entity in project definition file.",
                "the image repositories are: " + base::join(ids, ", "));
  }
  if (repositories_.size() > 1) {
    throw Error(Kind::usage, "Multiple image repositories found. Please provide entity id for the operation.",
                "choose one of: " + base::join(ids, ", "));
  }
  return repositories_.front();
}

std::pair<std::string, std::string> parse_override(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw Error(Kind::config, "Invalid variable: '" + base::printable(text, 200) + "'",
                "write --env KEY=VALUE");
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace project_file
