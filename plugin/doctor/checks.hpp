// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/check_context.hpp"
#include "doctor/report.hpp"
#include "snowflake/cached_credentials.hpp"

namespace plugin::doctor {

struct Check {
  const char* id;
  const char* title;
  Group group;
  /// Ids of earlier checks. When one of them failed, or was skipped for such a reason, this one is skipped.
  std::vector<std::string_view> depends_on;
  Finding (*run)(CheckContext&);  ///< throws `base::Error` for a failure
};

/// All checks. A check comes after those that it depends on, and causes before their effects.
const std::vector<Check>& all_checks();

/// What a check finds. A `base::Error` that it throws is a failure, which a login fixes if the error says so.
Finding finding_of(const std::function<Finding()>& check, const CheckContext&);

/// Runs them in their order. A check that takes longer than a second is named at the terminal. Throws
/// `base::Interrupted`.
Report run_checks(const std::vector<Check>&, CheckContext&);

// check_programs.cpp
Finding check_docker(CheckContext&);
Finding check_daemon(CheckContext&);
Finding check_helper(CheckContext&);
Finding check_plugin(CheckContext&);
struct TitledFinding {
  const char* title;
  Finding finding;
};
/// The programs of the next push: Docker, its daemon, and the helper. A missing docker is only a warning,
/// since some users push with another tool. Never throws `base::Error`; the findings hold no secrets.
std::vector<TitledFinding> check_programs(CheckContext&);

// check_connection.cpp
Finding check_settings(CheckContext&);
Finding check_connection_files(CheckContext&);
Finding check_connection(CheckContext&);
/// A warning where commands do not know which connection is meant. Docker does, by the registry's host.
Finding check_default(CheckContext&);
Finding check_connection_keys(CheckContext&);
Finding check_host(CheckContext&);
Finding check_authenticator(CheckContext&);
Finding check_login(CheckContext&);
Finding check_session(CheckContext&);

// check_docker_config.cpp
Finding check_docker_config(CheckContext&);
Finding check_docker_logins(CheckContext&);
Finding check_cred_helpers(CheckContext&);
Finding check_other_helpers(CheckContext&);
Finding check_docker_auth_config(CheckContext&);
Finding check_buildx(CheckContext&);
Finding check_containers(CheckContext&);
/// Whether `auths` holds a login for `host` or for a path below it, in any spelling. An empty entry is only a
/// mark that a helper has the login.
bool has_login(const docker_config::DockerConfig&, const std::string& host);

// check_stores.cpp
Finding check_kernel_keyring(CheckContext&);
Finding check_secret_service(CheckContext&);
Finding check_stored_credentials(CheckContext&);

// check_network.cpp
Finding check_dns(CheckContext&);
Finding check_tcp(CheckContext&);
Finding check_proxy(CheckContext&);
Finding check_tls(CheckContext&);
Finding check_clock(CheckContext&);
/// The next step for an account that does not exist: where its name is set.
std::string how_to_check_account(const config::Connection&);

// check_registry.cpp
Finding check_registry(CheckContext&);
Finding check_token(CheckContext&);
Finding check_repository(CheckContext&);
Finding check_pull(CheckContext&);
Finding check_push(CheckContext&);

// check_node.cpp
Finding check_kubelet(CheckContext&);
Finding check_provider(CheckContext&);
Finding check_provider_program(CheckContext&);
Finding check_provider_token(CheckContext&);

// next_push.cpp

/// Whether the next `docker push` or `docker pull` with one connection would succeed.
struct NextPush {
  std::string host;  ///< of the registry; empty when it is not known
  Finding login;     ///< whether the helper gets a token without the user, by a stored login or a new one
  Finding docker;    ///< whether Docker asks the helper; skipped when it does so with another connection
  std::vector<snowflake::CachedCredential> cached;
  /// When the user must log in, which may be now; absent for a connection that logs in by itself.
  std::optional<base::TimePoint> login_at;

  bool is_used_by_docker() const { return docker.state == State::ok || docker.state == State::warning; }
};

/// Reads files and stores. Where only a cached session makes the push work, `ask_server` asks Snowflake
/// whether it is still open. Never asks the user; never throws `base::Error`. The findings hold no secrets.
NextPush next_push(CheckContext&, bool ask_server);
/// When a login with this connection next needs the user, by what is stored; `now` when it does already.
base::TimePoint login_needed_at(const config::Connection&,
                                const std::vector<snowflake::CachedCredential>& cached, base::TimePoint now);
/// "the stored login lasts 3 hours", when what is stored saves the user a login; by this machine's clock
/// alone.
std::optional<std::string> stored_login(CheckContext&);

/// "registry token: 59 minutes".
std::string lifetime_of(const snowflake::CachedCredential&, base::TimePoint now);
/// "registry token: 59 minutes, in the kernel keyring and the Secret Service".
std::string describe(const snowflake::CachedCredential&, base::TimePoint now);

}  // namespace plugin::doctor
