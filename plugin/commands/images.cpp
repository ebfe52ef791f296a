// SPDX-License-Identifier: Apache-2.0
#include <fnmatch.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <ostream>

#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "commands/commands.hpp"
#include "commands/result_rows.hpp"
#include "names/image_reference.hpp"
#include "names/repository_names.hpp"
#include "output/list.hpp"
#include "output/progress.hpp"
#include "snowflake/parallel_queries.hpp"

namespace plugin::commands {
namespace {

using base::Error;
using base::Kind;

struct ImagesOptions {
  std::optional<std::string> name;
  std::vector<std::string> filters;
  bool quiet = false;
};

struct Image {
  std::string repository;
  std::string name;
  std::string tag;
  std::string digest;
  std::string path;  ///< database/schema/repository/image:tag
  output::Value created_on;
  std::string age;
};

struct Images {
  std::vector<Image> found;
  std::string nothing;  ///< what to say when there are none
  std::string where;    ///< they were looked for, "in DB.SCHEMA.REPO"
  std::string next;     ///< what to do when there are none
  bool complete = true;
};

snowflake::Column created_on_of(const snowflake::Result& result) {
  const auto found = std::ranges::find(result.columns, "created_on", &snowflake::Column::name);
  return found == result.columns.end() ? snowflake::Column{"created_on", "timestamp_ltz", 3} : *found;
}

void add(std::vector<Image>& images, const std::string& repository, const snowflake::Result& result,
         base::TimePoint now) {
  const auto text = [&](std::size_t row, const char* column) { return result.at(row, column).value_or(""); };
  const auto created_on = created_on_of(result);
  const output::TimeZone utc{"UTC"};
  for (std::size_t row = 0; row < result.rows.size(); ++row) {
    const auto cell = result.at(row, "created_on");
    images.push_back({repository, text(row, "image_name"), text(row, "tags"), text(row, "digest"),
                      text(row, "image_path"), value_of(created_on, cell, utc, false), age_of(cell, now)});
  }
}

/// `database.schema.repository` of every repository that the role can see.
std::vector<std::string> repositories_of(const config::Connection& connection,
                                         snowflake::SessionCache& session, Context& context) {
  snowflake::Result result;
  names::NotedNames noted{result};
  {
    const auto progress = cli::show_progress("Listing image repositories", connection, context);
    session.run("show image repositories in account", noted);
  }
  names::RepositoryNames{context.environment, session.account()}.replace(noted.names());
  auto names = names::qualified_names(result);
  std::ranges::sort(names);
  return names;
}

Images images_everywhere(const config::Connection& connection, snowflake::SessionCache& session,
                         Context& context) {
  const auto repositories = repositories_of(connection, session, context);
  std::vector<std::string> statements;
  for (const auto& name : repositories) statements.push_back("show images in image repository " + name);
  const auto progress_at = [total = std::to_string(repositories.size())](std::size_t done) {
    return std::to_string(done) + " of " + total + " repositories";
  };
  std::vector<snowflake::StatementResult> outcomes;
  {
    output::Progress progress{progress_at(0), context.environment};
    outcomes = snowflake::run_parallel(
        session, statements, [&] { return context.wiring.new_http(connection); }, context.clock,
        [&](std::size_t done) { progress.update(progress_at(done)); });
  }
  const auto& role = session.context().role;
  Images images;
  images.where = "in the repositories that role " + role + " can see";
  if (repositories.empty()) {
    images.nothing = "No repositories that role " + role + " can see.";
    images.next = "docker snowflake image-repository create <name>; --role chooses another role";
  } else {
    images.nothing = "No images in the " + std::to_string(repositories.size()) +
                     (repositories.size() == 1 ? " repository" : " repositories") + " that role " + role +
                     " can see.";
    images.next = "docker snowflake repositories --in-account shows the URLs to push to";
  }
  for (std::size_t index = 0; index < outcomes.size(); ++index) {
    if (outcomes[index].error) {
      context.err << "Warning: " << repositories[index] << ": " << outcomes[index].error->what() << '\n';
      images.complete = false;
    }
    if (outcomes[index].result)
      add(images.found, repositories[index], *outcomes[index].result, context.clock.now());
  }
  return images;
}

Images images_in(const names::ImageReference& reference, const config::Connection& connection,
                 snowflake::SessionCache& session, Context& context) {
  const auto& name = reference.repository;
  const auto result = [&] {
    const auto progress = cli::show_progress("Listing images", connection, context);
    return session.run("show images in image repository " + name.text());
  }();
  const auto full_name = base::to_upper(name.completed(session.context()));
  Images images;
  images.nothing = "No images in " + full_name + ".";
  images.where = "in " + full_name;
  images.next = "docker push <reference>; docker snowflake ref " + full_name + "/<image>:<tag> prints it";
  add(images.found, full_name, result, context.clock.now());
  return images;
}

/// Whether it is the image that a reference names, or any, if it names only the repository.
bool is_named(const Image& image, const names::ImageReference& reference) {
  return (reference.image.empty() || image.name == reference.image) &&
         (reference.tag.empty() || ":" + image.tag == reference.tag) &&
         (reference.digest.empty() || "@" + image.digest == reference.digest);
}

/// `repository=db.*`, `image=app`, `tag=1.*`: a pattern as in a shell.
struct Filter {
  std::string Image::*field;
  std::string pattern;
};

Filter parse_filter(const std::string& text) {
  static const std::map<std::string, std::string Image::*> fields = {{"repository", &Image::repository},
                                                                     {"image", &Image::name},
                                                                     {"tag", &Image::tag},
                                                                     {"digest", &Image::digest}};
  const auto equals = text.find('=');
  const auto field = fields.find(text.substr(0, equals));
  if (equals == std::string::npos || field == fields.end()) {
    throw Error(Kind::usage, "Invalid filter '" + base::printable(text, 100) + "'",
                "write --filter repository=..., image=..., tag=... or digest=...");
  }
  return {field->second, text.substr(equals + 1)};
}

bool passes(const Image& image, const std::vector<Filter>& filters) {
  return std::ranges::all_of(filters, [&](const Filter& filter) {
    return fnmatch(filter.pattern.c_str(), (image.*filter.field).c_str(), FNM_CASEFOLD) == 0;
  });
}

std::string short_digest(const std::string& digest) {
  const auto colon = digest.find(':');
  return colon == std::string::npos ? digest : digest.substr(colon + 1, 12);
}

/// For users, on a terminal or not.
void print_images(const Images& images, bool is_filtered, const cli::CommandOptions& options,
                  Context& context) {
  if (images.found.empty()) {
    if (!images.complete) return;
    if (is_filtered) {
      context.err << "No image " << images.where << " matches.\n"
                  << "Next: leave out --filter, or the image and its tag, to list them all\n";
    } else {
      context.err << images.nothing << "\nNext: " << images.next << '\n';
    }
    return;
  }
  const bool is_whole =
      options.no_trunc || !options.row_template.empty() || options.format == output::Format::wide;
  output::List list{
      {{"REPOSITORY"}, {"IMAGE"}, {"TAG"}, {"DIGEST", false, false}, {"CREATED", false, false}}};
  for (const auto& image : images.found)
    list.add({image.repository, image.name, image.tag, is_whole ? image.digest : short_digest(image.digest),
              image.age});
  cli::print_list(list, options, context);
}

void print_rows(const std::vector<Image>& images, const cli::CommandOptions& options, Context& context) {
  const auto rows = cli::printer_of(options, context).rows();
  rows->begin({{"repository"}, {"image"}, {"tag"}, {"digest"}, {"created_on"}});
  for (const auto& image : images) {
    rows->row({output::text_value(image.repository), output::text_value(image.name),
               output::text_value(image.tag), output::text_value(image.digest), image.created_on});
  }
  rows->end();
}

void show_images(const ImagesOptions& given, const cli::CommandOptions& options, Context& context) {
  std::vector<Filter> filters;
  for (const auto& text : given.filters) filters.push_back(parse_filter(text));
  std::optional<names::ImageReference> reference;
  if (given.name) reference = names::ImageReference::parse(*given.name);
  const auto connection =
      reference ? cli::connection_of(*reference, options, context) : cli::connection_of(options, context);
  auto session = context.wiring.session(connection);
  if (reference) reference = reference->resolved_in(session.context());
  auto images = reference ? images_in(*reference, connection, session, context)
                          : images_everywhere(connection, session, context);
  const auto all = images.found.size();
  std::erase_if(images.found, [&](const Image& image) {
    return !passes(image, filters) || (reference && !is_named(image, *reference));
  });
  const bool is_filtered = images.found.size() < all;
  std::ranges::stable_sort(
      images.found, {}, [](const Image& image) { return std::tie(image.repository, image.name, image.tag); });
  if (given.quiet || options.format == output::Format::name) {
    const auto host = context.resolver.registry_of(connection).name();
    for (const auto& image : images.found) context.out << host << '/' << base::printable(image.path) << '\n';
  } else if (output::is_for_users(options.format)) {
    print_images(images, is_filtered, options, context);
  } else {
    print_rows(images.found, options, context);
  }
  if (!images.complete) {
    throw Error(Kind::statement, "some image repositories could not be read", "the warnings above say why");
  }
}

}  // namespace

void add_images(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("images", "List images, of one repository or of all that the role can see");
  const auto given = std::make_shared<ImagesOptions>();
  command->add_option("name", given->name, names::image_syntax)->option_text("[NAME]");
  command->add_option("-f,--filter", given->filters, "repository=, image=, tag= or digest=, with * and ?")
      ->option_text("KEY=PATTERN")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
  command->add_flag("-q,--quiet", given->quiet, "Only references, for docker pull");
  const auto options = cli::add_command_options(*command, context);
  cli::add_list_options(*command, options);
  command->callback([given, options, &context] { show_images(*given, *options, context); });
}

}  // namespace plugin::commands
