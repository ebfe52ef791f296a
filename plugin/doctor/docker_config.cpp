// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/file.hpp"
#include "base/text.hpp"
#include "doctor/checks.hpp"
#include "doctor/docker_logins.hpp"

namespace plugin::doctor {
namespace {

constexpr const char* setup = "docker snowflake setup";
constexpr const char* no_registry = "it is not known which registry is meant";

std::filesystem::path file_of(const Examination& examination) {
  return examination.docker_folder() / "config.json";
}

/// "line 3". What stands there is not quoted: it may be a token.
std::string place_at(std::string_view text, std::size_t byte) {
  return "line " + std::to_string(std::ranges::count(text.substr(0, byte), '\n') + 1);
}

bool names_helper(const base::Json& config, const std::string& host) {
  return base::text_at(base::member(config, "credHelpers"), host) == "snowflake";
}

}  // namespace

Finding look_at_docker_config(Examination& examination) {
  const auto file = file_of(examination);
  const auto text = base::read_file(file);
  if (!text) return good(file.string() + " is not there yet");
  try {
    examination.docker_config = base::Json::parse(*text);
  } catch (const base::Json::parse_error& error) {
    return broken(file.string() + " is not JSON: " + place_at(*text, error.byte),
                  "correct it there, or just above: Docker ignores the file, and may write over it");
  }
  examination.redaction.add_docker_config(examination.docker_config);
  if (!examination.docker_config.is_object())
    return broken(file.string() + " is JSON, but no object", "make it begin with { and end with }");
  return good(file.string());
}

Finding look_at_spellings(Examination& examination) {
  if (!examination.host) return skipped(no_registry);
  const auto& host = examination.host->name();
  for (const char* section : {"credHelpers", "auths"}) {
    for (const auto& [key, value] : base::member(examination.docker_config, section).items()) {
      if (key == host || key == host + ":443") continue;
      const auto meant = docker::RegistryHost::parse(key);
      if (meant != examination.host) continue;
      const std::string sentence = std::string{section} + " has '" + base::printable(key, 200) +
                                   "', and Docker looks for '" + host + "', letter by letter";
      const std::string next = "docker logout '" + base::printable(key, 200) + "', then " + setup;
      return names_helper(examination.docker_config, host) ? odd(sentence, next) : broken(sentence, next);
    }
  }
  return good("every key for this registry is spelled as Docker looks it up");
}

Finding look_at_auths(Examination& examination) {
  if (!examination.host) return skipped(no_registry);
  const auto& host = examination.host->name();
  if (!has_login(examination.docker_config, host))
    return good("no token of 'docker login' stands in the way");
  const std::string sentence = file_of(examination).string() + " holds a token of an earlier 'docker login'";
  const std::string next = "docker logout " + host;
  if (names_helper(examination.docker_config, host)) return odd(sentence + ", in plain text", next);
  return broken(sentence + ", which Docker uses instead of asking the helper", next + ", then " + setup);
}

Finding look_at_cred_helpers(Examination& examination) {
  if (!examination.host) return skipped(no_registry);
  const auto& host = examination.host->name();
  const auto& helpers = base::member(examination.docker_config, "credHelpers");
  const auto named = base::text_at(helpers, host);
  const std::string setup_of_host = std::string{setup} + " --host " + host;
  const std::string next = setup_of_host + ", or write \"credHelpers\": {\"" + host +
                           "\": \"snowflake\"} into " + file_of(examination).string();
  if (named && named != "snowflake")
    return broken("Docker asks docker-credential-" + base::printable(*named, 50) + " for " + host, next);
  if (base::text_at(examination.docker_config, "credsStore") == "snowflake") {
    const std::string remedy = "take \"credsStore\" out of " + file_of(examination).string();
    return odd("credsStore makes Docker ask this helper for every registry, so other logins are not kept",
               named ? remedy : next + ", and " + remedy);
  }
  if (!named) return broken("Docker does not know that the helper is for " + host, next);
  const auto with_port = base::text_at(helpers, host + ":443");
  if (with_port && with_port != "snowflake") {
    return odd("nerdctl asks docker-credential-" + base::printable(*with_port, 50) + " for " + host + ":443",
               setup_of_host);
  }
  return good(host + (with_port ? ", also with :443" : "") + " is the helper's");
}

}  // namespace plugin::doctor
