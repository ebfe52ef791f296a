// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include "support/catch.hpp"

using namespace std::chrono_literals;

TEST_CASE("white space is removed at both ends only") {
  CHECK(base::trim(" \t\r\n a b \v\f\n") == "a b");
  CHECK(base::trim(" \n").empty());
  CHECK(base::trim("").empty());
}

TEST_CASE("only ASCII letters change case, whatever the locale") {
  CHECK(base::to_lower("AbZ-\xc3\x84") == "abz-\xc3\x84");
  CHECK(base::to_upper("abz_\xc3\xa4") == "ABZ_\xc3\xa4");
  CHECK(base::equals_ignoring_case("Snowflake_JWT", "SNOWFLAKE_jwt"));
  CHECK_FALSE(base::equals_ignoring_case("a", "ab"));
}

TEST_CASE("splitting and joining are inverse") {
  CHECK(base::split("", '.') == std::vector<std::string>{""});
  CHECK(base::split(".a.", '.') == std::vector<std::string>{"", "a", ""});
  CHECK(base::join(base::split("a.b.c", '.'), ".") == "a.b.c");
  CHECK(base::join({}, ", ").empty());
}

TEST_CASE("foreign text cannot control a terminal, and is limited in length") {
  CHECK(base::printable(" a\x1b[31mb\nc\x7f ") == "a [31mb c");
  CHECK(base::printable("12345", 5) == "12345");
  CHECK(base::printable("uvwxyz", 5) == "uvwxy…");
  CHECK(base::printable("123\xc3\xa4\xc3\xa4", 4) == "123…");
}

TEST_CASE("control characters in foreign text are replaced") {
  CHECK(base::printable("a\x1b[31mb") == "a [31mb");
  CHECK(base::printable("a\u009b31mb") == "a 31mb");
  CHECK(base::printable("a\u202eb") == "a b");
  CHECK(base::printable("gr\u00fc\u00df \u20ac \U0001f600") == "gr\u00fc\u00df \u20ac \U0001f600");
  CHECK(base::printable("a\xff\xc3(\xe2\x82") == "a\uFFFD\uFFFD(\uFFFD\uFFFD");
  CHECK(base::printable("\xed\xa0\x80") == "\uFFFD\uFFFD\uFFFD");
}

TEST_CASE("UTF-8 has no other bytes, no characters that are cut off, and no surrogates") {
  CHECK(base::is_utf8(""));
  CHECK(base::is_utf8("gr\u00fc\u00df \u20ac \U0001f600"));
  CHECK_FALSE(base::is_utf8("gr\xfc\xdf"));
  CHECK_FALSE(base::is_utf8("a\xe2\x82"));
  CHECK_FALSE(base::is_utf8("\xed\xa0\x80"));
  CHECK_FALSE(base::is_utf8("\xc0\x80"));
  CHECK_FALSE(base::is_utf8("\xf4\x90\x80\x80"));
}

TEST_CASE("a typo finds the intended word") {
  const std::vector<std::string> words = {"images", "list", "login", "status", "url", "--format"};
  CHECK(base::nearest("imagse", words) == "images");
  CHECK(base::nearest("lst", words) == "list");
  CHECK(base::nearest("lgoin", words) == "login");
  CHECK(base::nearest("stauts", words) == "status");
  CHECK(base::nearest("--fomat", words) == "--format");
}

TEST_CASE("a different word is not taken for a typo") {
  const std::vector<std::string> words = {"url", "ref", "images"};
  for (const char* word : {"pull", "rm", "ls", "repo", "", "version"})
    CHECK(base::nearest(word, words).empty());
  CHECK(base::nearest(std::string(10'000, 'u'), words).empty());
}

using base::Fingerprint;

TEST_CASE("a fingerprint has sixteen digits, and depends on the texts and their lengths") {
  CHECK(Fingerprint{}.hex() == "cbf29ce484222325");  // FNV-1a's offset basis
  CHECK(Fingerprint{}.add("ab").add("c").hex() == Fingerprint{}.add("ab").add("c").hex());
  CHECK(Fingerprint{}.add("ab").add("c").hex() != Fingerprint{}.add("a").add("bc").hex());
  CHECK(Fingerprint{}.add("").hex() != Fingerprint{}.hex());
}

TEST_CASE("a duration is told in the unit that a user would choose") {
  CHECK(base::duration_in_words(119s) == "119 seconds");
  CHECK(base::duration_in_words(600s) == "10 minutes");
  CHECK(base::duration_in_words(6h) == "6 hours");
  CHECK(base::duration_in_words(9600h) == "400 days");
  CHECK(base::count_in_words(1, "minute") == "1 minute");
}
