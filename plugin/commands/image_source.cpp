// SPDX-License-Identifier: Apache-2.0
#include "commands/image_source.hpp"

#include <unistd.h>

#include <filesystem>

namespace plugin::commands {

std::optional<ImageSource> ImageSource::parse(const std::string& text) {
  using Format = push::Choice::Format;
  struct Row {
    std::string_view prefix;
    Kind kind;
    Format format;
  };
  ImageSource source;
  if (text == "-") {
    source.kind = Kind::pipe;
    return source;
  }
  for (const auto& row :
       {Row{"oci:", Kind::oci_folder, Format::oci}, Row{"oci-archive:", Kind::oci_archive, Format::oci},
        Row{"docker-archive:", Kind::docker_archive, Format::docker}}) {
    if (!text.starts_with(row.prefix)) continue;
    source.kind = row.kind;
    source.choice.format = row.format;
    source.path = text.substr(row.prefix.size());
    std::error_code failure;
    const auto colon = source.path.find(':');
    if (colon != std::string::npos && !std::filesystem::exists(source.path, failure)) {
      source.choice.name = source.path.substr(colon + 1);
      source.path.resize(colon);
    }
    return source;
  }
  return std::nullopt;
}

push::Contents read(const ImageSource& source, const base::Environment& environment) {
  switch (source.kind) {
    case ImageSource::Kind::oci_folder:
      return read_contents(*push::files_of_folder(source.path), source.choice);
    case ImageSource::Kind::oci_archive:
    case ImageSource::Kind::docker_archive:
      return read_contents(*push::files_of_tar(push::File::open(source.path), source.path, environment),
                           source.choice);
    case ImageSource::Kind::pipe:
      return read_contents(*push::files_of_pipe(STDIN_FILENO, "standard input", environment), source.choice);
    case ImageSource::Kind::engine:
      break;
  }
  return {};
}

}  // namespace plugin::commands
