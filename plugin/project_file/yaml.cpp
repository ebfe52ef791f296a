// SPDX-License-Identifier: Apache-2.0
#include "project_file/yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <sstream>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace plugin::project_file {
namespace {

using base::Error;
using base::Kind;

/// A few lines of anchors can expand to gigabytes.
constexpr std::size_t max_nodes = 20'000;
constexpr std::size_t max_yaml_depth = 100;

bool is_allowed(std::uint32_t c) {
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0x7E) || c == 0x85 ||
         (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

/// The bytes of the character that `text` begins with; 0 for one that YAML does not allow.
std::size_t first_character(std::string_view text) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned char first = byte(0);
  const std::size_t length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (length == 0 || text.size() < length) return 0;
  constexpr std::uint32_t bits_of_first[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  std::uint32_t c = first & bits_of_first[length];
  for (std::size_t index = 1; index < length; ++index) {
    if ((byte(index) & 0xC0) != 0x80) return 0;
    c = (c << 6) | (byte(index) & 0x3Fu);
  }
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  return c >= smallest[length] && is_allowed(c) ? length : 0;
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

  std::string location(const YAML::Mark& mark) const {
    return name_ + ":" + std::to_string(std::max(mark.line, 0) + 1);
  }

  Node scalar(const YAML::Mark& mark, std::string value) {
    ++nodes_;
    Node node;
    node.text = std::move(value);
    node.location = location(mark);
    return node;
  }

  /// The parser does not tell an empty value from `~` and `null`, which are words here. For an empty value
  /// the mark is that of what comes next: a key, perhaps of that very name.
  std::string written_null(const YAML::Mark& mark) const {
    if (mark.pos < 0 || static_cast<std::size_t>(mark.pos) >= text_.size()) return {};
    const bool at_key = !open_.empty() && open_.back().node.is_mapping() && !open_.back().key;
    return std::string{null_at(text_.substr(static_cast<std::size_t>(mark.pos)), at_key)};
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
    if (nodes_ > max_nodes) refuse_size();
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

  [[noreturn]] void refuse_size() const {
    throw Error(Kind::config, name_ + " is larger than a project can need",
                "look for anchors (&) that repeat each other");
  }

  std::string name_;
  std::string_view text_;
  Node root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::size_t nodes_ = 0;
};

/// The parser takes U+0004 for the end of the file, and replaces what is not UTF-8.
void check_text(const std::string& name, std::string_view text) {
  const auto good = length_of_yaml_text(text);
  if (good == text.size()) return;
  const auto line = 1 + std::ranges::count(text.substr(0, good), '\n');
  throw Error(Kind::config,
              name + ":" + std::to_string(line) + ": not YAML: a byte that is not a character of text",
              "write the file as UTF-8, without control characters");
}

Node parse(const std::string& name, const std::string& text) {
  Builder builder{name, text};
  std::istringstream stream{text};
  YAML::Parser parser{stream};
  if (!parser.HandleNextDocument(builder)) {
    Node nothing;
    nothing.location = name + ":1";
    return nothing;
  }
  Node root = builder.take();
  Builder second{name, text};
  if (parser.HandleNextDocument(second)) {
    throw Error(Kind::config, second.take().location + ": a second document begins in the project definition",
                "remove the line --- and what follows");
  }
  return root;
}

}  // namespace

std::size_t length_of_yaml_text(std::string_view text) {
  std::size_t position = 0;
  while (position < text.size()) {
    const auto length = first_character(text.substr(position));
    if (length == 0) break;
    position += length;
  }
  return position;
}

std::string_view null_at(std::string_view text, bool at_key) {
  for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
    if (!text.starts_with(word)) continue;
    const auto after = text.substr(word.size());
    const bool ends = after.empty() || std::string_view{" \t\r\n,]}:"}.find(after[0]) != std::string::npos;
    const auto next = after.find_first_not_of(" \t");
    const bool is_key = next != std::string_view::npos && after[next] == ':';
    if (ends && (at_key || !is_key)) return word;
  }
  return {};
}

std::optional<Node> read_yaml(const std::filesystem::path& file) {
  auto text = base::read_file(file);
  if (!text) return std::nullopt;
  const std::string name = file.filename().string();
  if (text->starts_with("\xEF\xBB\xBF")) text->erase(0, 3);
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
                name + ":" + std::to_string(std::max(error.mark.line, 0) + 1) +
                    ": not YAML: " + base::printable(error.msg, 200),
                "check the indentation, the colons and the quotes there");
  }
}

}  // namespace plugin::project_file
