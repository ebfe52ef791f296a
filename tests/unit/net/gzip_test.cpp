// SPDX-License-Identifier: Apache-2.0
#include "net/gzip.hpp"

#include <cstdlib>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/file_change.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace {

/// As the system's own program makes it.
std::string gzip(const std::string& text) {
  const fakes::TemporaryDirectory directory;
  base::write_file(directory.path() / "text", text);
  if (std::system(("gzip -n '" + (directory.path() / "text").string() + "'").c_str()) != 0) return {};
  return base::read_file(directory.path() / "text.gz").value_or("");
}

std::string gunzip(const std::string& bytes, std::size_t longest = 1U << 24) {
  std::string out;
  net::gunzip(bytes, out, longest);
  return out;
}

}  // namespace

TEST_CASE("gzip data is decompressed, also with several members") {
  const std::string text(300'000, 'x');
  const auto packed = gzip(text + "end");
  CHECK(net::is_gzip(packed));
  CHECK(gunzip(packed) == text + "end");
  CHECK(gunzip(gzip("one") + gzip("two")) == "onetwo");
  CHECK_FALSE(net::is_gzip("[1]"));
}

TEST_CASE("damaged and endless bytes are errors") {
  const auto packed = gzip(std::string(1'000'000, 'x'));
  CHECK_THROWS_AS(gunzip(packed.substr(0, packed.size() / 2)), base::Error);
  CHECK_THROWS_AS(gunzip("\x1f\x8b nonsense"), base::Error);
  CHECK_THROWS_AS(gunzip(packed, 10'000), base::Error);
}
