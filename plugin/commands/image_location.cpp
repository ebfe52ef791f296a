// SPDX-License-Identifier: Apache-2.0
#include "commands/image_location.hpp"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <ostream>
#include <syncstream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "commands/image_repository/image_repository.hpp"
#include "names/image_reference.hpp"
#include "snowflake/codes.hpp"
#include "snowflake/sql_text.hpp"

namespace plugin::commands {
namespace {

using base::Error;
using base::Kind;

/// For one login: the user may need to approve it on a phone.
constexpr std::chrono::minutes login_timeout{10};

/// Pauses the drawing while an indicator is on the terminal.
class PausedProgressIndicator final : public ui::ProgressIndicator {
public:
  PausedProgressIndicator(push::PushProgress& progress, ui::Prompter& next, const std::string& what,
                          const std::string& later)
      : pause_(progress), next_(next.show_progress(what, later)) {}

private:
  push::PushProgress::Pause pause_;
  std::unique_ptr<ui::ProgressIndicator> next_;
};

class PausedTypedLine final : public ui::TypedLine {
public:
  PausedTypedLine(push::PushProgress& progress, std::unique_ptr<ui::TypedLine> next)
      : pause_(progress), next_(std::move(next)) {}
  std::optional<base::Secret> poll() override { return next_->poll(); }

private:
  push::PushProgress::Pause pause_;
  std::unique_ptr<ui::TypedLine> next_;
};

/// Pauses the drawing of progress for whatever it shows or asks.
class PausingPrompter final : public ui::Prompter {
public:
  PausingPrompter(push::PushProgress& progress, ui::Prompter& next) : progress_(progress), next_(next) {}

  bool can_ask() override { return next_.can_ask(); }
  base::Secret ask(const std::string& question, const std::string& instead) override {
    const push::PushProgress::Pause pause{progress_};
    return next_.ask(question, instead);
  }
  std::unique_ptr<ui::TypedLine> typed_line() override {
    auto line = next_.typed_line();
    return line ? std::make_unique<PausedTypedLine>(progress_, std::move(line)) : nullptr;
  }
  void print(const std::string& sentence) override {
    const push::PushProgress::Pause pause{progress_};
    next_.print(sentence);
  }
  bool open_browser(const std::string& url) override {
    const push::PushProgress::Pause pause{progress_};
    return next_.open_browser(url);
  }
  std::unique_ptr<ui::ProgressIndicator> show_progress(const std::string& what,
                                                       const std::string& later) override {
    return std::make_unique<PausedProgressIndicator>(progress_, next_, what, later);
  }

private:
  push::PushProgress& progress_;
  ui::Prompter& next_;
};

/// Throws `denied` when the role sees no such repository, for which the registry itself only refuses the
/// token. Does nothing when Snowflake cannot be asked.
void require_repository(const std::string& repository, const config::Connection& connection, Wiring& wiring) {
  const auto name = base::to_upper(repository);
  std::string role;
  try {
    auto session = wiring.session(connection);
    role = session.context().role;
    image_repository::url_of(names::ObjectName::parse_repository(name), session);
  } catch (const snowflake::StatementError&) {
    throw image_repository::no_such_repository(Kind::denied, name, role);
  } catch (const Error&) {
    // The registry's own error is reported.
    return;
  }
}

/// Which privilege the role of the login lacks for a push. WRITE includes READ
/// (https://docs.snowflake.com/en/user-guide/security-access-control-privileges, image repository
/// privileges).
std::string step_after_denial(const std::string& repository, const config::Connection& connection,
                              Wiring& wiring) {
  std::string role = "<role>";
  try {
    auto session = wiring.session(connection);
    role = snowflake::quoted_identifier(session.context().role);
  } catch (const Error&) {
    // The registry's answer is the error to report.
  }
  auto names = base::split(base::to_upper(repository), '.');
  names.resize(3);
  for (auto& name : names) name = snowflake::quoted_identifier(name);
  const snowflake::RepositoryGrants grants{names[0], names[1], names[2], role};
  return "have its owner run: " + grants.privilege("WRITE") + " docker snowflake doctor " +
         base::to_lower(repository) + " tests it";
}

}  // namespace

registry::Access access_to(const docker::RegistryHost& host, config::Connection connection,
                           const std::string& repository, Context& context, push::PushProgress* progress) {
  connection.token_source = context.resolver.token_source_of(host);
  const auto prompter =
      progress == nullptr ? nullptr : std::make_shared<PausingPrompter>(*progress, context.prompter);
  const auto is_looked_up = std::make_shared<std::atomic<bool>>(false);
  const auto credential = [host, connection, repository, prompter, is_looked_up, &context](bool renew) {
    ui::Prompter& asks = prompter ? *prompter : context.prompter;
    Wiring wiring{context.environment, context.clock, context.resolver, login_timeout, &asks};
    wiring.record_requests(context.wiring.request_log());
    if (renew && !repository.empty() && !is_looked_up->exchange(true))
      require_repository(repository, connection, wiring);
    const auto token =
        wiring.registry_token(connection, renew ? snowflake::Refresh::token : snowflake::Refresh::when_stale);
    return token.credential_for(host.name(), context.clock.now());
  };
  return {credential, context.wiring.request_log(),
          [&context](const std::string& reason) { std::osyncstream{context.err} << reason << std::endl; },
          [connection, repository, &context] {
            return repository.empty() ? "" : step_after_denial(repository, connection, context.wiring);
          }};
}

ImageLocation locate_image(const std::string& name, const DefaultName& otherwise,
                           const cli::CommandOptions& options, Context& context,
                           push::PushProgress* progress) {
  auto reference = names::ImageReference::parse(name);
  const auto connection = cli::connection_of(reference, options, context);
  const auto named = reference.host ? context.resolver.find(*reference.host) : std::nullopt;
  const auto host = named ? *named : context.resolver.registry_of(connection);
  const snowflake::SessionContext names{connection.text("user"), connection.text("role"),
                                        connection.text("database"), connection.text("schema")};
  reference = reference.resolved_in(names);
  if (reference.image.empty()) reference.image = otherwise.image;
  if (reference.image.empty()) {
    throw Error(Kind::usage, "'" + base::printable(name, 200) + "' is an image repository, not an image",
                "write " + base::printable(name, 200) + "/<image>:<tag>");
  }
  std::string tag = reference.digest.empty() ? reference.tag : reference.digest;
  tag = tag.empty() ? otherwise.tag : tag.substr(1);
  reference.tag.clear();
  reference.digest.clear();
  const auto path = reference.at(host.name(), names).substr(host.name().size() + 1);
  const push::RegistryImage location{host.name(), path, tag};
  return {location, access_to(host, connection, location.repository(), context, progress), connection};
}

ImageLocation locate_target(const std::string& name, const DefaultName& otherwise,
                            const cli::CommandOptions& options, Context& context,
                            push::PushProgress& progress) {
  try {
    return locate_image(name, otherwise, options, context, &progress);
  } catch (const names::OtherRegistry& error) {
    throw Error(Kind::usage, error.what(),
                "write the repository to push to: <database>.<schema>.<repository>; "
                "docker snowflake repositories lists them");
  }
}

std::function<std::size_t()> terminal_width(const Context& context) {
  return [&context] { return output::Terminal::of_process(context.environment).width; };
}

push::PushProgress::Mode automatic_progress(const Context& context) {
  const bool can_draw =
      context.terminal.is_terminal && context.environment.get("TERM").value_or("") != "dumb";
  return can_draw ? push::PushProgress::Mode::tty : push::PushProgress::Mode::plain;
}

std::function<void()> print_how_to_continue(Context& context) {
  return [&context] {
    context.err << "\nInterrupted. The same command continues where this one stopped." << std::endl;
  };
}

std::shared_ptr<cli::CommandOptions> add_login_options(CLI::App& command, Context& context) {
  auto options = std::make_shared<cli::CommandOptions>();
  cli::add_connection_options(command, {options, &options->selection}, context);
  cli::add_debug_option(command, options, context);
  return options;
}

std::optional<ImageSource> ImageSource::parse(const std::string& text) {
  using Format = push::ImageSelection::Format;
  struct Row {
    std::string_view prefix;
    Kind kind;
    Format format;
  };
  ImageSource source;
  if (text == "-") {
    source.kind = Kind::pipe;
    source.selection.is_pipe = true;
    return source;
  }
  for (const auto& row :
       {Row{"oci:", Kind::oci_directory, Format::oci}, Row{"oci-archive:", Kind::oci_archive, Format::oci},
        Row{"docker-archive:", Kind::docker_archive, Format::docker}}) {
    if (!text.starts_with(row.prefix)) continue;
    source.kind = row.kind;
    source.selection.format = row.format;
    source.path = text.substr(row.prefix.size());
    // The path ends at the first colon, unless it has colons itself.
    const auto path = source.path;
    const auto exists = [](const std::string& file) {
      std::error_code failure;
      return std::filesystem::exists(file, failure);
    };
    auto colon = exists(path) ? std::string::npos : path.find(':');
    for (auto at = colon; at != std::string::npos; at = path.find(':', at + 1)) {
      if (exists(path.substr(0, at))) colon = at;
    }
    if (colon != std::string::npos) {
      source.selection.name = path.substr(colon + 1);
      source.path.resize(colon);
    }
    return source;
  }
  return std::nullopt;
}

push::Contents read(const ImageSource& source, const base::Environment& environment) {
  switch (source.kind) {
    case ImageSource::Kind::oci_directory:
      return read_contents(*push::files_of_directory(source.path), source.selection);
    case ImageSource::Kind::oci_archive:
    case ImageSource::Kind::docker_archive:
      return read_contents(*push::files_of_tar(push::File::open(source.path), source.path, environment),
                           source.selection);
    case ImageSource::Kind::pipe:
      return read_contents(*push::files_of_pipe(STDIN_FILENO, "standard input", environment),
                           source.selection);
    case ImageSource::Kind::engine:
      break;
  }
  return {};
}

}  // namespace plugin::commands
