// SPDX-License-Identifier: Apache-2.0
#include <fnmatch.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <ostream>

#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "commands/commands.hpp"
#include "commands/image_list.hpp"
#include "output/list.hpp"

namespace plugin::commands {
namespace {

using base::Error;
using base::Kind;

struct ImagesOptions {
  std::optional<std::string> name;
  std::vector<std::string> filters;
  bool quiet = false;
  bool size = false;
};

/// `repository=db.*`, `image=app`, `tag=1.*`: a pattern as in a shell.
struct Filter {
  std::string ListedImage::*field;
  std::string pattern;
};

Filter parse_filter(const std::string& text) {
  static const std::map<std::string, std::string ListedImage::*> fields = {
      {"repository", &ListedImage::repository},
      {"image", &ListedImage::name},
      {"tag", &ListedImage::tag},
      {"digest", &ListedImage::digest}};
  const auto equals = text.find('=');
  const auto field = fields.find(text.substr(0, equals));
  if (equals == std::string::npos || field == fields.end()) {
    throw Error(Kind::usage, "Invalid filter '" + base::printable(text, 100) + "'",
                "write --filter repository=..., image=..., tag=... or digest=...");
  }
  return {field->second, text.substr(equals + 1)};
}

bool passes(const ListedImage& image, const std::vector<Filter>& filters) {
  return std::ranges::all_of(filters, [&](const Filter& filter) {
    return fnmatch(filter.pattern.c_str(), (image.*filter.field).c_str(), FNM_CASEFOLD) == 0;
  });
}

std::string short_digest(const std::string& digest) {
  const auto colon = digest.find(':');
  return colon == std::string::npos ? digest : digest.substr(colon + 1, 12);
}

using Sizes = std::vector<std::optional<registry::BlobSizes>>;

void say_nothing_found(const ImageListing& listing, bool is_filtered, Context& context) {
  if (!listing.is_complete) return;
  if (is_filtered) {
    context.err << "No image " << listing.where << " matches.\n"
                << "Next: leave out --filter, or the image and its tag, to list them all\n";
  } else {
    context.err << listing.no_images << "\nNext: " << listing.next << '\n';
  }
}

/// `sizes` is absent when they were not asked for.
void print_images(const std::vector<ListedImage>& images, const std::optional<Sizes>& sizes,
                  const cli::CommandOptions& options, Context& context) {
  std::vector<output::List::Column> columns{
      {"REPOSITORY"},
      {"IMAGE"},
      {"TAG"},
      {.header = "DIGEST", .may_be_narrowed = false, .may_be_left_out = true},
      {.header = "CREATED", .may_be_narrowed = false, .may_be_left_out = true, .name = "created_on"}};
  if (sizes) columns.push_back({.header = "SIZE", .may_be_narrowed = false});
  output::List list{std::move(columns)};
  const bool is_whole =
      options.no_trunc || !options.row_template.empty() || options.format == output::Format::wide;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const auto& image = images[i];
    auto digest = output::text_value(image.digest);
    if (!is_whole) digest.text = short_digest(image.digest);
    output::Row row{output::text_value(image.repository), output::text_value(image.name),
                    output::text_value(image.tag), std::move(digest), image.created_on};
    if (sizes) row.push_back(size_value((*sizes)[i]));
    list.add(std::move(row));
  }
  cli::print_list(list, options, context);
}

void show_images(const ImagesOptions& given, const cli::CommandOptions& options, Context& context) {
  std::vector<Filter> filters;
  for (const auto& text : given.filters) filters.push_back(parse_filter(text));
  auto named = list_named_images(given.name, options, context);
  const auto& reference = named.reference;
  const auto& connection = named.connection;
  auto& listing = named.listing;
  auto& images = listing.images;
  const auto all = images.size();
  std::erase_if(images, [&](const ListedImage& image) {
    return !passes(image, filters) || (reference && !is_named(image, *reference));
  });
  const bool is_filtered = images.size() < all;
  std::ranges::stable_sort(
      images, {}, [](const ListedImage& image) { return std::tie(image.repository, image.name, image.tag); });
  if (given.quiet || options.format == output::Format::name) {
    const auto host = context.resolver.registry_of(connection).name();
    for (const auto& image : images) context.out << host << '/' << base::printable(image.path) << '\n';
    return require_complete(listing);
  }
  std::optional<Sizes> sizes;
  if (given.size) sizes = sizes_of(images, connection, context);
  const bool is_empty_for_users = images.empty() && output::is_for_users(options.format);
  // A wrong template is an error even when there is nothing to print with it.
  if (!is_empty_for_users || !options.row_template.empty()) print_images(images, sizes, options, context);
  if (is_empty_for_users) say_nothing_found(listing, is_filtered, context);
  require_complete(listing);
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
  command->add_flag("--size", given->size, "Also the size of each image, from its manifest");
  const auto options = cli::add_command_options(*command, context);
  cli::add_list_options(*command, options);
  command->callback([given, options, &context] { show_images(*given, *options, context); });
}

}  // namespace plugin::commands
