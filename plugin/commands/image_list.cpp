// SPDX-License-Identifier: Apache-2.0
#include "commands/image_list.hpp"

#include <algorithm>
#include <cstdlib>
#include <ostream>

#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "commands/image_location.hpp"
#include "commands/result_rows.hpp"
#include "names/repository_names.hpp"
#include "output/units.hpp"
#include "snowflake/parallel_queries.hpp"
#include "ui/progress_line.hpp"

namespace plugin::commands {
namespace {

using base::Error;
using base::Kind;

snowflake::Column created_on_of(const snowflake::Result& result) {
  const auto found = std::ranges::find(result.columns, "created_on", &snowflake::Column::name);
  return found == result.columns.end() ? snowflake::Column{"created_on", "timestamp_ltz", 3} : *found;
}

void add(std::vector<ListedImage>& images, const std::string& repository, const snowflake::Result& result,
         base::TimePoint now) {
  const auto text = [&](std::size_t row, const char* column) { return result.at(row, column).value_or(""); };
  const auto created_on = created_on_of(result);
  const output::TimeZone utc{"UTC"};
  for (std::size_t row = 0; row < result.rows.size(); ++row) {
    const auto cell = result.at(row, "created_on");
    auto created = value_of(created_on, cell, utc, false);
    created.text = age_of(cell, now);
    images.push_back({repository, text(row, "image_name"), text(row, "tags"), text(row, "digest"),
                      text(row, "image_path"), std::move(created),
                      std::strtod(cell.value_or("").c_str(), nullptr)});
  }
}

/// `database.schema.repository` of every repository that the role can see.
std::vector<std::string> repositories_of(snowflake::SessionCache& session, Context& context) {
  auto names = [&] {
    const ui::ProgressLine progress{"Listing image repositories", context.environment};
    return names::qualified_names(session.run("show image repositories in account"));
  }();
  names::RepositoryNames{context.environment, session.account()}.replace(names);
  std::ranges::sort(names);
  return names;
}

ImageListing list_images_in(const names::ImageReference& reference, snowflake::SessionCache& session,
                            Context& context) {
  const auto& name = reference.repository;
  const auto result = [&] {
    const ui::ProgressLine progress{"Listing images", context.environment};
    return session.run("show images in image repository " + name.text());
  }();
  const auto full_name = base::to_upper(name.completed(session.context()));
  ImageListing listing;
  listing.no_images = "No images in " + full_name + ".";
  listing.where = "in " + full_name;
  listing.next =
      "docker push <reference>; docker snowflake ref " + full_name + "/<image>:<tag> prints the reference";
  add(listing.images, full_name, result, context.clock.now());
  return listing;
}

ImageListing list_images(const std::optional<names::ImageReference>& reference,
                         const config::Connection& connection, snowflake::SessionCache& session,
                         Context& context) {
  if (reference) return list_images_in(*reference, session, context);
  const auto repositories = repositories_of(session, context);
  auto listing = list_images_of(repositories, connection, session, context);
  const auto& role = session.context().role;
  listing.where = "in the repositories that role " + role + " can see";
  if (repositories.empty()) {
    listing.no_images = "No repositories that role " + role + " can see.";
    listing.next = "docker snowflake image-repository create <name>; --role chooses another role";
  } else {
    listing.no_images = "No images in the " + std::to_string(repositories.size()) +
                        (repositories.size() == 1 ? " repository" : " repositories") + " that role " + role +
                        " can see.";
    listing.next = "docker snowflake repositories --in-account shows the URLs to push to";
  }
  return listing;
}

}  // namespace

ImageListing list_images_of(const std::vector<std::string>& repositories,
                            const config::Connection& connection, snowflake::SessionCache& session,
                            Context& context) {
  std::vector<std::string> statements;
  for (const auto& name : repositories) statements.push_back("show images in image repository " + name);
  const auto progress_at = [total = std::to_string(repositories.size())](std::size_t done) {
    return std::to_string(done) + " of " + total + " repositories";
  };
  std::vector<snowflake::StatementResult> outcomes;
  {
    ui::ProgressLine progress{progress_at(0), context.environment};
    outcomes = snowflake::run_parallel(
        session, statements, [&] { return context.wiring.new_http(connection); }, context.clock,
        [&](std::size_t done) { progress.update(progress_at(done)); });
  }
  ImageListing listing;
  for (std::size_t index = 0; index < outcomes.size(); ++index) {
    if (outcomes[index].error) {
      context.err << "Warning: " << base::printable(repositories[index]) << ": "
                  << outcomes[index].error->what() << '\n';
      listing.is_complete = false;
    }
    if (outcomes[index].result)
      add(listing.images, repositories[index], *outcomes[index].result, context.clock.now());
  }
  return listing;
}

NamedListing list_named_images(const std::optional<std::string>& name, const cli::CommandOptions& options,
                               Context& context) {
  std::optional<names::ImageReference> reference;
  if (name) reference = names::ImageReference::parse(*name);
  auto connection =
      reference ? cli::connection_of(*reference, options, context) : cli::connection_of(options, context);
  auto session = context.wiring.session(connection);
  if (reference) reference = reference->resolved_in(session.context());
  auto listing = list_images(reference, connection, session, context);
  return {std::move(reference), std::move(connection), std::move(listing)};
}

bool is_named(const ListedImage& image, const names::ImageReference& reference) {
  return (reference.image.empty() || image.name == reference.image) &&
         (reference.tag.empty() || ":" + image.tag == reference.tag) &&
         (reference.digest.empty() || "@" + image.digest == reference.digest);
}

void require_complete(const ImageListing& listing) {
  if (!listing.is_complete)
    throw Error(Kind::statement, "some image repositories could not be read", "the warnings above say why");
}

std::vector<std::optional<registry::BlobSizes>> sizes_of(const std::vector<ListedImage>& images,
                                                         const config::Connection& connection,
                                                         Context& context) {
  std::vector<registry::ImageName> names;
  for (const auto& image : images) names.push_back({image.image_path(), image.digest});
  const auto host = context.resolver.registry_of(connection);
  const ui::ProgressLine progress{"Reading manifests", context.environment};
  registry::ImageSizes reader{context.environment, context.clock, host.name(),
                              access_to(host, connection, {}, context)};
  auto sizes = reader.read(names);
  const auto missing = std::ranges::count_if(sizes, [](const auto& blobs) { return !blobs; });
  if (missing > 0) {
    context.err << "Warning: the manifests of " << missing << " of " << sizes.size()
                << " tags cannot be read; they are not counted\n";
  }
  return sizes;
}

registry::BlobSizes merged(const std::vector<std::optional<registry::BlobSizes>>& sizes) {
  registry::BlobSizes all;
  for (const auto& blobs : sizes) {
    if (blobs) all.insert(blobs->begin(), blobs->end());
  }
  return all;
}

output::Value size_value(std::uint64_t bytes) {
  auto value = output::number_value(static_cast<std::int64_t>(bytes));
  value.text = output::human_size(bytes);
  return value;
}

output::Value size_value(const std::optional<registry::BlobSizes>& blobs) {
  return blobs ? size_value(registry::bytes_of(*blobs)) : output::Value{nullptr, "-", ""};
}

}  // namespace plugin::commands
