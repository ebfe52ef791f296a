// SPDX-License-Identifier: Apache-2.0
#include "doctor/check.hpp"
#include "doctor/checks.hpp"

namespace plugin::doctor {

const std::vector<Check>& all_checks() {
  static const std::vector<Check> checks = {
      {"docker", "docker", {}, &look_at_docker},
      {"helper", "helper", {}, &look_at_helper},
      {"plugin", "plugin", {}, &look_at_plugin},
      {"docker-config", "Docker's config", {}, &look_at_docker_config},
      {"docker-auth-config", "DOCKER_AUTH_CONFIG", {}, &look_at_docker_auth_config},
      {"docker-spelling", "Docker's spelling", {"docker-config"}, &look_at_spellings},
      {"docker-auths", "Docker's logins", {"docker-config"}, &look_at_auths},
      {"cred-helpers", "credHelpers", {"docker-config"}, &look_at_cred_helpers},
      {"buildx", "buildx", {}, &look_at_buildx},
      {"containers", "podman", {}, &look_at_containers},
      {"settings", "settings", {}, &look_at_settings},
      {"connection-files", "connection files", {}, &look_at_connection_files},
      {"connection", "connection", {"settings", "connection-files"}, &look_at_connection},
      {"proof", "authenticator", {"connection"}, &look_at_proof},
      {"kernel-keyring", "kernel keyring", {"settings"}, &look_at_kernel_keyring},
      {"secret-service", "Secret Service", {"settings"}, &look_at_secret_service},
      {"kept", "kept secrets", {"settings"}, &look_at_what_is_kept},
      {"host", "host", {}, &look_at_host},
      {"dns", "DNS", {}, &look_at_names},
      {"tcp", "TCP", {"dns"}, &look_at_connecting},
      {"proxy", "proxy", {"dns", "tcp"}, &look_at_proxy},
      {"tls", "TLS", {"dns", "tcp", "proxy"}, &look_at_certificates},
      {"clock", "clock", {"tls"}, &look_at_clock},
      {"sign-in", "sign-in", {"proof", "connection", "tls"}, &look_at_sign_in},
      {"session", "session", {"sign-in"}, &look_at_session},
      {"registry", "registry", {"tls"}, &look_at_challenge},
      {"token", "registry token", {"sign-in", "registry"}, &look_at_token},
      {"repository", "repository", {"sign-in"}, &look_at_repository},
      {"pull", "pull", {"token", "repository"}, &look_at_pulling},
      {"push", "push", {"token", "repository"}, &look_at_pushing},
  };
  return checks;
}

}  // namespace plugin::doctor
