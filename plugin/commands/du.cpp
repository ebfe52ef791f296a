// SPDX-License-Identifier: Apache-2.0
#include <fnmatch.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <ostream>
#include <set>

#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "commands/commands.hpp"
#include "commands/image_list.hpp"
#include "output/list.hpp"
#include "output/units.hpp"

namespace plugin::commands {
namespace {

using registry::BlobSizes;

struct DuOptions {
  std::optional<std::string> name;
  std::vector<std::string> keep;
};

/// The tags of one repository, or of one image, with what they take together.
struct Usage {
  std::string name;
  std::set<std::string> images;
  std::size_t tags = 0;
  BlobSizes blobs;
  std::uint64_t alone = 0;  ///< bytes that nothing else in the repository has
};

using Usages = std::map<std::string, Usage>;

Usages usages_by(std::string ListedImage::*field, const std::vector<ListedImage>& images,
                 const std::vector<std::optional<BlobSizes>>& sizes) {
  Usages usages;
  for (std::size_t i = 0; i < images.size(); ++i) {
    auto& usage = usages[images[i].*field];
    usage.name = images[i].*field;
    usage.images.insert(images[i].name);
    ++usage.tags;
    if (sizes[i]) usage.blobs.insert(sizes[i]->begin(), sizes[i]->end());
  }
  std::map<std::string, int> users;
  for (const auto& [name, usage] : usages) {
    for (const auto& [digest, size] : usage.blobs) ++users[digest];
  }
  for (auto& [name, usage] : usages) {
    for (const auto& [digest, size] : usage.blobs) {
      if (users[digest] == 1) usage.alone += size;
    }
  }
  return usages;
}

output::Value count_value(std::size_t count) {
  return output::number_value(static_cast<std::int64_t>(count));
}

/// One row for each repository.
void print_repositories(const Usages& usages, const cli::CommandOptions& options, Context& context) {
  output::List list{{{"REPOSITORY"},
                     {.header = "IMAGES", .may_be_narrowed = false},
                     {.header = "TAGS", .may_be_narrowed = false},
                     {.header = "SIZE", .may_be_narrowed = false}}};
  for (const auto& [name, usage] : usages) {
    list.add({output::text_value(name), count_value(usage.images.size()), count_value(usage.tags),
              size_value(registry::bytes_of(usage.blobs))});
  }
  cli::print_list(list, options, context);
}

/// One row for each image of a repository.
void print_images_of(const Usages& usages, const cli::CommandOptions& options, Context& context) {
  output::List list{{{"IMAGE"},
                     {.header = "TAGS", .may_be_narrowed = false},
                     {.header = "SIZE", .may_be_narrowed = false},
                     {.header = "UNIQUE", .may_be_narrowed = false}}};
  for (const auto& [name, usage] : usages) {
    list.add({output::text_value(name), count_value(usage.tags), size_value(registry::bytes_of(usage.blobs)),
              size_value(usage.alone)});
  }
  cli::print_list(list, options, context);
}

/// The tags to keep: those that match `--keep`, or, without it, the newest of each image.
std::vector<std::size_t> tags_to_keep(const std::vector<ListedImage>& images,
                                      const std::vector<std::string>& patterns) {
  std::vector<std::size_t> kept;
  std::map<std::string, std::size_t> newest;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const auto name = images[i].name + ":" + images[i].tag;
    const bool matches = std::ranges::any_of(patterns, [&](const std::string& pattern) {
      const auto whole = pattern.find(':') == std::string::npos ? pattern + ":*" : pattern;
      return fnmatch(whole.c_str(), name.c_str(), 0) == 0;
    });
    if (matches) kept.push_back(i);
    const auto found = newest.insert({images[i].name, i}).first;
    if (images[i].created > images[found->second].created) found->second = i;
  }
  if (!patterns.empty()) return kept;
  for (const auto& [name, index] : newest) kept.push_back(index);
  return kept;
}

/// What dropping the repository would free, and how to keep some of it: tags cannot be deleted one by one.
void print_plan(const std::string& repository, const ImageListing& listing,
                const std::vector<std::optional<BlobSizes>>& sizes, const DuOptions& given,
                Context& context) {
  const auto kept = tags_to_keep(listing.images, given.keep);
  std::vector<std::optional<BlobSizes>> kept_sizes;
  for (const auto index : kept) kept_sizes.push_back(sizes[index]);
  const auto total = registry::bytes_of(merged(sizes));
  const auto staying = registry::bytes_of(merged(kept_sizes));
  auto& out = context.out;
  out << "\nDropping " << repository << " frees " << output::human_size(total)
      << ". Snowflake cannot delete single tags.\n";
  if (kept.empty()) {
    out << "No tag matches --keep.\n";
    return;
  }
  if (kept.size() == listing.images.size()) {
    out << "Keeping every tag frees nothing; choose fewer with --keep IMAGE[:TAG].\n";
    return;
  }
  if (staying >= total) {
    out << "Nothing to free: the other tags share the layers of those that stay.\n";
    return;
  }
  out << "To keep " << kept.size() << " of " << listing.images.size() << " tags ("
      << output::human_size(staying) << ") and free " << output::human_size(total - staying)
      << ":\n\n  docker snowflake image-repository create " << repository << "_NEW\n";
  for (const auto index : kept) {
    const auto name = base::printable(listing.images[index].name + ":" + listing.images[index].tag);
    out << "  docker snowflake copy " << repository << "/" << name << " " << repository << "_NEW/" << name
        << '\n';
  }
  out << "  docker snowflake image-repository drop " << repository << "\n\nBefore you drop it, change "
      << repository << " to " << repository << "_NEW in the specifications of services.\n";
}

void show_usage(const DuOptions& given, const cli::CommandOptions& options, Context& context) {
  auto named = list_named_images(given.name, options, context);
  const auto& reference = named.reference;
  const auto& connection = named.connection;
  auto& listing = named.listing;
  if (reference)
    std::erase_if(listing.images, [&](const ListedImage& image) { return !is_named(image, *reference); });
  const bool for_users = output::is_for_users(options.format) && options.row_template.empty();
  if (listing.images.empty() && for_users) {
    if (listing.is_complete) context.err << listing.no_images << "\nNext: " << listing.next << '\n';
    return require_complete(listing);
  }
  const auto sizes = sizes_of(listing.images, connection, context);
  if (reference) {
    print_images_of(usages_by(&ListedImage::name, listing.images, sizes), options, context);
    const bool is_whole = reference->image.empty() && reference->tag.empty() && reference->digest.empty();
    if (for_users && is_whole) print_plan(listing.images.front().repository, listing, sizes, given, context);
  } else {
    const auto usages = usages_by(&ListedImage::repository, listing.images, sizes);
    print_repositories(usages, options, context);
    if (for_users) {
      std::uint64_t total = 0;
      for (const auto& [name, usage] : usages) total += registry::bytes_of(usage.blobs);
      context.out << "\nTotal: " << output::human_size(total)
                  << ". Layers that several images of a repository share are counted once.\n"
                  << "docker snowflake du REPOSITORY shows its images, and how to free space.\n";
    }
  }
  require_complete(listing);
}

}  // namespace

void add_du(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("du", "Show how much space image repositories take, and how to free it");
  const auto given = std::make_shared<DuOptions>();
  command->add_option("name", given->name, names::image_syntax)->option_text("[NAME]");
  command
      ->add_option("--keep", given->keep,
                   "Tags to keep when space is freed, with * and ?; otherwise the newest of each image")
      ->option_text("IMAGE[:TAG]")
      ->take_all()
      ->expected(1)
      ->allow_extra_args(false);
  const auto options = cli::add_command_options(*command, context);
  cli::add_list_options(*command, options);
  command->callback([given, options, &context] { show_usage(*given, *options, context); });
}

}  // namespace plugin::commands
