// SPDX-License-Identifier: Apache-2.0
#include "registry/tag_list.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "net/url.hpp"
#include "registry/reply.hpp"

namespace plugin::registry {
namespace {

using base::Error;
using base::Kind;

constexpr std::size_t max_tag_size = 128;

Error endless_list(const std::string& reason) {
  return {Kind::network, "the registry's list of tags has no end: " + reason, other_server_hint};
}

/// The tags in a response; absent when it is not a list of tags.
std::optional<std::vector<std::string>> tags_of_page(const net::HttpResponse& response) {
  const auto json = base::parse_json(response.body.reveal());
  if (response.status != 200 || !json || !json->is_object() || !json->contains("tags")) return std::nullopt;
  const auto& list = base::member(*json, "tags");
  std::vector<std::string> tags;
  // Some registries send null for an empty list.
  if (list.is_null()) return tags;
  if (!list.is_array()) return std::nullopt;
  for (const auto& tag : list) {
    if (!tag.is_string()) return std::nullopt;
    tags.push_back(tag.get<std::string>());
  }
  return tags;
}

/// The target of the link with the relation "next" (RFC 8288); empty when there is none.
std::string next_link(std::string_view header) {
  for (auto begin = header.find('<'); begin != std::string_view::npos;) {
    const auto end = header.find('>', begin);
    if (end == std::string_view::npos) break;
    const auto following = header.find('<', end);
    auto parameters = base::to_lower(header.substr(end + 1, following - std::min(end + 1, following)));
    std::erase_if(parameters, [](char c) { return c == ' ' || c == '\t' || c == '"'; });
    for (const auto& parameter : base::split(parameters.substr(0, parameters.find(',')), ';')) {
      if (parameter == "rel=next") return std::string{header.substr(begin + 1, end - begin - 1)};
    }
    begin = following;
  }
  return {};
}

/// The URL of the page after `page`; empty when that is the last one.
std::string page_after(const std::string& page, const net::HttpResponse& response) {
  const auto target = next_link(response.header("link"));
  if (target.empty()) return {};
  const auto url = net::resolve_url(page, target);
  const auto path_in = [](const std::string& text) { return text.find('/', text.find("://") + 3); };
  if (net::parse_url(url).host != net::parse_url(page).host || path_in(url) == std::string::npos) {
    throw Error(Kind::network,
                "the registry continues its list of tags at another host: " + base::printable(url, 200),
                other_server_hint);
  }
  // A registry behind a proxy may not know the scheme and port that clients use.
  return page.substr(0, path_in(page)) + url.substr(path_in(url));
}

}  // namespace

std::optional<TagList> read_tags(const std::string& first, std::optional<std::size_t> max_count,
                                 const std::function<net::HttpResponse(const std::string& url)>& get) {
  TagList list;
  std::set<std::string> pages;
  std::set<std::string> known;
  for (std::string page = first; !page.empty();) {
    if (!pages.insert(page).second) throw endless_list("it names the same page twice");
    if (pages.size() > max_pages) throw endless_list("more than " + std::to_string(max_pages) + " pages");
    const auto response = get(page);
    auto tags = tags_of_page(response);
    if (!tags) return std::nullopt;
    const auto before = known.size();
    known.insert(tags->begin(), tags->end());
    if (!tags->empty() && known.size() == before) throw endless_list("it names the same tags twice");
    list.tags.insert(list.tags.end(), tags->begin(), tags->end());
    if (list.tags.size() > max_tags) throw endless_list("more than " + std::to_string(max_tags) + " tags");
    page = page_after(page, response);
    if (max_count && list.tags.size() >= *max_count) {
      list.has_more = list.tags.size() > *max_count || !page.empty();
      list.tags.resize(*max_count);
      break;
    }
  }
  return list;
}

bool is_tag(std::string_view text) {
  const auto is_part = [](char c) { return base::is_alphanumeric(c) || c == '_' || c == '-' || c == '.'; };
  return !text.empty() && text.size() <= max_tag_size && text.front() != '-' && text.front() != '.' &&
         std::ranges::all_of(text, is_part);
}

}  // namespace plugin::registry
