// SPDX-License-Identifier: Apache-2.0
#include "doctor/target.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace plugin::doctor {
namespace {

using base::Error;
using base::Kind;

bool looks_like_host(std::string_view text) {
  return text.find_first_of("-:/") != std::string_view::npos || std::ranges::count(text, '.') > 2;
}

/// The name and the tag or digest of `image:tag`.
std::pair<std::string, std::string> split_tag(const std::string& reference) {
  const auto mark = reference.find_first_of(":@");
  if (mark == std::string::npos) return {reference, ""};
  return {reference.substr(0, mark), reference.substr(mark + 1)};
}

Repository repository_at(const std::vector<std::string>& path, const std::string& text) {
  if (path.size() < 3 || std::ranges::find(path, "") != path.end()) {
    throw Error(Kind::usage, "'" + base::printable(text, 200) + "' leads to no image repository",
                "write <host>/<database>/<schema>/<repository>, or <database>.<schema>.<repository>");
  }
  auto [repository, tag] = split_tag(path[2]);
  const std::string name = base::to_upper(path[0] + "." + path[1] + "." + repository);
  std::string image;
  if (path.size() > 3) {
    std::tie(image, tag) = split_tag(base::join({path.begin() + 3, path.end()}, "/"));
  }
  return {ObjectName::parse_repository(name), name, image, tag};
}

}  // namespace

Target parse_target(const std::string& text) {
  if (!looks_like_host(text)) {
    try {
      const auto name = ObjectName::parse_repository(text);
      return {std::nullopt, Repository{name, base::to_upper(text), "", ""}};
    } catch (const Error& error) {
      throw Error(Kind::usage, error.what(), error.hint());
    }
  }
  std::string_view rest = text;
  if (const auto scheme = rest.find("://"); scheme != std::string_view::npos) rest.remove_prefix(scheme + 3);
  while (rest.ends_with('/')) rest.remove_suffix(1);
  auto path = base::split(rest, '/');
  const std::string host = path.front();
  path.erase(path.begin());
  const bool is_api = !path.empty() && (path[0] == "v2" || path[0] == "v1");
  if (path.empty() || is_api) return {text, std::nullopt};
  return {host, repository_at(path, text)};
}

}  // namespace plugin::doctor
