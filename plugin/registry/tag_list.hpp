// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "net/http.hpp"

namespace plugin::registry {

/// Tags of an image, in the order in which its registry lists them.
struct TagList {
  std::vector<std::string> tags;
  bool has_more = false;  ///< than were wanted
};

/// How many tags are asked for at once.
inline constexpr std::size_t tags_per_page = 100;
/// A list that is longer than these counts as one without an end.
inline constexpr std::size_t max_tags = 100'000;
inline constexpr std::size_t max_pages = 1000;

/// Reads a list of tags page by page, from the one with the URL `first` on (distribution specification,
/// "Listing Tags"), until there are `most`; without `most`, to its end. `get` returns the answer to a request
/// for a page, of which only 200 is followed. Absent when an answer is not such a list. Throws `network` for
/// a list that goes in circles, has more than `max_pages` or `max_tags`, or continues at another host.
std::optional<TagList> read_tags(const std::string& first, std::optional<std::size_t> most,
                                 const std::function<net::HttpResponse(const std::string& url)>& get);

/// Whether a text can be a tag (distribution specification, "Pulling manifests").
bool is_tag(std::string_view text);

}  // namespace plugin::registry
