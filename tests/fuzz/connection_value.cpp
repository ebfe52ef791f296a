// SPDX-License-Identifier: Apache-2.0
// The text as the value of each key of a connection: repaired or refused, and a repaired value stays as it
// is.
#include <cstdlib>

#include "base/error.hpp"
#include "config/account.hpp"
#include "config/connection_keys.hpp"
#include "config/connection_values.hpp"
#include "config/value_repair.hpp"

extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  const base::Secret value{std::string{data, size}};
  for (const auto& key : config::connection_keys()) {
    config::Connection connection{.name = "dev", .fields = {}};
    config::set_value(connection, key.name, value, "fuzz.toml:1");
    const auto repaired = connection.fields;
    const auto again = repaired.find(key.name);
    if (again != repaired.end()) {
      config::Connection second{.name = "dev", .fields = {}};
      config::set_value(second, key.name, again->second, "fuzz.toml:1");
      const auto found = second.fields.find(key.name);
      if (found == second.fields.end() || found->second.reveal() != again->second.reveal()) std::abort();
    }
    try {
      config::check_values(connection, base::Environment{});
      config::account_of(connection);
    } catch (const base::Error&) {
    }
  }
  return 0;
}
