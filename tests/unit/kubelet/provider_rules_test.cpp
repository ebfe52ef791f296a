// SPDX-License-Identifier: Apache-2.0
#include "kubelet/provider_rules.hpp"

#include <fstream>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "kubelet/provider_entry.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace {

/// What the kubelet's own code said (tests/kubelet/record.py).
base::Json recorded_verdicts(const char* what) {
  return base::member(base::Json::parse(base::read_file(DCS_KUBELET_VERDICTS).value()), what);
}

bool is_accepted(const std::string& config, const std::filesystem::path& bin_dir) {
  try {
    return kubelet::rejections(kubelet::parse_yaml(config, "file"), bin_dir).empty();
  } catch (const base::Error&) {
    return false;
  }
}

}  // namespace

TEST_CASE("kubelet: files that a kubelet refuses are refused, and no others") {
  const fakes::TemporaryDirectory directory;
  for (const auto& [name, mode] : {std::pair{"other-provider", 0755}, std::pair{"not-executable", 0644}}) {
    std::ofstream{directory.path() / name} << "#!/bin/sh\n";
    std::filesystem::permissions(directory.path() / name, static_cast<std::filesystem::perms>(mode));
  }
  const auto verdicts = recorded_verdicts("verdicts");
  CHECK(verdicts.size() > 80);
  for (const auto& verdict : verdicts) {
    const auto config = base::text_at(verdict, "config").value();
    INFO(config);
    INFO(base::text_at(verdict, "words").value());
    CHECK(is_accepted(config, directory.path()) == base::member(verdict, "accepted").get<bool>());
  }
}

TEST_CASE("kubelet: patterns match what the kubelet's own code matched") {
  const auto matches = recorded_verdicts("matches");
  CHECK(matches.size() > 50);
  for (const auto& match : matches) {
    const auto pattern = base::text_at(match, "pattern").value();
    const auto image = base::text_at(match, "image").value();
    INFO(pattern << " and " << image);
    CHECK(kubelet::matches(pattern, image) == base::member(match, "matched").get<bool>());
  }
}

TEST_CASE("kubelet: a pattern matches by labels, port and the beginning of the path") {
  const std::string host = "o-a.registry.snowflakecomputing.com";
  const std::string image = host + "/db/schema/r/i";
  for (const char* pattern :
       {"*.registry.snowflakecomputing.com", "*.*.snowflakecomputing.com",
        "o-*.registry.snowflakecomputing.*", "o-a.registry.snowflakecomputing.com/db/schema",
        "o-a.registry.snowflakecomputing.com/db/schema/"}) {
    INFO(pattern);
    CHECK(kubelet::matches(pattern, image));
  }
  for (const char* pattern :
       {"*.snowflakecomputing.com", "*.registry.privatelink.snowflakecomputing.com",
        "O-A.registry.snowflakecomputing.com", "o-a.registry.snowflakecomputing.com:443",
        "https://o-a.registry.snowflakecomputing.com", "o-a.registry.snowflakecomputing.com/*/schema"}) {
    INFO(pattern);
    CHECK_FALSE(kubelet::matches(pattern, image));
  }
  CHECK(kubelet::matches("o-a.registry.snowflakecomputing.com/db/schema", host + "/db/schema2/r/i"));
  CHECK_FALSE(kubelet::matches("o-a.registry.snowflakecomputing.com/db/schema/", host + "/db/schema2/r/i"));
  CHECK(kubelet::matches("127.0.0.1:5055", "127.0.0.1:5055/a/b"));
}

TEST_CASE("kubelet: each version of Kubernetes gets the fields that it accepts") {
  const auto entry = [](const char* version) {
    const auto parsed = kubelet::KubernetesVersion::parse(version);
    return kubelet::provider_config_yaml(parsed, parsed.supports_tokens());
  };
  CHECK(entry("1.34").find("cacheType: ServiceAccount") != std::string::npos);
  CHECK(entry("v1.33.6").find("cacheType") == std::string::npos);
  CHECK(entry("v1.33.6").find("tokenAttributes") != std::string::npos);
  CHECK(entry("1.32.1+k3s1").find("tokenAttributes") == std::string::npos);
  CHECK(entry("1.24").find("kubelet.config.k8s.io/v1beta1") != std::string::npos);
  for (const char* bad : {"", "1", "1.", "2.34", "latest", "1.x", "1.19", "1.34x"}) {
    INFO(bad);
    CHECK_THROWS_AS(kubelet::KubernetesVersion::parse(bad), base::Error);
  }
}

TEST_CASE("kubelet: removing the entry restores every byte of the file") {
  for (const std::string text :
       {"kind: X\nproviders:\n  - name: a\n    args: [b] # c\n# end\n", "providers:\n- name: a",
        "{\"providers\": [{\"name\": \"a\"}], \"kind\": \"X\"}",
        "{\n\t\"providers\": [\n\t\t{\"name\": \"a\"}\n\t]\n}\n",
        "providers:\r\n  - name: a\r\nkind: X\r\n"}) {
    INFO(text);
    const auto root = kubelet::parse_yaml(text, "file");
    const auto merged = kubelet::with_our_provider(text, root, {}, true);
    const auto again = kubelet::parse_yaml(merged, "file");
    const auto* ours = kubelet::find_our_provider(again);
    REQUIRE(ours != nullptr);
    CHECK(again.find("providers")->items.size() == 2);
    CHECK(kubelet::without_provider(merged, again, *ours) == text);
  }
}

TEST_CASE("kubelet: YAML that is not fully understood is refused") {
  for (const char* text :
       {"a: &x 1", "a: *x", "a: !!str 1", "%YAML 1.2\n---\na: 1", "? a\n: b", "a: 'x\n  y'", "a: 1\n  b",
        "a: 1\na: 2", "a: [1, 2", "{a: 1", "a: b: c", "- a\n b", "a: 1\n---\nb: 2"}) {
    INFO(text);
    CHECK_THROWS_AS(kubelet::parse_yaml(text, "file"), base::Error);
  }
}
