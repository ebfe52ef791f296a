// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/environment.hpp"
#include "push/image.hpp"

namespace plugin::commands {

/// Where an image is outside of registries.
struct ImageSource {
  enum class Kind { engine, oci_folder, oci_archive, docker_archive, pipe };
  Kind kind = Kind::engine;
  std::string path;  ///< or the name of an image of the engine
  push::Choice choice;

  /// `oci:DIR[:NAME]`, `oci-archive:FILE[:NAME]`, `docker-archive:FILE[:NAME]` or `-`; absent for anything
  /// else. A path that exists may have colons itself.
  static std::optional<ImageSource> parse(const std::string& text);
};

/// What is to be pushed from a source that is no engine. Throws as `push::read_contents`.
push::Contents read(const ImageSource&, const base::Environment&);

}  // namespace plugin::commands
