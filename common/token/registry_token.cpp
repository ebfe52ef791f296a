// SPDX-License-Identifier: Apache-2.0
#include "token/registry_token.hpp"

#include "base/json.hpp"

namespace token {
namespace {

constexpr std::int64_t record_version = 1;
/// Small corrections of the clock (NTP) do not count as a step back.
constexpr std::chrono::seconds clock_slack{30};

std::int64_t to_number(base::TimePoint time) { return time.time_since_epoch().count(); }

std::optional<base::TimePoint> time_at(const base::Json& json, std::string_view name) {
  const auto number = base::whole_number_at(json, name);
  if (!number) return std::nullopt;
  return base::TimePoint{std::chrono::seconds{*number}};
}

}  // namespace

bool RegistryToken::valid_at(base::TimePoint now) const {
  return now + clock_slack >= issued_at && now < expires_at;
}

bool RegistryToken::fresh_at(base::TimePoint now) const {
  return valid_at(now) && (expires_at - now) * 2 >= expires_at - issued_at;
}

docker::Credential RegistryToken::credential_for(std::string server_url, base::TimePoint now) const {
  if (!username.empty()) return {std::move(server_url), username, value};
  const base::OrderedJson secret = {{"token", value.reveal()}, {"expires_in", (expires_at - now).count()}};
  return {std::move(server_url), std::string{session_token_user}, base::Secret{secret.dump()}};
}

base::Secret RegistryToken::to_record() const {
  const base::Json json = {{"version", record_version},
                           {"token", value.reveal()},
                           {"issued_at", to_number(issued_at)},
                           {"expires_at", to_number(expires_at)},
                           {"connection", connection},
                           {"config", config_fingerprint},
                           {"login", login}};
  return base::Secret{base::dump_json(json)};
}

std::optional<RegistryToken> RegistryToken::from_record(const base::Secret& record) {
  const auto json = base::parse_json(record.reveal());
  if (!json || base::whole_number_at(*json, "version") != record_version) return std::nullopt;
  const auto value = base::text_at(*json, "token");
  const auto issued_at = time_at(*json, "issued_at");
  const auto expires_at = time_at(*json, "expires_at");
  if (!value || value->empty() || !issued_at || !expires_at) return std::nullopt;
  return RegistryToken{base::Secret{*value},
                       *issued_at,
                       *expires_at,
                       base::text_at(*json, "connection").value_or(""),
                       base::text_at(*json, "config").value_or(""),
                       base::text_at(*json, "login").value_or("")};
}

}  // namespace token
