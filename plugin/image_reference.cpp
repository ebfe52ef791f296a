// SPDX-License-Identifier: Apache-2.0
#include "image_reference.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace plugin {
namespace {

using base::Error;
using base::Kind;

constexpr const char* form = "write [@connection:][[database.]schema.]repository[/image][:tag][@digest]";

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// A part of a path as OCI distribution has it: letters and digits, with one of . _ __ or some - in between.
bool is_path_part(std::string_view part) {
  constexpr std::string_view separators = "._-";
  if (part.empty() || !is_alphanumeric(part.front()) || !is_alphanumeric(part.back())) return false;
  for (std::size_t at = 0; at < part.size();) {
    const auto end = std::min(part.find_first_not_of(separators, at), part.size());
    const auto between = part.substr(at, end - at);
    const bool is_separator =
        between.size() < 2 || between == "__" || between.find_first_not_of('-') == between.npos;
    if (!is_separator) return false;
    if (end < part.size() && !is_alphanumeric(part[end])) return false;
    at = end + 1;
  }
  return true;
}

bool is_tag(std::string_view tag) {
  constexpr std::size_t longest = 128;
  const auto is_word = [](char c) { return is_alphanumeric(base::to_lower({&c, 1}).front()) || c == '_'; };
  return !tag.empty() && tag.size() <= longest && is_word(tag.front()) &&
         std::ranges::all_of(tag, [&](char c) { return is_word(c) || c == '.' || c == '-'; });
}

bool is_digest(std::string_view digest) {
  constexpr std::string_view algorithm = "sha256:";
  constexpr std::size_t digits = 64;
  return digest.starts_with(algorithm) && digest.size() == algorithm.size() + digits &&
         digest.find_first_not_of("0123456789abcdef", algorithm.size()) == std::string_view::npos;
}

[[noreturn]] void refuse(std::string_view what, const std::string& why) {
  throw Error(Kind::usage, "'" + base::printable(what, 200) + "' " + why, form);
}

/// Takes what stands behind the last `mark` off `text`, mark included; empty when there is none.
std::string take_off(std::string_view& text, char mark) {
  const auto at = text.rfind(mark);
  if (at == std::string_view::npos) return {};
  const std::string taken{text.substr(at)};
  text = text.substr(0, at);
  return taken;
}

std::optional<std::string> take_connection(std::string_view& text) {
  if (!text.starts_with('@')) return std::nullopt;
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 1) refuse(text, "names a connection and nothing else");
  const std::string name{text.substr(1, colon - 1)};
  text.remove_prefix(colon + 1);
  return name;
}

std::string path_part(const std::string& name, const char* what) {
  const auto part = base::to_lower(name);
  if (is_path_part(part)) return part;
  throw Error(Kind::config,
              std::string{"the "} + what + " '" + base::printable(name, 200) +
                  "' has a name that cannot stand in a reference: there it has letters and digits, with "
                  "single . _ - in "
                  "between",
              std::string{"another "} + what + ", with a plain name, can hold images for Docker");
}

}  // namespace

ImageReference ImageReference::parse(std::string_view text) {
  const std::string_view whole = text;
  auto connection = take_connection(text);
  if (text.find('"') != std::string_view::npos) {
    throw Error(Kind::config,
                "'" + base::printable(text, 200) +
                    "' has a name in quotes: image repositories, their schemas and databases have unquoted "
                    "identifiers "
                    "as names, since the paths of a registry have no quotes",
                "use a repository whose name needs none");
  }
  if (text.find('(') != std::string_view::npos) refuse(whole, "has a parenthesis, which no image has");
  auto digest = take_off(text, '@');
  if (!digest.empty() && !is_digest(std::string_view{digest}.substr(1)))
    refuse(digest, "is no digest: @sha256: and 64 small hexadecimal digits");
  auto tag = take_off(text, ':');
  if (!tag.empty() && !is_tag(std::string_view{tag}.substr(1)))
    refuse(tag, "is no tag: up to 128 letters, digits, . _ and -, beginning with none of . and -");
  const auto slash = std::min(text.find('/'), text.size());
  std::string image = base::to_lower(text.substr(std::min(slash + 1, text.size())));
  if (slash < text.size() || !image.empty()) {
    for (const auto& part : base::split(image, '/')) {
      if (!is_path_part(part)) refuse(part, "cannot be in the name of an image");
    }
  }
  if (image.empty() && !(tag + digest).empty()) refuse(whole, "has a tag or digest, and no image");
  return {connection, ObjectName::parse_repository(text.substr(0, slash)), image, tag, digest};
}

std::string ImageReference::at(const std::string& host, const snowflake::SessionContext& context) const {
  require_namespace(repository, context);
  const auto complete = [](const std::optional<std::string>& given, const std::string& otherwise) {
    return given ? *given : ObjectName::parse_repository(otherwise).name();
  };
  std::string reference = host;
  reference += "/" + path_part(complete(repository.database(), context.database), "database");
  reference += "/" + path_part(complete(repository.schema(), context.schema), "schema");
  reference += "/" + path_part(repository.name(), "repository");
  if (!image.empty()) reference += "/" + image;
  return reference + tag + digest;
}

}  // namespace plugin
