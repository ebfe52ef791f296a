// SPDX-License-Identifier: Apache-2.0
#include "registry/tag_list.hpp"

#include "support/catch.hpp"
#include "support/fake_http.hpp"
#include "support/fakes.hpp"

namespace {

const std::string tag_page = "https://registry.example/v2/db/schema/repo/app/tags/list";

struct TagPages {
  fakes::FakeHttp http;

  void page(const std::string& tags, const std::string& link = {}) {
    std::map<std::string, std::string, std::less<>> headers;
    if (!link.empty()) headers["link"] = link;
    http.answer(200, R"({"tags":[)" + tags + "]}", headers);
  }
  std::optional<plugin::registry::TagList> read(std::optional<std::size_t> most = {}) {
    return plugin::registry::read_tags(tag_page, most, [&](const std::string& url) {
      net::HttpRequest request;
      request.url = url;
      return http.send(request);
    });
  }
};

}  // namespace

TEST_CASE("a list of tags is read page by page, as the header Link says") {
  TagPages pages;
  pages.page(R"("a","b")", R"(</v2/x?p=0>; rel="first", </v2/x?p=2>; rel="next")");
  pages.page("", "<http://registry.example:80/v2/x?p=3>;rel=next");
  pages.page(R"("c")", R"(</v2/x?p=1>; rel="prev")");
  const auto list = pages.read();
  REQUIRE(list);
  CHECK(list->tags == std::vector<std::string>{"a", "b", "c"});
  CHECK_FALSE(list->has_more);
  CHECK(pages.http.sent[1].url == "https://registry.example/v2/x?p=2");
  CHECK(pages.http.sent[2].url == "https://registry.example/v2/x?p=3");
}

TEST_CASE("no more pages of a list of tags are read than needed") {
  TagPages pages;
  pages.page(R"("a","b")", R"(<?p=2>; rel="next")");
  pages.page(R"("c","d")");
  const auto list = pages.read(3);
  REQUIRE(list);
  CHECK(list->tags == std::vector<std::string>{"a", "b", "c"});
  CHECK(list->has_more);
}

TEST_CASE("a list of tags without an end is an error") {
  TagPages pages;
  SECTION("the same page") {
    pages.page(R"("a")", R"(<?p=2>; rel="next")");
    pages.page(R"("b")", R"(<?p=2>; rel="next")");
  }
  SECTION("the same tags") {
    pages.page(R"("a")", R"(<?p=2>; rel="next")");
    pages.page(R"("a")", R"(<?p=3>; rel="next")");
  }
  SECTION("empty pages") {
    for (std::size_t i = 0; i < plugin::registry::max_pages; ++i)
      pages.page("", "<?p=" + std::to_string(i) + ">; rel=next");
  }
  SECTION("another host") { pages.page(R"("a")", R"(<https://evil.example/v2/x>; rel="next")"); }
  CHECK(fakes::error_of([&] { pages.read(); }).kind() == base::Kind::network);
}

TEST_CASE("a response that is not a list of tags is absent") {
  TagPages pages;
  pages.page("7");
  CHECK_FALSE(pages.read());
  using plugin::registry::is_tag;
  CHECK((is_tag("1.2-rc_3") && is_tag("_a")));
  CHECK_FALSE(
      (is_tag("") || is_tag("../x") || is_tag("-rf") || is_tag("a\x1b") || is_tag(std::string(129, 'a'))));
}
