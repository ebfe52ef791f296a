// SPDX-License-Identifier: Apache-2.0
#include "help.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/text.hpp"
#include "commands/examples.hpp"
#include "output/terminal_text.hpp"

namespace plugin {
namespace {

constexpr const char* help_all = "--help-all";
/// Where descriptions begin.
constexpr std::size_t description_column = 30;
constexpr std::size_t min_width = 50;

/// Headings of the options that most commands share.
bool is_shared(const std::string& group) { return group == "Connection" || group == "Output"; }

/// The words that choose a command: "image-repository list"; empty for the plugin itself.
std::string path_of(const CLI::App& command) {
  if (command.get_parent() == nullptr) return {};
  const auto before = path_of(*command.get_parent());
  return before.empty() ? command.get_name() : before + " " + command.get_name();
}

/// One line of a help text in as many lines as it needs; a description continues below its beginning.
std::string wrapped(const std::string& line, std::size_t width) {
  if (output::width_of(line) <= width) return line;
  const bool has_description =
      line.starts_with("  ") && line.size() > description_column && line[description_column - 1] == ' ';
  const std::size_t indent = has_description ? description_column : line.find_first_not_of(' ');
  if (indent == std::string::npos) return line;
  std::string text;
  for (const auto& piece : output::fold(line.substr(indent), width - indent))
    text += (text.empty() ? line.substr(0, indent) : "\n" + std::string(indent, ' ')) + piece;
  return text;
}

class Formatter final : public CLI::Formatter {
public:
  explicit Formatter(const output::Terminal& terminal) : terminal_(terminal) {}

  std::string make_help(const CLI::App* command, std::string name, CLI::AppFormatMode mode) const override {
    // All of a group's commands with all of their options would fill a book.
    const auto text = make_description(command) + make_usage(command, std::move(name)) +
                      make_positionals(command) + make_options(*command, mode == CLI::AppFormatMode::All) +
                      make_subcommands(command, CLI::AppFormatMode::Normal) +
                      make_examples(path_of(*command));
    if (!terminal_.is_terminal) return text;
    const auto width = std::max(terminal_.width, min_width);
    std::vector<std::string> lines;
    for (const auto& line : base::split(text, '\n')) lines.push_back(wrapped(line, width));
    return base::join(lines, "\n");
  }

private:
  std::string make_options(const CLI::App& command, bool with_shared) const {
    std::string text;
    bool hides_some = false;
    for (const auto& group : command.get_groups()) {
      const auto options = command.get_options([&](const CLI::Option* option) {
        const bool is_listed = option->get_group() == group && option->nonpositional();
        return is_listed && option != command.get_help_all_ptr();
      });
      if (group.empty() || options.empty()) continue;
      if (!with_shared && is_shared(group)) {
        hides_some = true;
      } else {
        text += make_group(group, false, options);
      }
    }
    if (hides_some)
      text += "  --help-all                  Also show the options that choose a connection and an output\n";
    return text;
  }

  static std::string make_examples(const std::string& path) {
    std::string text;
    for (const auto example : commands::examples_of(path)) {
      text += text.empty() ? "\nExamples:\n" : "";
      text += "  docker snowflake ";
      text += example;
      text += '\n';
    }
    return text;
  }

  output::Terminal terminal_;
};

}  // namespace

void set_help(CLI::App& app, const output::Terminal& terminal) {
  auto formatter = std::make_shared<Formatter>(terminal);
  formatter->column_width(description_column);
  app.formatter(formatter);
  app.set_help_all_flag(help_all, "Also show the options that choose a connection and an output");
}

}  // namespace plugin
