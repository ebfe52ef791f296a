// SPDX-License-Identifier: Apache-2.0
#include "project_file/tree.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace project_file {
namespace {

using base::Error;
using base::Kind;

/// A few lines of anchors can stand for gigabytes.
constexpr std::size_t most_nodes = 100'000;
constexpr int deepest = 100;

class Reader {
public:
  explicit Reader(std::string name) : name_(std::move(name)) {}

  Node read(const YAML::Node& yaml, int depth = 0) {
    if (++nodes_ > most_nodes || depth > deepest) {
      throw Error(Kind::config, name_ + " holds more than a project can need",
                  "look for anchors (&) that repeat each other");
    }
    Node node;
    node.place = name_ + ":" + std::to_string(yaml.Mark().line + 1);
    node.overrides = yaml.Tag() == "!override";
    if (yaml.IsMap()) {
      node.kind = Node::Kind::mapping;
      for (const auto& entry : yaml) add(node, entry.first, entry.second, depth);
    } else if (yaml.IsSequence()) {
      node.kind = Node::Kind::sequence;
      for (const auto& item : yaml) node.items.push_back(read(item, depth + 1));
    } else if (yaml.IsScalar()) {
      node.text = yaml.Scalar();
    }
    return node;
  }

private:
  void add(Node& node, const YAML::Node& key, const YAML::Node& value, int depth) {
    if (!key.IsScalar()) {
      throw Error(Kind::config, node.place + ": a key is not text", "write keys as plain words");
    }
    if (node.find(key.Scalar()) != nullptr) {
      throw Error(Kind::config,
                  name_ + ":" + std::to_string(key.Mark().line + 1) +
                      ": While loading the project definition file, duplicate key was found: " +
                      base::printable(key.Scalar(), 100),
                  "remove one of the two");
    }
    node.members.push_back({key.Scalar(), read(value, depth + 1)});
  }

  std::string name_;
  std::size_t nodes_ = 0;
};

std::string quoted(const std::string& text) { return "'" + text + "'"; }

}  // namespace

const Node* Node::find(std::string_view key) const {
  const auto found = std::ranges::find(members, key, &Member::key);
  return found == members.end() ? nullptr : &found->value;
}

Node* Node::find(std::string_view key) {
  const auto found = std::ranges::find(members, key, &Member::key);
  return found == members.end() ? nullptr : &found->value;
}

std::string Node::in_words() const {
  std::vector<std::string> words;
  switch (kind) {
    case Kind::scalar:
      return text;
    case Kind::mapping:
      for (const auto& [key, value] : members) {
        words.push_back(quoted(key) + ": " + (value.is_scalar() ? quoted(value.text) : value.in_words()));
      }
      return "{" + base::join(words, ", ") + "}";
    case Kind::sequence:
      for (const auto& item : items) words.push_back(item.is_scalar() ? quoted(item.text) : item.in_words());
      return "[" + base::join(words, ", ") + "]";
  }
  return {};
}

std::optional<Node> read_yaml(const std::filesystem::path& file) {
  const auto text = base::read_file(file);
  if (!text) return std::nullopt;
  const std::string name = file.filename().string();
  try {
    const auto yaml = YAML::Load(*text);
    Node node = Reader{name}.read(yaml);
    if (yaml.IsNull()) node.kind = Node::Kind::mapping;
    if (!node.is_mapping()) {
      throw Error(Kind::config, node.place + ": a project definition has to be a mapping",
                  "begin with: definition_version: 2");
    }
    return node;
  } catch (const YAML::Exception& error) {
    throw Error(Kind::config,
                name + ":" + std::to_string(error.mark.line + 1) +
                    ": this is not YAML: " + base::printable(error.msg, 200),
                "look at the indentation, the colons and the quotes there");
  }
}

void merge(Node& base, const Node& top) {
  for (const auto& [key, value] : top.members) {
    Node* own = base.find(key);
    if (own == nullptr) {
      base.members.push_back({key, value});
    } else if (own->is_mapping() && value.is_mapping()) {
      merge(*own, value);
    } else {
      *own = value;
    }
  }
}

}  // namespace project_file
