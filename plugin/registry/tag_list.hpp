// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "net/http.hpp"

namespace plugin::registry {

/// Tags of an image, in the registry's order.
struct TagList {
  std::vector<std::string> tags;
  bool has_more = false;  ///< the registry has more than were asked for
};

/// How many tags one request asks for.
inline constexpr std::size_t tags_per_page = 100;
/// A longer list counts as one without an end.
inline constexpr std::size_t max_tags = 100'000;
inline constexpr std::size_t max_pages = 1000;

/// Reads a list of tags page by page, beginning with the URL `first` (distribution specification, "Listing
/// Tags"), until there are `max_count`; without `max_count`, to its end. `get` requests a page. Absent when a
/// response is not such a list. Throws `network` for a list that goes in circles, has more than `max_pages`
/// or `max_tags`, or continues at another host.
std::optional<TagList> read_tags(const std::string& first, std::optional<std::size_t> max_count,
                                 const std::function<net::HttpResponse(const std::string& url)>& get);

/// Whether a text can be a tag (distribution specification, "Pulling manifests").
bool is_tag(std::string_view text);

}  // namespace plugin::registry
