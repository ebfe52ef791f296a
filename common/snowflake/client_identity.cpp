// SPDX-License-Identifier: Apache-2.0
#include "snowflake/client_identity.hpp"

#include <sys/utsname.h>

#include "version.hpp"

namespace snowflake {

std::string user_agent() {
  utsname system{};
  uname(&system);
  return std::string{client_app_id} + "/" + client_app_version + " (" +
         static_cast<const char*>(system.sysname) + "-" + static_cast<const char*>(system.machine) +
         ") docker-credential-snowflake/" + std::string{version};
}

base::Json client_environment() {
  utsname system{};
  uname(&system);
  return {{"APPLICATION", "docker-credential-snowflake"},
          {"OS", static_cast<const char*>(system.sysname)},
          {"OS_VERSION", static_cast<const char*>(system.release)},
          {"ISA", static_cast<const char*>(system.machine)},
          {"OCSP_MODE", "INSECURE"}};
}

}  // namespace snowflake
