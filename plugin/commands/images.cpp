// SPDX-License-Identifier: Apache-2.0
#include <fnmatch.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <map>
#include <ostream>

#include "base/text.hpp"
#include "command_options.hpp"
#include "commands.hpp"
#include "image_reference.hpp"
#include "output/value.hpp"
#include "repository_names.hpp"
#include "snowflake/parallel_queries.hpp"
#include "time_text.hpp"

namespace plugin {
namespace {

using base::Error;
using base::Kind;

struct Given {
  std::optional<std::string> name;
  std::vector<std::string> filters;
  bool quiet = false;
  bool no_trunc = false;
};

struct Image {
  std::string repository;
  std::string name;
  std::string tag;
  std::string digest;
  std::string path;  ///< database/schema/repository/image:tag
  snowflake::Cell created_on;
};

struct Images {
  std::vector<Image> found;
  bool complete = true;
};

snowflake::Column created_on_of(const snowflake::Result& result) {
  const auto found = std::ranges::find(result.columns, "created_on", &snowflake::Column::name);
  return found == result.columns.end() ? snowflake::Column{"created_on", "timestamp_ltz", 3} : *found;
}

void add(std::vector<Image>& images, const std::string& repository, const snowflake::Result& result) {
  const auto text = [&](std::size_t row, const char* column) { return result.at(row, column).value_or(""); };
  for (std::size_t row = 0; row < result.rows.size(); ++row) {
    images.push_back({repository, text(row, "image_name"), text(row, "tags"), text(row, "digest"),
                      text(row, "image_path"), result.at(row, "created_on")});
  }
}

/// `database.schema.repository` of every repository that the role can see.
std::vector<std::string> repositories_of(snowflake::SessionCache& session, const Context& context) {
  snowflake::Result result;
  NotedNames noted{result};
  session.run("show image repositories in account", noted);
  RepositoryNames{context.environment, session.account()}.replace(noted.names());
  std::vector<std::string> names;
  for (std::size_t row = 0; row < result.rows.size(); ++row) {
    std::vector<std::string> parts;
    for (const char* column : {"database_name", "schema_name", "name"}) {
      parts.push_back(quoted_identifier(result.at(row, column).value_or("")));
    }
    names.push_back(base::join(parts, "."));
  }
  std::ranges::sort(names);
  return names;
}

Images images_everywhere(snowflake::SessionCache& session, Context& context) {
  const auto repositories = repositories_of(session, context);
  std::vector<std::string> statements;
  for (const auto& name : repositories) statements.push_back("show images in image repository " + name);
  const auto outcomes = snowflake::run_parallel(
      session, statements, [&] { return context.wiring.new_http(); }, context.clock);
  Images images;
  for (std::size_t index = 0; index < outcomes.size(); ++index) {
    if (outcomes[index].error) {
      context.err << "Warning: " << repositories[index] << ": " << outcomes[index].error->what() << '\n';
      images.complete = false;
    }
    if (outcomes[index].result) add(images.found, repositories[index], *outcomes[index].result);
  }
  return images;
}

Images images_in(const ImageReference& reference, snowflake::SessionCache& session) {
  const auto& name = reference.repository;
  reference.refuse_path(session.context());
  const auto result = session.run("show images in image repository " + name.text());
  Images images;
  add(images.found, base::to_upper(name.completed(session.context())), result);
  std::erase_if(images.found, [&](const Image& image) {
    return (!reference.image.empty() && image.name != reference.image) ||
           (!reference.tag.empty() && ":" + image.tag != reference.tag) ||
           (!reference.digest.empty() && "@" + image.digest != reference.digest);
  });
  return images;
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

std::string age_of(const snowflake::Cell& created_on, base::TimePoint now) {
  std::int64_t seconds = 0;
  const std::string text = created_on.value_or("");
  if (std::from_chars(text.data(), text.data() + text.size(), seconds).ec != std::errc{}) return "";
  return age_in_words(now - base::TimePoint{std::chrono::seconds{seconds}});
}

std::string short_digest(const std::string& digest) {
  const auto colon = digest.find(':');
  return colon == std::string::npos ? digest : digest.substr(colon + 1, 12);
}

void print(const std::vector<Image>& images, const Given& given, const CommandOptions& options,
           Context& context) {
  const bool for_people = options.format == output::Format::table;
  const auto rows = printer_of(options, context).collection();
  const auto created = for_people ? snowflake::Column{"created", "text", 0} : created_on_of({});
  rows->begin(
      {{"repository", "text", 0}, {"image", "text", 0}, {"tag", "text", 0}, {"digest", "text", 0}, created},
      "UTC");
  for (const auto& image : images) {
    rows->row({image.repository, image.name, image.tag,
               for_people && !given.no_trunc ? short_digest(image.digest) : image.digest,
               for_people ? age_of(image.created_on, context.clock.now()) : image.created_on});
  }
  rows->end();
}

void show_images(const Given& given, const CommandOptions& options, Context& context) {
  std::vector<Filter> filters;
  for (const auto& text : given.filters) filters.push_back(parse_filter(text));
  std::optional<ImageReference> reference;
  if (given.name) reference = ImageReference::parse(*given.name);
  const auto connection =
      reference ? connection_of(*reference, options, context) : connection_of(options, context);
  auto session = context.wiring.session(connection);
  auto images = reference ? images_in(*reference, session) : images_everywhere(session, context);
  std::erase_if(images.found, [&](const Image& image) { return !passes(image, filters); });
  std::ranges::stable_sort(
      images.found, {}, [](const Image& image) { return std::tie(image.repository, image.name, image.tag); });
  if (given.quiet) {
    const auto host = context.resolver.registry_of(connection).name();
    for (const auto& image : images.found) context.out << host << '/' << base::printable(image.path) << '\n';
  } else {
    print(images.found, given, options, context);
  }
  if (!images.complete) {
    throw Error(Kind::statement, "some image repositories could not be looked into",
                "the warnings above say why");
  }
}

}  // namespace

void add_images(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("images", "List images, of one repository or of all that the role can see");
  const auto given = std::make_shared<Given>();
  command->add_option("name", given->name, image_syntax)->option_text("[NAME]");
  command->add_option("-f,--filter", given->filters, "repository=, image=, tag= or digest=, with * and ?")
      ->option_text("KEY=PATTERN")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
  command->add_flag("-q,--quiet", given->quiet, "Only references to pull");
  command->add_flag("--no-trunc", given->no_trunc, "Whole digests");
  const auto options = add_command_options(*command, context);
  command->callback([given, options, &context] { show_images(*given, *options, context); });
}

}  // namespace plugin
