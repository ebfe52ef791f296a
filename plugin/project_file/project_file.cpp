// SPDX-License-Identifier: Apache-2.0
#include "project_file/project_file.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"

namespace plugin::project_file {
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

std::string shown(const std::string& text) { return base::printable(text, 100); }

void require_kind(const Node& value, Node::Kind kind, const std::string& path) {
  if (value.kind == kind) return;
  fail(value,
       path + " must be " + name_of(kind) + ", not " + name_of(value.kind) + ": '" +
           base::printable(value.on_one_line(), 300) + "'",
       std::string{"write "} + name_of(kind) + " there");
}

void require_text(const Node& value, const std::string& path) {
  require_kind(value, Node::Kind::scalar, path);
}
void require_mapping(const Node& value, const std::string& path) {
  require_kind(value, Node::Kind::mapping, path);
}
void require_texts(const Node& value, const std::string& path) {
  require_kind(value, Node::Kind::sequence, path);
  for (const auto& item : value.items) require_text(item, "each item of " + path);
}

const Node& require_key(const Node& mapping, const char* key, const std::string& path) {
  const Node* value = mapping.find(key);
  if (value == nullptr) fail(mapping, path + " has no " + key, std::string{"write "} + key + ": below it");
  return *value;
}

void check_keys(const Node& mapping, const std::string& path, const std::vector<std::string>& allowed) {
  for (const auto& [key, value] : mapping.members) {
    if (std::ranges::find(allowed, key) == allowed.end())
      fail(value,
           "unknown key '" + shown(key) + "' in " + path + ", with the value '" + shown(value.on_one_line()) +
               "'",
           "known keys: " + base::join(allowed, ", "));
  }
}

/// A role or warehouse needs an identifier somewhere in it, as for the Snowflake CLI.
void check_contains_identifier(const Node& value, const std::string& path) {
  constexpr std::size_t max_length = 254;
  require_text(value, path);
  const auto starts_one = [](char c) { return snowflake::is_identifier({&c, 1}); };
  const bool has_one =
      std::ranges::count(value.text, '"') >= 2 || std::ranges::any_of(value.text, starts_one);
  if (value.text.size() > max_length)
    fail(value, path + " is longer than " + std::to_string(max_length) + " characters",
         "write the name of an object");
  if (!has_one)
    fail(value, path + " '" + shown(value.text) + "' is not an identifier", "write the name of an object");
}

/// The Snowflake CLI runs these scripts after a deployment, and takes only those of the project itself.
void check_script(const Node& script, const std::string& path) {
  require_mapping(script, path);
  check_keys(script, path, {"sql_script"});
  const Node& file = require_key(script, "sql_script", path);
  require_text(file, "sql_script");
  std::string name = file.text;
  std::ranges::replace(name, '\\', '/');
  const auto directories = base::split(name, '/');
  const bool absolute = name.starts_with('/') || (name.size() > 2 && name[1] == ':' && name[2] == '/');
  if (name.empty() || absolute || std::ranges::find(directories, "..") != directories.end())
    fail(file, "sql_script '" + shown(file.text) + "' is not a path inside the project",
         "write a path relative to the directory that holds snowflake.yml");
}

void check_meta(const Node& meta, const std::string& path) {
  require_mapping(meta, path);
  check_keys(meta, path, meta_keys);
  for (const auto& [key, value] : meta.members) {
    const std::string key_path = key + " in " + path;
    if (key == "warehouse" || key == "role") {
      check_contains_identifier(value, key_path);
    } else if (key == "depends_on" || (key == "use_mixins" && !value.is_scalar())) {
      require_texts(value, key_path);
    } else if (key == "post_deploy") {
      require_kind(value, Node::Kind::sequence, key_path);
      for (const auto& script : value.items) check_script(script, key_path);
    }
  }
}

void check_identifier(const Node& identifier, const std::string& path) {
  if (identifier.is_scalar()) return;
  require_mapping(identifier, path);
  check_keys(identifier, path, identifier_keys);
  require_key(identifier, "name", path);
  for (const auto& [key, value] : identifier.members) require_text(value, key + " in " + path);
}

void check_dependencies(const std::string& entity_path, const Node& entity, const Node& entities) {
  const Node* meta = entity.find("meta");
  const Node* depends = meta == nullptr ? nullptr : meta->find("depends_on");
  if (depends == nullptr) return;
  for (const auto& item : depends->items) {
    if (entities.find(item.text) == nullptr)
      fail(item, entity_path + " depends on '" + shown(item.text) + "', which does not exist",
           "define it below entities, or remove it from depends_on");
  }
}

/// One entity of our type, with its mixins.
void check_repository(const std::string& id, const Node& entity, const Node& entities) {
  const std::string path = "entity '" + shown(id) + "'";
  check_keys(entity, path, entity_keys);
  if (const Node* meta = entity.find("meta")) check_meta(*meta, "meta of " + path);
  if (const Node* identifier = entity.find("identifier"))
    check_identifier(*identifier, "identifier of " + path);
  check_dependencies(path, entity, entities);
}

void check_type(const std::string& id, const Node& entity) {
  const std::string path = "entity '" + shown(id) + "'";
  require_mapping(entity, path);
  const Node& type = require_key(entity, "type", path);
  if (id.empty()) fail(entity, "an entity has no id", "write its id as the key: <id>:");
  if (type.is_scalar() && std::ranges::find(known_types, type.text) != known_types.end()) return;
  fail(type, path + " has the unknown type '" + base::printable(type.on_one_line(), 300) + "'",
       "write type: image-repository");
}

void check_version(const Node& root) {
  const Node& version = require_key(root, "definition_version", "snowflake.yml");
  if (version.is_scalar() && version.text == "2") return;
  const auto text = base::printable(version.on_one_line(), 100);
  const bool old = text == "1" || text == "1.1";
  fail(version, "definition_version " + text + (old ? " has no image repositories" : " is not supported"),
       "write definition_version: 2");
}

void check_project(const Node& root) {
  check_version(root);
  check_keys(root, "snowflake.yml", top_keys);
  if (const Node* env = root.find("env")) {
    require_mapping(*env, "env");
    for (const auto& [name, value] : env->members) require_text(value, "env." + shown(name));
  }
  if (const Node* mixins = root.find("mixins")) {
    require_mapping(*mixins, "mixins");
    for (const auto& [name, mixin] : mixins->members) require_mapping(mixin, "mixin '" + shown(name) + "'");
  }
  const Node* entities = root.find("entities");
  if (entities == nullptr) return;
  require_mapping(*entities, "entities");
  for (const auto& [id, entity] : entities->members) check_type(id, entity);
}

/// Merges the mixins that an entity names under it.
void apply_mixins(Node& entity, const Node& mixins) {
  const Node* meta = entity.find("meta");
  const Node* used = meta == nullptr ? nullptr : meta->find("use_mixins");
  if (used == nullptr) return;
  Node below;
  below.kind = Node::Kind::mapping;
  const auto add = [&](const Node& name) {
    const Node* mixin = mixins.find(name.text);
    if (mixin == nullptr)
      fail(name, "there is no mixin '" + shown(name.text) + "'",
           "define it below mixins, or remove it from use_mixins");
    below = merged_with_mixin(below, *mixin);
  };
  if (used->is_scalar()) add(*used);
  for (const auto& name : used->items) add(name);
  check_keys(below, "a mixin of an image repository", entity_keys);
  if (!below.members.empty()) entity = merged_with_mixin(below, entity);
}

bool is_ours(const Node& entity) { return entity.find("type")->text == our_type; }

std::optional<std::string> text_at(const Node& mapping, const char* key) {
  const Node* value = mapping.find(key);
  return value == nullptr ? std::nullopt : std::optional{value->text};
}

names::ObjectName name_of(const std::string& id, const Node& entity) {
  const Node* identifier = entity.find("identifier");
  if (identifier == nullptr) return names::ObjectName::parse(id);
  if (identifier->is_scalar()) return names::ObjectName::parse(identifier->text);
  return names::ObjectName::parse(identifier->find("name")->text)
      .with(text_at(*identifier, "database"), text_at(*identifier, "schema"));
}

void check_repositories(const Node& entities) {
  for (const auto& [id, entity] : entities.members) {
    if (is_ours(entity)) check_repository(id, entity, entities);
  }
}

}  // namespace

ProjectFile ProjectFile::read(const std::filesystem::path& directory, const Overrides& overrides,
                              const base::Environment& environment) {
  ProjectFile project;
  // The last slash would be an empty name.
  project.directory_ = (std::filesystem::absolute(directory) / "").lexically_normal().parent_path();
  auto root = read_yaml(directory / "snowflake.yml");
  if (!root) {
    throw Error(Kind::config,
                "Cannot find project definition (snowflake.yml). Please provide a path to the project or run "
                "this command in a valid project directory.",
                "name its directory with --project");
  }
  if (const auto local = read_yaml(directory / "snowflake.local.yml")) merge(*root, *local);
  check_project(*root);
  Node* entities = root->find("entities");
  if (entities == nullptr) return project;
  // Without any mixins the Snowflake CLI does not check whether one is used.
  if (const Node* mixins = root->find("mixins")) {
    for (auto& [id, entity] : entities->members) {
      if (is_ours(entity)) apply_mixins(entity, *mixins);
    }
  }
  check_repositories(*entities);
  fill_in_templates(*root, overrides, environment);
  check_project(*root);
  check_repositories(*entities);
  std::ranges::copy_if(entities->members, std::back_inserter(project.repositories_), is_ours, &Member::value);
  return project;
}

ImageRepository ProjectFile::choose(const std::optional<std::string>& given_id) const {
  if (repositories_.empty()) {
    throw Error(Kind::config, "No image repository project definition found in " + directory_.string(),
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
    return {id, entity.location, name_of(id, entity)};
  } catch (const Error& error) {
    fail(entity, error.what(), error.hint());
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

}  // namespace plugin::project_file
