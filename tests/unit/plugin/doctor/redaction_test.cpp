// SPDX-License-Identifier: Apache-2.0
#include "doctor/redaction.hpp"

#include "support/catch.hpp"

using plugin::doctor::may_be_shown;
using plugin::doctor::Redaction;

TEST_CASE("variables that sound like secrets, and passwords of proxies, are blotted out") {
  const Redaction redaction{base::Environment{{{"CI_JOB_TOKEN", "job-123"},
                                               {"AWS_SECRET_ACCESS_KEY", "aws-456"},
                                               {"https_proxy", "http://jane:pass-789@proxy.example:3128"},
                                               {"HOME", "/home/jane"}}}};
  CHECK(redaction.clean("job-123, aws-456 and pass-789 of jane in /home/jane") ==
        "[removed], [removed] and [removed] of jane in /home/jane");
}

TEST_CASE("paths and switches are no secrets, and very short values would blot out words") {
  const Redaction redaction{base::Environment{{{"SNOWFLAKE_TOKEN_FILE_PATH", "/run/token"},
                                               {"SKIP_TOKEN_FILE_PERMISSIONS_VERIFICATION", "true"},
                                               {"MY_TOKEN", "it"}}}};
  CHECK(redaction.clean("/run/token it is true") == "/run/token it is true");
}

TEST_CASE("of two secrets where one holds the other both are gone") {
  const Redaction redaction{base::Environment{{{"A_TOKEN", "abcd"}, {"B_TOKEN", "xx-abcd-yy"}}}};
  CHECK(redaction.clean("xx-abcd-yy abcd") == "[removed] [removed]");
}

TEST_CASE("of a connection only known fields are shown") {
  Redaction redaction{base::Environment{}};
  config::Connection connection{"dev",
                                {{"account", base::Secret{"myorg-myacct"}},
                                 {"password", base::Secret{"hunter2"}},
                                 {"some_new_field", base::Secret{"value"}}}};
  redaction.add(connection);
  CHECK(redaction.clean("myorg-myacct hunter2 value") == "myorg-myacct [removed] [removed]");
  CHECK(may_be_shown("private_key_file"));
  for (const char* field : {"password", "token", "private_key_raw", "private_key_passphrase", "passcode",
                            "session_token", "master_token", "oauth_client_secret"}) {
    CHECK_FALSE(may_be_shown(field));
  }
}

TEST_CASE("logins of Docker's config are blotted out") {
  Redaction redaction{base::Environment{{{"DOCKER_AUTH_CONFIG", R"({"auths":{"y":{"auth":"second"}}})"}}}};
  redaction.add_docker_config(base::Json::parse(R"({"auths":{"x":{"auth":"dXNlcjpw"},"z":7}})"));
  CHECK(redaction.clean("dXNlcjpw second") == "[removed] [removed]");
}
