// SPDX-License-Identifier: Apache-2.0
#include "config/connection.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace config {

std::string Connection::text(std::string_view key) const {
  const auto found = fields.find(key);
  return found == fields.end() ? std::string{} : std::string{found->second.reveal()};
}

base::Secret Connection::secret(std::string_view key) const {
  const auto found = fields.find(key);
  if (found == fields.end()) return {};
  // Who is sent it may quote it.
  base::mask_from_now_on(found->second);
  return found->second;
}

bool Connection::flag(std::string_view key) const {
  const std::string value = base::to_lower(text(key));
  if (value == "true" || value == "1") return true;
  if (value.empty() || value == "false" || value == "0") return false;
  throw base::Error(base::Kind::config,
                    std::string{key} + " of the connection '" + name + "' is neither true nor false",
                    "write " + std::string{key} + " = true or = false");
}

std::string Connection::authenticator() const {
  const std::string value = text("authenticator");
  if (value.empty()) return "SNOWFLAKE";
  if (base::to_lower(value).starts_with("https://")) return value;
  return base::to_upper(value);
}

}  // namespace config
