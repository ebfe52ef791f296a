// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <ostream>

#include "commands.hpp"
#include "doctor/bundle.hpp"
#include "doctor/check.hpp"
#include "doctor/json_report.hpp"
#include "doctor/text_report.hpp"

namespace plugin {
namespace {

using doctor::Report;
using doctor::Result;

struct Given {
  std::optional<std::string> target;
  bool json = false;
  bool pull_only = false;
  std::optional<std::string> bundle;
  bool force = false;
};

std::vector<doctor::Check> checks_for(const Given& given) {
  auto checks = doctor::all_checks();
  if (given.pull_only)
    std::erase_if(checks, [](const auto& check) { return std::string_view{check.id} == "push"; });
  return checks;
}

void print_table(const Report& report, const output::Printer& printer) {
  const auto rows = printer.rows();
  rows->begin({{"id"}, {"state"}, {"sentence"}, {"next"}});
  for (const auto& [id, title, finding] : report.results)
    rows->row({output::text_value(id), output::text_value(std::string{word_for(finding.state)}),
               output::text_value(finding.sentence), output::text_value(finding.next)});
  rows->end();
}

void show(const Given& given, const CommandOptions& options, Context& context) {
  if (given.bundle) doctor::refuse_to_replace(*given.bundle, given.force);
  doctor::Examination examination{context, options, given.target};
  const auto style = doctor::Style::of(context.terminal, context.environment);
  const bool as_text = options.format == output::Format::table && !given.json;
  const auto tell = [&](const Result& result) {
    if (!as_text) return;
    doctor::print_result(context.out, result, style);
    context.out.flush();
  };
  const auto report = doctor::examine(checks_for(given), examination, tell);
  if (as_text) {
    doctor::print_verdict(context.out, report, style);
  } else if (options.format == output::Format::csv && !given.json) {
    print_table(report, printer_of(options, context));
  } else {
    context.out << doctor::to_json(report).dump(4, ' ', true, base::OrderedJson::error_handler_t::replace)
                << '\n';
  }
  if (report.state() == doctor::State::broken) context.status = 1;
  if (!given.bundle) return;
  doctor::write_bundle(*given.bundle, report, examination);
  context.err << "Written to " << *given.bundle << ", without secrets.\n";
}

}  // namespace

void add_doctor(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("doctor", "Find out why it does not work, and what to do about it");
  const auto given = std::make_shared<Given>();
  command
      ->add_option("target", given->target, "Registry host, or an image repository to push to and pull from")
      ->option_text("[HOST|REPOSITORY]");
  command->add_flag("--json", given->json, "Print the findings for programs, as --format JSON");
  command->add_flag("--pull-only", given->pull_only, "Do not ask whether one may push to the repository");
  command->add_option("--bundle", given->bundle, "Write a file for support, without secrets")
      ->option_text("FILE");
  command->add_flag("--force", given->force, "Let --bundle replace a file");
  const auto options = add_command_options(*command, context);
  command->callback([given, options, &context] { show(*given, *options, context); });
}

}  // namespace plugin
