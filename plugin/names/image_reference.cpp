// SPDX-License-Identifier: Apache-2.0
#include "names/image_reference.hpp"

#include <algorithm>
#include <array>
#include <regex>

#include "base/error.hpp"
#include "base/text.hpp"
#include "registry/manifest.hpp"

namespace plugin::names {
namespace {

using base::Error;
using base::Kind;

constexpr const char* sql_form = "write [@connection:][[database.]schema.]repository[/image][:tag][@digest]";
constexpr const char* path_form = "write <host>/<database>/<schema>/<repository>[/image][:tag][@digest]";

constexpr const char* in_list = "docker snowflake repositories lists the repositories";

/// One component of a repository's name (distribution specification, "Pulling manifests").
bool is_path_component(const std::string& part) {
  // No registry takes longer ones, and std::regex needs stack for each character.
  constexpr std::size_t max_length = 1000;
  static const std::regex form{R"([a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)"};
  return part.size() <= max_length && std::regex_match(part, form);
}

[[noreturn]] void refuse_reference(std::string_view what, const std::string& why,
                                   const std::string& hint = sql_form) {
  throw Error(Kind::usage, "'" + base::printable(what, 200) + "' " + why, hint);
}

/// Registries whose hosts could also be read as SQL names.
bool is_public_registry(std::string_view host) {
  constexpr std::array hosts = {std::string_view{"docker.io"},      std::string_view{"index.docker.io"},
                                std::string_view{"ghcr.io"},        std::string_view{"quay.io"},
                                std::string_view{"gcr.io"},         std::string_view{"registry.k8s.io"},
                                std::string_view{"public.ecr.aws"}, std::string_view{"mcr.microsoft.com"}};
  return std::ranges::find(hosts, host) != hosts.end();
}

/// Whether it ends in a common top-level domain. Others, such as .dev and .app, are also names of
/// repositories.
bool has_domain(std::string_view host) {
  constexpr std::array endings = {std::string_view{".com"}, std::string_view{".net"},
                                  std::string_view{".org"}, std::string_view{".io"}, std::string_view{".cn"}};
  const auto name = base::to_lower(host);
  return name.find("snowflakecomputing.") != std::string::npos ||
         std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

/// Removes what follows the last `mark` from `text`, mark included, and returns it; empty when there is none.
std::string take_suffix(std::string_view& text, char mark) {
  const auto at = text.rfind(mark);
  if (at == std::string_view::npos) return {};
  std::string taken{text.substr(at)};
  text = text.substr(0, at);
  return taken;
}

std::optional<std::string> take_connection(std::string_view& text) {
  if (!text.starts_with('@')) return std::nullopt;
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 1)
    refuse_reference(text, "names a connection but no repository");
  std::string name{text.substr(1, colon - 1)};
  text.remove_prefix(colon + 1);
  return name;
}

std::optional<std::string> take_host(std::string_view& text) {
  const std::string_view whole = text;
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos) text.remove_prefix(scheme + 3);
  if (text.starts_with("app.snowflake."))
    refuse_reference(whole, "is the address of Snowsight, and not an image repository", in_list);
  const auto slash = text.find('/');
  if (slash == std::string_view::npos && has_domain(text))
    refuse_reference(text, "is a host, and not an image repository", path_form);
  if (slash == std::string_view::npos || !looks_like_host(text.substr(0, slash))) return std::nullopt;
  std::string host{text.substr(0, slash)};
  const auto colon = host.starts_with('[') ? std::string::npos : host.rfind(':');
  if (colon != std::string::npos && host.find_first_not_of("0123456789", colon + 1) != std::string::npos)
    refuse_reference(host, "is not a host and its port",
                     "to choose a connection, write @<connection>: in front");
  if (is_public_registry(host)) throw OtherRegistry{host, text};
  text.remove_prefix(slash + 1);
  return host;
}

/// What follows the repository: image, tag and digest.
struct Suffix {
  std::string image;
  std::string tag;
  std::string digest;
};

/// The next step for `name:tag`, which is a repository with a tag, or an image without its repository.
std::string step_without_image(std::string_view name, const Suffix& suffix) {
  const auto shown = base::printable(name, 200);
  const auto rest = suffix.tag + suffix.digest;
  if (name.find_first_of("./") != std::string_view::npos) return "write " + shown + "/<image>" + rest;
  return "write <database>.<schema>.<repository>/" + shown + rest + "; " + in_list;
}

/// Removes image, tag and digest from `text`; the first `components` parts between slashes remain.
Suffix take_image(std::string_view& text, std::size_t components) {
  const std::string_view whole = text;
  Suffix suffix;
  suffix.digest = take_suffix(text, '@');
  if (!suffix.digest.empty() && !registry::is_digest(std::string_view{suffix.digest}.substr(1)))
    refuse_reference(suffix.digest, "is not a digest: @sha256: followed by 64 lowercase hexadecimal digits");
  suffix.tag = take_suffix(text, ':');
  if (!suffix.tag.empty() && !is_tag(std::string_view{suffix.tag}.substr(1)))
    refuse_reference(suffix.tag,
                     "is not a tag: up to 128 letters, digits, '.', '_' and '-', the first not '.' or '-'");
  std::size_t slash = 0;
  for (std::size_t count = 0; slash != text.npos && count < components; ++count)
    slash = text.find('/', count == 0 ? 0 : slash + 1);
  if (slash != text.npos) {
    suffix.image = base::to_lower(text.substr(slash + 1));
    for (const auto& part : base::split(suffix.image, '/')) {
      if (!is_path_component(part)) refuse_reference(part, "cannot be part of an image's name");
    }
    text = text.substr(0, slash);
  }
  if (suffix.image.empty() && !(suffix.tag + suffix.digest).empty())
    refuse_reference(whole, "names no image in a repository", step_without_image(text, suffix));
  return suffix;
}

std::string path_component(const std::string& name, const char* what) {
  auto part = base::to_lower(snowflake::stored_name_of(name));
  if (is_path_component(part)) return part;
  throw Error(Kind::config,
              std::string{"the "} + what + " '" + base::printable(name, 200) +
                  "' cannot be part of an image reference: only letters and digits, with single '.', '_' or "
                  "'-' in between",
              std::string{"use another "} + what + ", with a plain name, for images");
}

}  // namespace

OtherRegistry::OtherRegistry(std::string_view host, std::string_view reference)
    : Error(Kind::usage, "'" + base::printable(host, 200) + "' is not a Snowflake registry host",
            "docker pull " + base::printable(reference, 200) + ", and then docker snowflake push " +
                base::printable(reference, 200) + " <database>.<schema>.<repository>") {}

bool looks_like_host(std::string_view first) {
  const auto dots = std::ranges::count(first, '.');
  if (is_public_registry(first) || has_domain(first)) return true;
  return first.find(':') != std::string_view::npos || first == "localhost" || dots > 2 ||
         (dots > 0 && first.find('-') != std::string_view::npos);
}

ImageReference ImageReference::parse_path(std::string_view path) {
  const std::string_view whole = path;
  const auto suffix = take_image(path, 3);
  const auto parts = base::split(path, '/');
  if (parts.size() != 3 || std::ranges::find(parts, "") != parts.end())
    refuse_reference(whole, "does not name an image repository", path_form);
  return {std::nullopt, std::nullopt, ObjectName::parse_repository(base::join(parts, ".")),
          suffix.image, suffix.tag,   suffix.digest};
}

namespace {

/// The result of `parse` for an argument of this program's own commands. Throws `usage` for every mistake.
ImageReference parse_argument(std::string_view text, ImageReference (*parse)(std::string_view)) {
  // As shells complete the names of directories.
  while (text.ends_with('/')) text.remove_suffix(1);
  if (base::trim(text).empty()) throw Error(Kind::usage, "the name of the repository is empty", sql_form);
  try {
    return parse(text);
  } catch (const OtherRegistry&) {
    throw;
  } catch (const Error& error) {
    throw Error(Kind::usage, error.what(), error.next_step());
  }
}

ImageReference image_in(std::string_view text) {
  const std::string_view whole = text;
  auto connection = take_connection(text);
  if (text.find('"') != std::string_view::npos) {
    throw Error(Kind::config,
                "'" + base::printable(text, 200) +
                    "' has a quoted name: image repositories, their schemas and databases have unquoted "
                    "identifiers as names, because paths of a registry have no quotes",
                "use a repository whose name needs no quotes");
  }
  if (text.find('(') != std::string_view::npos)
    refuse_reference(whole, "has a parenthesis, which no image has");
  if (const auto host = take_host(text)) {
    auto reference = ImageReference::parse_path(text);
    reference.connection = std::move(connection);
    reference.host = host;
    return reference;
  }
  const auto path = text;
  const auto suffix = take_image(text, 1);
  ImageReference reference{std::move(connection), std::nullopt, ObjectName::parse_repository(text),
                           suffix.image,          suffix.tag,   suffix.digest};
  // Four parts or more: a path rather than an image with two slashes in its name.
  if (reference.repository.schema() || std::ranges::count(reference.image, '/') < 2) return reference;
  auto path_reference = ImageReference::parse_path(path);
  path_reference.connection = std::move(reference.connection);
  return path_reference;
}

}  // namespace

ImageReference ImageReference::parse(std::string_view text) { return parse_argument(text, &image_in); }

ImageReference ImageReference::parse_repository(std::string_view text) {
  return parse_argument(text, &parse_repository_as_snow);
}

ImageReference ImageReference::parse_repository_as_snow(std::string_view text) {
  const std::string_view whole = text;
  auto connection = take_connection(text);
  auto host = take_host(text);
  const bool is_path =
      text.find('"') == std::string_view::npos && std::ranges::count(text, '/') == 2 && !text.ends_with('/');
  if (!host && !is_path)
    return {std::move(connection), std::nullopt, ObjectName::parse_repository(text), {}, {}, {}};
  auto reference = parse_path(text);
  if (!reference.image.empty())
    refuse_reference(whole, "names an image, and not only its repository", "leave out the image");
  reference.connection = std::move(connection);
  reference.host = std::move(host);
  return reference;
}

ImageReference ImageReference::resolved_in(const snowflake::SessionContext& context) const {
  const bool may_be_path = !repository.schema() && image.find('/') != std::string::npos && tag.empty() &&
                           digest.empty() && base::equals_ignoring_case(repository.name(), context.database);
  if (!may_be_path) return *this;
  auto resolved = parse_path(repository.name() + "/" + image);
  resolved.connection = connection;
  return resolved;
}

std::string ImageReference::at(const std::string& to_host, const snowflake::SessionContext& context) const {
  require_namespace(repository, context);
  const auto complete = [](const std::optional<std::string>& given, const std::string& otherwise) {
    return given ? *given : ObjectName::parse_repository(otherwise).name();
  };
  std::string reference = to_host;
  reference += "/" + path_component(complete(repository.database(), context.database), "database");
  reference += "/" + path_component(complete(repository.schema(), context.schema), "schema");
  reference += "/" + path_component(repository.name(), "repository");
  if (!image.empty()) reference += "/" + image;
  return reference + tag + digest;
}

}  // namespace plugin::names
