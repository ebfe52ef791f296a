// SPDX-License-Identifier: Apache-2.0
#include "doctor/redaction.hpp"

#include "base/text.hpp"
#include "support/catch.hpp"

using plugin::doctor::may_be_shown;
using plugin::doctor::Redaction;

TEST_CASE("variables that sound like secrets, and passwords of proxies, are removed") {
  const Redaction redaction{base::Environment{{{"CI_JOB_TOKEN", "job-123"},
                                               {"AWS_SECRET_ACCESS_KEY", "aws-456"},
                                               {"https_proxy", "http://jane:pass-789@proxy.example:3128"},
                                               {"HOME", "/home/jane"}}}};
  CHECK(redaction.clean("job-123, aws-456 and http://jane:pass-789@proxy.example:3128 in /home/jane") ==
        "[removed], [removed] and http://[removed]@proxy.example:3128 in /home/jane");
}

TEST_CASE("paths and switches are shown, and so are very short values") {
  const Redaction redaction{base::Environment{{{"SNOWFLAKE_TOKEN_FILE_PATH", "/run/token"},
                                               {"SKIP_TOKEN_FILE_PERMISSIONS_VERIFICATION", "true"},
                                               {"MY_TOKEN", "it"}}}};
  CHECK(redaction.clean("/run/token it is true") == "/run/token it is true");
}

TEST_CASE("two secrets are removed, also when one contains the other") {
  const Redaction redaction{base::Environment{{{"A_TOKEN", "abcd"}, {"B_TOKEN", "xx-abcd-yy"}}}};
  CHECK(redaction.clean("xx-abcd-yy abcd") == "[removed] [removed]");
}

TEST_CASE("only known fields of a connection are shown") {
  Redaction redaction{base::Environment{}};
  config::Connection connection{"dev",
                                {{"account", base::Secret{"myorg-myacct"}},
                                 {"password", base::Secret{"hunter2"}},
                                 {"some_new_field", base::Secret{"value"}}}};
  redaction.add(connection);
  CHECK(redaction.clean("myorg-myacct hunter2 value") == "myorg-myacct [removed] [removed]");
  const auto shown = [](std::string_view field, std::string_view value) {
    return may_be_shown(field, value, base::Environment{});
  };
  CHECK(shown("private_key_file", "~/keys/missing.p8"));
  for (const char* field : {"password", "token", "private_key_raw", "private_key_passphrase", "passcode",
                            "session_token", "master_token", "oauth_client_secret"}) {
    CHECK_FALSE(shown(field, "value"));
  }
}

TEST_CASE("logins of Docker's config are removed") {
  Redaction redaction{base::Environment{{{"DOCKER_AUTH_CONFIG", R"({"auths":{"y":{"auth":"second"}}})"}}}};
  redaction.add(plugin::docker_config::DockerConfig::read(
      R"({"AUTHS":{"x":{"auth":"dXNlcjpw"},"z":7},"HttpHeaders":{"X-Key":"header-1"}})", "config.json"));
  CHECK(redaction.clean("dXNlcjpw second header-1") == "[removed] [removed] [removed]");
}

TEST_CASE("a key or a token that was written where a path belongs is removed, however it is spelled") {
  const std::string pem =
      "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n-----END PRIVATE "
      "KEY-----\n";
  const std::string body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";
  for (const auto& value :
       {pem, body, std::string{"pat-2f61c8e7d0"}, std::string{"eyJraWQiOiI1NzQ.eyJzdWIiOiJqYW5lIn0.c2ln"}}) {
    const Redaction redaction{base::Environment{{{"SNOWFLAKE_PRIVATE_KEY_FILE", value}}}};
    CAPTURE(value);
    CHECK_FALSE(may_be_shown("private_key_file", value, base::Environment{}));
    const auto written = redaction.clean("the file " + base::printable(value, 500) + " does not exist");
    CHECK(written.find(value.substr(value.size() > 60 ? 30 : 0, 14)) == std::string::npos);
    CHECK(written.find("does not exist") != std::string::npos);
  }
  const Redaction redaction{base::Environment{{{"SNOWFLAKE_PRIVATE_KEY_FILE", pem}}}};
  CHECK(redaction.clean("cut: hkiG9w0BAQEFAASCBKcwggSjAgEAA… 'and' more") == "cut: [removed] 'and' more");
}

TEST_CASE("user, password and query are removed from addresses, and nothing else") {
  const Redaction redaction{base::Environment{}};
  const auto clean = [&](const char* text) { return redaction.clean(text); };
  CHECK(clean("https://jane:p@ss/word@okta.example/app") == "https://[removed]@okta.example/app");
  CHECK(clean("see https://okta.example:443/a?token=1234567 now") ==
        "see https://okta.example:443/a?[removed] now");
  CHECK(clean("'https://a-b.example:443/app@sha256:0'") == "'https://a-b.example:443/app@sha256:0'");
  CHECK(clean("http://token@proxy http://b@c:1/") == "http://[removed]@proxy http://[removed]@c:1/");
  CHECK(clean("://") == "://");
}
