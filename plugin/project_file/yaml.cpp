// SPDX-License-Identifier: Apache-2.0
#include "project_file/yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "project_file/yaml_text.hpp"

namespace project_file {
namespace {

using base::Error;
using base::Kind;

/// A few lines of anchors can stand for gigabytes.
constexpr std::size_t max_nodes = 20'000;
constexpr std::size_t deepest = 100;

/// Builds the tree from the parser's events, so that nothing is kept of a file that is too large.
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
      throw Error(Kind::config, place(mark) + ": an anchor (&) stands inside of itself",
                  "write out what it stands for");
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

  std::string place(const YAML::Mark& mark) const {
    return name_ + ":" + std::to_string(std::max(mark.line, 0) + 1);
  }

  Node scalar(const YAML::Mark& mark, std::string value) {
    ++nodes_;
    Node node;
    node.text = std::move(value);
    node.place = place(mark);
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
    node.place = place(mark);
    node.overrides = tag == "!override";
    open_.push_back({std::move(node), anchor, nodes_++, std::nullopt});
    if (open_.size() > deepest) refuse_size();
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
    if (!key.is_scalar()) throw Error(Kind::config, key.place + ": a key is not text", "write keys as words");
    if (mapping.find(key.text) != nullptr) {
      throw Error(Kind::config,
                  key.place + ": While loading the project definition file, duplicate key was found: " +
                      base::printable(key.text, 100),
                  "remove one of the two");
    }
    return key.text;
  }

  [[noreturn]] void refuse_size() const {
    throw Error(Kind::config, name_ + " holds more than a project can need",
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
  throw Error(
      Kind::config,
      name + ":" + std::to_string(line) + ": this is not YAML: a byte that is not a character of text",
      "write the file as UTF-8, without control characters");
}

Node parse(const std::string& name, const std::string& text) {
  Builder builder{name, text};
  std::istringstream stream{text};
  YAML::Parser parser{stream};
  if (!parser.HandleNextDocument(builder)) {
    Node nothing;
    nothing.place = name + ":1";
    return nothing;
  }
  Node root = builder.take();
  Builder second{name, text};
  if (parser.HandleNextDocument(second)) {
    throw Error(Kind::config, second.take().place + ": a second document begins in the project definition",
                "remove the line --- and what follows");
  }
  return root;
}

}  // namespace

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
      throw Error(Kind::config, root.place + ": a project definition has to be a mapping",
                  "begin with: definition_version: 2");
    }
    return root;
  } catch (const YAML::Exception& error) {
    throw Error(Kind::config,
                name + ":" + std::to_string(std::max(error.mark.line, 0) + 1) +
                    ": this is not YAML: " + base::printable(error.msg, 200),
                "look at the indentation, the colons and the quotes there");
  }
}

}  // namespace project_file
