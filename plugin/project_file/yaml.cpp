// SPDX-License-Identifier: Apache-2.0
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "project_file/tree.hpp"

namespace plugin::project_file {
namespace {

using base::Error;
using base::Kind;

/// A few lines of anchors can expand to gigabytes.
constexpr std::size_t max_nodes = 20'000;
constexpr std::size_t max_yaml_depth = 100;

/// Whether YAML allows a character, which is given in UTF-8 (YAML 1.1, 5.1).
bool is_allowed(std::string_view character) {
  if (character == "\t" || character == "\n" || character == "\r") return true;
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(character[index]); };
  const bool is_c1 = byte(0) == 0xC2 && byte(1) < 0xA0 && byte(1) != 0x85;
  return !base::has_control_characters(character) && !is_c1 && character != "\uFFFE" && character != "\uFFFF";
}

/// The parser takes U+0004 for the end of the file, and replaces what is not UTF-8.
void check_text(const std::string& name, std::string_view text) {
  std::size_t line = 1;
  while (!text.empty()) {
    const auto character = text.substr(0, base::character_size(text));
    if (character.empty() || !is_allowed(character)) {
      throw Error(Kind::config,
                  name + ":" + std::to_string(line) + ": not YAML: invalid UTF-8 or a control character",
                  "write the file as UTF-8, without control characters");
    }
    if (character == "\n") ++line;
    text.remove_prefix(character.size());
  }
}

std::string location_of(const std::string& file, const YAML::Mark& mark) {
  return file + ":" + std::to_string(std::max(mark.line, 0) + 1);
}

/// The word for null that `text` begins with: `~`, `null` and its spellings (YAML 1.1, null type); empty when
/// it begins with none, or with a key of that name where no key is due.
std::string null_at(std::string_view text, bool at_key) {
  for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
    if (!text.starts_with(word)) continue;
    const auto after = text.substr(word.size());
    const bool ends = after.empty() || std::string_view{" \t\r\n,]}:"}.find(after[0]) != std::string::npos;
    const auto next = after.find_first_not_of(" \t");
    const bool is_key = next != std::string_view::npos && after[next] == ':';
    if (ends && (at_key || !is_key)) return std::string{word};
  }
  return {};
}

/// Builds the tree from the parser's events, so that no part of a file that is too large stays in memory.
class Builder final : public YAML::EventHandler {
public:
  Builder(std::string name, std::string_view text) : name_(std::move(name)), text_(text) {}

  Node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                const std::string& value) override {
    add(scalar(mark, value), anchor);
  }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(scalar(mark, written_null(mark)), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      throw Error(Kind::config, location(mark) + ": an anchor (&) is used inside its own value",
                  "write the value out");
    }
    nodes_ += found->second.nodes;
    add(found->second.node, 0);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::sequence);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::mapping);
  }
  void OnMapEnd() override { close(); }

private:
  struct Open {
    Node node;
    YAML::anchor_t anchor;
    std::size_t nodes_before;
    std::optional<std::string> key;
  };
  struct Anchored {
    Node node;
    std::size_t nodes;
  };

  std::string location(const YAML::Mark& mark) const { return location_of(name_, mark); }

  Node scalar(const YAML::Mark& mark, const std::string& value) {
    ++nodes_;
    Node node;
    node.location = location(mark);
    node.text = value;
    return node;
  }

  /// The parser does not distinguish an empty value from `~` and `null`, which are text here. For an empty
  /// value the mark is that of what follows, which may be a key of that name.
  std::string written_null(const YAML::Mark& mark) const {
    if (mark.pos < 0 || static_cast<std::size_t>(mark.pos) >= text_.size()) return {};
    const bool at_key = !open_.empty() && open_.back().node.is_mapping() && !open_.back().key;
    return null_at(text_.substr(static_cast<std::size_t>(mark.pos)), at_key);
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
    Node node;
    node.kind = kind;
    node.location = location(mark);
    node.overrides = tag == "!override";
    open_.push_back({std::move(node), anchor, nodes_++, std::nullopt});
    if (open_.size() > max_yaml_depth) {
      throw Error(Kind::config,
                  location(mark) + ": the file is nested more than " + std::to_string(max_yaml_depth) +
                      " levels deep",
                  "check that this is the right file");
    }
  }

  void close() {
    auto [node, anchor, nodes_before, key] = std::move(open_.back());
    open_.pop_back();
    if (anchor != 0) anchors_[anchor] = {node, nodes_ - nodes_before};
    add(std::move(node), 0);
  }

  void add(Node node, YAML::anchor_t anchor) {
    if (nodes_ > max_nodes) {
      throw Error(Kind::config, name_ + " is larger than a project can need",
                  "look for anchors (&) that repeat each other");
    }
    if (anchor != 0) anchors_[anchor] = {node, 1};
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    auto& parent = open_.back();
    if (parent.node.is_sequence()) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
      parent.key = key_of(parent.node, node);
    } else {
      parent.node.members.push_back({*std::exchange(parent.key, std::nullopt), std::move(node)});
    }
  }

  static std::string key_of(const Node& mapping, const Node& key) {
    if (!key.is_scalar())
      throw Error(Kind::config, key.location + ": a key is not text", "write keys as plain words");
    if (mapping.find(key.text) != nullptr) {
      throw Error(Kind::config, key.location + ": duplicate key '" + base::printable(key.text, 100) + "'",
                  "remove one of the two");
    }
    return key.text;
  }

  std::string name_;
  std::string_view text_;
  Node root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::size_t nodes_ = 0;
};

Node parse(const std::string& name, const std::string& text) {
  std::istringstream stream{text};
  YAML::Parser parser{stream};
  Builder first{name, text};
  Builder second{name, text};
  if (parser.HandleNextDocument(first) && parser.HandleNextDocument(second)) {
    throw Error(Kind::config, second.take().location + ": a second document begins in the project definition",
                "remove the line --- and what follows");
  }
  return first.take();
}

}  // namespace

std::optional<Node> read_yaml(const std::filesystem::path& file) {
  const auto text = base::read_text_file(file);
  if (!text) return std::nullopt;
  const std::string name = file.filename().string();
  check_text(name, *text);
  try {
    Node root = parse(name, *text);
    if (root.is_scalar() && root.text.empty()) root.kind = Node::Kind::mapping;
    if (!root.is_mapping()) {
      throw Error(Kind::config, root.location + ": a project definition must be a mapping",
                  "start with: definition_version: 2");
    }
    return root;
  } catch (const YAML::Exception& error) {
    throw Error(Kind::config,
                location_of(name, error.mark) + ": not YAML: " + base::printable(error.msg, 200),
                "check the indentation, the colons and the quotes there");
  }
}

}  // namespace plugin::project_file
