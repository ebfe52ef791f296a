// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "push/image.hpp"
#include "push/progress.hpp"
#include "push/pusher.hpp"

namespace plugin::push {

/// Writes images and indexes, byte for byte, as an OCI image layout in `directory`, which may be one already:
/// its other images stay, and blobs that it has are not fetched. `name` is what the layout calls the image.
/// Throws `config` when it cannot be written, and `network` for a blob that does not have its digest.
Pushed write_layout(Contents&, const std::filesystem::path& directory, const std::string& name, Progress&);

/// The files of a directory as a tar file, in order and without times. Throws `config`; then there is no
/// file.
void write_tar(const std::filesystem::path& directory, const std::filesystem::path& file);

}  // namespace plugin::push
