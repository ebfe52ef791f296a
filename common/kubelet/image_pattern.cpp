// SPDX-License-Identifier: Apache-2.0
#include "kubelet/provider_rules.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <vector>

#include "base/text.hpp"

namespace kubelet {
namespace {

struct ImagePattern {
  std::vector<std::string> labels;
  std::string port;
  std::string path;

  std::string host() const { return base::join(labels, "."); }
};

ImagePattern parse_pattern(std::string_view text) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (text.starts_with(scheme)) text.remove_prefix(scheme.size());
  }
  const auto slash = std::min(text.find('/'), text.size());
  auto host = text.substr(0, slash);
  ImagePattern pattern{{}, {}, std::string{text.substr(slash)}};
  if (const auto colon = host.rfind(':'); colon != std::string_view::npos) {
    pattern.port = host.substr(colon + 1);
    host = host.substr(0, colon);
  }
  pattern.labels = base::split(host, '.');
  return pattern;
}

}  // namespace

bool is_valid_pattern(std::string_view pattern) {
  const bool has_valid_port =
      parse_pattern(pattern).port.find_first_not_of("0123456789") == std::string::npos;
  const auto host = pattern.substr(0, std::min(pattern.find('/'), pattern.size()));
  return has_valid_port && host.find_first_of("[]\"<>\\^`{|}% ") == std::string_view::npos &&
         !base::has_control_characters(pattern);
}

bool matches(std::string_view pattern, std::string_view image) {
  if (pattern.find("://") != std::string_view::npos) return false;
  const auto wanted = parse_pattern(pattern);
  const auto given = parse_pattern(image);
  if (wanted.labels.size() != given.labels.size() || wanted.port != given.port) return false;
  if (!given.path.starts_with(wanted.path)) return false;
  return std::ranges::equal(wanted.labels, given.labels, [](const auto& glob, const auto& label) {
    return fnmatch(glob.c_str(), label.c_str(), 0) == 0;
  });
}

std::string why_no_match(std::string_view text) {
  if (text.find("://") != std::string_view::npos) return "never matches: remove https://";
  const auto pattern = parse_pattern(text);
  const auto host = pattern.host();
  const bool names_snowflake = base::to_lower(host).find("snowflakecomputing") != std::string::npos;
  if (!pattern.port.empty() && names_snowflake) return "matches only images with :" + pattern.port;
  if (base::to_lower(host) != host) return "never matches: hosts are in lower case";
  if (pattern.path.find('*') != std::string::npos) return "never matches: globs are not allowed in paths";
  if (!names_snowflake) return {};
  if (pattern.labels.size() < 4)
    return "matches no registry: <organization>-<account>.registry.snowflakecomputing.com has 4 labels";
  if (host.find('_') != std::string::npos)
    return "matches no registry: its host has '-' where the account has '_'";
  return {};
}

bool is_for_snowflake(std::string_view text) {
  constexpr std::string_view sample = "org-account.registry.snowflakecomputing.com/db/schema/repo/image";
  return why_no_match(text).empty() &&
         (matches(text, sample) ||
          parse_pattern(text).host().find("snowflakecomputing") != std::string::npos);
}

}  // namespace kubelet
