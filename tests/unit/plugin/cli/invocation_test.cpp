// SPDX-License-Identifier: Apache-2.0
#include "cli/invocation.hpp"

#include "support/catch.hpp"

using Words = std::vector<std::string>;

TEST_CASE("Docker's own options are removed, with their values") {
  const auto words = GENERATE(
      Words{"snowflake", "url", "x"}, Words{"--config", "dir", "snowflake", "url", "x"},
      Words{"--config=dir", "-D", "snowflake", "url", "x"}, Words{"-l", "debug", "snowflake", "url", "x"},
      Words{"-H", "unix:///s", "-c", "ctx", "--tlsverify", "snowflake", "url", "x"},
      Words{"--context", "snowflake", "snowflake", "url", "x"});
  const auto invocation = plugin::cli::parse_invocation(words);
  CHECK(invocation.by_docker);
  CHECK(invocation.words == Words{"url", "x"});
}

TEST_CASE("the plugin learns Docker's --config and --debug") {
  const auto invocation = plugin::cli::parse_invocation({"--config=dir", "--debug", "snowflake", "status"});
  CHECK(invocation.docker_config == "dir");
  CHECK(invocation.debug);
  CHECK(plugin::cli::parse_invocation({"--config", "other", "snowflake"}).docker_config == "other");
}

TEST_CASE("options that choose the engine are kept as they were written, and only those") {
  const auto row = GENERATE(Words{"-c", "vm"}, Words{"-cvm"}, Words{"--context=vm"}, Words{"-H", "unix:///s"},
                            Words{"-DH", "unix:///s"}, Words{"--host=ssh://vm"},
                            Words{"--tlsverify", "--tlscacert", "ca.pem", "--tlscert=c.pem"},
                            Words{"--config", "dir", "--context", "snowflake"});
  Words words = row;
  words.insert(words.begin(), {"--log-level", "debug", "-l", "info"});
  words.insert(words.end(), {"--debug", "snowflake", "push", "-c", "dev", "app:1"});
  const auto invocation = plugin::cli::parse_invocation(words);
  CHECK(invocation.docker_options == row);
  CHECK(invocation.words == Words{"push", "-c", "dev", "app:1"});
}

TEST_CASE("help that was requested before the command is moved behind it") {
  CHECK(plugin::cli::parse_invocation({"help", "snowflake", "status"}).words == Words{"status", "--help"});
  CHECK(plugin::cli::parse_invocation({"--help", "snowflake"}).words == Words{"--help"});
  CHECK(plugin::cli::parse_invocation({"snowflake", "help", "status"}).words == Words{"status", "--help"});
}

TEST_CASE("__complete stays in front of the words to complete") {
  CHECK(plugin::cli::parse_invocation({"__complete", "snowflake", "url", ""}).words ==
        Words{"__complete", "url", ""});
  CHECK(plugin::cli::parse_invocation({"__complete", "--config", "d", "snowflake", "-"}).words ==
        Words{"__complete", "-"});
  CHECK(plugin::cli::parse_invocation({"__complete", "url", "--f"}).words ==
        Words{"__complete", "url", "--f"});
}

TEST_CASE("called by its own name, the plugin gets every word") {
  const auto invocation = plugin::cli::parse_invocation({"url", "snowflake"});
  CHECK_FALSE(invocation.by_docker);
  CHECK(invocation.words == Words{"url", "snowflake"});
  CHECK(plugin::cli::parse_invocation({}).words.empty());
}
