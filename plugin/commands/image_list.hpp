// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/command_options.hpp"
#include "config/connections.hpp"
#include "context.hpp"
#include "names/image_reference.hpp"
#include "output/value.hpp"
#include "registry/image_sizes.hpp"
#include "snowflake/session_cache.hpp"

namespace plugin::commands {

/// A tag in an image repository, as Snowflake lists it.
struct ListedImage {
  std::string repository;  ///< DATABASE.SCHEMA.REPOSITORY
  std::string name;
  std::string tag;
  std::string digest;
  std::string path;          ///< database/schema/repository/image:tag
  output::Value created_on;  ///< for users how long ago, "3 weeks ago"
  double created = 0;        ///< seconds since the epoch, for sorting

  /// database/schema/repository/image
  std::string image_path() const { return path.substr(0, path.rfind(':')); }
};

struct ImageListing {
  std::vector<ListedImage> images;
  std::string no_images;  ///< message when there are none
  std::string where;      ///< "in DB.SCHEMA.REPO"
  std::string next;       ///< the next step when there are none
  /// Every repository could be read; warnings were printed for those that could not.
  bool is_complete = true;
};

/// The images in these repositories, named DATABASE.SCHEMA.REPOSITORY.
ImageListing list_images_of(const std::vector<std::string>& repositories, const config::Connection&,
                            snowflake::SessionCache&, Context&);
/// What a command lists for its optional NAME.
struct NamedListing {
  std::optional<names::ImageReference> reference;  ///< complete; absent without a NAME
  config::Connection connection;
  ImageListing listing;  ///< the whole repository, also where NAME names one image in it
};
NamedListing list_named_images(const std::optional<std::string>& name, const cli::CommandOptions&, Context&);
/// Whether a reference names this image; true for any image if it names only the repository.
bool is_named(const ListedImage&, const names::ImageReference&);
/// Throws when a listing is not complete.
void require_complete(const ImageListing&);

/// The blobs of each image at the account's registry, in the same order; prints one warning when some of them
/// cannot be read. Throws like `registry::ImageSizes::read`.
std::vector<std::optional<registry::BlobSizes>> sizes_of(const std::vector<ListedImage>&,
                                                         const config::Connection&, Context&);
/// All blobs of all images, each once.
registry::BlobSizes merged(const std::vector<std::optional<registry::BlobSizes>>&);
/// "4.6GB" for users, the number of bytes for programs.
output::Value size_value(std::uint64_t bytes);
/// The same; a dash and null when the blobs are not known.
output::Value size_value(const std::optional<registry::BlobSizes>&);

}  // namespace plugin::commands
