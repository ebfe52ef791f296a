// SPDX-License-Identifier: Apache-2.0
#include "net/markup.hpp"

#include "support/catch.hpp"

TEST_CASE("character references are replaced, and other text is unchanged") {
  CHECK(net::unescaped("https&#x3a;&#x2f;&#47;a.example&#x2F;x?a=1&amp;b=&quot;2&quot;&apos;&lt;&gt;") ==
        "https://a.example/x?a=1&b=\"2\"'<>");
  CHECK(net::unescaped("&#228;&#x20ac;&#x1F600;") == "ä€😀");
  CHECK(net::unescaped("a & b; &unknown; &#; &#x; &#0; &#xd800; &#x110000; &#1x; &") ==
        "a & b; &unknown; &#; &#x; &#0; &#xd800; &#x110000; &#1x; &");
  CHECK(net::unescaped("&amp;amp;") == "&amp;");
}

TEST_CASE("an element's text is found by name") {
  CHECK(net::element_text("<A><Key>one&amp;</Key><Key>two</Key></A>", "Key") == "one&");
  CHECK_FALSE(net::element_text("<A><Keys>one</Keys></A>", "Key"));
  CHECK_FALSE(net::element_text("<A><Key>one", "Key"));
}

TEST_CASE("an attribute is found in every notation") {
  const auto action = [](const char* html) { return net::attribute_of(html, "form", "action"); };
  CHECK(action(R"(<html><form id="f" method='post' action="https&#x3a;//a/?b&amp;c"><input>)") ==
        "https://a/?b&c");
  CHECK(action("<FORM ACTION=https://a/ method=post>") == "https://a/");
  CHECK(action("<form\n\taction = 'x>y'>") == "x>y");
  CHECK(action("<formation action=a><form novalidate action=b />") == "b");
  CHECK(action("<form data-action=a action=b>") == "b");
  CHECK(action("<!-- <form action=a> --><form action=b>") == "b");
  CHECK(action("<form id=a><form action=b>") == "b");
}

TEST_CASE("truncated text, and text that is not markup, has no attributes") {
  for (const char* html : {"", "<", "<form", "<form ", "<form action", "<form action=\"a", "<form = =>",
                           "<!-- <form action=a>", "<form /////", "text"}) {
    CAPTURE(html);
    CHECK(net::attribute_of(html, "form", "action").value_or("").empty());
  }
}

TEST_CASE("a page of two megabytes without any closing is read once") {
  for (const char* piece : {"<form ", "<form a=\"<form a='", "<form <!-- ", "&", "<form a=&", "<form/"}) {
    std::string page;
    while (page.size() < 2'000'000) page += piece;
    CHECK(net::attribute_of(page, "form", "action").value_or("").empty());
    CHECK(net::unescaped(page).size() == page.size());
    CHECK_FALSE(net::element_text(page, "Key"));
  }
}
