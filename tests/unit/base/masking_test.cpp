// SPDX-License-Identifier: Apache-2.0
#include "base/masking.hpp"

#include "base/text.hpp"
#include "support/catch.hpp"

TEST_CASE("a secret that was used is masked in foreign text") {
  base::add_mask(base::Secret{"hunter2-and-more"});
  base::add_mask(base::Secret{"hunter2"});
  base::add_mask(base::Secret{"abc"});
  CHECK(base::printable("wrong password: hunter2-and-more!") == "wrong password: ***!");
  CHECK(base::printable("hunter2 hunter2 abc") == "*** *** abc");
}

TEST_CASE("a short secret is masked as a whole word only") {
  base::add_mask(base::Secret{"pawl"});
  CHECK(base::masked("wrong password 'pawl'") == "wrong password '***'");
  CHECK(base::masked("the pawls of a spawl") == "the pawls of a spawl");
}

TEST_CASE("user and password are removed from URLs") {
  CHECK(base::without_userinfo("see https://joe:pw@host/x@y, ok") == "see https://host/x@y, ok");
  CHECK(base::without_userinfo("https://joe@host") == "https://host");
  CHECK(base::without_userinfo("https://joe:p@ss@host:1/") == "https://host:1/");
  CHECK(base::without_userinfo("https://joe:p/ss@host") == "https://host");
  CHECK(base::without_userinfo("joe:pw@host:5000") == "host:5000");
  CHECK(base::without_userinfo("a@b.example wrote") == "a@b.example wrote");
  CHECK(base::without_userinfo("alpine:3@sha256:00") == "alpine:3@sha256:00");
  CHECK(base::without_userinfo("https://[::1]:80/a@b") == "https://[::1]:80/a@b");
  CHECK(base::without_userinfo("https://host:443/a@b") == "https://host:443/a@b");
}

TEST_CASE("keys and tokens are recognized by their form") {
  CHECK(base::looks_like_secret("-----BEGIN RSA PRIVATE KEY-----\nx"));
  CHECK(base::looks_like_secret("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"));
  CHECK(base::looks_like_secret("ver:3-hint:1234-ETMsDgAAA"));
  CHECK(base::looks_like_secret("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7"));
  for (const char* path : {"~/keys/rsa_key.p8", "/etc/keys/Prod2024/key.pem", "key.p8", "./a/b",
                           "secrets/prod/2024/SnowflakeKey.p8", "DOCKER_CI_SERVICE_USER_2024_FOR_ALL_BUILDS"})
    CHECK_FALSE(base::looks_like_secret(path));
  CHECK(base::shown_path("~/keys/rsa_key.p8") == "~/keys/rsa_key.p8");
  CHECK(base::shown_path("pat-2f61c8e7d0") == "(not shown)");
}

TEST_CASE("what looks like a secret is masked wherever it comes from") {
  const std::string body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";
  CHECK(base::masked("user -----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\nis") ==
        "user ***\nis");
  CHECK(base::masked("-----BEGIN PRIVATE KEY-----\\n" + body) == "***");
  CHECK(base::masked("role '" + body + "'") == "role '***'");
  CHECK(base::masked("cannot read /" + body + "/" + body + ": gone") == "cannot read ***: gone");
  CHECK(base::masked("Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl!") == "Bearer ***!");
  CHECK(base::masked("https://idp.example/?client_secret=hunter2&state=1") ==
        "https://idp.example/?client_secret=***&state=1");
}

TEST_CASE("names, digests, fingerprints and hints are not masked") {
  const std::string text = GENERATE(
      "it must be PEM (-----BEGIN PRIVATE KEY----- or -----BEGIN ENCRYPTED PRIVATE KEY-----); convert it",
      "app@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= is not registered",
      "/home/Jane/Projects2026/SnowflakeRegistry/deployment/Keys/production.p8",
      "01b2c3d4-0000-1111-2222-333344445555", "arn:aws:iam::123456789012:role/Push-Role-2026");
  CHECK(base::masked(text) == text);
}

TEST_CASE("passwords in URLs are removed with the mistakes that people make in URLs") {
  const std::string url =
      GENERATE("//joe:hunter2x@host", "https:/joe:hunter2x@host", "https:\\\\joe:hunter2x@host",
               "https://joe:hunter2x%40host", "https://joe:hun'ter2x@host", "https://joe:hun,ter2x@host",
               "https://joe:hun;ter2x@host");
  CAPTURE(url);
  CHECK_FALSE(base::masked("address " + url).find("ter2x") != std::string::npos);
  CHECK(base::masked("address " + url).find("host") != std::string::npos);
}

TEST_CASE("a part of a password and its percent-encoded form are masked") {
  base::add_mask(base::Secret{"correct horse! battery staple"});
  CHECK(base::masked("wrong: correct horse! bat") == "wrong: ***");
  CHECK(base::masked("password=correct%20horse%21%20battery%20staple&") == "password=***&");
  CHECK(base::masked("a correct answer") == "a correct answer");
}

TEST_CASE("a secret that is an ordinary word hides nothing, since that would tell what it is") {
  base::add_mask(base::Secret{"Snowflake"});
  CHECK(base::masked("the host a.snowflakecomputing.com of Snowflake") ==
        "the host a.snowflakecomputing.com of Snowflake");
}

TEST_CASE("a secret with control characters in it is hidden as well") {
  base::add_mask(base::Secret{"open the door 5"});
  CHECK(base::printable("refused open\x1bthe\tdoor\n5 today") == "refused *** today");
}
