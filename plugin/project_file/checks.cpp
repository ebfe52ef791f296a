// SPDX-License-Identifier: Apache-2.0
#include "project_file/checks.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "project_file/meta.hpp"
#include "project_file/mistakes.hpp"

namespace project_file {
namespace {

constexpr std::array<std::string_view, 10> known_types = {
    "application", "application package", "streamlit", "function",
    "procedure",   "compute-pool",        our_type,    "service",
    "notebook",    "snowflake-app"};
const std::vector<std::string> top_keys = {"definition_version", "entities", "env", "mixins"};
const std::vector<std::string> entity_keys = {"type", "identifier", "meta"};
const std::vector<std::string> identifier_keys = {"name", "schema", "database"};

void check_version(const Node& root, const std::string& file) {
  const Node* version = root.find("definition_version");
  if (version == nullptr) refuse_missing(file, "definition_version", "write definition_version: 2");
  if (version->is_scalar() && version->text == "2") return;
  if (version->is_scalar() && (version->text == "1" || version->text == "1.1")) {
    fail(version->place,
         "definition_version " + version->text + " knows no entities, and so no image repositories",
         "write definition_version: 2");
  }
  refuse(*version, "definition_version",
         "Value error, Version " + shown(*version) + " is not supported. Supported versions: 1, 1.1, 2",
         "write definition_version: 2");
}

void check_env(const Node& root) {
  const Node* env = root.find("env");
  if (env == nullptr) return;
  require_mapping(*env, "env", "write <name>: <value> below it");
  for (const auto& [name, value] : env->members)
    require_text(value, "env." + base::printable(name, 100) + ".str", "give it one value");
}

void check_mixins(const Node& root) {
  const Node* mixins = root.find("mixins");
  if (mixins == nullptr) return;
  require_mapping(*mixins, "mixins", "write <name>: and its keys below it");
  for (const auto& [name, mixin] : mixins->members)
    require_mapping(mixin, "mixins." + base::printable(name, 100), "write keys of entities below it");
}

void check_type(const std::string& id, const Node& entity) {
  const std::string path = "entities." + base::printable(id, 100);
  if (!entity.is_mapping()) {
    refuse(entity, path, "Input should be a valid dictionary or object to extract fields from",
           "write type: image-repository below it");
  }
  const Node* type = entity.find("type");
  if (type == nullptr)
    refuse(entity, path, "Unable to extract tag using discriminator 'type'", "write type: image-repository");
  if (type->is_scalar() && std::ranges::find(known_types, type->text) != known_types.end()) return;
  std::vector<std::string> names;
  for (const auto name : known_types) names.push_back("'" + std::string{name} + "'");
  refuse(entity, path,
         "Input tag '" + shown(*type) +
             "' found using 'type' does not match any of the expected tags: " + base::join(names, ", "),
         "write type: image-repository");
}

void check_identifier(const Node& identifier, const std::string& path) {
  if (identifier.is_scalar()) return;
  if (!identifier.is_mapping())
    require_text(identifier, path + ".str",
                 "write identifier: <name>, or its name, schema and database below it");
  check_keys(identifier, path + ".Identifier.", identifier_keys);
  if (identifier.find("name") == nullptr)
    refuse_missing(identifier.place, path + ".Identifier.name", "write name: <name> below identifier");
  for (const auto& [key, value] : identifier.members)
    require_text(value, path + ".Identifier." + key, "give it one value");
}

void check_dependencies(const std::string& id, const Node& entity, const Node& entities) {
  const Node* meta = entity.find("meta");
  const Node* depends = meta == nullptr ? nullptr : meta->find("depends_on");
  if (depends == nullptr) return;
  std::vector<std::string> missing;
  for (const auto& item : depends->items) {
    if (entities.find(item.text) == nullptr) missing.push_back(base::printable(item.text, 100));
  }
  if (missing.empty()) return;
  fail(depends->place,
       "Entity " + base::printable(id, 100) +
           " depends on non-existing entities: " + base::join(missing, ", "),
       "define them below entities, or remove them from depends_on");
}

}  // namespace

bool is_key_of_repository(std::string_view key) {
  return std::ranges::find(entity_keys, key) != entity_keys.end();
}

void check_project(const Node& root, const std::string& file) {
  check_version(root, file);
  check_keys(root, "", top_keys);
  check_env(root);
  check_mixins(root);
  const Node* entities = root.find("entities");
  if (entities == nullptr) return;
  require_mapping(*entities, "entities", "write <id>: and its type below it");
  for (const auto& [id, entity] : entities->members) {
    check_type(id, entity);
    if (id.empty())
      fail(entity.place, "Value error, Missing entity identifier", "give the entity an id, which is its key");
  }
}

void check_repository(const std::string& id, const Node& entity, const Node& entities) {
  const std::string path = "entities." + base::printable(id, 100) + ".image-repository.";
  check_keys(entity, path, entity_keys);
  if (const Node* meta = entity.find("meta")) check_meta(*meta, path + "meta");
  if (const Node* identifier = entity.find("identifier")) check_identifier(*identifier, path + "identifier");
  check_dependencies(id, entity, entities);
}

}  // namespace project_file
